"""Names of components: letter case only where nothing else answers to the word."""

from __future__ import annotations

import pytest

from hbv_standards.mapping.unit_names import name_component


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("ml", "mL"), ("mL", "mL"), ("ML", "ML"), ("Ml", "Ml"), ("毫升", "mL"), ("m升", "mL"), ("u升", "uL"), ("分升", "dL"),
        ("MOL", "mol"), ("nMol", "nmol"), ("Mmol", "Mmol"), ("皮摩尔", "pmol"), ("飞升", "fL"), ("厘米", "cm"), ("分摩尔", "分摩尔"),
        ("iu", "IU"), ("[iU]", "IU"), ("KIU", "kIU"), ("MIU", "MIU"), ("u", "u"), ("U", "U"), ("mcU", "uU"), ("kU", "kU"),
        ("G", "G"), ("g", "g"), ("Kg", "kg"), ("mcg", "ug"), ("gm", "g"), ("Gm", "Gm"), ("公斤", "kg"),
        ("Cells", "cell"), ("{cells}", "cell"), ("{creat}", "{creat}"), ("[arb'U]", "[arb'U]"), ("HBV拷贝", "HBV拷贝"),
        ("DNAcopies", "DNAcopies"), ("RNA拷贝", "RNAcopies"), ("RNAcell", "RNAcell"), ("10^6cells", "10^6cell"), ("10^9个", "10^9"),
        ("个", "个"), ("m^2", "m2"), ("cm3", "mL"), ("M2", "M2"), ("MIN", "min"), ("h", "h"), ("H", "H"), ("S", "S"), ("Sec", "s"),
        ("kat", "kat"), ("pA", "pA"), ("Pa", "Pa"), ("hpa", "hPa"), ("eq", "eq"), ("mEQ", "meq"), ("滴度", "titer"), ("", ""),
    ],
)  # fmt: skip
def test_name(word: str, name: str) -> None:
    assert name_component(word) == name


@pytest.mark.parametrize(("divided", "name"), [(True, "min"), (False, "分")])
def test_fen_is_a_minute_behind_a_slash_and_a_score_alone(divided: bool, name: str) -> None:  # noqa: FBT001  # a case
    assert name_component("分", divided=divided) == name
