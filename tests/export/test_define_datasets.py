"""Datasets and variables: what the spec says reaches the document unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hbv_standards.export.define import build_define
from hbv_standards.export.define.datasets import find_language

from .conftest import CREATED, WrittenStudy

LANGUAGES = [("Demographics", "en"), ("人口学", "zh"), ("α-fetoprotein", "en")]


@pytest.mark.parametrize(("text", "language"), LANGUAGES)
def test_language_of_a_label(text: str, language: str) -> None:
    assert find_language(text) == language


def test_chinese_labels_are_marked_as_chinese(written_study: WrittenStudy) -> None:
    dataset = written_study.datasets["TE"]
    variables = tuple(v.model_copy(update={"label": "元素"}) for v in dataset.spec.variables)
    spec = dataset.spec.model_copy(update={"label": "试验元素", "variables": variables})
    chinese = {"TE": replace(dataset, spec=spec)}
    define = build_define(chinese, written_study.catalog, created=CREATED, members=written_study.members)
    assert define.groups[0].language == "zh"
    assert {item.language for item in define.items} == {"zh"}


@pytest.mark.parametrize("name", ["DM", "LB", "MB", "IS", "GI", "SUPPLB", "TE"])
def test_items_say_what_the_spec_says(written_study: WrittenStudy, name: str) -> None:
    dataset, define = written_study.datasets[name], written_study.define
    items = define.items_by_oid()
    comments = {comment.oid: comment.text for comment in define.comments}
    for variable, ref in zip(dataset.variables, define.find_group(name).refs, strict=True):
        item = items[ref.item]
        assert (item.name, item.label, ref.role) == (variable.name, variable.label, variable.role)
        assert ref.mandatory == (variable.core == "Req")
        assert ref.method == (f"MT.{variable.method}" if variable.method else None)
        assert item.origin is not None
        assert (item.origin.type, item.origin.source) == (variable.origin, variable.origin_source)
        words = " ".join(variable.comment.split()) if variable.comment else None
        assert comments.get(str(item.comment)) == words


def test_a_file_may_lie_elsewhere(written_study: WrittenStudy) -> None:
    define = build_define(
        written_study.datasets, written_study.catalog, created=CREATED, members=written_study.members,
        context="Other", files={"LB": "split/lb1.xpt"},
    )  # fmt: skip
    places = {group.name: group.file for group in define.groups}
    assert (places["LB"], places["DM"], define.context) == ("split/lb1.xpt", "dm.xpt", "Other")


def test_an_unknown_dataset_is_not_described(written_study: WrittenStudy) -> None:
    with pytest.raises(KeyError):
        written_study.define.find_group("AE")
