"""What the simulator meant against what conversion made, cell for cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset

FINDING_DOMAINS = ("LB", "MB", "IS", "VS", "GF", "GI")
FINDING_COLUMNS = (
    "TESTCD", "TSTDTL", "BDAGNT", "SYM", "SPEC", "METHOD", "LOC", "POS", "DTC", "ORRES", "ORRESU", "STRESC", "STRESN",
    "STRESU", "LLOQ", "ORNRLO", "ORNRHI", "STNRLO", "STNRHI", "STNRC", "NRIND", "STAT", "REASND", "FAST", "LOINC",
)  # fmt: skip
NUMBERS = ("STRESN", "LLOQ", "STNRLO", "STNRHI", "VISITNUM", "EXDOSE", "AGE", "CMDOSE", "VISITDY", "ULOQ")


def read_truth(folder: Path, name: str) -> pd.DataFrame:
    """A truth table, every cell as text, empty where nothing was meant."""
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def show_cell(name: str, value: object) -> str:
    """A cell in the form that both sides are compared in: numbers by value, missing as nothing."""
    if value is None or value == "" or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{float(str(value)):.12g}" if name in NUMBERS else str(value)


def count_rows(frame: pd.DataFrame, columns: Mapping[str, str]) -> Counter[tuple[str, ...]]:
    """Rows as tuples; ``columns`` is name in the tuple → column of the frame (absent ones are missing)."""
    cells = [
        [show_cell(name, value) for value in frame[column]] if column in frame else [""] * len(frame)
        for name, column in columns.items()
    ]
    return Counter(zip(*cells, strict=True))


def compare_findings(truth: pd.DataFrame, datasets: Mapping[str, Dataset], study: str) -> dict[str, list[str]]:
    """Rows that only one side has, by domain; empty when both agree."""
    differences = {}
    for domain in FINDING_DOMAINS:
        own = truth[truth["DOMAIN"] == domain]
        made = datasets[domain].frame
        shown = [c for c in FINDING_COLUMNS if has_variable(datasets[domain], c)]
        meant = count_rows(own, {c: c for c in ("SUBJID", "VISITNUM", "VISIT", *shown)})
        columns = {"SUBJID": "SUBJID", "VISITNUM": "VISITNUM", "VISIT": "VISIT", **{c: f"{domain}{c}" for c in shown}}
        subject = made["USUBJID"].str.removeprefix(f"{study}-")
        got = count_rows(made.assign(SUBJID=subject), columns)
        if meant != got:
            differences[domain] = describe(meant, got)
    return differences


def has_variable(dataset: Dataset, column: str) -> bool:
    """Whether the domain can carry the column at all (VS has no reference ranges)."""
    return f"{dataset.spec.name}{column}" in dataset.spec.names


def compare_table(
    truth: pd.DataFrame, dataset: Dataset, columns: Mapping[str, str], study: str
) -> list[str]:
    """Rows that only one side has; ``columns`` is column of the truth → SDTM variable."""
    frame = dataset.frame.assign(SUBJID=dataset.frame["USUBJID"].str.removeprefix(f"{study}-"))
    meant = count_rows(truth, {column: column for column in columns})
    return describe(meant, count_rows(frame, dict(columns)))


def describe(meant: Counter[tuple[str, ...]], got: Counter[tuple[str, ...]]) -> list[str]:
    """Differences as lines, the two sides of a row next to each other."""
    only = [(row, "meant") for row in (meant - got).elements()] + [(row, "made ") for row in (got - meant).elements()]
    return [f"{side} {' | '.join(row)}" for row, side in sorted(only)]
