"""Required value sets that a resource stands or falls with, by FHIR version.

The gate decodes with the union of all versions, because the version of a file is known only when
all of it was read; what belongs to another version is found afterwards.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

AdministrativeGender: TypeAlias = Literal["male", "female", "other", "unknown"]
ObservationStatus: TypeAlias = Literal[
    "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"
]
EncounterStatus: TypeAlias = Literal[
    "planned", "arrived", "triaged", "in-progress", "onleave", "on-hold", "finished", "discharged",
    "completed", "cancelled", "discontinued", "entered-in-error", "unknown",
]  # fmt: skip
SpecimenStatus: TypeAlias = Literal["available", "unavailable", "unsatisfactory", "entered-in-error"]
DiagnosticReportStatus: TypeAlias = Literal[
    "registered", "partial", "preliminary", "modified", "final", "amended", "corrected", "appended",
    "cancelled", "entered-in-error", "unknown",
]  # fmt: skip
AdministrationStatus: TypeAlias = Literal[
    "in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown"
]
RequestStatus: TypeAlias = Literal[
    "active", "on-hold", "ended", "stopped", "completed", "cancelled", "entered-in-error", "draft", "unknown"
]
RequestIntent: TypeAlias = Literal[
    "proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option"
]
StatementStatus: TypeAlias = Literal[
    "active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken",
    "recorded", "draft",
]  # fmt: skip
DispenseStatus: TypeAlias = Literal[
    "preparation", "in-progress", "cancelled", "on-hold", "completed", "entered-in-error", "stopped",
    "declined", "unknown",
]  # fmt: skip
MedicationStatus: TypeAlias = Literal["active", "inactive", "entered-in-error"]
ResearchSubjectStatus: TypeAlias = Literal[
    "candidate", "eligible", "follow-up", "ineligible", "not-registered", "off-study", "on-study",
    "on-study-intervention", "on-study-observation", "pending-on-study", "potential-candidate", "screening",
    "withdrawn", "draft", "active", "retired", "unknown",
]  # fmt: skip
ResearchStudyStatus: TypeAlias = Literal[
    "active", "administratively-completed", "approved", "closed-to-accrual",
    "closed-to-accrual-and-intervention", "completed", "disapproved", "in-review",
    "temporarily-closed-to-accrual", "temporarily-closed-to-accrual-and-intervention", "withdrawn",
    "draft", "retired", "unknown",
]  # fmt: skip
QuestionnaireResponseStatus: TypeAlias = Literal[
    "in-progress", "completed", "amended", "entered-in-error", "stopped"
]
ProcedureStatus: TypeAlias = Literal[
    "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"
]
ImagingStudyStatus: TypeAlias = Literal["registered", "available", "cancelled", "entered-in-error", "unknown"]
ConsentStatus: TypeAlias = Literal[
    "draft", "proposed", "active", "rejected", "inactive", "not-done", "entered-in-error", "unknown"
]
FamilyHistoryStatus: TypeAlias = Literal["partial", "completed", "entered-in-error", "health-unknown"]
AdverseEventStatus: TypeAlias = Literal["in-progress", "completed", "entered-in-error", "unknown"]
EventActuality: TypeAlias = Literal["actual", "potential"]

# Table → codes that only R4 (and R4B) has, codes that only R5 has. Everything else is in both.
# fmt: off
ONLY_R4: Final[dict[str, frozenset[str]]] = {
    "encounter": frozenset({"arrived", "triaged", "onleave", "finished"}),
    "medicationstatement": frozenset(
        {"active", "completed", "intended", "stopped", "on-hold", "unknown", "not-taken"}
    ),
    "researchsubject": frozenset(
        {"candidate", "eligible", "follow-up", "ineligible", "not-registered", "off-study", "on-study",
         "on-study-intervention", "on-study-observation", "pending-on-study", "potential-candidate",
         "screening", "withdrawn"}
    ),
    "researchstudy": frozenset(
        {"administratively-completed", "approved", "closed-to-accrual", "closed-to-accrual-and-intervention",
         "completed", "disapproved", "in-review", "temporarily-closed-to-accrual",
         "temporarily-closed-to-accrual-and-intervention", "withdrawn"}
    ),
    "consent": frozenset({"proposed", "rejected"}),
}
ONLY_R5: Final[dict[str, frozenset[str]]] = {
    "adverseevent": frozenset({"in-progress", "completed", "entered-in-error", "unknown"}),
    "encounter": frozenset({"on-hold", "discharged", "completed", "discontinued"}),
    "diagnosticreport": frozenset({"modified"}),
    "medicationrequest": frozenset({"ended"}),
    "medicationstatement": frozenset({"recorded", "draft"}),
    "researchsubject": frozenset({"draft", "active", "retired", "unknown"}),
    "researchstudy": frozenset({"draft", "retired", "unknown"}),
    "consent": frozenset({"not-done", "unknown"}),
}
# fmt: on
ONLY_R5_COMPARATOR: Final = "ad"

# A resource of one of these statuses was taken back. A dose that was not given ("not-done"), a drug
# that is not taken ("not-taken") or a dispense that was declined is a fact and stays.
WITHDRAWN: Final = frozenset({"entered-in-error", "cancelled"})
