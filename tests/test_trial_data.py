"""docs/trial_data.md holds: what it names exists, and the fixtures of every hospital fill what it promises."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache

import pandas as pd
import pytest

from hbv_standards.canonical.model import RECORDS
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.sdtm.spec import DatasetSpec, read_specs
from places import ROOT, Submission

PAGE = ROOT / "docs" / "trial_data.md"
HOSPITALS = ("zhongshan", "guangzhou", "foshan")
CODED = re.compile(r"`([^`]+)`")
SOMEWHERE = ("EC", "IE", "CO", "TA", "TE", "TI", "TS", "TV")
"""Datasets that are not filled by every hospital: what did not happen everywhere, and the design."""
JOINED = {"and", "or", "at"}
"""Words of the description that may stand between two clauses."""


@dataclass(frozen=True)
class Clause:
    """A row of the page: terms in backticks of each column."""

    text: str
    resources: dict[str, list[str]]  # hospital → resource types
    fields: list[str]
    variables: list[str]
    concepts: list[tuple[str, ...]]  # of "A or B" a hospital has one
    tests: list[str]

    def list_names(self) -> set[str]:
        """All concepts and criteria."""
        return {name for names in self.concepts for name in names}


def read_clauses(heading: str) -> list[Clause]:
    """Rows of the table below a heading."""
    part = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in part.splitlines() if line.startswith("|")][2:]
    clauses = []
    for row in rows:
        text, *hospitals, fields, variables, concepts, tests = (cell.strip() for cell in row)
        found = {site: read_types(cell) for site, cell in zip(HOSPITALS, hospitals, strict=True)}
        terms = [CODED.findall(cell) for cell in (fields, variables, tests)]
        measured = [tuple(CODED.findall(part)) for part in concepts.split(",") if part]
        clauses.append(Clause(text, found, terms[0], terms[1], measured, terms[2]))
    return clauses


def read_types(cell: str) -> list[str]:
    """Resource types: capitalised terms, of which a path names the type before the point."""
    terms = [term.partition(".")[0] for term in CODED.findall(cell)]
    return [term for term in terms if re.fullmatch(r"[A-Z][A-Za-z]{5,}", term)]


EVERY, BESIDE = "Every clause", "Beside the description"
CLAUSES = [*read_clauses(EVERY), *read_clauses(BESIDE)]
of_clause = pytest.mark.parametrize("clause", CLAUSES, ids=[clause.text for clause in CLAUSES])


@cache
def read_tables() -> tuple[Catalog, dict[str, DatasetSpec]]:
    return read_catalog(ROOT / "mappings"), read_specs(ROOT / "mappings" / "specs")


@cache
def list_tests(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_no_word_of_the_description_is_without_a_row() -> None:
    """Every clause is a piece of the description, and between the clauses nothing is left but punctuation."""
    quote = [line.removeprefix("> ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("> ")]
    left = " ".join(quote)
    for clause in sorted(read_clauses(EVERY), key=lambda clause: -len(clause.text)):
        assert clause.text in " ".join(quote), clause.text
        left = left.replace(clause.text, " ", 1)
    assert set(re.findall(r"\w+", left)) <= JOINED


@of_clause
def test_named_tests_exist(clause: Clause) -> None:
    assert clause.tests
    for name in clause.tests:
        file, _, function = name.partition("::")
        assert function in list_tests(file), name


@of_clause
def test_named_fields_variables_and_concepts_exist(clause: Clause) -> None:
    catalog, specs = read_tables()
    for name in clause.fields:
        record, _, field = name.partition(".")
        assert field in RECORDS[record].model_fields, name
    for name in clause.variables:
        dataset, _, variable = name.partition(".")
        if dataset.startswith("SUPP"):
            assert specs[dataset.removeprefix("SUPP")].supplemental, name
        else:
            assert specs[dataset].variable(variable) is not None, name
    criteria = {criterion.testcd for criterion in catalog.study.criteria}
    assert clause.list_names() <= set(catalog.concepts) | criteria


@of_clause
def test_hospitals_send_these_resources(clause: Clause, submission: Submission) -> None:
    sources = pd.read_parquet(submission.folder / "trace" / "sources.parquet")
    used = sources[sources["disposition"] == "converted"]
    known = set(zip(used["site"], used["resource_type"], strict=True))
    named = {(site, kind) for site, kinds in clause.resources.items() for kind in kinds}
    assert named <= known


@of_clause
def test_variables_are_filled(clause: Clause, submission: Submission) -> None:
    """By every hospital that sends the clause, in rows of the clause's tests where it names some."""
    numbers = {site: read_tables()[0].study.sites[site].siteid for site in HOSPITALS}
    sending = [numbers[site] for site, kinds in clause.resources.items() if kinds]
    for name in clause.variables:
        dataset, _, variable = name.partition(".")
        rows = select_rows(clause, dataset, submission)
        filled = rows[rows[variable].notna()]
        assert len(filled), name
        if dataset not in SOMEWHERE and not dataset.startswith(("SUPP", "REL")):
            subject = filled["RSUBJID" if dataset == "APMH" else "USUBJID"]
            found = set(subject.str.extract(r"-(\d\d)\d+$")[0])
            assert set(sending) <= found, name


def select_rows(clause: Clause, dataset: str, submission: Submission) -> pd.DataFrame:
    """Rows of a dataset; of a findings domain those of the tests that the clause names."""
    concepts = read_tables()[0].concepts
    named = [name for name in sorted(clause.list_names()) if name in concepts and concepts[name].domain == dataset]
    if not named:
        return submission.result.datasets[dataset].frame
    return pd.concat([find_results(name, submission) for name in named])


def find_results(name: str, submission: Submission) -> pd.DataFrame:
    """Rows of one test: --TESTCD alone does not tell the amount of an antigen from its detection."""
    row = read_tables()[0].concepts[name]
    frame = submission.result.datasets[row.domain].frame
    told = {"TESTCD": row.testcd, "TSTDTL": row.tstdtl, "BDAGNT": row.binding_agent, "SYM": row.gene, "LOC": row.location}
    told |= {"SPEC": row.specimen} if name.startswith("CCCDNA") else {}
    for variable, value in told.items():
        if value is not None:
            frame = frame[frame[f"{row.domain}{variable}"] == value]
    return frame


@of_clause
def test_every_hospital_has_results_of_the_concepts(clause: Clause, submission: Submission) -> None:
    """Of each test that a clause names there are results in the fixtures of every hospital that sends the clause."""
    catalog, _ = read_tables()
    sending = {catalog.study.sites[site].siteid for site, kinds in clause.resources.items() if kinds}
    for names in clause.concepts:
        if sending and set(names) <= set(catalog.concepts):
            found = pd.concat([find_results(name, submission) for name in names])
            assert sending <= set(found["USUBJID"].str.extract(r"-(\d\d)\d+$")[0]), names


def test_eligibility_has_every_criterion_of_the_description(submission: Submission) -> None:
    named = {name for clause in read_clauses(EVERY) for name in clause.list_names() if name.startswith("INCL")}
    judged = submission.result.eligibility
    assert named == set(judged["IETESTCD"])
    assert not judged.loc[judged["result"] != "NOT EVALUABLE", "seq"].isna().any()
