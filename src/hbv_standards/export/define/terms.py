"""Which values a variable may have: the codelist or dictionary that its item refers to."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hbv_standards.export.define.model import Shape
from hbv_standards.export.define.registers import Registers
from hbv_standards.export.define.shapes import write_number
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec, VariableSpec
from hbv_standards.standards.sdtmig import read_dataset

PAIRS = {
    "ARMCD": "ARM", "ACTARMCD": "ACTARM", "ETCD": "ELEMENT", "VISITNUM": "VISIT", "QNAM": "QLABEL",
    "TSPARMCD": "TSPARM", "IETESTCD": "IETEST",
}  # fmt: skip
"""Codes and what decodes them (SDTMIG 4.2.5), besides --TESTCD and --TEST."""

SPONSOR_LISTS = {
    "ARMCD": ("ARMCD", "Arm Code"),
    "ACTARMCD": ("ARMCD", "Arm Code"),
    "ARM": ("ARM", "Arm"),
    "ACTARM": ("ARM", "Arm"),
    "ETCD": ("ETCD", "Element Code"),
    "ELEMENT": ("ELEMENT", "Element"),
    "VISITNUM": ("VISITNUM", "Visit Number"),
    "VISIT": ("VISIT", "Visit"),
    "QNAM": ("QNAM", "Qualifier Variable Name"),
    "IETESTCD": ("IETESTCD", "Inclusion/Exclusion Criterion"),
}
"""Variables whose values are the study's own, with name and title of their list; --CAT and --SCAT too."""

DICTIONARIES = {"COUNTRY": "ISO 3166", "LOINC": "LOINC", "TSVALNF": "ISO 21090"}
"""Ends of names of variables that hold codes of an external dictionary."""

DOMAIN_CODELIST = "C66734"  # SDTMIG names it for RDOMAIN only


def list_guide_codelists(spec: DatasetSpec, name: str) -> tuple[str, ...]:
    """C-codes of the codelists that the guide names for a variable: several where they go by category."""
    guide = read_dataset(spec.name).variable(name) if spec.standard else None
    return guide.codelist_code if guide is not None else ()


def find_codelist(
    dataset: Dataset, variable: VariableSpec, shape: Shape, registers: Registers, *, by_value: bool
) -> str | None:
    """OID of the list of a variable's values; None for a variable that may hold anything.

    --STRESC has lists only by value, for it holds numbers too, and so has a variable described by value
    for which the guide names several lists.
    """
    name, place = variable.name, f"{dataset.name}.{variable.name}"
    dictionary = next((d for end, d in DICTIONARIES.items() if name.endswith(end)), None)
    if dictionary is not None:
        return registers.add_dictionary(dictionary)
    if name.endswith("STRESC") or (by_value and len(list_guide_codelists(dataset.spec, name)) > 1):
        return None
    codelist = DOMAIN_CODELIST if name == "DOMAIN" else variable.codelist
    own = SPONSOR_LISTS.get(name)
    if own is None and dataset.spec.cls == "FINDINGS" and name.endswith(("CAT", "TESTCD")):
        own = (name, variable.label)
    values = _list_values(dataset, variable, shape, registers) if codelist or own else []
    if not values:
        return None
    decodes = _read_decodes(dataset, name, registers)
    if codelist is not None:
        return registers.codelists.add_terminology(codelist, values, place, decodes)
    return registers.codelists.add_sponsor(*own, values, place, decodes, shape.datatype) if own else None


def _list_values(dataset: Dataset, variable: VariableSpec, shape: Shape, registers: Registers) -> list[str]:
    """Values of the study's design in its order, then other values of the data, sorted."""
    column = dataset.frame[variable.name].dropna().unique().tolist()
    if not column:
        return []
    planned = list(_list_planned(registers).get(variable.name, {}))
    if variable.type == "Num":
        # A planned number with decimals would make another data type of an integer variable's list.
        allowed = [n for n in map(float, planned) if shape.datatype == "float" or n.is_integer()]
        return [write_number(number) for number in sorted({*column, *allowed})]
    return [*planned, *sorted(set(column) - set(planned))]


def _list_planned(registers: Registers) -> dict[str, dict[str, str]]:
    """What the study's design allows, with decodes: variable → value → decode."""
    study = registers.catalog.study
    arms = {arm.armcd: arm.arm for arm in study.arms}
    elements = {element.etcd: element.element for element in study.elements}
    visits = {write_number(visit.visitnum): visit.visit for visit in study.visits}
    return {
        "ARMCD": arms,
        "ACTARMCD": arms,
        "ETCD": elements,
        "VISITNUM": visits,
        "ARM": _decode_as_itself(arms.values()),
        "ACTARM": _decode_as_itself(arms.values()),
        "ELEMENT": _decode_as_itself(elements.values()),
        "VISIT": _decode_as_itself(visits.values()),
        "EPOCH": _decode_as_itself(study.epochs),
    }


def _decode_as_itself(values: Iterable[str]) -> dict[str, str]:
    return {value: value for value in values}


def _read_decodes(dataset: Dataset, name: str, registers: Registers) -> dict[str, str] | None:
    """The decode of each code in the data and the design; None for a variable that is no code."""
    paired = PAIRS.get(name, f"{name.removesuffix('CD')}" if name.endswith("TESTCD") else None)
    if paired is None or paired not in dataset.frame:
        return None
    pairs = dataset.frame[[name, paired]].drop_duplicates().dropna()
    codes = pairs[name] if not pd.api.types.is_numeric_dtype(pairs[name]) else pairs[name].map(write_number)
    # Backwards, so that of several decodes the first in order stays.
    found = dict(sorted(zip(codes.tolist(), pairs[paired].tolist(), strict=True), reverse=True))
    return {**_list_planned(registers).get(name, {}), **found}
