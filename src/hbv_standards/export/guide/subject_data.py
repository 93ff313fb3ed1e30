"""Section 3 of the guide, first half: overview, traceability and the way of each hospital's data."""

from __future__ import annotations

import pandas as pd

from hbv_standards.export.guide.content import (
    Block,
    Bullets,
    Paragraph,
    Section,
    Table,
    phrase_count,
    write_count,
)
from hbv_standards.export.guide.run import FATES, Run, list_mapping_rows
from hbv_standards.issues import KINDS
from hbv_standards.mapping.rows import list_accepted

SCREEN_FAILURE = "SCREEN FAILURE"


def build_overview(run: Run) -> Section:
    """3.1: the questions that a reviewer asks first, answered from the data."""
    dm = run.frame("DM")
    failures = int((run.column("DM", "ARMNRS") == SCREEN_FAILURE).sum())
    planned = sorted(name for name, dataset in run.datasets.items() if dataset.frame.empty)
    totals = run.outcomes[["read", *FATES]].sum()
    open_ended = _count_open(run)
    rows = (
        ("Subjects", f"{phrase_count(len(dm), 'subject')} in DM, one record each."),
        ("Are screen failures included?", f"{'Yes' if failures else 'No'}: {phrase_count(failures, 'subject')}."),
        (
            "Is the study ongoing?",
            f"{phrase_count(open_ended, 'subject')} without a recorded end of participation (DS, STUDY PARTICIPATION).",
        ),
        (
            "Datasets planned and not submitted",
            f"{', '.join(planned)}: no record." if planned else "None.",
        ),
        (
            "Are the submitted data a subset of the data collected?",
            f"Of {phrase_count(int(totals['read']), 'resource')} read, {write_count(int(totals['converted']))} stand "
            f"behind a submitted record, {write_count(int(totals['out of scope']))} were out of scope, "
            f"{write_count(int(totals['superseded']))} were superseded by another version and "
            f"{write_count(int(totals['rejected']))} were rejected. The reasons are told by hospital below.",
        ),
    )  # fmt: skip
    build = (
        "The datasets were written in ASCII: a text in another script stands as its submission value; "
        "one without mapping was left out and is an issue."
        if run.agency == "fda"
        else "The datasets were written in UTF-8, which holds the texts of the hospitals as they were sent."
    )
    said = Paragraph(
        "Numbers and dates are kept with the digits that were sent (--ORRES, --DTC), units are submission values "
        f"where they are mapped (--ORRESU). Partial dates stay partial and nothing is imputed. {build}"
    )
    return Section("Overview", (Table("Questions of the reviewer", ("Question", "Answer"), rows), said))


def _count_open(run: Run) -> int:
    ended = run.frame("DS")
    if not ended.empty:
        ended = ended[run.column("DS", "DSSCAT") == "STUDY PARTICIPATION"]
    done = set(ended["USUBJID"]) if not ended.empty else set()
    dm = run.frame("DM")
    return len(set(dm["USUBJID"]) - done) if not dm.empty else 0


def build_traceability(run: Run) -> Section:
    """3.2: FHIR, canonical model, SDTM; where the way of a value can be looked up."""
    steps = (
        "FHIR resources of the hospitals' systems are decoded element by element without loss; each has an entry in "
        "the source table with site, file, position, version and SHA-256.",
        "Each hospital's codes, units and texts are mapped, by tables of that hospital, to LOINC, ATC, units of "
        "measure and submission values. The result is the canonical model: study, subjects, visits, findings, "
        "interventions and events.",
        "Canonical records are mapped, by tables that hold for all hospitals, to SDTM domains and controlled "
        "terminology; derived variables are computed as the methods of the define.xml say.",
    )
    traced = sum(len(dataset.trace) for dataset in run.datasets.values())
    said = Paragraph(
        "The folder trace, delivered beside the datasets' folder, holds the source table "
        f"({write_count(len(run.sources))} entries) and {write_count(traced)} links from records and variables of the "
        "datasets to the resource, the element, the mapping row and the method behind them. There is no annotated "
        "CRF: the hospitals' records are the source, and variables of origin Collected come from them."
    )
    return Section("Traceability", (Bullets(steps), said))


