"""Characters that FHIR text cannot hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.text_faults import find_control_character, mark_lone_surrogates


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b'{"a":"x"}', None),
        (b'{"a":"\\u0009\\u000a\\u000D\\u00e9\\u0041"}', None),
        (b'{"a":"\\\\u0001"}', None),
        (b'{"a":[{"b":1.0},{"b":"\\u0001"}]}', "a[1].b"),
        (b'{"a":"\\u001f"}', "a"),
    ],
)
def test_control_characters_are_found(raw: bytes, path: str | None) -> None:
    assert find_control_character(raw) == path


@pytest.mark.parametrize(
    ("raw", "marked"),
    [
        (b'"\\ud83d\\ude00"', b'"\\ud83d\\ude00"'),
        (b'"\\ud83d"', b'"\\u0000"'),
        (b'"\\ude00\\ud83d\\ude00"', b'"\\u0000\\ud83d\\ude00"'),
        (b'"\\ud83d\\ud83d\\ude00"', b'"\\u0000\\ud83d\\ude00"'),
        (b'"\\\\ud83d"', b'"\\\\ud83d"'),
        (b'"\\ud83dx\\ude00"', b'"\\u0000x\\u0000"'),
    ],
)
def test_halves_are_marked(raw: bytes, marked: bytes) -> None:
    assert mark_lone_surrogates(raw) == marked


@given(st.text(st.characters(codec="utf-8")))
def test_sound_text_is_left_alone(text: str) -> None:
    raw = json.dumps(text).encode()
    assert mark_lone_surrogates(raw) == raw
