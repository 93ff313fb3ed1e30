"""What the guide says of study treatment, dictionaries, validation and planned measurements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from hbv_standards.export.guide.conformance import build_conformance
from hbv_standards.export.guide.content import Paragraph, Section, Table
from hbv_standards.export.guide.deviations import build_deviations
from hbv_standards.export.guide.dictionaries import list_dictionaries, list_uncoded
from hbv_standards.export.guide.exposure import build_exposure
from hbv_standards.export.guide.run import Run
from hbv_standards.export.planned import COLUMNS
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import read_specs

from .conftest import MAPPINGS, WrittenStudy, make_dataset
from .test_guide import make_run

SPECS = read_specs(MAPPINGS / "specs")

FINDINGS = pd.DataFrame(
    [
        ("HBV-VAL-709", "warning", "DM", "AGE", "S-2", "", "", "Age is missing.", 1, "FB0501"),
        ("HBV-VAL-501", "error", "LB", "LBSTRESC", "S-1", "4", "12", "Result is missing.", 1, "CG0397"),
        ("HBV-VAL-501", "error", "LB", "LBSTRESC", "", "", "", "Result is missing.", 7, "CG0397"),
    ],
    columns=["code", "severity", "dataset", "variable", "usubjid", "seq", "value", "message", "count", "source"],
)

DOSES: list[dict[str, str | None]] = [
    {"USUBJID": "S-1", "EXTRT": "A", "EXSTDTC": "2024-01-01", "EXENDTC": "2024-02-01"},
    {"USUBJID": "S-1", "EXTRT": "A", "EXSTDTC": "2024-02-08", "EXENDTC": "2024-03-01"},
    {"USUBJID": "S-2", "EXTRT": "B", "EXSTDTC": "2024-01-01", "EXENDTC": "2024-03-01"},
    {"USUBJID": "S-3", "EXTRT": "B", "EXSTDTC": "2024-01-01"},
]
BEHIND = [  # row of EX, site, type of the resource
    (0, "zhongshan", "MedicationAdministration"), (0, "zhongshan", "MedicationAdministration"),
    (1, "zhongshan", "MedicationStatement"), (2, "foshan", "MedicationRequest"), (3, "foshan", "MedicationDispense"),
]  # fmt: skip


def build_run(study: WrittenStudy, datasets: dict[str, Dataset] | None = None, **given: Any) -> Run:
    run = make_run(study)
    return Run(
        **{**run, "datasets": {**run["datasets"], **(datasets or {})}, "define": study.define, "checks": (), **given}
    )


def make_rows(study: WrittenStudy, **tables: list[dict[str, str | None]]) -> dict[str, Dataset]:
    return {name: make_dataset(rows, SPECS[name], study.catalog) for name, rows in tables.items()}


def make_exposure() -> tuple[Dataset, pd.DataFrame]:
    """EX with its trace, and the sources behind it."""
    frame = pd.DataFrame([{"STUDYID": "S", "DOMAIN": "EX", **row} for row in DOSES], dtype="object")
    trace = pd.DataFrame(
        [(row, "", source, "", None) for source, (row, _, _) in enumerate(BEHIND)]
        + [(2, "EXTRT", 0, "", None)],  # tells of the same dose, makes no record
        columns=["row", "variable", "source_id", "path", "mapping_row"],
    )
    sources = pd.DataFrame(
        [(source, site, kind) for source, (_, site, kind) in enumerate(BEHIND)],
        columns=["source_id", "site", "resource_type"],
    )
    return Dataset.conform(frame, SPECS["EX"], trace), sources.assign(fhir_version="R4")


def list_texts(section: Section) -> list[str]:
    own = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    return own + [text for part in section.parts for text in list_texts(part)]


def find_table(section: Section, title: str) -> Table:
    tables = [block for part in (section, *section.parts) for block in part.blocks if isinstance(block, Table)]
    (found,) = [table for table in tables if table.title == title]
    return found


def test_what_exposure_rests_on(written_study: WrittenStudy) -> None:
    dataset, sources = make_exposure()
    (section,) = build_exposure(build_run(written_study, {"EX": dataset}, sources=sources))
    assert find_table(section, "Records of EX by what they rest on").rows == (
        ("Site 01: Second People's Hospital of Zhongshan", "1", "2", "1", "1", "0", "0"),
        ("Site 03: First People's Hospital of Foshan", "2", "2", "0", "0", "1", "1"),
    )
    texts = list_texts(section)
    assert any("For 1 subject (S-2) all records of EX rest on orders" in text for text in texts)
    assert any("without a recorded end: 1 subject (S-3)" in text for text in texts)


def test_study_without_treatment(written_study: WrittenStudy) -> None:
    assert build_exposure(build_run(written_study)) == ()


EVENT: dict[str, str | None] = {"USUBJID": "S-1", "AETERM": "Fever", "AEDECOD": "Pyrexia", "AETOXGR": "2"}


def make_codes(system: str) -> Dataset:
    spec = SPECS["AE"].model_copy(update={"name": "SUPPAE"})
    frame = pd.DataFrame([{"QNAM": "AECODSYS", "QVAL": system}])
    return Dataset(spec, frame, pd.DataFrame())


def test_terms_in_no_dictionary(written_study: WrittenStudy) -> None:
    events = make_rows(written_study, AE=[EVENT], MH=[{"USUBJID": "S-1", "MHTERM": "Gout"}])
    run = build_run(written_study, {**events, "SUPPAE": make_codes("urn:icd-10")})
    notes = list_uncoded(run)
    assert [name for name, _ in notes] == ["AE", "MH", "AE"]
    assert "AEDECOD is the English term of the mapping tables" in notes[0][1]
    assert "Codes that the hospitals sent are in SUPPAE" in notes[0][1]
    assert "MHDECOD" not in notes[1][1]
    assert "no version of CTCAE" in notes[2][1]
    rows = list_dictionaries(run)
    assert ("Codes as sent, in supplemental qualifiers", "urn:icd-10", "not stated") in rows
    assert ("Terms of AE and MH", "MedDRA", "not used") in rows


def test_terms_of_meddra(written_study: WrittenStudy) -> None:
    events = make_rows(written_study, AE=[{**EVENT, "AETOXGR": None}])
    codes = make_codes("https://www.meddra.org")
    assert list_uncoded(build_run(written_study, {**events, "SUPPAE": codes})) == []


def test_dictionaries_of_the_trial_summary(written_study: WrittenStudy) -> None:
    rows: list[dict[str, str | None]] = [
        {"TSPARMCD": "INDIC", "TSVAL": "X", "TSVALCD": "1", "TSVCDREF": "SNOMED", "TSVCDVER": "2024"},
        {"TSPARMCD": "TRT", "TSVAL": "Y", "TSVALCD": "2", "TSVCDREF": "UNII"},
        {"TSPARMCD": "RANDOM", "TSVAL": "Y", "TSVALCD": "3", "TSVCDREF": "CDISC CT", "TSVCDVER": "2025"},
    ]
    listed = list_dictionaries(build_run(written_study, make_rows(written_study, TS=rows)))
    codes = [row[1:] for row in listed if row[0] == "Codes of TS"]
    assert codes == [("SNOMED", "2024"), ("UNII", "not stated")]


def test_findings_of_the_validation_are_explained(written_study: WrittenStudy) -> None:
    section = build_conformance(build_run(written_study, findings=FINDINGS))
    assert find_table(section, "Findings by rule").rows == (
        ("HBV-VAL-501", "error", "LB.LBSTRESC", "8", "Result is missing.", "CG0397"),
        ("HBV-VAL-709", "warning", "DM.AGE", "1", "Age is missing.", "FB0501"),
    )
    assert find_table(section, "Records with an error").rows == (("HBV-VAL-501", "LB", "LBSTRESC", "S-1", "4", "12"),)
    assert any("error 8, warning 1, info 0" in text for text in list_texts(section))


@pytest.mark.parametrize("findings", [pd.DataFrame(), FINDINGS.iloc[:0]])
def test_datasets_without_fault(written_study: WrittenStudy, findings: pd.DataFrame) -> None:
    texts = list_texts(build_conformance(build_run(written_study, findings=findings)))
    assert "The native validation found nothing." in texts


def test_planned_measurements_stand_with_the_deviations(written_study: WrittenStudy) -> None:
    planned = pd.DataFrame([("ALT", "01", "BASELINE", 3, 1, 0, 2)], columns=list(COLUMNS))
    section = build_deviations(build_run(written_study, planned=planned))
    assert section.parts[-1].title == "Planned Measurements and Missing Data"
    assert find_table(section, "Subjects with a record, of those planned").rows == (("ALT", "1/3", "0", "2"),)
    assert find_table(section, "Without a record, of those planned at all visits").rows == (("ALT", "2/3", ""),)


def test_study_without_schedule_has_no_table_of_it(written_study: WrittenStudy) -> None:
    complete = replace(written_study.datasets["DM"], frame=written_study.datasets["DM"].frame.assign(ETHNIC="X"))
    run = build_run(written_study, {"DM": complete})
    titles = [block.title for part in build_deviations(run).parts for block in part.blocks if isinstance(block, Table)]
    assert "Subjects with a record, of those planned" not in titles
