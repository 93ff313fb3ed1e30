"""The rows of the mapping tables, as pydantic models: one model per kind of CSV file.

The columns of a table are the fields of its model, in this order. A cell left empty is ``None``
or an empty tuple; fields typed as tuples hold several values separated by ``;``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _split_list(value: Any) -> Any:
    return tuple(p.strip() for p in value.split(";") if p.strip()) if isinstance(value, str) else value


def _parse_factor(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError("is no exact number; write a decimal (0.001) or a fraction (1/60)") from None


TextList = Annotated[tuple[str, ...], BeforeValidator(_split_list)]
Factor = Annotated[Fraction, BeforeValidator(_parse_factor)]


class MappingRow(BaseModel):
    """A row with its place: ``row`` is "<file below mappings>:<line>", the line as an editor shows it."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    row: str


class ConceptRow(MappingRow):
    """concepts/<domain>.csv: one test of the trial and what it is in SDTM (hop 2)."""

    concept_id: str
    concept: str  # English name
    chinese_names: TextList = ()
    panel: str | None = None  # grouping for people
    domain: str  # LB, MB, IS, VS, GF, GI ...
    testcd: Annotated[str, Field(max_length=8)]
    test: Annotated[str, Field(max_length=40)]
    cat: str | None = None
    scat: str | None = None
    tstdtl: str | None = None
    binding_agent: str | None = None
    test_objective: str | None = None
    gene: str | None = None  # GFSYM (HGNC)
    variant: str | None = None  # which variant of the gene is tested, as the protocol names it
    object: str | None = None  # FAOBJ: the event or treatment that a finding of FA is about
    specimen: str | None = None  # default --SPEC where the source states none and the test implies one
    method: str | None = None  # default --METHOD, likewise
    analysis_method: str | None = None
    location: str | None = None
    result_type: Literal["NM", "ORD", "NOM", "ORD/NM", "NAR"]
    result_codelist: str | None = None  # codelist of results in words; LBSTRESC when empty
    std_unit: str | None = None  # UNIT submission value (or sponsor extension) of --STRESU
    molar_mass: Factor | None = None  # g/mol, for mass <-> molar
    loinc: TextList = ()
    sponsor_terms: TextList = ()  # variables whose value extends an extensible codelist, e.g. TESTCD
    note: str | None = None


class ConversionRow(MappingRow):
    """concepts/conversions.csv: a factor that holds for one test only (a kit, an IU definition)."""

    concept_id: str
    site: str | None = None  # empty: every hospital
    from_unit: str  # UNIT submission value
    to_unit: str
    factor: Factor
    source: str


class PlausibilityRow(MappingRow):
    """concepts/plausibility.csv: between what limits the results of a test lie in living people.

    Numbers are in the test's standard unit, ends included. Outside stands a question for the
    hospital, mostly about the unit, never a change of the value.
    """

    concept_id: str
    low: Factor | None = None
    high: Factor | None = None
    jump: Factor | None = None  # how many times the subject's own median, up or down, a result may be
    note: str | None = None


StatusTerm = Literal["accepted", "proposed", "open", "rejected"]


def _fold_status(value: Any) -> Any:
    """The status in small letters; what is none stays as written, for the message."""
    folded = value.casefold() if isinstance(value, str) else value
    return folded if folded in get_args(StatusTerm) else value


Status = Annotated[StatusTerm, BeforeValidator(_fold_status)]
"""Whether a row is in force, in any letter case. Only ``accepted`` is: ``proposed`` waits for a person,
``open`` has no answer yet."""

OPEN = "?"
"""Stands in an ``open`` row where the answer is to be written."""

NO_UNIT = "NO UNIT"
"""``unit_value`` of a text that stands in the place of a unit and is none: "次", UCUM "1" of a score."""


