"""Paths between units, exact digits, and no path where the tables give none."""

# one case a line reads as the table that it is, and a case may be a bool
# ruff: noqa: FBT001

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.units import UnitConverter, convert_number, convert_text
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.rows import ConversionRow, DimensionRow

SIZES = [  # unit, dimension, factor, offset, scale
    ("g/L", "mass concentration", "1", "0", "linear"),
    ("g/dL", "mass concentration", "10", "0", "linear"),
    ("mg/dL", "mass concentration", "0.01", "0", "linear"),
    ("ug/L", "mass concentration", "0.000001", "0", "linear"),
    ("mol/L", "substance concentration", "1", "0", "linear"),
    ("umol/L", "substance concentration", "0.000001", "0", "linear"),
    ("U/L", "enzyme", "1", "0", "linear"),
    ("ukat/L", "enzyme", "60", "0", "linear"),
    ("IU/mL", "international units", "1000", "0", "linear"),
    ("10^3 IU/mL", "international units", "1000000", "0", "linear"),
    ("IU/L", "international units", "1", "0", "linear"),
    ("log10 IU/mL", "international units", "1000", "0", "log10"),
    ("log10 IU/L", "international units", "1", "0", "log10"),
    ("copies/mL", "copies", "1", "0", "linear"),
    ("log10 copies/mL", "copies", "1", "0", "log10"),
    ("C", "temperature", "1", "0", "linear"),
    ("F", "temperature", "5/9", "-32", "linear"),
    ("K", "temperature", "1", "-273.15", "linear"),
    ("log10 C", "temperature", "1", "0", "log10"),
    ("%", "fraction", "0.01", "0", "linear"),
    ("fraction of 1", "fraction", "1", "0", "linear"),
]
ROWS = [  # row, concept, site, from, to, factor
    ("conversions.csv:2", "HBVDNA", None, "copies/mL", "IU/mL", "100/582"),
    ("conversions.csv:3", "HBVDNA", "guangzhou", "copies/mL", "IU/mL", "0.2"),
    ("conversions.csv:4", "AFP", None, "IU/mL", "ug/L", "1.21"),
    ("conversions.csv:5", "CREA", None, "mg/dL", "umol/L", "88.4"),
    ("conversions.csv:6", "ALT", None, "IU/L", "U/L", "1"),
]
CREATININE = Fraction("113.12")

