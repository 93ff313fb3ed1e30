"""What a define.xml says of the value that is traced, down to the record's own test."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.export.trace_query import describe_definition

DEFINE = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1">
<def:ValueListDef OID="VL"><ItemRef ItemOID="R.ALB" MethodOID="M.ALB"><def:WhereClauseRef WhereClauseOID="W"/></ItemRef>
</def:ValueListDef>
<def:WhereClauseDef OID="W"><RangeCheck Comparator="{comparator}" def:ItemOID="T"><CheckValue>ALB</CheckValue></RangeCheck>
</def:WhereClauseDef>
<ItemGroupDef OID="G" Name="LB"><ItemRef ItemOID="T"/><ItemRef ItemOID="R" MethodOID="M"/></ItemGroupDef>
<ItemDef OID="T" Name="LBTESTCD"/>
<ItemDef OID="R" Name="LBSTRESN" def:CommentOID="C"><def:Origin Type="Derived" Source="Sponsor"/>
<def:ValueListRef ValueListOID="VL"/></ItemDef>
<ItemDef OID="R.ALB" Name="ALB"/>
<MethodDef OID="M" Name="Any test"/>
<MethodDef OID="M.ALB" Name="Albumin"><Description><TranslatedText>As
  sent.</TranslatedText></Description></MethodDef>
<def:CommentDef OID="C"><Description><TranslatedText>A number.</TranslatedText></Description></def:CommentDef>
</ODM>"""


def describe(
    folder: Path, variable: str, test: str, comparator: str = "EQ", dataset: str = "LB"
) -> list[str]:
    path = folder / "define.xml"
    path.write_text(DEFINE.format(comparator=comparator), encoding="utf-8")
    return list(describe_definition(path, dataset, variable, {"LBTESTCD": test}))


@pytest.mark.parametrize(
    ("test", "comparator", "method"),
    [
        ("ALB", "EQ", "Albumin: As sent."),
        ("ALB", "IN", "Albumin: As sent."),
        ("AFP", "EQ", "Any test"),
        ("ALB", "NE", "Any test"),
    ],
)
def test_the_test_of_the_record_goes_before_the_variable(
    tmp_path: Path, test: str, comparator: str, method: str
) -> None:
    assert describe(tmp_path, "LBSTRESN", test, comparator) == [
        "define.xml says of LBSTRESN:",
        "  origin Derived by Sponsor",
        f"  method {method}",
        "  comment: A number.",
    ]


@pytest.mark.parametrize(("variable", "dataset"), [("LBDY", "LB"), ("LBSTRESN", "VS"), ("LBTESTCD", "LB")])
def test_nothing_is_said_of_what_is_not_described(tmp_path: Path, variable: str, dataset: str) -> None:
    assert describe(tmp_path, variable, "ALB", dataset=dataset) == []


def test_a_file_that_is_missing_or_broken_stops_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    assert list(describe_definition(path, "LB", "LBDY", {})) == []
    path.write_text("<ODM>", encoding="utf-8")
    (line,) = describe_definition(path, "LB", "LBDY", {})
    assert line.startswith("define.xml is not well-formed XML")
