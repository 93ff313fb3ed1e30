"""Every row of findings.csv agrees with itself."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.findings import COLUMNS, Row, list_faults, list_findings
from hbv_standards.simulate.truth.visits import list_visits

TRIAL = simulate_trial(24, 9)
ROWS = [{**dict.fromkeys(COLUMNS, ""), **row} for s in TRIAL.subjects for row in list_findings(s)]
IDENTITY = ("DOMAIN", "TESTCD", "TSTDTL", "BDAGNT", "SYM", "SPEC", "LOC")


def having(name: str, rows: Iterable[Row] = ROWS) -> list[Row]:
    return [row for row in rows if row[name]]


def test_rows_have_the_columns_of_the_table() -> None:
    assert all(set(row) == set(COLUMNS) for row in ROWS)


def test_numbers_are_the_standard_text() -> None:
    assert all(row["STRESN"] == row["STRESC"] for row in having("STRESN"))
    assert all(float(row["STRESN"]) >= 0 for row in having("STRESN"))


def test_a_limit_is_no_number() -> None:
    censored = [row for row in ROWS if row["STRESC"][:1] in ("<", ">")]
    assert censored
    assert all(row["STRESN"] == "" and row["ORRES"][0] == row["STRESC"][0] for row in censored)
    assert all(row["LLOQ"] + row["ULOQ"] == row["STRESC"][1:] for row in censored)


def test_done_tests_have_a_result_and_the_others_a_reason() -> None:
    for row in ROWS:
        done = row["STAT"] == ""
        assert done == bool(row["ORRES"]) == bool(row["STRESC"])
        assert done != bool(row["REASND"])
        assert done or not (row["ORRESU"] or row["STRESU"] or row["NRIND"] or row["ORNRHI"])


def test_a_test_has_one_standard_unit() -> None:
    units: dict[tuple[str, ...], set[str]] = {}
    for row in having("STRESU"):
        units.setdefault(tuple(row[name] for name in IDENTITY), set()).add(row["STRESU"])
    assert all(len(found) == 1 for found in units.values())


def test_values_are_ascii_but_for_the_words_of_the_other_build() -> None:
    assert all(value.isascii() for row in ROWS for name, value in row.items() if name != "ORRES_ZH")
    assert not all(row.get("ORRES_ZH", "").isascii() for row in ROWS)


@pytest.mark.parametrize("indicator", ["LOW", "NORMAL", "HIGH"])
def test_indicator_follows_number_and_limits(indicator: str) -> None:
    rows = [r for r in having("STRESN") if r["NRIND"] == indicator and (r["ORNRLO"] or r["ORNRHI"])]
    assert rows
    for row in rows:
        number = float(row["ORRES"])
        low, high = float(row["ORNRLO"] or "-inf"), float(row["ORNRHI"] or "inf")
        assert indicator == ("LOW" if number < low else "HIGH" if number > high else "NORMAL")


def test_visits_of_findings_are_visits_of_the_subject() -> None:
    known = {(v["SUBJID"], v["VISITNUM"], v["VISIT"]) for s in TRIAL.subjects for v in list_visits(s)}
    assert {(row["SUBJID"], row["VISITNUM"], row["VISIT"]) for row in ROWS} <= known


def test_domains() -> None:
    assert {row["DOMAIN"] for row in ROWS} == {"LB", "MB", "IS", "GF", "GI", "VS"}


def test_faults_are_few_and_no_findings() -> None:
    faults = [row for s in TRIAL.subjects for row in list_faults(s)]
    assert 5 <= len(faults) <= 20
    assert {row["ISSUE"] for row in faults} == {"HBV-MAP-001", "HBV-MAP-002", "HBV-MAP-003", "HBV-SDTM-002"}
