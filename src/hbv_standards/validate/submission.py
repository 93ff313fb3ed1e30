"""A submission folder in memory: datasets, their variables and records, and the standard's word on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards import (
    SdtmDataset,
    SdtmVariable,
    read_dataset,
    read_model_variable,
    specific_name,
)
from hbv_standards.validate.columns import (
    Codes,
    DateColumn,
    Numbers,
    TextColumn,
    build_blank_column,
    read_dates,
)
from hbv_standards.validate.xpt_bytes import Problem, Variable

if TYPE_CHECKING:
    from hbv_standards.validate.define_document import DefineDocument

Agency = Literal["fda", "nmpa"]
OBSERVATION_CLASSES = ("INTERVENTIONS", "EVENTS", "FINDINGS", "FINDINGS ABOUT")
_TOPICS = (("TRT", "INTERVENTIONS"), ("TERM", "EVENTS"), ("OBJ", "FINDINGS ABOUT"), ("TESTCD", "FINDINGS"))
_SUPPLEMENTAL = re.compile(r"SUPP[A-Z][A-Z0-9]{1,3}|SQ[A-Z][A-Z0-9]{1,5}")
# Datasets that are no domain: their variables have no prefix (SDTMIG 3.4 section 8).
_RELATIONSHIPS = ("RELREC", "RELSUB", "RELSPEC")


@dataclass(frozen=True)
class SubmissionDataset:
    """One dataset: its variables in order, and a column of ``rows`` values for each.

    ``file`` and ``size`` in bytes are of the transport file, empty and 0 for a dataset in memory;
    ``encoding`` is None when the bytes of the texts fit none.
    """

    name: str
    label: str
    variables: tuple[Variable, ...]
    rows: int
    columns: Mapping[str, TextColumn | Numbers]
    file: str = ""
    size: int = 0
    encoding: str | None = "ascii"
    _cache: dict[tuple[str, str], object] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the variables, in order."""
        return tuple(variable.name for variable in self.variables)

    @cached_property
    def is_supplemental(self) -> bool:
        """Supplemental qualifiers (SDTMIG 3.4 section 8.4)."""
        return bool(_SUPPLEMENTAL.fullmatch(self.name))

    @cached_property
    def domain(self) -> str:
        """The domain of the records: ``LB`` for LB, LBCH and LBHE; SUPPLB and RELREC are their own."""
        if self.is_supplemental or self.name in _RELATIONSHIPS:
            return self.name
        column = self.columns.get("DOMAIN")
        said = column.at(0) if isinstance(column, TextColumn) and self.rows else ""
        return said if said and self.name.startswith(said) else self.name[:2]

    @cached_property
    def standard(self) -> SdtmDataset | None:
        """What SDTMIG 3.4 says of the domain, None for one that it does not have."""
        name = self.domain
        if self.is_supplemental and name.startswith("SQ"):
            name = f"SUPP{name[2:4]}"
        try:
            return read_dataset(name)
        except ConfigurationError:
            return None

    @cached_property
    def cls(self) -> str:
        """Class, as Define-XML writes it; of a domain outside the guide by its topic variable, or empty."""
        if self.standard is not None:
            return self.standard.cls
        found = (cls for topic, cls in _TOPICS if f"{self.domain}{topic}" in self.columns)
        return next(found, "")

    @property
    def is_observation(self) -> bool:
        """Of one of the general observation classes."""
        return self.cls in OBSERVATION_CLASSES

    @property
    def is_findings(self) -> bool:
        """Findings or Findings About."""
        return self.cls in ("FINDINGS", "FINDINGS ABOUT")

    def specific(self, generic: str) -> str:
        """``--DTC`` as this dataset names it."""
        return specific_name(generic, self.domain)

    def defined(self, name: str) -> SdtmVariable | None:
        """What the guide, or else the model, says of a variable of this dataset."""
        key = ("defined", name)
        if key not in self._cache:
            self._cache[key] = self._find_definition(name)
        return self._cache[key]  # type: ignore[return-value]  # the cache holds what was put under the key

    def _find_definition(self, name: str) -> SdtmVariable | None:
        in_guide = self.standard.variable(name) if self.standard is not None else None
        if in_guide is not None or not self.is_observation:
            return in_guide
        try:
            return read_model_variable(self.cls, name, self.domain)
        except ConfigurationError:
            return None

    def has(self, name: str) -> bool:
        """Whether there is such a variable; ``--XXXX`` stands for the domain's own."""
        return self.specific(name) in self.columns

    def text(self, name: str) -> TextColumn:
        """A Char variable, missing in every row when there is no such variable."""
        column = self.columns.get(self.specific(name))
        if isinstance(column, TextColumn):
            return column
        return build_blank_column(self.rows) if column is None else _write_numbers(column)

    def number(self, name: str) -> Numbers:
        """A Num variable (a Char one as the numbers that it holds), NaN when there is no such variable."""
        column = self.columns.get(self.specific(name))
        if column is not None and not isinstance(column, TextColumn):
            return column
        key = ("number", self.specific(name))
        if key not in self._cache:
            self._cache[key] = np.full(self.rows, np.nan) if column is None else column.numbers()
        return self._cache[key]  # type: ignore[return-value]  # the cache holds what was put under the key

    def show(self, name: str, row: int) -> str:
        """One value as text, empty where missing."""
        column = self.columns.get(self.specific(name))
        if column is None:
            return ""
        return column.at(row) if isinstance(column, TextColumn) else show_number(float(column[row]))

    def dates(self, name: str) -> DateColumn:
        """A --DTC variable, read; all unknown when there is no such variable."""
        key = ("dates", self.specific(name))
        if key not in self._cache:
            self._cache[key] = read_dates(self.text(name))
        return self._cache[key]  # type: ignore[return-value]  # the cache holds what was put under the key

    @cached_property
    def date_names(self) -> tuple[str, ...]:
        """Char variables that hold dates."""
        found = (v.name for v in self.variables if v.type == "Char" and v.name.endswith("DTC"))
        return tuple(dict.fromkeys(found))

    @cached_property
    def sequence_name(self) -> str:
        """--SEQ as this dataset names it."""
        return self.specific("--SEQ")

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The records as a frame: text as objects, empty where missing; numbers as float64."""
        return pd.DataFrame({name: _list_values(column) for name, column in self.columns.items()})


def _list_values(column: TextColumn | Numbers) -> object:
    if isinstance(column, TextColumn):
        return np.array(column.values, dtype=object)[column.codes]
    return column


def show_number(number: float) -> str:
    """A number as text, empty for NaN."""
    short = "" if np.isnan(number) else f"{number:.15g}"
    return short if not short or float(short) == number else repr(number)


def _write_numbers(column: Numbers) -> TextColumn:
    codes, found = pd.factorize(column)
    texts = ("", *(show_number(float(number)) for number in found))
    return TextColumn(codes.astype(np.int64) + 1, texts, tuple(text.encode() for text in texts))


@dataclass(frozen=True)
class FileProblem:
    """What the reader of the bytes saw in a file that it could not read in full."""

    kind: Problem | Literal["twice"]
    dataset: str
    seen: str


@dataclass(frozen=True)
class Submission:
    """All datasets, by name in alphabetical order, and the Define-XML beside them.

    ``is_folder`` is false for datasets in memory, of which no file can be asked.
    """

    datasets: Mapping[str, SubmissionDataset]
    agency: Agency
    folder: Path | None = None
    define: DefineDocument | None = None
    problems: tuple[FileProblem, ...] = ()
    _cache: dict[str, Codes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_folder(self) -> bool:
        """Whether the datasets were read from files."""
        return self.folder is not None

    def __iter__(self) -> Iterator[SubmissionDataset]:
        return iter(self.datasets.values())

    def get(self, name: str) -> SubmissionDataset | None:
        """The dataset of this name."""
        return self.datasets.get(name)

    def of_domain(self, domain: str) -> list[SubmissionDataset]:
        """All datasets of a domain: LBCH and LBHE of LB."""
        return [dataset for dataset in self if dataset.domain == domain]

    @cached_property
    def dm(self) -> SubmissionDataset | None:
        """Demographics; None also when it has no subjects to compare with."""
        dm = self.get("DM")
        return dm if dm is not None and dm.rows and dm.has("USUBJID") else None

    @cached_property
    def subjects(self) -> dict[str, int]:
        """Row in DM of every subject."""
        if self.dm is None:
            return {}
        column = self.dm.text("USUBJID")
        numbered = {column.at(row): row for row in reversed(range(self.dm.rows))}
        return {subject: row for subject, row in numbered.items() if subject}

    def dm_rows(self, dataset: SubmissionDataset) -> Codes:
        """For every record its subject's row in DM, -1 when there is none."""
        if dataset.name not in self._cache:
            self._cache[dataset.name] = dataset.text("USUBJID").translate(self.subjects)
        return self._cache[dataset.name]

    def dm_dates(self, dataset: SubmissionDataset, name: str) -> DateColumn:
        """A date of DM for every record of a dataset."""
        rows = self.dm_rows(dataset)
        if self.dm is None:
            return read_dates(build_blank_column(dataset.rows))
        return self.dm.dates(name).take(rows)
