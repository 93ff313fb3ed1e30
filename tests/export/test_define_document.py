"""define.xml itself: valid against the published schema, every reference resolves, nothing is orphaned."""

from __future__ import annotations

from collections import Counter
from importlib.resources import as_file, files

import pytest
from lxml import etree

from .conftest import WrittenStudy

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"

DEFINITIONS = {
    f"{ODM}ItemGroupDef": (), f"{ODM}ItemDef": ("ItemOID",), f"{ODM}CodeList": ("CodeListOID",),
    f"{ODM}MethodDef": ("MethodOID",), f"{DEF}CommentDef": ("CommentOID",),
    f"{DEF}ValueListDef": ("ValueListOID",), f"{DEF}WhereClauseDef": ("WhereClauseOID",),
    f"{DEF}Standard": ("StandardOID",),
}  # fmt: skip
"""Elements with an OID, and the attributes that refer to them."""

UNREFERENCED = {f"{ODM}ItemGroupDef", f"{DEF}Standard"}
"""Definitions that stand by themselves: datasets, and the terminology of Define-XML."""


def read_references(xml: etree._ElementTree) -> Counter[tuple[str, str]]:
    """(name of the attribute without namespace, value) of every reference."""
    attributes = (
        (etree.QName(name).localname, str(value))
        for element in xml.iter(etree.Element)
        for name, value in element.attrib.items()
    )
    return Counter(
        (name, value) for name, value in attributes if name.endswith("OID") and name not in ("OID", "FileOID")
    )


def test_valid_against_the_published_schema(written_study: WrittenStudy) -> None:
    with as_file(files("odmlib").joinpath("schemas")) as schemas:
        schema = etree.XMLSchema(etree.parse(str(schemas / "define" / "2.1" / "define2-1-0.xsd")))
    schema.assertValid(written_study.xml)


@pytest.mark.parametrize("tag", DEFINITIONS, ids=lambda tag: etree.QName(tag).localname)
def test_oids_are_unique_and_referred_to(written_study: WrittenStudy, tag: str) -> None:
    oids = [element.get("OID", "") for element in written_study.xml.iter(tag)]
    assert oids
    assert len(set(oids)) == len(oids)
    referred = {value for name, value in read_references(written_study.xml) if name in DEFINITIONS[tag]}
    assert referred <= set(oids)
    if tag not in UNREFERENCED:
        assert referred == set(oids)


def test_every_reference_is_to_a_known_kind(written_study: WrittenStudy) -> None:
    known = {name for names in DEFINITIONS.values() for name in names}
    assert {name for name, _ in read_references(written_study.xml)} == known


def test_documents_and_files_resolve(written_study: WrittenStudy) -> None:
    leaves = {leaf.get("ID"): leaf for leaf in written_study.xml.iter(f"{DEF}leaf")}
    referred = {e.get("leafID") for e in written_study.xml.iter(f"{DEF}DocumentRef")}
    referred |= {e.get(f"{DEF}ArchiveLocationID") for e in written_study.xml.iter(f"{ODM}ItemGroupDef")}
    assert referred == set(leaves)
    places = {leaf.get("{http://www.w3.org/1999/xlink}href", "") for leaf in leaves.values()}
    assert places == {path.name for path in written_study.folder.glob("*.xpt")} | {"csdrg.html"}


def test_ids_of_definitions_are_unique_over_the_document(written_study: WrittenStudy) -> None:
    oids = [oid for element in written_study.xml.iter(etree.Element) if (oid := element.get("OID"))]
    assert [oid for oid, count in Counter(oids).items() if count > 1] == []


def test_names_of_codelists_and_methods_are_unique(written_study: WrittenStudy) -> None:
    for tag in (f"{ODM}CodeList", f"{ODM}MethodDef"):
        names = [element.get("Name") for element in written_study.xml.iter(tag)]
        assert len(set(names)) == len(names)


def test_every_derived_variable_has_a_method(written_study: WrittenStudy) -> None:
    derived = {
        item.get("OID")
        for item in written_study.xml.iter(f"{ODM}ItemDef")
        if [origin.get("Type") for origin in item.iter(f"{DEF}Origin")] == ["Derived"]
    }
    assert len(derived) > 20
    refs = written_study.xml.iter(f"{ODM}ItemRef")
    assert derived & {ref.get("ItemOID") for ref in refs if ref.get("MethodOID") is None} == set()


def test_every_item_has_one_origin_with_a_source(written_study: WrittenStudy) -> None:
    for item in written_study.xml.iter(f"{ODM}ItemDef"):
        origins = item.findall(f"{DEF}Origin")
        assert [origin.get("Source") is not None for origin in origins] == [True], item.get("OID")


def test_standards(written_study: WrittenStudy) -> None:
    names = ("Name", "Type", "PublishingSet", "Version")
    standards = written_study.xml.iter(f"{DEF}Standard")
    assert [tuple(map(standard.get, names)) for standard in standards] == [
        ("SDTMIG", "IG", None, "3.4"), ("CDISC/NCI", "CT", "SDTM", "2025-03-28"),
        ("CDISC/NCI", "CT", "DEFINE-XML", "2025-03-28"),
    ]  # fmt: skip


