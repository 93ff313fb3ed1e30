"""Specs: facts from the standard, what the file must say, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import hbv_standards.sdtm.domains as domains
from hbv_standards.errors import ConfigurationError
from hbv_standards.sdtm.spec import locate_specs, read_methods, read_specs
from hbv_standards.study import read_study

from .cases import MAPPINGS

SPECS = MAPPINGS / "specs"
P = {"origin": "Protocol", "source": "Sponsor"}
TE = {
    "dataset": "TE",
    "keys": ["STUDYID", "ETCD"],
    "variables": {
        "TEDUR": P, "STUDYID": P, "DOMAIN": P, "ETCD": P, "ELEMENT": P, "TESTRL": P,
        "TEENRL": {**P, "comment": "why", "label": "Own label"},
    },
}  # fmt: skip
XP = {
    "dataset": "XP", "standard": False, "label": "Extra", "class": "FINDINGS", "structure": "One record",
    "keys": ["STUDYID", "USUBJID", "XPTESTCD"],
    "variables": {
        "XPSTRESC": {"origin": "Derived", "method": "SOME"}, "STUDYID": P, "DOMAIN": P, "USUBJID": P,
        "XPSEQ": P, "XPTESTCD": {**P, "core": "Req"}, "XPTEST": {**P, "core": "Req"},
        "XPLOC": {**P, "codelist": "LOC"}, "VISITNUM": P,
    },
}  # fmt: skip
METHODS = {"SOME": {"name": "Some method", "description": "What  is\ndone."}}


def write(folder: Path, spec: dict[str, Any], methods: Any = METHODS) -> Path:
    (folder / "methods.yaml").write_text(yaml.safe_dump(methods), encoding="utf-8")
    (folder / f"{spec['dataset'].lower()}.yaml").write_text(
        yaml.safe_dump(spec, sort_keys=False), encoding="utf-8"
    )
    return folder


def change(spec: dict[str, Any], edit: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    copy: dict[str, Any] = yaml.safe_load(yaml.safe_dump(spec))
    edit(copy)
    return copy


def test_facts_come_from_the_guide(tmp_path: Path) -> None:
    spec = read_specs(write(tmp_path, TE))["TE"]
    assert (spec.label, spec.cls, spec.standard) == ("Trial Elements", "TRIAL DESIGN", True)
    assert spec.names == ("STUDYID", "DOMAIN", "ETCD", "ELEMENT", "TESTRL", "TEENRL", "TEDUR")
    etcd, rule = spec.variable("ETCD"), spec.variable("TEENRL")
    assert etcd is not None
    assert (etcd.label, etcd.type, etcd.role, etcd.core, etcd.length) == (
        "Element Code",
        "Char",
        "Topic",
        "Req",
        8,
    )
    assert rule is not None
    assert (rule.label, rule.comment, rule.origin, rule.origin_source) == (
        "Own label",
        "why",
        "Protocol",
        "Sponsor",
    )
    assert spec.variable("NONE") is None


def test_facts_of_a_non_standard_domain_come_from_the_model(tmp_path: Path) -> None:
    spec = read_specs(write(tmp_path, XP))["XP"]
    assert (spec.label, spec.cls, spec.structure, spec.standard) == ("Extra", "FINDINGS", "One record", False)
    assert spec.names == (
        "STUDYID", "DOMAIN", "USUBJID", "XPSEQ", "XPTESTCD", "XPTEST", "XPSTRESC", "XPLOC", "VISITNUM"
    )  # fmt: skip
    place = spec.variable("XPLOC")
    assert place is not None
    assert (place.codelist, place.core, place.role) == ("C74456", "Perm", "Record Qualifier")


def test_methods_are_words_on_one_line(tmp_path: Path) -> None:
    method = read_methods(write(tmp_path, TE))["SOME"]
    assert (method.id, method.name, method.type, method.description) == (
        "SOME", "Some method", "Computation", "What is done."
    )  # fmt: skip


def drop(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda spec: spec["variables"].pop(name)


def put(name: str, **entry: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda spec: spec["variables"].update({name: entry})


@pytest.mark.parametrize(
    ("spec", "edit", "message"),
    [
        (TE, drop("TESTRL"), r"specs/te.yaml: variables TESTRL are Required or Expected in TE; add them"),
        (TE, put("TEDURR", **P), r"TEDURR is not a variable of TE; did you mean 'TEDUR'"),
        (TE, put("TEDUR", origin="Derived"), r"TEDUR is Derived and needs a method of methods.yaml"),
        (TE, put("TEDUR", origin="Derived", method="SOMME"), r"'SOMME' is not in methods.yaml; did you mean"),
        (TE, put("TEDUR", origin="Guessed"), r"specs/te.yaml: variables.TEDUR.origin"),
        (TE, lambda s: s.update(keys=["ETCDD"]), r"ETCDD is not among the variables; did you mean 'ETCD'"),
        (TE, lambda s: s.update(extra=1), r"specs/te.yaml: extra"),
        (XP, lambda s: s.pop("label"), r"specs/xp.yaml: a non-standard dataset must say its label"),
        (XP, lambda s: s.update(standard=True), r"'XP' is not a dataset of SDTMIG.*say `standard: false`"),
        (XP, put("XPORES", **P), r"'XPORES' is not a variable of .*FINDINGS.*did you mean 'XPORRES'"),
        (XP, put("XPLOC", **P, codelist="LOCC"), r"XPLOC: .*LOCC"),
        (XP, lambda s: s.update(assigned={"XPCAT": {}}), r"XPCAT is not among the variables"),
    ],
)  # fmt: skip
def test_wrong_spec_is_refused(
    tmp_path: Path, spec: dict[str, Any], edit: Callable[[dict[str, Any]], Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        read_specs(write(tmp_path, change(spec, edit)))


def test_codelist_must_be_chosen_where_the_guide_names_two(tmp_path: Path) -> None:
    spec = yaml.safe_load((SPECS / "is.yaml").read_text(encoding="utf-8"))
    del spec["variables"]["ISBDAGNT"]["codelist"]
    methods = yaml.safe_load((SPECS / "methods.yaml").read_text(encoding="utf-8"))
    with pytest.raises(ConfigurationError, match="ISBDAGNT may use codelist C85491 or C181169; say which"):
        read_specs(write(tmp_path, spec, methods))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"specs/methods.yaml: this file is missing"):
        read_specs(tmp_path)
    (tmp_path / "methods.yaml").write_text("A: [", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"specs/methods.yaml: is not YAML"):
        read_specs(tmp_path)
    (tmp_path / "methods.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no spec in"):
        read_specs(tmp_path)


def test_file_is_named_like_its_dataset(tmp_path: Path) -> None:
    write(tmp_path, TE)
    (tmp_path / "te.yaml").rename(tmp_path / "tt.yaml")
    with pytest.raises(ConfigurationError, match=r"specs/tt.yaml: dataset TE belongs in te.yaml"):
        read_specs(tmp_path)


def test_a_study_without_specs_uses_those_of_the_package(tmp_path: Path) -> None:
    assert locate_specs(tmp_path) == SPECS
    (tmp_path / "specs").mkdir()
    assert locate_specs(tmp_path) == tmp_path / "specs"


# The trial's own specs


def test_every_spec_has_a_module() -> None:
    modules = {path.stem for path in Path(domains.__path__[0]).glob("*.py")} - {"__init__"}
    assert {name.lower() for name in read_specs(SPECS)} <= modules


def test_every_method_is_used_and_tells_enough() -> None:
    used = {v.method for spec in read_specs(SPECS).values() for v in spec.variables}
    methods = read_methods(SPECS)
    assert set(methods) == used - {None}
    assert all(
        len(method.description) > 10 and method.description.endswith(".") for method in methods.values()
    )


def test_methods_tell_the_numbers_of_the_study() -> None:
    study, methods = read_study(MAPPINGS), read_methods(SPECS)
    words = {3: "three"}
    assert f"up to {words[study.visit_span_days]} days later" in methods["VISITNUM"].description
    weekly, daily = study.exposure.gap_days["EVERY WEEK"], study.exposure.gap_days["QD"]
    assert f"({weekly} for weekly, {daily} for daily dosing)" in methods["EXSTDTC"].description


def test_labels_fit_and_every_variable_has_an_origin() -> None:
    for spec in read_specs(SPECS).values():
        assert len(spec.label) <= 40
        assert all(len(v.label.encode()) <= 40 and v.origin_source for v in spec.variables), spec.name
        assert spec.keys[0] == "STUDYID"
