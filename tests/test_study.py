"""study.yaml: what is refused, and that the message holds place, value and cure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_standards.errors import ConfigurationError
from hbv_standards.study import read_study

MAPPINGS = Path(__file__).parents[1] / "mappings"


def test_the_trial_reads() -> None:
    study = read_study(MAPPINGS)
    assert [a.armcd for a in study.arms] == ["NACONT", "PEGIFN"]
    assert study.study_classes() == {"NA", "PEGIFN"}
    assert study.element("PEG") is not None
    assert study.arm("NOPE") is None


def edit_window(raw: dict[str, Any]) -> None:
    raw["visits"][3]["window"] = [100, 197]


def edit_day_zero(raw: dict[str, Any]) -> None:
    raw["visits"][1]["window"] = [0, 1]


def edit_visitdy(raw: dict[str, Any]) -> None:
    raw["visits"][2]["visitdy"] = 300


def edit_epoch(raw: dict[str, Any]) -> None:
    raw["visits"][2]["epoch"] = "FOLLOW-UP"


def edit_etcd(raw: dict[str, Any]) -> None:
    raw["arms"][0]["cells"][1]["etcd"] = "NOPE"


def edit_arm(raw: dict[str, Any]) -> None:
    raw["arms"][1]["armcd"] = "NACONT"


def edit_siteid(raw: dict[str, Any]) -> None:
    raw["sites"]["foshan"]["siteid"] = "01"


def edit_unknown_key(raw: dict[str, Any]) -> None:
    raw["vists"] = []


def edit_gap(raw: dict[str, Any]) -> None:
    del raw["exposure"]["gap_days"]["default"]


def edit_country(raw: dict[str, Any]) -> None:
    raw["country"] = "China"


def edit_criterion(raw: dict[str, Any]) -> None:
    raw["criteria"][1] = raw["criteria"][0]


def edit_rule_kind(raw: dict[str, Any]) -> None:
    raw["criteria"][2]["rule"]["kind"] = "formula"


def edit_comparator(raw: dict[str, Any]) -> None:
    raw["criteria"][2]["rule"]["comparator"] = "="


def edit_duration(raw: dict[str, Any]) -> None:
    raw["criteria"][1]["rule"]["longer_than"] = "1 year"


def edit_two_durations(raw: dict[str, Any]) -> None:
    raw["criteria"][1]["rule"]["at_least"] = "P1Y"


def edit_disease(raw: dict[str, Any]) -> None:
    raw["criteria"][0]["rule"] = {"kind": "diagnosis"}


def edit_two_answers(raw: dict[str, Any]) -> None:
    raw["trial_summary"] = [{"parameter": "AGEMIN", "value": "P18Y", "null_flavor": "NI"}]


def edit_no_answer(raw: dict[str, Any]) -> None:
    raw["trial_summary"] = [{"parameter": "AGEMIN"}]


def edit_unknown_cut(raw: dict[str, Any]) -> None:
    raw["trial_summary"] = [{"parameter": "DCUTDTC", "computed": "data cut"}]


def edit_null_flavor(raw: dict[str, Any]) -> None:
    raw["trial_summary"] = [{"parameter": "AGEMAX", "null_flavor": "NONE"}]


def edit_code(raw: dict[str, Any]) -> None:
    raw["trial_summary"] = [{"parameter": "INDIC", "value": "X", "code": "1"}]


def edit_start(raw: dict[str, Any]) -> None:
    raw["elements"].append({"etcd": "FUP", "element": "Follow-up", "start_rule": "Day after last dose"})
    raw["arms"][0]["cells"].append({"epoch": "TREATMENT", "etcd": "FUP"})


def edit_start_classes(raw: dict[str, Any]) -> None:
    raw["elements"][0]["begins"] = {"at": "informed consent", "treatment_classes": ["NA"]}


def edit_schedule_visit(raw: dict[str, Any]) -> None:
    raw["schedule"] = [{"name": "ALT", "concepts": ["ALT"], "visits": ["WEEK 13"]}]


def edit_schedule_empty(raw: dict[str, Any]) -> None:
    raw["schedule"] = None


def edit_schedule_text(raw: dict[str, Any]) -> None:
    raw["schedule"] = [{"name": "ALT", "concepts": "ALT"}]


def edit_schedule_nowhere(raw: dict[str, Any]) -> None:
    raw["schedule"] = [{"name": "ALT"}]


def edit_schedule_two_places(raw: dict[str, Any]) -> None:
    raw["schedule"] = [{"name": "ALT", "concepts": ["ALT"], "dataset": "LB"}]


def edit_schedule_where(raw: dict[str, Any]) -> None:
    raw["schedule"] = [{"name": "ALT", "concepts": ["ALT"], "where": {"LBCAT": ["CHEMISTRY"]}}]


def edit_schedule_once(raw: dict[str, Any]) -> None:
    raw["schedule"] = [{"name": "Smoking", "dataset": "SU", "once": True}]


def edit_schedule_twice(raw: dict[str, Any]) -> None:
    raw["schedule"] = [{"panel": "Liver", "name": "ALT", "concepts": ["ALT"]}] * 2


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (edit_schedule_visit, "schedule: visit WEEK 13 is not declared; declared are SCREENING, BASELINE"),
        (edit_schedule_empty, "schedule: a list is expected, such as [A, B]; leave the key out where"),
        (edit_schedule_text, "schedule.0.concepts: a list is expected, such as [A, B]; leave"),
        (edit_schedule_nowhere, "name either the `concepts` or the `dataset`"),
        (edit_schedule_two_places, "name either the `concepts` or the `dataset`"),
        (edit_schedule_where, "`where` selects records of a `dataset`"),
        (edit_schedule_once, "`once` is one of several `visits`"),
        (edit_schedule_twice, "schedule Liver: ALT occurs twice"),
        (edit_start, "element FUP of arm NACONT: say when it begins, like begins: {at: after last dose}"),
        (edit_start_classes, "treatment_classes say nothing about 'informed consent'"),
        (edit_criterion, "criterion INCL01 occurs twice"),
        (edit_rule_kind, "criteria.2.rule"),
        (edit_comparator, "criteria.2.rule.result.comparator"),
        (edit_duration, "found '1 year'"),
        (edit_two_durations, "one of `at_least` and `longer_than`"),
        (edit_disease, "`terms` or `codes`"),
        (edit_two_answers, "a `value` stands alone"),
        (edit_no_answer, "give one of `value`, `computed` and `null_flavor`"),
        (edit_unknown_cut, "the data may not say the data cut; give a `null_flavor`"),
        (edit_null_flavor, "found 'NONE'"),
        (edit_code, "`code` and `dictionary` belong together"),
        (edit_window, "visit windows overlap at day 100"),
        (edit_day_zero, "no study day 0"),
        (edit_visitdy, "visitdy 300 lies outside the window"),
        (edit_epoch, "epoch FOLLOW-UP is not declared; declared are SCREENING, TREATMENT"),
        (edit_etcd, "etcd NOPE is not declared"),
        (edit_arm, "armcd NACONT occurs twice"),
        (edit_siteid, "siteid 01 occurs twice"),
        (edit_unknown_key, "vists"),
        (edit_gap, "'default'"),
        (edit_country, "found 'China'"),
    ],
)
def test_wrong_study_is_refused(tmp_path: Path, edit: Callable[[dict[str, Any]], None], said: str) -> None:
    raw = yaml.safe_load((MAPPINGS / "study.yaml").read_text(encoding="utf-8"))
    edit(raw)
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_study(tmp_path)
    assert said in str(caught.value)
    assert str(caught.value).startswith("study.yaml: ")


def test_missing_and_broken_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="name the study folder with --study"):
        read_study(tmp_path)
    (tmp_path / "study.yaml").write_text("a: [1", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is not YAML"):
        read_study(tmp_path)
