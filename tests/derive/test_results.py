"""Every row of the result rules: what was sent → --ORRES, --ORRESU, --STRESC, --STRESN, --STRESU."""

# one case a line reads as the table that it is, and a case may be a bool
# ruff: noqa: FBT001

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.results import derive_results
from hbv_standards.derive.units import UnitConverter
from hbv_standards.mapping.rows import ConceptRow, ConversionRow, DimensionRow

CONCEPTS = {  # concept: result type, standard unit, molar mass
    concept_id: ConceptRow.model_validate(
        {"row": "lb.csv:2", "concept_id": concept_id, "concept": concept_id, "domain": "LB", "testcd": "T", "test": "T",
         "result_type": result_type, "std_unit": std_unit, "molar_mass": molar_mass}
    )
    for concept_id, result_type, std_unit, molar_mass in [
        ("ALB", "NM", "g/L", None),
        ("CREA", "NM", "umol/L", "113.12"),
        ("HBVDNA", "NM", "IU/mL", None),
        ("HBSAG_QL", "ORD", None, None),
        ("HBEAB", "ORD/NM", "IU/mL", None),
        ("ANA", "ORD/NM", "titer", None),
        ("OTHER_TITRE", "ORD", None, None),
        ("INR", "NM", "RATIO", None),
        ("SCORE", "NM", None, None),
        ("ULTRASOUND", "NAR", None, None),
    ]
}  # fmt: skip
SIZES = [("g/L", "mass concentration", "1", "linear"), ("g/dL", "mass concentration", "10", "linear"),
         ("mg/dL", "mass concentration", "0.01", "linear"), ("umol/L", "substance concentration", "0.000001", "linear"),
         ("IU/mL", "international units", "1000", "linear"), ("log10 IU/mL", "international units", "1000", "log10")]  # fmt: skip
CONVERTER = UnitConverter(
    [DimensionRow.model_validate({"row": "d:2", "unit_value": u, "dimension": d, "factor": f, "scale": s}) for u, d, f, s in SIZES],
    [ConversionRow(row="conversions.csv:3", concept_id="HBVDNA", site="guangzhou", from_unit="copies/mL", to_unit="IU/mL",
                   factor=Fraction("0.2"), source="kit")],
)  # fmt: skip

Sent = dict[str, Any]


def number(digits: str, unit: str | None = None, comparator: str | None = None, /, **more: Any) -> Sent:
    sent = {
        "result": (comparator or "") + digits,
        "result_kind": "quantity",
        "number": digits,
        "comparator": comparator,
    }
    return {**sent, "unit": unit, "unit_value": unit, **more}


def words(result: str, value: str | None = None, **more: Any) -> Sent:
    return {"result": result, "result_kind": "text", "result_value": value, **more}


