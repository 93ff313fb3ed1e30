"""Section 3.5 of the guide about study treatment: what kind of record each hospital's EX rests on."""

from __future__ import annotations

import pandas as pd

from hbv_standards.export.guide.content import Block, Paragraph, Section, Table, phrase_count, write_count
from hbv_standards.export.guide.run import Run

KINDS = (
    ("MedicationAdministration", "Doses given"),
    ("MedicationStatement", "Statements of what is taken"),
    ("MedicationDispense", "Handed out"),
    ("MedicationRequest", "Ordered"),
)
"""Types of resources that tell of a treatment, the strongest first, and what each says."""

ORDERED = "MedicationRequest"

SAID = (
    "Of each treatment of a subject the strongest kind of record makes the rows: doses that were given, else "
    "statements of what is taken, else what was handed out, else what was ordered. The table counts the records of EX "
    "by the kind of record that they rest on."
)
ORDERS = (
    "An order says what was to be given, not what was given. For {subjects} ({names}) all records of EX rest on "
    "orders: there RFXSTDTC, RFXENDTC, the first study day, the baseline flags and the completion of study treatment "
    "(DS) rest on orders too."
)
OPEN = (
    "Study treatment without a recorded end: {subjects} ({names}). There EXENDTC is null, and RFXENDTC is the latest "
    "date of dosing that is known, which may be the start of the interval: days between RFXSTDTC and RFXENDTC are then "
    "less than the exposure. RFENDTC has the latest date of participation."
)


def build_exposure(run: Run) -> tuple[Section, ...]:
    """Records of EX by hospital and kind of evidence; subjects on orders alone, and those without an end."""
    evidence = find_evidence(run)
    if evidence.empty:
        return ()
    blocks: list[Block] = [Paragraph(SAID), _count_kinds(run, evidence)]
    ordered = (evidence["resource_type"] == ORDERED).groupby(evidence["USUBJID"]).all()
    blocks += _phrase(ORDERS, sorted(ordered.index[ordered]))
    ends = run.column("EX", "EXENDTC")
    blocks += _phrase(OPEN, sorted(run.frame("EX").loc[ends.isna(), "USUBJID"].unique()))
    return (Section("Evidence of Study Treatment", tuple(blocks)),)


def find_evidence(run: Run) -> pd.DataFrame:
    """Records of EX with what each rests on: ``row, USUBJID, site, resource_type``, each pair once."""
    dataset = run.datasets.get("EX")
    if dataset is None or dataset.frame.empty:
        return pd.DataFrame()
    whole = dataset.trace.loc[dataset.trace["variable"] == "", ["row", "source_id"]]
    behind = whole.merge(run.sources[["source_id", "site", "resource_type"]], on="source_id")
    subjects = behind["row"].map(dataset.frame["USUBJID"])
    return behind.assign(USUBJID=subjects)[["row", "USUBJID", "site", "resource_type"]].drop_duplicates()


def _count_kinds(run: Run, evidence: pd.DataFrame) -> Table:
    """Records by hospital: subjects, all, and those that rest on each kind."""
    counted = evidence.groupby(["site", "resource_type"])["row"].nunique().to_dict()
    rows = []
    for site in (site for site in run.list_sites() if site in set(evidence["site"])):
        own = evidence[evidence["site"] == site]
        kinds = (write_count(counted.get((site, kind), 0)) for kind, _ in KINDS)
        rows.append(
            (
                run.name_site(site),
                write_count(own["USUBJID"].nunique()),
                write_count(own["row"].nunique()),
                *kinds,
            )
        )
    heads = ("Hospital", "Subjects", "EX records", *(said for _, said in KINDS))
    return Table("Records of EX by what they rest on", heads, tuple(rows))


def _phrase(text: str, subjects: list[str]) -> list[Paragraph]:
    if not subjects:
        return []
    told = text.format(subjects=phrase_count(len(subjects), "subject"), names=", ".join(subjects))
    return [Paragraph(told)]
