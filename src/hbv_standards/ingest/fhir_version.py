"""Which version of FHIR a resource is: said by its profile, shown by element names, voted by its file.

A resource's own word goes first, then the vote of its file (a Bundle is a file), then the hospital's
``default_fhir_version``, then the vote of all its files, then R4. Acceptance by some decoder is no
evidence: R5 definitions take most R4 resources.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Raw

_VERSIONS = {"4.0": "R4", "4.3": "R4B", "5.0": "R5"}
_PROFILE = re.compile(
    r"hl7\.org/fhir/(?P<base>4\.0|4\.3|5\.0)(?:\.\d+)?/"
    r"|hl7\.org/fhir/StructureDefinition/\w+\|(?P<core>4\.0|4\.3|5\.0)(?:\.\d+)?$"
)
_STATED = re.compile(r"(4\.0|4\.3|5\.0)(?:\.\d+)?(?:-.*)?")

# Elements that the type has in one version only (FHIR R5, "Changes from both R4 and R4B" of each type).
_R4_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "Encounter": ("period", "reasonCode", "reasonReference", "hospitalization", "statusHistory"),
    "DiagnosticReport": ("imagingStudy",),
    "Medication": ("form", "manufacturer", "amount"),
    "MedicationAdministration": (
        "medicationCodeableConcept", "medicationReference", "effectiveDateTime", "effectivePeriod", "context",
        "reasonCode", "reasonReference", "instantiates",
    ),
    "MedicationRequest": (
        "medicationCodeableConcept", "medicationReference", "reasonCode", "reasonReference",
        "reportedReference", "instantiatesCanonical", "instantiatesUri", "detectedIssue",
    ),
    "MedicationStatement": (
        "medicationCodeableConcept", "medicationReference", "context", "statusReason", "reasonCode",
        "reasonReference", "basedOn",
    ),
    "MedicationDispense": (
        "medicationCodeableConcept", "medicationReference", "context", "statusReasonCodeableConcept",
        "statusReasonReference", "detectedIssue",
    ),
    "Condition": ("recorder", "asserter"),
    "FamilyMemberHistory": ("reasonCode", "reasonReference"),
    "AdverseEvent": (
        "event", "date", "severity", "resultingCondition", "contributor", "subjectMedicalHistory",
        "referenceDocument",
    ),
    "ResearchSubject": ("individual", "assignedArm", "actualArm"),
    "ResearchStudy": ("principalInvestigator", "sponsor", "arm", "enrollment"),
    "Consent": ("patient", "scope", "dateTime", "performer", "organization", "policyRule"),
    "Organization": ("telecom", "address"),
    "Procedure": (
        "performedDateTime", "performedPeriod", "performedString", "performedAge", "performedRange", "asserter",
        "reasonCode", "reasonReference", "complicationDetail", "usedReference", "usedCode",
    ),
    "ImagingStudy": ("procedureReference", "procedureCode", "interpreter", "reasonCode", "reasonReference"),
}  # fmt: skip
_R5_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "Encounter": (
        "actualPeriod", "plannedStartDate", "plannedEndDate", "subjectStatus", "careTeam", "admission",
        "reason", "virtualService", "specialArrangement",
    ),
    "Observation": ("triggeredBy", "bodyStructure", "instantiatesCanonical", "instantiatesReference"),
    "DiagnosticReport": ("composition", "supportingInfo", "study"),
    "Medication": ("doseForm", "marketingAuthorizationHolder", "totalVolume", "definition"),
    "MedicationAdministration": (
        "medication", "occurenceDateTime", "occurencePeriod", "occurenceTiming", "encounter", "reason",
        "recorded", "isSubPotent", "basedOn",
    ),
    "MedicationRequest": (
        "medication", "effectiveDosePeriod", "renderedDosageInstruction", "informationSource", "reported",
        "reason", "device",
    ),
    "MedicationStatement": (
        "medication", "encounter", "reason", "adherence", "renderedDosageInstruction",
        "relatedClinicalInformation",
    ),
    "MedicationDispense": (
        "medication", "encounter", "notPerformedReason", "renderedDosageInstruction", "recorded",
    ),
    "Condition": ("participant",),
    "FamilyMemberHistory": ("reason", "participant", "procedure"),
    "AdverseEvent": (
        "status", "code", "occurrenceDateTime", "occurrencePeriod", "occurrenceTiming", "resultingEffect",
        "participant", "expectedInResearchStudy", "contributingFactor", "preventiveAction",
        "mitigatingAction", "supportingInfo", "note",
    ),
    "ResearchSubject": ("subject", "progress", "assignedComparisonGroup", "actualComparisonGroup"),
    "ResearchStudy": ("name", "label", "progressStatus", "comparisonGroup", "associatedParty", "studyDesign"),
    "Consent": ("subject", "date", "decision", "grantor", "grantee", "controller", "manager"),
    "Specimen": ("combined", "role", "feature"),
    "Organization": ("description", "qualification"),
    "Procedure": (
        "occurrenceDateTime", "occurrencePeriod", "occurrenceString", "occurrenceAge", "occurrenceRange",
        "occurrenceTiming", "recorded", "reportedBoolean", "reportedReference", "reason", "used",
    ),
    "ImagingStudy": ("procedure", "reason", "partOf"),
}  # fmt: skip


_NAMED = frozenset({*_R4_NAMES, *_R5_NAMES})


def read_cue(resource_type: str, raw: bytes, profiles: Iterable[str] = ()) -> str:
    """Version that a resource shows by itself, empty when it shows none."""
    version = read_profiles(profiles)
    if version or resource_type not in _NAMED:
        return version
    return read_names_cue(resource_type, raw)


def read_profiles(profiles: Iterable[str]) -> str:
    """Version that the first telling profile states, empty when none does."""
    for profile in profiles:
        version = read_profile_version(profile)
        if version:
            return version
    return ""


@lru_cache(maxsize=4096)
def read_profile_version(profile: str) -> str:
    """Version that a profile's canonical address states, empty when it states none."""
    match = _PROFILE.search(profile)
    return _VERSIONS[match["base"] or match["core"]] if match else ""


def read_stated_version(text: str) -> str:
    """Version behind ``fhirVersion`` ("4.0.1") of a CapabilityStatement or the like; empty when unknown."""
    match = _STATED.fullmatch(text)
    return _VERSIONS[match[1]] if match else ""


def read_names_cue(resource_type: str, raw: bytes) -> str:
    """Version that the names of the elements show, empty when they show none or both."""
    try:
        fields = msgspec.json.decode(raw, type=dict[str, Raw])
    except msgspec.DecodeError:
        return ""
    r4 = sum(name in fields for name in _R4_NAMES.get(resource_type, ()))
    r5 = sum(name in fields for name in _R5_NAMES.get(resource_type, ()))
    if resource_type == "Encounter" and "class" in fields:
        listed = bytes(fields["class"])[:1] == b"["
        r4, r5 = r4 + (not listed), r5 + listed
    return "" if r4 == r5 else ("R4" if r4 > r5 else "R5")


def vote_version(cues: Mapping[str, int]) -> str:
    """The version that most resources show; empty without a majority."""
    ranked = Counter({version: count for version, count in cues.items() if version}).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
