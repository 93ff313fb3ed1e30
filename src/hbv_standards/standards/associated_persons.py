"""SDTM 2.0 section 4: datasets about persons who are not subjects, such as relatives (APMH).

Such a dataset is named AP and the domain whose variables it has. APID stands for USUBJID; who the
person is to which subject is told by SREL and RSUBJID, behind the identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import cast

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.sdtm_model import MODEL_COLUMNS, read_model_variable
from hbv_standards.standards.sdtmig import DataType, SdtmVariable, dataset_names, read_dataset
from hbv_standards.standards.tables import phrase_nearest, read_table

SECTION = "ASSOCIATED PERSONS"
PERSON = "APID"
_REPLACED = ("USUBJID", "POOLID")
_REQUIRED = ("APID", "SREL")


def read_prefix(dataset: str) -> str:
    """First letters of the variables of a dataset: ``MH`` for ``APMH``, else the dataset's own name."""
    return dataset[2:] if is_associated(dataset) else dataset


def is_associated(dataset: str) -> bool:
    """Whether a dataset is about associated persons by its name (CG0650)."""
    return re.fullmatch(r"AP[A-Z][A-Z0-9]", dataset) is not None


@cache
def _read_persons() -> dict[str, SdtmVariable]:
    rows = read_table("sdtm20_model.csv", MODEL_COLUMNS)
    return {
        name: SdtmVariable("", name, label, cast("DataType", datatype), int(order), role, "", (), "")
        for section, order, name, label, datatype, role in rows
        if section == SECTION
    }


def read_associated_variable(cls: str, name: str, dataset: str) -> SdtmVariable:
    """A variable of a dataset about associated persons; ``order`` is that of the parent's class.

    Label, role and codelist are those of the guide's dataset for subjects where that has the
    variable (MHTERM of MH), else the model's.

    Raises:
        ConfigurationError: no such class, or neither section 4 nor the class has the variable.
    """
    persons = _read_persons()
    if name in persons:
        order = _find_place(cls, name, dataset)
        return replace(
            persons[name], domain=dataset, order=order, core="Req" if name in _REQUIRED else "Perm",
            codelist_code=("C100130",) if name == "SREL" else (),
        )  # fmt: skip
    if name in _REPLACED:
        raise ConfigurationError(
            f"{name} is no variable of {dataset}; {PERSON} stands in its place (SDTM 2.0 section 4)",
            value=name,
        )
    parent = read_prefix(dataset)
    try:
        known = read_model_variable(cls, name, parent)
    except ConfigurationError as error:
        raise ConfigurationError(str(error) + phrase_nearest(name, persons), value=name) from error
    guide = read_dataset(parent).variable(name) if parent in dataset_names() else None
    return replace(guide or known, domain=dataset, order=known.order)


def order_associated(names: Iterable[str], cls: str, dataset: str) -> tuple[str, ...]:
    """Variables in SDTM order: APID in the place of USUBJID, RSUBJID and SREL before the topic."""
    orders = {
        name: (read_associated_variable(cls, name, dataset).order, list(_read_persons()).index(name) + 1)
        if name in _read_persons()
        else (read_associated_variable(cls, name, dataset).order, 0)
        for name in names
    }
    return tuple(sorted(orders, key=orders.__getitem__))


def _find_place(cls: str, name: str, dataset: str) -> int:
    """APID has the place of USUBJID, the others follow the last identifier of the class."""
    before = "USUBJID" if name == PERSON else "--BEATNO"
    return read_model_variable(cls, before.replace("--", read_prefix(dataset)), read_prefix(dataset)).order
