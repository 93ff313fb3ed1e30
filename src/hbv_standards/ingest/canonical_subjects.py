"""Who is in the trial: enrolment records joined with their Patients → canonical subjects.

A hospital says enrolment in ResearchSubject (with ResearchStudy and Consent) or in a table of the
randomisation system; ``site.yaml`` tells which. A field may be kept in an unusual place, for which
the hospital's FHIRPath entries fill the table ``stated``; what they say goes before the element.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.dates import normalise_dtc
from hbv_standards.ingest.outcomes import settle
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

_DATES = ("consent_dtc", "randomized_dtc", "end_dtc", "birth_dtc", "death_dtc")
_CODELISTS = {  # canonical field -> codelist of values.csv, issue when a value is not mapped
    "sex": ("SEX", "HBV-MAP-005"),
    "race": ("RACE", "HBV-MAP-005"),
    "arm_code": ("ARMCD", "HBV-ENR-003"),
    "status": ("SUBJECT_STATUS", "HBV-ENR-004"),
    "end_reason": ("NCOMPLT", "HBV-ENR-004"),
}
_GENDER = "http://hl7.org/fhir/administrative-gender"
_STATUS = "http://hl7.org/fhir/research-subject-status"


@dataclass(frozen=True, slots=True)
class Said:
    """One field of a subject as one source said it."""

    value: str
    source_id: int
    path: str


@dataclass(slots=True)
class Candidate:
    """An enrolment record on its way to a subject."""

    site: str
    subject_id: str | None
    source_id: int
    path: str
    patients: list[str]
    said: dict[str, Said] = field(default_factory=dict)
    support: list[tuple[int, str]] = field(default_factory=list)

    def say(self, name: str, value: object, source_id: int, path: str) -> None:
        """Take a value unless it is missing."""
        if isinstance(value, str) and value.strip():
            self.said[name] = Said(value.strip(), source_id, path)


@dataclass(slots=True)
class Enrolled:
    """Canonical subjects and, for the other builders, whose a Patient is."""

    subjects: pd.DataFrame
    contributions: pd.DataFrame
    supports: pd.DataFrame
    subject_of: dict[str, str]  # Patient key -> SUBJID


def build_subjects(fhir: FhirTables, catalog: Catalog, log: IssueLog) -> Enrolled:
    """Subjects of all hospitals. Faulty enrolment records become HBV-ENR issues."""
    _report_proposed(fhir, catalog, log)
    candidates = [c for c in _read_candidates(fhir, catalog) if _check_number(c, fhir, log)]
    kept = _drop_repeats(candidates, fhir, log)
    for candidate in kept:
        _read_patient(candidate, fhir, log)
    _read_stated(kept, fhir)
    records, contributions = [], []
    mappers = {site: SiteMapper(catalog, site) for site in catalog.sites}
    for candidate in kept:
        record, gave = _build_record(candidate, mappers[candidate.site], log)
        records.append(record)
        contributions.extend(gave)
    return Enrolled(
        subjects=build_frame("subjects", records),
        contributions=build_frame("contributions", contributions),
        supports=build_frame(
            "supports",
            [{"source_id": c.source_id, "support_id": s, "role": role} for c in kept for s, role in c.support],
        ),
        subject_of={patient: c.subject_id or "" for c in kept for patient in c.patients},
    )


def _report_proposed(fhir: FhirTables, catalog: Catalog, log: IssueLog) -> None:
    """Hospitals that sent data and whose enrolment nobody has accepted yet."""
    for site, config in sorted(catalog.sites.items()):
        if config.enrolment.status == "accepted" or not (fhir.sources["site"] == site).any():
            continue
        message = f"set `enrolment.status` in sites/{site}/site.yaml to accepted when it is right"
        log.add("HBV-ENR-005", site=site, file=f"sites/{site}/site.yaml", message=message)
        rows = _of_site(fhir.tables["enrolment"], site)
        settle(fhir.sources, rows["source_id"], "rejected", "HBV-ENR-005")


def _read_candidates(fhir: FhirTables, catalog: Catalog) -> Iterator[Candidate]:
    for site, config in sorted(catalog.sites.items()):
        if config.enrolment.status != "accepted":
            continue
        if config.enrolment.source == "csv":
            yield from _read_csv_candidates(fhir, site, config.enrolment.patient_system)
        else:
            yield from _read_research_subjects(
                fhir, site, config.enrolment.subject_system, config.enrolment.study
            )


def _read_csv_candidates(fhir: FhirTables, site: str, patient_system: str | None) -> Iterator[Candidate]:
    rows = _of_site(fhir.tables["enrolment"], site)
    numbers = _of_site(fhir.tables["identifier"], site)
    if patient_system:
        numbers = numbers[numbers["system"] == patient_system]
    patients = numbers[numbers["owner_key"].str.contains("|Patient/", regex=False, na=False)]
    owners = patients.groupby("value")["owner_key"].agg(lambda keys: sorted(set(keys))).to_dict()
    for row in rows.to_dict("records"):
        number = row["subject_id"] if isinstance(row["subject_id"], str) else None
        candidate = Candidate(
            site, number, row["source_id"], "EnrolmentRow", owners.get(row["patient_identifier"], [])
        )
        for name in ("consent_dtc", "randomized_dtc", "arm_code", "status", "end_dtc", "end_reason"):
            candidate.say(name, row.get(name), row["source_id"], f"EnrolmentRow.{name}")
        yield candidate


def _read_research_subjects(
    fhir: FhirTables, site: str, subject_system: str | None, study: str | None
) -> Iterator[Candidate]:
    rows = _of_site(fhir.tables["researchsubject"], site)
    numbers = fhir.tables["identifier"]
    ours = _find_study_keys(fhir, site, study)
    consents = _of_site(fhir.tables["consent"], site)
    consents = consents[~consents["status"].isin(["rejected", "not-done", "entered-in-error"])]
    for row in rows.to_dict("records"):
        if ours is not None and row["study"] not in ours:
            continue
        own = numbers[numbers["owner_key"] == row["key"]]
        if subject_system:
            own = own[own["system"] == subject_system]
        number = next(iter(own["value"]), None)
        patients = [row["subject"]] if isinstance(row["subject"], str) else []
        candidate = Candidate(site, number, row["source_id"], row["path"], patients)
        candidate.say("arm_code", row["assigned_arm"], row["source_id"], "ResearchSubject.assignedArm")
        candidate.say("status", row["status"], row["source_id"], "ResearchSubject.status")
        candidate.say("end_dtc", row["period_end"], row["source_id"], "ResearchSubject.period.end")
        _read_consent(candidate, row["consent"], consents)
        if ours is not None and isinstance(row["study"], str):
            candidate.support.append((ours[row["study"]], "study"))
        yield candidate


def _find_study_keys(fhir: FhirTables, site: str, study: str | None) -> dict[str, int] | None:
    """Keys of the ResearchStudy resources with the identifier; None when the site names none."""
    if study is None:
        return None
    numbers = fhir.tables["identifier"]
    owners = set(numbers.loc[numbers["value"] == study, "owner_key"])
    rows = _of_site(fhir.tables["researchstudy"], site)
    rows = rows[rows["key"].isin(owners)]
    return dict(zip(rows["key"], rows["source_id"].astype(int), strict=True))


def _read_consent(candidate: Candidate, consent_key: object, consents: pd.DataFrame) -> None:
    """The Consent that the ResearchSubject names, else the subject's earliest (RFICDTC, IG DM 10d)."""
    named = consents[consents["key"] == consent_key] if isinstance(consent_key, str) else consents.iloc[0:0]
    own = named if len(named) else consents[consents["subject"].isin(candidate.patients)]
    own = own.dropna(subset=["dtc"]).sort_values(["dtc", "key"])
    if len(own):
        first = own.iloc[0]
        candidate.say("consent_dtc", first["dtc"], int(first["source_id"]), "Consent.dateTime")
        candidate.support.append((int(first["source_id"]), "consent"))


