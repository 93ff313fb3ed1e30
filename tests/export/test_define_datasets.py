"""Datasets and variables: what the spec says reaches the document unchanged."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from hbv_standards.export.define import Define, build_define
from hbv_standards.export.define.document import build_document, find_language
from hbv_standards.export.sdtm_files import build_member
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.qualifiers import build_supplemental_spec
from hbv_standards.sdtm.spec import read_specs

from .conftest import CREATED, MAPPINGS, WrittenStudy, make_dataset

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
    texts = build_document(define).iter("{http://www.cdisc.org/ns/odm/v1.3}TranslatedText")
    languages = {str(text.text): text.get("{http://www.w3.org/XML/1998/namespace}lang") for text in texts}
    assert (languages["试验元素"], languages["元素"]) == ("zh", "zh")
    assert languages["Screening"] == "en"


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


def test_a_codelist_by_category_has_the_terms_of_its_own_list(written_study: WrittenStudy) -> None:
    rows = [
        ("PROTOCOL MILESTONE", "INFORMED CONSENT OBTAINED"), ("PROTOCOL MILESTONE", "RANDOMIZED"),
        ("DISPOSITION EVENT", "COMPLETED"),
    ]  # fmt: skip
    spec = read_specs(MAPPINGS / "specs")["DS"]
    frame = pd.DataFrame(rows, columns=["DSCAT", "DSDECOD"])
    frame = frame.assign(STUDYID="S", DOMAIN="DS", USUBJID="S-1", DSTERM=frame["DSDECOD"])
    dataset = Dataset.conform(frame, spec)
    members = {"DS": build_member(dataset, "ascii")}
    define = build_define({"DS": dataset}, written_study.catalog, created=CREATED, members=members)
    items, lists = define.items_by_oid(), {made.oid: made for made in define.codelists}
    assert items["IT.DS.DSDECOD"].codelist is None
    event, milestone = (
        lists[str(items[f"IT.DS.DSDECOD.{category}"].codelist)]
        for category in ("DISPOSITION_EVENT", "PROTOCOL_MILESTONE")
    )
    assert (event.code, [term.extended for term in event.terms]) == ("C66727", [False])
    assert (milestone.code, [term.extended for term in milestone.terms]) == ("C114118", [False, False])
    assert items["IT.DS.DSDECOD.PROTOCOL_MILESTONE"].name == "DSDECOD"  # a SAS name has no blank


SUMMARY: list[dict[str, str | None]] = [
    {"TSPARMCD": "ACTSUB", "TSPARM": "Actual Number of Subjects", "TSSEQ": "1", "TSVAL": "24"},
    {"TSPARMCD": "DCUTDTC", "TSPARM": "Data Cutoff Date", "TSSEQ": "1", "TSVAL": "2025-01-01"},
    {"TSPARMCD": "TBLIND", "TSPARM": "Trial Blinding Schema", "TSSEQ": "1", "TSVAL": "OPEN LABEL"},
    {"TSPARMCD": "TITLE", "TSPARM": "Trial Title", "TSSEQ": "1", "TSVAL": "A Trial"},
]


def describe_rows(study: WrittenStudy, name: str, dataset: Dataset) -> Define:
    member = build_member(dataset, "ascii")
    return build_define({name: dataset}, study.catalog, created=CREATED, members={name: member})


def test_values_of_the_trial_summary(written_study: WrittenStudy) -> None:
    """What the data answer is Derived and has the method; a controlled value has its codelist."""
    dataset = make_dataset(SUMMARY, read_specs(MAPPINGS / "specs")["TS"], written_study.catalog)
    define = describe_rows(written_study, "TS", dataset)
    items = define.items_by_oid()
    (values,) = [listed for listed in define.value_lists if listed.oid == "VL.TS.TSVAL"]
    told = {items[r.item].name: (items[r.item].origin, r.method, items[r.item].codelist) for r in values.refs}
    origins = {name: origin.type for name, (origin, _, _) in told.items() if origin}
    assert origins == {"ACTSUB": "Derived", "DCUTDTC": "Assigned", "TBLIND": "Protocol", "TITLE": "Protocol"}
    assert [name for name, (_, method, _) in told.items() if method] == ["ACTSUB"]
    assert [name for name, (_, _, codelist) in told.items() if codelist] == ["TBLIND"]
    (whole,) = [ref for ref in define.find_group("TS").refs if ref.item == "IT.TS.TSVAL"]
    assert whole.method is None


def test_comments_of_qualifiers_in_the_build_alone(written_study: WrittenStudy) -> None:
    specs = read_specs(MAPPINGS / "specs")
    spec = build_supplemental_spec(specs["DM"])
    rows: list[dict[str, str | None]] = [{"USUBJID": "S-1", "QNAM": "CETHNIC", "QLABEL": "Ethnicity", "QVAL": "HAN"}]
    dataset = make_dataset(rows, spec, written_study.catalog)
    define = describe_rows(written_study, "SUPPDM", dataset)
    comments = {comment.oid: comment.text for comment in define.comments}
    items = define.items_by_oid()
    told = next(entry.comment for entry in specs["DM"].supplemental if entry.qnam == "CETHNIC")
    assert comments[str(items["IT.SUPPDM.QVAL.CETHNIC"].comment)] == told
    assert items["IT.SUPPDM.QVAL"].comment is None
    assert not any("ETHNTXT" in text for text in comments.values())
