"""Which way finds a unit: spelled so, by the structure of UCUM, by normal form, and where none may."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.ucum import UCUM_SYSTEM

from .conftest import WriteStudy

UNITS = "source_text,concept_id,ucum,unit_value,extension\n"
OWN = """\
单位,,,umol/L,
IU/L,ALT,,U/L,
gamma,,,gamma,Y
Gamma ,,,gamma,Y
kIU/L,,,IU/mL,
KIU/L,,,IU/L,
"""
BASE = """\
mmol/L,,mmol/L,mmol/L,
U/L,,U/L,U/L,
U/l,,U/L,U/L,
[IU]/L,,[IU]/L,IU/L,
lg IU/mL,,{Log_IU}/mL,log10 IU/mL,
{copies}/mL,,{copies}/mL,copies/mL,
K/uL,,10*9/L,10^9/L,
/min,ALT,{beats}/min,beats/min,
"""
SIZES = """\
unit_value,dimension,factor,offset,scale
mmol/L,s,0.001,,
umol/L,s,0.000001,,
U/L,e,1,,
IU/L,i,1,,
IU/mL,i,1000,,
copies/mL,c,1,,
copies/cell,d,1,,
10^9/L,n,1000000000,,
"""


@pytest.fixture
def mapper(write_study: WriteStudy) -> SiteMapper:
    folder = write_study(
        {
            "units.csv": UNITS + BASE,
            "sites/clinic/units.csv": UNITS + OWN,
            "unit_dimensions.csv": SIZES,
            "concepts/conversions.csv": "concept_id,site,from_unit,to_unit,factor,source\nALT,,IU/L,U/L,1,x\n",
        }
    )
    return SiteMapper(read_catalog(folder), "clinic")


@pytest.mark.parametrize(
    ("code", "concept", "unit", "row"),
    [
        ("mmol.L-1", None, "mmol/L", "units.csv:2"),
        ("mol/m3", None, "mmol/L", "CDISC CT C71620/C64387"),  # a synonym of the terminology goes before
        ("umol.L-1", None, "umol/L", "unit_dimensions.csv:3"),
        ("min-1", "ALT", "beats/min", "units.csv:9"),
        ("K/uL", None, "10^9/L", "units.csv:8"),  # spelled so in the tables, whatever UCUM says of kelvin
        ("K.uL-1", None, None, ""),
        ("U/l", None, "U/L", "units.csv:4"),
        ("IU/ML", None, None, ""),  # no UCUM, and ML is no millilitre by rule
        ("iu/l", "CREA", "IU/L", "units.csv:5"),  # no UCUM: by normal form
        ("{log10_IU}/ml", None, "log10 IU/mL", "units.csv:6"),
        ("{Copies}/ml", None, "copies/mL", "units.csv:7"),  # the word in braces is the hospital's
        ("{cells}/ml", None, None, ""),
        ("mmol/L{serum}", None, None, ""),
    ],
)
def test_a_code_of_ucum(mapper: SiteMapper, code: str, concept: str | None, unit: str | None, row: str) -> None:
    match = mapper.map_unit(code, None, concept, system=UCUM_SYSTEM)
    assert (match.unit_value if match else None, match.row if match else "") == (unit, row)


@pytest.mark.parametrize("system", [None, "", "http://hospital.example/units"])
def test_structure_is_for_ucum_alone(mapper: SiteMapper, system: str | None) -> None:
    assert mapper.map_unit("umol/L.m/m", None, None, system=system) is None
    match = mapper.map_unit("umol/L.m/m", None, None, system=UCUM_SYSTEM)
    assert match is not None
    assert match.unit_value == "umol/L"


@pytest.mark.parametrize(
    ("text", "concept", "unit"),
    [
        ("U / l", None, "U/L"),
        ("毫摩尔/升", None, "mmol/L"),
        ("Mmol/L", None, None),
        ("units", "CREA", None),  # the hospital's own use of 单位 is of that word alone
        ("单位", "CREA", "umol/L"),
        ("国际单位/升", "ALT", "U/L"),  # the same amount as everywhere
        ("国际单位/升", "CREA", "IU/L"),
        ("千国际单位/升", None, None),  # two rows of one normal form mean two units
        ("kIU/L", None, "IU/mL"),
        ("KIU/L", None, "IU/L"),
        ("gAmma", None, None),
        ("", None, None),
        ("/", None, None),
    ],
)
def test_a_spelling(mapper: SiteMapper, text: str, concept: str | None, unit: str | None) -> None:
    match = mapper.map_unit(None, text, concept)
    assert (match.unit_value if match else None) == unit


@pytest.mark.parametrize(
    ("code", "text", "concept", "unit", "conflict"),
    [
        ("mmol.L-1", "mmol/l", None, "mmol/L", None),
        ("umol.L-1", "毫摩尔/升", None, "umol/L", "mmol/L"),  # what UCUM says goes before a normal form
        ("umol.L-1", "mmol/L", None, "mmol/L", "umol/L"),  # what a table says goes before UCUM
        ("[IU]/L", "u/mL", None, "IU/L", None),
        ("[IU]/l", "U/L", "ALT", "U/L", None),
        ("[IU]/l", "U/L", "CREA", "U/L", "IU/L"),
    ],
)
def test_code_and_text(
    mapper: SiteMapper, code: str, text: str, concept: str | None, unit: str, conflict: str | None
) -> None:
    match = mapper.map_unit(code, text, concept, system=UCUM_SYSTEM)
    assert match is not None
    assert (match.unit_value, match.conflict) == (unit, conflict)


@pytest.mark.parametrize(
    ("code", "system", "told"),
    [
        ("nmol/L", UCUM_SYSTEM, "by UCUM it is 1e-06 mmol/L, which is no unit of the tables"),
        ("kg/m2", UCUM_SYSTEM, "by UCUM it is 1000 g.m-2, which is no unit of the tables"),
        ("g/kg", UCUM_SYSTEM, "by UCUM it is a bare number (0.001), which does not tell of what"),
        ("{Log_x}/mL", UCUM_SYSTEM, "it is a logarithm, with which units cannot be reckoned"),
        ("Karmen", UCUM_SYSTEM, "it is no UCUM code"),
        ("Karmen", None, ""),
        (None, UCUM_SYSTEM, ""),
    ],
)
def test_what_an_unknown_code_was_read_as(mapper: SiteMapper, code: str | None, system: str | None, told: str) -> None:
    assert mapper.explain_unit(code, system) == told


KNOWN = """
import sys
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.ucum import UCUM_SYSTEM
catalog = read_catalog(locate_mappings())
for site in catalog.sites:
    mapper = SiteMapper(catalog, site)
    for row in catalog.units(site):
        if mapper.map_unit(row.source_text, None, row.concept_id, system=UCUM_SYSTEM) is None:
            sys.exit(row.row)
sys.exit("the library was loaded" if "ucumvert" in sys.modules else 0)
"""


def test_a_unit_of_the_tables_needs_no_library() -> None:
    """It takes half a second to load, which only a code that no table knows may cost."""
    run = subprocess.run([sys.executable, "-c", KNOWN], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
