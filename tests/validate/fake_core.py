#!/usr/bin/env python3
"""Stands for CDISC CORE in tests: takes the same arguments and writes a report in the same form.

What it does is said by a file ``fake.json`` beside it: ``cli`` (official or wrapper), ``report``, ``exit``,
``sleep`` in seconds, ``say`` on stdout.  It leaves the arguments that it got in ``arguments.json``.
"""

import json
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLAN = json.loads((HERE / "fake.json").read_text())
OFFICIAL = (
    "Usage: core.py [OPTIONS] COMMAND\n\nCommands:\n  validate  Validate data using CDISC Rules Engine\n"
)
VALIDATE = "Usage: core.py validate [OPTIONS]\n  -ft, --filetype TEXT\n  -ct, --controlled-terminology-package TEXT\n"
WRAPPER = "usage: check [-h] [--define DEFINE] [--json JSON] data\n"


def main(words: list[str]) -> int:
    """Answer --help, or pretend to validate."""
    if "--help" in words:
        sys.stdout.write(
            WRAPPER if PLAN["cli"] == "wrapper" else VALIDATE if "validate" in words else OFFICIAL
        )
        return 0
    (HERE / "arguments.json").write_text(json.dumps(words))
    sys.stdout.write(PLAN.get("say", "working"))
    sys.stdout.flush()
    time.sleep(PLAN.get("sleep", 0))
    if "report" in PLAN:
        wrapper = PLAN["cli"] == "wrapper"
        path = Path(words[words.index("--json" if wrapper else "-o") + 1])
        text = PLAN["report"] if isinstance(PLAN["report"], str) else json.dumps(PLAN["report"])
        (path if wrapper else path.with_suffix(".json")).write_text(text)
    return int(PLAN.get("exit", 0))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
