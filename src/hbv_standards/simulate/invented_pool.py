"""What laboratory systems print: the pool of names, units and words from which a hospital is invented.

The tables ``habits/invented_*.csv`` are from practice and were written without a look at
``mappings/``: how much of an invented hospital is proposed right says something for that reason alone.
A row is never changed so that a proposal comes right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hbv_standards.simulate.habit_tables import read_rows

_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class TestNames:
    """invented_tests.csv: how a test may be called.

    ``plain`` names may get a tube before and a method behind, ``whole`` ones stay as they are.
    """

    concept_id: str
    abbreviation: str
    tubes: tuple[str, ...]
    methods: tuple[str, ...]
    plain: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """invented_words.csv: words for one submission value, in the order of other values of the codelist.

    VISIT, DRUG, DISEASE, QUESTION, HEADER, PROCEDURE and CATEGORY are no codelists: their ``value`` is a
    number of a visit, a drug, a disease, what is asked, a field of an enrolment record and so on.
    """

    codelist: str
    concept_id: str
    value: str
    words: tuple[str, ...]


@cache
def read_test_names() -> tuple[TestNames, ...]:
    """The tests, in the order of the table."""
    columns = ("tubes", "methods", "plain_names", "whole_names")
    return tuple(
        TestNames(row["concept_id"], row["abbreviation"], *(_split(row[name]) for name in columns))
        for row in read_rows("invented_tests.csv")
    )


@cache
def read_words(codelist: str) -> tuple[Words, ...]:
    """The words of one codelist, in the order of the table."""
    rows = (row for row in read_rows("invented_words.csv") if row["codelist"] == codelist)
    return tuple(Words(codelist, row["concept_id"], row["value"], _split(row["words"])) for row in rows)


@cache
def list_codelists() -> tuple[str, ...]:
    """All codelists of the table."""
    return tuple(dict.fromkeys(row["codelist"] for row in read_rows("invented_words.csv")))


@cache
def read_unit_spellings() -> dict[str, tuple[str, ...]]:
    """Spellings by UNIT submission value."""
    return {row["unit_value"]: _split(row["spellings"]) for row in read_rows("invented_units.csv")}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_BETWEEN)) if cell else ()
