"""RELREC: only what the sources state: reports, reasons, shared specimens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ..cases import read_rows
from .conftest import Run

COLUMNS = ["RELID", "USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL", "RELTYPE"]
SUBJECT = "HBV-PEG-48-01001"
ULTRASOUND = {"kind": "procedure", "treatment_id": "ULTRASOUND", "dose": None, "start_dtc": "2023-03-02"}
STIFFNESS = {"concept_id": "LSM", "result": "5.3", "number": "5.3", "unit": "kPa", "unit_value": "kPa"}
NEUTROPENIA = {
    "kind": "adverse event", "term": "中性粒细胞减少", "term_value": "NEUTROPENIA", "start_dtc": "2023-04-10"
}  # fmt: skip
Links = Sequence[tuple[int, int, str]]


def list_relations(
    run: Run, case: dict[str, Any], *domains: str, supports: Links = ()
) -> list[tuple[Any, ...]]:
    datasets, _ = run(case, "relrec", *domains, supports=supports)
    return [tuple(row.values()) for row in read_rows(datasets.get("RELREC"), COLUMNS)]


@pytest.mark.parametrize(
    ("group", "supports"),
    [
        (301, []),  # the procedure was read from the report that lists the result
        (None, [(201, 301, "group")]),  # the result says that it is part of the procedure
        (77, [(301, 77, "group")]),  # both name one report
    ],
)
def test_procedure_and_findings_of_its_report(run: Run, group: int | None, supports: Links) -> None:
    case = {"findings": [{**STIFFNESS, "group_source_id": group}], "interventions": [ULTRASOUND]}
    assert list_relations(run, case, "gi", "pr", supports=supports) == [
        ("PR1", SUBJECT, "GI", "GISEQ", "1", None),
        ("PR1", SUBJECT, "PR", "PRSEQ", "1", None),
    ]


def test_the_same_day_is_no_relation(run: Run) -> None:
    case = {"findings": [{**STIFFNESS, "collected_dtc": "2023-03-02"}], "interventions": [ULTRASOUND]}
    assert list_relations(run, case, "gi", "pr") == []


def test_who_states_a_relation(run: Run) -> None:
    case = {"findings": [{**STIFFNESS, "group_source_id": 301}], "interventions": [ULTRASOUND]}
    datasets, _ = run(case, "relrec", "gi", "pr")
    assert sorted(datasets["RELREC"].trace["source_id"]) == [301, 301]


DOSES = [{"start_dtc": "2023-03-15"}, {"start_dtc": "2023-04-12", "dose": "135"}]
CHANGE_AND_EVENT = [
    ("AE1", SUBJECT, "AE", "AESEQ", "1", None),
    ("AE1", SUBJECT, "EX", "EXSEQ", "2", None),
]


def test_treatment_that_names_the_event_as_its_reason(run: Run) -> None:
    case = {"events": [NEUTROPENIA, {"term": "Hepatitis B"}], "interventions": DOSES}
    supports = [(302, 401, "reason"), (301, 402, "reason")]  # the latter is no adverse event
    assert list_relations(run, case, "ae", "ex", "mh", supports=supports) == CHANGE_AND_EVENT


REASONS = {  # subject: reason of the change of dose, adverse events, whether they are related
    "01001": ("中性粒细胞减少", [NEUTROPENIA], True),
    "01002": ("Neutropenia", [NEUTROPENIA], True),
    "01003": ("leukopenia", [NEUTROPENIA], False),
    "01004": ("Neutropenia", [NEUTROPENIA, {**NEUTROPENIA, "start_dtc": "2023-03-20"}], False),
    "01005": ("Neutropenia", [{**NEUTROPENIA, "start_dtc": "2023-05-01"}], False),
    "01006": ("Neutropenia", [], False),
}


def test_change_of_dose_for_a_reason_in_the_words_of_one_event(run: Run) -> None:
    doses, events = [], []
    for subject, (reason, happened, _) in REASONS.items():
        doses += [{**DOSES[0], "subject_id": subject}]
        doses += [{**DOSES[1], "subject_id": subject, "adjustment_reason": reason}]
        events += [{**event, "subject_id": subject} for event in happened]
    case = {"subjects": [{"subject_id": name} for name in REASONS], "events": events, "interventions": doses}
    related = list_relations(run, case, "ae", "ex")
    assert related == [
        (relation, f"HBV-PEG-48-{subject}", *rest)
        for subject, (*_, wanted) in REASONS.items()
        if wanted
        for relation, _, *rest in CHANGE_AND_EVENT
    ]


def test_a_change_of_dose_is_related_in_both_exposure_datasets(run: Run) -> None:
    changed = {**DOSES[1], "adjustment_reason": "Neutropenia"}
    missed = {"start_dtc": "2023-03-22", "occurred": False}
    case = {"events": [NEUTROPENIA], "interventions": [DOSES[0], changed, missed]}
    assert list_relations(run, case, "ae", "ec", "ex") == [
        ("AE1", SUBJECT, "AE", "AESEQ", "1", None),
        ("AE1", SUBJECT, "EC", "ECSEQ", "3", None),
        ("AE1", SUBJECT, "EX", "EXSEQ", "2", None),
        ("EXPOSURE", None, "EC", "ECLNKID", None, "ONE"),
        ("EXPOSURE", None, "EX", "EXLNKID", None, "ONE"),
    ]


def test_links_of_exposure_are_equal_and_missed_doses_have_none(run: Run) -> None:
    case = {"interventions": [*DOSES, {"start_dtc": "2023-03-22", "occurred": False}]}
    datasets, _ = run(case, "relrec", "ec", "ex")
    links = [datasets[name].frame[f"{name}LNKID"].fillna("").tolist() for name in ("EX", "EC")]
    assert links == [["1", "2"], ["1", "", "2"]]


def test_without_exposure_as_collected_there_is_no_link(run: Run) -> None:
    datasets, _ = run({"interventions": DOSES}, "relrec", "ex")
    assert "EXLNKID" not in datasets["EX"].frame
    assert "RELREC" not in datasets


def test_results_of_one_specimen_or_report_in_two_datasets(run: Run) -> None:
    antigen = {"concept_id": "HBSAG_QN", "unit": "IU/mL", "unit_value": "IU/mL"}
    case = {
        "findings": [
            {"specimen_id": "A1", "group_id": "r1"},
            {**antigen, "specimen_id": "A1", "group_id": "r2"},
            {**STIFFNESS, "specimen_id": "B7", "group_id": "r1"},
        ]
    }
    assert list_relations(run, case, "gi", "lb", "mb") == [
        ("REPORT", None, "GI", "GIGRPID", None, "MANY"),
        ("REPORT", None, "LB", "LBGRPID", None, "MANY"),
        ("SPECIMEN", None, "LB", "LBREFID", None, "MANY"),
        ("SPECIMEN", None, "MB", "MBREFID", None, "MANY"),
    ]


def test_the_same_number_at_two_subjects_is_no_shared_specimen(run: Run) -> None:
    antigen = {"concept_id": "HBSAG_QN", "unit": "IU/mL", "unit_value": "IU/mL", "subject_id": "01002"}
    case = {
        "subjects": [{}, {"subject_id": "01002"}],
        "findings": [{"specimen_id": "A1"}, {**antigen, "specimen_id": "A1"}],
    }
    assert list_relations(run, case, "lb", "mb") == []
