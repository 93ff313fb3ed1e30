"""Labels in the language of the build: Chinese for the NMPA, of at most 40 bytes (rules of XPT version 5)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from hbv_standards.derive.ascii_text import Agency
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.rows import LabelRow
from hbv_standards.sdtm.spec import DatasetSpec
from hbv_standards.sdtm.supplemental_spec import SupplementalSpec
from hbv_standards.standards.sdtm_model import generic_name

MAX_LABEL = 40  # bytes; TS-140, CG0311
SUPPLEMENTAL = "SUPP--"

Labels = Mapping[tuple[str | None, str | None], str]
"""Label by dataset and variable; None stands for every dataset, and for the dataset itself."""


def localise_labels(spec: DatasetSpec, agency: Agency, catalog: Catalog) -> DatasetSpec:
    """The spec with the labels of the build: names, order and all else stay as they are.

    For the NMPA the labels are those of ``labels_zh.csv``, cut to 40 bytes of UTF-8 at the border of a
    character; what has no row there keeps its label.
    """
    if agency == "fda":
        return spec
    labels = _index_labels(catalog.labels)
    return spec.model_copy(
        update={
            "label": _find_dataset_label(spec, labels),
            "variables": tuple(
                v.model_copy(update={"label": _find_label(spec, v.name, labels) or v.label})
                for v in spec.variables
            ),
            "supplemental": tuple(_localise_qualifier(entry, spec, labels) for entry in spec.supplemental),
        }
    )


@lru_cache(maxsize=4)
def _index_labels(rows: tuple[LabelRow, ...]) -> Labels:
    return {(row.dataset, row.variable): cut_label(row.label) for row in rows}


def cut_label(label: str, limit: int = MAX_LABEL) -> str:
    """The longest beginning of at most ``limit`` bytes of UTF-8 that ends with a whole character."""
    return label.encode("utf-8")[:limit].decode("utf-8", errors="ignore").rstrip()


def _find_dataset_label(spec: DatasetSpec, labels: Labels) -> str:
    if spec.name.startswith("SUPP") and (spec.name, None) not in labels:
        form = labels.get((SUPPLEMENTAL, None))
        return cut_label(form.replace("--", spec.name.removeprefix("SUPP"))) if form else spec.label
    return labels.get((spec.name, None), spec.label)


def _find_label(spec: DatasetSpec, name: str, labels: Labels) -> str | None:
    """The row for this dataset goes before that for all, the full name before the generic one."""
    generic = generic_name(name, spec.prefix)
    family = SUPPLEMENTAL if spec.name.startswith("SUPP") else spec.name
    tries = ((spec.name, name), (family, name), (spec.name, generic), (None, name), (None, generic))
    found = next((labels[place] for place in tries if place in labels), None)
    base = name.rstrip("0123456789")
    if found is None and base != name:  # TSVAL1, COVAL2: further pieces of a long text
        whole = _find_label(spec, base, labels)
        return cut_label(f"{whole} {name.removeprefix(base)}") if whole else None
    return found


def _localise_qualifier(entry: SupplementalSpec, spec: DatasetSpec, labels: Labels) -> SupplementalSpec:
    tries = ((f"SUPP{spec.name}", entry.qnam), (SUPPLEMENTAL, entry.qnam))
    label = next((labels[place] for place in tries if place in labels), entry.label)
    return entry.model_copy(update={"label": label})
