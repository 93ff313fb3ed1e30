"""Arms, reference dates and death of subjects (SDTMIG 3.4 section 5.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from hbv_standards.derive.dates import compute_before, compute_max_dtc, compute_min_dtc, parse_dtc
from hbv_standards.study import Arm

SCREEN_FAILURE = "SCREEN FAILURE"
NOT_ASSIGNED = "NOT ASSIGNED"
NOT_TREATED = "ASSIGNED, NOT TREATED"
UNPLANNED = "UNPLANNED TREATMENT"
"""Reasons of ARMNRS (C142179); no other is used."""

ENDED = ("COMPLETED", "DISCONTINUED", SCREEN_FAILURE)
"""Status of subjects whose participation is over."""

CONCOMITANT = "OTHER"
"""Class of treatments.csv that is never treatment of the disease, planned or not."""

DATE_ORDER = (
    ("RFICDTC", "RFXSTDTC"), ("RFXSTDTC", "RFXENDTC"), ("RFICDTC", "RFSTDTC"), ("RFSTDTC", "RFENDTC"),
    ("RFICDTC", "RFPENDTC"), ("RFXENDTC", "RFPENDTC"),
)  # fmt: skip
"""Pairs of which the first may not lie after the second (FB3404 to FB3413)."""


def derive_arms(subjects: pd.DataFrame, arms: Sequence[Arm]) -> pd.DataFrame:
    """Add ARMCD and ARM: the planned arm, missing for screen failures and whoever was not assigned."""
    names = {arm.armcd: arm.arm for arm in arms}
    failed = subjects["status"].eq(SCREEN_FAILURE) & subjects["randomized_dtc"].isna()
    armcd = subjects["arm_code"].where(subjects["arm_code"].isin(list(names)) & ~failed)
    return subjects.assign(ARMCD=armcd.astype("str"), ARM=armcd.map(names).astype("str"))


def derive_actual_arms(subjects: pd.DataFrame, treatments: pd.DataFrame, arms: Sequence[Arm]) -> pd.DataFrame:
    """Add ACTARMCD, ACTARM, ARMNRS and ACTARMUD from the treatments really given (IG DM 4).

    Args:
        subjects: of :func:`derive_arms`, with ``status``.
        treatments: given ones only, with ``subject_id, treatment_id, treatment_class, relation``
            ("before", "across", "after") and ``start`` (datetime64).

    A subject is in the planned arm when a treatment of its classes was given after randomisation,
    also one that was already under way. Only a treatment that *began* after randomisation can put a
    subject into another arm, or make the treatment unplanned: one that was merely not reported as
    stopped does not.
    """
    known = treatments[treatments["subject_id"].isin(subjects.loc[subjects["ARMCD"].notna(), "subject_id"])]
    arm_of = pd.DataFrame(
        [(c, arm.armcd, place) for place, arm in enumerate(arms) for c in arm.treatment_classes],
        columns=["treatment_class", "given_arm", "place"],
    )
    planned = dict(zip(subjects["subject_id"], subjects["ARMCD"], strict=True))
    given = known.merge(arm_of, on="treatment_class")
    own = given["given_arm"] == given["subject_id"].map(planned)
    given = given[own & (given["relation"] != "before") | (given["relation"] == "after")].assign(own=own)
    given = given.sort_values(["own", "start", "place"], ascending=[False, True, True], kind="stable")
    actual = given.drop_duplicates("subject_id").set_index("subject_id")["given_arm"]
    unplanned = _describe_unplanned(known, set(arm_of["treatment_class"]))
    return _explain_missing(
        subjects, subjects["subject_id"].map(actual), subjects["subject_id"].map(unplanned), arms
    )


def _describe_unplanned(treatments: pd.DataFrame, study_classes: Collection[str]) -> pd.Series:
    """Names of treatments of the disease that belong to no arm and began after randomisation."""
    foreign = treatments[is_unplanned(treatments, study_classes)]
    foreign = foreign.sort_values(["start", "treatment_id"], kind="stable")
    named = foreign.drop_duplicates(["subject_id", "treatment_id"])
    return named.groupby("subject_id")["treatment_id"].agg(" + ".join)


def is_unplanned(treatments: pd.DataFrame, study_classes: Collection[str]) -> pd.Series:
    """Mask of treatments that would make the treatment of a subject without any other unplanned."""
    other = [*study_classes, CONCOMITANT]
    return ~treatments["treatment_class"].isin(other) & (treatments["relation"] == "after")


def _explain_missing(
    subjects: pd.DataFrame, actual: pd.Series, unplanned: pd.Series, arms: Sequence[Arm]
) -> pd.DataFrame:
    names = {arm.armcd: arm.arm for arm in arms}
    assigned = subjects["ARMCD"].notna()
    unplanned = unplanned.where(assigned & actual.isna())
    reason = np.select(
        [
            assigned & actual.notna(),
            assigned & unplanned.notna(),
            assigned,
            subjects["status"].eq(SCREEN_FAILURE),
        ],
        ["", UNPLANNED, NOT_TREATED, SCREEN_FAILURE],
        NOT_ASSIGNED,
    )
    reasons = pd.Series(reason, index=subjects.index)
    return subjects.assign(
        ACTARMCD=actual.astype("str"),
        ACTARM=actual.map(names).astype("str"),
        ARMNRS=reasons.where(reasons != "").astype("str"),
        ACTARMUD=unplanned.astype("str"),
    )


def derive_reference_dates(
    subjects: pd.DataFrame, exposure: pd.DataFrame, contacts: pd.DataFrame
) -> pd.DataFrame:
    """Add RFICDTC, RFXSTDTC, RFXENDTC, RFSTDTC, RFENDTC, RFPENDTC and ``ended`` (IG DM 9, 10).

    Args:
        subjects: with ``consent_dtc, end_dtc, death_dtc, status, deceased``, ARMCD and ARMNRS.
        exposure: the intervals: ``subject_id, start_dtc, end_dtc, ongoing``.
        contacts: ``subject_id, dtc``: every date on which something is known of a subject.

    RFXSTDTC is the first and RFXENDTC the latest date of EX. The reference period starts with the
    first study dose and ends with the last; while treatment goes on it ends with the last contact
    (CG0529 wants a date). RFPENDTC is the latest complete date of any record, end of participation
    and death included; a partial one only where it surely lies later.
    """
    ids = subjects["subject_id"]
    first = compute_min_dtc(exposure["start_dtc"], exposure["subject_id"])
    both = pd.concat([exposure["start_dtc"], exposure["end_dtc"]])
    last = compute_max_dtc(both, pd.concat([exposure["subject_id"]] * 2))
    goes_on = exposure.loc[exposure["ongoing"], "subject_id"]
    frame = subjects.assign(
        RFICDTC=subjects["consent_dtc"],
        RFXSTDTC=ids.map(first).astype("str"),
        RFXENDTC=ids.map(last).astype("str"),
        RFPENDTC=ids.map(_find_last_contact(contacts)).astype("str"),
        ended=derive_ended(subjects),
    )
    period_end = frame["RFXENDTC"].where(~ids.isin(goes_on), frame["RFPENDTC"])
    frame["RFSTDTC"] = frame["RFXSTDTC"]
    frame["RFENDTC"] = period_end.where(frame["ARMNRS"].isna() & frame["ARMCD"].notna())
    return frame


def derive_ended(subjects: pd.DataFrame) -> pd.Series:
    """Mask of subjects whose participation is over."""
    return subjects["end_dtc"].notna() | subjects["status"].isin(ENDED) | derive_death(subjects)


def derive_death(subjects: pd.DataFrame) -> pd.Series:
    """Mask of subjects known to have died."""
    return subjects["deceased"] | subjects["death_dtc"].notna() | subjects["end_reason"].eq("DEATH")


def _find_last_contact(contacts: pd.DataFrame) -> pd.Series:
    """Text of the latest contact by subject: the latest day, and on it the latest known time.

    A partial date counts only where it surely lies after every complete one.
    """
    read = contacts.assign(**parse_dtc(contacts["dtc"])[["date", "seconds"]])
    days = read[read["date"].notna()].sort_values(
        ["date", "seconds", "dtc"], na_position="first", kind="stable"
    )
    complete = days.drop_duplicates("subject_id", keep="last").set_index("subject_id")["dtc"]
    partial = read[read["date"].isna()]
    rough = compute_max_dtc(partial["dtc"], partial["subject_id"])
    later = compute_before(rough.index.to_series().map(complete).astype("str"), rough)
    latest: pd.Series = pd.concat([complete[~complete.index.isin(rough.index[later])], rough])
    return latest[~latest.index.duplicated()]


def find_date_disorder(subjects: pd.DataFrame) -> pd.DataFrame:
    """Pairs of reference dates in the wrong order: ``subject_id, first, second`` and the two texts."""
    found = []
    for first, second in DATE_ORDER:
        wrong = subjects[compute_before(subjects[second], subjects[first])]
        pair = wrong[["subject_id", first, second]].set_axis(
            ["subject_id", "first_dtc", "second_dtc"], axis=1
        )
        found.append(pair.assign(first=first, second=second))
    return pd.concat(found, ignore_index=True)
