"""Records that belong together, as RELREC should tell of them."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.habits import read_tests
from hbv_standards.simulate.records import Dose, Reaction, Subject
from hbv_standards.simulate.truth.exposure import list_intervals, split_runs

Row = dict[str, str]
COLUMNS = ("SUBJID", "RELATED", "TO")


def list_relations(subject: Subject) -> Iterator[Row]:
    """An examination and each of its results; an adverse event and each dose that was changed for it."""
    for one, other in (*_relate_results(subject), *_relate_doses(subject)):
        yield {"SUBJID": subject.number, "RELATED": one, "TO": other}


def _relate_results(subject: Subject) -> Iterator[tuple[str, str]]:
    results = {r.key: r for contact in subject.contacts for r in contact.results}
    for examination in subject.examinations:
        for key in examination.results:
            test = read_tests()[results[key].habit.concept_id].testcd
            yield f"PR {examination.procedure} {examination.when.dtc}", f"GI {test} {results[key].when.dtc}"


def _relate_doses(subject: Subject) -> Iterator[tuple[str, str]]:
    """The dose that refers to the event; any later one whose reason is the event, in words."""
    intervals = list(zip(list_intervals(subject), split_runs(subject), strict=True))
    for reaction in subject.reactions:
        name = f"AE {reaction.illness.english} {reaction.illness.start}"
        for row, run in intervals:
            said = f"{row['EXDOSE']} {row['EXSTDTC']}"
            if _refers(run, reaction) or _tells(row, reaction):
                yield name, f"EX {said}"
                yield name, f"EC {said}"


def _refers(run: list[Dose], reaction: Reaction) -> bool:
    return bool(reaction.changed) and reaction.changed in {dose.key for dose in run}


def _tells(row: Row, reaction: Reaction) -> bool:
    illness = reaction.illness
    return row["EXADJ"].casefold() == illness.english.casefold() and row["EXSTDTC"] >= illness.start
