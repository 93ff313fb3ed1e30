"""Parts of the report about what the protocol plans and the datasets lack."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.export.guide.measurements import MEANING, tabulate_items, tabulate_sites, tabulate_visits
from hbv_standards.export.planned import count_items
from hbv_standards.export.report.page import render_heading, render_paragraph, render_rows
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.study import StudyConfig

COMPLETE = "Every planned measurement has a record."


def render_missing(planned: pd.DataFrame, datasets: Mapping[str, Dataset], study: StudyConfig) -> tuple[str, ...]:
    """By hospital: measurements without a record of those planned, subjects without a demographic item."""
    known = {site.siteid: site.name for site in study.sites.values()}
    items = count_items(datasets)
    numbers = sorted({*planned["SITEID"], *items["SITEID"]}) if len(planned) else sorted(set(items["SITEID"]))
    names = {number: known.get(number, number) for number in numbers}
    parts: list[str] = []
    if len(planned):
        lacking = tabulate_sites(planned, names)
        parts.append(render_heading("Planned by the protocol and not there"))
        parts += [render_rows(table) for table in lacking] or [render_paragraph(COMPLETE)]
    for table in tabulate_items(items, names):
        parts += [render_heading("Demographics"), render_rows(table)]
    return tuple(parts)


def render_planned(planned: pd.DataFrame) -> tuple[str, ...]:
    """Measurement by visit, present of planned; nothing for a study without schedule."""
    if planned.empty:
        return ()
    table = render_rows(tabulate_visits(planned))
    return render_heading("What the protocol plans, and what is there"), render_paragraph(MEANING), table
