"""Characters that FHIR text cannot hold: control characters and halves of a surrogate pair.

In well-formed JSON they can only hide behind ``\\u`` escapes, so that most resources are cleared by
one look for that prefix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_MAYBE = b"\\u00"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def find_control_character(raw: bytes) -> str | None:
    """Path of the first text that holds a control character, None when none does.

    Raises ``ValueError`` when ``raw`` is not well-formed JSON.
    """
    if _MAYBE not in raw:
        return None
    tree = json.loads(raw, parse_float=str, parse_int=str)
    return next(_walk(tree, ""), None)


def _walk(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, str):
        if _CONTROL.search(node):
            yield path
    elif isinstance(node, dict):
        for name, child in node.items():
            yield from _walk(child, f"{path}.{name}" if path else name)
    elif isinstance(node, list):
        for at, child in enumerate(node):
            yield from _walk(child, f"{path}[{at}]")


def mark_lone_surrogates(raw: bytes) -> bytes:
    """``raw`` with a control character for every half of a surrogate pair, for the search above to find.

    Pairs and everything else stay the bytes that they were.
    """
    if b"\\u" not in raw:
        return raw
    parts: list[bytes] = []
    last = 0
    escapes = list(_ESCAPE.finditer(raw))
    skip = False
    for at, escape in enumerate(escapes):
        code = int(escape[1], 16) if escape[1] else 0
        if skip or not 0xD800 <= code <= 0xDFFF:
            skip = False
            continue
        following = escapes[at + 1] if at + 1 < len(escapes) else None
        low = int(following[1], 16) if following and following[1] else 0
        if code < 0xDC00 <= low <= 0xDFFF and following and following.start() == escape.end():
            skip = True
            continue
        parts += [raw[last : escape.start()], b"\\u0000"]
        last = escape.end()
    return b"".join([*parts, raw[last:]])
