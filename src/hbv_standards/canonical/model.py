"""The canonical trial model: the waist between what hospitals send and what a standard wants.

The pydantic models are the law. A single record is checked with ``Finding.model_validate(...)``;
the hot path holds the same records as columns, whose names and types :mod:`.frame` reads from
these models. Text fields hold CDISC submission values where the name says so in its comment, and
the text as sent everywhere else. Dates (``*_dtc``) are ISO 8601 text of whatever precision was
sent (SDTMIG 3.4 section 4.4.1); nothing is imputed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Dtc = Annotated[str, Field(pattern=r"^[0-9T:.+\-/Z]+$", description="ISO 8601 text as sent, maybe partial")]
NumberText = Annotated[str, Field(pattern=r"^[+-]?\d*\.?\d+([eE][+-]?\d+)?$")]


class CanonicalRecord(BaseModel):
    """What every canonical record carries: where it came from and whose it is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    source_id: int  # row of the source table
    path: str  # FHIRPath of the element inside the source, e.g. Observation.component[1]
    site: str  # folder name of the hospital in mappings/sites
    subject_id: str  # SUBJID: unique within the study


class Subject(CanonicalRecord):
    """One person who signed consent, was screened or was randomised. One record per person."""

    birth_dtc: Dtc | None = None
    sex: str | None = None  # SEX C66731
    race: str | None = None  # RACE C74457
    race_text: str | None = None  # as sent
    ethnic: str | None = None  # ETHNIC C66790
    ethnic_text: str | None = None  # as sent (民族)
    consent_dtc: Dtc | None = None  # informed consent
    randomized_dtc: Dtc | None = None
    arm_code: str | None = None  # planned arm, ARMCD of the study
    status: str | None = None  # SCREEN FAILURE, RANDOMIZED, COMPLETED or DISCONTINUED
    end_dtc: Dtc | None = None  # end of participation
    end_reason: str | None = None  # NCOMPLT C66727
    end_reason_text: str | None = None  # as sent
    death_dtc: Dtc | None = None
    deceased: bool = False


class Visit(CanonicalRecord):
    """One contact of a subject with the hospital (an Encounter)."""

    visit_key: str  # unique in the run: "<site>|<Encounter id>"
    start_dtc: Dtc | None = None
    end_dtc: Dtc | None = None
    visitnum_stated: float | None = None  # only where the hospital states the planned visit
    mapping_row: str | None = None  # the row that made visitnum_stated
    status: str | None = None


class Finding(CanonicalRecord):
    """One result of one test, measurement or examination."""

    concept_id: str  # row of mappings/concepts
    mapping_row: str  # hop 1: the row of the hospital's codes that named the concept
    loinc: str | None = None  # the LOINC actually known for this sample and method
    local_code: str | None = None
    local_text: str | None = None
    result: str | None = None  # as sent, digits and comparator kept: "6.30", "<20", "阴性"
    result_kind: Literal["quantity", "text", "coded"] | None = None
    comparator: str | None = None  # "<", "<=", ">", ">="
    number: NumberText | None = None  # numeric part of the result, digits as sent
    result_value: str | None = None  # submission value of a qualitative result, e.g. NEGATIVE
    unit: str | None = None  # as sent
    unit_value: str | None = None  # UNIT C71620 submission value (or declared extension)
    unit_row: str | None = None
    value_row: str | None = None
    range_low: NumberText | None = None
    range_high: NumberText | None = None
    range_text: str | None = None
    range_unit_value: str | None = None  # UNIT C71620; the result's unit where none was sent
    indicator: str | None = None  # NRIND C78736, as the laboratory interpreted it
    lloq: NumberText | None = None  # limits of quantitation, in the unit of the result
    uloq: NumberText | None = None
    specimen: str | None = None  # SPECTYPE C78734
    method: str | None = None  # METHOD C85492
    location: str | None = None  # LOC C74456
    laterality: str | None = None  # LAT C99073
    position: str | None = None  # POSITION C71148
    fasting: Literal["Y", "N", "U"] | None = None
    not_done: bool = False
    not_done_reason: str | None = None
    laboratory: str | None = None
    group_id: str | None = None  # panel or report that holds the result
    specimen_id: str | None = None  # accession or specimen identifier
    collected_dtc: Dtc | None = None
    collected_end_dtc: Dtc | None = None
    visit_key: str | None = None
    specimen_source_id: int | None = None
    group_source_id: int | None = None
    note: str | None = None


