"""The invented hospital: drawn from the pool by name and seed alone, and in nobody else's words."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.simulate.habit_tables import read_rows, read_spellings
from hbv_standards.simulate.habits import (
    read_drugs,
    read_factors,
    read_laboratory,
    read_site_rows,
    read_tests,
    read_unit,
    read_units,
)
from hbv_standards.simulate.hospital_names import invent_site, show_site
from hbv_standards.simulate.hospitals.guangzhou_style import find_style
from hbv_standards.simulate.invented import write_invented
from hbv_standards.simulate.invented_pool import (
    list_codelists,
    read_test_names,
    read_unit_spellings,
    read_words,
)
from hbv_standards.simulate.trial import simulate_site
from hbv_standards.simulate.write import encode_lines

SITES = [invent_site("clinic", seed) for seed in range(1, 13)]


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_every_test_of_the_trial_has_names_and_every_unit_spellings() -> None:
    assert {names.concept_id for names in read_test_names()} == set(read_tests())
    for names in read_test_names():
        both = (*names.plain, *names.whole)
        assert len(set(both)) == len(both) >= 3, names.concept_id
    assert all(len(spellings) >= 2 for value, spellings in read_unit_spellings().items() if value != "mEq/L")


def test_a_name_means_one_test() -> None:
    meant = Counter(name for names in read_test_names() for name in (*names.plain, *names.whole))
    assert [name for name, count in meant.items() if count > 1] == []
    assert not {row["name"] for row in read_rows("invented_uncollected.csv")} & set(meant)


@pytest.mark.parametrize("codelist", list_codelists())
def test_values_have_several_words(codelist: str) -> None:
    rows = read_words(codelist)
    assert all(len(set(row.words)) == len(row.words) >= 2 for row in rows)
    words = [(word, row.concept_id) for row in rows for word in row.words]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("site", SITES)
def test_codes_and_names_of_a_hospital_mean_one_thing(site: str) -> None:
    rows = [*read_site_rows("laboratory.csv", site), *read_site_rows("uncollected.csv", site)]
    style = find_style(site)
    codes = [row["code"] for row in rows if row["code"]]
    codes += [code for code, _ in (*style.panels.values(), *style.reports.values())]
    names = [row["text"] or row["display"] for row in rows]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("site", SITES)
def test_units_convert(site: str) -> None:
    for habit in read_laboratory(site).values():
        unit = read_unit(habit.unit, habit.concept_id)
        usual = unit in ("", read_tests()[habit.concept_id].std_unit)
        assert usual or (habit.concept_id, unit) in read_factors(), habit


def test_spellings_of_the_three_hospitals_keep_their_meaning() -> None:
    assert read_units().items() >= read_spellings().items()
    for site in ("zhongshan", "guangzhou", "foshan"):
        for habit in read_laboratory(site).values():
            plain = read_spellings().get((habit.unit, "")) if habit.unit else ""
            assert read_spellings().get((habit.unit, habit.concept_id), plain) == read_unit(
                habit.unit, habit.concept_id
            )


def test_seeds_differ() -> None:
    names = {tuple(habit.text or habit.display for habit in read_laboratory(site).values()) for site in SITES}
    drugs = {tuple(drug.text for drug in read_drugs(site).values()) for site in SITES}
    assert len(names) == len(SITES)
    assert len(drugs) > len(SITES) // 2
    assert {bool(find_style(site).visits) for site in SITES} == {True, False}


def test_same_name_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_invented("clinic", 3, 11, tmp_path / folder, validate=False)
    first, second = (sorted(f for f in (tmp_path / n).rglob("*") if f.is_file()) for n in ("one", "two"))
    assert [f.name for f in first] == [f.name for f in second]
    assert [f.read_bytes() for f in first] == [f.read_bytes() for f in second]


@pytest.mark.parametrize("seed", [4, 12])
def test_every_resource_conforms(seed: int) -> None:
    site = invent_site("clinic", seed)
    files = dict(encode_lines(simulate_site(site, 2, seed), find_style(site), validate=True))
    assert len(files) > 10
    text = b"".join(files.values())
    assert b"guangzhou" not in text
    assert b"clinic~" not in text
    assert b"https://clinic.example/" in text


def test_the_dictionary_tells_what_everything_means(tmp_path: Path) -> None:
    write_invented("clinic", 2, 3, tmp_path, validate=False)
    truth = tmp_path / "truth"
    codes = read_csv(truth / "codes.csv")
    kinds = Counter(row["kind"] if row["to_system"] != "NOT COLLECTED" else "not collected" for row in codes)
    assert kinds["test"] > 80
    assert kinds["not collected"] == 16 + 6  # and the headings of panels and reports
    assert (kinds["use"], kinds["family history"], kinds["treatment"]) == (8, 3, 8)
    assert len({(row["kind"], row["code"] or row["text"]) for row in codes}) == len(codes)
    assert {row["SITE"] for row in read_csv(truth / "subjects.csv")} == {"clinic"}
    assert {row["field"] for row in read_csv(truth / "enrolment.csv")} >= {"subject_id", "patient_identifier"}
    assert read_csv(truth / "unmapped.csv") == []
    assert list((tmp_path / "hospitals" / "clinic").glob("*.csv"))


@pytest.mark.parametrize("name", ["guangzhou", "Clinic", "a b", "", "../x", "clinic~7"])
def test_a_name_that_cannot_be_a_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="take a new name in small letters"):
        write_invented(name, 1, 1, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_records_name_the_hospital_by_name_and_seed() -> None:
    assert show_site(invent_site("clinic", 7)) == "clinic"
    assert show_site("foshan") == "foshan"
