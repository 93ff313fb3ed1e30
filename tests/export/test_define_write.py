"""The files: same input, same bytes; the page is what the stylesheet makes, and needs nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from lxml import etree

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.define import write_define
from hbv_standards.export.define.registers import read_settings
from hbv_standards.export.define.write import read_stylesheet, render_page

from .conftest import CREATED, GUIDE, WrittenStudy

FILES = ("define.xml", "define.html", "define2-1.xsl")


def write_again(study: WrittenStudy, folder: Path, created: datetime = CREATED) -> list[bytes]:
    write_define(
        folder / "define.xml", dict(reversed(study.datasets.items())), study.catalog, created=created,
        members=study.members, documents=[GUIDE],
    )  # fmt: skip
    return [(folder / name).read_bytes() for name in FILES]


def test_same_input_same_bytes(written_study: WrittenStudy, tmp_path: Path) -> None:
    before = [(written_study.folder / name).read_bytes() for name in FILES]
    assert write_again(written_study, tmp_path) == before


def test_the_moment_is_the_one_that_was_passed(written_study: WrittenStudy, tmp_path: Path) -> None:
    xml = write_again(written_study, tmp_path, datetime(2025, 1, 2, 3, 4, 5))[0].decode()
    assert 'CreationDateTime="2025-01-02T03:04:05"' in xml
    assert "2024-02-09" not in xml


def test_a_browser_is_told_of_the_stylesheet(written_study: WrittenStudy) -> None:
    instruction = written_study.xml.getroot().getprevious()
    assert instruction is not None
    assert 'href="define2-1.xsl"' in str(instruction)
    assert (written_study.folder / "define2-1.xsl").read_bytes() == read_stylesheet()


def read_page(study: WrittenStudy) -> etree._Element:
    return etree.fromstring((study.folder / "define.html").read_bytes(), etree.HTMLParser(encoding="utf-8"))


def test_the_page_is_what_the_stylesheet_makes(written_study: WrittenStudy) -> None:
    document = (written_study.folder / "define.xml").read_bytes()
    assert (written_study.folder / "define.html").read_bytes() == render_page(document, read_stylesheet())


def test_the_page_stands_alone(written_study: WrittenStudy) -> None:
    page = read_page(written_study)
    assert page.findall(".//script") == []
    assert page.xpath("//@src | //link | //iframe | //object | //*[starts-with(name(@*), 'on')]") == []
    text = (written_study.folder / "define.html").read_text(encoding="utf-8")
    assert re.findall(r"https?://|@import|url\(", text) == []


def test_columns_fill_the_width_of_their_table(written_study: WrittenStudy) -> None:
    tables = read_page(written_study).xpath("//table[colgroup]")
    assert tables
    for table in tables:
        widths = [float(found) for found in re.findall(r"width: ([\d.]+)%", " ".join(table.xpath(".//col/@style")))]
        assert (sum(widths), len(widths)) == (100, len(table.findall("thead/tr/th")))


def test_every_link_of_the_page_leads_somewhere(written_study: WrittenStudy) -> None:
    page = read_page(written_study)
    identifiers = [str(i) for i in page.xpath("//@id")]
    assert len(identifiers) == len(set(identifiers))
    links = {str(href) for href in page.xpath("//a/@href")}
    assert {link[1:] for link in links if link.startswith("#")} <= set(identifiers)
    files = {link for link in links if not link.startswith("#")}
    assert files == {path.name for path in written_study.folder.glob("*.xpt")} | {GUIDE.href}


SHOWN = ["ItemGroupDef", "ItemDef", "CodeList", "MethodDef", "CommentDef", "ValueListDef"]


@pytest.mark.parametrize("tag", SHOWN)
def test_the_page_shows_every_definition(written_study: WrittenStudy, tag: str) -> None:
    identifiers = set(read_page(written_study).xpath("//@id"))
    defined = {str(oid) for oid in written_study.xml.xpath(f"//*[local-name() = '{tag}']/@OID")}
    assert defined
    assert defined <= identifiers


def test_the_page_shows_texts_terms_and_codes(written_study: WrittenStudy) -> None:
    text = " ".join("".join(read_page(written_study).itertext()).split())
    for description in written_study.xml.iter("{http://www.cdisc.org/ns/odm/v1.3}TranslatedText"):
        assert " ".join((description.text or "").split()) in text
    for shown in (*written_study.xml.xpath("//@CodedValue"), "extended", "non-standard", "no data"):
        assert str(shown) in text


def test_versions_of_dictionaries_come_from_the_study(tmp_path: Path) -> None:
    content = {"dictionaries": {"LOINC": "2.78"}, "protocol": "PROTOCOL-1"}
    (tmp_path / "define.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    settings = read_settings(tmp_path)
    assert (settings.dictionaries, settings.protocol) == ({"LOINC": "2.78"}, "PROTOCOL-1")
    assert read_settings(tmp_path / "none").dictionaries == {}


@pytest.mark.parametrize("content", ["dictionary: {LOINC: 2.78}", "{", "dictionaries: [LOINC]"])
def test_wrong_settings_name_the_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "define.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"define\.yaml"):
        read_settings(tmp_path)
