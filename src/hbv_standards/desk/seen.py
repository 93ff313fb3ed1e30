"""What deliveries hold, hospital by hospital, against what the mapping tables know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from hbv_standards.desk.hide_persons import hide_persons
from hbv_standards.desk.person_words import read_person_words
from hbv_standards.desk.provisional import detect_site, open_catalog
from hbv_standards.desk.seen_codes import DECLINED, CodeList, SeenCode, list_codes
from hbv_standards.desk.seen_units import SeenUnit, list_units
from hbv_standards.desk.seen_values import SeenValue, list_values
from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.canonical_subjects import build_subjects
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import KINDS, IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.site import SiteConfig

Progress = Callable[[str, int, int], None]

_UNREAD = ("HBV-ING-001", "HBV-ING-002", "HBV-ING-003", "HBV-ING-005", "HBV-ING-013")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was read, and whose it is.

    ``person_of`` is Patient key → subject, of enrolled subjects; at the hospitals of ``everyone``
    nobody is known to be enrolled, and every Patient counts. ``detected`` is the provisional
    configuration of a hospital that the study has not.
    """

    catalog: Catalog
    fhir: FhirTables
    person_of: Mapping[str, str]
    everyone: frozenset[str]
    detected: SiteConfig | None
    strangers: int  # resources of nobody knows which hospital
    unread: Mapping[str, int]  # code of the issue → files and resources that could not be read


@dataclass(frozen=True, slots=True)
class Seen:
    """Codes, units and values of a delivery, with counts and with what they mean by the tables."""

    delivery: Delivery
    codes: tuple[SeenCode, ...]
    units: tuple[SeenUnit, ...]
    values: tuple[SeenValue, ...]


def read_seen(
    inputs: Sequence[Path],
    catalog: Catalog,
    log: IssueLog,
    *,
    site: str | None = None,
    enrolment: Path | None = None,
    progress: Progress | None = None,
) -> Seen:
    """Read deliveries and list what they hold.

    ``site`` may be a hospital that the study has not: it is read by what its files show. Faults of
    the data go to ``log``; :class:`ConfigurationError` is raised as by :func:`.read_fhir`.
    """
    delivery = read_delivery(inputs, catalog, log, site=site, enrolment=enrolment, progress=progress)
    return complete_seen(delivery, list_seen_codes(delivery), {})


def list_seen_codes(delivery: Delivery) -> CodeList:
    """The codes of a delivery."""
    return list_codes(delivery.fhir, delivery.catalog, delivery.person_of, delivery.everyone)


def complete_seen(delivery: Delivery, listed: CodeList, meant: Mapping[int, str]) -> Seen:
    """Units and values beside the codes; ``meant`` is what codes that no table knows are taken to be.

    Units and words can only be understood as results of a test, so those of an unmapped code are
    listed under the test that is proposed for it.
    """
    concepts = {code.number: code.concept_id or meant.get(code.number, "") for code in listed.codes}
    substances = {code.number: code.mapped_to for code in listed.codes if code.kind == "use"}
    declined = {code.number for code in listed.codes if code.status == DECLINED}
    results = listed.tests[~listed.tests["code_number"].isin(declined)].reset_index(drop=True)
    measured = results.assign(concept_id=results["code_number"].map({**concepts, **substances}).astype("str"))
    asked = {code.number for code in listed.codes if code.kind not in ("test", "treatment", "visit")}
    is_asked = measured["code_number"].isin(asked)
    tests = measured[~is_asked].reset_index(drop=True)
    answers = measured[is_asked].reset_index(drop=True)
    units = list_units(measured, delivery.fhir, delivery.catalog, delivery.person_of, delivery.everyone)
    values = list_values(
        tests, answers, delivery.fhir, delivery.catalog, delivery.person_of, delivery.everyone
    )
    return Seen(delivery, tuple(listed.codes), tuple(units), tuple(values))


def read_delivery(
    inputs: Sequence[Path],
    catalog: Catalog,
    log: IssueLog,
    *,
    site: str | None = None,
    enrolment: Path | None = None,
    progress: Progress | None = None,
) -> Delivery:
    """Read deliveries and find out who is enrolled, also at a hospital that the study has not."""
    known = site is None or site in catalog.sites
    opened = open_catalog(catalog, inputs, site)
    fhir = read_fhir(inputs, opened, log, site=site, enrolment=enrolment, progress=progress)
    detected = None
    if not known and site is not None:
        detected = detect_site(fhir, opened, site, log)
        accepted = detected.enrolment.model_copy(update={"status": "accepted"})
        config = detected.model_copy(update={"enrolment": accepted})
        opened = replace(opened, sites={**opened.sites, site: config})
    person_of = build_subjects(fhir, opened, IssueLog()).subject_of
    sent = fhir.sources.loc[fhir.sources["site"] != "", "site"]
    enrolled = set(fhir.tables["patient"].loc[fhir.tables["patient"]["key"].isin(person_of), "site"])
    strangers = int((fhir.sources["reason"] == "HBV-ING-009").sum())
    fhir = hide_persons(fhir, read_person_words(inputs, opened.sites, site), opened)
    return Delivery(
        opened, fhir, person_of, frozenset(set(sent) - enrolled), detected, strangers, count_unread(log)
    )


def count_unread(log: IssueLog) -> dict[str, int]:
    """How much could not be read, by issue code: files, resources, and files of no kind that is read."""
    counted = Counter(row.code for row in log.rows if row.code in _UNREAD)
    return {code: counted[code] for code in _UNREAD if counted[code]}


def describe_unread(unread: Mapping[str, int]) -> Iterator[str]:
    """Lines for people: what is not counted, for nobody could read it."""
    if unread:
        yield "Not everything could be read, and what was not is not counted:"
        yield from (f"  {count:>6}  {code}  {KINDS[code].title}" for code, count in unread.items())
        yield "  The issues.csv of `hbv-standards convert` names each file and line."


def refuse_empty(delivery: Delivery, inputs: Sequence[Path]) -> NoReturn:
    """Raise :class:`ConfigurationError`: nothing that a table could know is in the inputs."""
    faults = "".join(f"\n{line}" for line in describe_unread(delivery.unread))
    cure = "name the files or folder of the delivery"
    raise ConfigurationError(f"nothing was read of {', '.join(map(str, inputs))}; {cure}{faults}")
