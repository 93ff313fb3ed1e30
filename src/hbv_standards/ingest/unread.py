"""Elements of a resource that nothing reads, by path: a struct decodes what it names and skips the rest.

What is read follows from the structs (:mod:`.shapes`), what needs no word is in :mod:`.passed_over`. A path
is FHIRPath without indices: ``Condition.bodySite``, ``Patient.extension('http://x')``,
``Observation.contained.ofType(Specimen).collection.method``. It never holds a value: names that cannot be
FHIR's and addresses that could hold a person's number are left out of it.

Most resources of a hospital look alike, so little is done twice: what to look at is planned once per set of
element names, and what repeats in the same words (:mod:`.fragments`) is looked at once per content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, Protocol, TypeAlias

import msgspec
from msgspec import Raw, Struct

from hbv_standards.ingest.elements import ABSENT, Contained
from hbv_standards.ingest.faults import LEFT_OUT
from hbv_standards.ingest.passed_over import ALL, list_passed_over
from hbv_standards.ingest.resource_types import RESOURCE_TYPES
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.ingest.shapes import Shape, read_shapes
from hbv_standards.ingest.text_faults import mark_lone_surrogates

Paths: TypeAlias = tuple[str, ...]

_REMEMBERED = 20_000  # contents of one kind of element, or sets of names; forgotten all at once beyond
_EMPTY = frozenset({b"", b"null", b'""', b"[]", b"{}"})
_NAME = re.compile(r"[a-z][A-Za-z]{0,60}(?:Base64Binary)?")
_NAMELESS = "?"
_URL = re.compile(r"(?!.*\d{8})[A-Za-z][A-Za-z0-9+.-]*:[\w./:#~-]{1,200}|[A-Za-z][A-Za-z.-]{0,60}", re.ASCII)

_decode_object = msgspec.json.Decoder(dict[str, Raw]).decode
_decode_list = msgspec.json.Decoder(list[Raw]).decode
_decode_contained = msgspec.json.Decoder(Contained).decode


def find_unread(resource_type: str, raw: bytes) -> Paths:
    """Paths of a decoded resource that hold something and that nothing reads, each once."""
    node = _build_resource_node(resource_type, contained=False)
    try:
        found = node.look(raw)
    except msgspec.DecodeError:
        found = _look_again(node, raw)
    except RecursionError:
        found = (_NAMELESS,)
    return tuple(f"{resource_type}.{path}" for path in found) if found else ()


def _look_again(node: Node, raw: bytes) -> Paths:
    """A name with half a character in it stops the decoder."""
    try:
        return node.look(mark_lone_surrogates(raw))
    except (msgspec.DecodeError, RecursionError):
        return (_NAMELESS,)


class Node(Protocol):
    """An element that is read: it finds the parts of its content that are not."""

    seen: dict[bytes, Paths] | None  # contents that were looked at, where they repeat

    def look(self, content: bytes) -> Paths:
        """Paths below the element, each once."""


class _Below(NamedTuple):
    """A part that has to be looked into: the JSON name, how paths name it, and what finds."""

    name: str
    path: str
    node: Node
    seen: dict[bytes, Paths] | None


class _Plan(NamedTuple):
    """What to do with an element that has a certain set of names."""

    unread: tuple[tuple[str, str], ...]  # JSON name, path
    below: tuple[_Below, ...]


class Parts:
    """An object, or a list of them, whose parts structs read."""

    def __init__(self, shapes: dict[str, Shape], passed: frozenset[str], *, repeats: bool) -> None:
        self._shapes = shapes
        self._passed = passed
        self._plans: dict[Paths, _Plan] = {}
        self.seen: dict[bytes, Paths] | None = {} if repeats else None

    def look(self, content: bytes) -> Paths:
        """Paths of what is not read."""
        if content[:1] == b"[":
            return _merge(self.look(bytes(item)) for item in _decode_list(content))
        if content[:1] != b"{" or content == LEFT_OUT:
            return ()
        fields = _decode_object(content)
        names = tuple(fields)
        plan = self._plans.get(names) or self._remember_plan(names)
        found = (
            [path for name, path in plan.unread if bytes(fields[name]) not in _EMPTY] if plan.unread else []
        )
        for name, path, node, seen in plan.below:
            part = bytes(fields[name])
            inside = None if seen is None else seen.get(part)
            if inside is None:
                inside = _look_anew(node, part, seen)
            if inside:
                found += [f"{path}{below}" for below in inside]
        return tuple(dict.fromkeys(found)) if found else ()

    def _remember_plan(self, names: Paths) -> _Plan:
        if len(self._plans) >= _REMEMBERED:
            self._plans.clear()
        plan = self._plans[names] = self._build_plan(names)
        return plan

    def _build_plan(self, names: Paths) -> _Plan:
        unread: list[tuple[str, str]] = []
        below: list[_Below] = []
        for name in names:
            element = name.removeprefix("_")
            if element in self._passed or ALL in self._passed:
                continue
            node = self._find_node(name, element)
            if node is None:
                unread.append((name, element if _NAME.fullmatch(element) else _NAMELESS))
            elif node is not _NOTHING:
                path = "" if isinstance(node, Extensions) else f"{element}."
                below.append(_Below(name, path, node, node.seen))
        return _Plan(tuple(unread), tuple(below))

    def _find_node(self, name: str, element: str) -> Node | None:
        """What looks into an element; None where it is not read."""
        shape = self._shapes.get(element)
        if shape is None or shape.scalar == "sign":
            return Extensions(element) if name in ("extension", "modifierExtension") else None
        if name != element:
            return _build_node((), repeats=False)  # what JSON keeps beside a primitive
        if shape.scalar == "resource":
            return _CONTAINED
        return _build_node(shape.structs, repeats=shape.repeats) if shape.structs else _NOTHING


class _Address(Struct):
    url: Raw = ABSENT


_decode_addresses = msgspec.json.Decoder(list[_Address]).decode


class Extensions:
    """Extensions, which nothing reads but a hospital's FHIRPath: each is told by its address."""

    seen: dict[bytes, Paths] | None = None

    def __init__(self, name: str) -> None:
        self._name = name

    def look(self, content: bytes) -> Paths:
        """``extension('http://x')`` of each; the name alone where the address is none or could be a person's."""
        try:
            sent = _decode_addresses(content)
        except msgspec.ValidationError:
            return () if content in _EMPTY else (self._name,)
        return _merge((self._name_one(bytes(one.url)),) for one in sent)

    def _name_one(self, url: bytes) -> str:
        text = url.decode("ascii", "replace").strip('"')
        if not _URL.fullmatch(text):
            return self._name
        return f"extension('{text}')" if self._name == "extension" else f"{self._name}.where(url = '{text}')"


