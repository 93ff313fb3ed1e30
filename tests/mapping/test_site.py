"""site.yaml: what it may say, and what is told when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.site import SiteConfig, StatedPath, read_site

WHOLE = """\
site: clinic
encodings: [utf-8, gb18030]
time_zone: Asia/Shanghai
identifier_systems: [http://clinic.example/mrn]
enrolment:
  source: csv
  file: enrolment*.csv
  patient_system: http://clinic.example/mrn
  columns: {subject_id: 受试者编号, patient_identifier: 病历号, consent_dtc: 知情同意日期}
fhirpath:
  - {resource: Observation, field: position, path: "extension.where(url='pos').value"}
default_fhir_version: R4
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "clinic"
    path.mkdir()
    return path


def read(folder: Path, text: str) -> SiteConfig:
    (folder / "site.yaml").write_text(text, encoding="utf-8")
    return read_site(folder, "sites/clinic/site.yaml")


def test_everything_that_can_be_said(folder: Path) -> None:
    config = read(folder, WHOLE)
    assert config.encodings == ("utf-8", "gb18030")
    assert config.enrolment.columns["subject_id"] == "受试者编号"
    path = "extension.where(url='pos').value"
    assert config.fhirpath == (StatedPath(resource="Observation", field="position", path=path),)


def test_only_the_name_is_needed(folder: Path) -> None:
    config = read(folder, "site: clinic\n")
    assert (config.encodings, config.time_zone, config.enrolment.source) == (
        ("utf-8",),
        None,
        "ResearchSubject",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site: other", "site: 'other' is not the folder's name; write 'clinic'"),
        ("site: clinic\nzone: x", "zone: Extra inputs are not permitted"),
        ("site: clinic\nencodings: [gbq]", "encoding 'gbq' is not known; write for example utf-8 or gb18030"),
        (
            "site: clinic\ntime_zone: Asia/Foshan",
            "time zone 'Asia/Foshan' is not known; write one of the IANA list",
        ),
        (
            "site: clinic\ndefault_fhir_version: R3",
            "default_fhir_version: Input should be 'R4', 'R4B' or 'R5'",
        ),
        ("site: clinic\nenrolment: {source: csv}", "enrolment: source csv needs `file`"),
        (
            "site: clinic\nenrolment: {source: csv, file: a.csv, columns: {subject_id: Number}}",
            "columns: source csv needs the header of patient_identifier",
        ),
        (
            "site: clinic\nenrolment: {columns: {sex: S}}",
            "columns: sex is no field of an enrolment record; fields are",
        ),
        (
            "site: clinic\nfhirpath: [{resource: Observation, field: positon, path: x}]",
            "'positon' is no field of the canonical model; did you mean 'position'?",
        ),
        ("site: [", "is not YAML"),
    ],
)
def test_faults(folder: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, text)
    assert str(caught.value).startswith("sites/clinic/site.yaml: ")
    assert message in str(caught.value)


def test_missing_file(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"site.yaml: is missing; .*`study new-site clinic`"):
        read_site(folder, "sites/clinic/site.yaml")


def test_other_encoding(folder: Path) -> None:
    (folder / "site.yaml").write_bytes("site: clinic # 佛山\n".encode("gb18030"))
    with pytest.raises(ConfigurationError, match="is not UTF-8; save it as UTF-8"):
        read_site(folder, "sites/clinic/site.yaml")
