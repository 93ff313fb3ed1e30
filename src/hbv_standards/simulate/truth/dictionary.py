"""What the codes, units, words and headers of an invented hospital mean.

The rows have the columns of a hospital's mapping tables, so that both can be held against each other;
they are known from how the hospital was invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hbv_standards.simulate.fhir.observations import locate_codes
from hbv_standards.simulate.habits import (
    list_texts,
    read_drugs,
    read_laboratory,
    read_site_rows,
    read_unit,
)
from hbv_standards.simulate.hospitals.guangzhou_style import Style, find_style
from hbv_standards.simulate.truth.write import write_table

Row = dict[str, str]
CODE_COLUMNS = ("kind", "system", "code", "text", "to_system", "to_code", "field")
UNIT_COLUMNS = ("source_text", "concept_id", "unit_value")
VALUE_COLUMNS = ("codelist", "source_text", "concept_id", "submission_value", "extension")
ENROLMENT_COLUMNS = ("field", "header")
_FIELDS = {
    "subject": "subject_id",
    "patient": "patient_identifier",
    "consent": "consent_dtc",
    "randomised": "randomized_dtc",
    "arm": "arm_code",
    "status": "status",
    "end": "end_dtc",
    "reason": "end_reason",
}
_CODELISTS = (
    *(
        "LBSTRESC",
        "NRIND",
        "SPECTYPE",
        "METHOD",
        "LOC",
        "NOT_DONE_REASON",
        "ARMCD",
        "SUBJECT_STATUS",
        "NCOMPLT",
    ),
    *("FREQ", "ROUTE", "FRM", "MODTRN", "AESEV"),
)
_RELATIVES = {"4.1": "MOTHER", "4.2": "FATHER", "4.3": "SIBLING"}
_ASKED = {  # of a substance, in the order in which it is asked
    "CIGARETTE": ("occurred", "dose;CIGARETTE;QD", "start_dtc", "end_dtc"),
    "ALCOHOLIC BEVERAGE": ("occurred", "dose;g;QD", "start_dtc", "end_dtc"),
}


def write_dictionary(site: str, folder: Path) -> None:
    """Write codes.csv, units.csv, values.csv and enrolment.csv into ``folder``."""
    style = find_style(site)
    tables: dict[str, tuple[Sequence[str], Iterable[Row]]] = {
        "codes": (CODE_COLUMNS, list_codes(site, style)),
        "units": (UNIT_COLUMNS, list_units(site)),
        "values": (VALUE_COLUMNS, list_values(site, style)),
        "enrolment": (ENROLMENT_COLUMNS, list_headers(style)),
    }
    for name, (columns, rows) in tables.items():
        write_table(folder / f"{name}.csv", columns, rows)


def list_codes(site: str, style: Style) -> Iterator[Row]:
    """Tests, headings, drugs, examinations, questions and visits."""
    for habit in read_laboratory(site).values():
        yield _code(
            "test",
            _system(site, habit.code),
            habit.code,
            habit.text or habit.display,
            "CONCEPT",
            habit.concept_id,
        )
    for row in read_site_rows("uncollected.csv", site):
        yield _code("test", locate_codes(site), row["code"], row["text"] or row["display"], "NOT COLLECTED")
    for number, name in (*style.panels.values(), *style.reports.values()):
        yield _code("test", locate_codes(site), number, name, "NOT COLLECTED")
    for drug in read_drugs(site).values():
        yield _code("treatment", drug.system, drug.code, drug.text, "TREATMENT", drug.treatment)
    for procedure, (number, name) in style.procedures.items():
        yield _code("treatment", style.examinations, number, name, "TREATMENT", procedure)
    for visit, name in style.visits.items():
        yield _code("visit", "", "", name, "VISITNUM", str(visit))
    yield from _list_questions(site, style)


def _list_questions(site: str, style: Style) -> Iterator[Row]:
    system = style.questionnaire
    for substance, (number, _, questions) in style.questions.items():
        for place, (text, field) in enumerate(zip(questions, _ASKED[substance], strict=True), 1):
            yield _code("use", system, f"{number}.{place}", text, "TREATMENT", substance, field)
    yield _code("test", system, "3", style.route, "CONCEPT", "TRANSM")
    words = {row.concept_id: row.said for row in list_texts(site, "QUESTION") if row.value == "FAMILY"}
    for number, relative in _RELATIVES.items():
        yield _code("family history", system, number, words[relative], "TERM", "Hepatitis B", relative)


def _system(site: str, code: str) -> str:
    return locate_codes(site) if code else ""


def _code(
    kind: str, system: str, code: str, text: str, to_system: str, to_code: str = "", field: str = ""
) -> Row:
    return dict(zip(CODE_COLUMNS, (kind, system, code, text, to_system, to_code, field), strict=True))


def list_units(site: str) -> Iterator[Row]:
    """The unit of every test that has one, and of doses."""
    units = {(h.unit, h.concept_id): None for h in read_laboratory(site).values() if h.unit}
    units |= {(drug.unit, ""): None for drug in read_drugs(site).values()}
    for unit, concept in units:
        yield dict(zip(UNIT_COLUMNS, (unit, concept, read_unit(unit, concept)), strict=True))


def list_values(site: str, style: Style) -> Iterator[Row]:
    """The words of every codelist."""
    for codelist in _CODELISTS:
        for text in list_texts(site, codelist):
            yield _value(codelist, text.said, text.value, text.concept_id)
    for codelist in ("NY", "USE_STATUS"):  # a word means the same whatever was asked
        for said, value in dict.fromkeys((t.said, t.value) for t in list_texts(site, codelist)):
            yield _value(codelist, said, value)
    for text in list_texts(site, "DISEASE"):
        yield _value("TERM", text.said, text.value)
    yield _value("EVENT_KIND", style.history, "HISTORY")
    yield _value("EVENT_KIND", style.adverse, "ADVERSE EVENT")
    for grade in "12345":
        yield _value("TOXGR", f"{grade}级", grade)


def _value(codelist: str, said: str, value: str, concept: str = "") -> Row:
    own = "Y" if codelist == "LBSTRESC" and concept else ""  # genotypes are the trial's own terms
    return dict(zip(VALUE_COLUMNS, (codelist, said, concept, value, own), strict=True))


def list_headers(style: Style) -> Iterator[Row]:
    """The headers of the enrolment table by field; the centre is none."""
    for name, header in style.header.items():
        if name in _FIELDS:
            yield {"field": _FIELDS[name], "header": header}
