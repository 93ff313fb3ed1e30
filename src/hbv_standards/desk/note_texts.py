"""Notes about the Chinese of methods and comments: what is not translated, and what translates nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hbv_standards.desk.note import Note, build_note
from hbv_standards.mapping.rows import TextRow
from hbv_standards.mapping.table_models import TEXTS
from hbv_standards.mapping.tables import is_lent
from hbv_standards.sdtm.spec import locate_specs, read_methods, read_specs
from hbv_standards.sdtm.spec_texts import SpecText, list_texts
from hbv_standards.standards.tables import phrase_nearest


def note_texts(rows: list[TextRow], folder: Path) -> Iterator[Note]:
    """Notes on ``texts_zh.csv`` against the methods and comments of the study in ``folder``."""
    specs = locate_specs(folder)
    texts = list(list_texts(read_specs(specs).values(), read_methods(specs).values()))
    known = {row.key for row in rows}
    waiting = [text for text in texts if text.text not in known]
    yield from _note_waiting(waiting)
    yield from _note_stale(rows, texts, waiting)


def _note_waiting(texts: list[SpecText]) -> Iterator[Note]:
    """Texts that the Chinese build tells in English, by file of ``specs``."""
    for file in dict.fromkeys(text.file for text in texts):
        own = list(dict.fromkeys(text for text in texts if text.file == file))
        many = "1 text has" if len(own) == 1 else f"{len(own)} texts have"
        first = f"the first of {own[0].place}: {own[0].text!r}"
        cure = f"add it to {TEXTS.name}, or the Chinese build tells it in English"
        yield Note(file, 0, f"{many} no Chinese, {first}; {cure}")


def _note_stale(rows: list[TextRow], texts: list[SpecText], waiting: list[SpecText]) -> Iterator[Note]:
    """Translations of what nobody says any more; the package's own table may speak of other specs."""
    said = {text.text for text in texts}
    for row in rows:
        if row.key not in said and not is_lent(row):
            near = phrase_nearest(row.key, [text.text for text in waiting])
            message = f"english {row.english!r} is no text of specs{near}"
            yield build_note(row, f"{message}; translate the text as it is now, or delete the row")
