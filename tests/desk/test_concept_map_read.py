"""ConceptMaps back into tables: nothing lost, edits of a terminology server taken, wrong maps refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.desk.concept_map import write_concept_maps
from hbv_standards.desk.concept_map_read import MapEdits, read_concept_maps
from hbv_standards.desk.concept_map_rows import MapUrls
from hbv_standards.desk.save_tables import write_changes
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.locate import locate_mappings

from .test_concept_map import BASE, STUDY
from .tiny_study import CODES, FILES, UNITS, VALUES, read_all, write_study

Json = dict[str, Any]
ROWS = {
    f"sites/clinic/{name}.csv": head
    for name, head in (("codes", CODES), ("units", UNITS), ("values", VALUES))
}


def edit_map(
    tmp_path: Path, edit: Callable[[Json], object], files: dict[str, str] | None = None
) -> tuple[Path, Path]:
    """A study and the clinic's map after an edit."""
    study = write_study(tmp_path / "study", files or STUDY)
    write_concept_maps(study, tmp_path / "maps", sites=["clinic"], base=BASE)
    path = tmp_path / "maps/ConceptMap-clinic.json"
    resource = json.loads(path.read_bytes())
    edit(resource)
    path.write_text(json.dumps(resource, ensure_ascii=False), encoding="utf-8")
    return study, path


def read_edits(
    tmp_path: Path, edit: Callable[[Json], object], files: dict[str, str] | None = None
) -> MapEdits:
    study, path = edit_map(tmp_path, edit, files)
    return read_concept_maps([path], study)


def tell(edits: MapEdits) -> list[str]:
    return [line for change in edits.changes for line in change.describe()]


def find(resource: Json, code: str) -> tuple[Json, Json, Json]:
    """Group, element and first target of a code."""
    return next((g, e, e["target"][0]) for g in resource["group"] for e in g["element"] if e["code"] == code)


def test_shipped_tables_come_back_as_they_were(tmp_path: Path) -> None:
    maps = list(write_concept_maps(locate_mappings(), tmp_path))
    edits = read_concept_maps(maps, locate_mappings())
    assert (tell(edits), edits.left_out, edits.faults) == ([], [], [])


def test_shipped_tables_are_in_the_maps_to_the_byte(tmp_path: Path) -> None:
    """Tables whose rows are gone are filled again from the maps alone."""
    study = Path(shutil.copytree(locate_mappings(), tmp_path / "study"))
    maps, before = list(write_concept_maps(study, tmp_path / "maps")), read_all(study)
    emptied = [f for f in before if f.startswith("sites/") and not f.endswith("conversions.csv")]
    for file in emptied:
        (study / file).write_bytes(before[file].partition(b"\n")[0] + b"\n")
    edits = read_concept_maps(maps, study)
    assert (edits.left_out, edits.faults) == ([], [])
    write_changes(study, edits.changes)
    assert read_all(study) == before


def test_nothing_of_a_hard_table_is_lost(tmp_path: Path) -> None:
    study, path = edit_map(tmp_path, lambda _: None)
    before = read_all(study)
    for file in ROWS:
        (study / file).write_bytes(before[file].partition(b"\n")[0] + b"\n")
    write_changes(study, read_concept_maps([path], study).changes)
    assert read_all(study) == before


CELL = st.sampled_from(
    ["", "a", "a b", "a  b", "x: y", "阴性", "not collected", "proposed, not accepted", "ALT", "NO UNIT"]
)
NEEDED = CELL.filter(bool)
STATUS = st.sampled_from(["", "accepted", "Accepted", "proposed", "open", "OPEN", "rejected"])
CODE = st.tuples(
    st.sampled_from(["test", "treatment", "visit", "use", "history"]), CELL, CELL, CELL, CELL,
    st.sampled_from(["LOINC", "CONCEPT", "ATC", "TREATMENT", "VISITNUM", "TERM", "NOT COLLECTED"]), CELL, CELL, STATUS, CELL,
)  # fmt: skip
UNIT = st.tuples(
    NEEDED, CELL, CELL, NEEDED, st.sampled_from(["", "Y"]), st.sampled_from(["", "1/2", "1"]), STATUS, CELL
)
VALUE = st.tuples(NEEDED, CELL, NEEDED, NEEDED, CELL, st.sampled_from(["", "Y"]), STATUS, CELL)


