"""The reviewer's guide: numbers of the run, page and PDF of one content, same input same bytes."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import etree
from lxml import html as lxml_html

from hbv_standards.export.guide import GUIDE_DOCUMENTS, Check, write_guide
from hbv_standards.ingest.outcomes import count_outcomes
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.spec import read_specs

from .conftest import CREATED, MAPPINGS, WrittenStudy, make_dataset

SECRET = "MRN-4711"  # a patient's number at the hospital, which nobody may read outside issues.csv

SOURCES = [  # site, file, version of FHIR, type, outcome, reason
    ("zhongshan", "a.json", "R4", "Patient", "converted", ""),
    ("zhongshan", "a.json", "R4", "Observation", "converted", ""),
    ("zhongshan", "b.json", "R4", "Observation", "rejected", "HBV-MAP-001"),
    ("foshan", "c.json", "R5", "Observation", "superseded", "older version"),
    ("foshan", "c.json", "R5", "Appointment", "out of scope", "resource type not used by the trial"),
    ("", "d.json", "", "Observation", "rejected", "HBV-ING-009"),
]

VISITS: list[dict[str, str | None]] = [
    {"USUBJID": "S-1", "VISITNUM": "1", "VISIT": "SCREENING", "SVPRESP": "Y", "SVOCCUR": "Y"},
    {"USUBJID": "S-1", "VISITNUM": "2", "VISIT": "BASELINE", "SVPRESP": "Y", "SVOCCUR": "N"},
    {"USUBJID": "S-1", "VISITNUM": "3.1", "VISIT": "UNSCHEDULED 3.1"},
]


def make_sources() -> pd.DataFrame:
    columns = ["site", "file", "fhir_version", "resource_type", "disposition", "reason"]
    return pd.DataFrame(SOURCES, columns=columns).assign(source_id=range(len(SOURCES)))


def make_issues() -> pd.DataFrame:
    log = IssueLog()
    for _ in range(3):
        log.add("HBV-MAP-002", site="foshan", value="<mg & 卡氏>")
    log.add("HBV-ENR-001", site="zhongshan", value=SECRET, message=f"{SECRET} has no Patient")
    return log.to_frame()


def make_run(study: WrittenStudy) -> dict[str, Any]:
    """The written study with literal books and issues: the arguments that guide and report share."""
    visits = make_dataset(VISITS, read_specs(MAPPINGS / "specs")["SV"], study.catalog)
    sources = make_sources()
    return {
        "catalog": study.catalog, "datasets": {**study.datasets, "SV": visits}, "issues": make_issues(),
        "outcomes": count_outcomes(sources), "sources": sources, "agency": "fda", "created": CREATED,
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(written_study: WrittenStudy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("guide")
    checks = [Check("House rules", "What the sponsor asks for beyond the standards.", 7)]
    run = make_run(written_study)
    write_guide(place, define=written_study.define, conformance="sample", checks=checks, **run)
    return place


@pytest.fixture(scope="module")
def page(folder: Path) -> etree._Element:
    return lxml_html.fromstring((folder / "csdrg.html").read_text("utf-8"))


def read_table(page: etree._Element, title: str) -> list[list[str]]:
    (table,) = [t for t in page.iter("table") if (t.findtext("caption") or "") == title]
    return [[cell.text or "" for cell in row.iter("td")] for row in table.iter("tr")][1:]


def read_pdf(path: Path) -> str:
    """Text that is shown on the pages, unordered pieces joined by line ends."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", path.read_bytes(), re.DOTALL)
    shown = [
        piece
        for s in streams
        if s[:1] == b"x"
        for piece in re.findall(rb"\((.*?)(?<!\\)\)", zlib.decompress(s))
    ]
    return "\n".join(re.sub(r"\\([()\\])", r"\1", piece.decode("latin-1")) for piece in shown)


def test_outline(page: etree._Element) -> None:
    assert [h.text for h in page.iter("h2")] == [
        "1 Introduction", "2 Protocol Description", "3 Subject Data Description", "4 Data Conformance Summary",
        "5 Data Issues and Deviations", "Appendix A Mapping Tables", "Appendix B Software",
    ]  # fmt: skip


def test_contents_lead_to_every_heading(page: etree._Element) -> None:
    links = [link.get("href", "")[1:] for link in page.iter("a")]
    assert links == [h.get("id") for h in page.iter("h2", "h3", "h4")]
    assert len(links) == len(set(links))


def test_resources_by_hospital(page: etree._Element) -> None:
    assert read_table(page, "Resources by hospital") == [
        ["Site 01: Second People's Hospital of Zhongshan", "3", "2", "0", "0", "1"],
        ["Site 03: First People's Hospital of Foshan", "2", "0", "1", "1", "0"],
        ["Unknown hospital", "1", "0", "0", "0", "1"],
        ["All", "6", "2", "1", "1", "2"],
    ]


