"""Makes tests/cases/units/conversions.csv: what each unit of each test is in the test's standard unit.

Run by hand (``python tests/derive/make_unit_cases.py``) when a test or a unit is added, and read the
difference. Only *which* pairs there are comes from the trial's tables. The values do not: sizes of
units are those of pint for the UCUM codes below, molar masses are of the formula and the abridged
standard atomic weights (IUPAC 2021), and what no physics gives is stated here with its source.
"""

from __future__ import annotations

import csv
import math
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any

from ucumvert import PintUcumRegistry

from hbv_standards.derive.units import UnitConverter
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings

FILE = Path(__file__).parents[1] / "cases" / "units" / "conversions.csv"
COLUMNS = ("concept_id", "unit", "number", "std_unit", "expected", "tolerance", "source")
LOG = "log10 "

# Units of UNIT (C71620) that are no UCUM code when a power is written 10* and an IU [IU].
CODES = {
    "fraction of 1": "1", "RATIO": "1", "titer": "1", "dB/m": "/m", "copies/cell": "1",
    "copies/10^6 cells": "1/10*6", "Arbitrary U/mL": "[arb'U]/mL", "mAU/mL": "10*-3.[arb'U]/mL",
    "mL/min/1.73 m2": "mL/min/{1.73_m2}", "mL/s/1.73 m2": "mL/s/{1.73_m2}", "LB": "[lb_av]", "oz": "[oz_av]", "jin": "500.g",
    "in": "[in_i]", "ft": "[ft_i]", "HOURS": "h", "mmHg": "mm[Hg]", "cmHg": "cm[Hg]", "kg/m2": "kg/m2",
    "beats/min": "{beats}/min", "breaths/min": "{breaths}/min", "mEq/L": "meq/L", "mEq/dL": "meq/dL", "uEq/L": "ueq/L",
}  # fmt: skip
TEMPERATURES = {"C": "degC", "F": "degF", "K": "kelvin"}
WEIGHTS = {"C": "12.011", "H": "1.008", "N": "14.007", "O": "15.999", "P": "30.974", "Ca": "40.078", "I": "126.90"}
BILIRUBIN = {"C": 33, "H": 36, "N": 4, "O": 6}
FORMULAS = {
    "TBIL": BILIRUBIN, "DBIL": BILIRUBIN, "IBIL": BILIRUBIN, "CREA": {"C": 4, "H": 7, "N": 3, "O": 1},
    "UREA": {"C": 1, "H": 4, "N": 2, "O": 1}, "BUN": {"N": 2}, "UA": {"C": 5, "H": 4, "N": 4, "O": 3}, "PHOS": {"P": 1},
    "CA": {"Ca": 1}, "GLU": {"C": 6, "H": 12, "O": 6}, "TC": {"C": 27, "H": 46, "O": 1}, "TG": {"C": 57, "H": 104, "O": 6},
    "FT3": {"C": 15, "H": 12, "I": 3, "N": 1, "O": 4}, "FT4": {"C": 15, "H": 11, "I": 4, "N": 1, "O": 4},
}  # fmt: skip
HAEMOGLOBIN = Decimal("64458") / 4
MOLECULES = {  # g/mol of what has no short formula
    "HGB": (HAEMOGLOBIN, "monomer, a quarter of the tetramer of 64458 g/mol (ICSH)"),
    "MCHC": (HAEMOGLOBIN, "monomer, a quarter of the tetramer of 64458 g/mol (ICSH)"),
    "MCH": (HAEMOGLOBIN, "monomer, a quarter of the tetramer of 64458 g/mol (ICSH)"),
}
ENZYMES = ("ALT", "AST", "ALP", "GGT", "CHE", "LDH", "CK")
SAID = {  # test → (what stands in a UCUM code, what it is for this test, source)
    **dict.fromkeys(ENZYMES, ("[IU]", "U", "an international unit of an enzyme is 1 umol per minute (IUB 1964)")),
    "AFP": ("[IU]", "g.121.10*-11", "1 IU is 1.21 ng (WHO 72/225)"),
    "TSH": ("U", "[IU]", "the unit of TSH assays is the international unit of the WHO standard"),
}
MOLAR_TOLERANCE = "0.001"  # four digits, and molar masses that other sources round differently


