"""Columns: text becomes bytes, numbers become doubles, and what cannot survive is refused by name."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.errors import ExportError
from hbv_standards.export.xpt_columns import (
    ENCODINGS,
    convert_numbers,
    encode_text,
    read_encoding,
    refuse_unwritable_text,
)

PLACE = "LB.LBORRES"
texts = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Co"]), max_size=8))


def _split(values: pd.Series[Any], encoding: str) -> list[bytes]:
    encoded = encode_text(values, encoding, PLACE)
    data = encoded.data.tobytes()
    return [data[start:end] for start, end in zip(encoded.starts[:-1], encoded.starts[1:], strict=True)]


def _refuse(values: list[Any], *, length: int = 200, encoding: str = "ascii") -> str:
    column = pd.Series(values, dtype=object)
    with pytest.raises(ExportError) as caught:
        refuse_unwritable_text(
            encode_text(column, encoding, PLACE), column, length=length, encoding=encoding, place=PLACE
        )
    return str(caught.value)


@pytest.mark.parametrize("name", ["ASCII", "us-ascii", "utf8", "UTF-8", "GB18030", "gb18030-2000"])
def test_encoding_names_are_made_canonical(name: str) -> None:
    assert read_encoding(name) in ENCODINGS


@pytest.mark.parametrize("name", ["utf-16", "gbk", "latin-1", "no-such-encoding", ""])
def test_other_encodings_are_refused(name: str) -> None:
    with pytest.raises(ExportError, match="is not one of ascii, utf-8, gb18030"):
        read_encoding(name)


@pytest.mark.parametrize("dtype", ["str", object, "string[python]", "string[pyarrow]"])
def test_every_text_column_gives_the_same_bytes(dtype: Any) -> None:
    values = pd.Series(["a", None, "", "bc"], dtype=dtype)
    assert _split(values, "ascii") == [b"a", b"", b"", b"bc"]
    assert _split(values[1:], "ascii") == [b"", b"", b"bc"]
    assert _split(values[::-2], "ascii") == [b"bc", b""]
    assert _split(values[:0], "ascii") == []


def test_every_kind_of_missing_text() -> None:
    values = pd.Series(["a", None, np.nan, pd.NA, pd.NaT, Decimal("NaN")], dtype=object)
    assert _split(values, "ascii") == [b"a", b"", b"", b"", b"", b""]
    assert _split(pd.Series([None, np.nan], dtype=object), "utf-8") == [b"", b""]
    assert _split(pd.Series([None, None], dtype="str"), "utf-8") == [b"", b""]


@given(texts, st.sampled_from(["utf-8", "gb18030"]))
def test_text_is_encoded_as_python_does(values: list[str], encoding: str) -> None:
    legal = ["".join(c for c in value if c < "\u9fb4" and c != "\u1e3f") for value in values]
    expected = [value.encode(encoding) for value in legal]
    assert _split(pd.Series(legal, dtype=object), encoding) == expected
    assert _split(pd.Series(legal, dtype="str"), encoding) == expected


@given(texts.filter(any), st.data())
def test_blocks_are_the_padded_values(values: list[str], data: st.DataObject) -> None:
    encoded = encode_text(pd.Series(values, dtype="str"), "utf-8", PLACE)
    width = max(1, int(encoded.lengths.max()))
    first = data.draw(st.integers(0, len(values) - 1))
    last = data.draw(st.integers(first + 1, len(values)))
    wide = np.full((last - first, width + 5), 0x20, dtype=np.uint8)
    encoded.write_into(wide[:, 2 : 2 + width], first)
    assert [row.tobytes() for row in wide] == [
        b"  " + value.encode().ljust(width + 3) for value in values[first:last]
    ]


def test_find_row_passes_over_empty_values() -> None:
    encoded = encode_text(pd.Series([None, "ab", "", None, "c"], dtype=object), "ascii", PLACE)
    assert [encoded.find_row(position) for position in range(3)] == [1, 1, 4]


REFUSED_TEXT = [
    (
        ["ok", "x" * 9],
        {"length": 8},
        "row 2: value 'xxxxxxxxx' has more bytes in ascii than the 8",
    ),
    (
        ["未检出"],
        {"length": 8, "encoding": "utf-8"},
        "row 1: value '未检出' has more bytes in utf-8",
    ),
    (["未检出了"], {"length": 7, "encoding": "gb18030"}, "has more bytes in gb18030 than the 7"),
    (["ok", None, " x"], {}, "row 3: value ' x' starts with a blank"),
    (["ok", "x "], {}, "row 2: value 'x ' ends with a blank"),
    (["   "], {}, "row 1: value '   ' starts with a blank"),
    ([".", "."], {}, "row 1: value '.' is a lone full stop"),
    ([None, "a\tb"], {}, r"row 2: value 'a\tb' holds a control character"),
    (["", "x", "a\x7f"], {}, "row 3: value 'a\\x7f' holds a control character"),
    (["a\nb"], {"encoding": "utf-8"}, "holds a control character"),
    (["é", "a\x85b"], {"encoding": "utf-8"}, r"row 2: value 'a\x85b' holds a control character"),
    (["a\x80"], {"encoding": "gb18030"}, "holds a control character"),
    (["U/L", "μmol/L"], {}, "row 2: value 'μmol/L' holds 'μ' (U+03BC), which ascii cannot carry; map it"),
    (["ok", "a\ud800"], {}, "row 2: value 'a\\ud800' holds '\\ud800' (U+D800), which utf-8 cannot carry"),
    (
        ["好", "龴"],
        {"encoding": "gb18030"},
        "row 2: value '龴' holds '龴' (U+9FB4), which gb18030",
    ),
    (["ok", None, 5], {}, "row 3: value 5 is int, not text"),
    ([b"x"], {}, "row 1: value b'x' is bytes, not text"),
    (["y" * 300], {}, "row 1: value 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy… has more bytes"),
]


@pytest.mark.parametrize(("values", "options", "message"), REFUSED_TEXT)
def test_unwritable_text_is_refused(values: list[Any], options: dict[str, Any], message: str) -> None:
    refusal = _refuse(values, **options)
    assert refusal.startswith(f"{PLACE} row ")
    assert message in refusal
    assert refusal.count("; ") == 1, "what is wrong, then the cure"


@pytest.mark.parametrize("value", ["..", ".5", "a.b", "a b", "~", "!", "x" * 200, "'\"", "　全角空格"])
def test_near_misses_pass(value: str) -> None:
    column = pd.Series([value, None, ""], dtype=object)
    encoded = encode_text(column, "utf-8", PLACE)
    refuse_unwritable_text(encoded, column, length=200, encoding="utf-8", place=PLACE)
    assert int(encoded.lengths.sum()) == len(value.encode())


@pytest.mark.parametrize("dtype", ["float64", "category", "bool", "datetime64[ns]"])
def test_char_variable_of_another_dtype_is_refused(dtype: str) -> None:
    with pytest.raises(ExportError, match=r"^LB\.LBORRES: a Char variable cannot be a column of"):
        encode_text(pd.Series([1, 0]).astype(dtype), "ascii", PLACE)


NUMBERS = [
    (pd.Series([1.5, np.nan, -0.25]), [1.5, math.nan, -0.25]),
    (pd.Series([1, -2]), [1.0, -2.0]),
    (pd.Series([1, 2**53 - 1], dtype="uint64"), [1.0, 9007199254740991.0]),
    (pd.Series([1, None], dtype="Int64"), [1.0, math.nan]),
    (pd.Series([0.5, None], dtype="Float64"), [0.5, math.nan]),
    (pd.Series([Decimal("0.1"), None, Decimal("6.30")], dtype=object), [0.1, math.nan, 6.3]),
    (
        pd.Series([Decimal("1E-30"), np.nan, pd.NA, 7, 0.5], dtype=object),
        [1e-30, math.nan, math.nan, 7.0, 0.5],
    ),
    (pd.Series([Decimal("0E-400"), Decimal("NaN")], dtype=object), [0.0, math.nan]),
    (pd.Series([None, None], dtype=object), [math.nan, math.nan]),
    (pd.Series([np.int64(3), np.float32(0.5)], dtype=object), [3.0, 0.5]),
]


@pytest.mark.parametrize(("column", "expected"), NUMBERS)
def test_numbers(column: pd.Series[Any], expected: list[float]) -> None:
    numbers = convert_numbers(column, "LB.LBSTRESN")
    assert numbers.dtype == np.float64
    np.testing.assert_array_equal(numbers, expected)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20))
def test_decimal_becomes_the_nearest_double(value: Decimal) -> None:
    assert convert_numbers(pd.Series([value], dtype=object), "LB.LBSTRESN").tolist() == [float(value)]


REFUSED_NUMBERS = [
    (pd.Series([1.0, np.inf]), "row 2: value inf cannot be represented"),
    (pd.Series([-np.inf]), "row 1: value -inf cannot"),
    (pd.Series([1e76]), "row 1: value 1e+76 cannot"),
    (pd.Series([1.0, np.nan, 1e-79]), "row 3: value 1e-79 cannot"),
    (pd.Series([1, 2**53]), "row 2: value 9007199254740992 cannot"),
    (pd.Series([-(2**63)]), "row 1: value -9223372036854775808 cannot"),
    (pd.Series([Decimal("1E-400")], dtype=object), "row 1: value 1E-400 cannot"),
    (pd.Series([None, Decimal("1E+400")], dtype=object), "row 2: value 1E+400 cannot"),
    (pd.Series([Decimal("Infinity")], dtype=object), "row 1: value Infinity cannot"),
    (pd.Series([10**400], dtype=object), "row 1: value 1000000"),
    (pd.Series([2**60 + 1], dtype=object), "row 1: value 1152921504606846977 cannot"),
    (pd.Series([None, Decimal(1), "5"], dtype=object), "row 3: value '5' is str, not a number"),
    (pd.Series([np.int64(2**53)], dtype=object), "row 1: value 9007199254740992 cannot"),
    (pd.Series([1.0, True], dtype=object), "row 2: value True is bool, not a number"),
]


@pytest.mark.parametrize(("column", "message"), REFUSED_NUMBERS)
def test_unwritable_numbers_are_refused(column: pd.Series[Any], message: str) -> None:
    with pytest.raises(ExportError) as caught:
        convert_numbers(column, "LB.LBSTRESN")
    assert str(caught.value).startswith(f"LB.LBSTRESN {message}")
    assert "make the variable Char" in str(caught.value)


@pytest.mark.parametrize("dtype", ["str", "bool", "category", "complex128"])
def test_num_variable_of_another_dtype_is_refused(dtype: str) -> None:
    with pytest.raises(ExportError, match=r"^LB\.LBSTRESN: a Num variable cannot be a column of"):
        convert_numbers(pd.Series([1, 0]).astype(dtype), "LB.LBSTRESN")
