"""Section 5 of the guide, second half: what the protocol plans to measure against what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hbv_standards.export.guide.content import Block, Paragraph, Section, Table, write_count
from hbv_standards.export.guide.run import Run
from hbv_standards.export.planned import COUNTS, count_items

MEANING = (
    "Present of planned. Planned are the subjects in whom the visit was kept (SV.SVOCCUR = Y), for what is asked once "
    "all subjects, or those who kept one of its visits. Not done counts what the records say was not done; no record "
    "counts what nothing says anything of. No record was made for what is missing. A history without any entry leaves "
    "no record either."
)


def build_measurements(run: Run) -> tuple[Section, ...]:
    """Planned measurements by visit and by hospital, and subjects without demographic items; none without a subject."""
    sites = sorted(run.column("DM", "SITEID").dropna().unique())
    blocks: list[Block] = []
    if not run.planned.empty:
        blocks += [Paragraph(MEANING), tabulate_visits(run.planned), *tabulate_sites(run.planned, _name(sites))]
    blocks += tabulate_items(count_items(run.datasets), _name(sites))
    return (Section("Planned Measurements and Missing Data", tuple(blocks)),) if blocks else ()


def _name(sites: Sequence[str]) -> dict[str, str]:
    return {number: f"Site {number}" for number in sites}


def tabulate_visits(planned: pd.DataFrame) -> Table:
    """Measurement by visit: "17/20", present of planned; then how many were not done and how many have no record."""
    visits = planned["VISIT"].unique().tolist()
    columns = [*([""] if "" in visits else []), *(visit for visit in visits if visit)]
    counted = planned.groupby(["title", "VISIT"], sort=False)[list(COUNTS)].sum()
    cells = {
        key: f"{write_count(row[1])}/{write_count(row[0])}"
        for key, row in zip(counted.index, counted.to_numpy().tolist(), strict=True)
    }
    totals = planned.groupby("title", sort=False)[["not_done", "missing"]].sum()
    rows = tuple(
        (title, *(cells.get((title, visit), "") for visit in columns), write_count(undone), write_count(missing))
        for title, (undone, missing) in zip(totals.index, totals.to_numpy().tolist(), strict=True)
    )
    heads = ("Once" if visit == "" else visit for visit in columns)
    return Table(
        "Subjects with a record, of those planned", ("Measurement", *heads, "Not done", "No record"), rows
    )


def tabulate_sites(planned: pd.DataFrame, names: Mapping[str, str]) -> tuple[Table, ...]:
    """Measurements that lack something: by hospital, without a record of planned over all visits.

    ``names``: number of the hospital → what to show, in order.
    """
    counted = planned.groupby(["title", "SITEID"], sort=False)[["missing", "planned"]].sum()
    table = _cross(counted, "title", names)
    rows = tuple(row for row in table if any(not cell.startswith("0/") for cell in row[1:] if cell))
    title = "Without a record, of those planned at all visits"
    return (Table(title, ("Measurement", *names.values()), rows),) if rows else ()


def tabulate_items(items: pd.DataFrame, names: Mapping[str, str]) -> tuple[Table, ...]:
    """Variables of DM by hospital: subjects without a value, of all."""
    if items.empty or not items["missing"].any():
        return ()
    counted = items.groupby(["item", "SITEID"], sort=False)[["missing", "subjects"]].sum()
    title = "Subjects without a value in DM, of all subjects"
    return (Table(title, ("Variable", *names.values()), _cross(counted, "item", names)),)


def _cross(counted: pd.DataFrame, key: str, names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    cells = {
        place: f"{write_count(part)}/{write_count(whole)}"
        for place, (part, whole) in zip(counted.index, counted.to_numpy().tolist(), strict=True)
    }
    titles = counted.index.get_level_values(key).unique()
    return tuple((str(title), *(cells.get((title, site), "") for site in names)) for title in titles)
