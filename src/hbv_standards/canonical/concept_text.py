"""A FHIR CodeableConcept as one line of text, so that a column can hold it and unique values stay few.

The text comes first, then the codings, joined by RS; a coding is its system, code and display,
joined by US; what is absent is empty. Several concepts of one element are joined by GS. FHIR
strings hold no such control characters (R4 datatypes, ``string``); one that does gets a blank
in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

RS = "\x1e"  # between the text and each coding
US = "\x1f"  # between system, code and display of a coding
GS = "\x1d"  # between concepts of one element (Observation.category)

_SEPARATORS = re.compile(r"[\x1d-\x1f]")


class Coding(NamedTuple):
    """One coding of a concept; parts that were not sent are empty."""

    system: str = ""
    code: str = ""
    display: str = ""


CodingParts = tuple[str | None, str | None, str | None]
"""System, code and display of a coding, as sent."""


def join_concept(text: str | None, codings: Iterable[CodingParts]) -> str | None:
    """The concept as one text; ``None`` when it holds neither text nor a coding with content.

    ``codings`` are (system, code, display). Empty codings are left out.
    """
    joined = (US.join(_blank_separators(part) for part in coding) for coding in codings if any(coding))
    parts = [_blank_separators(text), *joined]
    return RS.join(parts) if len(parts) > 1 or parts[0] else None


def split_concept(concept_text: str) -> tuple[str, tuple[Coding, ...]]:
    """Text and codings of what :func:`join_concept` wrote; a plain text is a concept without coding."""
    text, *codings = concept_text.split(RS)
    return text, tuple(Coding(*[*coding.split(US), "", ""][:3]) for coding in codings)


def join_concepts(concept_texts: Iterable[str | None]) -> str | None:
    """Several concepts of one element as one text; absent ones are left out, ``None`` when none is left."""
    return GS.join(concept for concept in concept_texts if concept) or None


def split_concepts(joined: str) -> tuple[str, ...]:
    """The concepts of what :func:`join_concepts` wrote."""
    return tuple(joined.split(GS)) if joined else ()


def _blank_separators(part: str | None) -> str:
    return _SEPARATORS.sub(" ", part) if part else ""
