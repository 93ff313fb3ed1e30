"""Define-XML as the rules read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.validate.define_document import DefineDocument, read_define

DOCUMENT = """<?xml version="1.0"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1"
     xmlns:xlink="http://www.w3.org/1999/xlink">
 <Study OID="S"><MetaDataVersion OID="M" Name="M">
  <ItemGroupDef OID="IG.LB" Name="LB" def:ArchiveLocationID="LF.LB" def:CommentOID="COM.1">
   <Description><TranslatedText xml:lang="en">Laboratory
     Test Results</TranslatedText></Description>
   <ItemRef ItemOID="IT.LBTESTCD" OrderNumber="2" Mandatory="Yes" KeySequence="2" MethodOID="MT.1"/>
   <ItemRef ItemOID="IT.USUBJID" OrderNumber="1" Mandatory="Yes" KeySequence="1"/>
   <def:leaf ID="LF.LB" xlink:href="lb.xpt"/>
  </ItemGroupDef>
  <ItemDef OID="IT.USUBJID" Name="USUBJID" DataType="text" Length="12"/>
  <ItemDef OID="IT.LBTESTCD" Name="LBTESTCD" DataType="text" Length="8"><CodeListRef CodeListOID="CL.T"/></ItemDef>
  <CodeList OID="CL.T" Name="T" DataType="text">
   <CodeListItem CodedValue="ALT"/><EnumeratedItem CodedValue="OURS" def:ExtendedValue="Yes"/>
  </CodeList>
  <CodeList OID="CL.D" Name="D" DataType="text"><ExternalCodeList Dictionary="MedDRA"/></CodeList>
  <CodeList OID="CL.D" Name="D" DataType="text"/>
 </MetaDataVersion></Study>
</ODM>
"""


def read(tmp_path: Path, text: str) -> DefineDocument:
    path = tmp_path / "define.xml"
    path.write_text(text, encoding="utf-8")
    return read_define(path)


def test_datasets_and_variables(tmp_path: Path) -> None:
    lb = read(tmp_path, DOCUMENT).datasets["LB"]
    assert (lb.label, lb.href, lb.has_no_data) == ("Laboratory Test Results", "lb.xpt", False)
    assert [(v.name, v.length, v.key, v.mandatory) for v in lb.variables] == [
        ("USUBJID", 12, 1, True),
        ("LBTESTCD", 8, 2, True),
    ]


def test_codelist(tmp_path: Path) -> None:
    document = read(tmp_path, DOCUMENT)
    codelist = document.codelist("LB", "LBTESTCD")
    assert codelist is not None
    assert (codelist.terms, codelist.extended, codelist.external) == ({"ALT", "OURS"}, {"OURS"}, False)
    assert document.codelist("LB", "USUBJID") is None
    assert document.codelist("QS", "USUBJID") is None


def test_references(tmp_path: Path) -> None:
    assert [broken.oid for broken in read(tmp_path, DOCUMENT).broken] == ["CL.D", "COM.1", "MT.1"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<ODM>", "well-formed"),
        ("<html/>", "no MetaDataVersion"),
        ("", "well-formed"),
        ("\x01", "well-formed"),
    ],
)
def test_other_files(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in read(tmp_path, text).problem


def test_entities_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    text = DOCUMENT.replace('<?xml version="1.0"?>', entity).replace("Laboratory\n", "&e; Laboratory\n")
    document = read(tmp_path, text)
    assert "secret" not in document.datasets["LB"].label
