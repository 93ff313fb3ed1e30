"""A domain is a spec and a module, found by name; and what stands behind each row."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import hbv_standards.sdtm.domains
from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.build import build_sdtm, check_cutoff, find_module
from hbv_standards.sdtm.dataset import Dataset

from .cases import build_case, build_catalog, run_case

MODULE = '''"""XQ: a domain of this test."""

from hbv_standards.sdtm.findings import build_findings_dataset


def build(view):
    return build_findings_dataset(view, "XQ")
'''


def add_domain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study folder whose specs have one more domain, and its module beside the others."""
    study = tmp_path / "study"
    shutil.copytree(build_catalog().folder / "specs", study / "specs")
    spec = yaml.safe_load((study / "specs" / "gi.yaml").read_text(encoding="utf-8"))
    variables = {
        ("XQ" + name[2:] if name.startswith("GI") else name): entry
        for name, entry in spec["variables"].items()
    }
    spec |= {
        "dataset": "XQ",
        "keys": [key.replace("GI", "XQ") for key in spec["keys"]],
        "variables": variables,
    }
    spec.pop("supplemental", None)
    (study / "specs" / "xq.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "xq.py").write_text(MODULE, encoding="utf-8")
    places = [*hbv_standards.sdtm.domains.__path__, str(modules)]
    monkeypatch.setattr(hbv_standards.sdtm.domains, "__path__", places)
    return study


def test_a_new_domain_is_a_spec_and_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = build_catalog()
    concepts = {**catalog.concepts, "LSM": catalog.concepts["LSM"].model_copy(update={"domain": "XQ"})}
    catalog = replace(catalog, folder=add_domain(tmp_path, monkeypatch), concepts=concepts)
    stiffness = {"concept_id": "LSM", "result": "5.3", "number": "5.3", "unit": "kPa", "unit_value": "kPa"}
    log = IssueLog()
    datasets = build_sdtm(build_case({"subjects": [{}], "findings": [stiffness]}), catalog, log)
    assert "GI" not in datasets
    row = datasets["XQ"].frame.iloc[0]
    assert (row["DOMAIN"], row["XQSEQ"], row["XQTESTCD"], row["XQSTRESN"]) == ("XQ", 1.0, "ELASTIC", 5.3)
    assert log.rows == []


def test_a_spec_without_a_module_is_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"specs/qq.yaml: no module makes dataset QQ; write sdtm/domains/qq.py"
    ):
        find_module("QQ")


@pytest.mark.parametrize("cutoff", ["2023", "2023-13-01", "soon", "2023-06-01T10:00"])
def test_a_cut_that_is_no_date_is_refused(cutoff: str) -> None:
    with pytest.raises(ConfigurationError, match="data cut"):
        check_cutoff(cutoff)
    assert check_cutoff("2023-06-01") == "2023-06-01"
    assert check_cutoff(None) is None


def test_a_hospital_without_a_number_is_refused() -> None:
    with pytest.raises(
        ConfigurationError, match="sites has no entry for hospital elsewhere; give it a siteid"
    ):
        run_case({"subjects": [{"site": "elsewhere"}]})


def list_trace(dataset: Dataset) -> list[tuple[int, str, int, str]]:
    rows = dataset.trace
    mapping = rows["mapping_row"].fillna("")
    return sorted(zip(rows["row"], rows["variable"], rows["source_id"], mapping, strict=True))


CASE = {
    "subjects": [{}],
    "contributions": [
        {"field": "sex", "source_id": 11, "mapping_row": "values.csv:4"},
        {"field": "consent_dtc", "source_id": 12},
        {"field": "arm_code", "source_id": 13},
    ],
    "visits": [
        {"visit_key": "v1", "start_dtc": "2023-03-15", "visitnum_stated": 2.0, "mapping_row": "codes.csv:9"}
    ],
    "findings": [
        {"collected_dtc": "2023-03-15", "visit_key": "v1", "specimen_source_id": 21, "group_source_id": 22,
         "group_id": "g", "unit_row": "units.csv:5", "value_row": "values.csv:6"}
    ],
    "interventions": [
        {"start_dtc": "2023-03-15"},
        {"start_dtc": "2023-03-22"},
        {"kind": "request", "start_dtc": "2023-03-15", "mapping_row": "codes.csv:7"},
    ],
}  # fmt: skip


def test_trace() -> None:
    datasets, _ = run_case(CASE)
    assert list_trace(datasets["LB"]) == [
        (0, "", 201, "codes.csv:2"), (0, "LBDTC", 21, ""), (0, "LBGRPID", 22, ""),
        (0, "LBORRESU", 201, "units.csv:5"), (0, "LBSTRESC", 201, "values.csv:6"),
        (0, "VISITNUM", 101, "codes.csv:9"),
    ]  # fmt: skip
    assert list_trace(datasets["EX"]) == [
        (0, "", 301, "codes.csv:3"), (0, "", 302, "codes.csv:3"), (0, "EXTRT", 303, "codes.csv:7")
    ]  # fmt: skip
    assert datasets["SV"].frame["SVOCCUR"].tolist() == ["N", "Y"]
    assert list_trace(datasets["SV"]) == [
        (1, "", 101, "codes.csv:9"), (1, "SVENDTC", 101, "codes.csv:9"), (1, "SVSTDTC", 101, "codes.csv:9")
    ]  # fmt: skip
    dm = [entry[1:] for entry in list_trace(datasets["DM"])]
    assert {
        ("", 1, ""),
        ("SEX", 11, "values.csv:4"),
        ("RFICDTC", 12, ""),
        ("ARMCD", 13, ""),
        ("ARM", 13, ""),
    } <= set(dm)
    assert ("RFXSTDTC", 301, "codes.csv:3") in dm
    assert (0, "SESTDTC", 12, "") in list_trace(datasets["SE"])


def test_trace_of_first_and_last_dose_follows_the_dates() -> None:
    """Not the names of the drugs: the second one comes first in the alphabet."""
    taken = {"kind": "statement", "dose": "25", "dose_unit": "mg"}
    later = {"treatment_id": "ENTECAVIR", "start_dtc": "2023-06-02", "end_dtc": "2023-09-01"}
    drugs = [
        {**taken, "treatment_id": "TENOFOVIR ALAFENAMIDE", "start_dtc": "2023-03-15", "end_dtc": "2023-06-01"},
        {**taken, **later},
        {**taken, **later, "kind": "request"},
    ]
    datasets, _ = run_case({"subjects": [{"arm_code": "NACONT"}], "interventions": drugs})
    found = {variable: source for _, variable, source, _ in list_trace(datasets["DM"])}
    assert (found["RFXSTDTC"], found["RFXENDTC"]) == (301, 302)


def test_design_datasets_come_from_the_study_file() -> None:
    datasets, _ = run_case({"subjects": [{}]})
    study = build_catalog().study
    assert datasets["TA"].frame["ETCD"].tolist() == [cell.etcd for arm in study.arms for cell in arm.cells]
    assert datasets["TE"].frame["ETCD"].tolist() == sorted(e.etcd for e in study.elements)
    assert datasets["TV"].frame[["VISITNUM", "VISIT", "VISITDY"]].to_numpy().tolist() == [
        [v.visitnum, v.visit, float(v.visitdy)] for v in study.visits
    ]
    assert all(datasets[name].trace.empty for name in ("TA", "TE", "TV"))
