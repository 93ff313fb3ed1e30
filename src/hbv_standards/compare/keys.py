"""What a record of a dataset is known by: natural key and topic, never a sequence number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from hbv_standards.compare.columns import choose_present, show_column
from hbv_standards.compare.data_cut import CutDataset

SUBJECTS = ("USUBJID", "RSUBJID", "APID")
"""Variables that name the subject of a record, the first that a dataset has."""

_IDENTIFIERS = ("STUDYID", "DOMAIN", *SUBJECTS)
_SEQUENCE = re.compile(r"[A-Z]{2}SEQ")
_GROUP = re.compile(r"[A-Z]{2}GRPID|RELID")
_TOPIC = re.compile(r"[A-Z]{2}(?:TESTCD|TRT|TERM|DECOD|OBJ)|(?:ET|TSPARM)CD|TAETORD|QNAM")
# Variables of the model that tell records of one subject apart, for datasets of which no key is stated.
_TELLING = re.compile(
    r"[A-Z]{2}(?:TESTCD|TRT|TERM|DECOD|OBJ|PARMCD|CAT|SCAT|SPEC|LOC|LAT|METHOD|TSTDTL|REFID|SPID|DTC|STDTC|ENDTC|DOSE)"
    r"|ETCD|ARMCD|TAETORD|VISITNUM|RDOMAIN|IDVAR|IDVARVAL|QNAM|TIVERS"
)


@dataclass(frozen=True, slots=True)
class RecordKey:
    """Variables by which the records of a dataset are matched.

    ``key`` is the natural key without STUDYID and --SEQ, ``topic`` its part that says what was observed,
    ``subject`` the variable of the subject, empty where the dataset has none; ``numbers`` are the
    variables whose value only numbers records, ``groups`` those that name groups of records.
    """

    key: tuple[str, ...]
    topic: tuple[str, ...]
    subject: str
    numbers: tuple[str, ...]
    groups: tuple[str, ...]


def find_key(old: CutDataset, new: CutDataset, stated: Mapping[str, Sequence[str]]) -> RecordKey:
    """The key of a dataset: that of its define.xml in either cut, else the one ``stated``, else by role.

    A variable that one of the cuts has not is no part of it, nor a --SEQ, which moves when a record is
    inserted, nor RELID, which may be made of one.
    """
    names = [*new.keys, *old.keys] or list(stated.get(new.name, ()))
    variables = choose_present([str(name) for name in new.frame], old.frame)
    key = [name for name in choose_present(names, old.frame, new.frame) if _is_natural(name)]
    if all(name in _IDENTIFIERS for name in key) and new.name != "DM":
        key = [name for name in variables if name in SUBJECTS or _TELLING.fullmatch(name)]
    return RecordKey(
        key=tuple(key),
        topic=tuple(name for name in key if _TOPIC.fullmatch(name)),
        subject=next((name for name in SUBJECTS if name in variables), ""),
        numbers=tuple(name for name in variables if _SEQUENCE.fullmatch(name)),
        groups=tuple(name for name in variables if _GROUP.fullmatch(name)),
    )


def _is_natural(name: str) -> bool:
    return name != "STUDYID" and not _SEQUENCE.fullmatch(name) and name != "RELID"


def read_stated_keys() -> dict[str, tuple[str, ...]]:
    """Dataset → keys of the package's specs, for cuts without define.xml."""
    # Here, because cuts of this library have define.xml and the specs take half a second to import.
    from hbv_standards.mapping.locate import locate_mappings
    from hbv_standards.sdtm.spec import read_specs

    return {name: spec.keys for name, spec in read_specs(locate_mappings() / "specs").items()}


def phrase_keys(frame: pd.DataFrame, rows: Sequence[int], key: RecordKey) -> list[str]:
    """``LBTESTCD=ALT LBDTC=2024-05-01`` for each of the rows; the subject has a column of its own."""
    names = [name for name in key.key if name != key.subject]
    columns = [show_column(frame[name].iloc[list(rows)]) for name in names]
    return [
        " ".join(f"{name}={value}" for name, value in zip(names, values, strict=True) if value)
        for values in zip(*columns, strict=True)
    ] or [""] * len(rows)
