"""mappings/README.md explains every column of every table and every key of site.yaml."""

from __future__ import annotations

import re

import pytest

from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import (
    CodeRow,
    ConceptRow,
    ConversionRow,
    DimensionRow,
    LabelRow,
    MappingRow,
    PlausibilityRow,
    TextRow,
    TreatmentRow,
    UnitRow,
    ValueRow,
)
from hbv_standards.mapping.site import Enrolment, SiteConfig
from hbv_standards.sdtm.supplemental_spec import SupplementalSpec


def read_section(title: str) -> list[str]:
    """First cells of the table below a heading that begins so."""
    text = (locate_mappings() / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (body,) = [part for part in section if part.startswith(title)]
    return [
        name
        for line in body.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([^`]+)`", line.split("|")[1])
    ]


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("concepts/*.csv", ConceptRow),
        ("concepts/conversions.csv", ConversionRow),
        ("concepts/plausibility.csv", PlausibilityRow),
        ("units.csv", UnitRow),
        ("unit_dimensions.csv", DimensionRow),
        ("terminology/values*.csv", ValueRow),
        ("treatments.csv", TreatmentRow),
        ("labels_zh.csv", LabelRow),
        ("texts_zh.csv", TextRow),
        ("sites/\\<hospital\\>/codes.csv", CodeRow),
    ],
)
def test_every_column_is_explained(title: str, model: type[MappingRow]) -> None:
    assert read_section(title) == [name for name in model.model_fields if name != "row"]


def test_every_key_of_a_qualifier_is_explained() -> None:
    assert read_section("specs/\\*.yaml: `supplemental`") == list(SupplementalSpec.model_fields)


def test_every_key_of_a_site_is_explained() -> None:
    explained = {name.split(".")[0] for name in read_section("sites/\\<hospital\\>/site.yaml")}
    assert explained == set(SiteConfig.model_fields)
    parts = {name.partition(".")[2] for name in read_section("sites/\\<hospital\\>/site.yaml")} - {""}
    assert parts == set(Enrolment.model_fields)
