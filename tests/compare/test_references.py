"""What points to a record by its number is compared by the record: SUPP--, CO, RELREC."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cut_folders import Cut, Record, compare, count, tell

COMMON = {"STUDYID": "S", "USUBJID": "S-1"}


def lb(seq: int, test: str) -> Record:
    return {**COMMON, "DOMAIN": "LB", "LBSEQ": seq, "LBTESTCD": test, "LBORRES": "1"}


def supp(seq: str, name: str, value: str, idvar: str = "LBSEQ") -> Record:
    return {**COMMON, "RDOMAIN": "LB", "IDVAR": idvar, "IDVARVAL": seq, "QNAM": name, "QVAL": value}


def note(seq: str, text: str) -> Record:
    return {
        **COMMON,
        "DOMAIN": "CO",
        "RDOMAIN": "LB",
        "COSEQ": 1,
        "IDVAR": "LBSEQ",
        "IDVARVAL": seq,
        "COVAL": text,
    }


def related(seq: str, relid: str) -> Record:
    return {**COMMON, "RDOMAIN": "LB", "IDVAR": "LBSEQ", "IDVARVAL": seq, "RELTYPE": "", "RELID": relid}


OLD = [lb(1, "ALB"), lb(2, "ALT")]
MOVED = [lb(1, "AFP"), lb(2, "ALB"), lb(3, "ALT")]

# what happened; dataset; its records in OLD and with MOVED; lines of the dataset; added, removed, changed, renumbered
CASES = [
    ("moved with its record", "SUPPLB", [supp("2", "LBX", "a")], [supp("3", "LBX", "a")], [], (0, 0, 0, 1)),
    ("same number, other record", "SUPPLB", [supp("2", "LBX", "a")], [supp("2", "LBX", "a")],
     ["SUPPLB record added", "SUPPLB record removed"], (1, 1, 0, 0)),
    ("another value", "SUPPLB", [supp("2", "LBX", "a")], [supp("3", "LBX", "b")],
     ["SUPPLB value changed QVAL a b"], (0, 0, 1, 0)),
    ("no number", "SUPPLB", [supp("G1", "LBX", "a", "LBGRPID")], [supp("G1", "LBX", "a", "LBGRPID")], [], (0, 0, 0, 0)),
    ("a number of no record", "SUPPLB", [supp("9", "LBX", "a")], [supp("9", "LBX", "a")], [], (0, 0, 0, 0)),
    ("a comment", "CO", [note("1", "hemolyzed")], [note("2", "hemolyzed")], [], (0, 0, 0, 1)),
    ("a relation named by a record", "RELREC", [related("1", "LB1"), related("2", "LB1")],
     [related("2", "LB2"), related("3", "LB2")], [], (0, 0, 0, 2)),
    ("a relation with a name of its own", "RELREC", [related("1", "7"), related("2", "7")],
     [related("2", "8"), related("3", "8")], [], (0, 0, 0, 2)),
    ("a relation that one record left and another joined", "RELREC", [related("1", "LB1"), related("2", "LB1")],
     [related("1", "LB1"), related("2", "LB1")],
     ["RELREC record added", "RELREC record removed"], (1, 1, 0, 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "old", "new", "lines", "counts"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_reference(
    dataset: str,
    old: list[Record],
    new: list[Record],
    lines: list[str],
    counts: tuple[int, ...],
    tmp_path: Path,
) -> None:
    found = compare(tmp_path, Cut({"LB": OLD, dataset: old}), Cut({"LB": MOVED, dataset: new}))
    assert sorted(line for line in tell(found) if line.startswith(dataset)) == lines
    assert count(found, dataset) == counts
    assert count(found, "LB") == (1, 0, 0, 2)


def test_the_key_says_what_is_pointed_to(tmp_path: Path) -> None:
    old, new = (
        Cut({"LB": OLD, "SUPPLB": [supp("2", "LBX", "a")]}),
        Cut({"LB": MOVED, "SUPPLB": [supp("3", "LBX", "b")]}),
    )
    changes = compare(tmp_path, old, new).changes
    key = changes.loc[changes["dataset"] == "SUPPLB", "key"].tolist()
    assert key == ["RDOMAIN=LB IDVAR=LBSEQ IDVARVAL=3 (LB LBTESTCD=ALT) QNAM=LBX"]


def test_numbers_that_repeat_point_to_nothing(tmp_path: Path) -> None:
    """--SEQ is no number of a record where two have it: the text is compared as it stands."""
    doubled = Cut({"LB": [lb(1, "ALB"), lb(1, "ALT")], "SUPPLB": [supp("1", "LBX", "a")]})
    changed = Cut({"LB": [lb(1, "ALB"), lb(1, "ALT")], "SUPPLB": [supp("1", "LBX", "b")]})
    assert tell(compare(tmp_path, doubled, changed)) == ["SUPPLB value changed QVAL a b"]
