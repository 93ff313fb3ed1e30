"""Checks of ``schedule`` in study.yaml: tests, datasets and variables that it names exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards import read_dataset
from hbv_standards.standards.associated_persons import is_associated, read_prefix
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.study import StudyConfig
from hbv_standards.study_schedule import PlannedMeasurement

FILE = "study.yaml"


def check_schedule(study: StudyConfig, concepts: Collection[str]) -> Iterator[ConfigurationError]:
    """Faults of the entries; ``concepts`` are the ids of the tests."""
    for entry in study.schedule:
        place = f"schedule {entry.title!r}"
        for name in entry.concepts:
            if name not in concepts:
                near = phrase_nearest(name, concepts) or "; add it to concepts"
                yield _fault(f"{place}: {name!r} is no test of concepts{near}", name)
        if entry.dataset is not None:
            yield from _check_dataset(place, entry, entry.dataset)


def _check_dataset(place: str, entry: PlannedMeasurement, name: str) -> Iterator[ConfigurationError]:
    try:
        dataset = read_dataset(read_prefix(name))
    except ConfigurationError as error:
        yield _fault(f"{place}: {error}; tests of a dataset of the study's own are named by `concepts`", name)
        return
    known = [variable.name for variable in dataset.variables]
    for variable in entry.where:
        if variable not in known:
            near = phrase_nearest(variable, known)
            yield _fault(f"{place}: {variable!r} is no variable of {name}{near}", variable)
    if entry.visits and ("VISITNUM" not in known or is_associated(name)):
        yield _fault(f"{place}: records of {name} have no visit; leave `visits` out", name)


def _fault(message: str, value: str) -> ConfigurationError:
    return ConfigurationError(message, file=FILE, value=value)
