"""Medication and its four uses → tables of the same names.

``medication_concept`` is the concept that the use itself states; where it points to a Medication,
the code and form are looked up when all resources were read (see :mod:`..references`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.ingest.codes import (
    AdministrationStatus,
    DispenseStatus,
    MedicationStatus,
    RequestIntent,
    RequestStatus,
    StatementStatus,
)
from hbv_standards.ingest.elements import (
    ABSENT,
    CodeableReference,
    Concept,
    Concepts,
    Dosage,
    Element,
    Holds,
    Identifier,
    Period,
    Quantity,
    Ref,
    Refs,
    Resource,
    Text,
)
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import (
    Texts,
    read_concept,
    read_concept_and_reference,
    read_concept_of,
    read_first_concept,
    read_first_reference,
    read_notes,
    read_reference,
)
from hbv_standards.ingest.resources.dosage import (
    DosageText,
    GivenDosage,
    Instruction,
    read_amount,
    read_days,
    read_given_dosage,
    read_instructions,
)
from hbv_standards.ingest.resources.identifiers import append_identifiers
from hbv_standards.ingest.resources.reasons import Reasoned, read_reasons
from hbv_standards.ingest.resources.times import (
    Span,
    read_datetime,
    read_effective,
    read_moment_or_period,
    read_period,
)
from hbv_standards.ingest.rows import Place, Rows

MEDICATION_COLUMNS = ("status", "code_concept", "form_concept")
USE_COLUMNS = (
    "status", "status_reason_concept", "medication_concept", "medication", "subject", "encounter", "start",
    "end", "authored", *DosageText._fields, "quantity_value", "quantity_unit", "days_supply",
    "reason_concepts", "note", "based_on", "reasons",
)  # fmt: skip
_NOT_ORDERED = ("proposal", "plan", "option")  # MedicationRequest.intent: nobody has authorised it


class Medication(Resource):
    """Medication: form in R4, doseForm in R5."""

    identifier: list[Identifier] = field(default_factory=list)
    status: MedicationStatus | UnsetType = UNSET
    code: Concept = ABSENT
    form: Concept = ABSENT
    dose_form: Concept = ABSENT


class MedicationUse(Reasoned):
    """What the four uses of a Medication share."""

    medication_codeable_concept: Concept = ABSENT
    medication_reference: Ref = ABSENT
    medication: Annotated[Raw, Holds(CodeableReference)] = ABSENT
    context: Ref = ABSENT


class MedicationAdministration(MedicationUse):
    """MedicationAdministration; R5 spells occurence[x] with one r."""

    status: AdministrationStatus | UnsetType = UNSET
    status_reason: Concepts = ABSENT
    effective_date_time: Text = ""
    effective_period: Period | UnsetType = UNSET
    occurence_date_time: Text = ""
    occurence_period: Period | UnsetType = UNSET
    recorded: Text = ""
    dosage: GivenDosage | UnsetType = UNSET
    request: Ref = ABSENT


class DispenseRequest(Element):
    """MedicationRequest.dispenseRequest."""

    quantity: Quantity | UnsetType = UNSET
    expected_supply_duration: Quantity | UnsetType = UNSET


class MedicationRequest(MedicationUse):
    """MedicationRequest."""

    status: RequestStatus | UnsetType = UNSET
    status_reason: Concept = ABSENT
    intent: RequestIntent | UnsetType = UNSET
    do_not_perform: bool | UnsetType = UNSET
    authored_on: Text = ""
    effective_dose_period: Period | UnsetType = UNSET
    dosage_instruction: list[Dosage] = field(default_factory=list)
    dispense_request: DispenseRequest | UnsetType = UNSET
    based_on: Refs = ABSENT


class MedicationStatement(MedicationUse):
    """MedicationStatement."""

    status: StatementStatus | UnsetType = UNSET
    status_reason: Concepts = ABSENT
    effective_date_time: Text = ""
    effective_period: Period | UnsetType = UNSET
    date_asserted: Text = ""
    dosage: list[Dosage] = field(default_factory=list)
    based_on: Refs = ABSENT


class MedicationDispense(MedicationUse):
    """MedicationDispense."""

    status: DispenseStatus | UnsetType = UNSET
    status_reason_codeable_concept: Concept = ABSENT
    not_performed_reason: Annotated[Raw, Holds(CodeableReference)] = ABSENT
    when_prepared: Text = ""
    when_handed_over: Text = ""
    recorded: Text = ""
    quantity: Quantity | UnsetType = UNSET
    days_supply: Quantity | UnsetType = UNSET
    dosage_instruction: list[Dosage] = field(default_factory=list)
    authorizing_prescription: Refs = ABSENT


def append_medication(o: Medication, place: Place, rows: Rows) -> None:
    """Append one Medication."""
    form = read_concept(o.form, "form") or read_concept(o.dose_form, "doseForm")
    status = o.status if o.status is not UNSET else None
    rows["medication"].append((*place, status, read_concept(o.code, "code"), form))
    append_identifiers(o.identifier, place, rows)


def append_administration(o: MedicationAdministration, place: Place, rows: Rows) -> None:
    """Append one MedicationAdministration. Raises :class:`ElementFault`."""
    about = _read_about(o, read_first_concept(o.status_reason, "statusReason"))
    span = read_effective(o)
    if span == (None, None):
        span = read_moment_or_period(o.occurence_date_time, o.occurence_period, "occurence")
    times = (*span, read_datetime(o.recorded, "recorded"))
    supply = (None, None, None)
    tail = _read_tail(o, read_reference(o.request, "request"))
    rows["medicationadministration"].append(
        (*place, *about, *times, *read_given_dosage(o.dosage), *supply, *tail)
    )


def append_request(o: MedicationRequest, place: Place, rows: Rows) -> None:
    """Append one MedicationRequest. Its span is the effective dose period, else that of its timing.

    Dosages that follow each other are one row each, with their own spans. An order not to give a drug
    (``doNotPerform``) is no row: it would read as a drug that was given. What nobody ordered (``intent``)
    is a draft, whatever its status.
    """
    if o.do_not_perform is True:
        return
    about = _read_about(o, read_concept(o.status_reason, "statusReason"))
    if o.intent in _NOT_ORDERED and o.status != "entered-in-error":
        about = ("draft", *about[1:])
    instructions = read_instructions(o.dosage_instruction, "dosageInstruction", place, rows)
    effective = read_period(o.effective_dose_period, "effectiveDosePeriod")
    wanted = o.dispense_request if o.dispense_request is not UNSET else DispenseRequest()
    supply = _read_supply(
        wanted.quantity, "dispenseRequest.quantity",
        wanted.expected_supply_duration, "dispenseRequest.expectedSupplyDuration",
    )  # fmt: skip
    authored = read_datetime(o.authored_on, "authoredOn")
    tail = _read_tail(o, read_first_reference(o.based_on, "basedOn"))
    for here, dosage, span in _place_instructions(instructions, effective, place):
        rows["medicationrequest"].append((*here, *about, *span, authored, *dosage, *supply, *tail))


def append_statement(o: MedicationStatement, place: Place, rows: Rows) -> None:
    """Append one MedicationStatement. Its span is effective[x], else that of its timing.

    Dosages that follow each other are one row each, with their own spans.
    """
    about = _read_about(o, read_first_concept(o.status_reason, "statusReason"))
    instructions = read_instructions(o.dosage, "dosage", place, rows)
    asserted = read_datetime(o.date_asserted, "dateAsserted")
    tail = _read_tail(o, read_first_reference(o.based_on, "basedOn"))
    for here, dosage, span in _place_instructions(instructions, read_effective(o), place):
        rows["medicationstatement"].append((*here, *about, *span, asserted, *dosage, None, None, None, *tail))


def append_dispense(o: MedicationDispense, place: Place, rows: Rows) -> None:
    """Append one MedicationDispense. It starts when it was handed over, else when it was prepared."""
    reason = read_concept(o.status_reason_codeable_concept, "statusReasonCodeableConcept")
    about = _read_about(o, reason or read_concept_of(o.not_performed_reason, "notPerformedReason"))
    (printed,) = read_instructions(o.dosage_instruction, "dosageInstruction", place, rows, one_event=True)
    prepared = read_datetime(o.when_prepared, "whenPrepared")
    start = read_datetime(o.when_handed_over, "whenHandedOver") or prepared
    supply = _read_supply(o.quantity, "quantity", o.days_supply, "daysSupply")
    times = (start, None, read_datetime(o.recorded, "recorded"))
    tail = _read_tail(o, read_first_reference(o.authorizing_prescription, "authorizingPrescription"))
    rows["medicationdispense"].append((*place, *about, *times, *printed.dosage, *supply, *tail))


def _place_instructions(
    instructions: list[Instruction], effective: Span, place: Place
) -> Iterator[tuple[Place, DosageText, Span]]:
    """Place, dosage and span of the row of each instruction.

    A single one has the span of the use where that was sent; one of several has its own.
    """
    for path, dosage, span in instructions:
        if path:
            yield (*place[:2], f"{place[2]}.{path}"), dosage, span
        else:
            yield place, dosage, span if effective == (None, None) else effective


def _read_about(o: Any, status_reason: str | None) -> Texts:
    """Status, its reason, drug, Medication, subject and encounter of a use (any of the four structs)."""
    if o.status is UNSET:
        raise ElementFault("status", "is missing")
    concept = read_concept(o.medication_codeable_concept, "medicationCodeableConcept")
    reference = read_reference(o.medication_reference, "medicationReference")
    if o.medication:
        concept, reference = read_concept_and_reference(o.medication, "medication") or (None, None)
    if concept is None and reference is None:
        raise ElementFault("medication", "is missing")
    encounter = read_reference(o.encounter, "encounter") or read_reference(o.context, "context")
    return (o.status, status_reason, concept, reference, read_reference(o.subject, "subject"), encounter)


def _read_supply(
    quantity: Quantity | UnsetType, quantity_path: str, duration: Quantity | UnsetType, duration_path: str
) -> Texts:
    number, unit, code = read_amount(quantity, quantity_path)
    return number, unit or code, read_days(duration, duration_path)


def _read_tail(o: MedicationUse, based_on: str | None) -> Texts:
    reason, named = read_reasons(o)
    return reason, read_notes(o.note, "note"), based_on, named
