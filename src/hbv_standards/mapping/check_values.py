"""Checks of terminology/values*.csv, sites/<hospital>/values.csv and treatments.csv."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import build_fault, check_repeats, phrase_term, phrase_unknown
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import OPEN, TreatmentRow, ValueRow, list_accepted
from hbv_standards.mapping.vocabulary import ENGLISH_LISTS, OWN_LISTS, list_own_values
from hbv_standards.standards import read_codelist
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.study import StudyConfig


def check_values(
    rows: list[ValueRow], concepts: Collection[str], study: StudyConfig
) -> Iterator[ConfigurationError]:
    """Faults of one table of values. Rows that nobody accepted yet may be incomplete."""
    rows = list_accepted(rows)
    for row in rows:
        if row.submission_value == OPEN:
            cure = "write what the value means, or leave the row open"
            yield build_fault(row, f"submission_value {OPEN!r} holds the place of an answer; {cure}", OPEN)
            continue
        if row.concept_id is not None and row.concept_id not in concepts:
            phrase = phrase_unknown(row.concept_id, concepts, "concept_id", "concepts")
            yield build_fault(row, f"concept_id {row.concept_id!r} {phrase}", row.concept_id)
        if row.codelist in OWN_LISTS:
            yield from _check_own_value(row, study)
        else:
            yield from _check_term(row)
    yield from check_repeats(
        rows,
        lambda row: (
            row.codelist,
            row.system,
            row.source_text if row.system else normalise_text(row.source_text),
            row.concept_id,
        ),
        lambda row: row.submission_value,
        "this value",
    )


def _check_own_value(row: ValueRow, study: StudyConfig) -> Iterator[ConfigurationError]:
    known, value = list_own_values(row.codelist, study), row.submission_value
    if row.codelist in ENGLISH_LISTS and not value.isascii():
        message = f"submission_value {value!r} of {row.codelist} is not English; write it in ASCII letters"
        yield build_fault(row, message, value)
    if known is None or value in known:
        return
    near = phrase_nearest(value, known) or f"; they are {', '.join(known)}"
    yield build_fault(row, f"submission_value {value!r} is not in {row.codelist}{near}", value)


def _check_term(row: ValueRow) -> Iterator[ConfigurationError]:
    value = row.submission_value
    if row.codelist == "UNIT":
        yield build_fault(row, "units are mapped in units.csv; move the row there", row.codelist)
        return
    try:
        codelist = read_codelist(row.codelist)
    except ConfigurationError:
        near = phrase_nearest(row.codelist, OWN_LISTS)
        message = (
            f"codelist {row.codelist!r} is not known{near}; write the name of a CDISC codelist, or one of "
        )
        yield build_fault(row, message + ", ".join(OWN_LISTS), row.codelist)
        return
    known = codelist.term(value) is not None
    if row.codelist != codelist.name:
        yield build_fault(row, f"codelist {row.codelist!r} is a code; write {codelist.name!r}", row.codelist)
    if not known and row.extension is None:
        own = "; a value of the sponsor's own has extension Y" if codelist.extensible else ""
        yield build_fault(row, f"submission_value {value!r} {phrase_term(value, codelist)}{own}", value)
    if known and row.extension == "Y":
        yield build_fault(row, f"submission_value {value!r} is no extension; leave extension empty", value)
    if not known and row.extension == "Y" and not codelist.extensible:
        cure = "use one of its terms"
        yield build_fault(row, f"{codelist.name} ({codelist.code}) is not extensible; {cure}", value)


def check_treatments(rows: list[TreatmentRow], study: StudyConfig) -> Iterator[ConfigurationError]:
    """Faults of treatments.csv, and classes of the study's arms that no drug has."""
    for row in rows:
        for column, name, value in (("dose_form", "FRM", row.dose_form), ("route", "ROUTE", row.route)):
            codelist = read_codelist(name)
            if value is not None and codelist.term(value) is None:
                yield build_fault(row, f"{column} {value!r} {phrase_term(value, codelist)}", value)
    yield from _check_names_unique(rows)
    classes = {row.treatment_class for row in rows}
    for missing in sorted(study.study_classes() - classes):
        near = phrase_nearest(missing, classes)
        message = f"treatment_classes {missing!r} of an arm is no treatment_class of treatments.csv{near}"
        yield ConfigurationError(message, file="study.yaml", value=missing)


def _check_names_unique(rows: list[TreatmentRow]) -> Iterator[ConfigurationError]:
    ids: dict[str, TreatmentRow] = {}
    means: dict[tuple[str, str], TreatmentRow] = {}
    for row in rows:
        if ids.setdefault(row.treatment_id, row) is not row:
            place = ids[row.treatment_id].row
            message = f"treatment_id {row.treatment_id!r} stands in {place} already; keep one row"
            yield build_fault(row, message, row.treatment_id)
            continue
        keys = [("name", normalise_text(name)) for name in (row.treatment_id, *row.names)]
        for what, text in [*keys, *(("atc", code) for code in row.atc)]:
            earlier = means.setdefault((what, text), row)
            if earlier is not row:
                message = f"{what} {text!r} means {earlier.treatment_id!r} in {earlier.row} already"
                yield build_fault(row, f"{message}; keep it with one drug", text)
