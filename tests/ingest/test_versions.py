"""Which version of a resource counts."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.versions import Version, compare_versions, rank_versions, read_time


def build_version(number: int, **facts: Any) -> Version:
    known: dict[str, Any] = {
        "row": number, "source_id": number, "version_id": "", "time": None, "bundle": (0, ""), "order": 0,
        "sha256": f"{number:02x}", "reason": "", "deleted": False, "place": f"line {number}",
    }  # fmt: skip
    return Version(**{**known, **facts})


VERSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "version_id": st.sampled_from(["", "1", "2", "10", "a"]),
            "time": st.sampled_from([None, 1.0, 2.0]),
            "order": st.sampled_from([0, -1, -2]),
            "sha256": st.sampled_from(["aa", "bb"]),
            "reason": st.sampled_from(["", "HBV-ING-008", "HBV-ING-005"]),
            "deleted": st.booleans(),
        }
    ),
    min_size=2,
    max_size=5,
)


@given(VERSIONS, st.randoms(use_true_random=False))
def test_the_order_in_which_versions_come_has_no_say(facts: list[dict[str, Any]], rng: random.Random) -> None:
    versions = [build_version(number, **known) for number, known in enumerate(facts)]
    ranked = rank_versions(versions)
    rng.shuffle(versions)
    assert rank_versions(versions) == ranked


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"version_id": "9"}, {"version_id": "10"}),
        ({"version_id": "1", "time": 9.0}, {"version_id": "2", "time": 1.0}),
        ({"version_id": "a", "time": 1.0}, {"version_id": "9", "time": 2.0}),
        ({"time": 1.0}, {"time": 2.0}),
        ({}, {"time": 1.0}),
        ({}, {"version_id": "1"}),
        ({"order": -2}, {"order": -1}),
        ({"version_id": "7", "time": 7.0}, {"deleted": True}),
        ({"deleted": True, "order": -2}, {"order": -1}),
        ({"reason": "HBV-ING-005", "sha256": "ff"}, {}),
        ({"sha256": "ff"}, {"reason": "HBV-ING-008"}),
        ({"sha256": "aa"}, {"sha256": "bb"}),
    ],
)
def test_newest(older: dict[str, Any], newer: dict[str, Any]) -> None:
    one, other = build_version(1, **older), build_version(0, **newer)
    assert rank_versions([other, one]) == [one, other]


@pytest.mark.parametrize(
    ("loser", "winner", "contents", "reason"),
    [
        ({"version_id": "1"}, {"version_id": "2"}, {}, "older version"),
        ({"sha256": "a"}, {"sha256": "a"}, {}, "HBV-ING-011"),
        ({"sha256": "a"}, {"sha256": "b"}, {}, "HBV-ING-007"),
        ({"sha256": "a"}, {"sha256": "b"}, {0: 5, 1: 5}, "HBV-ING-011"),
        ({"sha256": "a"}, {"sha256": "b"}, {0: 5, 1: 6}, "HBV-ING-007"),
        ({"sha256": "a"}, {"sha256": "b", "reason": "HBV-ING-008"}, {0: 0, 1: 0}, "HBV-ING-007"),
        ({}, {"deleted": True}, {}, "older version"),
        ({"order": -2}, {"order": -1}, {}, "older version"),
    ],
)
def test_why_a_version_gives_way(
    loser: dict[str, Any], winner: dict[str, Any], contents: dict[int, int], reason: str
) -> None:
    assert compare_versions(build_version(0, **loser), build_version(1, **winner), contents) == reason


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T08:00:00+08:00", 0.0),
        ("1970-01-01T00:00:01.500Z", 1.5),
        ("1970-01-01T00:00:01", 1.0),
        ("1970", None),
        ("", None),
        ("soon", None),
    ],
)
def test_times_are_compared_as_moments(text: str, seconds: float | None) -> None:
    assert read_time(text) == seconds


def test_a_whole_export_sent_again_is_quick_and_told_once(read: Any) -> None:
    lines = [
        f'{{"resourceType":"Observation","id":"{n}","status":"final","code":{{"text":"x"}}}}'
        for n in range(3000)
    ]
    found = read(
        {
            "a/january.ndjson": lines,
            "a/february.ndjson": lines,
            "a/march.ndjson": [line[:-1] + " }" for line in lines],
        }
    )
    assert len(found.fhir.tables["observation"]) == 3000
    assert set(found.fhir.sources["reason"]) == {"", "HBV-ING-011"}
    counted = found.log.to_frame(found.fhir.sources)
    assert set(counted["code"]) == {"HBV-ING-011"}
    assert counted["count"].sum() == 6000
    assert len(counted) <= 3
