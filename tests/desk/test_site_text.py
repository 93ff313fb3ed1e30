"""The text of site.yaml and the hospital's line in study.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from hbv_standards.desk.site_text import add_site_line, find_free_siteid, write_site_yaml
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.site import Enrolment, SiteConfig
from hbv_standards.study import StudySite

HEAD = "studyid: T  # the trial\n"
TAIL = "\n# what follows stays\ncriteria: []\n"
BLOCK = 'sites:   # folders\n  a: {siteid: "01", name: A}   # the first\n'


@pytest.mark.parametrize(
    ("sites", "added"),
    [
        (BLOCK, '  new: {siteid: "07", name: new}\n'),
        ('sites:\n    a:\n        siteid: "01"\n        name: A\n', '    new: {siteid: "07", name: new}\n'),
        ('sites: {a: {siteid: "01", name: A}}\n', ', new: {siteid: "07", name: new}'),
    ],
)
def test_a_line_is_added_and_the_rest_stays(sites: str, added: str) -> None:
    text = f"{HEAD}{sites}{TAIL}"
    made = add_site_line(text, "new", "07")
    assert made.replace(added, "", 1) == text
    assert yaml.safe_load(made)["sites"]["new"] == {"siteid": "07", "name": "new"}


def test_sites_at_the_very_end_of_the_file() -> None:
    made = add_site_line(f"{HEAD}{BLOCK}".rstrip("\n"), "new", "07")
    assert list(yaml.safe_load(made)["sites"]) == ["a", "new"]


@pytest.mark.parametrize("text", ["studyid: T\n", "sites: {}\n", "[]\n"])
def test_a_study_without_hospitals(text: str) -> None:
    with pytest.raises(ConfigurationError, match="sites: names no hospital; write the first one by hand"):
        add_site_line(text, "new", "01")


def test_the_trials_own_file() -> None:
    text = (locate_mappings() / "study.yaml").read_text(encoding="utf-8")
    made = add_site_line(text, "newhosp", "04")
    assert made.count("#") == text.count("#")
    assert len(made.splitlines()) == len(text.splitlines()) + 1


@pytest.mark.parametrize(
    ("numbers", "free"),
    [(["01", "02", "03"], "04"), (["901"], "902"), (["09"], "10"), (["A"], "01"), ([], "01")],
)
def test_next_free_number(numbers: list[str], free: str) -> None:
    assert find_free_siteid({n: StudySite(siteid=n, name=n) for n in numbers}) == free


@pytest.mark.parametrize(
    "config",
    [
        SiteConfig(site="new", enrolment=Enrolment(status="proposed")),
        SiteConfig(
            site="new",
            encodings=("utf-8", "gb18030"),
            identifier_systems=("http://new.example/mrn", "urn:x: y #z"),
            default_fhir_version="R5",
            enrolment=Enrolment(
                status="proposed", source="csv", file="a: b #1.csv", patient_system="yes",
                columns={"subject_id": "受试者编号: 号", "patient_identifier": "'病历号'"},
            ),
        ),
    ],
)  # fmt: skip
def test_site_yaml_reads_as_it_was_meant(config: SiteConfig, tmp_path: Path) -> None:
    text = write_site_yaml(config)
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    assert SiteConfig.model_validate(yaml.safe_load(text)) == config
    assert "status: proposed" in text
