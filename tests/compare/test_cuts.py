"""Every kind of change, in tables of a few records: what is told, and what is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hbv_standards.errors import ConfigurationError

from .cut_folders import Cut, Record, Resource, compare, count, tell, write_cut


def lb(seq: int, test: str, day: str, result: str, **more: str | float) -> Record:
    return {
        "STUDYID": "S",
        "DOMAIN": "LB",
        "USUBJID": "S-1",
        "LBSEQ": seq,
        "LBTESTCD": test,
        "LBDTC": day,
        "LBORRES": result,
        **more,
    }


ALB, ALT = lb(1, "ALB", "2024-01-01", "40"), lb(2, "ALT", "2024-01-01", "27")
BASE = Cut({"LB": [ALB, ALT]})
TRACED = replace(BASE, resources=[Resource("alb"), Resource("alt")], sources={"LB": [[0], [1]]})

# what happened; old; new; lines; added, removed, changed, renumbered
CASES = [
    ("nothing", BASE, BASE, [], (0, 0, 0, 0)),
    ("a value", BASE, Cut({"LB": [ALB, lb(2, "ALT", "2024-01-01", "33")]}), ["LB value changed LBORRES 27 33"], (0, 0, 1, 0)),
    ("digits of a value", BASE, Cut({"LB": [ALB, lb(2, "ALT", "2024-01-01", "27.0")]}),
     ["LB length changed LBORRES 2 4", "LB value changed LBORRES 27 27.0"], (0, 0, 1, 0)),
    ("a record before others", BASE, Cut({"LB": [lb(1, "AFP", "2024-01-01", "3"), lb(2, "ALB", "2024-01-01", "40"), lb(3, "ALT", "2024-01-01", "27")]}),
     ["LB record added"], (1, 0, 0, 2)),
    ("a record less", BASE, Cut({"LB": [ALB]}), ["LB record removed"], (0, 1, 0, 0)),
    ("a date, no trace", BASE, Cut({"LB": [ALB, lb(2, "ALT", "2024-01-02", "27")]}),
     ["LB record removed", "LB record added"], (1, 1, 0, 0)),
    ("a date, traced", TRACED, replace(TRACED, datasets={"LB": [ALB, lb(2, "ALT", "2024-01-02", "27")]}),
     ["LB value changed LBDTC 2024-01-01 2024-01-02"], (0, 0, 1, 0)),
    ("a variable", BASE, Cut({"LB": [{**ALB, "LBNAM": "X"}, {**ALT, "LBNAM": ""}]}),
     ["LB variable added LBNAM LBNAM", "LB value changed LBNAM X"], (0, 0, 1, 0)),
    ("a type", Cut({"LB": [{**ALB, "LBX": "1"}]}), Cut({"LB": [{**ALB, "LBX": 1.0}]}),
     ["LB length changed LBX 1 8", "LB type changed LBX Char Num"], (0, 0, 0, 0)),
    ("a label", BASE, replace(BASE, labels={"LBORRES": "Result", "LB": "Labs"}),
     ["LB dataset label changed LB Labs", "LB label changed LBORRES LBORRES Result"], (0, 0, 0, 0)),
]  # fmt: skip
IDS = [case[0] for case in CASES]


@pytest.mark.parametrize(("old", "new", "lines", "counts"), [case[1:] for case in CASES], ids=IDS)
def test_change(old: Cut, new: Cut, lines: list[str], counts: tuple[int, ...], tmp_path: Path) -> None:
    found = compare(tmp_path, old, new)
    assert sorted(tell(found)) == sorted(lines)
    assert count(found, "LB") == counts
    assert found.differs == bool(lines)


MIRRORED = {
    "record added": "record removed",
    "variable added": "variable removed",
    "dataset added": "dataset removed",
}
MIRRORED |= {after: before for before, after in MIRRORED.items()}


@pytest.mark.parametrize(("old", "new"), [case[1:3] for case in CASES], ids=IDS)
def test_the_cuts_exchanged(old: Cut, new: Cut, tmp_path: Path) -> None:
    columns = ["dataset", "change", "variable", "old", "new"]
    there, back = compare(tmp_path / "there", old, new).changes, compare(tmp_path / "back", new, old).changes
    turned = there.rename(columns={"old": "new", "new": "old"}).assign(
        change=there["change"].replace(MIRRORED)
    )
    assert sorted(turned[columns].itertuples(index=False)) == sorted(back[columns].itertuples(index=False))


def test_renumbered_records_are_listed_when_asked(tmp_path: Path) -> None:
    new = Cut({"LB": [lb(1, "AFP", "2024-01-01", "3"), {**ALB, "LBSEQ": 2}, {**ALT, "LBSEQ": 3}]})
    found = compare(tmp_path, BASE, new, renumbered=True).changes
    moved = found[found["change"] == "record renumbered"]
    assert moved[["key", "old_seq", "new_seq"]].to_numpy().tolist() == [
        ["LBTESTCD=ALB LBDTC=2024-01-01", "1", "2"],
        ["LBTESTCD=ALT LBDTC=2024-01-01", "2", "3"],
    ]


def test_a_dataset_more_is_told_with_its_records(tmp_path: Path) -> None:
    vs = {"STUDYID": "S", "DOMAIN": "VS", "USUBJID": "S-1", "VSSEQ": 1, "VSTESTCD": "TEMP", "VSORRES": "36.5"}
    found = compare(tmp_path, BASE, Cut({**BASE.datasets, "VS": [vs]}))
    assert tell(found) == ["VS dataset added VS", "VS record added"]
    assert found.changes["key"].tolist() == ["", "VSTESTCD=TEMP"]
    assert count(found, "VS") == (1, 0, 0, 0)


def test_records_of_one_key_are_paired_by_their_resource(tmp_path: Path) -> None:
    """Two results of one test and day; the second hospital record comes first now, and has been amended."""
    old = Cut(
        {"LB": [lb(1, "ALT", "2024-01-01", "27"), lb(2, "ALT", "2024-01-01", "30")]},
        [Resource("a"), Resource("b")],
        {"LB": [[0], [1]]},
    )
    new = Cut(
        {"LB": [lb(1, "ALT", "2024-01-01", "31"), lb(2, "ALT", "2024-01-01", "27")]},
        [Resource("a"), Resource("b", "c")],
        {"LB": [[1], [0]]},
    )
    assert tell(compare(tmp_path, old, new)) == ["LB value changed LBORRES 30 31"]


def test_records_of_one_key_without_trace_are_paired_by_content_then_order(tmp_path: Path) -> None:
    old = Cut({"LB": [lb(at, "ALT", "2024-01-01", value) for at, value in enumerate(["27", "30", "35"], 1)]})
    new = Cut(
        {"LB": [lb(at, "ALT", "2024-01-01", value) for at, value in enumerate(["31", "27", "36", "40"], 1)]}
    )
    found = compare(tmp_path, old, new)
    assert tell(found) == [
        "LB record added",
        "LB value changed LBORRES 30 31",
        "LB value changed LBORRES 35 36",
    ]
    assert found.changes.loc[0, "new_seq"] == "4"


def test_an_interval_that_goes_on_is_the_same_record(tmp_path: Path) -> None:
    """EXENDTC is part of the key; doses that both cuts have behind it say that it is one interval."""
    ex = {
        "STUDYID": "S",
        "DOMAIN": "EX",
        "USUBJID": "S-1",
        "EXSEQ": 1,
        "EXTRT": "X",
        "EXDOSE": 180.0,
        "EXSTDTC": "2024-01-01",
    }
    doses = [Resource(name) for name in "abcd"]
    old = Cut({"EX": [{**ex, "EXENDTC": "2024-01-08"}]}, doses[:2], {"EX": [[0, 1]]})
    new = Cut(
        {
            "EX": [
                {**ex, "EXENDTC": "2024-01-15"},
                {**ex, "EXSEQ": 2, "EXSTDTC": "2024-02-01", "EXENDTC": "2024-02-01"},
            ]
        },
        doses,
        {"EX": [[0, 1, 2], [3]]},
    )
    found = compare(tmp_path, old, new)
    assert tell(found) == ["EX value changed EXENDTC 2024-01-08 2024-01-15", "EX record added"]
    assert found.changes["why"].tolist() == ["other resource", "new resource"]


def test_parts_are_compared_as_the_domain_that_they_are_of(tmp_path: Path) -> None:
    chemistry, urine = (
        {**ALT, "LBCAT": "CHEMISTRY"},
        {**lb(3, "PROT", "2024-01-01", "1"), "LBCAT": "URINALYSIS"},
    )
    whole, parts = Cut({"LB": [chemistry, urine]}), Cut({"LBCH": [chemistry], "LBUR": [urine]})
    found = compare(tmp_path, whole, parts)
    assert tell(found) == [
        "LB dataset parts changed LB LBCH LBUR",
        *[line for line in tell(found) if "length" in line],
    ]
    assert count(found, "LB") == (0, 0, 0, 0)


def test_groups_that_are_only_renamed(tmp_path: Path) -> None:
    old = Cut({"LB": [{**ALB, "LBGRPID": "P1"}, {**ALT, "LBGRPID": "P1"}]})
    renamed = Cut({"LB": [{**ALB, "LBGRPID": "P2"}, {**ALT, "LBGRPID": "P2"}]})
    split = Cut({"LB": [{**ALB, "LBGRPID": "P1"}, {**ALT, "LBGRPID": "P2"}]})
    assert count(compare(tmp_path / "renamed", old, renamed), "LB") == (0, 0, 0, 2)
    found = compare(tmp_path / "split", old, split)
    assert tell(found) == ["LB value changed LBGRPID P1 P2"]
    assert count(found, "LB") == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("dataset", "message"),
    [("VS", "neither cut has a dataset VS; they have LB"), ("lb", None)],
)
def test_datasets_asked_for(dataset: str, message: str | None, tmp_path: Path) -> None:
    from hbv_standards.compare import compare_cuts

    old, new = (write_cut(tmp_path / name, BASE) for name in ("old", "new"))
    if message is None:
        assert compare_cuts(old, new, datasets=[dataset]).datasets["dataset"].tolist() == ["LB"]
        return
    with pytest.raises(ConfigurationError, match=message):
        compare_cuts(old, new, datasets=[dataset])
