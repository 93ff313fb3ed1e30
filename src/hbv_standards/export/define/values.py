"""Value-level metadata: what a variable holds for each test, parameter or supplemental qualifier."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hbv_standards.export.define.conversions import phrase_conversions
from hbv_standards.export.define.identities import (
    Condition,
    Identities,
    Identity,
    find_identities,
    select_values,
)
from hbv_standards.export.define.model import Item, ItemRef, Origin, RangeCheck, Shape, ValueList, WhereClause
from hbv_standards.export.define.origins import describe_summary_origin, describe_supplemental_origin
from hbv_standards.export.define.registers import Registers
from hbv_standards.export.define.shapes import describe_number_texts, describe_values, write_number
from hbv_standards.export.define.terms import list_guide_codelists
from hbv_standards.export.define.wording import CHINESE, ENGLISH
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec, VariableSpec
from hbv_standards.standards.terminology import read_codelist
from hbv_standards.standards.trial_summary import find_value_codelist

RESULTS = ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU")
"""Endings of the variables that are described by test."""

_SAS_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,7}")

MOST_WORDS = 20
"""Results in words are a codelist while there are no more of them than this."""


@dataclass(frozen=True, slots=True)
class ValuePlan:
    """Variables of a dataset that are described by value, and what tells their values apart."""

    code: str
    name: str
    prefix: str
    variables: tuple[str, ...]


def plan_values(dataset: Dataset) -> ValuePlan | None:
    """How a dataset is described by value; None for one whose variables mean one thing each."""
    domain, columns = dataset.spec.name, set(dataset.frame.columns)
    plans = (
        ValuePlan(f"{domain}TESTCD", f"{domain}TEST", domain, tuple(f"{domain}{end}" for end in RESULTS)),
        ValuePlan("QNAM", "QLABEL", "", ("QVAL",)),
        ValuePlan("TSPARMCD", "TSPARM", "", ("TSVAL",)),
        ValuePlan(f"{domain}CAT", f"{domain}CAT", "", list_by_category(dataset.spec)),
    )
    for plan in plans:
        variables = tuple(name for name in plan.variables if name in columns)
        if {plan.code, plan.name} <= columns and variables:
            return ValuePlan(plan.code, plan.name, plan.prefix, variables)
    return None


def list_by_category(spec: DatasetSpec) -> tuple[str, ...]:
    """Variables of an events dataset whose codelist goes by category, as that of DSDECOD."""
    names = spec.names if spec.cls == "EVENTS" else ()
    return tuple(name for name in names if len(list_guide_codelists(spec, name)) > 1)


def describe_by_value(dataset: Dataset, registers: Registers) -> dict[str, str]:
    """Describe the values of a dataset; the OID of the value list by variable.

    Items, where-clauses and codelists go to ``registers``.
    """
    plan = plan_values(dataset)
    if plan is None:
        return {}
    identities = find_identities(dataset.frame, plan.code, plan.name, plan.prefix)
    values = {name: select_values(dataset.frame, name, identities) for name in plan.variables}
    describer = _Describer(dataset, plan, identities.members, _name_identities(identities), values, registers)
    described = [variable for variable in dataset.variables if values.get(variable.name)]
    return {variable.name: describer.describe(variable) for variable in described}


def _name_identities(identities: Identities) -> list[str]:
    """The end of the OIDs of each identity: test code and what tells it apart, every one once."""
    names: list[str] = []
    for identity in identities.members:
        name = ".".join(_shorten_condition(condition) for condition in identity.conditions)
        taken = sum(known.partition("~")[0] == name for known in names)
        names.append(f"{name}~{taken + 1}" if taken else name)
    return names


def _shorten_condition(condition: Condition) -> str:
    told = re.sub(r"[^A-Za-z0-9-]+", "_", "-".join(condition.values))
    return f"NOT-{told}" if condition.comparator == "NOTIN" else told


@dataclass(frozen=True, slots=True)
class _Describer:
    dataset: Dataset
    plan: ValuePlan
    identities: Sequence[Identity]
    oids: Sequence[str]
    values: Mapping[str, Mapping[int, list[Any]]]  # by variable and identity
    registers: Registers

    def describe(self, variable: VariableSpec) -> str:
        """Add the value list of one variable; its OID."""
        place = f"{self.dataset.name}.{variable.name}"
        refs = []
        for order, (at, found) in enumerate(self.values[variable.name].items(), start=1):
            oid = f"IT.{place}.{self.oids[at]}"
            self.registers.items.append(self._build_item(oid, variable, at, found))
            refs.append(
                ItemRef(
                    oid,
                    order,
                    mandatory=variable.core == "Req",
                    method=self._find_method(variable, self.identities[at]),
                    where=self._add_where(at),
                )
            )
        self.registers.value_lists.append(ValueList(f"VL.{place}", tuple(refs)))
        return f"VL.{place}"

    def _add_where(self, at: int) -> str:
        oid = f"WC.{self.dataset.name}.{self.oids[at]}"
        checks = tuple(
            RangeCheck(f"IT.{self.dataset.name}.{c.variable}", c.comparator, c.values)
            for c in self.identities[at].conditions
        )
        self.registers.where_clauses[oid] = WhereClause(oid, checks)
        return oid

    def _build_item(self, oid: str, variable: VariableSpec, at: int, values: list[Any]) -> Item:
        identity = self.identities[at]
        return Item(
            oid=oid,
            name=identity.name if _SAS_NAME.fullmatch(identity.name) else variable.name,
            label=identity.label,
            shape=self._read_shape(variable, values),
            origin=self._read_origin(variable, identity),
            codelist=self._find_codelist(variable, identity, values),
            comment=self._comment(oid, variable, at),
        )

    def _comment(self, oid: str, variable: VariableSpec, at: int) -> str | None:
        if variable.name.endswith("STRESN"):
            return self._comment_conversion(oid, at)
        if variable.name != "QVAL":
            return None
        name = self.identities[at].name
        told = next((entry.comment for entry in self.dataset.spec.supplemental if entry.qnam == name), None)
        return self.registers.add_comment(told, oid.removeprefix("IT."))

    def _comment_conversion(self, oid: str, at: int) -> str | None:
        """The conversion factors of the test, with its numeric results."""
        prefix = self.plan.prefix
        units, standard = (self.values.get(f"{prefix}{end}", {}).get(at, []) for end in ("ORRESU", "STRESU"))
        catalog, identity = self.registers.catalog, self.identities[at]
        english, chinese = (
            phrase_conversions(catalog, prefix, identity, units, standard, wording)
            for wording in (ENGLISH, CHINESE)
        )
        if english is None or chinese is None:
            return None
        return self.registers.add_made(english, chinese, oid.removeprefix("IT."))

    def _read_shape(self, variable: VariableSpec, values: list[Any]) -> Shape:
        if variable.type == "Num":
            texts = [write_number(value) for value in values]
            return describe_number_texts(texts) or Shape("float", max(map(len, texts)))
        return describe_values(values, dates=variable.name in ("QVAL", "TSVAL"))

    def _read_origin(self, variable: VariableSpec, identity: Identity) -> Origin:
        if variable.name == "QVAL" and "QORIG" in self.dataset.frame:
            return describe_supplemental_origin(variable, self.dataset.frame, identity.name)
        if variable.name == "TSVAL":
            return describe_summary_origin(variable, identity.name, self.registers.catalog.study)
        return Origin(variable.origin, variable.origin_source)

    def _find_method(self, variable: VariableSpec, identity: Identity) -> str | None:
        """The method of a derived value: of TSVAL that of the parameters which the data answer."""
        derived = self._read_origin(variable, identity).type == "Derived"
        return self.registers.add_method(variable.method) if derived else None

    def _find_codelist(self, variable: VariableSpec, identity: Identity, values: list[Any]) -> str | None:
        place = f"{self.dataset.name}.{variable.name}.{identity.name}"
        if variable.name.endswith("RESU") and variable.codelist:
            return self.registers.codelists.add_terminology(variable.codelist, values, place)
        if variable.name == "TSVAL":
            listed = find_value_codelist(identity.name)
            return self.registers.codelists.add_terminology(listed.code, values, place) if listed else None
        known = list_guide_codelists(self.dataset.spec, variable.name)
        if len(known) > 1 and self.plan.code.endswith("CAT"):
            return self.registers.codelists.add_terminology(find_holding(known, values), values, place)
        if not variable.name.endswith("STRESC") or not is_in_words(values):
            return None
        if variable.codelist:
            return self.registers.codelists.add_terminology(variable.codelist, values, place)
        return self.registers.codelists.add_sponsor(variable.name, variable.label, values, place)


def find_holding(codes: Sequence[str], values: Sequence[str]) -> str:
    """The first codelist that has most of the values."""
    return max(codes, key=lambda code: sum(read_codelist(code).term(value) is not None for value in values))


def is_in_words(values: Sequence[str]) -> bool:
    """Whether results are a small set of words, such as NEGATIVE and POSITIVE."""
    return len(values) <= MOST_WORDS and not any(re.search(r"\d", value) for value in values)
