"""Names and labels of the parts of a domain (SDTMIG 4.1.7): the domain's code and one or two characters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from hbv_standards.errors import ExportError
from hbv_standards.sdtm.labels import MAX_LABEL, cut_label
from hbv_standards.standards.sdtmig import dataset_names

MOST_PARTS = 99
_MOST_NAME = 8  # bytes of a dataset name; TS-140


def name_by_category(domain: str, categories: Sequence[str], reserved: Collection[str]) -> list[str] | None:
    """A name for every category: LBCH for CHEMISTRY. None where a category has no free one.

    The first two letters are taken; where another category, or a dataset, has that name, the first letter
    and a later one.
    """
    taken = _list_taken(reserved)
    names: list[str] = []
    for category in categories:
        name = next((n for n in _list_names(domain, category) if n not in taken), None)
        if name is None:
            return None
        taken.add(name)
        names.append(name)
    return names


def _list_names(domain: str, category: str) -> Iterator[str]:
    characters = re.sub(r"[^A-Z0-9]", "", category.upper())
    if len(characters) == 1:
        yield domain + characters
    for later in characters[1:]:
        yield domain + characters[0] + later


def name_by_number(domain: str, parts: int, reserved: Collection[str]) -> list[str]:
    """LB1, LB2 and so on. Raises :class:`ExportError` when there are too many for the length of a name."""
    taken = _list_taken(reserved)
    names = [f"{domain}{number}" for number in range(1, MOST_PARTS + 1)]
    free = [name for name in names if name not in taken][:parts]
    if len(free) < parts:
        raise ExportError(
            f"{domain} would be split into {parts} datasets, and there are names for {len(free)}; raise --max-bytes"
        )
    return free


def name_supplement(part: str) -> str:
    """Name of the supplemental qualifiers of a part; SQ where SUPP would make it too long (SDTMIG 8.4)."""
    name = f"SUPP{part}"
    return name if len(name) <= _MOST_NAME else f"SQ{part}"


def number_label(label: str, number: int) -> str:
    """The label of the whole and the number of the part, in 40 bytes."""
    end = f" {number}"
    return cut_label(label, MAX_LABEL - len(end)) + end


def _list_taken(reserved: Collection[str]) -> set[str]:
    return {*reserved, *dataset_names(), "SUPP"}
