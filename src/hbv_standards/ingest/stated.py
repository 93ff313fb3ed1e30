"""What a hospital keeps in an unusual place: its FHIRPath entries, evaluated on its resources.

Only hospitals and resource types that declare entries pay for it: fhirpathpy takes some hundred
microseconds a path. Paths are compiled once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.site import SiteConfig

Evaluate = Callable[[dict[str, Any], dict[str, Any]], list[Any]]


class Entry(NamedTuple):
    """A FHIRPath entry of ``site.yaml``."""

    resource: str
    field: str
    path: str


class Stated(NamedTuple):
    """What one entry gave for one resource: a value, or the reason for none."""

    entry: Entry
    value: str | None
    problem: str = ""


class SentNumber(Decimal):
    """A number of JSON that remembers its text."""

    text: str

    def __new__(cls, text: str) -> SentNumber:
        number = super().__new__(cls, text)
        number.text = text
        return number


class _Attempt:
    """Holds what went wrong in its block.

    fhirpathpy reports every fault of a path or its data as a bare ``Exception``; nothing narrower
    can be caught. Keyboard interrupts and the like pass.
    """

    problem = ""

    def __enter__(self) -> _Attempt:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.problem = kind.__name__ if kind is not Exception else "FHIRPath error"
        return True


def read_entries(sites: Mapping[str, SiteConfig]) -> dict[str, tuple[Entry, ...]]:
    """Site → its entries, for sites that have some.

    Raises :class:`ConfigurationError` for a path that is no FHIRPath.
    """
    entries = {
        site: tuple(Entry(s.resource, s.field, s.path) for s in config.fhirpath)
        for site, config in sorted(sites.items())
        if config.fhirpath
    }
    for site, listed in entries.items():
        for at, entry in enumerate(listed):
            if not is_expression(entry):
                raise ConfigurationError(
                    f"fhirpath.{at}.path: {entry.path!r} is not a FHIRPath expression; correct it",
                    file=f"sites/{site}/site.yaml",
                    value=entry.path,
                )
    return entries


def group_entries(
    stated: Mapping[str, Sequence[Entry]], site: str
) -> dict[str, list[tuple[str, tuple[Entry, ...]]]]:
    """Resource type → (site, its entries): of the site, or of every site while it is unknown."""
    grouped: dict[str, list[tuple[str, tuple[Entry, ...]]]] = {}
    for name, entries in stated.items():
        if site not in ("", name):
            continue
        for kind in sorted({entry.resource for entry in entries}):
            wanted = tuple(entry for entry in entries if entry.resource == kind)
            grouped.setdefault(kind, []).append((name, wanted))
    return grouped


def is_expression(entry: Entry) -> bool:
    """Whether the path can be parsed to its end and evaluated on a resource that holds nothing.

    fhirpathpy itself takes what it can of a faulty path and ignores the rest.
    """
    from antlr4 import CommonTokenStream, InputStream  # type: ignore[import-untyped]  # no stubs, no py.typed
    from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
    from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

    lexer = FHIRPathLexer(InputStream(entry.path))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for part in (lexer, parser):
        part.removeErrorListeners()
    attempt = _Attempt()
    with attempt:
        parser.entireExpression()  # type: ignore[no-untyped-call]  # generated code
    evaluate = compile_path(entry.path, "R4")
    if attempt.problem or parser.getNumberOfSyntaxErrors() or evaluate is None:
        return False
    with attempt:
        evaluate({"resourceType": entry.resource}, {})
    return not attempt.problem


@lru_cache(maxsize=1024)
def compile_path(path: str, version: str) -> Evaluate | None:
    """The compiled path, None when it cannot be parsed. ``version`` tells the types of value[x]."""
    from fhirpathpy import compile as compile_fhirpath
    from fhirpathpy.models import models

    with _Attempt():
        compiled: Evaluate = compile_fhirpath(path, models["r5" if version == "R5" else "r4"])
        return compiled
    return None


_STEP = r"(?:\.[A-Za-z]\w*|\.where\([A-Za-z.]+\s*=\s*'[^'\\]*'\)|\.extension\('[^'\\]*'\)|\.first\(\))"
_PLAIN_PATH = re.compile(rf"[A-Za-z]\w*(?:{_STEP})*")
_LITERAL = re.compile(r"'([^']*)'")


@lru_cache(maxsize=1024)
def read_literals(path: str) -> tuple[bytes, ...]:
    """Texts without which a resource cannot hold what a plain path leads to.

    Plain is a path that only walks, by names and by ``where(name = 'text')``; for any other none is known.
    """
    if not _PLAIN_PATH.fullmatch(path):
        return ()
    return tuple(text.encode() for text in _LITERAL.findall(path))


def can_hold(raw: bytes, entry: Entry) -> bool:
    """Whether the path can find anything: a look at the bytes is far faster than the evaluation."""
    return b"\\" in raw or all(text in raw for text in read_literals(entry.path))


def evaluate_entries(raw: bytes, entries: Sequence[Entry], version: str) -> Iterator[Stated]:
    """What the entries give for one resource. An entry that finds nothing gives nothing."""
    entries = [entry for entry in entries if can_hold(raw, entry)]
    if not entries:
        return
    reading = _Attempt()
    with reading:
        resource = json.loads(raw, parse_float=SentNumber, parse_int=SentNumber)
    for entry in entries:
        evaluate = compile_path(entry.path, version)
        if reading.problem or evaluate is None:
            yield Stated(entry, None, "the resource or the path cannot be read")
            continue
        attempt = _Attempt()
        found: list[Any] = []
        with attempt:
            found = evaluate(resource, {})
        if attempt.problem:
            yield Stated(entry, None, f"could not be evaluated ({attempt.problem})")
        elif found:
            value = read_text(found[0])
            yield Stated(
                entry, value, "" if value is not None else "leads to an element that is not one text"
            )


def read_text(value: Any) -> str | None:
    """A primitive as text, with the digits of a number as sent; None for an element with parts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, SentNumber):
        return value.text
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | Decimal) else None
