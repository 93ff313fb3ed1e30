"""A second round for a hospital that has its folder: rows for what is new, and every other byte as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hbv_standards.desk.add_rows import AddedRows, build_added_rows, describe_added_rows, describe_missing
from hbv_standards.desk.propose import propose_all
from hbv_standards.desk.save_tables import write_changes
from hbv_standards.desk.seen import read_delivery
from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import check_tables, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from places import HOSPITALS

from .sending import LAB, Resource, build_observation, build_patient, name_code, write_delivery
from .tiny_study import read_all
from .walk import read_csv

SITES = ("guangzhou", "zhongshan", "foshan")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return Path(shutil.copytree(locate_mappings(), tmp_path / "mappings"))


def add(site: str, delivery: Path, study: Path) -> AddedRows:
    added = build_added_rows(site, [delivery], study)
    write_changes(added.folder, added.changes)
    return added


def send(folder: Path, *observations: Resource) -> Path:
    return write_delivery(folder, [build_patient(1), *observations])


def read_new(study: Path, site: str, table: str) -> list[dict[str, str]]:
    old = len(read_csv(locate_mappings() / "sites" / site / table))
    return read_csv(study / "sites" / site / table)[old:]


def count_lines(study: Path, site: str, table: str) -> int:
    return len((study / "sites" / site / table).read_text("utf-8").splitlines())


@pytest.mark.parametrize("site", SITES)
def test_a_shipped_hospital(site: str, study: Path) -> None:
    before, known = read_all(study), read_catalog(study)
    added = add(site, HOSPITALS / site, study)
    after = read_all(study)
    assert check_tables(study) == []
    assert {file for file in after if after[file] != before[file]} == {
        change.table.file for change in added.changes
    }
    # a known unit that cannot be converted is cured by a factor, not by a row of its spelling
    assert not [file for file in after if file.endswith("units.csv") and b"S/CO" in after[file] and "/sites/" in f"/{file}"]
    for change in added.changes:
        old, new = (lines[change.table.file].decode().splitlines() for lines in (before, after))
        assert [line[: len(was)] for line, was in zip(new, old, strict=False)] == old
        assert {line[len(was) :].strip(",") for line, was in zip(new[1:], old[1:], strict=False)} == {""}
        assert len(new) == len(old) + len(change.added)
    used = read_catalog(study)
    assert (used.codes(site), used.units(site), used.values(site)) == (
        known.codes(site),
        known.units(site),
        known.values(site),
    )
    again = add(site, HOSPITALS / site, study)
    assert (again.changes, read_all(study)) == ((), after)
    assert list(describe_added_rows(again, dry_run=False)) == [
        f"nothing was added: the tables of {site} have a row for everything that can have one"
    ]


def test_of_several_hospitals_one_counts(study: Path) -> None:
    among = build_added_rows("foshan", [HOSPITALS], study)
    assert [(change.table.file, len(change.added)) for change in among.changes] == [
        ("sites/foshan/codes.csv", 1),
        ("sites/foshan/units.csv", 1),
    ]
    assert {code.site for code in among.missing.seen.codes} == {"foshan"}


def test_a_row_has_its_reason(study: Path, tmp_path: Path) -> None:
    """The laboratory renames a test; its results speak for one of the trial's."""
    results = [
        build_observation(f"o{at}", 1, name_code("NEW1", "丙氨酸氨基转移酶"), valueQuantity={"value": 20 + at, "unit": "U/L"})
        for at in range(5)
    ]  # fmt: skip
    unknown = build_observation("u", 1, name_code("NEW2", "怪项目"), valueString="怪")
    added = add("foshan", send(tmp_path / "sent", *results, unknown), study)
    open_row, proposed = sorted(read_new(study, "foshan", "codes.csv"), key=lambda row: row["status"])
    assert (proposed["code"], proposed["system"], proposed["to_code"], proposed["status"]) == (
        "NEW1", LAB, "ALT", "proposed",
    )  # fmt: skip
    assert proposed["note"].startswith("score ")
    assert proposed["note"].endswith("; 5 rows; e.g. 20 U/L; 21 U/L; 22 U/L; 23 U/L; 24 U/L")
    assert (open_row["code"], open_row["to_code"], open_row["status"]) == ("NEW2", "", "open")
    told = list(describe_added_rows(added, dry_run=False))
    last = count_lines(study, "foshan", "codes.csv")
    assert told[0] == f"sites/foshan/codes.csv: 1 proposed, 1 open, added as lines {last - 1} to {last}"
    assert told[1].startswith("Nothing of it is used yet")


