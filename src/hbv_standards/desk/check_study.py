"""All tables of a study folder together: what is wrong, and what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hbv_standards.desk.note import Note
from hbv_standards.desk.note_hospitals import note_hospitals
from hbv_standards.desk.note_rows import note_rows
from hbv_standards.desk.note_texts import note_texts
from hbv_standards.desk.note_units import note_units
from hbv_standards.desk.row_keys import Things
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.catalog import check_tables
from hbv_standards.mapping.tables import read_tables
from hbv_standards.sdtm.spec import locate_specs, read_specs
from hbv_standards.study import read_study


@dataclass(frozen=True, slots=True)
class StudyCheck:
    """``faults`` keep the study from being used; ``notes`` do not, and are looked for when there is no fault."""

    faults: tuple[ConfigurationError, ...]
    notes: tuple[Note, ...]


def check_study(folder: Path) -> StudyCheck:
    """Check every table, hospital and dataset specification of a study folder; never raises for its content."""
    faults = check_tables(folder) or list(_check_specs(folder))
    return StudyCheck(tuple(faults), () if faults else tuple(_list_notes(folder)))


def _check_specs(folder: Path) -> Iterator[ConfigurationError]:
    """The first fault of ``specs``: they are read in turn, and the first that cannot be stops."""
    try:
        read_specs(locate_specs(folder))
    except ConfigurationError as fault:
        yield fault


def _list_notes(folder: Path) -> Iterator[Note]:
    study = read_study(folder)
    tables = read_tables(folder, list(study.sites))
    things = Things(tables.concepts, tables.treatments or [])
    yield from note_rows(tables, things)
    yield from note_units(tables)
    yield from note_hospitals(tables, things)
    yield from note_texts(tables.texts, folder)
