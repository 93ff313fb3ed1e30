"""What a guide says, before it is a page or a PDF: sections of paragraphs, lists and tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_NUMBER = re.compile(r"-?(0|[1-9][\d,]*)(\.\d+)?")  # no leading zero: 01005 is a name

_PLAIN = str.maketrans(
    {
        "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"',
        "→": "->", "≤": "<=", "≥": ">=", "×": "x", "…": "...", "µ": "u", "μ": "u", "\n": " ", "\t": " ",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text; every row has as many as the header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def list_numeric(self) -> tuple[bool, ...]:
        """Whether each column holds numbers alone, which are set to the right."""
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.header)
        return tuple(any(c) and all(_NUMBER.fullmatch(cell) for cell in c if cell) for c in columns)


Block = Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; ``appendix`` sections have letters for numbers."""

    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """A whole guide; ``facts`` are the lines below its title."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class NumberedSection:
    """A section in its place: ``number`` "3.2", ``level`` from 1."""

    number: str
    level: int
    section: Section

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number} {self.section.title}"

    @property
    def anchor(self) -> str:
        """Identifier that links lead to."""
        return f"section-{self.number.lower().replace('.', '-').replace(' ', '-')}"


def number_sections(sections: Iterable[Section]) -> Iterator[NumberedSection]:
    """All sections in the order of reading, numbered: 1, 1.1, ... and appendices A, B, ..."""
    plain, letters = 0, 0
    for section in sections:
        if section.appendix:
            number, letters = f"Appendix {chr(ord('A') + letters)}", letters + 1
        else:
            plain += 1
            number = str(plain)
        yield from _number_parts(section, number, 1)


def _number_parts(section: Section, number: str, level: int) -> Iterator[NumberedSection]:
    yield NumberedSection(number, level, section)
    for place, part in enumerate(section.parts, 1):
        yield from _number_parts(part, f"{number}.{place}", level + 1)


def conform_text(text: str) -> str:
    """Text in printable ASCII, so that page and PDF say the same in any font.

    Typographic signs become their plain form, accents are dropped, and a character that has no such
    form shows its code point: nothing vanishes.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join(c if " " <= c <= "~" else f"[U+{ord(c):04X}]" for c in kept)


def conform_guide(guide: Guide) -> Guide:
    """The guide with every text in printable ASCII."""
    return Guide(
        conform_text(guide.title),
        tuple((conform_text(name), conform_text(value)) for name, value in guide.facts),
        tuple(_conform_section(section) for section in guide.sections),
    )


def _conform_section(section: Section) -> Section:
    return replace(
        section,
        title=conform_text(section.title),
        blocks=tuple(_conform_block(block) for block in section.blocks),
        parts=tuple(_conform_section(part) for part in section.parts),
    )


def _conform_block(block: Block) -> Block:
    match block:
        case Paragraph(text):
            return Paragraph(conform_text(text))
        case Bullets(items):
            return Bullets(tuple(map(conform_text, items)))
        case Table(title, header, rows):
            cells = tuple(tuple(map(conform_text, row)) for row in rows)
            return Table(conform_text(title), tuple(map(conform_text, header)), cells)


def write_count(count: int) -> str:
    """A count as people read it: 1,234."""
    return f"{count:,}"


def phrase_count(count: int, noun: str, plural: str | None = None) -> str:
    """ "1 subject", "24 subjects", "no subject"."""
    if count == 0:
        return f"no {noun}"
    return f"{write_count(count)} {noun if count == 1 else plural or noun + 's'}"
