"""Dataset.conform: columns, order, --SEQ, trace."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec, read_specs
from hbv_standards.sdtm.trace import TRACE_COLUMNS, join_traces, trace_rows

P = {"origin": "Protocol", "source": "Sponsor"}


@pytest.fixture
def spec(tmp_path: Path) -> DatasetSpec:
    text = {
        "dataset": "XP", "standard": False, "label": "Extra", "class": "FINDINGS", "structure": "One record",
        "keys": ["STUDYID", "USUBJID", "XPTESTCD", "XPDTC"],
        "variables": dict.fromkeys(("STUDYID", "DOMAIN", "USUBJID", "XPSEQ", "XPTESTCD", "XPCAT", "XPDTC"), P)
        | {"XPORRES": {**P, "core": "Exp"}, "XPSTRESN": {**P, "core": "Exp"}},
    }  # fmt: skip
    (tmp_path / "methods.yaml").write_text("{}", encoding="utf-8")
    (tmp_path / "xp.yaml").write_text(yaml.safe_dump(text), encoding="utf-8")
    return read_specs(tmp_path)["XP"]


def build_rows(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["USUBJID", "XPTESTCD", "XPDTC", "XPORRES"], dtype="str")
    return frame.assign(STUDYID="S", DOMAIN="XP", source_id=range(len(rows)), path="p", mapping_row=None)


ROWS = [
    ("S-10", "A", "2023-03-01", "1"),
    ("S-2", "B", "2023-03-01", "2"),
    ("S-2", "A", "2023-03-02", "3"),
    ("S-2", "A", "2023-03-01", "5"),
    ("S-2", "A", "2023-03-01", "4"),
]


def test_rows_are_sorted_by_keys_then_content_and_numbered(spec: DatasetSpec) -> None:
    made = Dataset.conform(build_rows(*ROWS), spec)
    assert made.frame[["USUBJID", "XPSEQ", "XPORRES"]].to_numpy().tolist() == [
        ["S-2", 1.0, "4"], ["S-2", 2.0, "5"], ["S-2", 3.0, "3"], ["S-2", 4.0, "2"], ["S-10", 1.0, "1"]
    ]  # fmt: skip


def test_trace_follows_its_row(spec: DatasetSpec) -> None:
    rows = build_rows(*ROWS)
    made = Dataset.conform(rows, spec, trace_rows(rows))
    said = {
        made.frame["XPORRES"][row]: source
        for row, source in zip(made.trace["row"], made.trace["source_id"], strict=True)
    }
    assert said == {"1": 0, "2": 1, "3": 2, "5": 3, "4": 4}
    assert made.trace.dtypes.astype(str).to_dict() == TRACE_COLUMNS
    assert made.trace["row"].is_monotonic_increasing


def test_columns(spec: DatasetSpec) -> None:
    """Expected ones are there without values, Permissible ones only with one, others never."""
    made = Dataset.conform(build_rows(*ROWS).assign(XPCAT=None, UNKNOWN="x"), spec)
    assert list(made.frame.columns) == [
        "STUDYID",
        "DOMAIN",
        "USUBJID",
        "XPSEQ",
        "XPTESTCD",
        "XPORRES",
        "XPSTRESN",
        "XPDTC",
    ]
    assert [v.name for v in made.variables] == list(made.frame.columns)
    assert made.frame.dtypes.astype(str).to_dict() == {
        name: "float64" if name in ("XPSEQ", "XPSTRESN") else "str" for name in made.frame.columns
    }


def test_keys_of_the_frame_only(spec: DatasetSpec) -> None:
    made = Dataset.conform(build_rows(*ROWS).assign(XPDTC=None), spec)
    assert list(made.keys) == ["STUDYID", "USUBJID", "XPTESTCD"]


def test_without_rows_or_trace(spec: DatasetSpec) -> None:
    made = Dataset.conform(build_rows()[:0], spec)
    assert (len(made.frame), len(made.trace)) == (0, 0)
    assert made.trace.dtypes.astype(str).to_dict() == TRACE_COLUMNS


def test_trace_rows_of_a_column_with_gaps() -> None:
    frame = pd.DataFrame(
        {"other": pd.array([7, None, 9], dtype="Int64"), "at": [5, 6, 7], "path": "p", "mapping_row": "m"}
    )
    placed = trace_rows(frame, "XPDTC", source="other", row="at")
    assert placed.to_numpy().tolist() == [[5, "XPDTC", 7, "p", "m"], [7, "XPDTC", 9, "p", "m"]]
    bare = trace_rows(frame, source="other", path=None, mapping=None)
    assert bare[["row", "path"]].to_numpy().tolist() == [[0, ""], [2, ""]]
    assert len(join_traces([placed, bare])) == 4
    assert join_traces([]).empty


def test_what_was_collected_stays_though_it_is_empty(spec: DatasetSpec) -> None:
    rows = build_rows(*ROWS)
    assert "XPCAT" not in Dataset.conform(rows, spec).frame
    assert "XPCAT" in Dataset.conform(rows, spec, collected=["XPCAT"]).frame


def test_another_column_may_give_the_order(spec: DatasetSpec) -> None:
    rows = build_rows(("S", "A", "2023", "1"), ("S", "B", "2023", "2"))
    made = Dataset.conform(rows, spec, order={"XPTESTCD": pd.Series(["Z", "Y"])})
    assert made.frame[["XPTESTCD", "XPSEQ"]].to_numpy().tolist() == [["B", 1.0], ["A", 2.0]]


def test_qualifiers_follow_their_row_and_part_equal_ones(spec: DatasetSpec) -> None:
    rows = build_rows(("S", "A", "2023", "1"), ("S", "A", "2023", "1"))
    said = pd.DataFrame({"row": [0, 1], "QNAM": "XPNOTE", "QVAL": ["second", "first"]})
    made = Dataset.conform(rows, spec, trace_rows(rows), said)
    assert made.qualifiers is not None
    assert made.qualifiers.set_index("row")["QVAL"].to_dict() == {0: "first", 1: "second"}
    assert made.trace["source_id"].tolist() == [1, 0]
