"""Datasets that are too large for one transport file, in parts (SDTMIG 4.1.7).

A part keeps DOMAIN, the variables, their lengths and the --SEQ of the whole; it has a name and a label of
its own. A domain goes by category where every record has one and each category fits (LBCH, LBHE), else by
ranges of subjects (LB1, LB2). Supplemental qualifiers go with the records that they qualify (SUPPLBCH).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.errors import ExportError
from hbv_standards.export.split_names import name_by_category, name_by_number, name_supplement, number_label
from hbv_standards.export.xpt_header import NAMESTR_BYTES, RECORD_BYTES, XptMember
from hbv_standards.sdtm.dataset import Dataset, Split

SIZE_LIMITS = {"fda": 5_000_000_000, "nmpa": 4_000_000_000}
"""Bytes of a transport file that an agency takes: FB2401 and TCG 3.3.2; the draft of CDE, 2019."""

SPLITTABLE = ("INTERVENTIONS", "EVENTS", "FINDINGS", "FINDINGS ABOUT")
"""Classes of which a domain may be submitted in several datasets."""

_HEADER_RECORDS = 9  # all but the NAMESTR of the variables

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """A dataset as it is written: a whole one, or a part of one, with the header of its file."""

    dataset: Dataset
    member: XptMember


@dataclass(frozen=True, slots=True)
class _Plan:
    """Names of the parts, and the part of every row of each dataset that is split."""

    names: Sequence[str]
    codes: Sequence[Codes]


def split_datasets(
    datasets: Mapping[str, Dataset], members: Mapping[str, XptMember], limit_bytes: int
) -> dict[str, Part]:
    """All datasets by the name of their file, none of them over the limit. Raises as :func:`split_dataset`."""
    parts: list[Part] = []
    for name, dataset in sorted(datasets.items()):
        if name.startswith("SUPP") and name.removeprefix("SUPP") in datasets:
            continue  # goes with its parent
        extra = f"SUPP{name}"
        supplement = Part(datasets[extra], members[extra]) if extra in datasets else None
        parts += split_dataset(
            dataset, members[name], limit_bytes, supplement=supplement, reserved=set(datasets)
        )
    return {part.dataset.name: part for part in parts}


def split_dataset(
    dataset: Dataset,
    member: XptMember,
    limit_bytes: int,
    *,
    supplement: Part | None = None,
    reserved: Collection[str] = (),
) -> list[Part]:
    """Parts of a dataset, and of the supplemental one that goes with it, of which no file exceeds the limit.

    Args:
        dataset: the whole; it is the only part when its file is small enough.
        member: header of its file; the parts have its variables and lengths.
        limit_bytes: most bytes of a file.
        supplement: the supplemental qualifiers of ``dataset``.
        reserved: names that no part may have, besides those of the guide.

    Raises:
        ExportError: a dataset of this class is not split, or the records of one subject exceed the limit.
    """
    whole = [Part(dataset, member), *([supplement] if supplement else [])]
    room = np.array([compute_room(part.member, limit_bytes) for part in whole])
    if all(len(part.dataset.frame) <= rows for part, rows in zip(whole, room, strict=True)):
        return whole
    if dataset.spec.cls not in SPLITTABLE:
        raise ExportError(
            f"{_phrase_size(whole, limit_bytes)}; a dataset of class {dataset.spec.cls} is not split "
            "(SDTMIG 4.1.7): raise --max-bytes, or leave records out by --cutoff"
        )
    plan = _plan_by_category(whole, room, reserved) or _plan_by_subject(whole, room, limit_bytes, reserved)
    return [
        part
        for at, (each, codes) in enumerate(zip(whole, plan.codes, strict=True))
        for part in _cut(each, codes, plan.names if at == 0 else [name_supplement(n) for n in plan.names])
    ]


def compute_xpt_bytes(member: XptMember, rows: int) -> int:
    """Bytes of the transport file of ``rows`` observations: header and observations, in whole records."""
    header = _HEADER_RECORDS + -(-NAMESTR_BYTES * len(member.variables) // RECORD_BYTES)
    return (header + -(-rows * _compute_row_bytes(member) // RECORD_BYTES)) * RECORD_BYTES


def compute_room(member: XptMember, limit_bytes: int) -> int:
    """Most observations of a file of at most ``limit_bytes``."""
    records = (limit_bytes - compute_xpt_bytes(member, 0)) // RECORD_BYTES
    return max(0, records * RECORD_BYTES // _compute_row_bytes(member))


def _compute_row_bytes(member: XptMember) -> int:
    return sum(variable.length for variable in member.variables)


def _phrase_size(whole: Sequence[Part], limit_bytes: int) -> str:
    sizes = [(compute_xpt_bytes(part.member, len(part.dataset.frame)), part) for part in whole]
    size, part = next((size, part) for size, part in sizes if size > limit_bytes)
    return f"{part.dataset.name} would have {size:,} bytes, the limit is {limit_bytes:,}"


def _plan_by_category(
    whole: Sequence[Part], room: npt.NDArray[np.int64], reserved: Collection[str]
) -> _Plan | None:
    """One part for each value of --CAT; None where a record has none, or one value is too large."""
    dataset = whole[0].dataset
    category = f"{dataset.spec.prefix}CAT"
    if category not in dataset.frame or dataset.frame[category].isna().any():
        return None
    numbers, found = pd.factorize(dataset.frame[category], sort=True)
    codes = [numbers.astype("int64")]
    for supplement in whole[1:]:
        followed = _follow_records(supplement.dataset.frame, dataset, codes[0])
        if followed is None:
            return None
        codes.append(followed)
    counts = _count_rows(codes, len(found))
    if (counts > room[:, None]).any():
        return None
    names = name_by_category(dataset.spec.name, [str(value) for value in found], reserved)
    return _Plan(names, codes) if names else None


def _follow_records(qualifiers: pd.DataFrame, dataset: Dataset, codes: Codes) -> Codes | None:
    """Part of every supplemental record by that of the record it names; None where one names no single one."""
    seq, subject = f"{dataset.spec.prefix}SEQ", _find_subject(dataset)
    if seq not in dataset.frame or subject is None or not (qualifiers["IDVAR"] == seq).all():
        return None
    numbers = dataset.frame[seq].map(lambda number: f"{number:.15g}")
    records = pd.MultiIndex.from_arrays([dataset.frame[subject].astype("str"), numbers])
    if not records.is_unique:
        return None
    keys = (_choose_column(qualifiers, subject), "IDVARVAL")
    named = pd.MultiIndex.from_arrays([qualifiers[name].astype("str") for name in keys])
    position = records.get_indexer(named)
    return None if (position < 0).any() else codes[position]


def _find_subject(dataset: Dataset) -> str | None:
    return next((name for name in ("USUBJID", "APID") if name in dataset.frame), None)


def _plan_by_subject(
    whole: Sequence[Part], room: npt.NDArray[np.int64], limit_bytes: int, reserved: Collection[str]
) -> _Plan:
    """As few ranges of subjects as possible, in the order of their identifiers."""
    dataset = whole[0].dataset
    subject = _find_subject(dataset)
    if subject is None:
        raise ExportError(
            f"{_phrase_size(whole, limit_bytes)} and no subjects to split it by; raise --max-bytes"
        )
    columns = [part.dataset.frame[_choose_column(part.dataset.frame, subject)].fillna("") for part in whole]
    subjects = np.unique(np.concatenate([column.unique().astype(object) for column in columns]))
    codes = [pd.Index(subjects).get_indexer(pd.Index(column)).astype("int64") for column in columns]
    counts = _count_rows(codes, len(subjects))
    if (large := np.flatnonzero((counts > room[:, None]).any(axis=0))).size:
        raise ExportError(
            f"{_phrase_size(whole, limit_bytes)}, and the records of subject {subjects[large[0]]} alone exceed it; "
            "a subject is not divided: raise --max-bytes, or leave records out by --cutoff"
        )
    ranges = _fill_ranges(counts, room)
    names = name_by_number(dataset.spec.name, int(ranges[-1]) + 1, reserved)
    return _Plan(names, [ranges[each] for each in codes])


def _choose_column(frame: pd.DataFrame, subject: str) -> str:
    return subject if subject in frame else "USUBJID"


def _count_rows(codes: Sequence[Codes], kinds: int) -> npt.NDArray[np.int64]:
    """Rows by dataset and kind: shape (datasets, kinds)."""
    return np.array([np.bincount(each, minlength=kinds) for each in codes], dtype=np.int64)


def _fill_ranges(counts: npt.NDArray[np.int64], room: npt.NDArray[np.int64]) -> Codes:
    """Number of the range of each subject: a range ends before the subject that would not fit into it."""
    ranges = np.zeros(counts.shape[1], dtype=np.int64)
    used, number = np.zeros_like(room), 0
    for at, rows in enumerate(counts.T):
        if (used + rows > room).any():
            used, number = np.zeros_like(room), number + 1
        used = used + rows
        ranges[at] = number
    return ranges


def _cut(whole: Part, codes: Codes, names: Sequence[str]) -> list[Part]:
    """The parts that have rows (an empty dataset is not submitted, SDTMIG 3.2)."""
    parts = []
    for number, name in enumerate(names):
        rows = np.flatnonzero(codes == number)
        if len(rows):
            label = number_label(whole.dataset.label, number + 1)
            dataset = _take_rows(whole.dataset, rows, Split(name, label, whole.dataset.frame))
            parts.append(Part(dataset, replace(whole.member, name=name, label=label)))
    return parts


def _take_rows(dataset: Dataset, rows: npt.NDArray[np.intp], split: Split) -> Dataset:
    moved = np.full(len(dataset.frame), -1, dtype=np.int64)
    moved[rows] = np.arange(len(rows))
    qualifiers = dataset.qualifiers
    return replace(
        dataset,
        frame=dataset.frame.iloc[rows].reset_index(drop=True),
        trace=_move_rows(dataset.trace, moved),
        qualifiers=None if qualifiers is None else _move_rows(qualifiers, moved),
        split=split,
    )


def _move_rows(table: pd.DataFrame, moved: Codes) -> pd.DataFrame:
    """What refers to rows that were kept, with their new place."""
    row = moved[table["row"].to_numpy()]
    kept: pd.DataFrame = table[row >= 0].assign(row=row[row >= 0]).reset_index(drop=True)
    return kept
