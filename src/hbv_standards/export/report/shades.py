"""A table of shades: how many of the subjects at a visit have a result, by dataset and category."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from html import escape

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.study import StudyConfig

_DARK = 0.55  # share from which the shade wants white numbers


def draw_shades(datasets: Mapping[str, Dataset], study: StudyConfig, subjects: Collection[str]) -> str:
    """HTML table, rows by dataset and category, columns by planned visit: subjects with a result / at the visit."""
    visits = [visit.visit for visit in study.visits]
    sv = datasets["SV"].frame
    kept = sv[(sv["SVOCCUR"] == "Y") & sv["USUBJID"].isin(list(subjects))]
    present = kept.groupby("VISIT")["USUBJID"].nunique().reindex(visits, fill_value=0)
    head = "".join(f'<th scope="col">{escape(visit)}</th>' for visit in visits)
    rows = []
    for label, frame in _split_categories(datasets):
        inside = frame[frame["USUBJID"].isin(list(subjects))].merge(
            kept[["USUBJID", "VISIT"]], on=["USUBJID", "VISIT"]
        )
        counted = inside.groupby("VISIT")["USUBJID"].nunique().reindex(visits, fill_value=0)
        cells = "".join(_draw_cell(int(counted[visit]), int(present[visit])) for visit in visits)
        rows.append(f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>')
    return (
        f'<div class="scroll"><table class="grid"><thead><tr><th scope="col">Dataset, category</th>{head}</tr></thead>'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table></div>"
    )


def _split_categories(datasets: Mapping[str, Dataset]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Results with a visit, by dataset and --CAT."""
    for name, dataset in sorted(datasets.items()):
        frame, prefix = dataset.frame, dataset.spec.prefix
        if not {"VISIT", "USUBJID", f"{prefix}STRESC"} <= set(frame.columns):
            continue
        results = frame[frame[f"{prefix}STRESC"].notna()]
        if f"{prefix}CAT" not in frame.columns:
            yield name, results
            continue
        for category, group in results.groupby(results[f"{prefix}CAT"].fillna("(no category)"), sort=True):
            yield f"{name} {category}", group


def _draw_cell(count: int, present: int) -> str:
    """A shade of blue by the share; a dash where nobody was at the visit."""
    if not present:
        return '<td class="cell">-</td>'
    share = count / present
    ink = "#fff" if share >= _DARK else "#1d2733"
    return f'<td class="cell" style="background: rgba(43, 108, 163, {share:.2f}); color: {ink}">{count}/{present}</td>'
