"""Coverage as tables and as lines for a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from hbv_standards.desk.coverage import build_tables, describe_coverage, join_tables, write_csv, write_tables
from hbv_standards.desk.propose import Proposals, propose_all
from hbv_standards.desk.seen import read_delivery
from hbv_standards.desk.terminal import measure
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from places import HOSPITALS

from .sending import build_observation, build_patient, name_code, write_delivery
from .walk import forget_hospital


@pytest.fixture(scope="module")
def proposals(tmp_path_factory: pytest.TempPathFactory) -> Proposals:
    """The delivery of a hospital that the study has not."""
    catalog = read_catalog(forget_hospital(tmp_path_factory.mktemp("coverage"), "foshan"))
    return propose_all(read_delivery([HOSPITALS / "foshan"], catalog, IssueLog(), site="foshan"))


def test_every_code_has_a_row_and_an_answer_or_a_reason(proposals: Proposals) -> None:
    codes = build_tables(proposals)["codes"]
    assert len(codes) == len(proposals.seen.codes)
    asked = codes[codes["status"] == "unmapped"]
    assert len(asked) > 70
    assert (asked["reason"] != "").all()
    assert ((asked["proposal"] != "") == (asked["score"] != "")).all()
    assert (codes.loc[codes["status"] == "mapped", "proposal"] == "").all()


def test_candidates_hold_what_is_proposed_and_what_is_not(proposals: Proposals) -> None:
    tables = build_tables(proposals)
    candidates = tables["candidates"]
    chosen = candidates[(candidates["proposed"] == "Y") & (candidates["table"] == "codes")]
    assert len(chosen) == (tables["codes"]["proposal"] != "").sum()
    glucose = candidates[(candidates["text"] == "Glucose") & (candidates["candidate"] == "GLU")]
    assert any("its specimen is URINE" in reason for reason in glucose["reason"])
    assert sorted(glucose["proposed"]) == ["", "Y"]  # of urine not, of serum so


def test_unmapped_comes_first_by_what_is_lost(proposals: Proposals) -> None:
    joined = join_tables(build_tables(proposals))
    settled = joined["status"].isin(["mapped", "not collected"])
    assert not settled.iloc[0]
    assert settled.iloc[int(settled.idxmax()) :].all()
    asked = joined[joined["status"] == "unmapped"]
    assert asked["rows_lost"].is_monotonic_decreasing
    assert set(joined["table"]) == {"codes", "units", "values"}


def test_lines_for_a_terminal(proposals: Proposals) -> None:
    lines = list(describe_coverage(proposals, 120))
    assert lines[0] == "foshan (not in the study yet): 8 subjects enrolled"
    assert max(map(measure, lines)) <= 120
    text = "\n".join(lines)
    assert "Codes that no accepted row knows" in text
    assert "FS-ALT" in text
    assert len(list(describe_coverage(proposals, 120, everything=True))) > len(lines)


def test_a_narrow_terminal_shows_what_decides(proposals: Proposals) -> None:
    lines = list(describe_coverage(proposals, 80))
    assert max(map(measure, lines)) <= 80
    header = next(line for line in lines if "why" in line)
    assert re.split(r"  +", header) == ["lost", "rows", "code", "text", "means / proposed", "why"]
    (albumin,) = [line for line in lines if "FS-ALB " in line]
    assert re.split(r"  +", albumin.strip())[2:5] == ["FS-ALB", "Albumin", "ALB 1"]


def test_answers_to_different_questions_are_told_apart(desk_catalog: Catalog, tmp_path: Path) -> None:
    system = "https://fhir.foshan-hospital.example/r5/CodeSystem/question"
    asked = {"SMOKING-STATUS": "Smoking: status", "ALCOHOL-STATUS": "Alcohol use: status"}
    answers = [
        build_observation(
            code, 1, {"text": text, "coding": [{"system": system, "code": code}]}, valueString="说不清"
        )
        for code, text in asked.items()
    ]
    folder = write_delivery(tmp_path, [build_patient(1), *answers])
    found = propose_all(read_delivery([folder], desk_catalog, IssueLog(), site="foshan"))
    values = build_tables(found)["values"]
    assert sorted(values.loc[values["source_text"] == "说不清", "question"]) == sorted(asked.values())
    shown = [line for line in describe_coverage(found, 120) if "说不清" in line]
    assert len(shown) == len(set(shown)) == 2


def test_csv_files(proposals: Proposals, tmp_path: Path) -> None:
    tables = build_tables(proposals)
    write_tables(tables, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "candidates.csv", "codes.csv", "units.csv", "values.csv",
    ]  # fmt: skip
    read = pd.read_csv(tmp_path / "out/codes.csv", dtype=str, keep_default_na=False)
    assert read["text"].tolist() == tables["codes"]["text"].tolist()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("+cmd|'x'!A0", "'+cmd|'x'!A0"),
        ("-cmd", "'-cmd"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("+(cmd|'x'!A0)", "'+(cmd|'x'!A0)"),
        ("-2+WEBSERVICE(A1)", "'-2+WEBSERVICE(A1)"),
        ("＝1+1", "'＝1+1"),
        ("+阳性", "'+阳性"),
        ("＋＋", "＋＋"),
        ("+5 IU/mL", "+5 IU/mL"),
        ("-1.5e3", "-1.5e3"),
        ("+~++", "+~++"),
        ("+", "+"),
        ("++", "++"),
        ("-2.5", "-2.5"),
        ("(-)", "(-)"),
        ("阴性", "阴性"),
    ],
)
def test_no_cell_is_a_formula(tmp_path: Path, cell: str, written: str) -> None:
    write_csv(pd.DataFrame({"text": [cell], "count": [-1]}), tmp_path / "new/a.csv")
    read = pd.read_csv(tmp_path / "new/a.csv", dtype=str, encoding="utf-8-sig")
    assert read.iloc[0].tolist() == [written, "-1"]


def test_what_could_not_be_read_is_told(desk_catalog: Catalog, tmp_path: Path) -> None:
    result = build_observation(
        "o1", 1, name_code("A1", "谷丙转氨酶"), valueQuantity={"value": 30, "unit": "U/L"}
    )
    folder = write_delivery(tmp_path, [result])
    (folder / "bad.ndjson").write_text("not json\n", encoding="utf-8")
    (folder / "report.pdf").write_bytes(b"%PDF")
    lines = list(
        describe_coverage(propose_all(read_delivery([folder], desk_catalog, IssueLog(), site="ward")), 120)
    )
    assert (
        "  Nobody is known to be enrolled here: no Patient came, so no row counts as lost. Deliver the Patients too."
        in lines
    )
    assert lines[-4:] == [
        "Not everything could be read, and what was not is not counted:",
        "       1  HBV-ING-002  Resource could not be read",
        "       1  HBV-ING-013  File was not read: it is of no kind that is read",
        "  The issues.csv of `hbv-standards convert` names each file and line.",
    ]
