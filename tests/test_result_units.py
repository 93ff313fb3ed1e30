"""Units from FHIR to --ORRESU and --STRESU: UCUM by structure, hospitals' spellings, kits, and what stays unmapped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.to_canonical import to_canonical
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.sdtm.build import build_sdtm

SITE = "guangzhou"
NUMBERS = "https://guangzhou-hospital.example/his/patient-number"
UCUM = "http://unitsofmeasure.org"
LOINC = {"GLU": "14749-6", "ALT": "1742-6", "DNA": "42595-9", "WBC": "6690-2"}
KIT = "concept_id,from_unit,to_unit,factor,source\nHBVDNA,copies/mL,IU/mL,100/582,Kit insert\n"


class Sent(NamedTuple):
    """A quantity as the hospital sends it."""

    test: str
    value: str
    unit: str | None = None
    code: str | None = None
    system: str | None = UCUM
    range_code: str | None = None


CASES = [  # sent, ORRES, ORRESU, STRESC, STRESU, STNRHI
    (Sent("GLU", "5.10", code="mmol.L-1"), "5.10", "mmol/L", "5.1", "mmol/L", None),
    (Sent("GLU", "5.2", code="mol/m3", range_code="umol.mL-1"), "5.2", "mmol/L", "5.2", "mmol/L", 9.0),
    (Sent("GLU", "99", "mg/dL", "mg.dL-1"), "99", "mg/dL", "5.495", "mmol/L", None),
    (Sent("GLU", "5.3", "毫摩尔每升", None, None), "5.3", "mmol/L", "5.3", "mmol/L", None),
    (Sent("ALT", "40", code="umol/min/L"), "40", "U/L", "40", "U/L", None),
    (Sent("ALT", "41", "国际单位／升", None, None), "41", "U/L", "41", "U/L", None),
    (Sent("WBC", "6.3", "×10～9/ｌ", "10*9.L-1"), "6.3", "10^9/L", "6.3", "10^9/L", None),
    (Sent("DNA", "3.00", "Log10（IU／ml）", "{log10_IU}/mL"), "3.00", "log10 IU/mL", "1000", "IU/mL", None),
    (Sent("DNA", "20", code="k[iU]/l"), "20", "IU/mL", "20", "IU/mL", None),
    (Sent("DNA", "5820", "拷贝数/毫升", "{copies}.mL-1"), "5820", "copies/mL", None, None, None),
    (Sent("GLU", "5.4", code="mmol/kg"), "5.4", "mmol/kg", None, None, None),  # a unit, but no concentration
    (Sent("GLU", "5.5", code="mmol.h/L"), "5.5", "mmol.h/L", None, None, None),
    (Sent("GLU", "5.6", "Mmol/L", None, None), "5.6", "Mmol/L", None, None, None),
    (Sent("DNA", "2.1", code="{log10_IU}/L"), "2.1", "{log10_IU}/L", None, None, None),
    (Sent("GLU", "5.7", code="mmol.L-1", system="http://hospital.example/units"), "5.7", "mmol/L", "5.7", "mmol/L", None),
    (Sent("GLU", "5.8", code="mol/m3.m/m", system="http://hospital.example/units"), "5.8", "mol/m3.m/m", None, None, None),
]  # fmt: skip


def build_observation(number: int, sent: Sent) -> dict[str, Any]:
    quantity = {"value": float(sent.value), "unit": sent.unit, "system": sent.system, "code": sent.code}
    shown: dict[str, Any] = {"valueQuantity": {name: part for name, part in quantity.items() if part is not None}}
    if sent.range_code:
        shown["referenceRange"] = [{"high": {"value": 9, "system": UCUM, "code": sent.range_code}}]
    return {
        "resourceType": "Observation", "id": f"o{number}", "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": LOINC[sent.test]}]},
        "effectiveDateTime": f"2024-01-{number + 1:02d}T08:00:00+08:00", **shown,
    }  # fmt: skip


class Made(NamedTuple):
    rows: dict[int, dict[str, Any]]
    messages: dict[int, list[str]]


def convert(folder: Path, *, kit: bool) -> Made:
    """Rows and messages of every case by its number."""
    study, source = folder / "mappings", folder / "in" / SITE
    shutil.copytree(locate_mappings(), study)
    if kit:
        (study / "sites" / SITE / "conversions.csv").write_text(KIT, encoding="utf-8")
    source.mkdir(parents=True)
    patient = {"resourceType": "Patient", "id": "p1", "identifier": [{"system": NUMBERS, "value": "P1"}]}
    (source / "Patient.ndjson").write_text(json.dumps(patient), encoding="utf-8")
    lines = [json.dumps(build_observation(at, case[0])) for at, case in enumerate(CASES)]
    for at, (sent, *_) in enumerate(CASES):  # the digits as they were sent
        lines[at] = lines[at].replace(f'"value": {float(sent.value)}', f'"value": {sent.value}')
    (source / "Observation.ndjson").write_text("\n".join(lines), encoding="utf-8")
    header = "受试者编号,病历号,知情同意日期,随机日期,组别,状态,结束日期,结束原因"
    (source / "enrolment.csv").write_text(f"{header}\n02001,P1,2023-12-01,,,,,\n", encoding="utf-8")
    catalog, log = read_catalog(study), IssueLog()
    fhir = read_fhir([source.parent], catalog, log)
    datasets = build_sdtm(to_canonical(fhir, catalog, log), catalog, log)
    names = dict(zip(fhir.sources["source_id"], fhir.sources["resource_id"], strict=True))
    made = Made({}, {})
    for name in ("LB", "MB"):
        whole = datasets[name].trace[datasets[name].trace["variable"] == ""]
        for row, source_id in zip(whole["row"], whole["source_id"], strict=True):
            record = datasets[name].frame.iloc[row]
            made.rows[int(names[source_id][1:])] = {
                v: None if record[f"{name}{v}"] != record[f"{name}{v}"] else record[f"{name}{v}"]
                for v in ("ORRES", "ORRESU", "STRESC", "STRESU", *(["STNRHI"] if name == "LB" else []))
            }
    for issue in log.rows:
        number = str(names.get(issue.source_id, ""))[1:]
        if number.isdigit():
            made.messages.setdefault(int(number), []).append(f"{issue.code} {issue.message}")
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return convert(tmp_path_factory.mktemp("units"), kit=False)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{c[0].test} {c[0].code or c[0].unit}" for c in CASES])
def test_row(made: Made, number: int) -> None:
    _, orres, orresu, stresc, stresu, high = CASES[number]
    row = made.rows[number]
    assert (row["ORRES"], row["ORRESU"], row["STRESC"], row["STRESU"]) == (orres, orresu, stresc, stresu)
    assert row.get("STNRHI") == high


def test_a_known_unit_is_no_issue(made: Made) -> None:
    assert not made.messages.keys() & set(range(9))


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (9, "HBV-SDTM-002 HBDNA: copies/mL cannot be converted to the standard unit of the test; "
            "a factor that the hospital's kit states goes into sites/guangzhou/conversions.csv"),
        (11, "HBV-MAP-002 unit 'mmol.h/L' is not mapped; add it to units.csv or sites/guangzhou/units.csv; "
             "by UCUM it is 3600 m-3.mol.s, which is no unit of the tables"),
        (12, "HBV-MAP-002 unit 'Mmol/L' is not mapped; add it to units.csv or sites/guangzhou/units.csv"),
        (13, "HBV-MAP-002 unit '{log10_IU}/L' is not mapped; add it to units.csv or sites/guangzhou/units.csv; "
             "it is a logarithm, with which units cannot be reckoned"),
        (15, "HBV-MAP-002 unit 'mol/m3.m/m' is not mapped; add it to units.csv or sites/guangzhou/units.csv"),
    ],
)  # fmt: skip
def test_a_unit_without_a_way_is_told_with_its_cure(made: Made, number: int, told: str) -> None:
    assert told in made.messages[number]


def test_the_kit_of_the_hospital_converts_its_copies(tmp_path: Path) -> None:
    made = convert(tmp_path, kit=True)
    assert made.rows[9] == {"ORRES": "5820", "ORRESU": "copies/mL", "STRESC": "1000", "STRESU": "IU/mL"}
    assert 9 not in made.messages
