"""SDTMIG 3.4: which datasets there are, and their variables in order.

Facts from the packaged tables ``data/sdtmig34_*.csv``. What the model SDTM 2.0 allows beyond the
implementation guide is in :mod:`hbv_standards.standards.sdtm_model`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, cast

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.tables import phrase_nearest, read_table

SDTMIG_VERSION = "3.4"
SDTM_VERSION = "2.0"

DataType = Literal["Char", "Num"]
Core = Literal["Req", "Exp", "Perm", ""]
DatasetClass = Literal[
    "SPECIAL PURPOSE",
    "INTERVENTIONS",
    "EVENTS",
    "FINDINGS",
    "FINDINGS ABOUT",
    "TRIAL DESIGN",
    "RELATIONSHIP",
    "STUDY REFERENCE",
]
"""Values of def:Class/@Name in Define-XML 2.1."""

SUPPLEMENTAL = "SUPP--"
"""Name under which the one definition of all supplemental qualifier datasets is kept."""

DATASET_COLUMNS = ("dataset", "label", "class", "structure", "keys")
VARIABLE_COLUMNS = (
    "dataset", "order", "name", "label", "type", "role", "core", "codelists", "format_or_values",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SdtmVariable:
    """One variable of a dataset, or of a class when ``domain`` is empty (then named ``--XXXX``).

    ``order`` counts from 1 in the dataset (in the class, for a variable of the model).
    ``codelist_code`` holds NCI C-codes; more than one where the guide names several codelists.
    ``core`` is empty where no single designation holds.
    """

    domain: str
    name: str
    label: str
    type: DataType
    order: int
    role: str
    core: Core
    codelist_code: tuple[str, ...]
    format_or_value_list: str


@dataclass(frozen=True, slots=True)
class SdtmDataset:
    """One dataset of the guide; ``cls`` is its class as Define-XML 2.1 writes it.

    ``keys`` are the guide's example of the natural key, all of them variables of the dataset.
    """

    name: str
    label: str
    cls: DatasetClass
    structure: str
    keys: tuple[str, ...]
    variables: tuple[SdtmVariable, ...]
    _by_name: Mapping[str, SdtmVariable] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {variable.name: variable for variable in self.variables})

    def variable(self, name: str) -> SdtmVariable | None:
        """The variable of this name (upper case), or None when the guide has none in this dataset."""
        return self._by_name.get(name)


@cache
def _read_variables() -> dict[str, tuple[SdtmVariable, ...]]:
    variables: dict[str, list[SdtmVariable]] = {}
    for dataset, order, name, label, datatype, role, core, codelists, format_ in read_table(
        "sdtmig34_variables.csv", VARIABLE_COLUMNS
    ):
        variable = SdtmVariable(
            domain=dataset,
            name=name,
            label=label,
            type=cast("DataType", datatype),
            order=int(order),
            role=role,
            core=cast("Core", core),
            codelist_code=tuple(codelists.split()),
            format_or_value_list=format_,
        )
        variables.setdefault(dataset, []).append(variable)
    return {dataset: tuple(rows) for dataset, rows in variables.items()}


@cache
def _read_datasets() -> dict[str, SdtmDataset]:
    variables = _read_variables()
    return {
        name: SdtmDataset(
            name, label, cast("DatasetClass", cls), structure, tuple(keys.split()), variables[name]
        )
        for name, label, cls, structure, keys in read_table("sdtmig34_datasets.csv", DATASET_COLUMNS)
    }


def dataset_names() -> tuple[str, ...]:
    """Names of the 63 datasets of SDTMIG 3.4, by class; supplemental qualifiers once, as ``SUPP--``."""
    return tuple(_read_datasets())


@cache
def read_dataset(name: str) -> SdtmDataset:
    """The definition of a dataset, such as ``LB``, ``RELREC`` or ``SUPPLB``.

    Supplemental qualifiers have one definition for all parents (SDTMIG 3.4 section 8.4): any name of
    ``SUPP`` and 2 to 4 characters is answered from it, non-standard parents too.

    Raises:
        ConfigurationError: SDTMIG 3.4 has no such dataset.
    """
    datasets = _read_datasets()
    if name in datasets:
        return datasets[name]
    parent = re.fullmatch(r"SUPP([A-Z][A-Z0-9]{1,3})", name)
    if parent is not None and name != "SUPPQUAL":  # the name of the structure, not of a dataset
        return _build_supplemental(name, parent[1])
    cure = (
        "; supplemental qualifiers are named by their parent, as in 'SUPPDM'"
        if name.startswith("SUPP")
        else phrase_nearest(name, datasets)
    )
    raise ConfigurationError(f"{name!r} is not a dataset of SDTMIG {SDTMIG_VERSION}{cure}", value=name)


def _build_supplemental(name: str, parent: str) -> SdtmDataset:
    general = _read_datasets()[SUPPLEMENTAL]
    return SdtmDataset(
        name=name,
        label=f"Supplemental Qualifiers for {parent}",
        cls=general.cls,
        structure=general.structure,
        keys=general.keys,
        variables=tuple(replace(variable, domain=name) for variable in general.variables),
    )
