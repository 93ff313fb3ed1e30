"""Writes docs/validation.md from the registry of validation rules; a test holds the page to the registry."""

from __future__ import annotations

from pathlib import Path

from hbv_standards.validate import list_rules
from hbv_standards.validate.core import PROBLEMS
from hbv_standards.validate.findings import MOST_ROWS

SUBJECTS = {
    0: "Files and bytes", 1: "Structure", 2: "Terminology", 3: "Dates", 4: "Keys", 5: "Results", 6: "Baseline",
    7: "Between datasets", 8: "Relations", 9: "Define-XML",
}  # fmt: skip

INTRODUCTION = f"""# Validation

`hbv-standards validate DIR` checks a submission folder against SDTMIG 3.4, SDTM CT 2025-03-28 and what FDA and
NMPA ask of the files. `DIR` holds `*.xpt`, or a folder `sdtm` that does; `define.xml` beside them is compared with
the data. Nothing of this project's study tables is used: any folder of SDTM transport files will do. `convert`
asks the same rules.

Files are read byte by byte by a reader of its own, so that a damaged file is a finding and never a crash.

## What a finding says

| column | meaning |
|---|---|
| code | the rule's stable id |
| severity | `error`: a rule of the standard or the agency is broken. `warning`: most likely wrong, or asked for by \
an agency. `info`: to be aware of |
| dataset, variable | where; without a variable it is the dataset as a whole |
| row | number of the record, from 1; 0 is the dataset as a whole |
| usubjid, seq | the record's subject and sequence number |
| value | what is there |
| message | what is wrong, and what cures it |
| count | breaches that the entry stands for: the first {MOST_ROWS} of a rule in a variable are listed \
one by one, the rest in one entry |
| source | what the rule rests on: SDTMIG (IG) section, CDISC conformance rule (CG), FDA business (FB) or \
rejection (TRC) rule, FDA technical conformance guide (TCG), Define-XML 2.1 (DEF), NMPA notice, transport format \
(TS-140) |

## What certainty is asked for

Dates may be partial and a day has many hours. Order of dates, epochs and baseline flags are judged only where the
texts leave no doubt: `2024-05` and `2024-05-03` are in no order. The day on which two elements meet belongs to
either, and a sample of the day of the first dose may come before it, as the sponsor says.

## CDISC CORE

`--core PATH` also runs CDISC CORE: its executable, `core.py`, the folder that holds one of them, or a program that
takes the folder and writes the engine's results with `--json`. Its findings carry the CORE id as code, stand in the
same table by dataset, variable and row, and the column `also` says which codes of the other checker are in the same
place. CORE grades nothing: rejection criteria are errors, all else warnings. A rule that was skipped has not
passed: passed, failed, skipped and broken rules are counted apart.

| code | severity | |
|---|---|---|
"""


def build_page() -> str:
    """The page: what findings are, CORE, and a table of rules for each subject."""
    problems = "".join(
        f"| HBV-CORE-{number:03d} | {severity} | {told} |\n" for number, severity, told in PROBLEMS.values()
    )
    parts = [INTRODUCTION, problems]
    for hundred, subject in SUBJECTS.items():
        parts.append(
            f"\n## {subject}\n\n| code | severity | what is wrong | cure | source |\n|---|---|---|---|---|\n"
        )
        parts.extend(
            f"| {rule.code} | {rule.severity} | {rule.title} | {rule.cure} | {rule.source} |\n"
            for rule in list_rules()
            if rule.number // 100 == hundred
        )
    return "".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("validation.md").write_text(build_page(), encoding="utf-8")
