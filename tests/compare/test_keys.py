"""What a record is known by: the stated key without numbers, or the variables that tell records apart."""

from __future__ import annotations

import pandas as pd
import pytest

from hbv_standards.compare.data_cut import CutDataset
from hbv_standards.compare.keys import find_key, phrase_keys, read_stated_keys

LB = ("STUDYID", "DOMAIN", "USUBJID", "LBSEQ", "LBGRPID", "LBTESTCD", "LBORRES", "LBDTC")


def dataset(names: tuple[str, ...], keys: tuple[str, ...] = (), name: str = "LB") -> CutDataset:
    return CutDataset(
        name, name, (name,), {}, pd.DataFrame({each: pd.Series(dtype="str") for each in names}), keys, None
    )


# what states the key; old variables and key; new ones; key of the specs; expected
CASES = {
    "define.xml of the new cut": (LB, (), LB, ("STUDYID", "USUBJID", "LBTESTCD"), (), ("USUBJID", "LBTESTCD")),
    "define.xml of either cut": (LB, ("USUBJID", "LBDTC"), LB, ("USUBJID", "LBTESTCD"), (), ("USUBJID", "LBTESTCD", "LBDTC")),
    "the specs": (LB, (), LB, (), ("STUDYID", "USUBJID", "LBDTC"), ("USUBJID", "LBDTC")),
    "define.xml before the specs": (LB, (), LB, ("USUBJID", "LBTESTCD"), ("USUBJID", "LBDTC"), ("USUBJID", "LBTESTCD")),
    "a variable that one cut lacks": (LB[:-1], (), LB, ("USUBJID", "LBTESTCD", "LBDTC"), (), ("USUBJID", "LBTESTCD")),
    "a key of numbers alone": (LB, (), LB, ("STUDYID", "USUBJID", "LBSEQ"), (), ("USUBJID", "LBTESTCD", "LBDTC")),
    "nothing": (LB, (), LB, (), (), ("USUBJID", "LBTESTCD", "LBDTC")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "old_keys", "new", "new_keys", "stated", "expected"), CASES.values(), ids=CASES.keys()
)
def test_key(
    old: tuple[str, ...], old_keys: tuple[str, ...], new: tuple[str, ...], new_keys: tuple[str, ...],
    stated: tuple[str, ...], expected: tuple[str, ...],
) -> None:  # fmt: skip
    key = find_key(dataset(old, old_keys), dataset(new, new_keys), {"LB": stated})
    assert key.key == expected
    assert key.topic == tuple(name for name in expected if name == "LBTESTCD")
    assert (key.subject, key.numbers, key.groups) == ("USUBJID", ("LBSEQ",), ("LBGRPID",))


def test_the_key_of_dm_is_the_subject() -> None:
    dm = dataset(("STUDYID", "USUBJID", "ARMCD"), ("STUDYID", "USUBJID"), "DM")
    assert find_key(dm, dm, {}).key == ("USUBJID",)


def test_the_subject_of_an_associated_person() -> None:
    persons = dataset(
        ("STUDYID", "APID", "MHSEQ", "RSUBJID", "MHTERM"), ("STUDYID", "APID", "MHTERM"), "APMH"
    )
    assert find_key(persons, persons, {}).subject == "RSUBJID"


def test_keys_of_the_specs() -> None:
    assert read_stated_keys()["DM"] == ("STUDYID", "USUBJID")


def test_phrases_leave_out_what_is_missing() -> None:
    frame = pd.DataFrame(
        {"USUBJID": ["S-1", "S-2"], "VSTESTCD": ["TEMP", ""], "VISITNUM": [1.0, float("nan")]}
    )
    key = find_key(
        dataset(("USUBJID", "VSTESTCD", "VISITNUM")), dataset(("USUBJID", "VSTESTCD", "VISITNUM")), {}
    )
    assert phrase_keys(frame, [0, 1], key) == ["VSTESTCD=TEMP VISITNUM=1", ""]
