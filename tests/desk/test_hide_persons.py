"""Nobody's name or number in what the mapping desk shows and writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.desk.coverage import build_tables, describe_coverage, join_tables, write_csv, write_tables
from hbv_standards.desk.hide_persons import hide_in_text
from hbv_standards.desk.new_site import describe_new_site, write_new_site
from hbv_standards.desk.person_words import sort_words

from .sending import Resource, build_observation, build_patient, name_code, write_delivery
from .walk import forget_hospital, read_csv

WORDS = sort_words(
    {"王小明", "高敏", "Li Wei", "Lee"}, {"M00017", "1980-01-31", "123", "20240017", "北京市某某路1号"}
)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("患者王小明诉腹痛", "患者[hidden]诉腹痛"),
        ("Li Wei called", "[hidden] called"),
        ("LI, WEI", "[hidden]"),
        ("Lee", "Lee"),  # a single word may be any word
        ("MRN M00017 checked", "MRN [hidden] checked"),
        ("M000175", "M000175"),
        ("born 1980-01-31", "born [hidden]"),
        ("20240017", "[hidden]"),
        ("123", "123"),
        ("北京市某某路1号", "[hidden]"),
        ("电话13812345678", "电话[hidden]"),
        ("电话１３８１２３４５６７８，急", "电话[hidden]，急"),
        ("+86 138-1234-5678", "[hidden]"),
        ("13812345678 IU/mL", "13812345678 IU/mL"),
        ("113812345678", "113812345678"),
        ("身份证110101198001020011", "身份证[hidden]"),
        ("11010119800102001X", "[hidden]"),
        ("010-12345678", "[hidden]"),
        ("li.wei@clinic.example", "[hidden]"),
        ("阴性(-)", "阴性(-)"),
        ("<20 IU/mL", "<20 IU/mL"),
        ("", ""),
    ],
)
def test_a_text(text: str, hidden: str) -> None:
    assert hide_in_text(text, WORDS) == hidden


def test_what_many_patients_have_is_nobodys_name() -> None:
    """高敏 is a name, and begins the name of a test."""
    assert hide_in_text("高敏C反应蛋白", WORDS) == "[hidden]C反应蛋白"
    assert hide_in_text("高敏C反应蛋白", WORDS, shared=True) == "高敏C反应蛋白"
    assert hide_in_text("高敏 13812345678", WORDS, shared=True) == "高敏 [hidden]"


SECRETS = ("王小明", "李桂兰", "高敏", "138123456", "M0001", "11010119800102", "母亲")


def build_telling(number: int, name: str) -> list[Resource]:
    """A patient, and every place in which a hospital writes of him what it should not."""
    phone, card = f"1381234567{number}", f"11010119800102001{number}"
    sent: list[tuple[Resource, Resource]] = [
        (name_code("A1", "谷丙转氨酶"), {"valueQuantity": {"value": 30 + number, "unit": "U/L"}}),
        (name_code("N1", "备注"), {"valueString": f"患者{name}，电话{phone}，身份证{card}"}),
        (name_code("N2", "陪同"), {"valueString": f"患者的母亲第{number}次来院，诉腹痛三天，无发热"}),
        (name_code("N3", "住院号"), {"valueString": f"M0001{number}"}),
        (name_code("N4", "联系电话"), {"valueQuantity": {"value": int(phone)}}),
        (name_code("N5", f"{name}复查"), {"valueQuantity": {"value": 1, "unit": f"{name}单位"}}),
        ({"text": f"{name}的检查"}, {"valueString": "阴性"}),
        (name_code("HBSAG", "HBsAg"), {"valueString": f"阴性（{name}）", "interpretation": [{"text": f"{name}偏高"}]}),
        (name_code("A2", "白蛋白"), {"valueQuantity": {"value": 40, "unit": "g/L"}, "method": {"text": f"{name}法"}}),
    ]  # fmt: skip
    names = [{"text": name, "family": name[0], "given": [name[1:]]}]
    numbers = [{"system": "https://new-hospital.example/mrn", "value": f"M0001{number}"}]
    patient = build_patient(number, name=names, identifier=numbers, telecom=[{"value": phone}])
    results = [
        build_observation(f"o{number}-{at}", number, code, **rest) for at, (code, rest) in enumerate(sent)
    ]
    return [patient, *results]


def test_nobody_in_any_list_table_or_note(tmp_path: Path) -> None:
    people = enumerate(("王小明", "李桂兰", "高敏"))
    delivery = write_delivery(
        tmp_path / "sent", [part for at, name in people for part in build_telling(at, name)]
    )
    study = forget_hospital(tmp_path, "foshan")
    made = write_new_site("newhosp", [delivery], study)
    tables, out = build_tables(made.proposals), tmp_path / "coverage"
    write_tables(tables, out)
    write_csv(join_tables(tables), out / "all.csv")
    told = [*describe_coverage(made.proposals, 300, everything=True), *describe_new_site(made)]
    files = [path for folder in (out, made.folder) for path in sorted(folder.iterdir())]
    assert len(files) == 9
    for text in ("\n".join(told), *(path.read_text(encoding="utf-8") for path in files)):
        assert [secret for secret in SECRETS if secret in text] == []
    rows = read_csv(made.folder / "codes.csv")
    assert {"A1", "N1", "N2", "HBSAG"} <= {row["code"] for row in rows}  # hidden, not lost
    assert [row for row in rows if not row["code"]] == []  # what is hidden answers to nothing
    assert any("without a row: they name a person or are free text" in line for line in told)
