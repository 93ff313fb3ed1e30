"""What a Define-XML document says in words, in the language of the build that it goes with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hbv_standards.export.define.model import Define, Item
from hbv_standards.export.define.wording import CHINESE, ENGLISH
from hbv_standards.mapping.rows import TextRow


def collect_translations(rows: Iterable[TextRow], made: Mapping[str, str]) -> dict[str, str]:
    """English → Chinese of the study's methods and comments, and of the sentences that the engine makes."""
    told = {row.key: row.chinese for row in rows}
    return {**told, **made, ENGLISH.collected: CHINESE.collected}


def translate_define(define: Define) -> Define:
    """Methods, comments, structures and origins in Chinese; a text without translation stays English."""
    told = define.translations
    if not told:
        return define
    methods = (
        replace(m, name=_tell(m.name, told), description=_tell(m.description, told)) for m in define.methods
    )
    return replace(
        define,
        methods=tuple(methods),
        comments=tuple(replace(c, text=_tell(c.text, told)) for c in define.comments),
        groups=tuple(replace(g, structure=_tell(g.structure, told)) for g in define.groups),
        items=tuple(_translate_item(item, told) for item in define.items),
    )


def _tell(text: str, told: Mapping[str, str]) -> str:
    return told.get(" ".join(text.split()), text)


def _translate_item(item: Item, told: Mapping[str, str]) -> Item:
    origin = item.origin
    if origin is None or origin.description is None:
        return item
    return replace(item, origin=replace(origin, description=_tell(origin.description, told)))