# what it shows, concept, sent, (ORRES, ORRESU, STRESC, STRESN, STRESU) of the FDA build
RESULTS: list[tuple[str, str, Sent, tuple[Any, ...]]] = [
    ("number, unit ok", "ALB", number("35.2", "g/L"), ("35.2", "g/L", "35.2", 35.2, "g/L")),
    ("digits stay in ORRES", "ALB", number("6.30", "g/L"), ("6.30", "g/L", "6.3", 6.3, "g/L")),
    ("exponent stays in ORRES", "ALB", number("1.50E-2", "g/L"), ("1.50E-2", "g/L", "0.015", 0.015, "g/L")),
    ("another unit", "ALB", number("4.48", "g/dL"), ("4.48", "g/dL", "44.8", 44.8, "g/L")),
    ("by molar mass", "CREA", number("0.9", "mg/dL"), ("0.9", "mg/dL", "79.56", 79.56, "umol/L")),
    ("logarithm", "HBVDNA", number("3", "log10 IU/mL"), ("3", "log10 IU/mL", "1000", 1000, "IU/mL")),
    ("zero", "ALB", number("0.00", "g/L"), ("0.00", "g/L", "0", 0, "g/L")),
    ("below the limit", "HBVDNA", number("20", "IU/mL", "<"), ("<20", "IU/mL", "<20", None, "IU/mL")),
    ("exponent below the limit", "HBVDNA", number("1.00E+01", "IU/mL", "<"), ("<1.00E+01", "IU/mL", "<10", None, "IU/mL")),
    ("above the limit", "HBVDNA", number("250.00", "IU/mL", ">"), (">250.00", "IU/mL", ">250", None, "IU/mL")),
    ("at most", "HBVDNA", number("20", "IU/mL", "<="), ("<=20", "IU/mL", "<=20", None, "IU/mL")),
    ("comparator in another unit", "CREA", number("0.9", "mg/dL", "<"), ("<0.9", "mg/dL", "<79.56", None, "umol/L")),
    ("full-width spelling", "HBVDNA", number("20", "IU/mL", "<", result="＜２０"), ("<20", "IU/mL", "<20", None, "IU/mL")),
    ("≥ spelling", "HBVDNA", number("1.00", "IU/mL", ">=", result="≥1.00"), (">=1.00", "IU/mL", ">=1", None, "IU/mL")),
    ("no result text", "HBVDNA", number("20", "IU/mL", "<", result=None), ("<20", "IU/mL", "<20", None, "IU/mL")),
    ("negative in Chinese", "HBSAG_QL", words("阴性", "NEGATIVE"), ("NEGATIVE", None, "NEGATIVE", None, None)),
    ("negative as a sign", "HBSAG_QL", words("(-)", "NEGATIVE"), ("(-)", None, "NEGATIVE", None, None)),
    ("negative as a wide sign", "HBSAG_QL", words("（-）", "NEGATIVE"), ("(-)", None, "NEGATIVE", None, None)),
    ("negative in ASCII", "HBSAG_QL", words("NEG", "NEGATIVE"), ("NEG", None, "NEGATIVE", None, None)),
    ("coded", "HBSAG_QL", words("阳性", "POSITIVE", result_kind="coded"), ("POSITIVE", None, "POSITIVE", None, None)),
    ("plus signs", "HBSAG_QL", words("+++", "STRONGLY POSITIVE"), ("+++", None, "STRONGLY POSITIVE", None, None)),
    ("qualitative beside its signal", "HBSAG_QL", number("0.01", "COI", result="0.01(-)", result_value="NEGATIVE"),
     ("0.01(-)", "COI", "NEGATIVE", None, None)),
    ("words in a numeric test", "HBVDNA", words("阴性", "NEGATIVE"), ("NEGATIVE", None, "NEGATIVE", None, None)),
    ("words with the column's unit", "HBVDNA", words("TND", "NOT DETECTED", unit="IU/mL", unit_value="IU/mL"),
     ("TND", None, "NOT DETECTED", None, None)),
    ("not detected", "HBVDNA", words("未检出", "NOT DETECTED"), ("NOT DETECTED", None, "NOT DETECTED", None, None)),
    ("detected below the limit", "HBVDNA", number("20", "IU/mL", "<", result="<20 检出", result_value="DETECTED"),
     ("<20 DETECTED", "IU/mL", "<20", None, "IU/mL")),
    ("the same in ASCII", "HBVDNA", number("20", "IU/mL", "<", result="<20 DETECTED", result_value="DETECTED"),
     ("<20 DETECTED", "IU/mL", "<20", None, "IU/mL")),
    ("not detected, with the limit", "HBVDNA", number("20", "IU/mL", "<", result="<20 未检出", result_value="NOT DETECTED"),
     ("<20 NOT DETECTED", "IU/mL", "NOT DETECTED", None, None)),
    ("negative beside a number", "HBEAB", number("0.10", "IU/mL", "<", result="<0.10(阴性)", result_value="NEGATIVE"),
     ("<0.10 NEGATIVE", "IU/mL", "<0.1", None, "IU/mL")),
    ("negative beside a signal ratio", "HBEAB", number("1.20", "S/CO", result="1.20(阴性)", result_value="NEGATIVE"),
     ("1.20 NEGATIVE", "S/CO", "NEGATIVE", None, None)),
    ("titre, standard unit titer", "ANA", words("1:320"), ("1:320", None, "320", 320, "titer")),
    ("titre, wide colon", "ANA", words("1：320"), ("1:320", None, "320", 320, "titer")),
    ("titre below", "ANA", words("<1:80"), ("<1:80", None, "<80", None, "titer")),
    ("titre above, ≥", "ANA", words("≥1:1000"), (">=1:1000", None, ">=1000", None, "titer")),
    ("titre with words", "ANA", words("阳性 1:320", "POSITIVE"), ("1:320 POSITIVE", None, "320", 320, "titer")),
    ("titre as a number", "ANA", number("320", "titer"), ("320", "titer", "320", 320, "titer")),
    ("titre of another test", "OTHER_TITRE", words("1:320"), ("1:320", None, "1:320", None, None)),
    ("two numbers are no titre", "ANA", words("2:320"), ("2:320", None, "2:320", None, None)),
    ("ratio without a unit", "INR", number("1.05"), ("1.05", None, "1.05", 1.05, "RATIO")),
    ("ratio with a text that is no unit", "INR", number("1.05", unit="1", unit_value=None, unit_row="units.csv:9"),
     ("1.05", None, "1.05", 1.05, "RATIO")),
    ("no standard unit", "SCORE", number("10", "COI"), ("10", "COI", "10", 10, None)),
    ("no standard unit, below", "SCORE", number("1.0", None, "<"), ("<1.0", None, "<1", None, None)),
    ("unmapped ASCII text", "ULTRASOUND", words("Fatty liver, mild"), ("Fatty liver, mild", None, "Fatty liver, mild", None, None)),
    ("line break in a text", "ULTRASOUND", words("liver\nspleen"), ("liver spleen", None, "liver spleen", None, None)),
]  # fmt: skip