class _ContainedResources:
    """contained[]: resources of the types that are decoded, and others."""

    seen: dict[bytes, Paths] | None = None

    def look(self, content: bytes) -> Paths:
        """``ofType(Specimen).collection.method``; of a type that is not decoded the type alone."""
        return _merge(self._look_into(bytes(item)) for item in _decode_list(content))

    def _look_into(self, content: bytes) -> Paths:
        if content in _EMPTY or content == LEFT_OUT:
            return ()
        kind = _decode_contained(content).resource_type
        if kind in list_passed_over(["contained"]):
            return ()
        if kind not in KINDS:
            return (f"ofType({kind})" if kind in RESOURCE_TYPES else _NAMELESS,)
        return tuple(
            f"ofType({kind}).{path}" for path in _build_resource_node(kind, contained=True).look(content)
        )


_NOTHING: Node = Parts({}, frozenset({ALL}), repeats=False)  # a primitive: there is nothing to look into
_CONTAINED: Node = _ContainedResources()


def _look_anew(node: Node, content: bytes, seen: dict[bytes, Paths] | None) -> Paths:
    found = node.look(content)
    if seen is not None:
        if len(seen) >= _REMEMBERED:
            seen.clear()
        seen[content] = found
    return found


def _merge(found: Iterable[Paths]) -> Paths:
    return tuple(dict.fromkeys(path for paths in found for path in paths))


@cache
def _build_resource_node(resource_type: str, *, contained: bool) -> Parts:
    """A resource. One that is contained holds no other, and nobody is told of its modifierExtension."""
    struct: type[Struct] = KINDS[resource_type].struct
    shapes = read_shapes(struct)
    if contained:
        shapes = {
            name: shape for name, shape in shapes.items() if name not in ("contained", "modifierExtension")
        }
    return Parts(shapes, list_passed_over(["Element", "Resource", resource_type]), repeats=False)


@cache
def _build_node(structs: tuple[type[Struct], ...], *, repeats: bool) -> Parts:
    """An element below a resource, of any of the structs; of none, what JSON keeps beside a primitive."""
    shapes = {name: shape for struct in structs for name, shape in read_shapes(struct).items()}
    types = {base.__name__ for struct in structs for base in struct.__mro__}
    return Parts(shapes, list_passed_over(["Element", *types]), repeats=repeats)
