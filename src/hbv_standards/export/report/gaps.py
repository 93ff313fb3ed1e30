"""Chapter of the report about what is missing: issues ranked, and what the mapping tables do not know.

Only the values of what is to be mapped are shown: those of other issues may be identifiers of a patient, so
the report leaves them to ``issues.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hbv_standards.export.guide.content import Table, write_count
from hbv_standards.export.report.page import Chapter, render_heading, render_paragraph, render_rows
from hbv_standards.issues import KINDS, rank_unmapped

CODES_HEADER = ("Code", "Severity", "Meaning", "Hospitals", "Times", "Cure")

_UNREAD = "HBV-ING-016"
_RANK = {"error": 0, "warning": 1, "info": 2}


def build_gaps(issues: pd.DataFrame, names: Mapping[str, str], missing: Sequence[str] = ()) -> Chapter:
    """What is missing: unmapped values with their cure, ``missing`` (rendered), then all issues by code.

    ``names`` is site → name.
    """
    if issues.empty:
        nothing = render_paragraph("Nothing: no check found anything.")
        return Chapter("gaps", "What is missing", (*missing, nothing))
    unmapped = _list_unmapped(issues, names)
    parts = [render_heading("Not known to the mapping tables")]
    if unmapped:
        header = ("Hospital", "What", "Value as sent", "Times", "Cure")
        parts.append(render_rows(Table("", header, unmapped)))
    else:
        parts.append(render_paragraph("Every code, unit, text and drug is mapped."))
    parts += [
        *missing,
        *_render_unread(issues, names),
        render_heading("All issues by code"),
        render_rows(Table("", CODES_HEADER, _list_codes(issues, names))),
    ]
    parts.append(render_paragraph("Each issue with its file, resource, element and value is in issues.csv."))
    return Chapter("gaps", "What is missing", tuple(parts))


def _list_unmapped(issues: pd.DataFrame, names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (_name(site, names), KINDS[code].title, value, write_count(n), _cure(code, told))
        for site, code, value, told, n in rank_unmapped(issues).to_numpy().tolist()
    )


def _cure(code: str, told: str) -> str:
    """What the issue itself says, for it names the file and codelist; its kind's cure where it says nothing."""
    return KINDS[code].cure if told == KINDS[code].title else told


def _list_codes(issues: pd.DataFrame, names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    ranked = issues.groupby(["code", "severity"], sort=True)["count"].sum().reset_index(name="n")
    ranked["rank"] = ranked["severity"].map(_RANK)
    ranked = ranked.sort_values(["rank", "n", "code"], ascending=[True, False, True], kind="stable")
    told = issues["site"].map(lambda site: _name(site, names)).groupby(issues["code"]).unique()
    sites = {str(code): ", ".join(sorted(found)) for code, found in told.items()}
    return tuple(
        (
            code,
            severity,
            _explain(code),
            sites[code],
            write_count(n),
            KINDS[code].cure if code in KINDS else "",
        )
        for code, severity, n in ranked[["code", "severity", "n"]].to_numpy().tolist()
    )


def _explain(code: str) -> str:
    return KINDS[code].title if code in KINDS else "See issues.csv"


def _render_unread(issues: pd.DataFrame, names: Mapping[str, str]) -> tuple[str, ...]:
    """Elements that no mapping reads: paths only, for what stands in them may be anything."""
    unread = issues[issues["code"] == _UNREAD]
    if unread.empty:
        return ()
    listed = tuple(
        (_name(site, names), path, write_count(n))
        for site, path, n in unread[["site", "path", "count"]].to_numpy().tolist()
    )
    told = "If the trial needs one of them, give its FHIRPath in the hospital's site.yaml."
    table = Table("", ("Hospital", "Element", "Resources"), listed)
    return render_heading("Sent by the hospital, read by nothing"), render_rows(table), render_paragraph(told)


def _name(site: str, names: Mapping[str, str]) -> str:
    return names.get(site, site or "-")
