"""Every code of tests, questions, treatments and visits in a delivery, with what came with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from hbv_standards.canonical.concept_text import GS, Coding, split_concept
from hbv_standards.desk.people import find_people
from hbv_standards.desk.seen_results import Results, collect_results, read_amounts, read_specimens
from hbv_standards.desk.undecided import find_undecided
from hbv_standards.ingest.distinct import Numbers, build_mappers, group_rows
from hbv_standards.ingest.tables import DRUG_USES, FhirTables
from hbv_standards.mapping.apply import LOINC, SiteMapper
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import CodeRow

Ranked = TypeVar("Ranked", bound=Hashable)

MAPPED, UNMAPPED, DECLINED = "mapped", "unmapped", "not collected"
PROPOSED, REJECTED, OUT_OF_SCOPE = "proposed", "rejected", "out of scope"

_TREATMENTS = {**dict.fromkeys(sorted(DRUG_USES), "medication_concept"), "procedure": "code_concept"}
_VISITS = ("type_concepts", "service_type_concept")


class Meaning(NamedTuple):
    """What the tables make of a code; ``row`` is empty where they make nothing of it."""

    kind: str
    concept_id: str | None = None
    target: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class SeenCode:
    """One code of one hospital, or one text where no code was sent; tests are told apart by specimen.

    ``rows_lost`` are the rows of the trial's subjects of which nothing is made while it is unmapped.
    ``names`` are its texts and displays, most frequent first, ``codings`` all that was sent with it.
    """

    number: int
    site: str
    kind: str
    system: str | None
    code: str | None
    text: str
    names: tuple[str, ...]
    codings: tuple[Coding, ...]
    specimen: str | None  # SPECTYPE
    specimen_text: str | None  # as sent
    count: int
    rows_lost: int
    subjects: int
    results: Results
    concept_id: str | None  # of the rows that are mapped
    mapped_to: str
    mapping_row: str  # empty while any row is unmapped
    status: str
    days: Mapping[str, str] = field(default_factory=dict)  # visits: person → date of the first such contact

    @property
    def examples(self) -> str:
        """A few results as sent."""
        return "; ".join(self.results.examples)

    @property
    def units(self) -> str:
        """The units of its numbers as sent."""
        return "; ".join(dict.fromkeys(unit.sent for unit in self.results.amounts if unit.sent))


class CodeList(NamedTuple):
    """``codes``, the most rows lost first; ``tests`` are the observations, with the ``code_number`` of each."""

    codes: list[SeenCode]
    tests: pd.DataFrame


def list_codes(
    fhir: FhirTables, catalog: Catalog, person_of: Mapping[str, str], everyone: Collection[str]
) -> CodeList:
    """Every code of a delivery.

    ``person_of`` is Patient key → subject; at the hospitals of ``everyone`` every Patient counts.
    """
    mappers = build_mappers(catalog)
    parts: list[tuple[pd.DataFrame, Callable[..., Meaning]]] = [
        (_list_tests(fhir, catalog), lambda site, *sent: map_test(mappers[site], *sent)),
        (_list_treatments(fhir), lambda site, concept, *_: map_treatment(mappers[site], concept)),
        (_list_visits(fhir), lambda site, concept, *_: map_visit(mappers[site], concept)),
    ]
    codes: list[SeenCode] = []
    numbered = []
    for rows, map_one in parts:
        people = rows.assign(person=find_people(rows, person_of, everyone))
        listed, number = _describe_codes(people, map_one, catalog, len(codes))
        codes += listed
        numbered.append(people.assign(code_number=number))
    return CodeList(sorted(codes, key=rank_code), numbered[0])


def rank_code(code: SeenCode) -> tuple[object, ...]:
    """Order of lists: by what is lost, then by how often it is seen, then by name."""
    key = (code.system or "", code.code or "", code.text, code.specimen or "", code.specimen_text or "")
    return (-code.rows_lost, -code.count, code.site, code.kind, *key)


def _list_tests(fhir: FhirTables, catalog: Catalog) -> pd.DataFrame:
    rows = fhir.tables["observation"]
    rows = rows[(rows["value_kind"] != "panel") & rows["code_concept"].notna()].reset_index(drop=True)
    rows = read_amounts(read_specimens(rows, fhir.tables["specimen"], catalog), catalog)
    return rows.rename(columns={"code_concept": "concept"}).assign(start=rows["effective_start"])


def _list_treatments(fhir: FhirTables) -> pd.DataFrame:
    tables = {name: fhir.tables[name] for name in _TREATMENTS if name in fhir.tables}
    parts = [
        rows[["site", "subject", "start"]].assign(concept=rows[_TREATMENTS[name]])
        for name, rows in tables.items()
    ]
    return _add_no_specimen(pd.concat(parts))


def _list_visits(fhir: FhirTables) -> pd.DataFrame:
    rows = fhir.tables["encounter"]
    parts = [
        rows[["site", "subject", "start"]].assign(concept=rows[name].str.split(GS)).explode("concept")
        for name in _VISITS
    ]
    return _add_no_specimen(pd.concat(parts))


def _add_no_specimen(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.dropna(subset=["concept"]).reset_index(drop=True)
    none = pd.Series([None] * len(rows), dtype="str", index=rows.index)
    return rows.assign(concept=rows["concept"].astype("str"), specimen_value=none, specimen_text=none)


def map_test(mapper: SiteMapper, concept: str, specimen: str | None) -> Meaning:
    """A test, or a question about a substance or a disease."""
    question = mapper.map_question(concept)
    if question is not None:
        return Meaning(question.kind, None, question.target or DECLINED, question.row)
    match = mapper.map_test(concept, specimen)
    return (
        Meaning("test", match.concept_id, match.concept_id or DECLINED, match.row)
        if match
        else Meaning("test")
    )


def map_treatment(mapper: SiteMapper, concept: str) -> Meaning:
    """A drug or a procedure."""
    match = mapper.map_treatment(concept)
    return Meaning("treatment", None, match.value or DECLINED, match.row) if match else Meaning("treatment")


def map_visit(mapper: SiteMapper, concept: str) -> Meaning:
    """A planned visit, where the hospital states one."""
    match = mapper.map_visit(concept)
    return Meaning("visit", None, f"{match[0]:g}", match[1]) if match else Meaning("visit")


def pick_key(concept: str) -> tuple[str | None, str | None, str]:
    """System and code of the hospital's own coding, else of the first; without any the normalised text."""
    text, codings = split_concept(concept)
    coded = [coding for coding in codings if coding.code]
    chosen = next((c for c in coded if c.system != LOINC), coded[0] if coded else None)
    if chosen is not None:
        return chosen.system or None, chosen.code, ""
    return None, None, normalise_text(text or next((c.display for c in codings if c.display), ""))