def test_words_are_seen_once_the_code_is_decided(study: Path, tmp_path: Path) -> None:
    sent = send(
        tmp_path / "sent", build_observation("a", 1, name_code("NEW", "怪项目"), valueString="似有似无")
    )
    add("foshan", sent, study)
    assert read_new(study, "foshan", "values.csv") == []
    table = study / "sites/foshan/codes.csv"
    *old, last = table.read_text("utf-8").splitlines(keepends=True)
    assert ",CONCEPT,,,open," in last
    decided = last.replace(",CONCEPT,,,open,", ",CONCEPT,HBEAG_QL,,accepted,")
    table.write_text("".join([*old, decided]), encoding="utf-8", newline="")
    add("foshan", sent, study)
    (word,) = read_new(study, "foshan", "values.csv")
    assert (word["codelist"], word["source_text"], word["submission_value"], word["status"]) == (
        "LBSTRESC", "似有似无", "?", "open",
    )  # fmt: skip
    assert read_new(study, "foshan", "codes.csv")[0]["status"] == "accepted"
    assert check_tables(study) == []


def test_another_specimen_of_a_code_that_is_told_apart_by_it(study: Path, tmp_path: Path) -> None:
    """A row for urine alone: without its specimen it would be the answer for every other one."""
    table = study / "sites/foshan/codes.csv"
    serum = f"test,{LAB},X1,肌酐,SERUM,CONCEPT,CREA,,accepted,\n"
    table.write_text(table.read_text("utf-8") + serum, encoding="utf-8", newline="")
    urine: Resource = {"resourceType": "Specimen", "id": "s1", "type": {"text": "尿液"}, "subject": {"reference": "Patient/p1"}}  # fmt: skip
    result = build_observation(
        "a", 1, name_code("X1", "肌酐"), valueQuantity={"value": 9, "unit": "mmol/L"}, specimen={"reference": "Specimen/s1"}
    )  # fmt: skip
    add("foshan", send(tmp_path / "sent", urine, result), study)
    _, row = read_new(study, "foshan", "codes.csv")
    assert (row["code"], row["specimen"]) == ("X1", "URINE")


def test_nothing_is_written_before_it_is_asked_for(study: Path) -> None:
    before = read_all(study)
    added = build_added_rows("foshan", [HOSPITALS / "foshan"], study)
    assert read_all(study) == before
    told = list(describe_added_rows(added, dry_run=True))
    line = count_lines(study, "foshan", "codes.csv") + 1
    assert f"sites/foshan/codes.csv: 1 open, would be added as line {line}" in told
    assert "  with the columns status, note at the end, empty in the rows that were there" in told
    assert any(line.startswith("  sites/foshan/units.csv new row (") for line in told)
    assert not [line for line in told if "Nothing of it is used yet" in line]


@pytest.mark.parametrize(
    ("site", "delivery", "message"),
    [
        ("foshn", "foshan", r"the study has no hospital 'foshn'; did you mean 'foshan'\?"),
        ("clinic", "foshan", r"no hospital 'clinic'; `study new-site clinic` makes the folder of a new one"),
        ("foshan", "guangzhou", r"is of guangzhou and nothing of it of foshan; name the delivery of foshan"),
    ],
)
def test_refused(site: str, delivery: str, message: str, study: Path) -> None:
    before = read_all(study)
    with pytest.raises(ConfigurationError, match=message):
        add(site, HOSPITALS / delivery, study)
    assert read_all(study) == before


def test_a_delivery_with_nothing_in_it(study: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigurationError, match="nothing was read of"):
        add("foshan", tmp_path / "empty", study)


def test_coverage_leads_to_the_command(study: Path, tmp_path: Path) -> None:
    sent = send(
        tmp_path / "a new delivery", build_observation("a", 1, name_code("NEW", "怪项目"), valueString="怪")
    )

    def tell(site: str) -> list[str]:
        delivery = read_delivery([sent], read_catalog(study), IssueLog(), site=site)
        return list(describe_missing(propose_all(delivery), [sent], study, None))

    assert tell("foshan") == [
        "The tables of foshan say nothing of 1 of these. Rows with what is proposed are added by",
        f"  hbv-standards study add-rows foshan --from '{sent}' --study {study}",
    ]
    assert tell("clinic")[1] == f"  hbv-standards study new-site clinic --from '{sent}' --study {study}"
    add("foshan", sent, study)
    assert tell("foshan") == []
