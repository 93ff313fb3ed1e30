"""YAML of a study folder: read by one door, in which no key may stand twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hbv_standards.errors import ConfigurationError

# The C parser where PyYAML has it: reading the specs is a tenth of a second instead of most of one.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, file: str) -> Any:
    """Content of a YAML file; ``file`` is how messages name it.

    Raises :class:`ConfigurationError` for text that is not UTF-8 or not YAML, and for a key that stands twice in one
    mapping: YAML parsers keep the last one and lose the first without a word. A missing file is left to the caller.
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8"), file)
    except UnicodeDecodeError as error:
        raise ConfigurationError("is not UTF-8; save it as UTF-8", file=file) from error


def parse_yaml(text: str, file: str) -> Any:
    """Content of YAML text, None for an empty one; raises as :func:`read_yaml`."""
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        for first, again in _find_repeated(node, set()):
            raise ConfigurationError(
                f"line {again.start_mark.line + 1}: key {again.value!r} stands here again, after line "
                f"{first.start_mark.line + 1}; keep one of them",
                file=file,
                value=again.value,
            )
        return None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"is not YAML: {' '.join(str(error).split())}", file=file) from error
    finally:
        loader.dispose()


def _find_repeated(
    node: yaml.Node | None, seen: set[int]
) -> Iterator[tuple[yaml.ScalarNode, yaml.ScalarNode]]:
    """Keys that stand in a mapping again, each with the one before; a node behind an alias is looked at once."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _find_repeated(entry, seen)
    elif isinstance(node, yaml.MappingNode):
        known: dict[tuple[str, str], yaml.ScalarNode] = {}
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                first = known.setdefault((key.tag, key.value), key)
                if first is not key:
                    yield first, key
            yield from _find_repeated(value, seen)
