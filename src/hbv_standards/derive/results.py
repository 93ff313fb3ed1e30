"""Results of findings: as collected (--ORRES, --ORRESU) and standardized (--STRESC, --STRESN, --STRESU).

Rules: SDTMIG 3.4 section 4.5.1, CG0397, CG0422, CG0426, FB3001, FB3101-FB3103. A result is a
quantity (a number, maybe with a comparator; a titre) or a text with or without a submission value.

- A number is converted to the concept's ``std_unit``; without one it keeps its value and --STRESU
  is missing. RATIO and titer need no unit to be sent. A comparator stays before the number in
  --STRESC and leaves --STRESN missing.
- 1:320 is 320 in a test whose standard unit is titer, and the text 1:320 elsewhere.
- A submission value (NEGATIVE) stands where no number was sent, where the test's result type is
  ORD or NOM, where the number cannot be converted (0.09 S/CO 阴性), and for NOT DETECTED beside
  "<20", which says more than the limit does.
- A text without a submission value is carried as sent.
- --ORRES is the text as sent; in the ASCII build words that are not ASCII become the submission
  value (阴性 → NEGATIVE, <20 检出 → <20 DETECTED). --ORRESU belongs to numbers only.
- A test not done has --STAT NOT DONE, --REASND and nothing else (SDTMIG 4.5.1.2, CG0422).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from hbv_standards.derive.ascii_text import Agency, convert_encodable
from hbv_standards.derive.combinations import map_combinations
from hbv_standards.derive.number_text import write_canonical
from hbv_standards.derive.units import Conversion, UnitConverter, convert_text
from hbv_standards.mapping.rows import ConceptRow

TITER = "titer"
_UNITLESS = frozenset({"RATIO", TITER})  # a number sent without a unit is already in these
_TITRE = re.compile(r"(?<![0-9.:/])(?P<comparator>[<>]=?)?\s*1\s*:\s*(?P<number>[0-9]+)(?![0-9.:/])")
_CHARACTER_TESTS = frozenset({"ORD", "NOM"})  # tests whose standardized result is a word


class _Sent(NamedTuple):
    """The fields of a canonical finding that its result depends on."""

    concept_id: str
    way: int  # place among the conversions found
    result: str | None
    comparator: str | None
    number: str | None
    result_value: str | None
    unit: str | None
    unit_value: str | None
    lloq: str | None
    uloq: str | None
    not_done: bool
    not_done_reason: str | None


class _Made(NamedTuple):
    orres: str | None = None
    orresu: str | None = None
    stresc: str | None = None
    stresn: float | None = None
    stresu: str | None = None
    lloq: float | None = None
    uloq: float | None = None
    stat: str | None = None
    reasnd: str | None = None
    unit_unconverted: bool = False
    text_unencodable: bool = False
    conversion_row: str | None = None


class _Quantity(NamedTuple):
    """A number with its comparator ("" when none); ``titre`` where 1:number was sent."""

    comparator: str
    number: str
    titre: bool = False

    def write(self) -> str:
        return f"{self.comparator}{'1:' if self.titre else ''}{self.number}"


_TEXTS = ("ORRES", "ORRESU", "STRESC", "STRESU", "STAT", "REASND")
_MARKS = {"unit_unconverted": "bool", "text_unencodable": "bool", "conversion_row": "str"}
_VARIABLES = ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU", "LLOQ", "ULOQ", "STAT", "REASND")


def derive_results(
    frame: pd.DataFrame,
    prefix: str,
    converter: UnitConverter,
    concepts: Mapping[str, ConceptRow],
    *,
    agency: Agency = "fda",
) -> pd.DataFrame:
    """Add the result variables of one domain to canonical findings; the rules are those of this module.

    Adds, with ``prefix`` ("LB") before the names, --ORRES, --ORRESU, --STRESC, --STRESU, --STAT,
    --REASND (text), --STRESN, --LLOQ and --ULOQ (float64, in the standard unit), and for the caller:

    - ``unit_unconverted`` (bool, HBV-SDTM-002): no way leads from the unit that was sent (or none was
      sent) to the test's standard unit. --ORRES and --ORRESU stand, --STRESC, --STRESN and
      --STRESU are missing: a standard number in another unit than the rest of its test would be
      read wrongly by every analysis (FB3001); a missing one is seen (CG0397 reports it).
    - ``text_unencodable`` (bool, HBV-SDTM-003): something that was sent cannot be written in ASCII and
      has no submission value, so it was left out of an ``agency="fda"`` build;
    - ``conversion_row`` (text): the conversions.csv row that --STRESC rests on, if any.

    ``concepts``: concept_id → row, for every concept in ``frame``; ``KeyError`` for an unknown one.
    """
    finder = _ConversionFinder(converter, concepts)
    sent = frame.assign(unit=select_unit(frame))
    way = map_combinations(sent, ["concept_id", "site", "unit", "unit_value"], finder.find, {"way": "int64"})
    reader = _ResultReader(tuple(finder.found), concepts, agency)
    names = [f"{prefix}{name}" for name in _VARIABLES]
    dtypes = ["str" if name in _TEXTS else "float64" for name in _VARIABLES]
    out = {**dict(zip(names, dtypes, strict=True)), **_MARKS}
    made = map_combinations(sent.assign(way=way["way"]), _Sent._fields, reader.read, out)
    return frame.assign(**{name: made[name] for name in out})


def select_unit(frame: pd.DataFrame) -> pd.Series:
    """The unit as sent, missing where the tables say that the text is no unit (a row without a UNIT)."""
    return frame["unit"].mask(frame["unit_row"].notna() & frame["unit_value"].isna())


def read_unit(unit: str | None, unit_value: str | None, std_unit: str | None) -> str | None:
    """The unit that a number is in: the one that was mapped; RATIO and titer where none was sent."""
    if unit_value is not None:
        return unit_value
    return std_unit if unit is None and std_unit in _UNITLESS else None


@dataclass(slots=True)
class _ConversionFinder:
    """Numbers the distinct conversions to standard units, so that equal ones of two hospitals are one."""

    converter: UnitConverter
    concepts: Mapping[str, ConceptRow]
    found: dict[Conversion | None, int] = field(default_factory=dict)

    def find(self, concept_id: str, site: str, unit: str | None, unit_value: str | None) -> tuple[int]:
        conversion = self._lead(concept_id, site, unit, unit_value)
        return (self.found.setdefault(conversion, len(self.found)),)

    def _lead(
        self, concept_id: str, site: str, unit: str | None, unit_value: str | None
    ) -> Conversion | None:
        concept = self.concepts[concept_id]
        if concept.std_unit is None:
            return Conversion()
        start = read_unit(unit, unit_value, concept.std_unit)
        if start is None:
            return None
        return self.converter.compute_factor(
            start, concept.std_unit, concept_id=concept_id, site=site, molar_mass=concept.molar_mass
        )


@dataclass(frozen=True, slots=True)
class _ResultReader:
    """Works out one distinct result."""

    conversions: Sequence[Conversion | None]
    concepts: Mapping[str, ConceptRow]
    agency: Agency

    def read(self, *cells: object) -> _Made:
        sent = _Sent(*cells)  # type: ignore[arg-type]  # cells of the columns that _Sent names
        if sent.not_done:
            return self._read_not_done(sent.not_done_reason)
        concept = self.concepts[sent.concept_id]
        quantity = _read_quantity(sent, concept)
        collected = self._write_collected(sent, quantity)
        conversion = self.conversions[sent.way]
        made = self._standardise(sent, concept, quantity, conversion, collected.orres)
        return made._replace(
            orres=collected.orres,
            orresu=collected.orresu,
            text_unencodable=collected.text_unencodable,
            lloq=_convert_limit(sent.lloq, conversion),
            uloq=_convert_limit(sent.uloq, conversion),
        )

    def _read_not_done(self, reason: str | None) -> _Made:
        encoded = convert_encodable(reason, self.agency) if reason else None
        lost = bool(reason and reason.strip()) and encoded is None
        return _Made(stat="NOT DONE", reasnd=encoded, text_unencodable=lost)

    def _write_collected(self, sent: _Sent, quantity: _Quantity | None) -> _Made:
        """--ORRES and --ORRESU; a unit belongs to a quantity only."""
        unit = sent.unit_value or (convert_encodable(sent.unit, self.agency) if sent.unit else None)
        orresu = unit if quantity else None
        text = sent.result or (quantity.write() if quantity else sent.result_value)
        if text is None or not text.strip():
            return _Made()
        encoded = convert_encodable(text, self.agency)
        if encoded is not None:
            return _Made(orres=encoded, orresu=orresu)
        said = " ".join(part for part in (quantity and quantity.write(), sent.result_value) if part)
        return _Made(orres=said or None, orresu=orresu, text_unencodable=sent.result_value is None)

    def _standardise(
        self,
        sent: _Sent,
        concept: ConceptRow,
        quantity: _Quantity | None,
        conversion: Conversion | None,
        orres: str | None,
    ) -> _Made:
        if quantity is None or _is_word(sent, concept, quantity):
            return _Made(stresc=sent.result_value or orres)
        if quantity.titre:
            return _standardise_titre(quantity, concept)
        number = convert_text(quantity.number, conversion) if conversion else None
        if number is None:
            return _Made(stresc=sent.result_value, unit_unconverted=sent.result_value is None)
        made = _build_quantity(quantity.comparator, number, concept.std_unit)
        return made._replace(conversion_row=conversion.row) if conversion and conversion.row else made


def _convert_limit(limit: str | None, conversion: Conversion | None) -> float | None:
    """A limit of quantitation in the standard unit; none where no way leads there."""
    converted = convert_text(limit, conversion) if limit and conversion else None
    return None if converted is None else float(converted)


def _is_word(sent: _Sent, concept: ConceptRow, quantity: _Quantity) -> bool:
    """Whether the submission value, not the number beside it, is the standardized result."""
    if sent.result_value is None:
        return False
    below = quantity.comparator in ("<", "<=") and sent.result_value == "NOT DETECTED"
    return below or concept.result_type in _CHARACTER_TESTS


def _standardise_titre(quantity: _Quantity, concept: ConceptRow) -> _Made:
    if concept.std_unit != TITER:
        return _Made(stresc=quantity.write())
    number = write_canonical(quantity.number)
    if number is None:
        return _Made(unit_unconverted=True)
    return _build_quantity(quantity.comparator, number, TITER)


def _build_quantity(comparator: str, number: str, unit: str | None) -> _Made:
    return _Made(stresc=f"{comparator}{number}", stresn=None if comparator else float(number), stresu=unit)


def _read_quantity(sent: _Sent, concept: ConceptRow) -> _Quantity | None:
    if sent.number is not None:
        return _Quantity(sent.comparator or "", sent.number)
    text = convert_encodable(sent.result or "", "fda") or sent.result or ""
    match = _TITRE.search(text) if concept.std_unit == TITER else _TITRE.fullmatch(text)
    if match is None:
        return None
    return _Quantity(match["comparator"] or sent.comparator or "", match["number"], titre=True)
