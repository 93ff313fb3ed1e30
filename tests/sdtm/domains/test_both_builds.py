"""The ASCII build and the Chinese one: the same rows, variables and order; texts differ where they must."""

from __future__ import annotations

import pandas as pd
import pytest

from hbv_standards.sdtm.dataset import Dataset

from .conftest import Run

WORD = {
    "result_kind": "text",
    "number": None,
    "unit": None,
    "unit_value": None,
    "collected_dtc": "2023-03-02",
}
CASE = {
    "subjects": [{"race_text": "黄种人", "ethnic_text": "汉族"}, {"subject_id": "01002"}],
    "findings": [
        {"concept_id": "HBSAG_QL", "result": "阴性", "result_value": "NEGATIVE", "laboratory": "检验科", **WORD},
        {"concept_id": "HBSAG_QL", "result": "NEGATIVE", "result_value": "NEGATIVE", "laboratory": "检验科", **WORD},
        {"concept_id": "HBSAG_QL", "result": "说不清", "local_text": "表面抗原", **WORD},
        {"concept_id": "TRANSM", "result": "母婴传播", **WORD},
        {"concept_id": "TRANSM", "result": "输血", **WORD},
        {**WORD, "result": None, "result_kind": None, "not_done": True, "not_done_reason": "没有抽血"},
        {"range_text": "见报告", "note": "溶血", "collected_dtc": "2023-04-02"},
        {"note": "hemolysed", "collected_dtc": "2023-05-02", "subject_id": "01002"},
    ],
    "interventions": [{"start_dtc": "2023-03-15"}, {"start_dtc": "2023-04-12", "dose": "135",
                                                    "adjustment_reason": "粒细胞减少"}],
    "events": [
        {"term": "高血压", "term_value": "HYPERTENSION"},
        {"term": "白内障", "term_value": "CATARACT"},
        {"term": "Gout", "category": "其他"},
        {"kind": "adverse event", "term": "粒细胞减少", "term_value": "NEUTROPENIA", "causality": "可能有关"},
        {"kind": "family history", "term": "肝癌", "term_value": "LIVER CANCER", "relationship": "SPOUSE"},
    ],
}  # fmt: skip
DOMAINS = ("ae", "apmh", "co", "dm", "ex", "fa", "lb", "mb", "mh", "relrec")
ADDED = ("SUPPDM", "SUPPLB", "SUPPMB", "CO")
"""Datasets whose rows cannot be without their text: an ASCII build has fewer of them."""


@pytest.fixture(scope="module")
def builds(run: Run) -> dict[str, dict[str, Dataset]]:
    return {agency: run(CASE, *DOMAINS, agency=agency)[0] for agency in ("fda", "nmpa")}


def test_the_same_datasets_variables_and_rows(builds: dict[str, dict[str, Dataset]]) -> None:
    fda, nmpa = builds["fda"], builds["nmpa"]
    assert set(fda) == {"AE", "APMH", "CO", "DM", "EX", "FA", "LB", "MB", "MH", "RELREC", "SUPPDM"}
    assert set(nmpa) - set(fda) == {"SUPPMB"}
    for name in set(fda) - set(ADDED):
        ascii_frame, chinese = fda[name].frame, nmpa[name].frame
        assert list(ascii_frame.columns) == list(chinese.columns), name
        assert len(ascii_frame) == len(chinese), name
        for column in ascii_frame:
            check_values(ascii_frame[column], chinese[column], f"{name}.{column}")
        assert fda[name].trace.equals(nmpa[name].trace), name


def check_values(ascii_values: pd.Series, chinese: pd.Series, place: str) -> None:
    """Equal, but for texts in Chinese, in the place of which the ASCII build has English or nothing."""
    is_chinese = chinese.map(lambda value: isinstance(value, str) and not value.isascii())
    pd.testing.assert_series_equal(ascii_values[~is_chinese], chinese[~is_chinese], obj=place)
    assert ascii_values.dropna().map(lambda value: not isinstance(value, str) or value.isascii()).all(), place


def test_what_one_build_adds(builds: dict[str, dict[str, Dataset]]) -> None:
    for name, column in (("SUPPDM", "QVAL"), ("CO", "COVAL")):
        frame = builds["fda"][name].frame
        translated = builds["fda"][name].trace.loc[builds["fda"][name].trace["mapping_row"].notna(), "row"]
        as_sent = frame if name == "SUPPDM" else frame.drop(index=translated)
        ascii_values = set(as_sent[column])
        added = set(builds["nmpa"][name].frame[column]) - ascii_values
        assert ascii_values < set(builds["nmpa"][name].frame[column])
        assert not any(value.isascii() for value in added)


def test_labels_are_of_the_language_of_the_build(builds: dict[str, dict[str, Dataset]]) -> None:
    for agency, is_english in (("fda", True), ("nmpa", False)):
        labels = {v.label for dataset in builds[agency].values() for v in dataset.variables}
        assert all(label.isascii() == is_english for label in labels)
