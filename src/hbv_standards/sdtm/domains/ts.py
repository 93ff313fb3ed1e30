"""TS: Trial Summary, from the study file and the data (SDTMIG 7.4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from hbv_standards.derive.ascii_text import Agency, convert_encodable
from hbv_standards.derive.dates import parse_dtc
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.text import split_text
from hbv_standards.standards.trial_summary import find_value_codelist, name_parameter
from hbv_standards.study import SummaryParameter

CDISC, COUNTRIES = "CDISC CT", "ISO 3166"
"""TSVCDREF of CDISC terminology and of countries, of DICTNAM C66788."""


class Coding(NamedTuple):
    """TSVALCD, TSVCDREF and TSVCDVER."""

    code: str | None = None
    dictionary: str | None = None
    version: str | None = None


def build(view: StudyView) -> Dataset | None:
    """One row per value of a parameter, None for a study file without a trial summary."""
    if not view.study.trial_summary:
        return None
    computed = compute_values(view)
    rows = [build_row(entry, computed, view) for entry in view.study.trial_summary]
    return view.conform("TS", number_rows(pd.DataFrame(rows)))


def compute_values(view: StudyView) -> Mapping[str, str | None]:
    """Values by name of ``computed``; None where the data do not say them."""
    study, subjects = view.study, view.subjects
    goes_on = subjects.empty or not subjects["ended"].all()
    return {
        "title": study.title,
        "arms": str(len(study.arms)),
        "country": study.country,
        "sdtm version": study.sdtm.model,
        "sdtmig version": study.sdtm.ig,
        "data cut": view.cutoff,
        "subjects": str(len(subjects)),
        "ongoing": "Y" if goes_on else "N",
        "first consent": find_first_consent(subjects),
        "last contact": None if goes_on or view.cutoff else find_last_day(subjects["RFPENDTC"]),
    }


def find_first_consent(subjects: pd.DataFrame) -> str | None:
    """Earliest complete day of consent of the randomised subjects; of all of them where none is randomised."""
    randomised = subjects[subjects["randomized_dtc"].notna()]
    days = parse_dtc((subjects if randomised.empty else randomised)["RFICDTC"])["date"].dropna()
    return None if days.empty else f"{days.min():%Y-%m-%d}"


def find_last_day(dtc: pd.Series) -> str | None:
    """Latest complete day."""
    days = parse_dtc(dtc)["date"].dropna()
    return None if days.empty else f"{days.max():%Y-%m-%d}"


def build_row(
    entry: SummaryParameter, computed: Mapping[str, str | None], view: StudyView
) -> dict[str, str | None]:
    """One parameter: a value with its code, or the reason why there is none (CG0259, CG0260)."""
    value = computed[entry.computed] if entry.computed else entry.value
    coding = find_coding(entry, value, view.study.sdtm.terminology)
    return {
        "TSPARMCD": entry.parameter,
        "TSPARM": entry.name or name_parameter(entry.parameter),
        **name_pieces(value, view.agency),
        "TSVALNF": entry.null_flavor if value is None else None,
        "TSVALCD": coding.code,
        "TSVCDREF": coding.dictionary,
        "TSVCDVER": coding.version,
    }


def find_coding(entry: SummaryParameter, value: str | None, terminology: str) -> Coding:
    """The code of a controlled value, with its dictionary and version (CG0266, CG0288, CG0289)."""
    if value is None:
        return Coding()
    if entry.computed == "country":
        return Coding(value, COUNTRIES)
    codelist = find_value_codelist(entry.parameter)
    term = codelist.term(value) if codelist is not None else None
    if term is not None:
        return Coding(term.code, CDISC, terminology)
    return Coding(entry.code, entry.dictionary, entry.dictionary_version)


def name_pieces(value: str | None, agency: Agency) -> dict[str, str | None]:
    """TSVAL, and TSVAL1, TSVAL2 ... for what is beyond 200 bytes (SDTMIG 4.5.3.2)."""
    if value is None:
        return {"TSVAL": None}
    pieces: Iterable[str] = split_text(convert_encodable(value, agency) or value)
    return {f"TSVAL{number or ''}": piece for number, piece in enumerate(pieces)}


def number_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Add TSSEQ: 1, 2 ... within the parameter, in the order of the study file (CG0268)."""
    return frame.assign(TSSEQ=(frame.groupby("TSPARMCD").cumcount() + 1).astype("float64"))
