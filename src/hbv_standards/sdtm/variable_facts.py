"""What the standards say of a variable of a dataset: the guide, else the model; its order and set length."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.associated_persons import (
    is_associated,
    order_associated,
    read_associated_variable,
)
from hbv_standards.standards.sdtm_model import ObservationClass, order_variables, read_model_variable
from hbv_standards.standards.sdtmig import SdtmDataset, SdtmVariable
from hbv_standards.standards.tables import phrase_nearest

OBSERVATIONS = ("INTERVENTIONS", "EVENTS", "FINDINGS", "FINDINGS ABOUT")

FIXED_LENGTHS = {"DOMAIN": 2, "ETCD": 8, "ARMCD": 20, "ACTARMCD": 20, "TSPARMCD": 8, "IETEST": None}
FIXED_ENDINGS = {"TESTCD": 8, "TEST": 40, "FL": 1}
"""Lengths in bytes that the standard sets (SDTMIG 4.2.9; CG0153, CG0143, CG0406), by name or its end.

IETEST, the text of a criterion, is the --TEST that may be longer than 40 (SDTMIG 6.3.4, 7.4.1).
"""

_PIECE = re.compile(r"(TSVAL|COVAL)([1-9]\d*)")
"""Further pieces of a text over 200 bytes, which the guide allows and does not list (IG 7.4.2, 5.1)."""


def read_facts(name: str, dataset: str, cls: str, guide: SdtmDataset | None, place: str) -> SdtmVariable:
    """The variable as the guide has it in this dataset, else as the model has it in the class.

    Raises :class:`ConfigurationError`, naming the spec file ``place``, for a variable of neither.
    """
    known = guide.variable(name) if guide else None
    known = known or (_read_piece(name, guide) if guide else None)
    if known is not None:
        return known
    if cls not in OBSERVATIONS:
        names = [v.name for v in guide.variables] if guide else []
        raise ConfigurationError(
            f"{name} is not a variable of {dataset}" + phrase_nearest(name, names), file=place, value=name
        )
    read = read_associated_variable if is_associated(dataset) else read_model_variable
    try:
        return read(cls, name, dataset)
    except ConfigurationError as error:
        raise ConfigurationError(str(error), file=place, value=name) from error


def _read_piece(name: str, guide: SdtmDataset) -> SdtmVariable | None:
    """A further piece of a text, TSVAL1 or COVAL1, after the variable that it continues."""
    match = _PIECE.fullmatch(name)
    first = guide.variable(match[1]) if match else None
    if match is None or first is None:
        return None
    return replace(first, name=name, label=f"{first.label} {match[2]}", core="Perm")


def order_names(names: Collection[str], dataset: str, cls: str, guide: SdtmDataset | None) -> Sequence[str]:
    """Variables in SDTM order (SDTMIG 4.1.4)."""
    if cls in OBSERVATIONS:
        order = order_associated if is_associated(dataset) else order_variables
        return order(names, cast("ObservationClass", cls), dataset)
    places = {v.name: (v.order, 0) for v in guide.variables} if guide else {}
    for piece in filter(None, map(_PIECE.fullmatch, names)):
        places[piece[0]] = (places[piece[1]][0], int(piece[2]))
    return sorted(names, key=places.__getitem__)


def find_length(name: str) -> int | None:
    """Bytes that the standard sets for a variable, None where the longest value decides."""
    ending = next((length for end, length in FIXED_ENDINGS.items() if name.endswith(end)), None)
    return FIXED_LENGTHS.get(name, ending)
