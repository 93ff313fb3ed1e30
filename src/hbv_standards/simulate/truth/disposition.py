"""What was reached and how it ended (DS), which criteria were not met (IE), and doses as collected (EC)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hbv_standards.simulate.habits import find_text, read_drugs
from hbv_standards.simulate.protocol import GAP_DAYS
from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.truth.exposure import NAMES, list_intervals

Row = dict[str, str]
COLUMNS = ("SUBJID", "DSCAT", "DSSCAT", "DSDECOD", "TERM_EN", "TERM_ZH", "DSSTDTC")
COLLECTED_COLUMNS = (
    "SUBJID", "ECTRT_EN", "ECTRT_ZH", "ECPRESP", "ECOCCUR", "ECREASOC", "ECDOSE", "ECDOSU", "ECDOSFRM", "ECROUTE",
    "ECADJ", "ECSTDTC", "ECENDTC",
)  # fmt: skip
_PLANNED_DAYS = 336  # 48 weeks


def list_dispositions(subject: Subject) -> Iterator[Row]:
    """DS rows of a subject: milestones, the end of participation, and the end of treatment where it is known."""
    yield _tell(subject, "PROTOCOL MILESTONE", "", "INFORMED CONSENT OBTAINED", subject.consent.isoformat())
    if subject.randomised:
        yield _tell(subject, "PROTOCOL MILESTONE", "", "RANDOMIZED", subject.randomised.isoformat())
    if subject.end is None:
        return
    reason, ended = subject.end_reason, subject.person.death or subject.end.isoformat()
    yield _tell(subject, "DISPOSITION EVENT", "STUDY PARTICIPATION", reason, ended, said=True)
    rows = list(list_intervals(subject))
    if rows:
        last = max(row["EXENDTC"] for row in rows)
        why, to_end = _explain_treatment_end(subject, rows[-1])
        day = ended if why == "DEATH" else last
        if why:  # the hospital's words are on participation: of treatment only where both ended together
            yield _tell(
                subject, "DISPOSITION EVENT", "STUDY TREATMENT", why, day, said=to_end and why == reason
            )


def _tell(
    subject: Subject, category: str, subcategory: str, term: str, day: str, *, said: bool = False
) -> Row:
    """One row; ``said``: the hospital has words of its own for the term."""
    words = find_text(subject.site, "NCOMPLT", term).said if said else term
    cells = (subject.number, category, subcategory, term, words if words.isascii() else term, words, day)
    return dict(zip(COLUMNS, cells, strict=True))


def _explain_treatment_end(subject: Subject, last: Row) -> tuple[str, bool]:
    """Reason, empty where it is not known, and whether treatment went on to the end of participation.

    COMPLETED after 48 weeks, else as participation where it went on to its end.
    """
    assert subject.day_one
    assert subject.end
    stopped, gap = date.fromisoformat(last["EXENDTC"][:10]), GAP_DAYS[last["EXDOSFRQ"]]
    planned = subject.day_one + timedelta(days=_PLANNED_DAYS)
    to_end = (subject.end - stopped).days <= gap
    if planned <= subject.end and (planned - stopped).days <= gap:
        return "COMPLETED", to_end
    return (subject.end_reason if to_end else ""), to_end


def list_collected(subject: Subject) -> Iterator[Row]:
    """EC rows of a subject: all of EX, and study doses that were not given."""
    for row in list_intervals(subject):
        same = ("TRT_EN", "TRT_ZH", "DOSE", "DOSU", "DOSFRM", "ROUTE", "ADJ", "STDTC", "ENDTC")
        given = {f"EC{name}": row[f"EX{name}"] for name in same}
        yield {"SUBJID": subject.number, "ECPRESP": "Y", "ECOCCUR": "Y", **given}
    for dose in subject.doses:
        if not dose.given:
            drug = read_drugs(subject.site)[dose.treatment]
            yield {
                "SUBJID": subject.number,
                "ECTRT_EN": dose.treatment,
                "ECTRT_ZH": NAMES[dose.treatment],
                "ECPRESP": "Y",
                "ECOCCUR": "N",
                "ECREASOC": dose.missed_reason,
                "ECDOSFRM": drug.form,
                "ECROUTE": drug.route,
                "ECSTDTC": dose.start,
                "ECENDTC": dose.end,
            }
