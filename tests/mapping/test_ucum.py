"""UCUM by structure: exact sizes, nothing lost, and none of the answers that a library's arithmetic gives."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.mapping.ucum import UcumUnit, describe_ucum, read_ucum


@cache
def library() -> Any:
    """The arithmetic of the package whose grammar is used: a second source for what it does well."""
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()


def read(code: str) -> UcumUnit:
    unit, problem = read_ucum(code)
    assert unit is not None, problem
    return unit


EQUAL = [  # code, other code of the same amount
    ("mmol.L-1", "mmol/L"),
    ("mol/m3", "mmol/l"),
    ("umol/mL", "mmol/L"),
    ("ug/mL", "mg/L"),
    ("g%", "g/dL"),
    ("10*9/L", "10^9/L"),
    ("/nL", "10*9/L"),
    ("10*3/uL", "10*9/L"),
    ("1/min", "/min"),
    ("min-1", "/min"),
    ("[iU]/mL", "[IU]/mL"),
    ("k[IU]/L", "[IU]/mL"),
    ("u[IU]/mL", "m[IU]/L"),
    ("umol/min/L", "U/L"),
    ("umol/(min.L)", "U/L"),
    ("10*3.{copies}/mL", "{copies}/uL"),
    ("kat/L", "60000.U/mL"),
    ("cm3", "mL"),
    ("m[Hg]", "10*3.mm[Hg]"),
    ("{a}.{b}/L", "{b}.{a}/L"),
    ("{}/L", "/L"),
]

DIFFERENT = [  # code, another code that a library's arithmetic takes for the same
    ("{log_x}/mL", "/mL"),
    ("{copies}/mL", "/mL"),
    ("{copies}/mL", "{cells}/mL"),
    ("{RNA_copies}/mL", "{copies}/mL"),
    ("[IU]/mL", "/mL"),
    ("[IU]/mL", "[arb'U]/mL"),
    ("[IU]/mL", "[USP'U]/mL"),
    ("[IU]/L", "U/L"),
    ("[AU]/mL", "[arb'U]/mL"),
    ("meq/L", "mmol/L"),
    ("mosm/L", "mmol/L"),
    ("mol/L", "6022140760.10*14/L"),
    ("/[HPF]", "/[LPF]"),
    ("{cells}/[HPF]", "{cells}"),
    ("mL/min/{1.73_m2}", "mL/min"),
    ("mL/min/1.73.m2", "mL/min/{1.73_m2}"),  # read from left to right it is mL/min times 73 m2
    ("mg/mmol{creat}", "mg/mmol"),
    ("%{inhibition}", "%"),
    ("/mL{copies}", "{copies}/mL"),
    ("K/uL", "10*9/L"),
    ("G/L", "g/L"),
]

NO_SIZE = [  # code, part of the reason
    ("{Log_IU}/mL", "logarithm"),
    ("{log10_copies}/mL", "logarithm"),
    ("{RNA_log}/mL", "logarithm"),
    ("{lgU}/mL", "logarithm"),
    ("{ln_copies}/mL", "logarithm"),
    ("dB/m", "scale with its own zero or a logarithm"),
    ("B", "scale with its own zero or a logarithm"),
    ("[pH]", "scale with its own zero or a logarithm"),
    ("Cel", "scale with its own zero or a logarithm"),
    ("[degF]/min", "scale with its own zero or a logarithm"),
    ("IU/mL", "no UCUM code"),
    ("m[arb'U]/mL", "no UCUM code"),  # UCUM allows no prefix before it
    ("MMOL/L", "no UCUM code"),
    ("拷贝/mL", "no UCUM code"),
    ("", "no UCUM code"),
    ("m" * 81, "no UCUM code"),
    ("10*999999", "power that no unit has"),
    ("9999999999999.m", "number that no unit holds"),
    ("m0", "no UCUM code"),
    ("/m/s", "solidus before several units"),
    ("/mL.{copies}", "solidus before several units"),
    ("{a}{b}{c}{", "no UCUM code"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_codes_of_one_amount(one: str, other: str) -> None:
    assert read(one) == read(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_codes_of_different_things(one: str, other: str) -> None:
    readings = [read_ucum(code).unit for code in (one, other)]
    assert readings[0] != readings[1]


@pytest.mark.parametrize(("code", "reason"), NO_SIZE)
def test_codes_without_a_size(code: str, reason: str) -> None:
    unit, problem = read_ucum(code)
    assert unit is None
    assert reason in problem


@pytest.mark.parametrize(
    ("one", "other"), [("{log_IU}/mL", "/mL"), ("[IU]/mL", "/mL"), ("meq/L", "mmol/L"), ("{copies}/mL", "/mL")]
)
def test_the_library_by_itself_takes_them_for_the_same(one: str, other: str) -> None:
    """Why its arithmetic is not used; where it learns better, the guards can go."""
    units = library()
    assert units.from_ucum(one).to_base_units() == units.from_ucum(other).to_base_units()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("mg/dL", "10 g.m-3"),
        ("/min", "0.0166666666667 s-1"),
        ("%", "0.01"),
        ("[IU]/L", "1000 [iU].m-3"),
        ("mmol/L{serum}", "1 m-3.mol.{serum}-1"),
    ],
)
def test_a_reading_in_words(code: str, told: str) -> None:
    assert describe_ucum(read(code)) == told


@pytest.mark.parametrize(("code", "number"), [("%", True), ("L/L", True), ("g/kg", True), ("{x}", False), ("/L", False)])
def test_a_bare_number(code: str, number: bool) -> None:  # noqa: FBT001  # a case may be a bool
    assert read(code).is_number is number


def test_without_its_words() -> None:
    assert read("{beats}/min").without_annotations() == read("/min")


def test_every_unit_of_ucum_is_read_or_has_a_reason() -> None:
    from ucumvert.xml_util import get_base_units, get_units

    codes = [*get_base_units(), *get_units()]
    readings = {code: read_ucum(code) for code in codes}
    assert len(codes) > 300
    unread = {code for code, (unit, _) in readings.items() if unit is None}
    assert unread == {code for code, (_, problem) in readings.items() if problem}
    assert {"Cel", "[degF]", "[pH]", "B", "Np", "B[V]"} <= unread
    assert len(unread) < 30


METRIC = ["g", "mol", "L", "m", "s", "K", "Pa", "J", "kat", "U", "bar", "Hz", "eV"]
OTHERS = ["min", "h", "d", "wk", "[lb_av]", "[in_i]", "[ft_i]", "atm", "10*3", "%"]
PREFIXES = ["", "k", "d", "c", "m", "u", "n", "p", "f", "M", "G"]
simple = st.one_of(
    st.builds("{}{}".format, st.sampled_from(PREFIXES), st.sampled_from(METRIC)), st.sampled_from(OTHERS)
)
codes = st.builds("".join, st.lists(st.builds("{}{}".format, st.sampled_from("./"), simple), min_size=1, max_size=4)).map("1{}".format)


part = st.tuples(st.sampled_from("./"), st.sampled_from(METRIC), *[st.sampled_from(PREFIXES)] * 2)


@given(st.lists(part, min_size=1, max_size=3), st.sampled_from(OTHERS))
def test_sizes_agree_with_the_second_source(parts: list[tuple[str, str, str, str]], last: str) -> None:
    """Of two codes that differ by prefixes and by a customary unit the exact ratio is the library's float."""
    one = "1" + "".join(f"{sign}{prefix}{unit}" for sign, unit, prefix, _ in parts)
    other = "1" + "".join(f"{sign}{prefix}{unit}" for sign, unit, _, prefix in parts) + f".{last}"
    units = library()
    theirs = (units.from_ucum(one) * units.from_ucum(last) / units.from_ucum(other)).to_base_units()
    ours = read(one).times(read(last)).times(read(other), -1)
    assert ours.is_number
    assert theirs.dimensionless
    assert float(ours.factor) == pytest.approx(float(theirs.magnitude), rel=1e-9)


@given(codes, codes)
def test_a_quotient_times_its_divisor_is_the_unit(one: str, other: str) -> None:
    assert read(one).times(read(other), -1).times(read(other)) == read(one)


@given(codes, st.integers(-3, 3).filter(bool))
def test_a_power_is_that_many_factors(code: str, power: int) -> None:
    product = UcumUnit()
    for _ in range(abs(power)):
        product = product.times(read(code), 1 if power > 0 else -1)
    assert read(code).raised(power) == product


@given(st.text(st.sampled_from("mgLUu[]{}()*^/.10%-IUlog "), max_size=30))
def test_what_was_sent_is_read_or_told_and_never_raises(code: str) -> None:
    unit, problem = read_ucum(code)
    assert (unit is None) == bool(problem)


def test_factors_are_exact() -> None:
    assert read("U/L").factor == Fraction(1, 60_000)
    assert read("[lb_av]").factor == Fraction("453.59237")


def test_the_package_is_loaded_when_a_code_is_read() -> None:
    """Its import takes as long as a small run: --help and tables that know all units go without."""
    program = "import sys, hbv_standards.mapping.apply; sys.exit('pint' in sys.modules or 'ucumvert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