def test_inventory_is_that_of_the_define(page: etree._Element, written_study: WrittenStudy) -> None:
    rows = read_table(page, "Datasets")
    described = [group.name for group in written_study.define.groups]
    assert [row[0] for row in rows if row[0] != "SV"] == described  # the define was written without SV
    assert {row[0]: row[-1] for row in rows}["LB"] == str(len(written_study.datasets["LB"].frame))


def test_parts_of_a_large_dataset(written_study: WrittenStudy, tmp_path: Path) -> None:
    groups = [replace(g, name="LB1") if g.name == "LB" else g for g in written_study.define.groups]
    define = replace(written_study.define, groups=tuple(groups))
    write_guide(tmp_path, define=define, **make_run(written_study))
    page = lxml_html.fromstring((tmp_path / "csdrg.html").read_text("utf-8"))
    assert "Too large for one file and submitted in parts: LB1." in [p.text for p in page.iter("p")]
    assert "LB" in [row[0] for row in read_table(page, "Datasets")]


def test_findings(page: etree._Element) -> None:
    assert [row[:3] for row in read_table(page, "Findings by code")] == [
        ["HBV-ENR-001", "error", "1"],
        ["HBV-MAP-002", "warning", "3"],
    ]


def test_checks_that_were_run(page: etree._Element) -> None:
    found = {row[0]: row[2] for row in read_table(page, "Checks of this run")}
    assert found["Mapping"] == "3"
    assert found["Decoding of FHIR"] == "1"
    assert found["FHIR conformance"] == "0"
    assert found["House rules"] == "7"


def test_nothing_found(written_study: WrittenStudy, tmp_path: Path) -> None:
    run = {**make_run(written_study), "issues": IssueLog().to_frame()}
    write_guide(tmp_path, define=written_study.define, **run)
    assert "No check found anything." in (tmp_path / "csdrg.html").read_text("utf-8")


def test_a_check_that_was_not_run_is_not_claimed(written_study: WrittenStudy, tmp_path: Path) -> None:
    write_guide(tmp_path, define=written_study.define, conformance="none", **make_run(written_study))
    assert "FHIR conformance" not in (tmp_path / "csdrg.html").read_text("utf-8")


def test_differences_from_the_plan(page: etree._Element) -> None:
    rows = {(row[0], row[1]): row[2:] for row in read_table(page, "Differences from the plan")}
    assert rows[("Planned visits that did not take place", "SV.SVOCCUR = N")] == ["1", "1"]
    assert rows[("Unscheduled visits", "SV.SVPRESP is null")] == ["1", "1"]
    assert rows[("Deaths", "DM.DTHFL")] == ["1", "1"]


def test_limits(page: etree._Element) -> None:
    assert ["LB", "ALT", "3", "1", "0"] in [row[:5] for row in read_table(page, "Results with a comparator")]


def test_planned_and_not_submitted(page: etree._Element) -> None:
    answers = {row[0]: row[1] for row in read_table(page, "Questions of the reviewer")}
    assert answers["Datasets planned and not submitted"] == "CM: no record."


def test_pdf_says_what_the_page_says(folder: Path, page: etree._Element) -> None:
    shown = read_pdf(folder / "csdrg.pdf")
    for heading in page.iter("h2", "h3", "h4"):
        assert unescape(heading.text or "")[:40] in shown
    assert "HBV-ENR-001" in shown


@pytest.mark.parametrize("name", ["csdrg.html", "csdrg.pdf"])
def test_same_input_same_bytes(written_study: WrittenStudy, folder: Path, tmp_path: Path, name: str) -> None:
    run = make_run(written_study)
    run["datasets"] = dict(reversed(run["datasets"].items()))
    checks = [Check("House rules", "What the sponsor asks for beyond the standards.", 7)]
    write_guide(tmp_path, define=written_study.define, conformance="sample", checks=checks, **run)
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_page_is_alone_and_ascii(folder: Path) -> None:
    text = (folder / "csdrg.html").read_text("utf-8")
    assert text.isascii()
    assert not re.search(r"<script|<link|<img|https?://|url\(", text)
    assert SECRET not in text


def test_paper(written_study: WrittenStudy, folder: Path, tmp_path: Path) -> None:
    write_guide(tmp_path, define=written_study.define, **{**make_run(written_study), "agency": "nmpa"})
    boxes = [re.search(rb"/MediaBox \[0 0 (\d+)", (f / "csdrg.pdf").read_bytes()) for f in (folder, tmp_path)]
    assert [box and box[1] for box in boxes] == [b"612", b"595"]


def test_document_of_the_define(folder: Path) -> None:
    assert [d.href for d in GUIDE_DOCUMENTS] == ["csdrg.pdf"]
    assert all((folder / d.href).is_file() for d in GUIDE_DOCUMENTS)
