"""Variables that need another one: two tables, one of columns and one of values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hbv_standards.validate.columns import Mask, TextColumn
from hbv_standards.validate.rules import Hit, any_dataset, dataset_rule, has_records
from hbv_standards.validate.submission import Submission, SubmissionDataset

# Variable, what must be in the dataset with it, source.
COLUMNS = (
    ("--SCAT", "--CAT", "CG0430"),
    ("--LAT", "--LOC", "CG0095"),
    ("--PORTOT", "--LOC", "CG0115"),
    ("--DIR", "--LOC", "CG0116"),
    ("--TPT", "--TPTNUM", "CG0468"),
    ("--TPTNUM", "--TPT", "CG0661"),
    ("--ELTM", "--TPTREF", "CG0092"),
    ("--RFTDTC", "--TPTREF", "CG0090; FB3701"),
    ("--ENTPT", "--ENRTPT", "CG0057"),
    ("--ENRTPT", "--ENTPT", "CG0058"),
    ("--STTPT", "--STRTPT", "CG0060"),
    ("--STRTPT", "--STTPT", "CG0062"),
    ("--TOX", "--TOXGR", "CG0084"),
    ("--STRESU", "--STRESC", "CG0426"),
    ("--ORRESU", "--ORRES", "IG 4.5.1"),
)
# Variable, what must be filled where it is, source.
VALUES = (
    ("--SCAT", "--CAT", "CG0429"),
    ("--STRESU", "--STRESC", "CG0426"),
    ("--ORRESU", "--ORRES", "IG 4.5.1"),
    ("--RESCAT", "--STRESC", "CG0427"),
    ("--ELTM", "--TPTREF", "CG0008; FB4405"),
    ("--RFTDTC", "--TPTREF", "CG0026; FB3702"),
    ("--ENTPT", "--ENRTPT", "CG0045"),
    ("--ENRTPT", "--ENTPT", "CG0046; FB4402"),
    ("--STTPT", "--STRTPT", "CG0059"),
    ("--STRTPT", "--STTPT", "CG0061; FB4401"),
    ("--DOSE", "--DOSU", "CG0114"),
    ("--DOSTXT", "--DOSU", "CG0114"),
    ("--DOSTOT", "--DOSU", "CG0114"),
    ("--PTCD", "--DECOD", "CG0050"),
    ("AGE", "AGEU", "CG0665"),
    ("AGEU", "AGE", "CG0666"),
    ("TSVCDVER", "TSVCDREF", "CG0266"),
)


@dataset_rule(
    118,
    "error",
    "Variable needs another one that is missing",
    cure="Add the variable that it belongs to.",
    source="IG 4.4; CG0430; CG0468; CG0661",
    of=any_dataset,
)
def check_columns(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """What comes in pairs is there in pairs."""
    for generic, needed, source in COLUMNS:
        if dataset.has(generic) and not dataset.has(needed):
            name, other = dataset.specific(generic), dataset.specific(needed)
            yield Hit(dataset.name, name, value=name, note=f"{name} needs {other} in the dataset ({source})")


@dataset_rule(
    119,
    "error",
    "Value needs another one that is missing",
    cure="Fill the variable that it belongs to, or leave both missing.",
    source="CG0426; CG0429; CG0114; CG0665",
    of=has_records,
)
def check_values(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """What comes in pairs is filled in pairs."""
    for generic, needed, source in VALUES:
        if dataset.has(generic) and dataset.has(needed):
            name, other = dataset.specific(generic), dataset.specific(needed)
            alone = _find_filled(dataset, name) & ~_find_filled(dataset, other)
            yield Hit(dataset.name, name, alone, note=f"{name} is filled, {other} is not ({source})")


def _find_filled(dataset: SubmissionDataset, name: str) -> Mask:
    column = dataset.columns[name]
    return column.filled if isinstance(column, TextColumn) else ~np.isnan(column)
