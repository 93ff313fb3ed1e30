"""CDISC CORE on the converted fixtures, against the reviewed list of what it may say.

    python .ci/check_core.py CORE

CORE is the engine's executable. Fails when a rule reports or breaks that core_allowed.csv does not
explain for that dataset, and when too few rules passed to mean anything. An engine that cannot be set up
on this machine, or is not done in time, is no fault of the change: that is said, and nothing was checked.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from hbv_standards import convert
from hbv_standards.validate import run_core

HERE = Path(__file__).parent
COULD_NOT_RUN = "HBV-CORE-004"  # told by rule above
LONGEST = 900.0  # seconds; on two free cores it takes about four minutes
FEWEST_PASSED = 200  # of the 435 rules; a skipped rule has not passed


def read_allowed() -> dict[str, set[str]]:
    """CORE id → datasets in which its report is explained."""
    with (HERE / "core_allowed.csv").open(encoding="utf-8", newline="") as lines:
        return {row["core_id"]: set(row["datasets"].split(";")) for row in csv.DictReader(lines)}


def main(core: str) -> int:
    """Exit code: 0 when everything that CORE said is explained."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "submission"
        convert([HERE.parent / "fixtures" / "hospitals"], out)
        result = run_core(out, Path(core), timeout=LONGEST)
    if result.problem is not None:
        print(f"CDISC CORE gave no answer, its rules were NOT checked: {result.problem.told}")
        return 0
    allowed = read_allowed()
    broken = result.rules[result.rules["status"] == "error"]
    unexplained = [f"{rule} broke: {why}" for rule, why in zip(broken["core_id"], broken["reason"], strict=True)
                   if rule not in allowed]  # fmt: skip
    for (rule, dataset), found in result.findings.groupby(["code", "dataset"]):
        if rule != COULD_NOT_RUN and dataset not in allowed.get(str(rule), set()):
            unexplained.append(f"{rule} in {dataset}: {found['message'].iloc[0]} ({found['count'].sum()} records)")
    reported = set(zip(result.findings["code"], result.findings["dataset"], strict=True))
    silent = [f"{rule} in {name}" for rule, names in allowed.items() for name in sorted(names)
              if (rule, name) not in reported and rule not in set(broken["core_id"])]  # fmt: skip
    if silent:
        print("explained but no longer reported: " + "; ".join(silent))
    passed = result.count("passed")
    print(f"CORE: {passed} rules passed, {result.count('skipped')} skipped, {len(broken)} could not run")
    if passed < FEWEST_PASSED:
        unexplained.append(f"only {passed} rules passed; at least {FEWEST_PASSED} were expected")
    print("\n".join(unexplained) or "every report of CORE is explained in core_allowed.csv")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