class Intervention(CanonicalRecord):
    """One dose, or one span of time over which a treatment was taken, prescribed or dispensed."""

    treatment_id: str  # row of mappings/treatments.csv
    mapping_row: str
    treatment_text: str | None = None  # as sent
    kind: Literal["administration", "statement", "request", "dispense", "use", "procedure"]
    occurred: bool = True  # False: recorded as not given
    reason_not_done: str | None = None
    dose: NumberText | None = None
    dose_unit: str | None = None  # UNIT C71620
    dose_form: str | None = None  # FRM C66726
    frequency: str | None = None  # FREQ C71113
    route: str | None = None  # ROUTE C66729
    location: str | None = None  # LOC C74456
    laterality: str | None = None  # LAT C99073
    start_dtc: Dtc | None = None
    end_dtc: Dtc | None = None
    ongoing: bool = False
    ceased: bool = False  # said to be over, though no date of the end was sent
    adjustment_reason: str | None = None
    visit_key: str | None = None
    note: str | None = None


class Event(CanonicalRecord):
    """Something that happened to a subject: an adverse event, a past disease, a disposition."""

    kind: Literal["disposition", "milestone", "adverse event", "history", "family history"]
    term: str  # as sent
    term_value: str | None = None  # English term or submission value, where a table maps the text
    code: str | None = None  # as sent: ICD-10, SNOMED CT, local
    code_system: str | None = None
    mapping_row: str | None = None
    category: str | None = None  # --CAT
    subcategory: str | None = None  # --SCAT
    prespecified: bool = False
    occurred: Literal["Y", "N", "U"] | None = None
    start_dtc: Dtc | None = None
    end_dtc: Dtc | None = None
    recorded_dtc: Dtc | None = None
    ongoing: bool = False
    ceased: bool = False  # said to be over, though no date of the end was sent
    stated_dtc: Dtc | None = None  # when the source last changed: what it says was known by then
    severity: str | None = None  # AESEV C66769
    toxicity_grade: str | None = None  # TOXGR C66784
    serious: Literal["Y", "N"] | None = None
    action: str | None = None  # ACN C66767
    outcome: str | None = None  # OUT C66768
    results_in_death: Literal["Y", "N"] | None = None  # criterion of seriousness, as the five below
    life_threatening: Literal["Y", "N"] | None = None
    hospitalization: Literal["Y", "N"] | None = None  # required or prolonged
    disability: Literal["Y", "N"] | None = None
    congenital_anomaly: Literal["Y", "N"] | None = None
    medically_important: Literal["Y", "N"] | None = None
    causality: str | None = None  # as sent or mapped
    relationship: str | None = None  # RELSUB C100130, of a relative's disease
    visit_key: str | None = None
    note: str | None = None


class Contribution(BaseModel):
    """Which source gave which field of a subject: a DM row is made of several resources."""

    model_config = ConfigDict(extra="forbid", strict=True)

    subject_id: str
    field: str  # field name of Subject
    source_id: int
    path: str
    mapping_row: str | None = None


class Support(BaseModel):
    """A resource that gave a detail to the records of another one (specimen, medication, report)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    source_id: int  # of the record
    support_id: int  # source_id of the resource that stands behind it
    role: Literal["specimen", "group", "medication", "encounter", "consent", "study", "patient", "reason"]


RECORDS: dict[str, type[BaseModel]] = {
    "subjects": Subject,
    "visits": Visit,
    "findings": Finding,
    "interventions": Intervention,
    "events": Event,
    "contributions": Contribution,
    "supports": Support,
}
