"""What the protocol plans to measure: the entries of ``schedule`` in the study file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from hbv_standards.study_rules import StudyPart


class PlannedMeasurement(StudyPart):
    """One measurement or question, how it is found in the datasets, and when it is planned.

    It is there where a record of any of the ``concepts`` has a result, or where ``dataset`` has a record whose
    variables hold one of the values of ``where``. Without ``visits`` it is asked once in the trial, at whatever time;
    with ``once`` one of the visits is enough, else it is planned at each of them.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    panel: Annotated[str, Field(min_length=1, max_length=60)] | None = None  # what it is a part of
    concepts: tuple[str, ...] = ()
    dataset: str | None = None
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    visits: tuple[str, ...] = ()
    once: bool = False

    @property
    def title(self) -> str:
        """Panel and name."""
        return f"{self.panel}: {self.name}" if self.panel else self.name

    @property
    def by_visit(self) -> bool:
        """Whether it is planned at each of its visits."""
        return bool(self.visits) and not self.once

    @model_validator(mode="after")
    def _check_place(self) -> PlannedMeasurement:
        if bool(self.concepts) == (self.dataset is not None):
            raise ValueError("name either the `concepts` or the `dataset` in which it is found")
        if self.where and self.dataset is None:
            raise ValueError("`where` selects records of a `dataset`; leave it out beside `concepts`")
        if self.once and not self.visits:
            raise ValueError("`once` is one of several `visits`; leave it out where none is named")
        return self
