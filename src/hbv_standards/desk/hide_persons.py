"""What a hospital wrote, without what names a person: nobody's name or number belongs into a mapping table.

Examples of results, texts of codes, words and units all come from the tables that are cleaned here, before
anything is listed, so that no list, reason or note can hold a person. Codes and systems are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pandas as pd

from hbv_standards.canonical.concept_text import GS, RS, join_concept, split_concept
from hbv_standards.desk.person_words import PersonWords
from hbv_standards.desk.terminal import measure
from hbv_standards.ingest.result_text import read_result_text
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.normalise import normalise_text

HIDDEN = "[hidden]"
FREE_TEXT = "[free text]"
MARKS = (HIDDEN, FREE_TEXT)

_SHARED = 3
"""What is written of so many patients alike is a word of the hospital and nobody's name."""
_LONG = 20
"""Columns of a result in words that no table knows and one patient alone has: what a person wrote, not a choice."""

_AMOUNT = r"(?!\s*(?:IU|U\b|copies|cps|cp\b|拷贝|国际单位|/))"
_NUMBERS = re.compile(
    r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![\d.])" + _AMOUNT  # mobile telephone
    + r"|(?<![\dA-Za-z.])\d{17}[\dXx](?![\dA-Za-z.])"  # identity card (GB 11643)
    + r"|(?<![\d.])0\d{2,3}-\d{7,8}(?![\d.])"  # telephone with area code
    + r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail
)  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff]+")
_TOKEN = re.compile(r"[^\W_]+(?:[-._/][^\W_]+)*")
_PLAIN = str.maketrans({chr(0xFF01 + at): chr(0x21 + at) for at in range(94)})  # as long as it was
_NAME_TOKENS = 4
_TEXTS = (("stated", "value"), ("enrolment", "end_reason"))
"""Columns of texts whose name does not say so."""

Hide = Callable[[str, int], str]
"""(text, how many patients it is of) → text."""


def hide_persons(fhir: FhirTables, words: PersonWords, catalog: Catalog) -> FhirTables:
    """The tables with what names a person hidden in every text that a hospital wrote."""
    known = _list_known(catalog)

    def hide(text: str, patients: int) -> str:
        return hide_in_text(text, words, shared=patients >= _SHARED)

    def hide_result(text: str, patients: int) -> str:
        plain = patients > 1 or measure(text) <= _LONG or normalise_text(text) in known
        return hide(text, patients) if plain or read_result_text(text).number is not None else FREE_TEXT

    def hide_concepts(joined: str, patients: int) -> str:
        return GS.join(_hide_concept(one, patients, hide) for one in joined.split(GS))

    tables = {}
    for name, rows in fhir.tables.items():
        cleaned = rows
        for column in rows.columns:
            if column.endswith(("_concept", "_concepts")):
                cleaned = _replace_texts(cleaned, column, hide_concepts)
            elif column.endswith("_text") or (name, column) in _TEXTS:
                cleaned = _replace_texts(cleaned, column, hide_result if column == "value_text" else hide)
        tables[name] = cleaned
    return replace(fhir, tables=tables)


def _list_known(catalog: Catalog) -> frozenset[str]:
    """Texts that the tables hold: they are public already."""
    return frozenset(
        normalise_text(row.source_text) for table in catalog.lookups.values() for row in table.values
    )


def _hide_concept(concept: str, patients: int, hide: Hide) -> str:
    if RS not in concept:
        return hide(concept, patients)
    text, codings = split_concept(concept)
    return (
        join_concept(hide(text, patients), [(c.system, c.code, hide(c.display, patients)) for c in codings])
        or ""
    )


def _replace_texts(rows: pd.DataFrame, column: str, hide: Hide) -> pd.DataFrame:
    """The column with each distinct text hidden once; the frame itself where nothing was."""
    sent = rows.loc[rows[column].notna()]
    if sent.empty:
        return rows
    whose = sent["subject"].fillna("") if "subject" in sent else sent["source_id"]
    patients = whose.groupby(sent[column]).nunique()
    made = {
        text: hide(text, count)
        for text, count in zip(patients.index.tolist(), patients.tolist(), strict=True)
    }
    changed = {text: other for text, other in made.items() if text != other}
    if not changed:
        return rows
    return rows.assign(**{column: rows[column].map(lambda text: changed.get(text, text)).astype("str")})


def is_hidden(text: str) -> bool:
    """Whether something was hidden in a text: then it is no longer what the hospital sends, and answers to nothing."""
    return any(mark in text for mark in MARKS)


def hide_in_text(text: str, words: PersonWords, *, shared: bool = False) -> str:
    """The text with persons' names and numbers hidden; where it is shared by patients, numbers alone."""
    plain = text.translate(_PLAIN)
    spans = [match.span() for match in _NUMBERS.finditer(plain)]
    spans += _find_tokens(plain, words, shared=shared)
    spans += [] if shared else _find_chinese(plain, words)
    if not spans:
        return text
    parts, end = [], 0
    for begin, stop in sorted(spans):
        if begin >= end:
            parts += [text[end:begin], HIDDEN]
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def _find_tokens(text: str, words: PersonWords, *, shared: bool) -> Iterator[tuple[int, int]]:
    """Numbers of persons, and names in letters with blanks or commas between."""
    if text in words.numbers:
        yield 0, len(text)
        return
    found = [match for match in _TOKEN.finditer(text) if match.group().isascii()]
    for at, match in enumerate(found):
        if match.group() in words.numbers:
            yield match.span()
        for more in () if shared else range(1, _NAME_TOKENS):
            if at + more < len(found):
                name = " ".join(one.group().casefold() for one in found[at : at + more + 1])
                if name in words.names:
                    yield match.start(), found[at + more].end()


def _find_chinese(text: str, words: PersonWords) -> Iterator[tuple[int, int]]:
    sizes = sorted({len(name) for name in words.chinese}, reverse=True)
    for run in _HAN.finditer(text):
        for size in sizes:
            for begin in range(run.start(), run.end() - size + 1):
                if text[begin : begin + size] in words.chinese:
                    yield begin, begin + size