def _check_number(candidate: Candidate, fhir: FhirTables, log: IssueLog) -> bool:
    if candidate.subject_id:
        return True
    message = "no subject number; give it in the identifier that site.yaml names"
    log.add("HBV-ENR-002", source_id=candidate.source_id, path=candidate.path, message=message)
    settle(fhir.sources, [candidate.source_id], "rejected", "HBV-ENR-002")
    return False


def _drop_repeats(candidates: Iterable[Candidate], fhir: FhirTables, log: IssueLog) -> list[Candidate]:
    """Keep the first record of a subject number or Patient, in the order of sources."""
    kept: dict[str, Candidate] = {}
    patients: dict[str, str] = {}
    for candidate in sorted(candidates, key=lambda c: c.source_id):
        number = str(candidate.subject_id)
        other = next((patients[p] for p in candidate.patients if p in patients), None)
        if number in kept or other is not None:
            message = (
                f"subject number {number} occurs twice; the first record was used"
                if number in kept
                else f"the Patient is already subject {other}; one person has one subject number"
            )
            log.add("HBV-ENR-002", source_id=candidate.source_id, path=candidate.path, message=message)
            settle(fhir.sources, [candidate.source_id], "rejected", "HBV-ENR-002")
            continue
        kept[number] = candidate
        patients.update(dict.fromkeys(candidate.patients, number))
    return list(kept.values())


