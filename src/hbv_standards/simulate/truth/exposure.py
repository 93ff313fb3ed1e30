"""Constant-dosing intervals of study treatment, and earlier and rescue treatment as it was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hbv_standards.simulate.habits import read_drugs, read_unit
from hbv_standards.simulate.protocol import GAP_DAYS
from hbv_standards.simulate.records import Dose, Subject

Row = dict[str, str]
COLUMNS = (
    "SUBJID", "EXTRT_EN", "EXTRT_ZH", "EXDOSE", "EXDOSU", "EXDOSFRM", "EXDOSFRQ", "EXROUTE", "EXSTDTC",
    "EXENDTC", "EXADJ",
)  # fmt: skip
PRIOR_COLUMNS = (
    "SUBJID", "CMTRT_EN", "CMTRT_ZH", "CMCAT", "CMDOSE", "CMDOSU", "CMDOSFRM", "CMDOSFRQ", "CMROUTE", "CMSTDTC",
    "CMENDTC", "KIND",
)  # fmt: skip

NAMES = {
    "PEGINTERFERON ALFA-2A": "聚乙二醇干扰素α-2a",
    "ENTECAVIR": "恩替卡韦",
    "TENOFOVIR DISOPROXIL FUMARATE": "富马酸替诺福韦二吡呋酯",
    "TENOFOVIR ALAFENAMIDE": "富马酸丙酚替诺福韦",
    "ADEFOVIR DIPIVOXIL": "阿德福韦酯",
    "LAMIVUDINE": "拉米夫定",
}
"""Chinese names of the trial's drugs."""


def list_intervals(subject: Subject) -> Iterator[Row]:
    """EX rows of a subject: a new one where drug or dose changes, the gap is too long or a dose was missed."""
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
        if run and (not _continues(run[-1], dose, subject.site) or _was_missed(subject, run[-1], dose)):
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


def _was_missed(subject: Subject, last: Dose, dose: Dose) -> bool:
    """Whether the hospital recorded a dose that was not given on a day between these two."""
    days = (d.start[:10] for d in subject.doses if not d.given and d.treatment == dose.treatment)
    return any(last.end[:10] < day < dose.start[:10] for day in days)


def _write_interval(subject: Subject, run: list[Dose], reason: str) -> Row:
    drug = read_drugs(subject.site)[run[0].treatment]
    cells = (
        subject.number, drug.treatment, NAMES[drug.treatment], run[0].amount, read_unit(drug.unit, ""), drug.form,
        drug.frequency, drug.route, run[0].start, run[-1].end, reason,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def list_other_treatment(subject: Subject) -> Iterator[Row]:
    """Earlier (PRIOR) and rescue (RESCUE) treatment of a subject, one row per statement.

    A dispensing tells when a drug was handed out and not when it was last taken: no end.
    """
    for kind, doses in (("PRIOR", subject.priors), ("RESCUE", subject.rescue)):
        for dose in doses:
            drug = read_drugs(subject.site)[dose.treatment]
            said = drug.text or drug.display or drug.code
            names = (said, NAMES[drug.treatment]) if said.isascii() else (drug.treatment, said)
            cells = (
                subject.number, *names, "HBV TREATMENT", dose.amount, read_unit(drug.unit, ""),
                drug.form, drug.frequency, drug.route, dose.start,
                "" if dose.evidence == "dispense" else dose.end, kind,
            )  # fmt: skip
            yield dict(zip(PRIOR_COLUMNS, cells, strict=True))


def find_treatment_dates(subject: Subject) -> tuple[str, str]:
    """First and latest known date of study treatment, as they stand in EX; empty without any."""
    rows = list(list_intervals(subject))
    dates = [row[name] for row in rows for name in ("EXSTDTC", "EXENDTC") if row[name]]
    return (min(dates), max(dates)) if dates else ("", "")
