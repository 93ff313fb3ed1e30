"""Texts of ``specs``, and that the package's have their Chinese."""

from __future__ import annotations

import re

import pytest

from hbv_standards.desk.note_texts import note_texts
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import TextRow
from hbv_standards.mapping.tables import read_rows
from hbv_standards.sdtm.spec import MethodSpec, read_methods, read_specs
from hbv_standards.sdtm.spec_texts import SpecText, list_texts

MAPPINGS = locate_mappings()
SPECS = MAPPINGS / "specs"
ROWS, FAULTS = read_rows((MAPPINGS / "texts_zh.csv").read_bytes(), "texts_zh.csv", TextRow)

NAMES = re.compile(r"(?:--)?(?<![A-Za-z])[A-Z][A-Z0-9]+|\d+(?:\.\d+)?|(?<![A-Za-z])[B-Z](?![A-Za-z])")
"""Variables, terms, codes and numbers in a sentence; the article A is none."""


def test_what_has_texts() -> None:
    method = MethodSpec(id="SEQ", name="Number", type="Computation", description="From 1,\n after sorting.")
    spec = read_specs(SPECS)["DM"]
    told = list(list_texts([spec], [method]))
    assert told[:2] == [
        SpecText("specs/methods.yaml", "SEQ", "Number"),
        SpecText("specs/methods.yaml", "SEQ", "From 1, after sorting."),
    ]
    places = {text.place: text for text in told[2:]}
    assert places["SEX"] == SpecText(
        "specs/dm.yaml", "SEX", "U where the hospital sent none: SEX is Required."
    )
    assert places["DM"] == SpecText("specs/dm.yaml", "DM", "One record per subject")
    assert places["SUPPDM"].text.startswith("One record per supplemental qualifier")
    assert "CETHNIC" in places  # a qualifier
    assert "DOMAIN" not in places  # a variable without comment


def test_every_text_of_the_package_is_translated_and_no_other() -> None:
    assert FAULTS == []
    texts = list_texts(read_specs(SPECS).values(), read_methods(SPECS).values())
    assert {row.key for row in ROWS} == {text.text for text in texts}
    assert list(note_texts(ROWS, MAPPINGS)) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key[:40])
def test_names_terms_and_numbers_are_those_of_the_english(row: TextRow) -> None:
    assert set(NAMES.findall(row.chinese)) == set(NAMES.findall(row.english))
