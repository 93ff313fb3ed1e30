"""--LOBXFL by cases: one subject and test each, rows in the order of the table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.derive.baseline import derive_lobxfl

BASELINE = 2.0  # VISITNUM of the scheduled baseline visit

# what it shows, RFXSTDTC, rows (LBDTC, VISITNUM, LBORRES, LBSTRESC), flagged rows
CASES: list[tuple[str, str | None, list[tuple[Any, ...]], list[int]]] = [
    (
        "the last before",
        "2024-05-03",
        [("2024-04-20", 1.0, "5", "5"), ("2024-05-02", 1.1, "6", "6"), ("2024-05-10", 3.0, "7", "7")],
        [1],
    ),
    ("none before", "2024-05-03", [("2024-05-10", 3.0, "7", "7")], []),
    ("never treated", None, [("2024-04-20", 1.0, "5", "5")], []),
    ("no result", "2024-05-03", [("2024-04-20", 1.0, "5", "5"), ("2024-05-02", 1.1, None, None)], [0]),
    ("not standardized", "2024-05-03", [("2024-04-20", 1.0, "5", "5"), ("2024-05-02", 1.1, "6", None)], [0]),
    ("no date", "2024-05-03", [(None, 1.0, "5", "5")], []),
    ("times decide: before", "2024-05-03T09:00", [("2024-05-03T08:30", 2.0, "5", "5")], [0]),
    (
        "times decide: after",
        "2024-05-03T09:00",
        [("2024-04-20", 1.0, "4", "4"), ("2024-05-03T09:30", 2.0, "5", "5")],
        [0],
    ),
    (
        "day 1, sample without time",
        "2024-05-03T09:00",
        [("2024-04-20", 1.0, "4", "4"), ("2024-05-03", 2.0, "5", "5")],
        [1],
    ),
    ("day 1, dose without time", "2024-05-03", [("2024-05-03T08:30", 2.0, "5", "5")], [0]),
    ("day 1, unscheduled", "2024-05-03", [("2024-04-20", 1.0, "4", "4"), ("2024-05-03", 2.1, "5", "5")], [0]),
    ("day 1, the same minute", "2024-05-03T09:00", [("2024-05-03T09:00", 2.0, "5", "5")], [0]),
    ("day 1, the same minute, unscheduled", "2024-05-03T09:00", [("2024-05-03T09:00", 2.1, "5", "5")], []),
    ("baseline visit after day 1", "2024-05-03", [("2024-05-04", 2.0, "5", "5")], []),
    ("partial date, surely before", "2024-05-03", [("2024-04", 1.0, "5", "5")], [0]),
    ("partial date, maybe after", "2024-05-03", [("2024-05", 2.0, "5", "5")], []),
    ("partial first dose", "2024-05", [("2024-04-30", 1.0, "5", "5"), ("2024-05-01", 2.0, "6", "6")], [0]),
    (
        "a complete date beats its month",
        "2024-05-03",
        [("2024-04-20", 1.0, "5", "5"), ("2024-04", 1.1, "6", "6")],
        [0],
    ),
    (
        "by time of day",
        "2024-05-03",
        [("2024-04-20T10:00", 1.0, "5", "5"), ("2024-04-20T08:00", 1.0, "6", "6")],
        [0],
    ),
    (
        "same time: the later visit",
        "2024-05-03",
        [("2024-04-20", 1.1, "5", "5"), ("2024-04-20", 1.0, "9", "9")],
        [0],
    ),
    (
        "same time and visit: by content",
        "2024-05-03",
        [("2024-04-20", 1.0, "10", "10"), ("2024-04-20", 1.0, "9", "9")],
        [0],
    ),
]


def build_rows(reference: str | None, rows: list[tuple[Any, ...]], **more: Any) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["LBDTC", "VISITNUM", "LBORRES", "LBSTRESC"])
    texts = frame.drop(columns="VISITNUM").astype("str").assign(VISITNUM=frame["VISITNUM"])
    dose = pd.Series([reference] * len(rows), dtype="str")
    return texts.assign(RFXSTDTC=dose, **{"USUBJID": "S1", "LBTESTCD": "ALT", "LBSPEC": "SERUM", **more})


def flag(frame: pd.DataFrame, visitnum: float | None = BASELINE) -> pd.DataFrame:
    return derive_lobxfl(frame, "LB", "RFXSTDTC", ["LBTESTCD", "LBSPEC"], baseline_visitnum=visitnum)


@pytest.mark.parametrize(("reference", "rows", "flagged"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_case(reference: str | None, rows: list[tuple[Any, ...]], flagged: list[int]) -> None:
    frame = build_rows(reference, rows)
    made = flag(frame)["LBLOBXFL"]
    assert str(made.dtype) == "str"
    assert [place for place, value in enumerate(made) if value == "Y"] == flagged
    assert made.isna().sum() == len(rows) - len(flagged)
    turned = flag(frame.iloc[::-1])["LBLOBXFL"]
    pd.testing.assert_series_equal(turned.sort_index(), made)


def test_one_flag_per_subject_and_test() -> None:
    row = ("2024-04-20", 1.0, "5", "5")
    parts = [
        build_rows("2024-05-03", [row, row], USUBJID=subject, LBTESTCD=test, LBSPEC=specimen)
        for subject in ("S1", "S2")
        for test in ("ALT", "AST")
        for specimen in ("SERUM", None)
    ]
    frame = pd.concat(parts, ignore_index=True).astype({"LBSPEC": "str"})
    made = flag(frame)
    counts = made.groupby(["USUBJID", "LBTESTCD", "LBSPEC"], dropna=False)["LBLOBXFL"].count()
    assert counts.tolist() == [1] * 8


def test_without_a_baseline_visit_day_1_does_not_count() -> None:
    frame = build_rows("2024-05-03", [("2024-05-03", 2.0, "5", "5")])
    assert flag(frame, None)["LBLOBXFL"].isna().all()


def test_seq_breaks_ties_where_it_is_known() -> None:
    rows = [("2024-04-20", 1.0, "9", "9"), ("2024-04-20", 1.1, "5", "5")]
    frame = build_rows("2024-05-03", rows).assign(LBSEQ=[2.0, 1.0])
    assert flag(frame)["LBLOBXFL"].tolist()[0] == "Y"


def test_derived_records_need_no_original_result() -> None:
    rows = [("2024-04-20", 1.0, "5", "5"), ("2024-05-01", 1.0, None, "6")]
    frame = build_rows("2024-05-03", rows).assign(LBDRVFL=pd.Series([None, "Y"], dtype="str"))
    assert flag(frame)["LBLOBXFL"].fillna("").tolist() == ["", "Y"]


days = st.sampled_from(
    ["2024-04-20", "2024-04-20T08:00", "2024-05-03", "2024-05-03T08:00", "2024-05-10", "2024-04", None]
)


@settings(max_examples=30)  # each example derives two whole frames
@given(
    st.lists(
        st.tuples(days, st.sampled_from([1.0, 2.0]), st.sampled_from(["5", "9", None])),
        min_size=1,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_input_order_does_not_matter(rows: list[tuple[Any, ...]], random: Any) -> None:
    frame = build_rows("2024-05-03", [(dtc, visit, result, result) for dtc, visit, result in rows])
    order = list(range(len(rows)))
    random.shuffle(order)
    columns = ["LBDTC", "VISITNUM", "LBORRES"]
    flagged = [
        made.loc[made["LBLOBXFL"] == "Y", columns].fillna("").values.tolist()
        for made in (flag(frame), flag(frame.iloc[order]))
    ]
    assert flagged[0] == flagged[1]
    assert len(flagged[0]) <= 1
