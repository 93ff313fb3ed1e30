"""What supplemental qualifiers a domain has: the section ``supplemental`` of its spec (SDTMIG 8.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from hbv_standards.canonical.model import RECORDS
from hbv_standards.derive.ascii_text import Agency
from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.associated_persons import is_associated, read_prefix
from hbv_standards.standards.sdtm_model import read_model_variable
from hbv_standards.standards.sdtmig import dataset_names, read_dataset
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.standards.terminology import read_codelist
from hbv_standards.study_rules import StudyPart

QnamOrigin = Literal["Assigned", "Collected", "Derived", "Protocol", "Predecessor", "Not Available", "Other"]


CONCEPT_FIELDS = frozenset({"variant"})
"""What the test catalogue says of a finding and SDTM has no variable for."""


class SupplementalSpec(StudyPart):
    """One qualifier: which field of the records it holds, under which name, and when."""

    qnam: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
    label: Annotated[str, Field(max_length=40)]  # QLABEL
    field: str  # field of the canonical record, or of CONCEPT_FIELDS
    codelist: str | None = None  # name of the CDISC codelist that the hospital's word is mapped to
    origin: QnamOrigin = "Collected"  # QORIG
    evaluator: str | None = None  # QEVAL (C78735), for judgements
    when: Literal["filled", "not ascii"] = "filled"
    builds: tuple[Agency, ...] = ("fda", "nmpa")
    as_sent: bool = False  # words of the hospital: a build that cannot hold them goes without, as declared
    comment: str | None = None


def check_supplemental(entries: Iterable[SupplementalSpec], dataset: str, cls: str, place: str) -> None:
    """Names are single and no variables of SDTM (CG0314), fields and codelists exist.

    Raises:
        ConfigurationError: naming file, QNAM and cure.
    """
    fields = {name for record in RECORDS.values() for name in record.model_fields} | CONCEPT_FIELDS
    seen: set[str] = set()
    for entry in entries:
        if is_associated(dataset):
            raise _fault(entry, "qualifiers are joined to subjects; add a variable instead", place)
        if entry.qnam in seen:
            raise _fault(entry, "occurs twice; give each qualifier its own name", place)
        seen.add(entry.qnam)
        if is_variable(entry.qnam, dataset, cls):
            raise _fault(entry, f"is a variable of {dataset} in SDTM; add it to `variables` (CG0314)", place)
        if entry.field not in fields:
            raise _fault(
                entry,
                f"field {entry.field!r} is in no record" + phrase_nearest(entry.field, sorted(fields)),
                place,
            )
        _check_terms(entry, place)


def _check_terms(entry: SupplementalSpec, place: str) -> None:
    try:
        if entry.codelist is not None:
            read_codelist(entry.codelist)
    except ConfigurationError as error:
        raise _fault(entry, str(error), place) from error
    if entry.evaluator is not None and read_codelist("EVAL").term(entry.evaluator) is None:
        raise _fault(entry, f"evaluator {entry.evaluator!r} is no term of EVAL (C78735)", place)


def is_variable(name: str, dataset: str, cls: str) -> bool:
    """Whether SDTM itself has a variable of this name in the dataset or its class."""
    if dataset in dataset_names() and read_dataset(dataset).variable(name) is not None:
        return True
    try:
        read_model_variable(cls, name, read_prefix(dataset))
    except ConfigurationError:  # also for DM, which is of no class of observations
        return False
    return True


def _fault(entry: SupplementalSpec, problem: str, place: str) -> ConfigurationError:
    return ConfigurationError(f"supplemental {entry.qnam}: {problem}", file=place, value=entry.qnam)
