"""What a Define-XML document says, before it is XML.

The parts are those of Define-XML 2.1; references between them are OIDs. Everything is in the order
of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Comparator = Literal["EQ", "IN", "NOTIN"]
Context = Literal["Submission", "Other"]

LENGTH_TYPES = ("text", "integer", "float")
"""Data types of which Define-XML wants a length."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Data type, length and digits behind the decimal point of the values of an item.

    ``length`` is the XPT's in bytes for a text variable, else the longest value's; None for types
    that have none (dates).
    """

    datatype: str
    length: int | None = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard that datasets or codelists follow; ``publishing_set`` for terminology only."""

    oid: str
    name: str
    type: Literal["IG", "CT"]
    version: str
    publishing_set: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the values of an item come from."""

    type: str
    source: str | None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A variable, or the part of a variable that a where-clause selects (ItemDef)."""

    oid: str
    name: str
    label: str
    shape: Shape
    origin: Origin | None
    codelist: str | None = None
    value_list: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class ItemRef:
    """An item in its place in a dataset or value list; ``key`` is its rank among the keys."""

    item: str
    order: int
    mandatory: bool
    key: int | None = None
    method: str | None = None
    role: str | None = None
    empty: bool = False
    where: str | None = None


@dataclass(frozen=True, slots=True)
class RangeCheck:
    """A condition on one variable; ``NOTIN`` also holds where the variable is missing."""

    item: str
    comparator: Comparator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhereClause:
    """Conditions that all hold for the rows that a value-level item describes."""

    oid: str
    checks: tuple[RangeCheck, ...]


@dataclass(frozen=True, slots=True)
class ValueList:
    """The value-level items of one variable."""

    oid: str
    refs: tuple[ItemRef, ...]


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """A dataset. ``parent`` is the label of the domain that a supplemental one, or a part, belongs to."""

    oid: str
    name: str
    domain: str
    label: str
    cls: str
    structure: str
    standard: str | None
    repeating: bool
    reference: bool
    file: str
    refs: tuple[ItemRef, ...]
    parent: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class CodeTerm:
    """A permitted value. ``code`` is its NCI C-code, ``extended`` marks a term of the sponsor's own."""

    value: str
    decode: str | None = None
    code: str | None = None
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Dictionary:
    """An external dictionary; without ``version`` where the study does not state it."""

    name: str
    version: str | None


@dataclass(frozen=True, slots=True)
class CodeList:
    """Permitted values, or the dictionary that has them.

    ``standard`` is the OID of the terminology; None for a list of the sponsor's own and for a dictionary.
    """

    oid: str
    name: str
    datatype: str
    standard: str | None = None
    code: str | None = None
    terms: tuple[CodeTerm, ...] = ()
    dictionary: Dictionary | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """How derived values are computed, in words."""

    oid: str
    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark that items or datasets refer to."""

    oid: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes with the submission, such as the reviewer's guide; ``href`` is relative."""

    id: str
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Define:
    """The whole document, in English; ``translations`` has the Chinese of its texts where the build is Chinese."""

    file_oid: str
    study_oid: str
    study: str
    description: str
    protocol: str
    version_oid: str
    created: str
    context: Context
    standards: tuple[Standard, ...]
    documents: tuple[Document, ...]
    value_lists: tuple[ValueList, ...]
    where_clauses: tuple[WhereClause, ...]
    groups: tuple[ItemGroup, ...]
    items: tuple[Item, ...]
    codelists: tuple[CodeList, ...]
    methods: tuple[Method, ...]
    comments: tuple[Comment, ...]
    translations: Mapping[str, str] = field(default_factory=dict)

    def items_by_oid(self) -> dict[str, Item]:
        """Every item by its OID."""
        return {item.oid: item for item in self.items}

    def find_group(self, dataset: str) -> ItemGroup:
        """The description of a dataset; ``KeyError`` when the document has none."""
        for group in self.groups:
            if group.name == dataset:
                return group
        raise KeyError(dataset)