# unit cannot be converted: concept, sent, ORRES, ORRESU
UNCONVERTED: list[tuple[str, Sent, str, str | None]] = [
    ("ALB", number("35.2", "U/L"), "35.2", "U/L"),
    ("CREA", number("0.9", "IU/mL", "<"), "<0.9", "IU/mL"),
    ("ALB", number("35.2"), "35.2", None),  # no unit was sent: none is supposed
    ("ALB", number("35.2", unit="gr%", unit_value=None), "35.2", "gr%"),
    ("ALB", number("35.2", unit="克", unit_value=None), "35.2", None),
    ("INR", number("1.05", unit="s", unit_value=None), "1.05", "s"),
    ("HBVDNA", number("500", "copies/mL", site="foshan"), "500", "copies/mL"),
    ("HBVDNA", number("400", "log10 IU/mL"), "400", "log10 IU/mL"),  # 10 to the 400 fits no dataset
    ("SCORE", number("1E99"), "1E99", None),
]

# text outside ASCII: concept, sent, ORRES and STRESC of the FDA build, of the NMPA build, left out of the FDA build
ENCODINGS: list[tuple[str, Sent, tuple[Any, Any], tuple[Any, Any], bool]] = [
    ("ULTRASOUND", words("脂肪肝"), (None, None), ("脂肪肝", "脂肪肝"), True),
    ("HBSAG_QL", words("阴性", "NEGATIVE"), ("NEGATIVE", "NEGATIVE"), ("阴性", "NEGATIVE"), False),
    (
        "HBVDNA",
        number("250.00", "IU/mL", ">", result=">250.00(已稀释)"),
        (">250.00", ">250"),
        (">250.00(已稀释)", ">250"),
        True,
    ),
    ("ANA", words("1:320 颗粒型"), ("1:320", "320"), ("1:320 颗粒型", "320"), True),
]


def build_findings(*rows: tuple[str, Sent]) -> pd.DataFrame:
    fixed = {
        "source_id": 1,
        "path": "Observation",
        "site": "zhongshan",
        "subject_id": "001",
        "mapping_row": "codes.csv:2",
    }
    return build_frame("findings", [{**fixed, "concept_id": concept_id, **sent} for concept_id, sent in rows])


def derive_one(concept_id: str, sent: Sent, agency: Any = "fda") -> dict[str, Any]:
    made = derive_results(build_findings((concept_id, sent)), "LB", CONVERTER, CONCEPTS, agency=agency)
    return {str(name): None if pd.isna(value) else value for name, value in made.iloc[0].items()}


