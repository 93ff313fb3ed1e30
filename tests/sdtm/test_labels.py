"""Labels in the language of the build; everything else of a spec stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.rows import LabelRow
from hbv_standards.sdtm.labels import MAX_LABEL, cut_label, localise_labels
from hbv_standards.sdtm.qualifiers import build_supplemental_spec
from hbv_standards.sdtm.spec import DatasetSpec, read_specs

from .cases import MAPPINGS

SPECS = read_specs(MAPPINGS / "specs")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(MAPPINGS)


def without_labels(spec: DatasetSpec) -> dict[str, object]:
    content = spec.model_dump(exclude={"label"})
    for part in (*content["variables"], *content["supplemental"]):
        del part["label"]
    return content


@pytest.mark.parametrize("name", SPECS)
def test_only_labels_change(name: str, catalog: Catalog) -> None:
    has_qualifiers = name not in ("APMH", "RELREC")
    for spec in (SPECS[name], *([build_supplemental_spec(SPECS[name])] if has_qualifiers else [])):
        chinese = localise_labels(spec, "nmpa", catalog)
        assert without_labels(chinese) == without_labels(spec)
        assert localise_labels(spec, "fda", catalog) is spec
        assert localise_labels(chinese, "nmpa", catalog) == chinese


@pytest.mark.parametrize("name", SPECS)
def test_every_label_of_the_trial_is_chinese_and_fits(name: str, catalog: Catalog) -> None:
    chinese = localise_labels(SPECS[name], "nmpa", catalog)
    labels = [chinese.label, *(v.label for v in chinese.variables), *(q.label for q in chinese.supplemental)]
    assert [label for label in labels if label.isascii()] == []
    assert max(len(label.encode("utf-8")) for label in labels) <= MAX_LABEL


def test_shipped_labels_are_not_cut(catalog: Catalog) -> None:
    assert [row for row in catalog.labels if cut_label(row.label) != row.label] == []


def test_the_nearest_row_gives_the_label(catalog: Catalog) -> None:
    rows = [
        LabelRow(row="labels_zh.csv:2", label="数据集", dataset="LB"),
        LabelRow(row="labels_zh.csv:3", label="各域序号", variable="--SEQ"),
        LabelRow(row="labels_zh.csv:4", label="检验序号", dataset="LB", variable="LBSEQ"),
        LabelRow(row="labels_zh.csv:5", label="--补充", dataset="SUPP--"),
        LabelRow(row="labels_zh.csv:6", label="长" * 20, variable="VISIT"),
        LabelRow(row="labels_zh.csv:7", label="代码", dataset="SUPPLB", variable="LBLOCCD"),
    ]
    own = replace(catalog, labels=tuple(rows))
    lb, mb = (localise_labels(SPECS[name], "nmpa", own) for name in ("LB", "MB"))
    label = {v.name: v.label for v in (*mb.variables, *lb.variables)}
    assert (lb.label, mb.label) == ("数据集", SPECS["MB"].label)
    assert (label["LBSEQ"], label["MBSEQ"], label["LBTEST"]) == (
        "检验序号",
        "各域序号",
        "Lab Test or Examination Name",
    )
    assert label["VISIT"] == "长" * 13
    assert lb.supplemental[0].label == "代码"
    assert localise_labels(build_supplemental_spec(SPECS["MB"]), "nmpa", own).label == "MB补充"


@given(st.text(), st.integers(1, 60))
def test_a_cut_label_is_a_beginning_in_whole_characters(label: str, limit: int) -> None:
    cut = cut_label(label, limit)
    assert len(cut.encode("utf-8")) <= limit
    assert label.startswith(cut)
