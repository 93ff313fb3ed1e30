"""A dataset and its variables as Define-XML describes them, from the spec that made the data."""

from __future__ import annotations

from collections.abc import Mapping

from hbv_standards.export.define.model import Item, ItemGroup, ItemRef
from hbv_standards.export.define.origins import describe_origin
from hbv_standards.export.define.registers import Registers
from hbv_standards.export.define.shapes import describe_numbers, describe_texts
from hbv_standards.export.define.terms import find_codelist
from hbv_standards.export.define.values import describe_by_value
from hbv_standards.export.define.wording import CHINESE, ENGLISH
from hbv_standards.export.xpt_header import XptMember
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec, VariableSpec

REFERENCE_CLASSES = ("TRIAL DESIGN", "STUDY REFERENCE")
"""Classes of datasets that hold no data of subjects (IsReferenceData)."""


def describe_dataset(
    dataset: Dataset, member: XptMember, file: str, standard: str, registers: Registers
) -> ItemGroup:
    """Describe a dataset; items, codelists, value lists and comments go to ``registers``.

    ``member`` is the header that the XPT was written with, ``file`` its place relative to the
    document, ``standard`` the OID of the implementation guide.
    """
    spec = dataset.spec
    supplemented = _find_parent(spec.name)
    parent = supplemented or (spec.name if dataset.split else None)
    value_lists = describe_by_value(dataset, registers)
    lengths = {variable.name: variable.length for variable in member.variables}
    filled = dataset.frame.notna().any()
    refs = []
    for order, variable in enumerate(dataset.variables, start=1):
        registers.items.append(_build_item(dataset, variable, lengths[variable.name], value_lists, registers))
        refs.append(_build_ref(dataset, variable, order, registers, empty=not filled[variable.name]))
    return ItemGroup(
        oid=f"IG.{dataset.name}",
        name=dataset.name,
        domain=supplemented or spec.name,
        label=dataset.label,
        cls=spec.cls,
        structure=spec.structure,
        standard=standard if spec.standard else None,
        repeating=not _is_once(spec),
        reference=spec.cls in REFERENCE_CLASSES,
        file=file,
        refs=tuple(refs),
        parent=registers.labels.get(parent, parent) if parent else None,
        comment=_comment_dataset(spec, registers),
    )


def _find_parent(name: str) -> str | None:
    """Domain that a supplemental dataset belongs to."""
    return name.removeprefix("SUPP") if name.startswith("SUPP") else None


def _is_once(spec: DatasetSpec) -> bool:
    """Whether there is one record per subject, or the dataset is reference data (Repeating="No")."""
    return spec.cls in REFERENCE_CLASSES or set(spec.keys) <= {"STUDYID", "USUBJID"}


def _comment_dataset(spec: DatasetSpec, registers: Registers) -> str | None:
    if spec.standard:
        return None
    versions = registers.catalog.study.sdtm
    english, chinese = (
        wording.non_standard.format(ig=versions.ig, cls=spec.cls, model=versions.model)
        for wording in (ENGLISH, CHINESE)
    )
    return registers.add_made(english, chinese, spec.name)


def _build_ref(
    dataset: Dataset, variable: VariableSpec, order: int, registers: Registers, *, empty: bool
) -> ItemRef:
    keys = dataset.keys
    return ItemRef(
        item=f"IT.{dataset.name}.{variable.name}",
        order=order,
        mandatory=variable.core == "Req",
        key=keys.index(variable.name) + 1 if variable.name in keys else None,
        method=registers.add_method(variable.method) if variable.origin == "Derived" else None,
        role=variable.role,
        empty=empty,
    )


def _build_item(
    dataset: Dataset,
    variable: VariableSpec,
    length: int,
    value_lists: Mapping[str, str],
    registers: Registers,
) -> Item:
    place = f"{dataset.name}.{variable.name}"
    column = dataset.whole[variable.name]
    numeric = variable.type == "Num"
    shape = describe_numbers(column) if numeric else describe_texts(variable.name, column, length)
    return Item(
        oid=f"IT.{place}",
        name=variable.name,
        label=variable.label,
        shape=shape,
        origin=describe_origin(variable),
        codelist=find_codelist(dataset, variable, shape, registers, by_value=variable.name in value_lists),
        value_list=value_lists.get(variable.name),
        comment=registers.add_comment(variable.comment, place),
    )