class UnitRow(MappingRow):
    """units.csv and sites/<hospital>/units.csv: a unit as written → its meaning.

    ``source_factor`` other than 1 (number as written x factor = number in ``unit_value``) is for
    extensions only: a number beside a CDISC unit stays as it was sent.
    """

    source_text: str
    concept_id: str | None = None  # only for this test, or the treatment_id of this substance
    ucum: str | None = None  # UCUM code of the same unit: codes of its structure mean the unit too
    unit_value: str  # UNIT C71620 submission value, declared extension, or NO_UNIT
    extension: Literal["Y"] | None = None  # Y: sponsor extension of UNIT
    source_factor: Factor = Fraction(1)
    status: Status = "accepted"
    note: str | None = None


class DimensionRow(MappingRow):
    """unit_dimensions.csv: what a unit measures and its size, for conversion by Decimal."""

    unit_value: str
    dimension: str  # units of one dimension convert into each other
    factor: Factor  # linear: number x factor = number in the dimension's base unit
    offset: Factor = Fraction(0)  # added to the number before multiplying (temperature)
    scale: Literal["linear", "log10"] = "linear"


class ValueRow(MappingRow):
    """terminology/values*.csv and sites/<hospital>/values.csv: a text or code → submission value."""

    codelist: str  # name of the CDISC codelist (LBSTRESC, SEX, ...) or ARMCD, SUBJECT_STATUS, NOT_DONE_REASON
    system: str | None = None  # code system, when source_text is a code of one
    source_text: str
    submission_value: str
    concept_id: str | None = None  # only for this test
    extension: Literal["Y"] | None = None  # Y: sponsor extension of the codelist, which must be extensible
    status: Status = "accepted"
    note: str | None = None


class TreatmentRow(MappingRow):
    """treatments.csv: a drug and how SDTM names it."""

    treatment_id: str  # --TRT value
    treatment_class: str  # NA, PEGIFN, IFN, OTHER
    names: TextList = ()  # texts that mean it, Chinese too
    atc: TextList = ()
    dose_form: str | None = None  # FRM
    route: str | None = None  # ROUTE
    note: str | None = None


class LabelRow(MappingRow):
    """labels_zh.csv: the Chinese label of a dataset, a variable or a supplemental qualifier."""

    dataset: str | None = None  # LB, or SUPP-- for all supplemental datasets; empty: every dataset
    variable: str | None = None  # LBSEQ, --SEQ (of every domain) or a QNAM; empty: the dataset
    label: str  # at most 40 bytes of UTF-8 are carried


class TextRow(MappingRow):
    """texts_zh.csv: the Chinese of a method, comment or structure of ``specs``, beside its English."""

    english: str  # the whole text, as in specs; blanks and line ends count as one blank
    chinese: str

    @property
    def key(self) -> str:
        """The English in one line: what a text of ``specs`` is compared with."""
        return " ".join(self.english.split())


class CodeRow(MappingRow):
    """sites/<site>/codes.csv: a code or text of one hospital → LOINC, ATC or a thing of the study (hop 1).

    ``use``, ``history`` and ``family history`` are questions, of Observations and questionnaires alike:
    about a substance, and about a disease that was asked for (``to_code`` is its English term).
    """

    kind: Literal["test", "treatment", "visit", "use", "history", "family history"]
    system: str | None = None
    code: str | None = None
    text: str | None = None  # matched when code is empty
    specimen: str | None = None  # SPECTYPE: only for this specimen
    to_system: Literal["LOINC", "CONCEPT", "ATC", "TREATMENT", "VISITNUM", "TERM", "NOT COLLECTED"]
    to_code: str | None = None
    field: str | None = None  # what the answer of a use gives; whose disease it is in a family history
    status: Status = "accepted"
    note: str | None = None


Decided = TypeVar("Decided", CodeRow, UnitRow, ValueRow)


def list_accepted(rows: Iterable[Decided]) -> list[Decided]:
    """The rows that are in force; what a person has not accepted is never used."""
    return [row for row in rows if row.status == "accepted"]
