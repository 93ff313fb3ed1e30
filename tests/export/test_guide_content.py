"""The content model: numbering, plain text, columns of numbers, widths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.export.guide.content import (
    Bullets,
    Guide,
    Paragraph,
    Section,
    Table,
    conform_guide,
    conform_text,
    number_sections,
    phrase_count,
)
from hbv_standards.export.guide.pdf import compute_widths


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("μmol/L ≤ 5 – “x”", 'umol/L <= 5 - "x"'),
        ("Crohn’s café", "Crohn's cafe"),
        ("ALT 谷", "ALT [U+8C37]"),
        ("a\nb", "a b"),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert conform_text(text) == plain


@given(st.text())
def test_plain_text_is_ascii_and_stays(text: str) -> None:
    plain = conform_text(text)
    assert all(" " <= c <= "~" for c in plain)
    assert conform_text(plain) == plain


def test_numbers_of_sections() -> None:
    sections = [
        Section("A", parts=(Section("B", parts=(Section("C"),)), Section("D"))),
        Section("E"),
        Section("F", appendix=True),
        Section("G", appendix=True),
    ]
    told = [(s.heading, s.level, s.anchor) for s in number_sections(sections)]
    assert told == [
        ("1 A", 1, "section-1"),
        ("1.1 B", 2, "section-1-1"),
        ("1.1.1 C", 3, "section-1-1-1"),
        ("1.2 D", 2, "section-1-2"),
        ("2 E", 1, "section-2"),
        ("Appendix A F", 1, "section-appendix-a"),
        ("Appendix B G", 1, "section-appendix-b"),
    ]


def test_every_text_of_a_guide_becomes_plain() -> None:
    blocks = (Paragraph("≤"), Bullets(("≥",)), Table("→", ("×",), (("é",),)))
    guide = conform_guide(Guide("–", (("—", "…"),), (Section("µ", parts=(Section("’", blocks),)),)))
    assert guide == Guide(
        "-", (("-", "..."),),
        (Section("u", parts=(Section("'", (Paragraph("<="), Bullets((">=",)), Table("->", ("x",), (("e",),)))),)),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "numeric"),
    [(("1,234", "", "-5.5", "0"), True), (("01005", "2"), False), (("", ""), False), (("3", "three"), False)],
)
def test_columns_of_numbers(*, cells: tuple[str, ...], numeric: bool) -> None:
    assert Table("", ("N",), tuple((cell,) for cell in cells)).list_numeric() == (numeric,)


def test_a_table_without_rows_has_no_numbers() -> None:
    assert Table("", ("A", "B"), ()).list_numeric() == (False, False)


@pytest.mark.parametrize(("count", "told"), [(0, "no dose"), (1, "1 dose"), (1234, "1,234 doses")])
def test_counts_in_words(count: int, told: str) -> None:
    assert phrase_count(count, "dose") == told


@given(st.lists(st.tuples(*[st.text("ab ", max_size=90)] * 3), max_size=5))
def test_widths_fill_the_page(rows: list[tuple[str, str, str]]) -> None:
    widths = compute_widths(
        Table("", ("One", "Two", "Three"), tuple(rows)), 170.0, lambda text: 1.5 * len(text)
    )
    assert sum(widths) == pytest.approx(170.0)
    assert min(widths) > 0


def test_short_words_stay_whole_beside_long_text() -> None:
    table = Table("", ("Epoch", "Rule"), (("TREATMENT", "a word and another " * 20),))
    narrow, wide = compute_widths(table, 100.0, lambda text: 2.0 * len(text))
    assert narrow >= 2.0 * len("TREATMENT")
    assert wide > narrow