def _read_patient(candidate: Candidate, fhir: FhirTables, log: IssueLog) -> None:
    rows = fhir.tables["patient"]
    rows = rows[rows["key"].isin(candidate.patients)].sort_values("key")
    if rows.empty:
        log.add(
            "HBV-ENR-001",
            source_id=candidate.source_id,
            path=candidate.path,
            message=f"subject {candidate.subject_id}: no Patient with the enrolment record's identifier was read",
        )
        return
    for row in rows.iloc[::-1].to_dict("records"):  # the first Patient is said last and wins
        source_id = int(row["source_id"])
        candidate.say("birth_dtc", row["birth_date"], source_id, "Patient.birthDate")
        candidate.say("sex", row["gender"], source_id, "Patient.gender")
        candidate.say("death_dtc", row["deceased_dtc"], source_id, "Patient.deceasedDateTime")
        if row["deceased"] is True:
            candidate.say("deceased", "true", source_id, "Patient.deceasedBoolean")
        candidate.support.append((source_id, "patient"))


def _read_stated(candidates: Iterable[Candidate], fhir: FhirTables) -> None:
    stated = fhir.tables["stated"]
    owner = dict(zip(fhir.tables["consent"]["key"], fhir.tables["consent"]["subject"], strict=True))
    by_key: dict[str, list[dict[Hashable, object]]] = {}
    for row in stated.to_dict("records"):
        by_key.setdefault(str(owner.get(row["key"], row["key"])), []).append(row)
    researchsubjects = fhir.tables["researchsubject"]
    key_of = dict(zip(researchsubjects["source_id"], researchsubjects["key"], strict=True))
    for candidate in candidates:
        for key in (key_of.get(candidate.source_id), *candidate.patients):
            for row in by_key.get(str(key), []):
                candidate.say(str(row["field"]), row["value"], int(str(row["source_id"])), str(row["path"]))


def _build_record(
    candidate: Candidate, mapper: SiteMapper, log: IssueLog
) -> tuple[dict[str, object], list[dict[str, object]]]:
    record: dict[str, object] = {
        "source_id": candidate.source_id,
        "path": candidate.path,
        "site": candidate.site,
        "subject_id": candidate.subject_id,
        "deceased": "deceased" in candidate.said or "death_dtc" in candidate.said,
    }
    gave: list[dict[str, object]] = []

    def credit(field: str, said: Said, row: str | None) -> None:
        place = {"source_id": said.source_id, "path": said.path, "mapping_row": row}
        gave.append({"subject_id": candidate.subject_id, "field": field, **place})

    for name, said in candidate.said.items():
        value, row = _read_field(name, said, mapper, log)
        if name in ("race", "ethnic", "end_reason"):
            record[f"{name}_text"] = said.value
            credit(f"{name}_text", said, None)
        if value is None:
            continue
        if name != "deceased":
            record[name] = value
        credit(name, said, row)
    return record, gave


def _read_field(name: str, said: Said, mapper: SiteMapper, log: IssueLog) -> tuple[str | None, str | None]:
    if name in _DATES:
        dtc = _read_date(said.value)
        if dtc is None:
            log.add("HBV-CAN-004", source_id=said.source_id, path=said.path)
        return dtc, None
    if name == "ethnic":
        match = mapper.map_value("ETHNIC", said.value)
        return (match.value, match.row) if match else (None, None)
    if name not in _CODELISTS:
        return said.value, None
    codelist, code = _CODELISTS[name]
    system = {"sex": _GENDER, "status": _STATUS}.get(name)
    match = mapper.map_value(codelist, said.value, system=system) or mapper.map_value(codelist, said.value)
    if match is None:
        log.add(
            code,
            source_id=said.source_id,
            path=said.path,
            value=said.value,
            message=f"{said.value!r} is not mapped; add it to sites/{mapper.site}/values.csv, codelist {codelist}",
        )
        return None, None
    return match.value, match.row


@cache
def _read_date(text: str) -> str | None:
    values, bad = normalise_dtc(pd.Series([text], dtype="str"))
    return None if bool(bad.iloc[0]) else str(values.iloc[0])


def _of_site(table: pd.DataFrame, site: str) -> pd.DataFrame:
    return table[table["site"] == site]
