"""Datasets over the size limit: the parts together are the whole, and are described and traced like it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hbv_standards.errors import ExportError
from hbv_standards.export.dataset_json import write_dataset_json
from hbv_standards.export.define import write_define
from hbv_standards.export.sdtm_files import build_member, write_sdtm
from hbv_standards.export.split import (
    SIZE_LIMITS,
    Part,
    compute_room,
    compute_xpt_bytes,
    split_dataset,
    split_datasets,
)
from hbv_standards.export.split_names import name_by_category, name_by_number, name_supplement, number_label
from hbv_standards.export.xpt import XptMember, XptVariable, write_xpt
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import read_specs
from hbv_standards.validate import validate_folder
from hbv_standards.validate.xpt import SIZE_LIMITS as VALIDATED_LIMITS

from .conftest import MAPPINGS, make_catalog, make_dataset, make_supplemental_spec

CREATED = datetime(2024, 2, 9, 8, 5, 3)
CATEGORIES = ("CHEMISTRY", "COAGULATION", "HEMATOLOGY")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return make_catalog(MAPPINGS)


def make_study(catalog: Catalog, *, subjects: int = 6, uneven: bool = False) -> dict[str, Dataset]:
    """LB of three categories with a qualifier for every record, and TE; chemistry thrice when ``uneven``."""
    rows: list[dict[str, str | None]] = [
        {
            "USUBJID": f"S-{subject:02d}", "LBTESTCD": code, "LBTEST": code.title(), "LBCAT": category,
            "LBORRES": f"{subject}.5", "LBSTRESC": f"{subject}.5", "LBSTRESN": f"{subject}.5", "VISITNUM": "1",
            "LBDTC": f"2024-01-{visit + 1:02d}",
        }
        for subject in range(subjects)
        for category, code in zip(CATEGORIES, ("ALT", "PT", "HGB"), strict=True)
        for visit in range(9 if uneven and category == "CHEMISTRY" else 3)
    ]  # fmt: skip
    specs = read_specs(MAPPINGS / "specs")
    lb = make_dataset(rows, specs["LB"], catalog)
    lb = replace_trace(lb)
    qualifiers: list[dict[str, str | None]] = [
        {"USUBJID": subject, "IDVAR": "LBSEQ", "IDVARVAL": f"{seq:.0f}", "QNAM": "LBNOTE", "QLABEL": "Note",
         "QVAL": f"{subject} {seq:.0f}", "QORIG": "Collected"}
        for subject, seq in zip(lb.frame["USUBJID"], lb.frame["LBSEQ"], strict=True)
    ]  # fmt: skip
    supplement = make_dataset(qualifiers, make_supplemental_spec(), catalog)
    te = make_dataset([{"ETCD": "SCR", "ELEMENT": "Screening", "TESTRL": "Consent"}], specs["TE"], catalog)
    return {"LB": lb, "SUPPLB": supplement, "TE": te}


def replace_trace(dataset: Dataset) -> Dataset:
    """Two sources for each row; the source id tells the row."""
    rows = np.repeat(np.arange(len(dataset.frame)), 2)
    trace = pd.DataFrame({
        "row": rows, "variable": [("", "LBORRES")[n % 2] for n in range(len(rows))], "source_id": rows + 1000,
        "path": "Observation", "mapping_row": "concepts/lb.csv:2",
    })  # fmt: skip
    return Dataset(dataset.spec, dataset.frame, trace)


def build_members(datasets: Mapping[str, Dataset]) -> dict[str, XptMember]:
    return {name: build_member(dataset, "ascii") for name, dataset in datasets.items()}


def find_limit(datasets: Mapping[str, Dataset], share: float) -> int:
    """Bytes for this share of the records of LB."""
    return compute_xpt_bytes(build_member(datasets["LB"], "ascii"), int(len(datasets["LB"].frame) * share))


def split(datasets: Mapping[str, Dataset], share: float) -> dict[str, Part]:
    return split_datasets(datasets, build_members(datasets), find_limit(datasets, share))


BY_CATEGORY = ["LBCH", "LBCO", "LBHE"]
BY_SUBJECT = ["LB1", "LB2"]


@pytest.mark.parametrize(
    ("uneven", "share", "names"),
    [(False, 1, ["LB"]), (False, 0.4, BY_CATEGORY), (True, 0.5, BY_SUBJECT), (False, 0.17, [f"LB{n}" for n in range(1, 7)])],
)
def test_parts(catalog: Catalog, *, uneven: bool, share: float, names: list[str]) -> None:
    datasets = make_study(catalog, uneven=uneven)
    assert sorted(split(datasets, share)) == sorted([*names, *(f"SUPP{name}" for name in names), "TE"])


def test_files_concatenate_to_the_whole(catalog: Catalog, tmp_path: Path) -> None:
    for uneven, share, count in ((False, 0.4, 3), (True, 0.5, 2)):
        datasets, folder = make_study(catalog, uneven=uneven), tmp_path / str(share)
        parts, limit = split(datasets, share), find_limit(datasets, share)
        for name, file in write_sdtm(folder, parts, created=CREATED).items():
            assert file.bytes <= limit, name
        for whole in ("LB", "SUPPLB"):
            write_xpt(tmp_path / f"{whole.lower()}.xpt", build_member(datasets[whole], "ascii"), datasets[whole].frame, created=CREATED)
            expected, facts = pyreadstat.read_xport(str(tmp_path / f"{whole.lower()}.xpt"))
            read = [pyreadstat.read_xport(str(path)) for path in sorted(folder.glob(f"{whole.lower()}*.xpt"))]
            assert len(read) == count
            together = pd.concat([frame for frame, _ in read], ignore_index=True)
            keys = ["USUBJID", "LBSEQ"] if whole == "LB" else ["USUBJID", "QVAL"]
            pd.testing.assert_frame_equal(
                together.sort_values(keys, ignore_index=True), expected.sort_values(keys, ignore_index=True)
            )
            for frame, part_facts in read:
                assert part_facts.variable_storage_width == facts.variable_storage_width
                assert part_facts.column_names == facts.column_names
                assert part_facts.column_labels == facts.column_labels
                assert set(frame["DOMAIN" if whole == "LB" else "RDOMAIN"]) == {"LB"}
            assert [f.file_label for _, f in read] == [f"{facts.file_label} {n + 1}" for n in range(count)]


def test_qualifiers_go_with_their_records(catalog: Catalog) -> None:
    parts = split(make_study(catalog), 0.4)
    for name in BY_CATEGORY:
        frame, qualifiers = parts[name].dataset.frame, parts[f"SUPP{name}"].dataset.frame
        records = set(zip(frame["USUBJID"], frame["LBSEQ"], strict=True))
        assert {(s, float(v)) for s, v in zip(qualifiers["USUBJID"], qualifiers["IDVARVAL"], strict=True)} == records


@pytest.mark.parametrize(("idvar", "value"), [("VISITNUM", "1"), ("LBSEQ", "999")])
def test_by_subject_where_a_qualifier_is_of_no_single_record(catalog: Catalog, idvar: str, value: str) -> None:
    datasets = make_study(catalog)
    datasets["SUPPLB"].frame.loc[0, ["IDVAR", "IDVARVAL"]] = [idvar, value]
    assert {"LB1", "SUPPLB1"} <= set(split(datasets, 0.4))


def test_by_subject_where_a_record_has_no_category(catalog: Catalog) -> None:
    datasets = make_study(catalog)
    datasets["LB"].frame.loc[0, "LBCAT"] = None
    assert "LB1" in split(datasets, 0.4)


def test_subjects_are_ranges(catalog: Catalog) -> None:
    parts = split(make_study(catalog, uneven=True), 0.5)
    first, second = (set(parts[name].dataset.frame["USUBJID"]) for name in BY_SUBJECT)
    assert max(first) < min(second)


def test_trace_refers_to_the_rows_of_the_part(catalog: Catalog) -> None:
    datasets = make_study(catalog)
    whole = datasets["LB"].frame
    for name in BY_CATEGORY:
        part = split(datasets, 0.4)[name].dataset
        assert len(part.trace) == 2 * len(part.frame)
        for row, source in zip(part.trace["row"], part.trace["source_id"], strict=True):
            pd.testing.assert_series_equal(
                part.frame.iloc[row], whole.iloc[source - 1000], check_names=False, obj=name
            )


def test_what_cannot_be_split_names_the_cure(catalog: Catalog) -> None:
    datasets = make_study(catalog)
    with pytest.raises(ExportError, match=r"subject S-00 alone.*--max-bytes"):
        split(datasets, 0.1)
    te = datasets["TE"]
    with pytest.raises(ExportError, match=r"TE would have .* TRIAL DESIGN is not split.*--max-bytes"):
        split_dataset(te, build_member(te, "ascii"), 100)


def test_define_is_valid_and_describes_every_part(catalog: Catalog, tmp_path: Path) -> None:
    parts = split(make_study(catalog), 0.4)
    datasets = {name: part.dataset for name, part in parts.items()}
    members = {name: part.member for name, part in parts.items()}
    write_sdtm(tmp_path, parts, created=CREATED)
    define = write_define(tmp_path / "define.xml", datasets, catalog, created=CREATED, members=members)
    with as_file(files("odmlib").joinpath("schemas")) as schemas:
        schema = etree.XMLSchema(etree.parse(str(schemas / "define" / "2.1" / "define2-1-0.xsd")))
    xml = etree.parse(str(tmp_path / "define.xml"))
    schema.assertValid(xml)
    assert {group.name for group in define.groups} == set(parts)
    oids = [str(oid) for oid in xml.xpath("//@OID")]
    assert len(oids) == len(set(oids))
    (group,) = xml.xpath("//*[local-name() = 'ItemGroupDef'][@Name = 'LBCH']")
    assert (group.get("Domain"), group.get("SASDatasetName"), group.get("OID")) == ("LB", "LBCH", "IG.LBCH")
    assert group.xpath("*[local-name() = 'Alias'][@Context = 'DomainDescription']/@Name") == ["Laboratory Test Results"]
    assert group.xpath("*[local-name() = 'leaf']/@*[local-name() = 'href']") == ["lbch.xpt"]
    shapes = [{i.name: i.shape for i in define.items if i.oid.count(".") == 2 and i.oid.startswith(f"IT.{n}.")} for n in BY_CATEGORY]
    assert shapes[0] == shapes[1] == shapes[2]
    findings = validate_folder(tmp_path).findings
    assert not set(findings["code"]) & {f"HBV-VAL-{number:03d}" for number in (4, 5, 7, 17, 401, 802, 916)}
    assert not findings["code"].str.startswith("HBV-VAL-9").any()


def test_dataset_json_of_every_part(catalog: Catalog, tmp_path: Path) -> None:
    parts = split(make_study(catalog), 0.4)
    datasets = {name: part.dataset for name, part in parts.items()}
    members = {name: part.member for name, part in parts.items()}
    define = write_define(tmp_path / "define.xml", datasets, catalog, created=CREATED, members=members)
    write_dataset_json(tmp_path / "json", datasets, define, created=CREATED)
    assert {path.stem.upper() for path in (tmp_path / "json").iterdir()} == set(parts)


def test_same_input_same_parts(catalog: Catalog, tmp_path: Path) -> None:
    hashes = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        datasets = dict(reversed(make_study(catalog).items())) if folder.name == "other" else make_study(catalog)
        written = write_sdtm(folder, split(datasets, 0.4), created=CREATED)
        hashes.append({name: file.sha256 for name, file in written.items()})
    assert hashes[0] == hashes[1]


MEMBER = XptMember("LB", "Results", (XptVariable("USUBJID", "", "Char", 7), XptVariable("LBSEQ", "", "Num", 8)))


@pytest.mark.parametrize("rows", [1, 5, 6, 16, 17])
def test_size_is_that_of_the_file(tmp_path: Path, rows: int) -> None:
    frame = pd.DataFrame({"USUBJID": ["S-1"] * rows, "LBSEQ": np.arange(rows, dtype="float64")})
    file = write_xpt(tmp_path / "lb.xpt", MEMBER, frame, created=CREATED)
    assert compute_xpt_bytes(MEMBER, rows) == file.bytes


@given(limit=st.integers(min_value=0, max_value=20_000))
def test_room_is_the_most_that_fits(limit: int) -> None:
    rows = compute_room(MEMBER, limit)
    assert rows == 0 or compute_xpt_bytes(MEMBER, rows) <= limit
    assert compute_xpt_bytes(MEMBER, rows + 1) > limit


@settings(max_examples=25, deadline=None)
@given(counts=st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=12), room=st.integers(min_value=9, max_value=30))
def test_every_row_is_in_one_part_that_fits(counts: list[int], room: int) -> None:
    """Whatever the subjects and the limit: nothing is lost, doubled or too large."""
    subjects = [f"S-{n:02d}" for n, count in enumerate(counts) for _ in range(count)]
    spec = read_specs(MAPPINGS / "specs")["LB"]
    frame = pd.DataFrame({"USUBJID": subjects, "LBSEQ": np.arange(len(subjects), dtype="float64")})
    trace = pd.DataFrame({"row": np.arange(len(subjects))})
    parts = split_dataset(Dataset(spec, frame, trace), MEMBER, compute_xpt_bytes(MEMBER, room))
    limit = compute_xpt_bytes(MEMBER, room)
    assert all(compute_xpt_bytes(part.member, len(part.dataset.frame)) <= limit for part in parts)
    pd.testing.assert_frame_equal(pd.concat([p.dataset.frame for p in parts], ignore_index=True), frame)
    assert all(part.dataset.trace["row"].tolist() == list(range(len(part.dataset.frame))) for part in parts)


def test_names() -> None:
    assert name_by_category("LB", ["CHEMISTRY", "CHROMATOGRAPHY", "X"], ()) == ["LBCH", "LBCR", "LBX"]
    assert name_by_category("LB", ["CHEMISTRY"], ("LBCH",)) == ["LBCE"]
    assert name_by_category("LB", ["化学"], ()) is None
    assert name_by_category("LB", ["AB", "A-B"], ()) is None
    assert name_by_category("SU", ["PPP"], ()) is None
    assert name_by_number("LB", 3, ("LB2",)) == ["LB1", "LB3", "LB4"]
    with pytest.raises(ExportError, match="100 datasets"):
        name_by_number("LB", 100, ())
    assert (name_supplement("LBCH"), name_supplement("APMH1")) == ("SUPPLBCH", "SQAPMH1")


def test_labels() -> None:
    assert number_label("Laboratory Test Results", 1) == "Laboratory Test Results 1"
    assert number_label("x" * 40, 12) == "x" * 37 + " 12"
    assert len(number_label("实验室检查结果" * 2, 1).encode()) <= 40


def test_limits_are_those_of_the_validation() -> None:
    assert SIZE_LIMITS == VALIDATED_LIMITS == {"fda": 5_000_000_000, "nmpa": 4_000_000_000}
