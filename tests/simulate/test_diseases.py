"""The table of diseases, and drawing from it."""

from __future__ import annotations

from random import Random

from hbv_standards.simulate.diseases import choose_diseases, list_diseases

KINDS = ("primary", "history", "refuted", "unmapped", "family", "neutrophil", "platelet", "flare", "stop", "death",
         "PEGIFN", "NACONT")  # fmt: skip


def test_every_kind_has_diseases_with_words_in_two_languages() -> None:
    for kind in KINDS:
        assert list_diseases(kind), kind
        for disease in list_diseases(kind):
            assert disease.english.isascii()
            assert not disease.chinese.isascii()


def test_reactions_have_severity_and_days_in_order() -> None:
    for disease in (*list_diseases("PEGIFN"), *list_diseases("NACONT")):
        assert disease.severity in ("MILD", "MODERATE", "SEVERE")
        assert int(disease.from_day) < int(disease.to_day)


def test_none_is_drawn_twice_and_the_order_is_that_of_the_table() -> None:
    table = list_diseases("history")
    for seed in range(20):
        drawn = choose_diseases("history", 3, Random(seed))
        assert len(drawn) == 3
        assert drawn == [disease for disease in table if disease in drawn]


def test_what_weighs_more_is_drawn_more_often() -> None:
    drawn = [choose_diseases("PEGIFN", 1, Random(seed))[0] for seed in range(300)]
    counts = {disease.english: drawn.count(disease) for disease in list_diseases("PEGIFN")}
    assert counts["Pyrexia"] > counts["Alopecia"] > 0
