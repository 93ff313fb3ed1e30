"""The hospitals' habits: tables of ``habits/``, read into rows.

Codes, names, units, decimals, assay limits and reference ranges are data; what a row means in
SDTM words stands in ``tests.csv``, ``units.csv`` and ``conversions.csv`` of the same folder. These
are the simulator's own tables: the truth is computed from them and never from ``mappings/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hbv_standards.simulate.habit_tables import Row, find_unit, read_rows, read_spellings
from hbv_standards.simulate.hospital_names import is_invented
from hbv_standards.simulate.invented_rows import draw_rows, list_spellings


@dataclass(frozen=True, slots=True)
class TestFacts:
    """tests.csv: what a test is in SDTM words and when it is done."""

    concept_id: str
    panel: str
    schedule: str  # visit, screening or imaging
    brief: bool  # belongs to the small set of the fixtures
    domain: str
    testcd: str
    tstdtl: str
    binding_agent: str
    symbol: str
    std_unit: str
    specimen: str  # --SPEC where none is sent
    method: str  # --METHOD where none is sent
    location: str


@dataclass(frozen=True, slots=True)
class LabHabit:
    """laboratory.csv: how one hospital codes, measures and reports one test."""

    site: str
    concept_id: str
    system: str  # LOINC, LOCAL or TEXT (no code at all)
    code: str
    display: str
    text: str
    loinc: str  # the LOINC code that is known for this test, sent or not
    unit: str
    unit_code: str
    decimals: str  # digits behind the point, "E1": 1.2E+03
    lloq: str
    uloq: str
    low: str
    high: str
    low_f: str
    high_f: str
    range_form: str  # limits, text or empty
    form: str  # quantity, string, coded, integer or ratio
    specimen: str  # kind of tube, empty where no Specimen is sent
    method: str  # as sent

    def read_limits(self, sex: str) -> tuple[str, str]:
        """Lower and upper limit of the reference range, digits as printed; empty where none."""
        if sex == "F" and (self.low_f or self.high_f):
            return self.low_f, self.high_f
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class SentText:
    """texts.csv: a word or code of one hospital and the submission value that it means."""

    site: str
    codelist: str
    concept_id: str
    value: str
    system: str
    code: str
    display: str
    text: str

    @property
    def said(self) -> str:
        """What a reader of the message sees."""
        return self.text or self.display or self.code


@dataclass(frozen=True, slots=True)
class DrugHabit:
    """treatments.csv: how one hospital names and doses a drug, and its usual dosing."""

    site: str
    treatment: str
    system: str
    code: str
    display: str
    text: str
    dose: str
    unit: str
    unit_code: str
    form: str
    route: str
    frequency: str


@dataclass(frozen=True, slots=True)
class Role:
    """cast.csv: a kind of subject. The first of each kind is always in the trial, in this order."""

    role: str
    site: str  # of the first one; others are spread over the hospitals
    weight: int  # how often it occurs among the others
    arm: str
    response: str
    flare: bool
    reduction: str  # neutrophil, platelet or empty
    outcome: str
    missed: str  # number of the planned visit that is missed
    unscheduled: int
    second_screening: bool
    repeat: bool  # a sample is repeated on the same day
    rescue: bool
    switch: bool  # changes the nucleos(t)ide analogue half way


@dataclass(frozen=True, slots=True)
class Factor:
    """conversions.csv: (number as sent + offset) x multiplier / divisor is in the standard unit."""

    multiplier: str
    divisor: str
    offset: str
    scale: str  # linear, or log10 where the number is the logarithm


def read_site_rows(name: str, site: str) -> Iterator[Row]:
    """One hospital's rows of a table in ``habits/``; those of an invented one are drawn."""
    if is_invented(site):
        return draw_rows(name, site)
    return (row for row in read_rows(name) if row["site"] == site)


@cache
def read_tests() -> dict[str, TestFacts]:
    """Tests by concept_id, in the order of the table."""
    rows = (TestFacts(**{**row, "brief": row["brief"] == "Y"}) for row in read_rows("tests.csv"))  # type: ignore[arg-type]  # brief is the one bool
    return {row.concept_id: row for row in rows}


@cache
def read_laboratory(site: str) -> dict[str, LabHabit]:
    """One hospital's tests by concept_id, in the order of the table."""
    rows = (LabHabit(**row) for row in read_site_rows("laboratory.csv", site))
    return {row.concept_id: row for row in rows}


@cache
def read_texts(site: str) -> dict[tuple[str, str, str], SentText]:
    """One hospital's words by codelist, submission value and concept_id (empty: every test)."""
    rows = (SentText(**row) for row in read_site_rows("texts.csv", site))
    return {(row.codelist, row.value, row.concept_id): row for row in rows}


def find_text(site: str, codelist: str, value: str, concept_id: str = "") -> SentText:
    """The hospital's word for a submission value, that of the test first; ``KeyError`` where it has none."""
    texts = read_texts(site)
    return texts.get((codelist, value, concept_id)) or texts[codelist, value, ""]


@cache
def list_texts(site: str, codelist: str) -> tuple[SentText, ...]:
    """All words of one codelist that a hospital uses."""
    return tuple(text for (name, _, _), text in read_texts(site).items() if name == codelist)


@cache
def read_drugs(site: str) -> dict[str, DrugHabit]:
    """One hospital's drugs by treatment."""
    rows = (DrugHabit(**row) for row in read_site_rows("treatments.csv", site))
    return {row.treatment: row for row in rows}


@cache
def read_units() -> dict[tuple[str, str], str]:
    """UNIT submission value by unit as sent and concept_id (empty: every test)."""
    return {**dict(list_spellings()), **read_spellings()}


@cache
def read_unit(unit: str, concept_id: str) -> str:
    """UNIT submission value of a unit as sent; empty for no unit, ``KeyError`` for an unknown one."""
    return find_unit(read_units(), unit, concept_id)


@cache
def read_factors() -> dict[tuple[str, str], Factor]:
    """How a test's results in a unit become standard, by concept_id and unit."""
    names = ("multiplier", "divisor", "offset", "scale")
    return {
        (row["concept_id"], row["from_unit"]): Factor(**{name: row[name] for name in names})
        for row in read_rows("conversions.csv")
    }


@cache
def read_cast() -> tuple[Role, ...]:
    """The kinds of subjects."""
    return tuple(_build_role(row) for row in read_rows("cast.csv"))


def _build_role(row: dict[str, str]) -> Role:
    return Role(
        role=row["role"],
        site=row["site"],
        weight=int(row["weight"]),
        arm=row["arm"],
        response=row["response"],
        flare=row["flare"] == "Y",
        reduction=row["reduction"],
        outcome=row["outcome"],
        missed=row["missed"],
        unscheduled=int(row["unscheduled"] or 0),
        second_screening=row["second_screening"] == "Y",
        repeat=row["repeat"] == "Y",
        rescue=row["rescue"] == "Y",
        switch=row["switch"] == "Y",
    )
