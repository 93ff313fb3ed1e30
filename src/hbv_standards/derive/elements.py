"""Subject elements (SE): the periods of the trial that a subject really went through."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hbv_standards.derive.criteria import compute_plus, is_duration
from hbv_standards.derive.dates import compute_max_dtc, compute_min_dtc, parse_dtc
from hbv_standards.study import Arm, ArmCell, Element
from hbv_standards.study_rules import ElementStart

UNPLANNED = "UNPLAN"
"""ETCD of an element that the trial does not plan (SDTMIG 5.3)."""

COLUMNS = ("subject_id", "ETCD", "ELEMENT", "TAETORD", "EPOCH", "SESTDTC", "SEENDTC", "SEUPDES")

_DAY = pd.Timedelta(days=1)
_CONSENT, _FIRST_DOSE = ElementStart(at="informed consent"), ElementStart(at="first dose")


def derive_elements(
    subjects: pd.DataFrame,
    arms: Sequence[Arm],
    elements: Sequence[Element],
    epochs: Sequence[str],
    exposure: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Elements of every subject, in order, with ``start`` and ``end`` as dates beside the SE variables.

    Args:
        subjects: ``subject_id, RFICDTC, RFXSTDTC, RFPENDTC, ARMCD, ACTARMCD, ACTARMUD, randomized_dtc`` (ISO
            text) and ``ended`` (bool: participation is over).
        arms, elements, epochs: the trial design of ``study.yaml``.
        exposure: study treatment: ``subject_id, treatment_class, start_dtc, end_dtc, ongoing``.

    Elements of the first epoch are those of the planned arm (of the first arm, for who has none), later ones
    those of the *actual* arm. A subject is in an element from when it begins (``begins`` of the study
    file: by itself the first one with informed consent, the first of a later epoch with the first study dose),
    if that is not before the elements passed already and not after the last contact: who discontinued does not
    reach what would have followed. Consent and first study dose always count, also where their dates are out of
    order. An element ends where the next one starts; the last ends with participation
    and is open while that goes on. Without the date that starts an element there is no element (SESTDTC is
    never null). Treatment outside every arm is ``UNPLAN`` with SEUPDES.
    """
    people = _prepare_subjects(subjects, arms)
    doses = _no_exposure() if exposure is None else exposure
    parts = [_derive_arm(people, doses, arm, elements, epochs) for arm in arms]
    parts.append(_derive_unplanned(people, epochs))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(["subject_id", "TAETORD"], kind="stable", na_position="last", ignore_index=True)
    return _derive_ends(rows, people)


def find_start_rule(
    arm: Arm, place: int, elements: Sequence[Element], epochs: Sequence[str]
) -> ElementStart | None:
    """When the element in that place (from 0) of an arm begins; None where the study file has to say it."""
    cell = arm.cells[place]
    stated = next((e.begins for e in elements if e.etcd == cell.etcd), None)
    if stated is not None:
        return stated
    if place == 0 and cell.epoch == epochs[0]:
        return _CONSENT
    first_later = next((p for p, c in enumerate(arm.cells) if c.epoch != epochs[0]), None)
    return _FIRST_DOSE if place == first_later else None


def _prepare_subjects(subjects: pd.DataFrame, arms: Sequence[Arm]) -> pd.DataFrame:
    """Subjects by id, with the arm of each of the two kinds of epochs and the last day on which something is known."""
    first = arms[0].armcd if arms else None
    planned = subjects["ACTARMCD"].fillna(subjects["ARMCD"])
    people = subjects.assign(
        arm_before=planned.fillna(first) if first else planned,
        last_day=parse_dtc(subjects["RFPENDTC"])["end"] - pd.Timedelta(microseconds=1),
    )
    return people.set_index("subject_id", drop=False)


def _derive_arm(
    people: pd.DataFrame, doses: pd.DataFrame, arm: Arm, elements: Sequence[Element], epochs: Sequence[str]
) -> pd.DataFrame:
    """Rows of the elements of one arm: ``stage`` is the place in the arm."""
    names = {e.etcd: e.element for e in elements}
    latest = pd.Series(pd.NaT, index=people.index, dtype="datetime64[s]")  # start of the last element reached
    before: tuple[ArmCell, pd.Series] | None = None
    rows = []
    for place, cell in enumerate(arm.cells):
        rule = find_start_rule(arm, place, elements, epochs)
        of_arm = people["arm_before" if cell.epoch == epochs[0] else "ACTARMCD"].eq(arm.armcd)
        if rule is None or not of_arm.any():
            continue
        lasting = None if before is None else (before[1], _find_duration(before[0], elements))
        text = _find_starts(rule, people, doses, latest, lasting)
        read = parse_dtc(text)
        # Of a partial date nobody can say that it lies before the element passed already, or after the last contact.
        outside = (read["end"] <= latest) | (read["earliest"] > people["last_day"])
        reached = of_arm & text.notna() & (~outside | (rule in (_CONSENT, _FIRST_DOSE)))
        latest = read["date"].where(reached).fillna(latest).astype("datetime64[s]")
        before = cell, read["date"].where(reached)
        found = people.loc[reached, ["subject_id"]].assign(SESTDTC=text[reached], TAETORD=float(place + 1))
        rows.append(found.assign(ETCD=cell.etcd, ELEMENT=names[cell.etcd], EPOCH=cell.epoch))
    return pd.concat(rows, ignore_index=True) if rows else _no_elements()


