"""Uses, routes and qualifiers of the truth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hbv_standards.simulate.records import Use
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.habits import list_routes, list_supplemental, list_uses

SUBJECTS = simulate_trial(9, 3, extent="brief").subjects
FOSHAN = next(s for s in SUBJECTS if s.site == "foshan")
GUANGZHOU = next(s for s in SUBJECTS if s.site == "guangzhou")
CONTACT = GUANGZHOU.contacts[0]


@pytest.mark.parametrize(
    ("use", "cells"),
    [
        (Use("k", "CIGARETTE", "NEVER", contact=CONTACT.key), ("TOBACCO", "N", "", "", "")),
        (
            Use("k", "CIGARETTE", "CURRENT", "20", "CIGARETTE", "2001", "", CONTACT.key),
            ("TOBACCO", "Y", "QD", "ONGOING", CONTACT.day.isoformat()),
        ),
        (
            Use("k", "ALCOHOLIC BEVERAGE", "FORMER", "12.5", "g", "2001", "2010", CONTACT.key),
            ("ALCOHOL", "Y", "QD", "", ""),
        ),
    ],
)
def test_uses(use: Use, cells: tuple[str, ...]) -> None:
    (row,) = list_uses(replace(GUANGZHOU, uses=(use,)))
    assert tuple(row[n] for n in ("SUCAT", "SUOCCUR", "SUDOSFRQ", "SUENRTPT", "SUENTPT")) == cells


def test_every_route_is_a_row_in_words_that_the_build_can_hold() -> None:
    rows = list(list_routes(replace(GUANGZHOU, routes=("VERTICAL TRANSMISSION", "UNKNOWN"))))
    assert [row["FASTRESC"] for row in rows] == ["VERTICAL TRANSMISSION", "UNKNOWN"]
    assert rows[0]["FAORRES_EN"] == "VERTICAL TRANSMISSION"
    assert not rows[0]["FAORRES_ZH"].isascii()
    assert {row["VISITNUM"] for row in rows} == {"1"}


def test_qualifiers_of_demographics() -> None:
    person = replace(FOSHAN.person, ethnic_text="壮族", race="ASIAN")
    rows = {row["QNAM"]: row for row in list_supplemental(replace(FOSHAN, person=person))}
    assert set(rows) == {"CETHNIC", "ETHNTXT", "CRACETXT"}
    assert rows["CETHNIC"]["QVAL_EN"] == "ZHUANG"
    assert (rows["ETHNTXT"]["QVAL_EN"], rows["ETHNTXT"]["QVAL_ZH"]) == ("", "壮族")
    assert list(list_supplemental(GUANGZHOU)) == []
