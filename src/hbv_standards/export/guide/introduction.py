"""Sections 1 and 2 of the guide: purpose, standards, and the protocol as the study file tells it."""

from __future__ import annotations

from hbv_standards.export.dataset_json import DATASET_JSON_VERSION
from hbv_standards.export.guide.content import Bullets, Paragraph, Section, Table, phrase_count
from hbv_standards.export.guide.dictionaries import list_dictionaries
from hbv_standards.export.guide.run import Run
from hbv_standards.study import Arm, PlannedVisit

ACRONYMS = (
    ("CDISC", "Clinical Data Interchange Standards Consortium"),
    ("CT", "Controlled terminology"),
    ("FHIR", "Fast Healthcare Interoperability Resources (HL7)"),
    ("LLOQ / ULOQ", "Lower / upper limit of quantification"),
    ("LOINC", "Logical Observation Identifiers Names and Codes"),
    ("SDRG", "Study Data Reviewer's Guide"),
    ("SDTM / SDTMIG", "Study Data Tabulation Model / its implementation guide"),
    ("UCUM", "Unified Code for Units of Measure"),
    ("XPT", "SAS version 5 transport file"),
)


def build_introduction(run: Run) -> Section:
    """Section 1: purpose, acronyms, standards and dictionaries."""
    purpose = Paragraph(
        f"This guide gives reviewers context for the tabulation datasets of study {run.catalog.study.studyid}: "
        "where the data come from, how they became SDTM, and what is known to be imperfect. It supplements the "
        "define.xml. It was written by the run that wrote the datasets; every number in it was counted there."
    )
    language = Paragraph(
        "The guide is in English. Names of hospitals are the English ones of the study file; texts in other scripts "
        "are in the source records and, for builds that carry them, in the datasets."
    )
    acronyms = Table("Acronyms", ("Acronym", "Meaning"), ACRONYMS)
    return Section(
        "Introduction",
        parts=(
            Section("Purpose", (purpose, language)),
            Section("Acronyms", (acronyms,)),
            Section("Study Data Standards and Dictionary Inventory", (_list_standards(run),)),
        ),
    )


def _list_standards(run: Run) -> Table:
    versions = run.catalog.study.sdtm
    fhir = sorted(v for v in run.sources["fhir_version"].dropna().unique() if v)
    rows = [
        ("Source records", "HL7 FHIR", ", ".join(fhir)),
        ("Tabulation datasets", "CDISC SDTM", versions.model),
        ("Tabulation datasets", "CDISC SDTMIG", versions.ig),
        ("Controlled terminology", "CDISC/NCI SDTM CT", versions.terminology),
        ("Data definition", "CDISC Define-XML", "2.1"),
        ("Transport", "SAS XPT", "5"),
        ("Exchange copy", "CDISC Dataset-JSON", DATASET_JSON_VERSION),
    ]
    rows += list_dictionaries(run)
    return Table("Standards and dictionaries", ("Use", "Standard or dictionary", "Version"), tuple(rows))


def build_protocol(run: Run) -> Section:
    """Section 2: number, title, design, eligibility, and what the trial summary cannot say."""
    study = run.catalog.study
    number = Table(
        "Protocol",
        ("Item", "Value"),
        (
            ("Protocol", run.define.protocol),
            ("STUDYID", study.studyid),
            ("Title", " ".join(study.title.split())),
        ),
    )
    parts = [
        Section("Protocol Number and Title", (number,)),
        Section("Protocol Design", _describe_design(run)),
    ]
    if study.criteria:
        parts.append(Section("Eligibility Criteria", _describe_criteria(run)))
    if not run.frame("TS").empty:
        parts.append(Section("Trial Summary", _describe_summary(run)))
    return Section("Protocol Description", parts=tuple(parts))


def _describe_design(run: Run) -> tuple[Paragraph | Table, ...]:
    study = run.catalog.study
    said = Paragraph(
        f"The design has {phrase_count(len(study.arms), 'arm')}, {phrase_count(len(study.epochs), 'epoch')} "
        f"({', '.join(study.epochs)}) and {phrase_count(len(study.visits), 'planned visit')}. It is in the trial "
        "design datasets. Study day 1 is the day of first study treatment (DM.RFSTDTC); there is no study day 0."
    )
    arms = tuple((arm.armcd, arm.arm, _phrase_cells(run, arm)) for arm in study.arms)
    elements = tuple(
        (e.etcd, e.element, e.start_rule, e.end_rule or "", e.duration or "") for e in study.elements
    )
    return (
        said,
        Table("Arms", ("ARMCD", "ARM", "Elements by epoch"), arms),
        Table("Elements", ("ETCD", "Element", "Start rule", "End rule", "Duration"), elements),
        Table(
            "Planned visits (windows, both ends included: the study days taken for a visit)",
            ("VISITNUM", "VISIT", "VISITDY", "Window", "Epoch", "Start rule"),
            tuple(_describe_visit(visit) for visit in study.visits),
        ),
    )


def _phrase_cells(run: Run, arm: Arm) -> str:
    known = {element.etcd: element.element for element in run.catalog.study.elements}
    return "; ".join(f"{cell.epoch}: {known[cell.etcd]}" for cell in arm.cells)


def _describe_visit(visit: PlannedVisit) -> tuple[str, ...]:
    low, high = visit.window
    return (
        f"{visit.visitnum:g}", visit.visit, str(visit.visitdy), f"{low} to {high}", visit.epoch, visit.start_rule
    )  # fmt: skip


def _describe_criteria(run: Run) -> tuple[Paragraph | Table, ...]:
    criteria = run.catalog.study.criteria
    rows = tuple(
        (c.testcd, c.category, c.text, (c.rule_text or "Yes") if c.rule else "Not computed") for c in criteria
    )
    said = Paragraph(
        "Criteria as the study file lists them (TI). Those with a rule were computed on the records; unmet ones are "
        "records of IE. Criteria without a rule are listed and not computed."
    )
    return said, Table("Eligibility criteria", ("IETESTCD", "Category", "Criterion", "Computed from"), rows)


def _describe_summary(run: Run) -> tuple[Paragraph | Bullets, ...]:
    ts = run.frame("TS")
    null = ts[run.column("TS", "TSVALNF").notna() & ts["TSVAL"].isna()]
    said = Paragraph(
        f"TS has {phrase_count(len(ts), 'record')} for {phrase_count(ts['TSPARMCD'].nunique(), 'parameter')}. "
        f"{len(null)} have a null flavor instead of a value: the protocol at hand does not state them, or they do "
        "not apply."
    )
    names = null["TSPARMCD"].str.cat(null["TSPARM"], sep=" ").groupby(null["TSVALNF"])
    return said, Bullets(tuple(f"{flavor}: {'; '.join(group)}." for flavor, group in names))


__all__ = ["build_introduction", "build_protocol"]
