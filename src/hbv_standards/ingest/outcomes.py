"""What became of each resource: the books that must balance at the end of a run.

``read = converted + out of scope + superseded + rejected``, per hospital and resource type. Steps
say why a resource did not become a record; a resource that stands behind any row of the result is
converted whatever was said of parts of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hbv_standards.issues import IssueLog
from hbv_standards.provenance import Disposition

_RECORDS = (
    "Observation", "MedicationAdministration", "MedicationStatement", "MedicationRequest", "MedicationDispense",
    "Condition", "FamilyMemberHistory", "AdverseEvent", "Procedure", "ImagingStudy",
    "QuestionnaireResponse", "ResearchSubject", "EnrolmentRow",
)  # fmt: skip

AFTER_CUT = "HBV-SDTM-010"
NOT_ENROLLED = "subject not enrolled"
NOT_USED = "resource type not used by the trial"
NOT_COLLECTED = "code declared as not collected"
PLAN = "a plan that was not carried out"
NO_ANSWER = "the questionnaire holds no answer"
NOT_REFERRED = "no record of the trial refers to it"


def settle(sources: pd.DataFrame, source_ids: Iterable[int], disposition: Disposition, reason: str) -> None:
    """Give an outcome to those of the sources that have none yet; changes ``sources`` in place."""
    chosen = sources["source_id"].isin(list(source_ids)) & (sources["disposition"].fillna("") == "")
    sources.loc[chosen, ["disposition", "reason"]] = [disposition, reason]


def settle_leftovers(
    sources: pd.DataFrame, converted: Iterable[int], log: IssueLog, *, panels: Iterable[int] = ()
) -> None:
    """Outcome of results, drug uses and enrolment records that are in no row; changes ``sources`` in place.

    What lies after the data cut is out of scope. Otherwise the issue that a later step raised is the
    reason; where none was, HBV-CAN-006 says so: never silence. Types that only stand behind others
    (Specimen, Medication, ..., and those in ``panels``, which hold nothing of their own or stand behind others)
    may be left over: no record of the trial refers to them.
    """
    said: dict[int, str] = {}
    for row in log.rows:
        if row.code.startswith("HBV-SDTM"):
            said.setdefault(row.source_id, row.code)
    left = (sources["disposition"].fillna("") == "") & ~sources["source_id"].isin(list(converted))
    later = [s for s in sources.loc[left, "source_id"].astype(int) if said.get(s) == AFTER_CUT]
    settle(sources, later, "out of scope", AFTER_CUT)
    left &= sources["resource_type"].isin(_RECORDS) & ~sources["source_id"].isin([*later, *panels])
    for source_id in sources.loc[left, "source_id"].astype(int):
        if source_id not in said:
            log.add("HBV-CAN-006", source_id=source_id)
        settle(sources, [source_id], "rejected", said.get(source_id, "HBV-CAN-006"))


def close_books(sources: pd.DataFrame, converted: Iterable[int]) -> pd.DataFrame:
    """Final outcomes: ``converted`` wins over whatever a step said of a part of the resource.

    Resources that nobody spoke of were read, decoded and not referred to by any record: out of
    scope. Superseded versions stay superseded. Returns a new frame.
    """
    closed = sources.copy()
    won = closed["source_id"].isin(list(converted)) & (closed["disposition"].fillna("") != "superseded")
    closed.loc[won, ["disposition", "reason"]] = ["converted", ""]
    settle(closed, closed["source_id"], "out of scope", NOT_REFERRED)
    return closed


def count_outcomes(sources: pd.DataFrame) -> pd.DataFrame:
    """Table site × resource type: read, converted, out of scope, superseded, rejected."""
    kinds = ["converted", "out of scope", "superseded", "rejected"]
    counted = (
        sources.assign(n=1)
        .pivot_table(index=["site", "resource_type"], columns="disposition", values="n", aggfunc="sum", fill_value=0)
        .reindex(columns=kinds, fill_value=0)
        .astype("int64")
    )
    counted.insert(0, "read", sources.groupby(["site", "resource_type"]).size())
    return counted.reset_index()
