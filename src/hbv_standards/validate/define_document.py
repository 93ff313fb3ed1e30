"""Define-XML 2.0 or 2.1 as far as data can be compared with it; elements are found by local name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lxml import etree

# Attribute that refers to an OID or ID -> elements that define such.
_REFERENCES: Mapping[tuple[str, str], str] = {
    ("ItemRef", "ItemOID"): "ItemDef",
    ("ItemRef", "MethodOID"): "MethodDef",
    ("CodeListRef", "CodeListOID"): "CodeList",
    ("ValueListRef", "ValueListOID"): "ValueListDef",
    ("WhereClauseRef", "WhereClauseOID"): "WhereClauseDef",
    ("RangeCheck", "ItemOID"): "ItemDef",
    ("DocumentRef", "leafID"): "leaf",
}
_REFERENCES_ANYWHERE: Mapping[str, str] = {
    "CommentOID": "CommentDef",
    "StandardOID": "Standard",
    "ArchiveLocationID": "leaf",
}
_DEFINITIONS = frozenset({*_REFERENCES.values(), *_REFERENCES_ANYWHERE.values(), "ItemGroupDef"})


@dataclass(frozen=True, slots=True)
class DefineCodelist:
    """Terms of a codelist; ``extended`` are those of the sponsor; an ``external`` one has no terms here."""

    oid: str
    terms: frozenset[str]
    extended: frozenset[str]
    external: bool


@dataclass(frozen=True, slots=True)
class DefineVariable:
    """A variable of a dataset as Define-XML describes it; ``key`` is its place in the key, 0 for none."""

    name: str
    label: str
    data_type: str
    length: int | None
    mandatory: bool
    key: int
    codelist: DefineCodelist | None


@dataclass(frozen=True, slots=True)
class DefineDataset:
    """A dataset as Define-XML describes it; ``href`` is the file that its leaf names."""

    name: str
    label: str
    href: str
    has_no_data: bool
    variables: tuple[DefineVariable, ...]

    def variable(self, name: str) -> DefineVariable | None:
        """The variable of this name."""
        return next((variable for variable in self.variables if variable.name == name), None)


class BrokenReference(NamedTuple):
    """An OID that is not defined, or defined twice, and what is wrong with it."""

    oid: str
    told: str


@dataclass(frozen=True, slots=True)
class DefineDocument:
    """The document: its datasets, the references that lead nowhere, and why it could not be read, if so."""

    path: Path
    datasets: Mapping[str, DefineDataset] = field(default_factory=dict)
    broken: tuple[BrokenReference, ...] = ()
    problem: str = ""

    def codelist(self, dataset: str, variable: str) -> DefineCodelist | None:
        """The codelist of a variable."""
        described = self.datasets.get(dataset)
        found = described.variable(variable) if described is not None else None
        return found.codelist if found is not None else None


def read_define(path: Path) -> DefineDocument:
    """Read a Define-XML; one that is no XML or no Define-XML has ``problem`` filled and nothing else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except (etree.XMLSyntaxError, OSError, ValueError) as error:
        return DefineDocument(path, problem=f"it is not well-formed XML: {error}")
    version = next((each for each in root.iter() if _name(each) == "MetaDataVersion"), None)
    if version is None:
        return DefineDocument(path, problem="it has no MetaDataVersion, so it is no Define-XML")
    defined = _read_definitions(version)
    datasets = [_read_dataset(each, defined) for each in version if _name(each) == "ItemGroupDef"]
    return DefineDocument(path, {each.name: each for each in datasets}, tuple(_find_broken(version)))


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}


def _oid(element: etree._Element) -> str:
    attributes = _attributes(element)
    return attributes.get("ID" if _name(element) == "leaf" else "OID", "")


def _read_definitions(version: etree._Element) -> dict[tuple[str, str], etree._Element]:
    return {(_name(each), _oid(each)): each for each in version.iter() if _name(each) in _DEFINITIONS}


def _find_broken(version: etree._Element) -> Iterator[BrokenReference]:
    """What refers to a definition that is not there, and OIDs that are defined twice."""
    seen: set[tuple[str, str]] = set()
    for each in version.iter():
        if _name(each) in _DEFINITIONS:
            known = (_name(each), _oid(each))
            if known in seen:
                yield BrokenReference(known[1], f"{known[0]} {known[1]} is defined more than once")
            seen.add(known)
    told: set[BrokenReference] = set()
    for each in version.iter():
        for attribute, value in _attributes(each).items():
            target = _REFERENCES.get((_name(each), attribute)) or _REFERENCES_ANYWHERE.get(attribute)
            if target is None or (target, value) in seen:
                continue
            broken = BrokenReference(value, f"{_name(each)} refers to {target} {value}, which is not defined")
            if broken not in told:
                told.add(broken)
                yield broken


def _read_dataset(group: etree._Element, defined: Mapping[tuple[str, str], etree._Element]) -> DefineDataset:
    attributes = _attributes(group)
    references = [each for each in group if _name(each) == "ItemRef"]
    ordered = sorted(references, key=lambda each: _read_count(_attributes(each).get("OrderNumber")) or 0)
    found = (
        (_attributes(each), defined.get(("ItemDef", _attributes(each).get("ItemOID", ""))))
        for each in ordered
    )
    variables = tuple(_read_variable(stated, item, defined) for stated, item in found if item is not None)
    leaf = defined.get(("leaf", attributes.get("ArchiveLocationID", "")))
    return DefineDataset(
        name=attributes.get("Name", ""),
        label=_read_description(group),
        href=_attributes(leaf).get("href", "") if leaf is not None else "",
        has_no_data=attributes.get("HasNoData") == "Yes",
        variables=variables,
    )


def _read_variable(
    stated: Mapping[str, str], item: etree._Element, defined: Mapping[tuple[str, str], etree._Element]
) -> DefineVariable:
    attributes = _attributes(item)
    reference = next((_attributes(each) for each in item if _name(each) == "CodeListRef"), {})
    codelist = defined.get(("CodeList", reference.get("CodeListOID", "")))
    return DefineVariable(
        name=attributes.get("Name", ""),
        label=_read_description(item),
        data_type=attributes.get("DataType", ""),
        length=_read_count(attributes.get("Length")),
        mandatory=stated.get("Mandatory") == "Yes",
        key=_read_count(stated.get("KeySequence")) or 0,
        codelist=_read_codelist(codelist) if codelist is not None else None,
    )


def _read_codelist(codelist: etree._Element) -> DefineCodelist:
    items = [_attributes(each) for each in codelist if _name(each) in ("CodeListItem", "EnumeratedItem")]
    terms = frozenset(each.get("CodedValue", "") for each in items)
    extended = frozenset(each.get("CodedValue", "") for each in items if each.get("ExtendedValue") == "Yes")
    external = any(_name(each) == "ExternalCodeList" for each in codelist)
    return DefineCodelist(_oid(codelist), terms, extended, external)


def _read_description(element: etree._Element) -> str:
    described = next((each for each in element if _name(each) == "Description"), None)
    if described is None:
        return ""
    texts = (each for each in described if _name(each) == "TranslatedText")
    first = next(texts, None)
    return " ".join((first.text or "").split()) if first is not None else ""


def _read_count(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