def build_hospitals(run: Run) -> Section:
    """3.3: by hospital, what was read, what became of it and which mapping rows were used."""
    used = list_mapping_rows(run.datasets)
    said = Paragraph(
        "Every resource that was read has exactly one outcome: it stands behind a submitted record, or it was out of "
        "scope, superseded or rejected. The counts below add up."
    )
    sites = run.list_sites()
    totals = run.outcomes.groupby("site")[["read", *FATES]].sum()
    counts = {
        str(site): [int(n) for n in row] for site, row in zip(totals.index, totals.to_numpy(), strict=True)
    }
    rows = [(run.name_site(site), *(write_count(n) for n in counts[site])) for site in sites]
    rows.append(("All", *(write_count(int(n)) for n in totals.sum())))
    table = Table("Resources by hospital", ("Hospital", *_heads()), tuple(rows))
    parts = tuple(Section(run.name_site(site), _describe_hospital(run, site, used)) for site in sites)
    return Section("How Each Hospital's Data Became SDTM", (said, table), parts)


def _heads() -> tuple[str, ...]:
    return ("Read", *(fate.capitalize() for fate in FATES))


def _describe_hospital(run: Run, site: str, used: set[str]) -> tuple[Block, ...]:
    sent = run.sources[run.sources["site"] == site]
    files = sent["file"].nunique()
    versions = sorted(v for v in sent["fhir_version"].dropna().unique() if v)
    source = "FHIR " + ", ".join(versions) if versions else "records without a FHIR version"
    outcomes = run.outcomes[run.outcomes["site"] == site]
    rows = tuple(
        (str(row.resource_type), *(write_count(int(n)) for n in row[2:]))
        for row in outcomes[["resource_type", "read", *FATES]].itertuples(name="Row")
    )
    blocks: list[Block] = [
        Paragraph(f"{phrase_count(len(sent), 'resource')} from {phrase_count(files, 'file')}; {source}."),
        Table("Resources by type", ("Type", *_heads()), rows),
    ]
    reasons = _list_reasons(sent)
    if reasons:
        blocks.append(
            Table("Resources not converted, by reason", ("Outcome", "Reason", "Resources"), reasons)
        )
    if site in run.catalog.lookups:
        blocks.append(_count_mappings(run, site, used))
    return tuple(blocks)


def _list_reasons(sent: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    left = sent[sent["disposition"] != "converted"]
    counted = left.groupby(["disposition", "reason"], sort=True).size().reset_index(name="n")
    return tuple(
        (fate, _phrase_reason(reason), write_count(n)) for fate, reason, n in counted.to_numpy().tolist()
    )


def _phrase_reason(reason: str) -> str:
    """An issue code with its title; a phrase as it is."""
    return f"{reason}: {KINDS[reason].title}" if reason in KINDS else reason


_CODES = {
    "tests": ("test",), "treatments": ("treatment",), "visits": ("visit",),
    "questions about substances": ("use",), "questions about diseases": ("history", "family history"),
}  # fmt: skip


def _count_mappings(run: Run, site: str, used: set[str]) -> Table:
    """Rows of the hospital's own tables, and how many of them the trace of this run names."""
    lookup = run.catalog.lookups[site]
    accepted = list_accepted(lookup.codes)
    codes = [row for row in accepted if row.to_system != "NOT COLLECTED"]
    kinds = [(f"Codes of {name}", [r.row for r in codes if r.kind in kinds]) for name, kinds in _CODES.items()]
    kinds += [
        ("Units", [row.row for row in list_accepted(lookup.units)]),
        ("Values", [row.row for row in list_accepted(lookup.values)]),
    ]
    declined = sum(row.to_system == "NOT COLLECTED" for row in accepted)
    rows = [(name, write_count(len(own)), write_count(len(used & set(own)))) for name, own in kinds if own]
    if declined:
        rows.append(("Codes declared as not collected", write_count(declined), ""))
    return Table("Mapping rows of the hospital", ("Table", "Rows", "Named in the trace"), tuple(rows))
