"""The Define-XML of the Chinese build: methods, comments and origins in Chinese, all else as in English."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from string import Formatter

import pytest
from lxml import etree

from hbv_standards.export.define import Define, build_define, write_define
from hbv_standards.export.define.translate import translate_define
from hbv_standards.export.define.wording import CHINESE, ENGLISH, Wording
from hbv_standards.mapping.rows import TextRow
from hbv_standards.mapping.tables import read_rows

from .conftest import CREATED, MAPPINGS, WrittenStudy

TEXTS = tuple(read_rows((MAPPINGS / "texts_zh.csv").read_bytes(), "texts_zh.csv", TextRow)[0])


def build(study: WrittenStudy, texts: tuple[TextRow, ...], agency: str = "nmpa") -> Define:
    catalog = replace(study.catalog, texts=texts)
    return build_define(study.datasets, catalog, created=CREATED, members=study.members, agency=agency)


@pytest.fixture(scope="module")
def chinese(written_study: WrittenStudy) -> Define:
    return translate_define(build(written_study, TEXTS))


def test_all_methods_comments_and_origins_are_chinese(chinese: Define) -> None:
    told = [text for m in chinese.methods for text in (m.name, m.description)]
    told += [comment.text for comment in chinese.comments]
    told += [i.origin.description for i in chinese.items if i.origin and i.origin.description]
    assert CHINESE.collected in told
    told += [group.structure for group in chinese.groups]
    assert [text for text in told if not any("\u4e00" <= letter <= "\u9fff" for letter in text)] == []


def test_a_method_says_what_the_table_says(chinese: Define) -> None:
    (method,) = [method for method in chinese.methods if method.oid == "MT.USUBJID"]
    assert (method.name, method.description) == ("受试者唯一标识符", "由 STUDYID、连字符和 SUBJID 组成。")


def test_nothing_but_words_is_another(written_study: WrittenStudy, chinese: Define) -> None:
    english = build(written_study, TEXTS, "fda")
    assert english.translations == {}
    assert translate_define(english) is english
    assert [(m.oid, m.type) for m in chinese.methods] == [(m.oid, m.type) for m in english.methods]
    assert [c.oid for c in chinese.comments] == [c.oid for c in english.comments]
    assert [replace(item, origin=None) for item in chinese.items] == [
        replace(item, origin=None) for item in english.items
    ]
    assert [replace(g, structure="") for g in chinese.groups] == [
        replace(g, structure="") for g in english.groups
    ]
    parts = ("codelists", "value_lists", "where_clauses", "standards", "documents")
    assert all(getattr(chinese, part) == getattr(english, part) for part in parts)


def test_the_english_stays_beside_it_for_the_guide(written_study: WrittenStudy) -> None:
    define, english = build(written_study, TEXTS), build(written_study, (), "fda")
    assert (define.methods, define.comments) == (english.methods, english.comments)


def test_a_text_without_translation_stays_english(written_study: WrittenStudy) -> None:
    untold = tuple(row for row in TEXTS if row.key != "Sequence number")
    methods = {m.oid: m.name for m in translate_define(build(written_study, untold)).methods}
    assert (methods["MT.SEQ"], methods["MT.DY"]) == ("Sequence number", "研究日")


def test_a_dataset_that_is_not_of_the_guide(written_study: WrittenStudy) -> None:
    define = build(written_study, ())
    group = next(group for group in define.groups if group.standard is None)
    (english,) = [comment.text for comment in define.comments if comment.oid == group.comment]
    (told,) = [c.text for c in translate_define(define).comments if c.oid == group.comment]
    assert english == ENGLISH.non_standard.format(ig="3.4", cls=group.cls, model="2.0")
    assert told == CHINESE.non_standard.format(ig="3.4", cls=group.cls, model="2.0")


def test_the_file_is_valid_and_marks_its_chinese(written_study: WrittenStudy, tmp_path: Path) -> None:
    catalog = replace(written_study.catalog, texts=TEXTS)
    path = tmp_path / "define.xml"
    define = write_define(
        path, written_study.datasets, catalog, created=CREATED, members=written_study.members, agency="nmpa"
    )
    xml = etree.parse(str(path))
    with as_file(files("odmlib").joinpath("schemas")) as schemas:
        etree.XMLSchema(etree.parse(str(schemas / "define" / "2.1" / "define2-1-0.xsd"))).assertValid(xml)
    odm = "{http://www.cdisc.org/ns/odm/v1.3}"
    languages = {
        text.get("{http://www.w3.org/XML/1998/namespace}lang")
        for method in xml.iter(f"{odm}MethodDef")
        for text in method.iter(f"{odm}TranslatedText")
    }
    assert languages == {"zh"}
    assert define.methods == written_study.define.methods  # what is returned is English
    page = (tmp_path / "define.html").read_text(encoding="utf-8")
    assert "由 STUDYID、连字符和 SUBJID 组成。" in page


def test_forms_of_both_languages_have_the_same_places() -> None:
    for name in Wording.__slots__:
        places = [
            sorted(field for _, field, _, _ in Formatter().parse(getattr(wording, name)) if field)
            for wording in (ENGLISH, CHINESE)
        ]
        assert places[0] == places[1]
