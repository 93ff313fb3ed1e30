"""FA: the object of the finding, and results in the words of their own codelist."""

from __future__ import annotations

from ..cases import read_rows
from .conftest import Run

ANSWER = {
    "concept_id": "TRANSM", "result_kind": "text", "number": None, "unit": None, "unit_value": None,
    "collected_dtc": "2023-03-02",
}  # fmt: skip
COLUMNS = ["FATESTCD", "FATEST", "FAOBJ", "FAORRES", "FASTRESC", "EPOCH"]


def test_several_answers_are_several_rows(run: Run) -> None:
    answers = [{**ANSWER, "result": text} for text in ("输血", "母婴传播", "Sexual contact")]
    datasets, log = run({"findings": answers}, "fa")
    test = ("MODTRN", "Mode of Disease Transmission", "Chronic hepatitis B")
    assert [tuple(row.values()) for row in read_rows(datasets["FA"], COLUMNS)] == [
        (*test, "BLOOD TRANSFUSION", "BLOOD TRANSFUSION", "SCREENING"),
        (*test, "Sexual contact", "SEXUAL CONTACT", "SCREENING"),
        (*test, "VERTICAL TRANSMISSION", "VERTICAL TRANSMISSION", "SCREENING"),
    ]
    assert log.rows == []
    trace = datasets["FA"].trace
    mapped = trace.loc[trace["variable"] == "FASTRESC", "mapping_row"].str.partition(":")[0]
    assert mapped.tolist() == [
        "terminology/values_zh.csv",
        "CDISC CT C127265/C154689",
        "terminology/values_zh.csv",
    ]


def test_chinese_words_stay_in_the_chinese_build(run: Run) -> None:
    datasets, _ = run({"findings": [{**ANSWER, "result": "母婴传播"}]}, "fa", agency="nmpa")
    assert read_rows(datasets["FA"], ["FAORRES", "FASTRESC"]) == [
        {"FAORRES": "母婴传播", "FASTRESC": "VERTICAL TRANSMISSION"}
    ]


def test_words_without_a_term_are_carried_as_sent(run: Run) -> None:
    datasets, _ = run({"findings": [{**ANSWER, "result": "tattoo"}]}, "fa")
    assert read_rows(datasets["FA"], ["FAORRES", "FASTRESC"]) == [{"FAORRES": "tattoo", "FASTRESC": "tattoo"}]
