"""Every XPT of a submission opens alike in pyreadstat, pandas and R haven: value for value, label for label."""

from __future__ import annotations

import numpy as np
import pytest

from hbv_standards.export.sdtm_files import build_member
from places import Submission
from xpt_readers import READERS

# pandas counts blank 8-byte words of the last record as padding when a row has 80 bytes or less, and
# so loses rows of such a dataset at the end (see tests/export/test_xpt_readers.py).
PADDED = 80


@pytest.mark.parametrize("reader", READERS)
def test_submission(submission: Submission, reader: str) -> None:
    read = 0
    for name, dataset in submission.result.datasets.items():
        member = build_member(dataset, "ascii")
        if reader == "pandas" and sum(v.length for v in member.variables) <= PADDED:
            continue
        seen = READERS[reader](submission.folder / "sdtm" / f"{name.lower()}.xpt", "ascii")
        assert seen.name in (name, "")
        assert seen.label == dataset.spec.label
        assert seen.labels == {v.name: v.label for v in member.variables}
        for variable, values in seen.values.items():
            meant = dataset.frame[variable]
            if seen.types[variable] == "Char":
                assert values == meant.astype(object).where(meant.notna(), "").tolist(), (name, variable)
            else:
                np.testing.assert_array_equal(np.array(values, dtype=np.float64), meant.to_numpy())
        read += 1
    assert read >= 12