@pytest.mark.parametrize(
    ("concept_id", "sent", "expected"), [r[1:] for r in RESULTS], ids=[r[0] for r in RESULTS]
)
def test_result(concept_id: str, sent: Sent, expected: tuple[Any, ...]) -> None:
    made = derive_one(concept_id, sent)
    assert tuple(made[f"LB{name}"] for name in ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU")) == expected
    assert not made["unit_unconverted"]
    assert not made["text_unencodable"]
    assert made["LBSTAT"] is None


@pytest.mark.parametrize(("concept_id", "sent", "orres", "orresu"), UNCONVERTED)
def test_unit_without_a_way(concept_id: str, sent: Sent, orres: str, orresu: str | None) -> None:
    made = derive_one(concept_id, sent)
    assert (made["LBORRES"], made["LBORRESU"]) == (orres, orresu)
    assert (made["LBSTRESC"], made["LBSTRESN"], made["LBSTRESU"]) == (None, None, None)
    assert made["unit_unconverted"]


@pytest.mark.parametrize(("concept_id", "sent", "fda", "nmpa", "lost"), ENCODINGS)
def test_encoding(
    concept_id: str, sent: Sent, fda: tuple[Any, Any], nmpa: tuple[Any, Any], lost: bool
) -> None:
    made = derive_one(concept_id, sent)
    assert (made["LBORRES"], made["LBSTRESC"], made["text_unencodable"]) == (*fda, lost)
    made = derive_one(concept_id, sent, "nmpa")
    assert (made["LBORRES"], made["LBSTRESC"], made["text_unencodable"]) == (*nmpa, False)


def test_a_hospitals_own_factor() -> None:
    made = derive_one("HBVDNA", number("500", "copies/mL", site="guangzhou"))
    assert (made["LBSTRESC"], made["LBSTRESN"], made["LBSTRESU"]) == ("100", 100, "IU/mL")
    assert made["conversion_row"] == "conversions.csv:3"
    assert derive_one("HBVDNA", number("500", "IU/mL"))["conversion_row"] is None


@pytest.mark.parametrize(
    ("reason", "fda", "lost"),
    [("HEMOLYZED", "HEMOLYZED", False), ("标本溶血", None, True), (None, None, False)],
)
def test_not_done(reason: str | None, fda: str | None, lost: bool) -> None:
    sent = {"not_done": True, "not_done_reason": reason, "unit": "g/L", "unit_value": "g/L", "lloq": "5"}
    made = derive_one("ALB", sent)
    assert (made["LBSTAT"], made["LBREASND"], made["text_unencodable"]) == ("NOT DONE", fda, lost)
    assert derive_one("ALB", sent, "nmpa")["LBREASND"] == reason
    empty = ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU", "LLOQ")
    assert [made[f"LB{name}"] for name in empty] == [None] * 6


@pytest.mark.parametrize(
    ("concept_id", "sent", "lloq"),
    [
        ("HBVDNA", number("20", "IU/mL", "<", lloq="20"), 20),
        ("CREA", number("0.9", "mg/dL", lloq="0.10"), 8.84),
        ("HBVDNA", words("TND", "NOT DETECTED", unit="log10 IU/mL", unit_value="log10 IU/mL", lloq="1"), 10),
        ("ALB", number("35.2", "U/L", lloq="5"), None),
        ("SCORE", number("1", lloq="0.50"), 0.5),
        ("ALB", number("35.2", "g/L"), None),
    ],
)
def test_lower_limit_of_quantification(concept_id: str, sent: Sent, lloq: float | None) -> None:
    assert derive_one(concept_id, sent)["LBLLOQ"] == lloq


def test_types_prefix_and_input() -> None:
    sent = build_findings(("ALB", number("1.0", "g/L")), ("HBSAG_QL", words("NEG", "NEGATIVE")))
    before = sent.copy()
    made = derive_results(sent.set_index(pd.Index([4, 4])), "MB", CONVERTER, CONCEPTS)
    assert made.index.tolist() == [4, 4]
    texts = ["MBORRES", "MBORRESU", "MBSTRESC", "MBSTRESU", "MBSTAT", "MBREASND", "conversion_row"]
    assert {str(made[name].dtype) for name in texts} == {"str"}
    assert {str(made[name].dtype) for name in ("MBSTRESN", "MBLLOQ")} == {"float64"}
    assert {str(made[name].dtype) for name in ("unit_unconverted", "text_unencodable")} == {"bool"}
    pd.testing.assert_frame_equal(sent, before)
    empty = derive_results(sent.iloc[:0], "MB", CONVERTER, CONCEPTS)
    assert list(empty.columns) == list(made.columns)


def test_a_row_without_a_result_has_none() -> None:
    made = derive_one("ALB", {"result": "  "})
    assert (made["LBORRES"], made["LBSTRESC"], made["LBSTAT"], made["unit_unconverted"]) == (
        None,
        None,
        None,
        False,
    )


number_texts = st.from_regex(r"[+-]?[0-9]{1,12}(\.[0-9]{1,8})?([eE][+-]?[0-9])?", fullmatch=True)
results = st.tuples(
    st.sampled_from(
        [
            ("ALB", "g/L"),
            ("ALB", "g/dL"),
            ("CREA", "mg/dL"),
            ("HBVDNA", "IU/mL"),
            ("ALB", "U/L"),
            ("SCORE", None),
        ]
    ),
    number_texts,
    st.sampled_from([None, "<", ">="]),
)


@settings(max_examples=30)  # each example derives a whole frame
@given(st.lists(results, min_size=1, max_size=12))
def test_numeric_result_and_its_text_agree(
    rows: list[tuple[tuple[str, str | None], str, str | None]],
) -> None:
    """FB3101-FB3103, and CG0426: no standard unit without a standard result."""
    sent = [(concept, number(digits, unit, comparator)) for (concept, unit), digits, comparator in rows]
    made = derive_results(build_findings(*sent), "LB", CONVERTER, CONCEPTS)
    plain = made["LBSTRESC"].str.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?").eq(True)
    assert made["LBSTRESN"].notna().tolist() == plain.tolist()
    assert made.loc[plain, "LBSTRESC"].astype("float64").tolist() == made.loc[plain, "LBSTRESN"].tolist()
    assert made.loc[made["LBSTRESU"].notna(), "LBSTRESC"].notna().all()
    assert made["LBORRES"].tolist() == [(comparator or "") + digits for _, digits, comparator in rows]
    assert (made["LBSTRESC"].isna() == made["unit_unconverted"]).all()
