"""CO: comments on the row that a record made, in pieces, in the build that can hold them."""

from __future__ import annotations

from ..cases import read_rows
from .conftest import Run

COLUMNS = ["RDOMAIN", "USUBJID", "COSEQ", "IDVAR", "IDVARVAL", "COREF", "COVAL"]
SUBJECT = "HBV-PEG-48-01001"


def test_notes_of_a_result_a_treatment_and_an_event(run: Run) -> None:
    datasets, log = run(
        {
            "findings": [{"collected_dtc": "2023-03-02"}, {"collected_dtc": "2023-04-02", "note": "hemolysed"}],
            "interventions": [{"start_dtc": "2023-03-15", "note": " fever after dose "}],
            "events": [{"term": "Hypertension", "note": "by the patient's word"}],
        },
        "co", "ex", "lb", "mh",
    )  # fmt: skip
    assert [tuple(row.values()) for row in read_rows(datasets["CO"], COLUMNS)] == [
        ("EX", SUBJECT, 1.0, "EXSEQ", "1", None, "fever after dose"),
        ("LB", SUBJECT, 2.0, "LBSEQ", "2", None, "hemolysed"),
        ("MH", SUBJECT, 3.0, "MHSEQ", "1", None, "by the patient's word"),
    ]
    assert sorted(set(datasets["CO"].trace["source_id"])) == [202, 301, 401]
    assert log.rows == []


def test_a_long_note_is_parted_between_words(run: Run) -> None:
    note = " ".join(["word"] * 90)
    datasets, _ = run({"findings": [{"note": note}]}, "co", "lb")
    co = datasets["CO"]
    assert list(co.frame.columns[-3:]) == ["COVAL", "COVAL1", "COVAL2"]
    pieces = co.frame.iloc[0][["COVAL", "COVAL1", "COVAL2"]].tolist()
    assert " ".join(pieces) == note
    assert max(map(len, pieces)) <= 200
    assert [v.label for v in co.variables][-3:] == ["Comment"] * 3


def test_a_chinese_note_is_in_the_chinese_build_only(run: Run) -> None:
    case = {"findings": [{"note": "轻度溶血", "collected_dtc": "2023-03-02"}]}
    datasets, log = run(case, "co", "lb")
    assert "CO" not in datasets
    assert [(row.code, row.dataset, row.value) for row in log.rows] == [("HBV-SDTM-003", "CO", "轻度溶血")]
    datasets, log = run(case, "co", "lb", agency="nmpa")
    assert read_rows(datasets["CO"], ["COVAL"]) == [{"COVAL": "轻度溶血"}]
    assert log.rows == []


def test_an_ascii_build_has_a_chinese_note_in_english_where_the_tables_have_it(run: Run) -> None:
    known = "标本轻度溶血，结果仅供参考。"
    case = {"findings": [{"note": known, "collected_dtc": "2023-03-02"}, {"note": "轻度溶血"}]}
    datasets, log = run(case, "co", "lb")
    assert read_rows(datasets["CO"], ["COVAL"]) == [
        {"COVAL": "Specimen slightly hemolyzed; result for reference only."}
    ]
    (row,) = datasets["CO"].trace["mapping_row"]
    assert row.startswith("terminology/values_zh.csv:")
    assert [row.message for row in log.rows if row.code == "HBV-SDTM-003"] == [
        "characters outside ASCII: the comment is not in this build; add its English to "
        "sites/zhongshan/values.csv, codelist NOTE"
    ]
    datasets, _ = run(case, "co", "lb", agency="nmpa")
    assert sorted(row["COVAL"] for row in read_rows(datasets["CO"], ["COVAL"])) == sorted([known, "轻度溶血"])


def test_what_the_row_says_already_is_no_comment(run: Run) -> None:
    drug = {"treatment_id": "PARACETAMOL", "kind": "statement", "dose": None, "note": "as needed"}
    datasets, _ = run({"interventions": [{**drug, "start_dtc": "2023-04-01"}]}, "cm", "co")
    assert read_rows(datasets["CM"], ["CMDOSTXT"]) == [{"CMDOSTXT": "as needed"}]
    assert "CO" not in datasets


def test_a_note_of_several_doses_of_one_row_stands_once(run: Run) -> None:
    doses = [{"start_dtc": f"2023-03-{day}", "note": "well tolerated"} for day in (15, 22, 29)]
    datasets, _ = run({"interventions": doses}, "co", "ex")
    assert len(datasets["EX"].frame) == 1
    assert read_rows(datasets["CO"], ["RDOMAIN", "IDVARVAL", "COVAL"]) == [
        {"RDOMAIN": "EX", "IDVARVAL": "1", "COVAL": "well tolerated"}
    ]


def test_different_notes_on_one_row_have_different_keys(run: Run) -> None:
    doses = [{"start_dtc": f"2023-03-{day}", "note": f"pain on day {day}"} for day in (22, 15)]
    datasets, _ = run({"interventions": doses}, "co", "ex")
    co = datasets["CO"]
    assert co.frame["COVAL"].tolist() == ["pain on day 15", "pain on day 22"]
    assert set(co.frame["IDVARVAL"]) == {"1"}
    assert not co.frame.duplicated(list(co.keys)).any()


def test_a_note_on_a_relative_names_the_person(run: Run) -> None:
    event = {"kind": "family history", "relationship": "FATHER, BIOLOGICAL", "note": "died young"}
    datasets, _ = run({"events": [event]}, "apmh", "co")
    assert [tuple(row.values()) for row in read_rows(datasets["CO"], COLUMNS)] == [
        (None, SUBJECT, 1.0, None, None, f"{SUBJECT}-AP1", "died young")
    ]


def test_without_notes_there_is_no_dataset(run: Run) -> None:
    datasets, _ = run({"findings": [{"note": "  "}]}, "co", "lb")
    assert "CO" not in datasets
