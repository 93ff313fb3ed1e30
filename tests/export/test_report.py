"""The report for people: numbers, pictures, no identity of a patient, same input same bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import etree
from lxml import html as lxml_html

from hbv_standards.export.planned import COLUMNS
from hbv_standards.export.report import write_report
from hbv_standards.export.report.bars import WIDTH, Bar, Series, draw_bars, place_legend
from hbv_standards.export.report.subjects import place_subjects
from hbv_standards.issues import IssueLog

from .conftest import WrittenStudy
from .test_guide import SECRET, make_run

PLANNED = pd.DataFrame([("ALT", "01", "BASELINE", 3, 1, 0, 2)], columns=list(COLUMNS))

FINDINGS = pd.DataFrame(
    [
        ("HBV-VAL-709", "warning", "SE", "SEENDTC", "An end is missing.", 2),
        ("HBV-VAL-501", "error", "LB", "LBSTRESC", "Standardized result is missing.", 3),
        ("HBV-VAL-501", "error", "LB", "LBSTRESC", "Standardized result is missing.", 1),
    ],
    columns=["code", "severity", "dataset", "variable", "message", "count"],
)


@pytest.fixture(scope="module")
def run(written_study: WrittenStudy) -> dict[str, Any]:
    return {**make_run(written_study), "findings": FINDINGS, "planned": PLANNED}


@pytest.fixture(scope="module")
def text(run: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_report(tmp_path_factory.mktemp("report") / "report.html", **run).read_text("utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> etree._Element:
    return lxml_html.fromstring(text)


def read_tiles(page: etree._Element) -> dict[str, str]:
    return {
        tile.findtext("span") or "": tile.findtext("strong") or ""
        for tile in page.xpath("//div[@class='tiles']/div")
    }


def read_pictures(page: etree._Element) -> dict[str, list[str]]:
    """Texts of each picture by its title."""
    return {svg.findtext("title") or "": [t.text or "" for t in svg.iter("text")] for svg in page.iter("svg")}


def test_tiles(page: etree._Element) -> None:
    tiles = read_tiles(page)
    assert tiles["resources read"] == "6"
    assert tiles["resources converted"] == "2"
    assert tiles["errors in the data"] == "1"
    assert tiles["values to map"] == "1"
    assert tiles["errors in the datasets"] == "4"


def test_validation_is_ranked_by_severity(page: etree._Element) -> None:
    (table,) = page.xpath("//section[@id='validation']//table")
    rows = [[cell.text for cell in row.iter("td")] for row in table.iter("tr")][1:]
    assert [row[:5] for row in rows] == [
        ["HBV-VAL-501", "error", "LB", "LBSTRESC", "4"],
        ["HBV-VAL-709", "warning", "SE", "SEENDTC", "2"],
    ]


def test_pictures(page: etree._Element) -> None:
    pictures = read_pictures(page)
    assert "First People's Hospital of Foshan" in pictures["Resources by hospital"]
    assert "(no hospital)" in pictures["Resources by hospital"]
    assert {"kept", "missed", "not due", "BASELINE"} <= set(pictures["Visits kept and missed, PEGIFN"])


def test_unmapped_values_are_shown_escaped(text: str, page: etree._Element) -> None:
    assert "&lt;mg &amp; 卡氏&gt;" in text
    rows = [[cell.text for cell in row.iter("td")] for row in page.iter("tr")]
    assert [row[1:4] for row in rows if "<mg & 卡氏>" in row] == [["Unit is not mapped", "<mg & 卡氏>", "3"]]


def test_the_cure_names_the_table(run: dict[str, Any], tmp_path: Path) -> None:
    log = IssueLog()
    log.add("HBV-MAP-003", site="foshan", value="x", message="result 'x' is not mapped; add it to values.csv")
    log.add("HBV-MAP-002", site="foshan", value="y")
    shown = write_report(tmp_path / "report.html", **{**run, "issues": log.to_frame()}).read_text("utf-8")
    assert "result &#x27;x&#x27; is not mapped; add it to values.csv" in shown
    assert "Add the unit&#x27;s spelling to units.csv" in shown


def test_what_nothing_reads_is_listed_by_element(run: dict[str, Any], tmp_path: Path) -> None:
    log = IssueLog()
    log.add("HBV-ING-016", site="foshan", path="Condition.bodySite", times=7)
    page = lxml_html.fromstring(write_report(tmp_path / "report.html", **{**run, "issues": log.to_frame()}).read_text("utf-8"))
    rows = [[cell.text for cell in row.iter("td")] for row in page.iter("tr")]
    assert [row[1:] for row in rows if "Condition.bodySite" in row] == [["Condition.bodySite", "7"]]


def test_no_identity_of_a_patient(text: str) -> None:
    assert SECRET not in text
    assert "HBV-ENR-001" in text


def test_page_is_alone(text: str) -> None:
    assert not re.search(r"<script|<link|<img|https?://|url\(", text)


def test_same_input_same_bytes(run: dict[str, Any], text: str, tmp_path: Path) -> None:
    turned = {**run, "datasets": dict(reversed(run["datasets"].items()))}
    assert write_report(tmp_path / "report.html", **turned).read_text("utf-8") == text


def test_nothing_wrong_and_nobody_enrolled(run: dict[str, Any], tmp_path: Path) -> None:
    empty = {**run, "datasets": {}, "issues": IssueLog().to_frame()}
    shown = write_report(tmp_path / "report.html", **empty).read_text("utf-8")
    assert "Nothing: no check found anything." in shown
    assert "No subject." in shown


def test_subjects_have_an_arm_or_a_reason(run: dict[str, Any]) -> None:
    placed = place_subjects(run["datasets"])
    assert dict(zip(placed["SUBJID"], placed["group"], strict=True)) == {"1": "PEGIFN", "2": "NO ARM"}
    assert isinstance(placed, pd.DataFrame)


def test_bars_are_in_proportion() -> None:
    series = [Series("a", "#111111"), Series("b", "#222222")]
    svg = etree.fromstring(draw_bars("Two", series, [Bar("x", (30, 10)), Bar("y", (20, 0))], legend=False))
    widths = [float(rect.get("width", "")) for rect in svg.iter("{*}rect")]
    assert len(widths) == 3  # nothing is drawn for a zero
    assert widths[0] == pytest.approx(3 * widths[1], abs=0.2)
    assert widths[0] == pytest.approx(1.5 * widths[2], abs=0.2)


def test_bars_of_nothing() -> None:
    svg = etree.fromstring(draw_bars("None", [Series("a", "#111111")], [Bar("x", (0,))]))
    assert [t.text for t in svg.iter("{*}text")] == ["a", "x", "0"]


def test_a_long_legend_takes_several_lines() -> None:
    placed = place_legend([Series(f"WITHDRAWAL BY SUBJECT {n}", "#111111") for n in range(9)])
    assert max(x for _, x, _ in placed) < WIDTH - 150
    assert len({y for _, _, y in placed}) > 1


def test_planned_and_not_there(page: etree._Element) -> None:
    tables = {t.findtext("caption"): t for t in page.iter("table") if t.findtext("caption")}
    cells = {name: [c.text or "" for c in table.iter("td")] for name, table in tables.items()}
    assert cells["Without a record, of those planned at all visits"] == ["ALT", "2/3", ""]
    assert cells["Subjects with a record, of those planned"] == ["ALT", "1/3", "0", "2"]


def test_study_without_schedule(run: dict[str, Any], tmp_path: Path) -> None:
    shown = write_report(tmp_path / "report.html", **{**run, "planned": None}).read_text("utf-8")
    assert "lanned by the protocol" not in shown
    assert "What the protocol plans" not in shown
