"""Rules of a study file that the data answer: when an element begins, and whether a criterion is met."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

NumberText = Annotated[str, Field(pattern=r"^[+-]?\d*\.?\d+$")]


class StudyPart(BaseModel):
    """Strict base of every part of the study file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ElementStart(StudyPart):
    """When a subject enters an element, told so that the data can answer it.

    ``treatment_classes`` narrows a dose to treatments of these classes; *after duration* is when the element
    before it in the arm has lasted its ``duration``.
    """

    at: Literal["informed consent", "randomization", "first dose", "after last dose", "after duration"]
    treatment_classes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check_classes(self) -> ElementStart:
        if self.treatment_classes and not self.at.endswith("dose"):
            raise ValueError(f"treatment_classes say nothing about {self.at!r}; leave them out")
        return self


class ResultRule(StudyPart):
    """A criterion about a number: the last result of the tests compared with ``value`` in ``unit``.

    ``met_by``: submission values that meet it although they are no number (NOT DETECTED of a viral load
    that must be low), unless the laboratory's own limit leaves it open.
    """

    kind: Literal["result"]
    concepts: Annotated[tuple[str, ...], Field(min_length=1)]
    comparator: Literal["<", "<=", ">", ">="]
    value: NumberText
    unit: str | None = None  # UNIT C71620; none: the number has no unit
    met_by: tuple[str, ...] = ()


class ValueRule(StudyPart):
    """A criterion about a word: the last result of the tests is one of ``met``, or one of ``not_met``.

    ``below_range``: of a number the laboratory's own upper limit decides; below it the criterion is met.
    """

    kind: Literal["value"]
    concepts: Annotated[tuple[str, ...], Field(min_length=1)]
    met: Annotated[tuple[str, ...], Field(min_length=1)]
    not_met: tuple[str, ...] = ()
    below_range: bool = False


_ONE_PART = r"^P[1-9]\d*[YMWD]$"


class DurationRule(StudyPart):
    """A criterion about earlier treatment: time from its first to its last day before a milestone.

    ``longer_than`` a duration leaves out exactly that long, which ``at_least`` takes in.
    """

    kind: Literal["treatment duration"]
    treatment_classes: Annotated[tuple[str, ...], Field(min_length=1)]
    at_least: Annotated[str, Field(pattern=_ONE_PART)] | None = None
    longer_than: Annotated[str, Field(pattern=_ONE_PART)] | None = None
    before: Literal["consent", "randomization"]

    @model_validator(mode="after")
    def _check_one_length(self) -> DurationRule:
        if (self.at_least is None) == (self.longer_than is None):
            raise ValueError("say how long by one of `at_least` and `longer_than`")
        return self


class DiagnosisRule(StudyPart):
    """A criterion about a disease in the medical history: English ``terms``, or beginnings of ``codes``."""

    kind: Literal["diagnosis"]
    terms: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check_named(self) -> DiagnosisRule:
        if not (self.terms or self.codes):
            raise ValueError("name the disease by `terms` or `codes`")
        return self


CriterionRule = Annotated[ResultRule | ValueRule | DurationRule | DiagnosisRule, Field(discriminator="kind")]
