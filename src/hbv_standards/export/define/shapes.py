"""Data types, lengths and digits of values, as Define-XML 2.1 means them, read from the data.

The type of an item is the narrowest that holds for every value. Dates follow ODM 1.3.2: ``date`` and
``datetime`` are complete, the ``partial`` types are cut from the right, ``incompleteDatetime`` has a
part missing in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from hbv_standards.export.define.model import Shape

_TIME = r"T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_GAPS = r"(\d{4}|-)(-(\d{2}|-)){0,2}(T(\d{2}|-)(:(\d{2}|-)){0,2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?"
_DURATION = r"-?P(\d+W|(?=.)(\d+Y)?(\d+M)?(\d+(\.\d+)?D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)"

DATE_TYPES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("date", _DAY),
        ("datetime", _DAY + r"T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?"),
        ("partialDate", rf"\d{{4}}(-\d{{2}})?|{_DAY}"),
        ("partialDatetime", rf"\d{{4}}(-\d{{2}})?|{_DAY}({_TIME})?"),
        ("incompleteDatetime", _GAPS),
        ("intervalDatetime", f"{_GAPS}/{_GAPS}"),
        ("durationDatetime", _DURATION),
    )
)
"""Types of ISO 8601 text, narrowest first."""

_INTEGER = r"-?(0|[1-9]\d*)"
NUMBER_TYPES = (("integer", re.compile(_INTEGER)), ("float", re.compile(rf"{_INTEGER}(\.\d+)?")))

_DURATIONS = dict.fromkeys(("DUR", "ELTM", "EVLINT", "STINT", "ENINT"), "durationDatetime")
ISO_ENDINGS = {"DTC": "datetime", **_DURATIONS}
"""Ends of names of ISO 8601 variables (SDTMIG 4.4.1 to 4.4.3), and the type where there is no value."""


def describe_numbers(values: pd.Series[Any]) -> Shape:
    """Shape of a Num variable; ``values`` is float64, missing as NaN."""
    texts = [write_number(value) for value in values.dropna().unique().tolist()]
    return describe_number_texts(texts) or Shape("integer", 8)


@lru_cache(maxsize=2**16)  # the values of a variable are described again by test
def write_number(value: float) -> str:
    """The shortest decimal text of a double, without exponent: 79.56, 100, 0.00001."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def describe_number_texts(texts: Sequence[str]) -> Shape | None:
    """Integer or float when all texts are plain numbers; None when one is not or there is none."""
    for datatype, pattern in NUMBER_TYPES:
        if texts and all(map(pattern.fullmatch, texts)):
            longest = max(map(len, texts))
            if datatype == "integer":
                return Shape(datatype, longest)
            return Shape(datatype, longest, max(len(text.partition(".")[2]) for text in texts))
    return None


def describe_dates(texts: Iterable[str]) -> Shape | None:
    """Shape of ISO 8601 texts; None when one of them is none or there is none."""
    texts = list(texts)
    for datatype, pattern in DATE_TYPES:
        if texts and all(map(pattern.fullmatch, texts)):
            return Shape(datatype)
    return None


def describe_texts(name: str, values: pd.Series[Any], length: int) -> Shape:
    """Shape of a Char variable: of its ISO 8601 type when its name says it is one, else text.

    ``values`` is text, missing as NaN; ``length`` is that of the XPT header.
    """
    ending = next((end for end in ISO_ENDINGS if name.endswith(end)), None)
    if ending is None:
        return Shape("text", length)
    texts = values.dropna().unique().tolist()
    return describe_dates(texts) or (Shape("text", length) if texts else Shape(ISO_ENDINGS[ending]))


def describe_values(texts: Sequence[str], *, dates: bool = False) -> Shape:
    """Shape of the part of a Char variable that a where-clause selects: numbers where all are, else text."""
    shape = describe_number_texts(texts) or (describe_dates(texts) if dates else None)
    return shape or Shape("text", max((len(text.encode("utf-8")) for text in texts), default=1))
