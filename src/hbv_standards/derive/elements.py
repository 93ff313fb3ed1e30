"""Subject elements (SE): the periods of the trial that a subject really went through."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from hbv_standards.derive.dates import parse_dtc
from hbv_standards.study import Arm, Element

UNPLANNED = "UNPLAN"
"""ETCD of an element that the trial does not plan (SDTMIG 5.3)."""

COLUMNS = ("subject_id", "ETCD", "ELEMENT", "TAETORD", "EPOCH", "SESTDTC", "SEENDTC", "SEUPDES")


def derive_elements(
    subjects: pd.DataFrame, arms: Sequence[Arm], elements: Sequence[Element], epochs: Sequence[str]
) -> pd.DataFrame:
    """Elements of every subject, in order, with ``start`` and ``end`` as dates beside the SE variables.

    Args:
        subjects: ``subject_id, RFICDTC, RFXSTDTC, RFPENDTC, ARMCD, ACTARMCD, ACTARMUD`` (ISO text)
            and ``ended`` (bool: participation is over).
        arms, elements, epochs: the trial design of ``study.yaml``.

    The elements before treatment are those of the first epoch and start with informed consent; the
    treatment element is the first cell of another epoch of the *actual* arm and starts with the
    first study dose. An element ends where the next one starts; the last ends with participation
    and is open while that goes on. Without the date that starts an element there is no element
    (SESTDTC is never null). Treatment outside every arm is ``UNPLAN`` with SEUPDES.
    """
    cells = _build_cells(arms, elements, epochs)
    screening = _derive_screening(subjects, cells)
    treatment = _derive_treatment(subjects, cells, epochs)
    rows = pd.concat([screening, treatment], ignore_index=True)
    rows = rows.sort_values(["subject_id", "stage"], kind="stable", ignore_index=True)
    return _derive_ends(rows, subjects)


def _build_cells(arms: Sequence[Arm], elements: Sequence[Element], epochs: Sequence[str]) -> pd.DataFrame:
    """First cell before treatment and first cell of treatment of every arm."""
    names = {e.etcd: e.element for e in elements}
    cells = pd.DataFrame(
        [
            (arm.armcd, float(order), cell.etcd, names[cell.etcd], cell.epoch, cell.epoch == epochs[0])
            for arm in arms
            for order, cell in enumerate(arm.cells, start=1)
        ],
        columns=["ARMCD", "TAETORD", "ETCD", "ELEMENT", "EPOCH", "before"],
    )
    return cells.drop_duplicates(["ARMCD", "before"])


def _derive_screening(subjects: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    first = cells[cells["before"]]
    if first.empty:
        return _no_elements()
    consented = subjects[subjects["RFICDTC"].notna()]
    # Without an arm the screening element of the first arm stands for all of them.
    arm = consented["ACTARMCD"].fillna(consented["ARMCD"]).fillna(first["ARMCD"].iloc[0])
    rows = consented[["subject_id"]].assign(ARMCD=arm, stage=0).merge(first, on="ARMCD")
    # Only the day: an hour would put screening behind a first dose whose hour is not known.
    day = consented["RFICDTC"].str.slice(0, 10)
    return rows.assign(SESTDTC=rows["subject_id"].map(dict(zip(consented["subject_id"], day, strict=True))))


def _derive_treatment(subjects: pd.DataFrame, cells: pd.DataFrame, epochs: Sequence[str]) -> pd.DataFrame:
    treated = subjects[subjects["RFXSTDTC"].notna()]
    rows = treated[["subject_id", "ACTARMCD", "ACTARMUD", "RFXSTDTC"]].rename(
        columns={"ACTARMCD": "ARMCD", "RFXSTDTC": "SESTDTC", "ACTARMUD": "SEUPDES"}
    )
    planned = rows[rows["ARMCD"].notna()].drop(columns="SEUPDES").merge(cells[~cells["before"]], on="ARMCD")
    unplanned = rows[rows["ARMCD"].isna()].assign(ETCD=UNPLANNED, EPOCH=epochs[min(1, len(epochs) - 1)])
    return pd.concat([planned, unplanned], ignore_index=True).assign(stage=1)


def _derive_ends(rows: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    over = subjects[subjects["ended"]]
    last = dict(zip(over["subject_id"], over["RFPENDTC"], strict=True))
    following = rows.groupby("subject_id")["SESTDTC"].shift(-1)
    ends = following.where(following.notna(), rows["subject_id"].map(last))
    rows = rows.assign(SEENDTC=ends)
    texts = {name: rows[name].astype("str") for name in COLUMNS if name != "TAETORD"}
    rows = rows.assign(**texts)[list(COLUMNS)]
    return rows.assign(start=parse_dtc(rows["SESTDTC"])["date"], end=parse_dtc(rows["SEENDTC"])["date"])


def _no_elements() -> pd.DataFrame:
    return pd.DataFrame({"subject_id": [], "stage": [], "SESTDTC": []}).astype({"subject_id": "str"})