@dataclass(slots=True)
class _Tally:
    """What is counted of one code."""

    count: int = 0
    lost: int = 0
    concepts: Counter[str] = field(default_factory=Counter)
    specimens: Counter[str] = field(default_factory=Counter)
    meanings: Counter[Meaning] = field(default_factory=Counter)

    def add(self, concept: str, specimen: str | None, meaning: Meaning, count: int, mine: int) -> None:
        """Count rows that were sent alike; ``mine`` of them are of the trial's subjects."""
        self.count += count
        self.lost += 0 if meaning.row else mine
        self.concepts[concept] += count
        self.meanings[meaning] += count
        if specimen is not None:
            self.specimens[specimen] += count


_SENT = ["site", "concept", "specimen_value", "specimen_text"]
_Key = tuple[str, str, str | None, str | None, str, str | None]  # site, kind, system, code, text, specimen


def _describe_codes(
    rows: pd.DataFrame, map_one: Callable[..., Meaning], catalog: Catalog, first: int
) -> tuple[list[SeenCode], Numbers]:
    """Codes of one sort of rows, and the number of each row's code; ``first`` is that of the first code."""
    combination, firsts = group_rows(rows[_SENT])
    known = rows["person"].notna().to_numpy()
    counts = np.bincount(combination, minlength=len(firsts)).tolist()
    mine = np.bincount(combination[known], minlength=len(firsts)).tolist()
    tallies: dict[_Key, _Tally] = {}
    numbers: dict[_Key, int] = {}
    code_of = []
    sent = rows[_SENT].iloc[firsts]
    cells = sent.astype(object).where(sent.notna(), None)
    for at, (site, concept, specimen, specimen_text) in enumerate(cells.itertuples(index=False, name=None)):
        meaning = map_one(site, concept, specimen)
        key = (site, meaning.kind, *pick_key(concept), specimen)
        code_of.append(numbers.setdefault(key, len(numbers)))
        tally = tallies.setdefault(key, _Tally())
        tally.add(concept, specimen_text, meaning, counts[at], mine[at])
    group = np.array(code_of, dtype=np.int64)[combination]
    grouped = rows.assign(group=group)
    results = collect_results(grouped) if "answer_kind" in rows else {}
    subjects = grouped.groupby("group")["person"].nunique().to_dict()
    days = _list_days(grouped) if "answer_kind" not in rows else {}
    listed = [
        _build_code(
            key, tally, first + at, results.get(at, Results()), subjects[at], days.get(at, {}), catalog
        )
        for at, (key, tally) in enumerate(tallies.items())
    ]
    return listed, group + first


