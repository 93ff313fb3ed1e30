"""The shape of every element that is read, from the structs that decode it: its parts, list or not, its kind.

What XML does not say (a list, a number, a boolean) and which elements are read at all both follow from
the structs, so that neither can go stale.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Raw, Struct, UnsetType

from hbv_standards.ingest.elements import CodeableConcept, Coding, Holds


class Shape(NamedTuple):
    """What an element is in JSON: its struct if it has one, and whether it is a list, number or boolean.

    ``others`` are the structs that it has in another version of FHIR; ``repeats`` is true of what stays raw
    JSON because the same content comes again and again.
    """

    struct: type[Struct] | None = None
    listed: bool = False
    scalar: str = "string"
    others: tuple[type[Struct], ...] = ()
    repeats: bool = False

    @property
    def structs(self) -> tuple[type[Struct], ...]:
        """All structs that the element can have."""
        return (*(() if self.struct is None else (self.struct,)), *self.others)


@cache
def read_shapes(struct: type[Struct]) -> dict[str, Shape]:
    """FHIR element → shape, from the fields of a struct."""
    hints = get_type_hints(struct, include_extras=True)
    return {
        field.encode_name: _read_shape(hints[field.name])
        for field in msgspec.structs.fields(struct)
        if field.encode_name != "-"
    }


def _read_shape(hint: Any) -> Shape:
    if get_origin(hint) is Annotated:
        base, *notes = get_args(hint)
        held = next((note for note in notes if isinstance(note, Holds)), None)
        return _read_held(held) if held is not None else _read_shape(base)
    if get_origin(hint) in (Union, UnionType):
        return _read_shape(next(a for a in get_args(hint) if a is not UnsetType))
    if get_origin(hint) is list:
        return _read_shape(get_args(hint)[0])._replace(listed=True)
    if hint is bool:
        return Shape(scalar="boolean")
    if isinstance(hint, type) and issubclass(hint, Struct):
        return Shape(hint, scalar="object")
    return Shape(scalar="object") if hint is Raw else Shape()


def _read_held(held: Holds) -> Shape:
    if held.kind == "number":
        return Shape(scalar="number")
    if held.kind == "resources":
        return Shape(listed=True, scalar="resource")
    if held.kind == "extensions":
        return Shape(listed=True, scalar="object")
    if held.kind == "sign":
        return Shape(scalar="sign")
    if held.kind == "class":
        return Shape(scalar="class", others=(Coding, CodeableConcept), repeats=True)
    return _read_shape(held.kind)._replace(others=held.others, repeats=True)
