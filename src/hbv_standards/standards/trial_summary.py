"""Trial summary parameters (TS, SDTMIG 3.4 section 7.4.2): their names, and where their values come from."""

from __future__ import annotations

from typing import Literal

from hbv_standards.standards.terminology import Codelist, read_codelist

NullFlavor = Literal[
    "NI", "INV", "DER", "OTH", "NINF", "PINF", "UNC", "MSK", "NA", "UNK", "ASKU", "NAV", "NASK", "QS", "TRC",
    "NP",
]  # fmt: skip
"""Why there is no value (ISO 21090): NI no information, NA not applicable, PINF without upper limit ..."""

PARAMETERS = "C66738"  # TSPARMCD
PARAMETER_NAMES = "C67152"  # TSPARM

VALUE_CODELISTS = {
    "ADAPT": "C66742", "ADDON": "C66742", "CTAUG": "C160925", "DOSFRM": "C66726", "DOSFRQ": "C71113",
    "DOSU": "C71620", "EXTTIND": "C66742", "FDATCHSP": "C160926", "HLTSUBJI": "C66742", "INTMODEL": "C99076",
    "INTTYPE": "C99078", "ONGOSIND": "C66742", "RANDOM": "C66742", "ROUTE": "C66729", "SDTIGVER": "C160924",
    "SDTMVER": "C160923", "SEXPOP": "C66732", "STYPE": "C99077", "TBLIND": "C66735", "TCNTRL": "C66785",
    "TINDTP": "C66736", "TPHASE": "C66737", "TTYPE": "C66739",
}  # fmt: skip
"""Codelist of TSVAL for parameters whose values are controlled."""

DURATIONS = ("AGEMAX", "AGEMIN", "LENGTH", "PTRTDUR", "TRGFUDUR")
"""Parameters whose value is an ISO 8601 duration (CG0270)."""


def name_parameter(parameter: str) -> str | None:
    """TSPARM of a TSPARMCD; None for a parameter of the sponsor's own."""
    term = read_codelist(PARAMETERS).term(parameter)
    named = read_codelist(PARAMETER_NAMES).term_of_code(term.code) if term is not None else None
    return named.value if named is not None else None


def find_value_codelist(parameter: str) -> Codelist | None:
    """The codelist of a parameter's values, None where they are not controlled."""
    code = VALUE_CODELISTS.get(parameter)
    return read_codelist(code) if code is not None else None
