"""Constant-dosing intervals of study treatment, and earlier and rescue treatment as it was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hbv_standards.simulate.habits import read_drugs, read_unit
from hbv_standards.simulate.protocol import GAP_DAYS
from hbv_standards.simulate.records import Dose, Subject

Row = dict[str, str]
COLUMNS = (
    "SUBJID", "EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRM", "EXDOSFRQ", "EXROUTE", "EXSTDTC", "EXENDTC", "EXADJ",
)  # fmt: skip
PRIOR_COLUMNS = (
    "SUBJID", "CMTRT", "CMCAT", "CMDOSE", "CMDOSU", "CMDOSFRM", "CMDOSFRQ", "CMROUTE", "CMSTDTC", "CMENDTC",
    "KIND",
)  # fmt: skip


def list_intervals(subject: Subject) -> Iterator[Row]:
    """EX rows of a subject: a new one where drug or dose changes or the gap between doses is too long."""
    last: list[Dose] = []
    for run in split_runs(subject):
        changed = bool(last) and last[0].treatment == run[0].treatment and last[0].amount != run[0].amount
        reason = next((dose.reason for dose in run if dose.reason), "") if changed else ""
        yield _write_interval(subject, run, reason)
        last = run


def split_runs(subject: Subject) -> Iterator[list[Dose]]:
    """The doses behind each row of :func:`list_intervals`."""
    run: list[Dose] = []
    for dose in sorted((d for d in subject.doses if d.given), key=lambda d: (d.start, d.end)):
        if run and not _continues(run[-1], dose, subject.site):
            yield run
            run = []
        run.append(dose)
    if run:
        yield run


def _continues(last: Dose, dose: Dose, site: str) -> bool:
    if (last.treatment, last.amount) != (dose.treatment, dose.amount):
        return False
    gap = date.fromisoformat(dose.start[:10]) - date.fromisoformat(last.end[:10])
    return gap.days <= GAP_DAYS[read_drugs(site)[dose.treatment].frequency]


def _write_interval(subject: Subject, run: list[Dose], reason: str) -> Row:
    drug = read_drugs(subject.site)[run[0].treatment]
    cells = (
        subject.number, drug.treatment, run[0].amount, read_unit(drug.unit, ""), drug.form, drug.frequency,
        drug.route, run[0].start, run[-1].end, reason,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def list_other_treatment(subject: Subject) -> Iterator[Row]:
    """Earlier (PRIOR) and rescue (RESCUE) treatment of a subject, one row per statement.

    A dispensing tells when a drug was handed out and not when it was last taken: no end.
    """
    for kind, doses in (("PRIOR", subject.priors), ("RESCUE", subject.rescue)):
        for dose in doses:
            drug = read_drugs(subject.site)[dose.treatment]
            cells = (
                subject.number, drug.treatment, "HBV TREATMENT", dose.amount, read_unit(drug.unit, ""),
                drug.form, drug.frequency, drug.route, dose.start,
                "" if dose.evidence == "dispense" else dose.end, kind,
            )  # fmt: skip
            yield dict(zip(PRIOR_COLUMNS, cells, strict=True))


def find_treatment_dates(subject: Subject) -> tuple[str, str]:
    """First and latest known date of study treatment, as they stand in EX; empty without any."""
    rows = list(list_intervals(subject))
    dates = [row[name] for row in rows for name in ("EXSTDTC", "EXENDTC") if row[name]]
    return (min(dates), max(dates)) if dates else ("", "")
