"""What results come under a code: numbers in which units, words, examples. The evidence for proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.ingest.distinct import build_mappers, describe_concept, spread
from hbv_standards.ingest.result_text import list_splits, read_result_text
from hbv_standards.mapping.catalog import Catalog

EXAMPLES = 5

_NUMERIC = ("quantity", "integer")


@dataclass(frozen=True, slots=True)
class Amount:
    """The numbers of a code in one unit as sent: how many, and what lies at 10, 50 and 90 % of them."""

    unit_text: str | None
    unit_code: str | None
    unit_system: str | None
    count: int
    low: float
    median: float
    high: float

    @property
    def sent(self) -> str:
        """The unit as a person reads it."""
        return self.unit_text or self.unit_code or ""


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one code: ``amounts`` by unit, ``words`` with their counts, both most frequent first."""

    amounts: tuple[Amount, ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def numbers(self) -> int:
        """How many results hold a number."""
        return sum(amount.count for amount in self.amounts)

    @property
    def in_words(self) -> int:
        """How many results are words alone."""
        return sum(count for _, count in self.words)


class _Part(NamedTuple):
    answer_kind: str | None  # number, words, or missing where there is no result
    number: str | None = None
    word: str | None = None
    sent_unit: str | None = None
    sent_code: str | None = None


def read_specimens(rows: pd.DataFrame, specimens: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Add ``specimen_concept``, ``specimen_value`` (SPECTYPE) and ``specimen_text`` of the Specimen of each result."""
    known = specimens.drop_duplicates("key").set_index("key")["type_concept"]
    concept = rows["specimen"].map(known.to_dict()).astype("str")
    rows = rows.assign(specimen_concept=concept)
    mappers = build_mappers(catalog)

    def map_one(site: str, sent: str | None) -> tuple[str | None, str | None]:
        if sent is None:
            return None, None
        match = mappers[site].map_concept("SPECTYPE", sent)
        return (match.value if match else None), read_name(sent)

    found = pd.DataFrame(
        spread(rows, ["site", "specimen_concept"], map_one),
        columns=["specimen_value", "specimen_text"], index=rows.index, dtype="str",
    )  # fmt: skip
    return rows.drop(columns=["specimen_value", "specimen_text"], errors="ignore").join(found)


def read_name(concept: str) -> str:
    """The words of a coded concept: its text, else a display, else its code."""
    text, codings = split_concept(concept)
    return (
        text
        or next((c.display or c.code for c in codings if c.display or c.code), "")
        or describe_concept(concept)
    )


def read_amounts(rows: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Add to observations ``answer_kind`` (number, words), ``amount`` (float), ``word``, and the unit of the number
    (``sent_unit``, ``sent_code``), which may stand in the text itself.
    """
    mappers = build_mappers(catalog)
    in_text = rows["value_kind"].isin(["string", "ratio", "range", "boolean"])

    def read_text(site: str, text: str | None, unit_text: str | None, unit_code: str | None) -> _Part:
        parts = read_result_text(text or "")
        if parts.number is None:
            return _Part("words" if parts.text else None, word=parts.text or None)
        if parts.words is None or unit_text or unit_code:
            return _Part("number", parts.number, parts.words, unit_text, unit_code)
        splits = [(parts.words, None), *list_splits(parts.words)]
        inside = next((unit for unit, _ in splits if mappers[site].map_unit(None, unit, None)), None)
        return _Part("number", parts.number, None, inside)

    def read_other(
        kind: str | None, concept: str | None, unit_text: str | None, unit_code: str | None
    ) -> _Part:
        if kind == "number":
            return _Part("number", None, None, unit_text, unit_code)
        return _Part("words", word=read_name(concept)) if concept else _Part(None)

    numeric = rows["value_kind"].isin(_NUMERIC) & rows["value_text"].notna()
    kinds = pd.Series("number", index=rows.index, dtype="str").where(numeric)
    keyed = rows.assign(kind=kinds)
    texts = spread(keyed, ["site", "value_text", "unit_text", "unit_code"], read_text, only=in_text)
    others = spread(keyed, ["kind", "value_concept", "unit_text", "unit_code"], read_other, only=~in_text)
    merged = [one if one is not None else other for one, other in zip(texts, others, strict=True)]
    made = pd.DataFrame(merged, columns=list(_Part._fields), index=rows.index, dtype="str")
    amount = made["number"].where(~numeric, rows["value_text"])
    made = made.assign(amount=pd.to_numeric(amount, errors="coerce")).drop(columns="number")
    return rows.join(made)


def collect_results(rows: pd.DataFrame) -> dict[int, Results]:
    """Results of every ``group`` of rows that :func:`read_amounts` has read."""
    amounts = _collect_amounts(rows[rows["answer_kind"] == "number"])
    words: dict[int, list[tuple[str, int]]] = {}
    said = rows[rows["answer_kind"] == "words"].groupby(["group", "word"]).size().reset_index(name="n")
    for group, word, count in said.itertuples(index=False, name=None):
        words.setdefault(int(group), []).append((str(word), int(count)))
    examples = _collect_examples(rows)
    return {
        group: Results(
            tuple(sorted(amounts.get(group, []), key=lambda a: (-a.count, a.sent, a.unit_code or ""))),
            tuple(sorted(words.get(group, []), key=lambda w: (-w[1], w[0]))),
            tuple(examples.get(group, [])),
        )
        for group in {*amounts, *words, *examples}
    }


def _collect_amounts(rows: pd.DataFrame) -> dict[int, list[Amount]]:
    if rows.empty:
        return {}
    names = ["group", "sent_unit", "sent_code", "unit_system"]
    grouped = rows[names].fillna("").assign(amount=rows["amount"]).groupby(names)["amount"]
    levels = {"low": 0.1, "median": 0.5, "high": 0.9}
    sizes = {name: grouped.quantile(level) for name, level in levels.items()}
    counted = pd.DataFrame({"count": grouped.size(), **sizes}).reset_index()
    found: dict[int, list[Amount]] = {}
    for group, text, code, system, count, *numbers in counted.itertuples(index=False, name=None):
        low, median, high = (float(number) for number in numbers)
        amount = Amount(text or None, code or None, system or None, int(count), low, median, high)
        found.setdefault(int(group), []).append(amount)
    return found


def _collect_examples(rows: pd.DataFrame) -> Mapping[int, list[str]]:
    """The most frequent results as sent, of each group."""
    sent = rows["value_text"].fillna(rows["word"])
    unit = (" " + rows["unit_text"].fillna(rows["unit_code"])).fillna("")
    told = rows["comparator"].fillna("").astype("str") + sent + unit
    plain = told.where(rows["value_kind"].isin(_NUMERIC), sent)
    counted = rows.assign(example=plain).groupby(["group", "example"]).size().reset_index(name="n")
    ranked = counted.sort_values(["group", "n", "example"], ascending=[True, False, True], kind="stable")
    first = ranked.groupby("group").head(EXAMPLES)
    found: dict[int, list[str]] = {}
    for group, example in zip(first["group"].tolist(), first["example"].tolist(), strict=True):
        found.setdefault(int(group), []).append(str(example))
    return found
