"""Where-clauses: every row with a test code belongs to exactly one, and no more is said than is needed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.export.define.identities import Condition, Identity, find_identities, select_values

COLUMNS = ["MBTESTCD", "MBTEST", "MBTSTDTL", "MBSPEC", "MBSTRESC", "MBSTRESU"]


def make_frame(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


CASES = {
    "one test": (
        [("ALT", "Alanine", None, "SERUM", "1", "U/L"), ("ALT", "Alanine", None, None, "2", "U/L")],
        [("ALT", "Alanine", [])],
    ),
    "detail tells tests apart": (
        [("HBSAG", "Antigen", "DETECTION", "SERUM", "POSITIVE", None),
         ("HBSAG", "Antigen", "QUANTIFICATION", "SERUM", "1", "IU/mL")],
        [("HBSAG", "Antigen; DETECTION", [("MBTSTDTL", "EQ", ("DETECTION",))]),
         ("HBSAG", "Antigen; QUANTIFICATION", [("MBTSTDTL", "EQ", ("QUANTIFICATION",))])],
    ),
    "missing detail is what the others are not": (
        [("DNA", "DNA", "VIRAL LOAD", "SERUM", "1", "IU/mL"), ("DNA", "DNA", None, "SERUM", "2", "IU/mL")],
        [("DNA", "DNA; VIRAL LOAD", [("MBTSTDTL", "EQ", ("VIRAL LOAD",))]),
         ("DNA", "DNA; not VIRAL LOAD", [("MBTSTDTL", "NOTIN", ("VIRAL LOAD",))])],
    ),
    "specimens with one unit stay together": (
        [("GLUC", "Glucose", None, "SERUM", "5", "mmol/L"),
         ("GLUC", "Glucose", None, "PLASMA", "5", "mmol/L")],
        [("GLUC", "Glucose", [])],
    ),
    "specimen with another unit, or with words, is another": (
        [("GLUC", "Glucose", None, "SERUM", "5", "mmol/L"),
         ("GLUC", "Glucose", None, "PLASMA", "5", "mmol/L"),
         ("GLUC", "Glucose", None, "URINE", "NEGATIVE", None), ("GLUC", "Glucose", None, "CSF", None, None)],
        [("GLUC", "Glucose; CSF, URINE", [("MBSPEC", "IN", ("CSF", "URINE"))]),
         ("GLUC", "Glucose; PLASMA, SERUM", [("MBSPEC", "IN", ("PLASMA", "SERUM"))])],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_identities(case: str) -> None:
    rows, expected = CASES[case]
    found = find_identities(make_frame(*rows), "MBTESTCD", "MBTEST", "MB")
    assert list(found.members) == [
        Identity(code, label, (Condition("MBTESTCD", "EQ", (code,)), *(Condition(*c) for c in conditions)))
        for code, label, conditions in expected
    ]


def test_a_row_without_code_belongs_to_none() -> None:
    frame = make_frame((None, None, None, None, "1", None), ("ALT", "Alanine", None, None, "2", None))
    found = find_identities(frame, "MBTESTCD", "MBTEST", "MB")
    assert found.codes.tolist() == [-1, 0]
    assert select_values(frame, "MBSTRESC", found) == {0: ["2"]}


VALUES = st.sampled_from([None, "A", "B", "C"])
ROWS = st.lists(st.tuples(st.sampled_from([None, "X", "Y"]), VALUES, VALUES, VALUES, VALUES), max_size=14)


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_conditions_select_exactly_the_rows_of_the_identity(rows: list[tuple[str | None, ...]]) -> None:
    frame = make_frame(*((row[0], *row) for row in rows))
    found = find_identities(frame, "MBTESTCD", "MBTEST", "MB")
    for position, identity in enumerate(found.members):
        selected = pd.Series(data=True, index=frame.index)
        for condition in identity.conditions:
            inside = frame[condition.variable].isin(condition.values)
            selected &= ~inside if condition.comparator == "NOTIN" else inside
        assert selected.tolist() == (found.codes == position).tolist()
    assert ((found.codes >= 0) == frame["MBTESTCD"].notna().to_numpy()).all()
    assert set(found.codes.tolist()) - {-1} == set(range(len(found.members)))


@settings(max_examples=50, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str | None, ...]], random: Any) -> None:
    frame = make_frame(*((row[0], *row) for row in rows))
    order = list(range(len(frame)))
    random.shuffle(order)
    shuffled = frame.iloc[order].reset_index(drop=True)
    before = find_identities(frame, "MBTESTCD", "MBTEST", "MB")
    after = find_identities(shuffled, "MBTESTCD", "MBTEST", "MB")
    assert before.members == after.members
    assert before.codes[order].tolist() == after.codes.tolist()
