"""SDTM 2.0: the variables that a class of observations may have, and their order.

The implementation guide shows in each dataset a choice of the model's variables. A dataset may add
others of its class (LLOQ in LB), and a non-standard domain (GI) is made of them altogether. The
model's order agrees with the order of every SDTMIG 3.4 dataset of these classes.

Facts from the packaged table ``data/sdtm20_model.csv``; ``--`` stands for the domain code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Literal, TypeVar, cast, get_args

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.sdtmig import (
    SDTM_VERSION,
    DataType,
    SdtmVariable,
    dataset_names,
    read_dataset,
)
from hbv_standards.standards.tables import phrase_nearest, read_table

ObservationClass = Literal["INTERVENTIONS", "EVENTS", "FINDINGS", "FINDINGS ABOUT"]
"""The general observation classes, and Findings About, as Define-XML 2.1 writes them."""

MODEL_COLUMNS = ("class", "order", "name", "label", "type", "role")

Fact = TypeVar("Fact")


@cache
def _read_model_rows() -> dict[str, tuple[SdtmVariable, ...]]:
    """Variables of the model by its own sections, in the order of each."""
    sections: dict[str, list[SdtmVariable]] = {}
    for section, order, name, label, datatype, role in read_table("sdtm20_model.csv", MODEL_COLUMNS):
        variable = SdtmVariable("", name, label, cast("DataType", datatype), int(order), role, "", (), "")
        sections.setdefault(section, []).append(variable)
    return {section: tuple(variables) for section, variables in sections.items()}


def _list_qualifiers(cls: str) -> list[SdtmVariable]:
    """Topic and qualifiers of a class; Findings About adds --OBJ behind the test (SDTM 2.0)."""
    sections = _read_model_rows()
    if cls != "FINDINGS ABOUT":
        return list(sections[cls])
    findings = sections["FINDINGS"]
    behind_test = 1 + [variable.name for variable in findings].index("--TEST")
    return [*findings[:behind_test], *sections["FINDINGS ABOUT"], *findings[behind_test:]]


@cache
def _read_model(cls: str) -> dict[str, SdtmVariable]:
    """All variables of a class by generic name: identifiers, topic and qualifiers, timing."""
    if cls not in get_args(ObservationClass):
        raise ConfigurationError(
            f"{cls!r} is not a class of observations; they are {', '.join(get_args(ObservationClass))}",
            value=cls,
        )
    general = _read_model_rows()["GENERAL OBSERVATIONS"]
    identifiers = [variable for variable in general if variable.role == "Identifier"]
    timing = [variable for variable in general if variable.role == "Timing"]
    in_guide = _read_guide_variables(cls)
    return {
        variable.name: _add_guide_facts(replace(variable, order=order), in_guide.get(variable.name, []))
        for order, variable in enumerate([*identifiers, *_list_qualifiers(cls), *timing], start=1)
    }


def _read_guide_variables(cls: str) -> dict[str, list[SdtmVariable]]:
    """What the datasets of a class make of each variable, by generic name."""
    variables: dict[str, list[SdtmVariable]] = {}
    for dataset in (read_dataset(name) for name in dataset_names()):
        if dataset.cls == cls:
            for variable in dataset.variables:
                variables.setdefault(generic_name(variable.name, dataset.name), []).append(variable)
    return variables


def _add_guide_facts(variable: SdtmVariable, uses: list[SdtmVariable]) -> SdtmVariable:
    """What all datasets of the class agree on, for the model itself says no core and no codelist.

    Of the core designations only Req is taken: Exp and Perm are meant for the one dataset.
    """
    required = bool(uses) and all(use.core == "Req" for use in uses)
    return replace(
        variable,
        core="Req" if required else "",
        codelist_code=_agreed([use.codelist_code for use in uses], ()),
        format_or_value_list=_agreed([use.format_or_value_list for use in uses], ""),
    )


def _agreed(facts: list[Fact], otherwise: Fact) -> Fact:
    return facts[0] if facts and all(fact == facts[0] for fact in facts) else otherwise


@cache
def _unprefixed_names() -> frozenset[str]:
    rows = _read_model_rows()
    names = (variable.name for section in rows.values() for variable in section)
    return frozenset(name for name in names if not name.startswith("--"))


def generic_name(name: str, domain: str) -> str:
    """The model's name of a variable: ``LBLLOQ`` of ``LB`` is ``--LLOQ``, ``EPOCH`` stays ``EPOCH``.

    Names that the model has without prefix stay so even where they begin like the domain: ``RPHASE``
    in ``RP``, ``MIDS`` in ``MI``.
    """
    if name in _unprefixed_names() or not domain or not name.startswith(domain):
        return name
    return "--" + name.removeprefix(domain)


def specific_name(name: str, domain: str) -> str:
    """The name of a variable of the model in a domain: ``--LLOQ`` in ``LB`` is ``LBLLOQ``."""
    return domain + name.removeprefix("--") if name.startswith("--") else name


def model_variable_names(cls: str) -> tuple[str, ...]:
    """Generic names of all variables that SDTM 2.0 allows in a class, in SDTM order.

    Raises:
        ConfigurationError: not one of :data:`ObservationClass`.
    """
    return tuple(_read_model(cls))


def read_model_variable(cls: str, name: str, domain: str = "") -> SdtmVariable:
    """A variable of a class as SDTM 2.0 defines it, with ``order`` counted over the whole class.

    Args:
        cls: class, one of :data:`ObservationClass`.
        name: generic (``--LLOQ``) or, when ``domain`` is given, specific (``LBLLOQ``) name.
        domain: two-character code to put for ``--``; empty keeps the generic name.

    Returns:
        Label, type and role are the model's. Codelist and format are what all SDTMIG 3.4 datasets of
        the class that show the variable agree on, and empty otherwise; core is ``Req`` where all of
        them require it, and empty otherwise.

    Raises:
        ConfigurationError: no such class, or the class has no such variable.
    """
    variables = _read_model(cls)
    variable = variables.get(generic_name(name, domain))
    if variable is None:
        names = [specific_name(known, domain) if domain else known for known in variables]
        raise ConfigurationError(
            f"{name!r} is not a variable of {cls} in SDTM {SDTM_VERSION}" + phrase_nearest(name, names),
            value=name,
        )
    if not domain:
        return variable
    fixed = domain if variable.name == "DOMAIN" else variable.format_or_value_list
    return replace(
        variable, domain=domain, name=specific_name(variable.name, domain), format_or_value_list=fixed
    )


def order_variables(names: Iterable[str], cls: str, domain: str) -> tuple[str, ...]:
    """The variables of a dataset in SDTM order (SDTMIG 3.4 section 4.1.4).

    For a non-standard domain, or a dataset with variables that the guide does not show in it.

    Raises:
        ConfigurationError: a name is not a variable of the class.
    """
    orders = {name: read_model_variable(cls, name, domain).order for name in names}
    return tuple(sorted(orders, key=orders.__getitem__))
