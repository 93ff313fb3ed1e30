"""Speed of the transport file writer beside pyreadstat's writer, and of the witness.

    python benchmarks/bench_xpt.py [--rows 200000]

The dataset has the shape of a laboratory domain: 24 variables, few distinct subjects and tests, many
distinct dates and results.  Every time is the CPU time of this process; the best of three runs counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from hbv_standards.export.xpt import XptMember, XptVariable, compute_char_length, write_xpt
from hbv_standards.export.xpt_witness import check_xpt

CREATED = datetime(2025, 3, 28, 12, 0, 0)
REPEATS = 3


def build_laboratory(rows: int) -> pd.DataFrame:
    """Build a frame with the shape of LB: 18 Char and 6 Num variables."""
    random = np.random.default_rng(20250328)
    subject = random.integers(1, 601, rows)
    test = random.integers(0, 40, rows)
    result = np.round(random.lognormal(3.0, 1.0, rows), 2)
    day = random.integers(1, 400, rows).astype(float)
    date = (np.datetime64("2024-01-01T08:00") + (day * 1440 + subject).astype("timedelta64[m]")).astype(str)
    text = {
        "STUDYID": np.full(rows, "HBVCURE1"),
        "DOMAIN": np.full(rows, "LB"),
        "USUBJID": np.char.add("HBVCURE1-01-", subject.astype(str)),
        "LBREFID": np.char.add("S", np.arange(rows).astype(str)),
        "LBTESTCD": np.char.add("TEST", test.astype(str)),
        "LBTEST": np.char.add("Name of Laboratory Test ", test.astype(str)),
        "LBCAT": np.choose(test % 3, ["CHEMISTRY", "HEMATOLOGY", "COAGULATION"]),
        "LBORRES": result.astype(str),
        "LBORRESU": np.choose(test % 3, ["U/L", "10^9/L", "umol/L"]),
        "LBORNRLO": np.full(rows, "0.00"),
        "LBORNRHI": np.full(rows, "40.00"),
        "LBSTRESC": result.astype(str),
        "LBSTRESU": np.choose(test % 3, ["U/L", "10^9/L", "umol/L"]),
        "LBNRIND": np.where(result > 40, "HIGH", "NORMAL"),
        "LBSPEC": np.choose(test % 3, ["SERUM", "BLOOD", "PLASMA"]),
        "VISIT": np.char.add("WEEK ", (day.astype(int) // 28).astype(str)),
        "EPOCH": np.full(rows, "TREATMENT"),
        "LBDTC": date,
    }
    numbers = {
        "LBSEQ": np.arange(1.0, rows + 1),
        "LBSTRESN": np.where(test == 0, np.nan, result),
        "LBSTNRLO": np.zeros(rows),
        "LBSTNRHI": np.full(rows, 40.0),
        "VISITNUM": day // 28,
        "LBDY": day,
    }
    return pd.DataFrame({name: values.astype(object) for name, values in text.items()} | numbers).astype(
        dict.fromkeys(text, "str")
    )


def build_member(frame: pd.DataFrame) -> XptMember:
    """Describe the frame with the lengths that its values need."""
    numeric = {name: pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns}
    variables = (
        XptVariable(name, f"Label of {name}", "Num", 8)
        if numeric[name]
        else XptVariable(name, f"Label of {name}", "Char", compute_char_length(frame[name], "ascii"))
        for name in frame.columns
    )
    return XptMember("LB", "Laboratory Test Results", tuple(variables))


def measure(run: Callable[[], object]) -> float:
    """Return the CPU seconds of the fastest of some runs."""
    seconds = []
    for _ in range(REPEATS):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


def main() -> None:
    """Write, check and write with pyreadstat; print rows and cells per CPU second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    frame = build_laboratory(rows)
    member = build_member(frame)
    labels: list[str | None] = [variable.label for variable in member.variables]
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder, "lb.xpt"), Path(folder, "other.xpt")
        runs: dict[str, Callable[[], object]] = {
            "write_xpt": lambda: write_xpt(path, member, frame, created=CREATED),
            "check_xpt": lambda: check_xpt(path, member, frame),
            "pyreadstat.write_xport": lambda: pyreadstat.write_xport(
                frame, str(other), column_labels=labels, table_name="LB", file_format_version=5
            ),
        }
        for name, run in runs.items():
            seconds = measure(run)
            cells = rows * len(frame.columns)
            print(f"{name:24}{seconds:8.2f} s{rows / seconds:12,.0f} rows/s{cells / seconds:14,.0f} cells/s")  # noqa: T201  # a script reports on the terminal
        print(f"{path.stat().st_size:,} bytes, {rows:,} rows, {len(frame.columns)} variables")  # noqa: T201  # the same


if __name__ == "__main__":
    main()
