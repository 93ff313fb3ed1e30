"""define.xml against the bytes of the XPT files, as an independent reader sees them, both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from lxml import etree

from .conftest import WrittenStudy

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
DATASETS = ["DM", "LB", "MB", "IS", "GI", "SUPPLB", "TE"]
TEXT_TYPES = {"text": "string", "integer": "double", "float": "double"}


class Described:
    """One dataset of the define.xml, read by XPath alone."""

    def __init__(self, study: WrittenStudy, name: str) -> None:
        self.xml = study.xml
        found = study.xml.find(f".//{ODM}ItemGroupDef[@Name='{name}']")
        assert found is not None
        self.group = found

    def refs(self) -> list[etree._Element]:
        return self.group.findall(f"{ODM}ItemRef")

    def find(self, tag: str, oid: str | None) -> etree._Element:
        (found,) = self.xml.findall(f".//{tag}[@OID='{oid}']")
        return found

    def item(self, ref: etree._Element) -> etree._Element:
        return self.find(f"{ODM}ItemDef", ref.get("ItemOID"))


def read_xpt(study: WrittenStudy, name: str) -> tuple[pd.DataFrame, Any]:
    """Rows and header by ReadStat; empty text is missing."""
    frame, header = pyreadstat.read_xport(str(study.folder / f"{name.lower()}.xpt"), encoding="UTF-8")
    return frame.replace({"": None}), header


@pytest.mark.parametrize("name", DATASETS)
def test_names_labels_types_and_lengths(written_study: WrittenStudy, name: str) -> None:
    described = Described(written_study, name)
    _, header = read_xpt(written_study, name)
    items = [described.item(ref) for ref in described.refs()]
    assert [item.get("Name") for item in items] == header.column_names
    assert [item.findtext(f"{ODM}Description/{ODM}TranslatedText") for item in items] == header.column_labels
    assert described.group.findtext(f"{ODM}Description/{ODM}TranslatedText") == header.file_label
    for item in items:
        variable = item.get("Name", "")
        datatype = item.get("DataType", "")
        assert header.readstat_variable_types[variable] == TEXT_TYPES.get(datatype, "string"), variable
        if datatype == "text":
            assert int(item.get("Length", "0")) == header.variable_storage_width[variable], variable


@pytest.mark.parametrize("name", DATASETS)
def test_keys_are_those_of_the_spec_and_tell_rows_apart(written_study: WrittenStudy, name: str) -> None:
    described = Described(written_study, name)
    frame, _ = read_xpt(written_study, name)
    keyed = sorted((int(r.get("KeySequence", "0")), r) for r in described.refs() if r.get("KeySequence"))
    names = [str(described.item(ref).get("Name")) for _, ref in keyed]
    assert [sequence for sequence, _ in keyed] == list(range(1, len(keyed) + 1))
    spec = written_study.datasets[name].spec
    assert names == [key for key in spec.keys if key in frame]
    assert not frame.duplicated(names).any()


@pytest.mark.parametrize("name", DATASETS)
def test_no_data_and_mandatory(written_study: WrittenStudy, name: str) -> None:
    described = Described(written_study, name)
    frame, _ = read_xpt(written_study, name)
    for ref in described.refs():
        column = frame[str(described.item(ref).get("Name"))]
        assert (ref.get(f"{DEF}HasNoData") == "Yes") == bool(column.isna().all()), column.name
        assert ref.get("Mandatory") == "No" or bool(column.notna().all()), column.name


def list_terms(described: Described, item: etree._Element) -> list[str] | None:
    reference = item.find(f"{ODM}CodeListRef")
    if reference is None:
        return None
    codelist = described.find(f"{ODM}CodeList", reference.get("CodeListOID"))
    assert codelist.get("DataType") == item.get("DataType")
    if codelist.find(f"{ODM}ExternalCodeList") is not None:
        return None
    terms = codelist.iter(f"{ODM}CodeListItem", f"{ODM}EnumeratedItem")
    return [str(term.get("CodedValue")) for term in terms]


def write(value: object) -> str:
    return np.format_float_positional(value, trim="-") if isinstance(value, float) else str(value)


def check_values(described: Described, item: etree._Element, values: pd.Series[Any]) -> None:
    """Every value has the item's type, fits its length and digits, and is one of its terms."""
    texts = [write(value) for value in values.unique()]
    terms, datatype = list_terms(described, item), item.get("DataType")
    if terms is not None:
        assert set(texts) <= set(terms), item.get("OID")
    if datatype in ("integer", "float"):
        assert max(map(len, texts)) == int(item.get("Length", "0")), item.get("OID")
        digits = max(len(text.partition(".")[2]) for text in texts)
        assert digits == int(item.get("SignificantDigits", "0")), item.get("OID")
    elif datatype == "text":
        assert max(len(text.encode()) for text in texts) <= int(item.get("Length", "0")), item.get("OID")
    else:
        assert item.get("Length") is None


