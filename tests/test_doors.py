"""Three doors: a row adds a test, a folder adds a hospital, a spec and a module add a domain."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

import hbv_standards.sdtm.domains
from hbv_standards.pipeline import ConvertOptions, ConvertResult, convert

STUDIES = Path(__file__).parent / "studies"
MAPPINGS = Path(__file__).parents[1] / "mappings"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the tiny study that a test may change."""
    return Path(shutil.copytree(STUDIES / "tiny", tmp_path / "study"))


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A copy of the tiny study's input."""
    return Path(shutil.copytree(STUDIES / "tiny_input", tmp_path / "delivery"))


def append_row(path: Path, **cells: str) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    with path.open("a", encoding="utf-8", newline="") as out:
        csv.DictWriter(out, header, lineterminator="\n").writerow(cells)


def read_bundle(delivery: Path, site: str = "clinic") -> dict[str, Any]:
    return json.loads((delivery / site / "bundle.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]  # JSON


def add_resource(delivery: Path, resource: dict[str, Any]) -> None:
    bundle = read_bundle(delivery)
    bundle["entry"].append({"resource": resource})
    (delivery / "clinic" / "bundle.json").write_text(json.dumps(bundle), encoding="utf-8")


def run(delivery: Path, study: Path, tmp_path: Path) -> ConvertResult:
    return convert([delivery], tmp_path / "out", ConvertOptions(study=study, conformance="none"))


POTASSIUM = {
    "resourceType": "Observation",
    "id": "k1",
    "status": "final",
    "code": {"coding": [{"system": "http://clinic.example/lab", "code": "KAL"}]},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2022-03-08",
    "valueQuantity": {"value": 4.1, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
}


def test_one_row_adds_a_test(study: Path, delivery: Path, tmp_path: Path) -> None:
    add_resource(delivery, POTASSIUM)
    before = run(delivery, study, tmp_path)
    assert "K" not in set(before.datasets["LB"].frame["LBTESTCD"])
    assert "HBV-MAP-001" in set(before.issues["code"])
    append_row(
        study / "concepts" / "lb.csv", concept_id="K", concept="Potassium", domain="LB", testcd="K", test="Potassium",
        cat="CHEMISTRY", specimen="SERUM", result_type="NM", std_unit="mmol/L", loinc="2823-3",
    )  # fmt: skip
    append_row(
        study / "sites" / "clinic" / "codes.csv", kind="test", system="http://clinic.example/lab", code="KAL",
        to_system="LOINC", to_code="2823-3", status="accepted",
    )  # fmt: skip
    after = run(delivery, study, tmp_path)
    lb = after.datasets["LB"].frame
    row = lb[lb["LBTESTCD"] == "K"].iloc[0]
    assert (row["LBTEST"], row["LBORRES"], row["LBSTRESU"], row["LBLOINC"]) == ("Potassium", "4.1", "mmol/L", "2823-3")
    assert "HBV-MAP-001" not in set(after.issues["code"])


def test_one_folder_adds_a_hospital(study: Path, delivery: Path, tmp_path: Path) -> None:
    other = delivery / "polyclinic"
    shutil.copytree(delivery / "clinic", other)
    text = (other / "bundle.json").read_text(encoding="utf-8")
    text = text.replace("clinic.example", "poly.example").replace("901-", "902-").replace("KREA", "7")
    (other / "bundle.json").write_text(text, encoding="utf-8")
    shutil.copytree(study / "sites" / "clinic", study / "sites" / "polyclinic")
    for path in sorted((study / "sites" / "polyclinic").iterdir()):
        text = path.read_text(encoding="utf-8").replace("clinic.example", "poly.example")
        path.write_text(text.replace("site: clinic", "site: polyclinic").replace("KREA", "7"), encoding="utf-8")
    config = yaml.safe_load((study / "study.yaml").read_text(encoding="utf-8"))
    config["sites"]["polyclinic"] = {"siteid": "902", "name": "Polyclinic"}
    (study / "study.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    result = run(delivery, study, tmp_path)
    dm = result.datasets["DM"].frame
    assert sorted(dm["SITEID"]) == ["901", "901", "902", "902"]
    lb = result.datasets["LB"].frame
    assert len(lb[lb["USUBJID"].str.contains("-902-")]) == 2


DOMAIN = '''"""XP: Strength, a findings domain of this test."""

from hbv_standards.sdtm.findings import build_findings_dataset


def build(view):
    return build_findings_dataset(view, "XP")
'''


def test_one_spec_and_one_module_add_a_domain(
    study: Path, delivery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_resource(delivery, {**POTASSIUM, "code": {"coding": [{"system": "http://clinic.example/lab", "code": "GRIP"}]},
                            "valueQuantity": {"value": 31, "unit": "kg", "code": "kg"}})  # fmt: skip
    append_row(
        study / "concepts" / "lb.csv", concept_id="GRIP", concept="Grip", domain="XP", testcd="GRIP", test="Grip",
        result_type="NM", std_unit="kg", sponsor_terms="TESTCD;TEST",
    )  # fmt: skip
    append_row(
        study / "sites" / "clinic" / "codes.csv", kind="test", system="http://clinic.example/lab", code="GRIP",
        to_system="CONCEPT", to_code="GRIP", status="accepted",
    )  # fmt: skip
    (tmp_path / "domains").mkdir()
    (tmp_path / "domains" / "xp.py").write_text(DOMAIN, encoding="utf-8")
    monkeypatch.setattr(
        hbv_standards.sdtm.domains, "__path__", [*hbv_standards.sdtm.domains.__path__, str(tmp_path / "domains")]
    )
    write_spec(study)
    result = run(delivery, study, tmp_path)
    xp = result.datasets["XP"].frame
    assert xp[["XPTESTCD", "XPORRES", "XPSTRESN", "XPSTRESU"]].to_numpy().tolist() == [["GRIP", "31", 31.0, "kg"]]
    assert (tmp_path / "out" / "sdtm" / "xp.xpt").exists()


def write_spec(study: Path) -> None:
    """The package's specs and one more file: a findings domain of its own, in the form of the shipped ones."""
    shutil.copytree(MAPPINGS / "specs", study / "specs")
    spec = yaml.safe_load((MAPPINGS / "specs" / "gi.yaml").read_text(encoding="utf-8"))
    spec |= {"dataset": "XP", "label": "Strength"}
    spec["keys"] = [re.sub("^GI", "XP", key) for key in spec["keys"]]
    spec["variables"] = {re.sub("^GI", "XP", name): entry for name, entry in spec["variables"].items()}
    for name in ("XPTESTCD", "XPTEST"):
        spec["variables"][name].pop("codelist")
    spec.pop("supplemental", None)
    (study / "specs" / "xp.yaml").write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