@settings(max_examples=40)
@given(
    st.lists(CODE.filter(lambda row: row[2] or row[3]), max_size=4),
    st.lists(UNIT, max_size=3),
    st.lists(VALUE, max_size=3),
)
def test_any_rows_come_back(
    tmp_path_factory: pytest.TempPathFactory, codes: list[Any], units: list[Any], values: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    texts = {file: head + "".join(f"{','.join(row)}\n".replace(", n", "; n") for row in rows)
             for (file, head), rows in zip(ROWS.items(), (codes, units, values), strict=True)}  # fmt: skip
    study, path = edit_map(folder, lambda _: None, texts) if codes or units or values else (None, None)
    if study is None or path is None:
        return
    before = read_all(study)
    for file, head in ROWS.items():
        (study / file).write_text(head, encoding="utf-8")
    edits = read_concept_maps([path], study)
    write_changes(study, edits.changes)
    assert (edits.faults, read_all(study)) == ([], before)


def retarget(resource: Json) -> None:
    find(resource, "A1")[2]["code"] = "1743-4"


def accept(resource: Json) -> None:
    group = next(
        g for g in resource["group"] if g["source"].endswith("/lab") and g["target"].endswith("CONCEPT")
    )
    group["element"][0]["target"][0] |= {"code": "ALT", "equivalence": "equivalent", "comment": "agreed"}


def reject(resource: Json) -> None:
    find(resource, "肌 酐")[2]["equivalence"] = "disjoint"


def doubt(resource: Json) -> None:
    find(resource, "肌 酐")[2]["equivalence"] = "wider"


def add(resource: Json) -> None:
    element = {"code": "A9", "display": "尿酸", "target": [{"code": "1743-4", "equivalence": "equal"}]}
    next(g for g in resource["group"] if g.get("target") == "http://loinc.org")["element"].append(element)


def add_value(resource: Json) -> None:
    group = find(resource, "阴性")[0]
    group["element"].append({"code": "阳性", "target": [{"code": "POSITIVE", "equivalence": "equivalent"}]})


def remove(resource: Json) -> None:
    group = find(resource, "A2")[0]
    group["element"] = [element for element in group["element"] if element["code"] != "A2"]


def forget(resource: Json) -> None:
    resource["group"] = [group for group in resource["group"] if not group["source"].endswith("-unit")]


def strip(resource: Json) -> None:
    """A server that keeps no extensions."""
    for group in resource["group"]:
        for element in group["element"]:
            for target in element["target"]:
                del target["extension"]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (retarget, ["sites/clinic/codes.csv row 2: to_code '1742-6' → '1743-4'"]),
        (accept, ["sites/clinic/codes.csv row 3: to_code 'CREA' → 'ALT'",
                  "sites/clinic/codes.csv row 3: status 'proposed' → ''",
                  "sites/clinic/codes.csv row 3: note 'looks alike' → 'agreed'"]),
        (reject, ["sites/clinic/codes.csv row 6: status '' → 'rejected'"]),
        (doubt, ["sites/clinic/codes.csv row 6: status '' → 'proposed'"]),
        (add, ["sites/clinic/codes.csv new row (ConceptMap-clinic.json group 1 element 3): kind 'test', "
               "system 'http://clinic.example/lab', code 'A9', text '尿酸', to_system 'LOINC', to_code '1743-4'"]),
        (add_value, ["sites/clinic/values.csv new row (ConceptMap-clinic.json group 8 element 2): "
                     "codelist 'LBSTRESC', source_text '阳性', submission_value 'POSITIVE'"]),
        (remove, ["sites/clinic/codes.csv row 4 removed: kind 'test', system 'http://clinic.example/lab', code 'A2', "
                  "to_system 'LOINC', to_code '2160-0', status 'rejected'"]),
        (forget, []),
    ],
)  # fmt: skip
def test_edits_of_a_server(tmp_path: Path, edit: Callable[[Json], object], told: list[str]) -> None:
    edits = read_edits(tmp_path, edit)
    assert edits.faults == []
    assert tell(edits) == told