DATASETS = {
    # name: (domain, class, repeating, reference data, standard)
    "TE": ("TE", "TRIAL DESIGN", "No", "Yes", "STD.SDTMIG"),
    "DM": ("DM", "SPECIAL PURPOSE", "No", "No", "STD.SDTMIG"),
    "LB": ("LB", "FINDINGS", "Yes", "No", "STD.SDTMIG"),
    "GI": ("GI", "FINDINGS", "Yes", "No", None),
    "SUPPLB": ("LB", "RELATIONSHIP", "Yes", "No", "STD.SDTMIG"),
}


@pytest.mark.parametrize("name", DATASETS)
def test_datasets(written_study: WrittenStudy, name: str) -> None:
    group = written_study.xml.find(f".//{ODM}ItemGroupDef[@Name='{name}']")
    assert group is not None
    cls = group.find(f"{DEF}Class")
    assert cls is not None
    standard = group.get(f"{DEF}StandardOID")
    assert (
        group.get("Domain"), cls.get("Name"), group.get("Repeating"), group.get("IsReferenceData"), standard
    ) == DATASETS[name]  # fmt: skip
    assert group.get(f"{DEF}IsNonStandard") == (None if standard else "Yes")


def test_a_supplemental_dataset_tells_its_parent(written_study: WrittenStudy) -> None:
    alias = written_study.xml.find(f".//{ODM}ItemGroupDef[@Name='SUPPLB']/{ODM}Alias")
    assert alias is not None
    assert (alias.get("Context"), alias.get("Name")) == ("DomainDescription", "Laboratory Test Results")


def test_an_empty_dataset_is_not_described(written_study: WrittenStudy) -> None:
    assert "CM" in written_study.datasets
    assert written_study.xml.find(f".//{ODM}ItemGroupDef[@Name='CM']") is None


ITEMS = {
    # OID: (data type, length, digits, codelist)
    "IT.DM.AGE": ("integer", "3", None, None),
    "IT.DM.RFICDTC": ("partialDate", None, None, None),
    "IT.DM.COUNTRY": ("text", "3", None, "CL.ISO_3166"),
    "IT.DM.ACTARMCD": ("text", "20", None, "CL.ARMCD.NACONT-PEGIFN"),
    "IT.LB.LBDTC": ("partialDatetime", None, None, None),
    "IT.LB.LBSTRESN": ("float", "4", "2", None),
    "IT.LB.LBSTRESC": ("text", "8", None, None),
    "IT.LB.LBLOINC": ("text", "6", None, "CL.LOINC"),
    "IT.LB.LBLOBXFL": ("text", "1", None, "CL.NY.Y"),
    "IT.LB.LBORRES.GLUC.PLASMA-SERUM": ("float", "4", "2", None),
    "IT.LB.LBORRES.ALT": ("text", "5", None, None),
    "IT.LB.LBORRESU.ALT": ("text", "4", None, "CL.UNIT.IU_L-U_L"),
    "IT.MB.MBORRES.HBSAG.DETECTION": ("text", "6", None, None),
    "IT.MB.MBSTRESC.HBSAG.DETECTION": ("text", "8", None, "CL.MBSTRESC.NEGATIVE-POSITIVE"),
    "IT.MB.MBSTRESC.HBSAG.QUANTIFICATION": ("float", "6", "1", None),
    "IT.SUPPLB.QVAL.LBNOTE": ("text", "12", None, None),
    "IT.SUPPLB.QVAL.LBDILU": ("integer", "2", None, None),
    "IT.TE.TEDUR": ("durationDatetime", None, None, None),
}


@pytest.mark.parametrize("oid", ITEMS)
def test_items(written_study: WrittenStudy, oid: str) -> None:
    item = written_study.xml.find(f".//{ODM}ItemDef[@OID='{oid}']")
    assert item is not None
    reference = item.find(f"{ODM}CodeListRef")
    assert (
        item.get("DataType"), item.get("Length"), item.get("SignificantDigits"),
        None if reference is None else reference.get("CodeListOID"),
    ) == ITEMS[oid]  # fmt: skip


def test_origin_of_a_supplemental_qualifier_is_what_qorig_says(written_study: WrittenStudy) -> None:
    expected = {"LBNOTE": ("Collected", "Vendor"), "LBDILU": ("Assigned", "Sponsor")}
    for qnam, stated in expected.items():
        (origin,) = written_study.xml.findall(f".//{ODM}ItemDef[@OID='IT.SUPPLB.QVAL.{qnam}']/{DEF}Origin")
        assert (origin.get("Type"), origin.get("Source")) == stated


def test_terms_of_the_sponsor_are_marked_as_extensions(written_study: WrittenStudy) -> None:
    extended = {
        (term.getparent().get("Name", "").split(" (")[0], term.get("CodedValue"))
        for term in written_study.xml.iter(f"{ODM}CodeListItem", f"{ODM}EnumeratedItem")
        if term.get(f"{DEF}ExtendedValue") == "Yes" and term.getparent() is not None
    }
    assert ("Unit", "dB/m") in extended
    assert ("Laboratory Test Code", "MYTEST") in extended
    assert all(name != "Sex" for name, _ in extended)
