"""Datasets, specs and study → the model of one Define-XML document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hbv_standards.export.define.codelists import CodeLists
from hbv_standards.export.define.datasets import describe_dataset
from hbv_standards.export.define.model import Context, Define, Document, ItemGroup, Standard
from hbv_standards.export.define.registers import Registers, read_settings
from hbv_standards.export.define.translate import collect_translations
from hbv_standards.export.xpt_header import XptMember
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import locate_specs, read_methods

CLASS_ORDER = (
    "TRIAL DESIGN", "STUDY REFERENCE", "SPECIAL PURPOSE", "INTERVENTIONS", "EVENTS", "FINDINGS",
    "FINDINGS ABOUT", "RELATIONSHIP",
)  # fmt: skip
"""Datasets are listed by class, then by name, as reviewers expect."""


def build_define(
    datasets: Mapping[str, Dataset],
    catalog: Catalog,
    *,
    created: datetime,
    members: Mapping[str, XptMember],
    context: Context = "Submission",
    documents: Sequence[Document] = (),
    files: Mapping[str, str] | None = None,
    agency: str = "fda",
) -> Define:
    """Describe the datasets that have rows (an empty one is not submitted, SDTMIG 3.2).

    Args:
        datasets: by name.
        catalog: study and mapping tables; methods are read from its folder.
        created: time stamped into the document.
        members: headers that the XPT files were written with, by dataset.
        context: ``Other`` for a document that goes to no authority.
        documents: files that go with it, such as the reviewer's guide.
        files: place of each dataset relative to the document; ``lb.xpt`` beside it when not named.
        agency: for ``nmpa`` the Chinese of the texts goes with them.

    Raises:
        ConfigurationError: ``define.yaml`` or ``methods.yaml`` of the study is wrong.
    """
    guide, terminology = _list_standards(catalog)[:2]
    methods = read_methods(locate_specs(catalog.folder))
    labels = {dataset.spec.name: dataset.spec.label for dataset in datasets.values()}
    registers = Registers(catalog, read_settings(catalog.folder), CodeLists(terminology.oid), methods, labels)
    groups: list[ItemGroup] = []
    for name, dataset in sorted(datasets.items(), key=lambda pair: _rank(pair[1])):
        if not dataset.frame.empty:
            file = (files or {}).get(name, f"{name.lower()}.xpt")
            groups.append(describe_dataset(dataset, members[name], file, guide.oid, registers))
    define = _assemble(registers, groups, catalog, created, context, documents)
    if agency == "fda":
        return define
    return replace(define, translations=collect_translations(catalog.texts, registers.made))


def _rank(dataset: Dataset) -> tuple[int, str]:
    return CLASS_ORDER.index(dataset.spec.cls), dataset.name


def _list_standards(catalog: Catalog) -> tuple[Standard, ...]:
    versions = catalog.study.sdtm
    return (
        Standard("STD.SDTMIG", "SDTMIG", "IG", versions.ig),
        Standard("STD.CT.SDTM", "CDISC/NCI", "CT", versions.terminology, "SDTM"),
        Standard("STD.CT.DEFINE-XML", "CDISC/NCI", "CT", versions.terminology, "DEFINE-XML"),
    )


def _assemble(
    registers: Registers,
    groups: Sequence[ItemGroup],
    catalog: Catalog,
    created: datetime,
    context: Context,
    documents: Sequence[Document],
) -> Define:
    study = catalog.study
    return Define(
        file_oid=f"DEFINE.{study.studyid}.{created:%Y%m%dT%H%M%S}",
        study_oid=f"STDY.{study.studyid}",
        study=study.studyid,
        description=study.title,
        protocol=registers.settings.protocol or study.studyid,
        version_oid=f"MDV.{study.studyid}.SDTMIG.{study.sdtm.ig}",
        created=created.isoformat(timespec="seconds"),
        context=context,
        standards=_list_standards(catalog),
        documents=tuple(documents),
        value_lists=tuple(registers.value_lists),
        where_clauses=tuple(registers.where_clauses.values()),
        groups=tuple(groups),
        items=tuple(registers.items),
        codelists=registers.codelists.build(),
        methods=registers.build_methods(),
        comments=registers.build_comments(),
    )
