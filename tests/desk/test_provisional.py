"""What is found out of a hospital that has no folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.desk.provisional import find_enrolment_table, is_of_hospital, read_enrolment_columns
from hbv_standards.ingest.files import InputFile


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> InputFile:
    (folder / name).write_bytes(text.encode(encoding))
    return InputFile("new", f"new/{name}", "csv", folder / name)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            "受试者编号,病历号,随机日期",
            {"subject_id": "受试者编号", "patient_identifier": "病历号", "randomized_dtc": "随机日期"},
        ),
        ("Subject ID;MRN;Arm", {"subject_id": "Subject ID", "patient_identifier": "MRN", "arm_code": "Arm"}),
        ("\ufeff受试者号\t患者编号", {"subject_id": "受试者号", "patient_identifier": "患者编号"}),
        ("受试者编号,受试者号,病历号", {"patient_identifier": "病历号"}),  # which of the two
        (
            "筛选编号,登记号,知情同意书签署时间,分组日期,分组,当前状态,出组日期,退出研究原因",
            {
                "subject_id": "筛选编号",
                "patient_identifier": "登记号",
                "consent_dtc": "知情同意书签署时间",
                "randomized_dtc": "分组日期",
                "arm_code": "分组",
                "status": "当前状态",
                "end_dtc": "出组日期",
                "end_reason": "退出研究原因",
            },
        ),
        ("筛选号,受试者代码,登记号", {"patient_identifier": "登记号"}),  # which of the two
        ("住院号,门诊号,受试者编号", {"subject_id": "受试者编号"}),
        ("入组状态,随机号", {"status": "入组状态", "subject_id": "随机号"}),
        ("姓名,年龄", {}),
        ("", {}),
    ],
)
def test_headers(tmp_path: Path, header: str, columns: dict[str, str]) -> None:
    assert read_enrolment_columns(write(tmp_path, "a.csv", f"{header}\n1,2,3\n")) == columns


def test_headers_in_gb18030(tmp_path: Path) -> None:
    file = write(tmp_path, "a.csv", "受试者编号,病历号\n1,2\n", "gb18030")
    enrolment = find_enrolment_table([file])
    assert enrolment is not None
    assert (enrolment.source, enrolment.file) == ("csv", "a.csv")


def test_two_tables_are_no_answer(tmp_path: Path) -> None:
    files = [write(tmp_path, name, "受试者编号,病历号\n1,2\n") for name in ("a.csv", "b.csv")]
    assert find_enrolment_table(files) is None


@pytest.mark.parametrize(
    ("system", "own"),
    [
        ("https://new-hospital.example/mrn", True),
        ("http://10.0.0.1/his", True),
        ("http://hl7.org/fhir/sid/us-ssn", False),
        ("http://terminology.hl7.org/NamingSystem/x", False),
        ("urn:oid:2.16.156.10011.1.3", False),  # a number of the state: every hospital's
        ("", False),
    ],
)
def test_whose_an_identifier_system_can_be(system: str, own: bool) -> None:  # noqa: FBT001  a case table
    assert is_of_hospital(system) is own
