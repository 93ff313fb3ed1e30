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


@pytest.mark.parametrize(
    ("edit", "said"),
    [
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