def write_code(unit: str) -> str:
    """The UCUM code of a unit of UNIT, without its logarithm."""
    unit = unit.removeprefix(LOG)
    if unit in CODES:
        return CODES[unit]
    code = unit.replace("10^", "10*").replace(" ", ".").replace("IU", "[IU]").replace("RNA.copies", "copies")
    code = code.replace("copies", "{copies}")
    return f"{code.removesuffix('/mL')}/mL" if code.startswith("10.") else code


def write_for_test(concept_id: str, unit: str) -> str:
    """The UCUM code of what a unit is for a test: an international unit of AFP is a mass."""
    code = write_code(unit)
    if concept_id not in SAID:
        return code
    if concept_id == "TSH":  # a katal would be 60 million U; no laboratory sends it
        return code if "[IU]" in code else re.sub("U|kat", lambda m: {"U": "[IU]", "kat": "[IU].60000000"}[m[0]], code)
    found, meant, _ = SAID[concept_id]
    return code.replace(found, meant)


def compute_molar_mass(concept_id: str) -> tuple[Decimal, str]:
    """g/mol, and where it is from."""
    if concept_id in MOLECULES:
        return MOLECULES[concept_id]
    formula = FORMULAS[concept_id]
    mass = sum((Decimal(WEIGHTS[atom]) * count for atom, count in formula.items()), Decimal(0))
    return mass, f"{''.join(f'{a}{n if n > 1 else str()}' for a, n in formula.items())} of {mass} g/mol (IUPAC 2021)"


def convert(units: Any, concept_id: str, number: str, unit: str, standard: str) -> tuple[float, str, str]:
    """The number in the standard unit, tolerance and source."""
    if unit in TEMPERATURES:
        made = units.Quantity(float(number), TEMPERATURES[unit]).to(TEMPERATURES[standard]).magnitude
        return float(made), "", "pint"
    here, there = (write_for_test(concept_id, each) for each in (unit, standard))
    source, tolerance = f"pint: {here} to {there}", ""
    if concept_id in SAID and here != there and (here, there) != (write_code(unit), write_code(standard)):
        source += f"; {SAID[concept_id][2]}"
    linear = 10 ** float(number) if unit.startswith(LOG) else float(number)
    ratio = (units.from_ucum(here) * 1.0 / units.from_ucum(there)).to_base_units()
    if not ratio.dimensionless:
        mass, why = compute_molar_mass(concept_id)
        molar = units.from_ucum("g/mol") * float(mass)
        ratio = next(r for r in ((ratio * molar).to_base_units(), (ratio / molar).to_base_units()) if r.dimensionless)
        source, tolerance = f"{source}; {why}", MOLAR_TOLERANCE
    made = linear * float(ratio.magnitude)
    return (math.log10(made) if standard.startswith(LOG) else made), tolerance, source


def write_value(value: float, number: str, *, logarithm: bool) -> str:
    """Plain decimal text: all digits where they end, else one more than was sent, four at least, half to even."""
    long = Decimal(f"{value:.15g}").normalize()
    if logarithm or len(long.as_tuple().digits) > 13:
        digits = max(4, len(Decimal(number).as_tuple().digits) + 1)
        long = Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal(long).normalize()
    return f"{long:f}"


def list_pairs(catalog: Catalog) -> list[tuple[str, str, str]]:
    """(test, unit, standard unit) of every pair that the trial converts, whatever the hospital."""
    converter = UnitConverter(catalog.dimensions, catalog.conversions)
    stated = {unit for row in catalog.conversions for unit in (row.from_unit, row.to_unit)}
    units = list(dict.fromkeys([*(row.unit_value for row in catalog.dimensions), *sorted(stated)]))
    return [
        (concept.concept_id, unit, concept.std_unit)
        for concept in catalog.concepts.values()
        if concept.std_unit is not None
        for unit in units
        if converter.compute_factor(
            unit, concept.std_unit, concept_id=concept.concept_id, molar_mass=concept.molar_mass
        )
    ]


def main() -> None:
    """Write the whole file anew."""
    units = PintUcumRegistry()
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for concept_id, unit, standard in list_pairs(read_catalog(locate_mappings())):
            number = "98.6" if unit in TEMPERATURES else "4.25" if unit.startswith(LOG) else "7.5"
            value, tolerance, source = convert(units, concept_id, number, unit, standard)
            taken = standard.startswith(LOG) and not unit.startswith(LOG)
            expected = write_value(value, number, logarithm=taken)
            writer.writerow((concept_id, unit, number, standard, expected, tolerance, source))


if __name__ == "__main__":
    main()