# number, from, to, concept, site, molar mass, made
CONVERTED = [
    ("6.30", "g/L", "g/L", None, None, None, "6.3"),
    ("6.30", "S/CO", "S/CO", None, None, None, "6.3"),  # unknown to the tables, but the same
    ("4.48", "g/dL", "g/L", None, None, None, "44.8"),
    ("1.50E-2", "g/dL", "g/L", None, None, None, "0.15"),
    ("45.0", "%", "fraction of 1", None, None, None, "0.45"),
    (
        "123456789012345678901234567890.10",
        "IU/mL",
        "10^3 IU/mL",
        None,
        None,
        None,
        "123456789012345678901234567.8901",
    ),
    ("0.5", "ukat/L", "U/L", None, None, None, "30"),
    ("40", "U/L", "ukat/L", None, None, None, "0.6667"),
    ("98.6", "F", "C", None, None, None, "37"),
    ("98.7", "F", "C", None, None, None, "37.06"),
    ("37.0", "C", "F", None, None, None, "98.6"),
    ("0", "C", "K", None, None, None, "273.15"),
    ("0.9", "mg/dL", "umol/L", None, None, CREATININE, "79.56"),
    ("0.90000", "mg/dL", "umol/L", None, None, CREATININE, "79.5615"),
    ("79.56", "umol/L", "mg/dL", None, None, CREATININE, "0.89998"),
    ("0.9", "mg/dL", "umol/L", "CREA", None, CREATININE, "79.56"),
    ("1", "mg/dL", "umol/L", "CREA", None, CREATININE, "88.4"),  # the row goes before the molar mass
    ("1", "g/dL", "umol/L", "CREA", None, CREATININE, "88400"),
    ("6.2", "log10 IU/mL", "IU/mL", None, None, None, "1585000"),
    ("3", "log10 IU/mL", "IU/L", None, None, None, "1000000"),
    ("1850", "IU/mL", "log10 IU/mL", None, None, None, "3.2672"),
    ("1000", "IU/mL", "log10 IU/mL", None, None, None, "3"),
    ("4.20", "log10 IU/mL", "log10 IU/L", None, None, None, "7.2"),
    ("5820", "copies/mL", "IU/mL", "HBVDNA", None, None, "1000"),
    ("5820", "copies/mL", "IU/mL", "HBVDNA", "foshan", None, "1000"),
    ("5820", "copies/mL", "IU/mL", "HBVDNA", "guangzhou", None, "1164"),
    ("5820", "copies/mL", "10^3 IU/mL", "HBVDNA", "guangzhou", None, "1.164"),
    ("4.00", "log10 copies/mL", "log10 IU/mL", "HBVDNA", "guangzhou", None, "3.301"),
    ("4.00", "log10 copies/mL", "IU/mL", "HBVDNA", "guangzhou", None, "2000"),
    ("2000", "IU/mL", "copies/mL", "HBVDNA", "guangzhou", None, "10000"),  # a row also leads back
    ("6.31", "IU/mL", "ug/L", "AFP", None, None, "7.6351"),
    ("40", "IU/L", "U/L", "ALT", None, None, "40"),
    ("-0.0", "g/dL", "g/L", None, None, None, "0"),
]
NO_PATH = [
    ("IU/mL", "ug/L", None, None, None),  # the row belongs to AFP
    ("copies/mL", "IU/mL", None, None, None),
    ("mg/dL", "umol/L", None, None, None),  # no molar mass
    ("S/CO", "IU/mL", "HBEAB", None, None),
    ("g/L", "U/L", None, None, CREATININE),
    ("F", "log10 C", None, None, None),  # a logarithm of a shifted quantity
]
NO_VALUE = [("0", "IU/mL", "log10 IU/mL"), ("-1", "IU/mL", "log10 IU/mL"), ("300", "log10 IU/mL", "IU/mL"),
            ("1E75", "IU/mL", "IU/L"), ("<5", "g/L", "g/dL")]  # fmt: skip


def read_sizes() -> list[DimensionRow]:
    names = ("unit_value", "dimension", "factor", "offset", "scale")
    return [
        DimensionRow.model_validate(
            {"row": f"unit_dimensions.csv:{line}", **dict(zip(names, cells, strict=True))}
        )
        for line, cells in enumerate(SIZES, start=2)
    ]


def read_rows() -> list[ConversionRow]:
    names = ("row", "concept_id", "site", "from_unit", "to_unit", "factor")
    return [
        ConversionRow.model_validate({**dict(zip(names, cells, strict=True)), "source": "test"})
        for cells in ROWS
    ]


CONVERTER = UnitConverter(read_sizes(), read_rows())
exact_units = st.sampled_from(
    [("g/dL", "g/L"), ("IU/mL", "10^3 IU/mL"), ("%", "fraction of 1"), ("C", "K"), ("ug/L", "g/L")]
)
sent_numbers = st.decimals(min_value=0, max_value=10**6, places=4)


@pytest.mark.parametrize(("number", "start", "goal", "concept_id", "site", "molar_mass", "made"), CONVERTED)
def test_convert(
    number: str,
    start: str,
    goal: str,
    concept_id: str | None,
    site: str | None,
    molar_mass: Fraction | None,
    made: str,
) -> None:
    conversion = CONVERTER.compute_factor(
        start, goal, concept_id=concept_id, site=site, molar_mass=molar_mass
    )
    assert conversion is not None
    assert convert_text(number, conversion) == made


@pytest.mark.parametrize(("start", "goal", "concept_id", "site", "molar_mass"), NO_PATH)
def test_no_path(
    start: str, goal: str, concept_id: str | None, site: str | None, molar_mass: Fraction | None
) -> None:
    assert (
        CONVERTER.compute_factor(start, goal, concept_id=concept_id, site=site, molar_mass=molar_mass) is None
    )