def _list_days(rows: pd.DataFrame) -> dict[int, dict[str, str]]:
    """Group → person → the day of the first such row."""
    known = rows.dropna(subset=["person", "start"])
    days: dict[int, dict[str, str]] = {}
    first = known.groupby(["group", "person"])["start"].min().reset_index()
    for group, person, day in first.itertuples(index=False, name=None):
        days.setdefault(int(group), {})[str(person)] = str(day)[:10]
    return days


def _build_code(
    key: _Key,
    tally: _Tally,
    number: int,
    results: Results,
    subjects: int,
    days: Mapping[str, str],
    catalog: Catalog,
) -> SeenCode:
    site, kind, system, code, _, specimen = key
    concepts = rank_frequent(tally.concepts)
    split = [split_concept(concept) for concept in concepts]
    names = [
        name for text, codings in split for name in (text, *(c.display for c in codings)) if name.strip()
    ]
    meaning = next((m for m in rank_frequent(tally.meanings) if m.row), Meaning(kind))
    complete = all(each.row for each in tally.meanings)
    lost = 0 if kind == "visit" else tally.lost
    decided = find_undecided(catalog.lookups[site], kind, system, code, names, specimen)
    return SeenCode(
        number=number, site=site, kind=kind, system=system, code=code, text=names[0] if names else "",
        names=tuple(dict.fromkeys(names)), codings=tuple(dict.fromkeys(c for _, codings in split for c in codings)),
        specimen=specimen, specimen_text=next(iter(rank_frequent(tally.specimens)), None),
        count=tally.count, rows_lost=lost, subjects=int(subjects), results=results,
        concept_id=meaning.concept_id, mapped_to=meaning.target, mapping_row=meaning.row if complete else "",
        status=_name_status(meaning, complete, subjects, decided), days=days,
    )  # fmt: skip


def rank_frequent(counted: Counter[Ranked]) -> list[Ranked]:
    """Most frequent first, equals in the order of their text."""
    return sorted(counted, key=lambda item: (-counted[item], str(item)))


def _name_status(meaning: Meaning, complete: bool, subjects: int, undecided: CodeRow | None) -> str:  # noqa: FBT001  a fact of the tally, named where it is given
    if complete:
        return DECLINED if meaning.target == DECLINED else MAPPED
    if undecided is not None and undecided.status in (PROPOSED, REJECTED):
        return undecided.status
    return UNMAPPED if subjects and meaning.kind != "visit" else OUT_OF_SCOPE
