"""Why a value differs, as far as the traces of both cuts tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from .cut_folders import Cut, Record, Resource, compare


def lb(result: str, **more: str) -> Record:
    return {
        "STUDYID": "S",
        "DOMAIN": "LB",
        "USUBJID": "S-1",
        "LBSEQ": 1,
        "LBTESTCD": "ALT",
        "LBDTC": "2024-01-01",
        "LBORRES": result,
        **more,
    }


def cut(result: str, *resources: Resource, manifest: dict[str, object] | None = None) -> Cut:
    """One record with the first of the resources behind it."""
    return Cut({"LB": [lb(result)]}, resources, {"LB": [[0]]}, manifest=manifest or {})


TABLE_1, TABLE_2 = ({"mapping_tables": {"sites/x/units.csv": sha}} for sha in ("1", "2"))

# old; new; why; old source; new source
CASES = {
    "amended, version": (cut("1", Resource("a", "a", "1")), cut("2", Resource("a", "b", "2")),
                         ("amended", "site Observation/a version 1", "site Observation/a version 2")),
    "amended, no version": (cut("1", Resource("a", "a")), cut("2", Resource("a", "b")),
                            ("amended", "site Observation/a (sha256 aaaaaaaaaaaa)", "site Observation/a (sha256 bbbbbbbbbbbb)")),
    "amended under its version": (cut("1", Resource("a", "a", "1")), cut("2", Resource("a", "b", "1")),
                                  ("amended", "site Observation/a version 1 (sha256 aaaaaaaaaaaa)", "site Observation/a version 1 (sha256 bbbbbbbbbbbb)")),
    "another resource": (cut("1", Resource("a", version="1")), cut("2", Resource("b", version="1")),
                         ("other resource", "site Observation/a version 1", "site Observation/b version 1")),
    "same source": (cut("1", Resource("a", version="1")), cut("2", Resource("a", version="1")),
                    ("same source", "site Observation/a version 1", "site Observation/a version 1")),
    "a resource without id": (cut("1", Resource("", "a", type="Patient")), cut("2", Resource("", "b", type="Patient")),
                              ("other resource", "site Patient (sha256 aaaaaaaaaaaa)", "site Patient (sha256 bbbbbbbbbbbb)")),
    "no trace": (Cut({"LB": [lb("1")]}), Cut({"LB": [lb("2")]}), ("", "", "")),
    "no trace in one cut": (Cut({"LB": [lb("1")]}), cut("2", Resource("a")), ("", "", "")),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), CASES.values(), ids=CASES.keys())
def test_reason(old: Cut, new: Cut, told: tuple[str, str, str], tmp_path: Path) -> None:
    changes = compare(tmp_path, old, new).changes
    assert changes[["variable", "old", "new"]].to_numpy().tolist() == [["LBORRES", "1", "2"]]
    assert tuple(changes.loc[0, ["why", "old_source", "new_source"]]) == told


@pytest.mark.parametrize(
    ("new_table", "mapping_row", "why"),
    [
        (TABLE_2, "sites/x/units.csv:4", "mapping table"),
        (TABLE_1, "sites/x/units.csv:4", "same source"),
        (TABLE_2, "concepts/lb.csv:4", "same source"),
        ({}, "sites/x/units.csv:4", "same source"),
    ],
)
def test_a_table_that_the_trace_names(
    new_table: dict[str, object], mapping_row: str, why: str, tmp_path: Path
) -> None:
    cells = {"LB": [(0, "LBORRES", 0, mapping_row)]}
    old = replace(cut("1", Resource("a"), manifest=TABLE_1), cells=cells)
    new = replace(cut("2", Resource("a"), manifest=new_table), cells=cells)
    assert compare(tmp_path, old, new).changes["why"].tolist() == [why]


@pytest.mark.parametrize(
    ("known", "why", "old_source"),
    [
        ([], "new resource", ""),
        ([Resource("b", "c", "1")], "amended", "site Observation/b version 1"),
        ([Resource("b", "a", "2", disposition="out of scope", reason="HBV-SDTM-010")], "same source",
         "site Observation/b version 2: out of scope (HBV-SDTM-010)"),
        ([Resource("b", "x", "1", disposition="superseded"), Resource("b", "a", "2", disposition="rejected", reason="HBV-MAP-001")],
         "same source", "site Observation/b version 2: rejected (HBV-MAP-001)"),
    ],
)  # fmt: skip
def test_a_record_that_is_new(known: list[Resource], why: str, old_source: str, tmp_path: Path) -> None:
    """What the old cut made of the same resource, if it had it; mirrored for a record that went."""
    first, second = lb("1"), {**lb("2"), "LBSEQ": 2, "LBDTC": "2024-02-01"}
    small = Cut({"LB": [first]}, [Resource("a"), *known], {"LB": [[0]]})
    large = Cut({"LB": [first, second]}, [Resource("a"), Resource("b", "a", "2")], {"LB": [[0], [1]]})
    added, removed = (
        compare(tmp_path / name, *cuts).changes
        for name, cuts in (("there", (small, large)), ("back", (large, small)))
    )
    assert added[["change", "why", "old_source", "new_source"]].to_numpy().tolist() == [
        ["record added", why, old_source, "site Observation/b version 2"]
    ]
    assert removed[["change", "why", "new_source", "old_source"]].to_numpy().tolist() == [
        [
            "record removed",
            {"new resource": "resource gone"}.get(why, why),
            old_source,
            "site Observation/b version 2",
        ]
    ]


def test_a_value_that_only_one_cut_has_is_looked_up_in_the_other(tmp_path: Path) -> None:
    """The old cut left the resource out from which the new one has the end date."""
    stop = Resource("stop", "a", "1", disposition="out of scope", reason="HBV-SDTM-010")
    old = Cut({"LB": [lb("1", LBENDTC="")]}, [Resource("a"), stop], {"LB": [[0]]})
    new = Cut(
        {"LB": [lb("1", LBENDTC="2024-03-01")]},
        [Resource("a"), replace(stop, disposition="converted", reason="")],
        {"LB": [[0]]},
        {"LB": [(0, "LBENDTC", 1, "")]},
    )
    changes = compare(tmp_path, old, new).changes
    value = changes[changes["change"] == "value changed"]
    assert value[["why", "old_source", "new_source"]].to_numpy().tolist() == [
        [
            "same source",
            "site Observation/stop version 1: out of scope (HBV-SDTM-010)",
            "site Observation/stop version 1",
        ]
    ]


def test_many_resources_are_counted_and_those_that_differ_come_first(tmp_path: Path) -> None:
    resources = [Resource(name, version="1") for name in "abcde"]
    old = Cut({"LB": [lb("1")]}, resources, {"LB": [[0, 1, 2, 3, 4]]})
    new = Cut({"LB": [lb("2")]}, [*resources[:4], Resource("e", "b", "2")], {"LB": [[0, 1, 2, 3, 4]]})
    sources = compare(tmp_path, old, new).changes["new_source"].tolist()
    assert sources == [
        "site Observation/e version 2; site Observation/a version 1; site Observation/b version 1; and 2 more"
    ]