@pytest.mark.parametrize(("number", "start", "goal"), NO_VALUE)
def test_no_value(number: str, start: str, goal: str) -> None:
    conversion = CONVERTER.compute_factor(start, goal)
    assert conversion is not None
    assert convert_text(number, conversion) is None


def test_a_conversion_names_its_row() -> None:
    def row_of(site: str | None) -> str | None:
        found = CONVERTER.compute_factor("copies/mL", "log10 IU/mL", concept_id="HBVDNA", site=site)
        return found.row if found else "no path"

    assert row_of("guangzhou") == "conversions.csv:3"
    assert row_of("foshan") == "conversions.csv:2"
    assert CONVERTER.compute_factor("g/dL", "g/L", concept_id="HBVDNA").row is None  # type: ignore[union-attr]


@pytest.mark.parametrize(("start", "goal", "exact"), [("g/dL", "g/L", True), ("C", "F", True), ("F", "C", False),
                                                     ("IU/mL", "log10 IU/mL", False), ("log10 IU/mL", "log10 IU/L", True)])  # fmt: skip
def test_exactness(start: str, goal: str, exact: bool) -> None:
    conversion = CONVERTER.compute_factor(start, goal)
    assert conversion is not None
    assert conversion.exact is exact


def test_a_molar_mass_is_measured_and_so_never_exact() -> None:
    conversion = CONVERTER.compute_factor("g/L", "mol/L", molar_mass=Fraction(100))
    assert conversion is not None
    assert not conversion.exact


def test_scale_of_a_unit() -> None:
    assert [CONVERTER.scale_of(u) for u in ("log10 IU/mL", "IU/mL", "S/CO", None)] == ["log10"] + [
        "linear"
    ] * 3


@pytest.mark.parametrize("factor", ["0", "-1"])
def test_a_factor_not_above_0_is_a_configuration_error(factor: str) -> None:
    row = ConversionRow.model_validate(
        {
            "row": "concepts/conversions.csv:7",
            "concept_id": "A",
            "from_unit": "a",
            "to_unit": "b",
            "factor": factor,
            "source": "x",
        }
    )
    with pytest.raises(
        ConfigurationError, match=r"concepts/conversions.csv row 7: factor -?\d must be above 0"
    ):
        UnitConverter([], [row])


@given(sent_numbers, exact_units)
def test_there_and_back_is_the_same_number(number: Decimal, units: tuple[str, str]) -> None:
    there, back = CONVERTER.compute_factor(*units), CONVERTER.compute_factor(*units[::-1])
    assert there is not None
    assert back is not None
    made = convert_text(str(number), there)
    assert made is not None
    returned = convert_text(made, back)
    assert returned is not None
    assert Decimal(returned) == number


@given(
    st.decimals(min_value="0.0001", max_value=10**9, places=4),
    st.sampled_from(["log10 IU/mL", "IU/L", "10^3 IU/mL"]),
)
def test_rounding_is_small_beside_what_was_sent(number: Decimal, goal: str) -> None:
    there, back = CONVERTER.compute_factor("IU/mL", goal), CONVERTER.compute_factor(goal, "IU/mL")
    assert there is not None
    assert back is not None
    exact, written = convert_number(str(number), there), convert_text(str(number), there)
    assert exact is not None
    assert written is not None
    assert abs(Fraction(written) - exact) <= abs(exact) / 2000


@given(st.lists(st.decimals(min_value=1, max_value=10**7, places=2), min_size=2, max_size=6, unique=True))
def test_order_of_results_is_kept(numbers: list[Decimal]) -> None:
    conversion = CONVERTER.compute_factor("copies/mL", "log10 IU/mL", concept_id="HBVDNA")
    assert conversion is not None
    made = [convert_number(str(n), conversion) for n in sorted(numbers)]
    assert made == sorted(made, key=lambda n: n or Fraction(0))
