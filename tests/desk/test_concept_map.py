"""Hospitals' maps as FHIR: conformant, the same every time, and never in force before a person said so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.conceptmap import ConceptMap

from hbv_standards.desk.concept_map import NCI_THESAURUS, write_concept_maps
from hbv_standards.desk.concept_map_rows import MapUrls, find_table
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.study import read_study

from .tiny_study import CODES, FILES, UNITS, VALUES, write_study

BASE = "https://terms.example/t1"
STUDY = {
    "sites/clinic/codes.csv": CODES
    + "test,http://clinic.example/lab,A1,谷丙转氨酶,SERUM,LOINC,1742-6,,accepted,\n"
    + "test,http://clinic.example/lab,A1,谷丙转氨酶,,CONCEPT,CREA,,proposed,looks alike\n"
    + "test,http://clinic.example/lab,A2,,,LOINC,2160-0,,rejected,\n"
    + "test,,A3,,,NOT COLLECTED,,,,\n"
    + "test,,,肌  酐,,CONCEPT,CREA,,,\n"
    + "visit,,V1,,,VISITNUM,2,,,\n"
    + "use,http://clinic.example/q,1,,,TREATMENT,ENTECAVIR,start_dtc,,\n",
    "sites/clinic/units.csv": UNITS + "毫克,CREA,mg/dL,mg/dL,,,,\n次,,,NO UNIT,,,,\n度,,,dB/m,Y,1/2,,\n",
    "sites/clinic/values.csv": VALUES
    + "LBSTRESC,,阴性,NEGATIVE,,,,\nSEX,http://clinic.example/sex,1,M,ALT,,,先生\n",
}


def write_map(tmp_path: Path, **options: Any) -> dict[str, Any]:
    study = write_study(tmp_path / "study", STUDY)
    write_concept_maps(study, tmp_path / "maps", sites=["clinic"], base=BASE, **options)
    made: dict[str, Any] = json.loads((tmp_path / "maps" / "ConceptMap-clinic.json").read_bytes())
    return made


def list_mappings(resource: dict[str, Any]) -> list[tuple[str, str, str | None, str | None, str]]:
    """(source, code, target system, target code, equivalence) without the base of the addresses."""
    return [
        (
            group["source"].removeprefix(BASE),
            element["code"],
            group.get("target", "").removeprefix(BASE) or None,
            target.get("code"),
            target["equivalence"],
        )
        for group in resource["group"]
        for element in group["element"]
        for target in element["target"]
    ]


def test_the_letter_case_of_a_status_does_not_count(tmp_path: Path) -> None:
    row = "test,http://clinic.example/lab,A1,,,LOINC,1742-6,,Accepted,\n"
    study = write_study(tmp_path / "study", {"sites/clinic/codes.csv": CODES + row})
    write_concept_maps(study, tmp_path / "maps", sites=["clinic"], base=BASE)
    made = json.loads((tmp_path / "maps" / "ConceptMap-clinic.json").read_bytes())
    assert [mapping[-1] for mapping in list_mappings(made)] == ["equivalent"]


def test_every_row_is_a_mapping(tmp_path: Path) -> None:
    assert list_mappings(write_map(tmp_path)) == [
        ("http://clinic.example/lab", "A1", "http://loinc.org", "1742-6", "equivalent"),
        ("http://clinic.example/lab", "A2", "http://loinc.org", "2160-0", "disjoint"),
        ("http://clinic.example/lab", "A1", "/CodeSystem/CONCEPT", None, "unmatched"),
        ("/CodeSystem/clinic-code", "A3", None, None, "unmatched"),
        ("/CodeSystem/clinic-text", "肌 酐", "/CodeSystem/CONCEPT", "CREA", "equivalent"),
        ("/CodeSystem/clinic-code", "V1", "/CodeSystem/VISITNUM", "2", "equivalent"),
        ("http://clinic.example/q", "1", "/CodeSystem/TREATMENT", "ENTECAVIR", "equivalent"),
        ("/CodeSystem/clinic-unit", "毫克", "/CodeSystem/UNIT", "mg/dL", "equivalent"),
        ("/CodeSystem/clinic-unit", "次", "/CodeSystem/UNIT", None, "unmatched"),
        ("/CodeSystem/clinic-unit", "度", "/CodeSystem/UNIT", "dB/m", "equivalent"),
        ("/CodeSystem/clinic-value", "阴性", "/CodeSystem/LBSTRESC", "NEGATIVE", "equivalent"),
        ("http://clinic.example/sex", "1", "/CodeSystem/SEX", "M", "equivalent"),
    ]


def find_target(resource: dict[str, Any], code: str) -> dict[str, Any]:
    found = [t for g in resource["group"] for e in g["element"] if e["code"] == code for t in e["target"]]
    return {key: value for key, value in found[0].items() if key != "extension"}


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("A1", {"code": "1742-6", "equivalence": "equivalent",
                "dependsOn": [{"property": f"{BASE}/property/specimen", "value": "SERUM"}]}),
        ("A3", {"equivalence": "unmatched", "comment": "not collected"}),
        ("V1", {"code": "2", "display": "DAY 8", "equivalence": "equivalent"}),
        ("肌 酐", {"code": "CREA", "display": "Creatinine", "equivalence": "equivalent"}),
        ("阴性", {"code": "NEGATIVE", "equivalence": "equivalent",
                "product": [{"property": f"{BASE}/property/nci-code", "system": NCI_THESAURUS, "value": "C38757",
                             "display": "Negative Finding"}]}),
    ],
)  # fmt: skip
def test_what_fhir_has_a_place_for_stands_there(tmp_path: Path, code: str, target: dict[str, Any]) -> None:
    assert find_target(write_map(tmp_path), code) == target


def test_a_proposal_says_that_it_is_one_and_makes_the_map_a_draft(tmp_path: Path) -> None:
    resource = write_map(tmp_path)
    comments = [t.get("comment") for g in resource["group"] for e in g["element"] for t in e["target"]]
    assert "proposed, not accepted: looks alike" in comments
    assert resource["status"] == "draft"
    sound = write_study(tmp_path / "sound")
    write_concept_maps(sound, tmp_path / "sound_maps", sites=["clinic"])
    assert json.loads((tmp_path / "sound_maps/ConceptMap-clinic.json").read_bytes())["status"] == "active"


def test_same_tables_same_bytes(tmp_path: Path) -> None:
    write_map(tmp_path)
    first = (tmp_path / "maps/ConceptMap-clinic.json").read_bytes()
    write_map(tmp_path)
    assert (tmp_path / "maps/ConceptMap-clinic.json").read_bytes() == first


def test_the_map_conforms_to_fhir(tmp_path: Path) -> None:
    write_map(tmp_path)
    ConceptMap.model_validate_json((tmp_path / "maps/ConceptMap-clinic.json").read_bytes())


def test_shipped_maps_conform_to_fhir_and_hold_every_row(tmp_path: Path) -> None:
    written = write_concept_maps(locate_mappings(), tmp_path)
    sites = {*read_study(locate_mappings()).sites, "_base"}
    assert {path.name for path in written} <= {f"ConceptMap-{site}.json" for site in sites}
    for path, rows in written.items():
        resource = json.loads(path.read_bytes())
        ConceptMap.model_validate(resource)
        assert len(list_mappings(resource)) == rows > 0


def test_a_hospital_without_rows_has_no_map(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study")
    assert [path.name for path in write_concept_maps(study, tmp_path / "maps")] == ["ConceptMap-clinic.json"]


def test_addresses_of_a_study_without_one(tmp_path: Path) -> None:
    write_concept_maps(write_study(tmp_path / "study"), tmp_path / "maps")
    resource = json.loads((tmp_path / "maps/ConceptMap-clinic.json").read_bytes())
    assert resource["url"] == "https://t-1.example/fhir/ConceptMap/clinic"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"sites": ["clinik"]}, "the study has no hospital 'clinik'; did you mean 'clinic'?"),
        ({"sites": ["xyz"]}, "the study has no hospital 'xyz'; they are _base, clinic, ward"),
        ({"base": "terms"}, "--url 'terms' is no absolute address; write it like https://…"),
    ],
)
def test_wrong_usage(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        write_concept_maps(write_study(tmp_path / "study"), tmp_path / "maps", **options)
    assert str(caught.value) == told
    assert not (tmp_path / "maps").exists()


def test_a_mapping_without_extension_finds_its_table(tmp_path: Path) -> None:
    from hbv_standards.desk.concept_map_rows import encode_row
    from hbv_standards.desk.table_text import read_table_text
    from hbv_standards.mapping.table_models import find_model

    study, urls = write_study(tmp_path, {**FILES, **STUDY}), MapUrls(BASE, "clinic")
    for table in ("codes", "units", "values"):
        model = find_model(f"sites/clinic/{table}.csv")
        assert model is not None
        for record in read_table_text(study, f"sites/clinic/{table}.csv", model).records:
            assert find_table(encode_row(table, record.cells, urls), urls) == table
