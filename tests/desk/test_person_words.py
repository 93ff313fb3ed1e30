"""Who is named in a delivery, whatever its Patients look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hbv_standards.desk.person_words import PersonWords, read_person_words

from .sending import build_patient, write_delivery


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": [{"text": "王 小明"}]}, PersonWords(chinese=frozenset({"王小明"}))),
        ({"name": [{"family": "王", "given": ["小明"]}]}, PersonWords(chinese=frozenset({"王小明"}))),
        (
            {"name": [{"family": "Li", "given": ["Wei", "A."]}]},
            PersonWords(names=frozenset({"li wei a", "wei a li"})),
        ),
        ({"identifier": [{"value": "M0017"}, {"value": "17"}]}, PersonWords(numbers=frozenset({"M0017"}))),
        ({"birthDate": "1980-01-31"}, PersonWords(numbers=frozenset({"1980-01-31", "19800131"}))),
        ({"birthDate": "1980"}, PersonWords()),
        ({"telecom": [{"value": "010-1234567"}]}, PersonWords(numbers=frozenset({"010-1234567"}))),
        (
            {"address": [{"line": ["Long Street 1", None]}, "x"]},
            PersonWords(numbers=frozenset({"Long Street 1"})),
        ),
        ({"name": "x", "identifier": {}, "telecom": None, "address": 5, "birthDate": []}, PersonWords()),
    ],
)
def test_words_of_a_patient(tmp_path: Path, sent: dict[str, Any], words: PersonWords) -> None:
    write_delivery(tmp_path, [build_patient(1, **sent)])
    assert read_person_words([tmp_path], ["ward"], "ward") == words


def test_what_cannot_be_read_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "cut.ndjson").write_text('{"resourceType": "Patient", "name": [{"text"', encoding="utf-8")
    assert read_person_words([tmp_path], ["ward"], "ward") == PersonWords()