def test_a_server_without_extensions_keeps_what_the_mapping_tells(tmp_path: Path) -> None:
    codes = "test,http://clinic.example/lab,A1,谷丙转氨酶,SERUM,LOINC,1742-6,,,\ntest,,,肌酐,,CONCEPT,CREA,,,用于计算\n"
    edits = read_edits(tmp_path, strip, {"sites/clinic/codes.csv": CODES + codes})
    assert (tell(edits), edits.faults) == ([], [])


def relate(resource: Json) -> None:
    target = find(resource, "A1")[2]
    target["relationship"] = target.pop("equivalence")


def unequal(resource: Json) -> None:
    find(resource, "A1")[2]["equivalence"] = "same"


def uncode(resource: Json) -> None:
    del find(resource, "A3")[1]["code"]


def extend(resource: Json) -> None:
    part = {"url": "statu", "valueString": "accepted"}
    resource["group"][0]["element"][0]["target"][0]["extension"][0]["extension"].append(part)


def misplace(resource: Json) -> None:
    resource["group"][0]["element"][0]["target"][0]["extension"][0]["extension"][0]["valueString"] = "labels"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            relate,
            "group 1 element 1: equivalence None is none of FHIR R4; a FHIR R5 map has `relationship`; write it as R4",
        ),
        (unequal, "group 1 element 1: equivalence 'same' is none of FHIR R4; see FHIR R4"),
        (uncode, "group 3 element 1: group.source or element.code is missing; a row needs both"),
        (extend, "group 1 element 1: 'statu' is no column of codes; did you mean 'status'?"),
        (misplace, "group 1 element 1: table 'labels' is none of codes, units, values"),
    ],
)
def test_wrong_maps(tmp_path: Path, edit: Callable[[Json], object], told: str) -> None:
    assert read_edits(tmp_path, edit).faults == [f"ConceptMap-clinic.json {told}"]


def unmap(resource: Json) -> None:
    resource["group"][0]["unmapped"] = {"mode": "provided"}
    resource["group"][1]["element"].append({"code": "A7"})


def test_what_the_tables_have_no_place_for_is_told(tmp_path: Path) -> None:
    edits = read_edits(tmp_path, unmap)
    assert edits.left_out == [
        "ConceptMap-clinic.json group 1: unmapped; the tables say nothing of codes without a row",
        "ConceptMap-clinic.json group 2 element 2 (A7): it has no target",
    ]
    assert (tell(edits), edits.faults) == ([], [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "does not exist; name a ConceptMap"),
        (
            b"{",
            "is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)); write the ConceptMap as JSON in UTF-8",
        ),
        (b'{"resourceType": "ValueSet"}', "is no ConceptMap; write that resource alone"),
        (b"[]", "is no ConceptMap; write that resource alone"),
    ],
)
def test_what_is_no_map(tmp_path: Path, content: bytes | None, told: str) -> None:
    study, path = write_study(tmp_path / "study"), tmp_path / "map.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        read_concept_maps([path], study)
    assert str(caught.value) == f"{path} {told}"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"{BASE}/ConceptMap/clinik", "; did you mean 'clinic'?"),
        (f"{BASE}/maps/clinic", "; hospitals are clinic, ward, _base"),
        (None, "; hospitals are clinic, ward, _base"),
    ],
)
def test_a_map_of_no_hospital(tmp_path: Path, url: str | None, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_edits(tmp_path, lambda resource: resource.update(url=url))
    message = f"url {url!r} does not end in /ConceptMap/ and a hospital of the study"
    assert str(caught.value) == f"{tmp_path / 'maps/ConceptMap-clinic.json'}: {message}{told}"


def test_two_maps_of_one_hospital(tmp_path: Path) -> None:
    study, path = edit_map(tmp_path, lambda _: None)
    with pytest.raises(ConfigurationError, match="are of 'clinic' both; name one of them"):
        read_concept_maps([path, path], study)


def test_addresses_of_a_hospital_with_an_unusual_name() -> None:
    assert MapUrls(BASE, "第一 医院").name_map().isascii()
    assert FILES  # the sound study has no such hospital
