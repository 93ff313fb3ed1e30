"""The habits of an invented hospital, as rows of the tables that the three hospitals have.

What is measured, in what unit and with what limits is some real hospital's habit, test by test; how it
is called, coded and spelled is drawn from the pool. Everything follows from the hospital's name and seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from hbv_standards.simulate.habit_tables import Row, find_unit, read_rows, read_spellings
from hbv_standards.simulate.hospital_names import show_site
from hbv_standards.simulate.invented_pool import (
    TestNames,
    list_codelists,
    read_test_names,
    read_unit_spellings,
    read_words,
)

_MODELS = {"guangzhou": 6, "zhongshan": 3, "foshan": 1}  # how often a test is measured as this hospital does
_OPTIONAL = {"HBCRAG": 0.5, "LSMNVAL": 0.5, "LSMIQRM": 0.7, "PALB": 0.8, "HBCIGM": 0.8, "RDW": 0.8}
_UREAS = ("UREA", "BUN")  # a laboratory reports one of them
_BEDSIDE = ("VITALS", "ULTRASOUND", "ELASTOGRAPHY")
_UNCOLLECTED = 16
_ALIGNED = ("LBSTRESC", "NRIND", "VISIT", "NY", "AESEV", "USE_STATUS")  # one manner for all their values
_WIDE = str.maketrans("()", "（）")
_MORE_UNITS = 0.12  # share of tests whose unit is spelled otherwise than the same unit of other tests


@dataclass(frozen=True, slots=True)
class Naming:
    """How a laboratory makes names and codes."""

    tube: float  # share of plain names with the tube before
    method: float  # share with the method behind
    suffix: str  # behind plain names of tests with a method
    whole: float  # share of names taken as they are
    wide: bool  # full-width brackets
    codes: str  # number, prefix or abbreviation
    bedside_codes: bool  # bedside tests have codes too
    display: bool  # the name stands in the coding and not beside it


@cache
def draw_naming(site: str) -> Naming:
    """The laboratory's ways."""
    dice = Random(f"{site} naming")
    return Naming(
        tube=dice.choice((0.0, 0.3, 0.7)),
        method=dice.choice((0.0, 0.2, 0.6)),
        suffix=dice.choice(("", "", "测定", "检测")),
        whole=dice.choice((0.3, 0.5, 0.8)),
        wide=dice.random() < 0.3,
        codes=dice.choice(("number", "prefix", "abbreviation")),
        bedside_codes=dice.random() < 0.6,
        display=dice.random() < 0.3,
    )


def draw_rows(table: str, site: str) -> Iterator[Row]:
    """The invented hospital's rows of laboratory.csv, texts.csv, treatments.csv or uncollected.csv."""
    drawn = {
        "laboratory.csv": draw_laboratory,
        "texts.csv": draw_texts,
        "treatments.csv": draw_drugs,
        "uncollected.csv": draw_uncollected,
    }
    return iter(drawn[table](site))


@cache
def draw_laboratory(site: str) -> tuple[Row, ...]:
    """Rows of laboratory.csv."""
    dice, urea = Random(f"{site} laboratory"), Random(f"{site} urea").choice(_UREAS)
    models, methods = _index_models(), {row["said"]: row["value"] for row in _list_methods()}
    rows = []
    for place, names in enumerate(read_test_names()):
        concept = names.concept_id
        left_out = dice.random() > _OPTIONAL.get(concept, 1) or (concept in _UREAS and concept != urea)
        known = models[concept]
        model = known[dice.choices([*known], [_MODELS[name] for name in known])[0]]
        if not left_out:
            row = {**model, **_name(site, names, place), "site": site, "loinc": "", "unit_code": ""}
            row["unit"] = spell_unit(site, find_unit(read_spellings(), model["unit"], concept), concept)
            row["form"] = {"coded": "string", "ratio": "string"}.get(model["form"], model["form"])
            row["specimen"] = known.get("guangzhou", model)["specimen"]
            method = methods.get(model["method"], "")
            row["method"] = draw_word(site, "METHOD", method) if method else ""
            rows.append(row)
    return tuple(rows)


def _index_models() -> dict[str, dict[str, Row]]:
    """The hospitals' rows by test and hospital."""
    found: dict[str, dict[str, Row]] = {}
    for row in read_rows("laboratory.csv"):
        found.setdefault(row["concept_id"], {})[row["site"]] = row
    return found


def _list_methods() -> list[Row]:
    rows = [row for row in read_rows("texts.csv") if row["codelist"] == "METHOD"]
    return [{"said": row["text"] or row["display"] or row["code"], "value": row["value"]} for row in rows]


def _name(site: str, names: TestNames, place: int) -> Row:
    naming, dice = draw_naming(site), Random(f"{site} name {names.concept_id}")
    panel = _list_panels()[names.concept_id]
    text = _draw_name(names, naming, dice)
    code = _draw_code(naming, dice, names.abbreviation, panel, place)
    if panel in _BEDSIDE and not naming.bedside_codes:
        return {"system": "TEXT", "code": "", "display": "", "text": text}
    return {
        "system": "LOCAL",
        "code": code,
        "display": text if naming.display else "",
        "text": "" if naming.display else text,
    }


@cache
def _list_panels() -> dict[str, str]:
    return {row["concept_id"]: row["panel"] for row in read_rows("tests.csv")}