@pytest.mark.parametrize("name", DATASETS)
def test_values_of_variables(written_study: WrittenStudy, name: str) -> None:
    described = Described(written_study, name)
    frame, _ = read_xpt(written_study, name)
    for ref in described.refs():
        item = described.item(ref)
        values = frame[str(item.get("Name"))].dropna()
        if len(values):
            check_values(described, item, values)


DESIGN = ("ARM", "ELEMENT", "EPOCH", "ETCD", "VISIT")


@pytest.mark.parametrize("name", DATASETS)
def test_terms_occur_in_the_data_or_the_design(written_study: WrittenStudy, name: str) -> None:
    described = Described(written_study, name)
    frame, _ = read_xpt(written_study, name)
    for ref in described.refs():
        item = described.item(ref)
        variable = str(item.get("Name"))
        terms = list_terms(described, item)
        if terms is not None and not any(part in variable for part in DESIGN):
            assert set(terms) == set(frame[variable].dropna()), variable


def select(described: Described, clause: etree._Element, frame: pd.DataFrame) -> pd.Series[bool]:
    """Rows for which all checks of a where-clause hold."""
    chosen = pd.Series(data=True, index=frame.index)
    for check in clause.iter(f"{ODM}RangeCheck"):
        variable = described.find(f"{ODM}ItemDef", check.get(f"{DEF}ItemOID")).get("Name")
        inside = frame[str(variable)].isin([value.text for value in check.iter(f"{ODM}CheckValue")])
        assert check.get("Comparator") in ("EQ", "IN", "NOTIN")
        chosen &= ~inside if check.get("Comparator") == "NOTIN" else inside
    return chosen


RESULTS = ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU")
BY_VALUE = [*(f"{d}.{d}{end}" for d in ("LB", "MB", "IS", "GI") for end in RESULTS), "SUPPLB.QVAL"]


@pytest.mark.parametrize("place", BY_VALUE)
def test_every_value_has_exactly_one_where_clause(written_study: WrittenStudy, place: str) -> None:
    name, _, variable = place.partition(".")
    described = Described(written_study, name)
    frame, _ = read_xpt(written_study, name)
    parent = described.find(f"{ODM}ItemDef", f"IT.{place}")
    reference = parent.find(f"{DEF}ValueListRef")
    assert reference is not None
    times = pd.Series(0, index=frame.index)
    for ref in described.find(f"{DEF}ValueListDef", reference.get("ValueListOID")):
        (where,) = ref.findall(f"{DEF}WhereClauseRef")
        rows = select(described, described.find(f"{DEF}WhereClauseDef", where.get("WhereClauseOID")), frame)
        times += rows
        values = frame.loc[rows, variable].dropna()
        assert len(values)
        item = described.item(ref)
        check_values(described, item, values)
        if item.get("DataType") == "text":
            assert int(item.get("Length", "0")) == max(len(value.encode()) for value in values)
            assert int(item.get("Length", "0")) <= int(parent.get("Length", "0"))
    assert (times[frame[variable].notna()] == 1).all()
