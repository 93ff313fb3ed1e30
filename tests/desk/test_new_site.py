"""A hospital never seen before: its folder is written, loads, and nothing of it is used before a person accepts."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hbv_standards.desk.new_site import NewSite, describe_new_site, write_new_site, write_rows
from hbv_standards.desk.seen import read_seen
from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.to_canonical import to_canonical
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import check_tables, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import CodeRow
from places import HOSPITALS

from .sending import build_observation, build_patient, name_code, write_delivery
from .walk import accept_proposals, forget_hospital, read_csv

SITES = ("guangzhou", "zhongshan", "foshan")


@pytest.fixture(scope="module", params=SITES)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, NewSite]:
    site = str(request.param)
    study = forget_hospital(tmp_path_factory.mktemp(site), site)
    return site, study, write_new_site(site, [HOSPITALS / site], study)


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_the_folder_loads_and_nothing_of_it_is_used(made: tuple[str, Path, NewSite]) -> None:
    site, study, _ = made
    assert check_tables(study) == []
    catalog = read_catalog(study)
    own = [
        row.row for rows in (catalog.codes(site), catalog.units(site), catalog.values(site)) for row in rows
    ]
    assert [row for row in own if row.startswith(f"sites/{site}/")] == []
    assert catalog.sites[site].enrolment.status == "proposed"
    assert {row["status"] for row in read_csv(study / "sites" / site / "codes.csv")} <= {"proposed", "open"}


def test_nobody_is_enrolled_by_a_proposal(made: tuple[str, Path, NewSite]) -> None:
    site, study, _ = made
    catalog, log = read_catalog(study), IssueLog()
    data = to_canonical(read_fhir([HOSPITALS / site], catalog, log), catalog, log)
    assert len(data.subjects) == 0
    assert [row.site for row in log.rows if row.code == "HBV-ENR-005"] == [site]


def test_proposals_are_what_people_accepted(made: tuple[str, Path, NewSite]) -> None:
    """Precision before recall: the hospital's real table agrees with every proposal."""
    site, study, _ = made
    truth = SiteMapper(read_catalog(locate_mappings()), site)
    rows = read_csv(study / "sites" / site / "codes.csv")
    answered = [row for row in rows if row["kind"] == "test" and row["status"] == "proposed"]
    catalog = read_catalog(study)
    for row in answered:
        text = row["text"] if not row["code"] else f"{row['text']}\x1e{row['system']}\x1f{row['code']}\x1f"
        match = truth.map_test(text, row["specimen"] or None)
        assert match is not None, row
        meant = (
            catalog.concept_of_loinc[row["to_code"]].concept_id
            if row["to_system"] == "LOINC"
            else row["to_code"]
        )
        assert (match.concept_id or "") == meant, row
    uses = {(row.code, row.to_code, row.field) for row in truth.catalog.codes(site) if row.kind == "use"}
    for row in rows:
        if row["kind"] == "use" and row["status"] == "proposed":
            assert (row["code"], row["to_code"], row["field"]) in uses, row
    asked = [row for row in rows if row["kind"] == "test"]
    assert len(answered) >= 0.8 * len(asked)


def test_accepted_rows_are_used(tmp_path: Path) -> None:
    site = "guangzhou"
    study = forget_hospital(tmp_path, site)
    write_new_site(site, [HOSPITALS / site], study)
    accept_proposals(study / "sites" / site)
    assert check_tables(study) == []
    catalog, log = read_catalog(study), IssueLog()
    data = to_canonical(read_fhir([HOSPITALS / site], catalog, log), catalog, log)
    before, old = read_catalog(locate_mappings()), IssueLog()
    wanted = to_canonical(read_fhir([HOSPITALS / site], before, old), before, old)
    assert len(data.subjects) == len(wanted.subjects) > 0
    assert len(data.findings) >= 0.95 * len(wanted.findings)
    assert any(row.startswith(f"sites/{site}/codes.csv:") for row in data.findings["mapping_row"])


def test_same_delivery_same_bytes(tmp_path: Path) -> None:
    made = []
    for place, backwards in (("one", False), ("two", True)):
        study = forget_hospital(tmp_path / place, "zhongshan")
        write_new_site("zhongshan", sorted((HOSPITALS / "zhongshan").iterdir(), reverse=backwards), study)
        made.append(digest(study))
    assert made[0] == made[1]


def test_other_files_stay_as_they_were(made: tuple[str, Path, NewSite], tmp_path: Path) -> None:
    site, study, _ = made
    before, after = digest(forget_hospital(tmp_path, site)), digest(study)
    changed = {name for name in after if before.get(name) != after[name]}
    folder = {f"sites/{site}/{name}" for name in ("site.yaml", "codes.csv", "units.csv", "values.csv")}
    assert changed == {"study.yaml", *folder}
    assert sorted(path.name for path in study.iterdir()) == sorted(
        path.name for path in locate_mappings().iterdir()
    )


