"""CPU seconds of each stage of ``convert``, from the import to the manifest.

    python benchmarks/bench_convert.py [INPUT ...] [--agency fda|nmpa] [--repeats 3]

INPUT is what ``convert`` takes; the synthetic hospitals of ``fixtures/`` when none is named, and for a
trial of more subjects the folder that ``hbv-standards simulate --subjects 200 --seed 5`` makes. A stage
lasts from the line of progress that names it to the next one. Every repeat is a process of its own, for
a second run in the same one would find tables read and models built; the run of the fewest seconds in all
counts. The last line is the peak of memory of that run. Measured one process at a time, without ``--jobs``.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures" / "hospitals"


def run_once(inputs: Sequence[Path], agency: str) -> dict[str, float]:
    """Convert in this process: CPU seconds by stage in the order of the run, and the peak in megabytes."""
    started = {"importing": time.process_time()}
    from hbv_standards.pipeline import ConvertOptions, convert

    def note(stage: str) -> None:
        stage = "writing transport files" if stage.endswith(".xpt") else stage
        started.setdefault(stage, time.process_time())

    note("reading the mapping tables")
    with tempfile.TemporaryDirectory() as folder:
        convert(inputs, Path(folder, "out"), ConvertOptions(agency=agency), progress=note)  # type: ignore[arg-type]  # argparse holds it to the choices
    ends = [*list(started.values())[1:], time.process_time()]
    seconds = {stage: end - start for (stage, start), end in zip(started.items(), ends, strict=True)}
    return seconds | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measure(arguments: Sequence[str]) -> dict[str, float]:
    """Run once in a process of its own."""
    command = [sys.executable, __file__, *arguments, "--once"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Measure some processes; print the seconds of each stage of the fastest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="*", type=Path, default=[FIXTURES])
    parser.add_argument("--agency", choices=["fda", "nmpa"], default="fda")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(run_once(options.inputs, options.agency)))  # noqa: T201  # read by the process that asked
        return
    runs = [measure(sys.argv[1:]) for _ in range(options.repeats)]
    best = min(runs, key=lambda run: sum(run.values()) - run["peak"])
    peak = best.pop("peak")
    total = sum(best.values())
    for stage, seconds in best.items():
        print(f"{stage:45}{seconds:8.2f} s{seconds / total:8.1%}")  # noqa: T201  # a script reports on the terminal
    print(f"{'in all':45}{total:8.2f} s\n{'peak of memory':45}{peak:8.0f} MB")  # noqa: T201  # the same


if __name__ == "__main__":
    main()
