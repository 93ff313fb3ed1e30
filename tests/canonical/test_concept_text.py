"""A CodeableConcept as one text, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.canonical.concept_text import (
    Coding,
    join_concept,
    join_concepts,
    split_concept,
    split_concepts,
)

PART = st.text(st.characters(exclude_characters="\x1d\x1e\x1f", exclude_categories=["Cs"]), max_size=8)
CODING = st.tuples(PART, PART, PART).filter(any)


@given(PART, st.lists(CODING, max_size=3))
def test_what_was_joined_comes_back(text: str, codings: list[tuple[str, str, str]]) -> None:
    joined = join_concept(text, codings)
    if not text and not codings:
        assert joined is None
    else:
        assert joined is not None
        assert split_concept(joined) == (text, tuple(Coding(*coding) for coding in codings))


@pytest.mark.parametrize(
    ("text", "codings", "joined"),
    [
        (None, [], None),
        ("", [(None, None, None), ("", "", "")], None),
        ("谷丙转氨酶", [], "谷丙转氨酶"),
        (None, [("http://loinc.org", "1742-6", None)], "\x1ehttp://loinc.org\x1f1742-6\x1f"),
        ("ALT", [("s", "1", "d"), (None, "2", None)], "ALT\x1es\x1f1\x1fd\x1e\x1f2\x1f"),
        ("a\x1eb", [("s\x1d", "c\x1f", "d")], "a b\x1es \x1fc \x1fd"),  # separators inside become blanks
    ],
)
def test_layout(
    text: str | None, codings: list[tuple[str | None, str | None, str | None]], joined: str | None
) -> None:
    assert join_concept(text, codings) == joined


def test_plain_text_is_a_concept_without_coding() -> None:
    assert split_concept("阴性") == ("阴性", ())


@given(st.lists(st.one_of(st.none(), PART), max_size=4))
def test_several_concepts(concepts: list[str | None]) -> None:
    present = tuple(concept for concept in concepts if concept)
    joined = join_concepts(concepts)
    assert (joined is None) == (not present)
    assert split_concepts(joined or "") == present
