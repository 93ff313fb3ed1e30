"""Chapter of the report about eligibility: criteria by hospital, and who does not meet which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from hbv_standards.derive.criteria import MET, NOT_EVALUABLE, NOT_MET
from hbv_standards.derive.eligibility import is_unmet
from hbv_standards.export.guide.content import Table, write_count
from hbv_standards.export.report.page import Chapter, render_heading, render_paragraph, render_rows
from hbv_standards.study import StudyConfig

TITLE = "Eligibility"
ANSWERS = {MET: "met", NOT_MET: "not met", NOT_EVALUABLE: "not evaluable"}
"""Answers in the order in which they are counted, and how people read them."""

_NOTE = (
    "Each criterion of the protocol, computed on the records of every subject: the last result before randomisation "
    "decides. Not evaluable means that the records leave it open, or that there is none. Which record decided is in "
    "eligibility.csv."
)
_OPEN = "Every criterion that could be decided is met."


def build_eligibility_chapter(eligibility: pd.DataFrame, study: StudyConfig) -> Chapter:
    """Counts of met, not met and not evaluable by criterion and hospital, then every unmet criterion.

    ``eligibility``: :data:`hbv_standards.sdtm.eligibility_table.ELIGIBILITY_COLUMNS`.
    """
    if eligibility.empty:
        return Chapter("eligibility", TITLE, (render_paragraph("No criterion, or no subject."),))
    names = {site.siteid: site.name for site in study.sites.values()}
    sites = [number for number in sorted(names) if number in set(eligibility["SITEID"])]
    heads = ("Criterion", "Text", *(f"{names[site]}: {' / '.join(ANSWERS.values())}" for site in sites))
    unmet = eligibility[is_unmet(eligibility["IECAT"], eligibility["result"])]
    parts = [
        render_paragraph(_NOTE),
        render_rows(Table("", heads, _count_answers(eligibility, sites))),
        render_heading("Criteria that exclude"),
        render_rows(Table("", _UNMET_HEADS, _list_unmet(unmet, names)))
        if len(unmet)
        else render_paragraph(_OPEN),
    ]
    return Chapter("eligibility", TITLE, tuple(parts))


_UNMET_HEADS = ("Subject", "Hospital", "Criterion", "Text", "Value", "Date", "Record")


def _count_answers(eligibility: pd.DataFrame, sites: list[str]) -> tuple[tuple[str, ...], ...]:
    counted = Counter(zip(eligibility["IETESTCD"], eligibility["SITEID"], eligibility["result"], strict=True))
    criteria = eligibility.drop_duplicates(["IETESTCD", "IETEST"])[["IETESTCD", "IETEST"]]
    return tuple(
        (code, text, *(_phrase_answers(counted, code, site) for site in sites))
        for code, text in criteria.to_numpy().tolist()
    )


def _phrase_answers(counted: Counter[tuple[str, str, str]], code: str, site: str) -> str:
    return " / ".join(write_count(counted[code, site, answer]) for answer in ANSWERS)


def _list_unmet(unmet: pd.DataFrame, names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    told = pd.DataFrame(
        {
            "subject": unmet["USUBJID"],
            "site": unmet["SITEID"].map(lambda number: names.get(number, number)),
            "code": unmet["IETESTCD"],
            "text": unmet["IETEST"],
            "value": unmet["value"].fillna("") + (" " + unmet["unit"]).fillna(""),
            "dtc": unmet["dtc"].fillna(""),
            "record": unmet["dataset"].fillna("") + (" " + unmet["seq"]).fillna(""),
        }
    )
    return tuple(tuple(row) for row in told.sort_values(["subject", "code"]).to_numpy().tolist())