def test_what_is_said_at_the_end(made: tuple[str, Path, NewSite]) -> None:
    lines = list(describe_new_site(made[2]))
    assert lines[0].endswith(f"{made[0]} is site {made[2].siteid} in study.yaml")
    assert any("write accepted" in line for line in lines)


@pytest.mark.parametrize(
    ("site", "message"),
    [
        (
            "guangzhou",
            "exists and is left alone; `study add-rows guangzhou` adds rows for what its tables do not know",
        ),
        ("Neu", "'Neu' is no name of a hospital's folder; small letters, digits, - and _, a letter first"),
        ("_base", "'_base' is no name of a hospital's folder"),
        ("../neu", "'../neu' is no name of a hospital's folder"),
        ("广州", "is no name of a hospital's folder"),
        ("n" * 300, "a letter first, 40 at most"),
    ],
)
def test_refused_names(tmp_path: Path, site: str, message: str) -> None:
    study = forget_hospital(tmp_path, "foshan")
    before = digest(study)
    with pytest.raises(ConfigurationError, match=message):
        write_new_site(site, [HOSPITALS / "foshan"], study)
    assert digest(study) == before


def test_a_study_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere does not exist; copy one, .* cp -r"):
        write_new_site("new", [HOSPITALS / "foshan"], tmp_path / "nowhere")


def test_the_packages_own_study(tmp_path: Path) -> None:
    (tmp_path / "_mappings").mkdir()
    with pytest.raises(ConfigurationError, match="is the package's own and is not for editing; copy it"):
        write_new_site("new", [HOSPITALS / "foshan"], tmp_path / "_mappings")


def test_a_delivery_with_nothing_in_it(tmp_path: Path) -> None:
    study = forget_hospital(tmp_path, "foshan")
    before = digest(study)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigurationError, match="nothing was read of"):
        write_new_site("foshan", [tmp_path / "empty"], study)
    assert digest(study) == before


def test_a_folder_that_would_not_load_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = forget_hospital(tmp_path, "foshan")
    before = digest(study)
    monkeypatch.setattr("hbv_standards.desk.new_site.write_rows", lambda *_: "kind,nonsense\n")
    with pytest.raises(ConfigurationError, match="nonsense"):
        write_new_site("foshan", [HOSPITALS / "foshan"], study)
    assert digest(study) == before


HOSTILE = (
    "a,b", 'say "x"', "line\nbreak", "cr\rx", "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "tab\tx",
    "\u202ertl", "x" * 3000, "#N/A", "TRUE", "00123", "1e5", "2024-01-01", "C:\\x", "a;b", "'", "NULL",
)  # fmt: skip


def test_codes_that_a_table_must_quote(tmp_path: Path) -> None:
    """Whatever a hospital calls its tests, its rows answer to it once they are accepted."""
    study = forget_hospital(tmp_path, "foshan")
    value = {"valueQuantity": {"value": 30, "unit": "U/L"}}
    sent = [build_patient(1)]
    for at, text in enumerate(HOSTILE):
        sent += [build_observation(f"a{at}", 1, name_code(text, f"名 {text}"), **value)]
        sent += [build_observation(f"b{at}", 1, {"text": f"仅文本 {text}"}, **value)]
    delivery = write_delivery(tmp_path / "sent", sent)
    made = write_new_site("newhosp", [delivery], study)
    rows = read_csv(made.folder / "codes.csv")
    assert {row["code"] for row in rows if row["code"]} == set(HOSTILE)
    answered = [CodeRow.model_validate({**dict.fromkeys(("specimen", "field")), **row, "row": "", "to_code": "ALT", "status": "accepted"}) for row in rows]  # fmt: skip
    blank = [
        row.model_copy(update={name: getattr(row, name) or None for name in ("system", "code")})
        for row in answered
    ]
    (made.folder / "codes.csv").write_text(write_rows(blank, CodeRow), encoding="utf-8", newline="")
    assert check_tables(study) == []
    seen = read_seen([delivery], read_catalog(study), IssueLog(), site="newhosp")
    assert {code.status for code in seen.codes} == {"mapped"}


def test_folders_of_other_hospitals_are_not_taken_in(tmp_path: Path) -> None:
    study = forget_hospital(tmp_path, "foshan")
    before = digest(study)
    with pytest.raises(
        ConfigurationError,
        match=r"lie in folders of foshan, guangzhou, .*; name the folder or files of foshan alone",
    ):
        write_new_site("foshan", [HOSPITALS / "foshan", HOSPITALS / "guangzhou"], study)
    assert digest(study) == before


def test_what_could_not_be_read_is_told(tmp_path: Path) -> None:
    study = forget_hospital(tmp_path, "foshan")
    (tmp_path / "sent").mkdir()
    (tmp_path / "sent/bad.ndjson").write_text("x\n", encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"nothing was read of .*\n.*\n +1  HBV-ING-002  Resource could not"
    ):
        write_new_site("foshan", [tmp_path / "sent"], study)