def _find_duration(cell: ArmCell, elements: Sequence[Element]) -> str | None:
    return next((e.duration for e in elements if e.etcd == cell.etcd), None)


def _find_starts(
    rule: ElementStart,
    people: pd.DataFrame,
    doses: pd.DataFrame,
    latest: pd.Series,
    before: tuple[pd.Series, str | None] | None,
) -> pd.Series:
    """ISO text of when an element begins, by subject; missing where the data do not say it.

    ``latest``: start of the last element reached. ``before``: start and duration of the element before it in the arm.
    """
    given = (
        doses if not rule.treatment_classes else doses[doses["treatment_class"].isin(rule.treatment_classes)]
    )
    match rule.at:
        case "informed consent":
            # Only the day: an hour would put screening behind a first dose whose hour is not known.
            return people["RFICDTC"].str.slice(0, 10)
        case "randomization":
            return people["randomized_dtc"].str.slice(0, 10)
        case "first dose":
            if not rule.treatment_classes:
                return people["RFXSTDTC"]
            begun = given["subject_id"].map(latest)
            given = given[~(parse_dtc(given["start_dtc"])["end"] <= begun)]
            starts = compute_min_dtc(given["start_dtc"], given["subject_id"])
            return people["subject_id"].map(starts).astype("str")
        case "after last dose":
            return _find_last_doses(given, people)
        case "after duration":
            return _find_lapsed(people, *before) if before is not None else _no_text(people)


def _find_last_doses(given: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """The day after the last dose, where treatment is over and its last day is complete."""
    both = pd.concat([given["start_dtc"], given["end_dtc"]])
    last = compute_max_dtc(both, pd.concat([given["subject_id"]] * 2))
    goes_on = people["subject_id"].isin(given.loc[given["ongoing"], "subject_id"])
    day = parse_dtc(people["subject_id"].map(last).astype("str"))["date"] + _DAY
    return day.where(~goes_on).dt.strftime("%Y-%m-%d").astype("str")


def _find_lapsed(people: pd.DataFrame, start: pd.Series, duration: str | None) -> pd.Series:
    """The day on which an element that began on ``start`` has run its duration."""
    if duration is None or not is_duration(duration):
        return _no_text(people)
    days = compute_plus(start.to_numpy().astype("datetime64[D]"), duration)
    lapsed = pd.Series(days.astype("datetime64[s]"), index=people.index)
    return lapsed.dt.strftime("%Y-%m-%d").astype("str")


def _derive_unplanned(people: pd.DataFrame, epochs: Sequence[str]) -> pd.DataFrame:
    """Treatment of subjects without an actual arm."""
    treated = people[people["RFXSTDTC"].notna() & people["ACTARMCD"].isna()]
    rows = treated[["subject_id", "RFXSTDTC", "ACTARMUD"]].set_axis(
        ["subject_id", "SESTDTC", "SEUPDES"], axis=1
    )
    epoch = epochs[min(1, len(epochs) - 1)]
    return rows.assign(ETCD=UNPLANNED, EPOCH=epoch, TAETORD=np.nan, ELEMENT=None).reset_index(drop=True)


def _derive_ends(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    over = people[people["ended"]]
    last = dict(zip(over["subject_id"], over["RFPENDTC"], strict=True))
    following = rows.groupby("subject_id")["SESTDTC"].shift(-1)
    ends = following.where(following.notna(), rows["subject_id"].map(last))
    rows = rows.assign(SEENDTC=ends)
    texts = {name: rows[name].astype("str") for name in COLUMNS if name != "TAETORD"}
    rows = rows.assign(**texts)[list(COLUMNS)]
    return rows.assign(start=parse_dtc(rows["SESTDTC"])["date"], end=parse_dtc(rows["SEENDTC"])["date"])


def _no_elements() -> pd.DataFrame:
    texts = {
        name: pd.Series([], dtype="str") for name in ("subject_id", "SESTDTC", "ETCD", "ELEMENT", "EPOCH")
    }
    return pd.DataFrame({**texts, "TAETORD": pd.Series([], dtype="float64")})


def _no_exposure() -> pd.DataFrame:
    texts = {
        name: pd.Series([], dtype="str") for name in ("subject_id", "treatment_class", "start_dtc", "end_dtc")
    }
    return pd.DataFrame({**texts, "ongoing": pd.Series([], dtype="bool")})


def _no_text(people: pd.DataFrame) -> pd.Series:
    return pd.Series(None, index=people.index, dtype="str")
