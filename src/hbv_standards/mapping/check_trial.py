"""Checks of the parts of study.yaml that speak of tests, treatments and terminology: criteria and summary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import phrase_term
from hbv_standards.mapping.rows import ConceptRow
from hbv_standards.standards import read_codelist
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.standards.trial_summary import DURATIONS, PARAMETERS, find_value_codelist, name_parameter
from hbv_standards.study import Criterion, StudyConfig, SummaryParameter
from hbv_standards.study_rules import DurationRule, ResultRule, ValueRule

FILE = "study.yaml"
_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?")


def check_trial(
    study: StudyConfig, concepts: Mapping[str, ConceptRow], classes: Collection[str], units: Collection[str]
) -> Iterator[ConfigurationError]:
    """Faults of ``criteria`` and ``trial_summary``.

    ``classes`` are the treatment classes, ``units`` the units whose size is known.
    """
    for criterion in study.criteria:
        yield from _check_criterion(criterion, concepts, classes, units)
    seen: set[tuple[str, str | None]] = set()
    for entry in study.trial_summary:
        yield from _check_parameter(entry)
        if (entry.parameter, entry.value) in seen:
            yield _fault(f"trial_summary {entry.parameter}: stands here twice; keep one", entry.parameter)
        seen.add((entry.parameter, entry.value))


def _fault(message: str, value: str) -> ConfigurationError:
    return ConfigurationError(message, file=FILE, value=value)


def _check_criterion(
    criterion: Criterion, concepts: Mapping[str, ConceptRow], classes: Collection[str], units: Collection[str]
) -> Iterator[ConfigurationError]:
    place, rule = f"criteria {criterion.testcd}", criterion.rule
    if isinstance(rule, ResultRule | ValueRule):
        for name in rule.concepts:
            if name not in concepts:
                near = phrase_nearest(name, concepts) or "; add it to concepts"
                yield _fault(f"{place}: {name!r} is no test of concepts{near}", name)
    if isinstance(rule, ResultRule):
        yield from _check_unit(place, rule, concepts, units)
    if isinstance(rule, DurationRule):
        for name in rule.treatment_classes:
            if name not in classes:
                near = phrase_nearest(name, classes)
                yield _fault(f"{place}: {name!r} is no treatment_class of treatments.csv{near}", name)


def _check_unit(
    place: str, rule: ResultRule, concepts: Mapping[str, ConceptRow], units: Collection[str]
) -> Iterator[ConfigurationError]:
    if rule.unit is not None and rule.unit not in units:
        near = phrase_nearest(rule.unit, units) or "; add it, so that results can be converted"
        yield _fault(f"{place}: unit {rule.unit!r} has no row in unit_dimensions.csv{near}", rule.unit)
    for name in rule.concepts:
        standard = concepts[name].std_unit if name in concepts else None
        if rule.unit is None and standard is not None:
            yield _fault(f"{place}: {name} has the unit {standard}; say the unit of the value", name)


def _check_parameter(entry: SummaryParameter) -> Iterator[ConfigurationError]:
    place, known = f"trial_summary {entry.parameter}", name_parameter(entry.parameter)
    if known is None and entry.name is None:
        phrase = phrase_term(entry.parameter, read_codelist(PARAMETERS))
        yield _fault(f"{place}: {phrase}; a parameter of the sponsor's own has a `name`", entry.parameter)
    if known is not None and entry.name is not None:
        yield _fault(f"{place}: its name is {known!r}; leave `name` out", entry.name)
    if entry.parameter in DURATIONS and entry.value and not _DURATION.fullmatch(entry.value):
        yield _fault(f"{place}: {entry.value!r} is no ISO 8601 duration; write it as P48W", entry.value)
    yield from _check_term(place, entry)
    if entry.dictionary is not None and read_codelist("DICTNAM").term(entry.dictionary) is None:
        phrase = phrase_term(entry.dictionary, read_codelist("DICTNAM"))
        yield _fault(f"{place}: dictionary {entry.dictionary!r} {phrase}", entry.dictionary)


def _check_term(place: str, entry: SummaryParameter) -> Iterator[ConfigurationError]:
    codelist, value = find_value_codelist(entry.parameter), entry.value
    if codelist is None or value is None:
        return
    if codelist.term(value) is None and (not codelist.extensible or codelist.find(value) is not None):
        yield _fault(f"{place}: {value!r} {phrase_term(value, codelist)}", value)
    if codelist.term(value) is not None and entry.code is not None:
        yield _fault(f"{place}: the code of {value!r} is looked up; leave `code` out", entry.code)
