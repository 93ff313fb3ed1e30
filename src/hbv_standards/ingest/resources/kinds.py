"""Which resource types are decoded, how, and the columns of the tables that they fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from hbv_standards.ingest.resources import (
    adverseevent,
    condition,
    encounter,
    familyhistory,
    identifiers,
    medication,
    observation,
    patient,
    procedure,
    questionnaire,
    report,
    research,
    specimen,
)
from hbv_standards.ingest.rows import Place, Rows


class Kind(NamedTuple):
    """A decoded resource type: its struct, and what appends the rows of one resource."""

    struct: type[Any]
    append: Callable[[Any, Place, Rows], None]
    shows_r5: Callable[[Any], bool] | None = None  # where the struct alone tells the FHIR version
    read_withdrawal: Callable[[Any], tuple[str, str] | None] | None = None  # where not ``status`` takes it back


KINDS: Final[dict[str, Kind]] = {
    "Patient": Kind(patient.Patient, patient.append_patient),
    "Organization": Kind(patient.Organization, patient.append_organization),
    "Encounter": Kind(encounter.Encounter, encounter.append_encounter),
    "Observation": Kind(observation.Observation, observation.append_observation, observation.shows_r5),
    "Specimen": Kind(specimen.Specimen, specimen.append_specimen),
    "DiagnosticReport": Kind(report.DiagnosticReport, report.append_report),
    "Medication": Kind(medication.Medication, medication.append_medication),
    "MedicationAdministration": Kind(medication.MedicationAdministration, medication.append_administration),
    "MedicationRequest": Kind(medication.MedicationRequest, medication.append_request),
    "MedicationStatement": Kind(medication.MedicationStatement, medication.append_statement),
    "MedicationDispense": Kind(medication.MedicationDispense, medication.append_dispense),
    "Condition": Kind(
        condition.Condition, condition.append_condition, read_withdrawal=condition.read_withdrawal
    ),
    "FamilyMemberHistory": Kind(familyhistory.FamilyMemberHistory, familyhistory.append_family_history),
    "AdverseEvent": Kind(adverseevent.AdverseEvent, adverseevent.append_adverse_event),
    "ResearchSubject": Kind(research.ResearchSubject, research.append_researchsubject),
    "ResearchStudy": Kind(research.ResearchStudy, research.append_researchstudy),
    "Procedure": Kind(procedure.Procedure, procedure.append_procedure),
    "ImagingStudy": Kind(procedure.ImagingStudy, procedure.append_imaging_study),
    "QuestionnaireResponse": Kind(
        questionnaire.QuestionnaireResponse, questionnaire.append_questionnaire_response
    ),
    "Consent": Kind(research.Consent, research.append_consent),
}

# Table → columns of its rows after the place (source, anchor, path). Columns that are references hold
# the text of :func:`..fragments.join_reference` until :mod:`..references` puts keys in.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "patient": patient.PATIENT_COLUMNS,
    "organization": patient.ORGANIZATION_COLUMNS,
    "identifier": identifiers.COLUMNS,
    "encounter": encounter.COLUMNS,
    "observation": observation.COLUMNS,
    "specimen": specimen.COLUMNS,
    "diagnosticreport": report.COLUMNS,
    "medication": medication.MEDICATION_COLUMNS,
    "medicationadministration": medication.USE_COLUMNS,
    "medicationrequest": medication.USE_COLUMNS,
    "medicationstatement": medication.USE_COLUMNS,
    "medicationdispense": medication.USE_COLUMNS,
    "condition": condition.COLUMNS,
    "familymemberhistory": familyhistory.COLUMNS,
    "adverseevent": adverseevent.COLUMNS,
    "researchsubject": research.SUBJECT_COLUMNS,
    "milestone": research.MILESTONE_COLUMNS,
    "researchstudy": research.STUDY_COLUMNS,
    "consent": research.CONSENT_COLUMNS,
    "procedure": procedure.PROCEDURE_COLUMNS,
    "imagingstudy": procedure.STUDY_COLUMNS,
    "stated": ("site", "field", "value"),
}
BOOLEANS: Final = frozenset({"deceased", "is_part", "has_member"})
