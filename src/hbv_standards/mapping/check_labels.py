"""Checks of labels_zh.csv and texts_zh.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import build_fault, check_repeats
from hbv_standards.mapping.rows import LabelRow, TextRow


def check_labels(rows: list[LabelRow]) -> Iterator[ConfigurationError]:
    """Rows that name nothing, and two labels for one thing."""
    for row in rows:
        if row.dataset is None and row.variable is None:
            yield build_fault(row, "dataset and variable are empty; give one of them", row.label)
    yield from check_repeats(
        rows, lambda row: (row.dataset, row.variable), lambda row: row.label, "this dataset or variable"
    )


def check_texts(rows: list[TextRow]) -> Iterator[ConfigurationError]:
    """Translations without any Chinese, mostly of two cells exchanged, and two for one text."""
    for row in rows:
        if not re.search("[\u3400-\u9fff]", row.chinese):
            yield build_fault(row, f"chinese {row.chinese!r} holds no Chinese; translate it", row.chinese)
    yield from check_repeats(rows, lambda row: row.key, lambda row: row.chinese, "this text")
