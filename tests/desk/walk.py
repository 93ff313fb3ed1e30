"""A hospital of the fixtures made new again: the trial's tables without its folder."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

from hbv_standards.mapping.locate import locate_mappings


def forget_hospital(folder: Path, site: str) -> Path:
    """A copy of the trial's tables that has never heard of the hospital."""
    study = folder / "mappings"
    shutil.copytree(locate_mappings(), study)
    shutil.rmtree(study / "sites" / site)
    file = study / "study.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(f"  {site}:")), encoding="utf-8")
    return study


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a table by column."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def accept_proposals(folder: Path) -> None:
    """What a person does who agrees with every proposal."""
    for name in ("codes.csv", "units.csv", "values.csv"):
        rows = read_csv(folder / name)
        for row in rows:
            row["status"] = "accepted" if row["status"] == "proposed" else row["status"]
        with (folder / name).open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows[0] if rows else ["source_text"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    site = folder / "site.yaml"
    text = re.sub(r"status: proposed.*", "status: accepted", site.read_text(encoding="utf-8"))
    site.write_text(text, encoding="utf-8")