def _draw_name(names: TestNames, naming: Naming, dice: Random) -> str:
    if not names.plain or dice.random() < naming.whole:
        name = dice.choice(names.whole)
    else:
        tube = dice.choice(names.tubes) if names.tubes and dice.random() < naming.tube else ""
        method = f"({dice.choice(names.methods)})" if names.methods and dice.random() < naming.method else ""
        name = f"{tube}{dice.choice(names.plain)}{naming.suffix if names.methods else ''}{method}"
    return name.translate(_WIDE) if naming.wide else name


def _draw_code(naming: Naming, dice: Random, abbreviation: str, panel: str, place: int) -> str:
    """Codes are numbered apart from each other, so that none occurs twice."""
    step = dice.randrange(1, 7)
    if naming.codes == "abbreviation":
        return abbreviation
    number = f"{place * 7 + step:03d}"
    return f"1{number}" if naming.codes == "number" else f"{panel[0]}{number}"


def draw_visits_stated(site: str) -> bool:
    """Whether the hospital's contacts say which visit they are."""
    return Random(f"{site} visits").random() < 0.7


@cache
def draw_style(site: str, codelist: str) -> float:
    """Where in the lists of words a hospital finds its own, 0 to 1."""
    return Random(f"{site} words {codelist}").random()


def draw_word(site: str, codelist: str, value: str, concept_id: str = "") -> str:
    """The hospital's word for a submission value; ``KeyError`` where the pool has none."""
    for row in read_words(codelist):
        if (row.value, row.concept_id) == (value, concept_id):
            if codelist in _ALIGNED:
                return row.words[int(draw_style(site, f"{codelist} {concept_id}") * len(row.words))]
            return Random(f"{site} word {codelist} {concept_id} {value}").choice(row.words)
    raise KeyError(f"{codelist} {value} {concept_id}")


@cache
def draw_texts(site: str) -> tuple[Row, ...]:
    """Rows of texts.csv, for every word of the pool."""
    return tuple(
        {
            "site": site,
            "codelist": row.codelist,
            "concept_id": row.concept_id,
            "value": row.value,
            "system": "",
            "code": "",
            "display": "",
            "text": draw_word(site, row.codelist, row.value, row.concept_id),
        }
        for codelist in list_codelists()
        for row in read_words(codelist)
    )


def spell_unit(site: str, unit_value: str, concept_id: str) -> str:
    """The hospital's spelling of a unit; empty for no unit."""
    if not unit_value:
        return ""
    other = Random(f"{site} other unit {concept_id}").random() < _MORE_UNITS
    drawn = Random(f"{site} unit {unit_value} {concept_id if other else ''}")
    return drawn.choice(read_unit_spellings()[unit_value])


@cache
def draw_drugs(site: str) -> tuple[Row, ...]:
    """Rows of treatments.csv: Guangzhou's doses under other names and codes."""
    system = f"https://{show_site(site)}.example/pharmacy/item"
    rows = []
    for place, row in enumerate(r for r in read_rows("treatments.csv") if r["site"] == "guangzhou"):
        code = str(30_000 + place * 17 + Random(f"{site} drug {place}").randrange(17))
        unit = find_unit(read_spellings(), row["unit"], "")
        rows.append(
            {
                **row,
                "site": site,
                "system": system if row["code"] else "",
                "code": code if row["code"] else "",
                "display": "",
                "text": draw_word(site, "DRUG", row["treatment"]),
                "unit": spell_unit(site, unit, "DRUG"),
            }
        )
    return tuple(rows)


@cache
def draw_uncollected(site: str) -> tuple[Row, ...]:
    """Rows of uncollected.csv, without the tests that are collected under the same abbreviation."""
    naming, dice = draw_naming(site), Random(f"{site} uncollected")
    rows = list(read_rows("invented_uncollected.csv"))
    known = {spelling: value for value, many in read_unit_spellings().items() for spelling in many}
    chosen = sorted(dice.sample(range(len(rows)), _UNCOLLECTED))
    made = []
    for place, row in ((place, rows[place]) for place in chosen):
        value = known.get(row["unit"], "")
        name = row["name"].translate(_WIDE) if naming.wide else row["name"]
        made.append(
            {
                "site": site,
                "system": "LOCAL",
                "code": _draw_code(naming, dice, row["abbreviation"], "X", 200 + place),
                "display": name if naming.display else "",
                "text": "" if naming.display else name,
                "form": "string" if row["value"] else "quantity",
                "value": row["value"],
                "number": row["number"],
                "unit": spell_unit(site, value, "UNCOLLECTED") if value else row["unit"],
                "unit_code": "",
                "specimen": row["specimen"],
            }
        )
    return tuple(made)


def list_spellings() -> Iterator[tuple[tuple[str, str], str]]:
    """UNIT submission value by spelling and concept_id, of every unit in which a test may be sent."""
    pool, models = read_unit_spellings(), _index_models()
    for concept, known in models.items():
        for model in known.values():
            value = find_unit(read_spellings(), model["unit"], concept)
            for spelling in pool.get(value, ()):
                yield (spelling, concept), value
    for value in ("ug", "mg"):  # of doses
        for spelling in pool[value]:
            yield (spelling, ""), value
