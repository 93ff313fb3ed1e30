"""Small canonical data for the tests of the SDTM floor: what a case leaves out has a plain default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData, build_frame
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.rows import ConceptRow, DimensionRow, PlausibilityRow, TreatmentRow
from hbv_standards.sdtm.build import build_sdtm
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.study import read_study

MAPPINGS = Path(__file__).parents[2] / "mappings"
DOMAINS = ("cm", "dm", "ex", "gf", "gi", "is", "lb", "mb", "se", "sv", "ta", "te", "tv", "vs")
FOLDER = MAPPINGS  # conftest.py sets a folder with the specs of these domains
Record = Mapping[str, Any]

DEFAULTS: dict[str, dict[str, Any]] = {
    "subjects": {
        "subject_id": "01001", "birth_dtc": "1980-06-15", "sex": "M", "race": "ASIAN",
        "consent_dtc": "2023-03-01", "randomized_dtc": "2023-03-15",
        "arm_code": "PEGIFN", "status": "RANDOMIZED",
    },
    "visits": {"subject_id": "01001"},
    "findings": {
        "subject_id": "01001", "concept_id": "ALT", "mapping_row": "codes.csv:2", "result": "30",
        "result_kind": "quantity", "number": "30", "unit": "U/L", "unit_value": "U/L",
    },
    "interventions": {
        "subject_id": "01001", "treatment_id": "PEGINTERFERON ALFA-2A", "mapping_row": "codes.csv:3",
        "kind": "administration", "dose": "180", "dose_unit": "ug", "occurred": True, "ongoing": False,
    },
    "events": {"subject_id": "01001", "kind": "history", "term": "term"},
    "contributions": {"subject_id": "01001"},
}  # fmt: skip
FIRST_SOURCE = {
    "subjects": 1,
    "visits": 101,
    "findings": 201,
    "interventions": 301,
    "events": 401,
    "contributions": 1,
}


def build_case(case: Mapping[str, Sequence[Record]], *, offset: int = 0) -> CanonicalData:
    """Canonical data from lists of records; sources are numbered by kind from :data:`FIRST_SOURCE`."""
    frames: dict[str, pd.DataFrame] = {}
    for kind, defaults in DEFAULTS.items():
        place = {"path": kind, **({} if kind == "contributions" else {"site": "zhongshan"})}
        records = [
            {"source_id": offset + FIRST_SOURCE[kind] + position, **place, **defaults, **record}
            for position, record in enumerate(case.get(kind, []))
        ]
        frames[kind] = build_frame(kind, records)
    return CanonicalData(**frames)


def join_cases(cases: Sequence[CanonicalData]) -> CanonicalData:
    """The records of several cases as one delivery."""
    return CanonicalData(
        **{kind: pd.concat([getattr(case, kind) for case in cases], ignore_index=True) for kind in DEFAULTS}
    )


def build_catalog() -> Catalog:
    """The trial's own design and specs with a handful of tests and drugs."""
    return Catalog(
        folder=FOLDER,
        study=read_study(MAPPINGS),
        concepts={row.concept_id: row for row in _list_concepts()},
        sites={},
        treatments={row.treatment_id: row for row in _list_treatments()},
        dimensions=tuple(
            DimensionRow(
                row=f"unit_dimensions.csv:{n}", unit_value=unit, dimension=dimension, factor=Fraction(factor)
            )
            for n, (unit, dimension, factor) in enumerate(
                [
                    ("U/L", "catalytic", "1"),
                    ("IU/L", "arbitrary", "1"),
                    ("IU/mL", "arbitrary", "1000"),
                    ("kPa", "p", "1"),
                ]
            )
        ),
        conversions=(),
        files={},
        lookups={},
        plausibility=(
            PlausibilityRow(
                row="plausibility.csv:2", concept_id="ALT", low=Fraction(1), high=Fraction(20000), jump=Fraction(50)
            ),
        ),
    )


def _list_concepts() -> list[ConceptRow]:
    def concept(
        concept_id: str, domain: str, testcd: str, test: str, kind: str = "NM", **more: Any
    ) -> ConceptRow:
        return ConceptRow(
            row="c.csv:2", concept_id=concept_id, concept=test, domain=domain, testcd=testcd, test=test,
            result_type=kind, **more,
        )  # fmt: skip

    enzyme = {"cat": "CHEMISTRY", "specimen": "SERUM OR PLASMA", "std_unit": "U/L"}
    virus = {"cat": "HEPATITIS B VIRUS", "scat": "ANTIGEN", "specimen": "SERUM"}
    return [
        concept("ALT", "LB", "ALT", "Alanine Aminotransferase", **enzyme),
        concept("AST", "LB", "AST", "Aspartate Aminotransferase", **enzyme),
        concept("HBSAG_QN", "MB", "HBSAG", "Surface Antigen", tstdtl="QUANTIFICATION",
                std_unit="IU/mL", **virus),
        concept("HBSAG_QL", "MB", "HBSAG", "Surface Antigen", "ORD", tstdtl="DETECTION",
                method="IMMUNOASSAY", **virus),
        concept("HBSAB", "IS", "MBAB", "Antibody", cat="HEPATITIS B VIRUS", specimen="SERUM", std_unit="IU/L",
                binding_agent="HEPATITIS B VIRUS SURFACE ANTIGEN", test_objective="QUANTIFY"),
        concept("SBP", "VS", "SYSBP", "Systolic Blood Pressure", std_unit="mmHg"),
        concept("IFNA2", "GF", "SNV", "Single Nucleotide Variation", "NOM", tstdtl="GENOTYPE", gene="IFNA2",
                specimen="gDNA"),
        concept("LSM", "GI", "ELASTIC", "Elasticity", method="ULTRASONOGRAPHIC ELASTOGRAPHY",
                location="LIVER", std_unit="kPa"),
        concept("HOMELESS", "ZZ", "NONE", "Nowhere"),
    ]  # fmt: skip


def _list_treatments() -> list[TreatmentRow]:
    drugs = [
        ("ENTECAVIR", "NA", "TABLET", "ORAL"),
        ("TENOFOVIR ALAFENAMIDE", "NA", "TABLET", "ORAL"),
        ("PEGINTERFERON ALFA-2A", "PEGIFN", "INJECTION, SOLUTION", "SUBCUTANEOUS"),
        ("INTERFERON ALFA-2B", "IFN", "INJECTION", "SUBCUTANEOUS"),
        ("PARACETAMOL", "OTHER", "TABLET", "ORAL"),
    ]
    return [
        TreatmentRow(
            row=f"treatments.csv:{n}", treatment_id=name, treatment_class=cls, dose_form=form, route=route
        )
        for n, (name, cls, form, route) in enumerate(drugs, start=2)
    ]


def run_case(
    case: Mapping[str, Any], *, cutoff: str | None = None, agency: Any = "fda"
) -> tuple[dict[str, Dataset], IssueLog]:
    """The datasets of a case, and what was reported."""
    log = IssueLog()
    return build_sdtm(build_case(case), build_catalog(), log, cutoff=cutoff, agency=agency), log


def read_rows(dataset: Dataset | None, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a dataset as plain values, missing as None; a column that the dataset lacks is missing."""
    if dataset is None:
        return []
    frame = dataset.frame.reindex(columns=list(columns)).astype("object")
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
