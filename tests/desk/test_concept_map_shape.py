"""ConceptMaps that a server or a person has bent: told by the node, never a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hbv_standards.desk.concept_map_read import read_concept_maps
from hbv_standards.desk.concept_map_shape import check_shape, find_row_base
from hbv_standards.errors import ConfigurationError

from .test_concept_map_read import BASE, edit_map, read_edits
from .tiny_study import write_study

GOOD = {"code": "B", "equivalence": "equal"}


def build_element(**target: Any) -> dict[str, Any]:
    return {"group": [{"source": "a", "element": [{"code": "A", "target": [{**GOOD, **target}]}]}]}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"group": {}}, "Expected `array`, got `object` - at `$.group`"),
        ({"group": None}, "Expected `array`, got `null` - at `$.group`"),
        ({"group": ["x"]}, "Expected `object`, got `str` - at `$.group[0]`"),
        ({"group": [{"element": None}]}, "Expected `array`, got `null` - at `$.group[0].element`"),
        (build_element(code=7), "Expected `str`, got `int` - at `$.group[0].element[0].target[0].code`"),
        (build_element(dependsOn=[{"x": 1}]), "missing required field `property` - at `$.group[0].element[0].target[0].dependsOn[0]`"),
        (build_element(extension="x"), "Expected `array`, got `str` - at `$.group[0].element[0].target[0].extension`"),
        (build_element(extension=[{"url": "x", "extension": [{"url": "row", "valuePositiveInt": "1"}]}]), "Expected `int`, got `str`"),
    ],
)  # fmt: skip
def test_shapes_that_no_fhir_has(content: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_shape(content, Path("map.json"))
    assert str(caught.value).startswith("map.json is no sound ConceptMap: ")
    assert told in str(caught.value)


def test_a_sound_map() -> None:
    check_shape(build_element(), Path("map.json"))
    assert find_row_base(build_element()) is None


def test_a_map_that_a_server_gave_another_address(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_edits(tmp_path, lambda resource: resource.update(url="https://other.example/ConceptMap/clinic"))
    assert str(caught.value).endswith(f"give it its url back: {BASE}/ConceptMap/clinic")


def test_targets_of_a_stranger(tmp_path: Path) -> None:
    foreign = {
        "source": "http://s.example",
        "target": "http://t.example",
        "element": [{"code": "A", "target": [GOOD]}],
    }
    study, path = edit_map(tmp_path, lambda resource: resource.update(group=[foreign]))
    faults = read_concept_maps([path], study).faults
    assert len(faults) == 1
    assert (
        "group 1 element 1: target 'http://t.example' is no list of the study; name one: http://loinc.org"
        in faults[0]
    )


def test_nesting_without_end(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is not JSON"):
        read_concept_maps([path], write_study(tmp_path / "study"))
