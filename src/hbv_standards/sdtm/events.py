"""Events domains: from canonical events to rows, shared by MH, APMH and AE (SDTMIG 6.2)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.ascii_text import convert_encodable
from hbv_standards.derive.dates import compute_before, derive_dy
from hbv_standards.derive.epochs import derive_epoch
from hbv_standards.derive.relative_timing import derive_start_relation
from hbv_standards.mapping.rows import list_accepted
from hbv_standards.mapping.tables import BASE
from hbv_standards.mapping.vocabulary import TERM
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView

VARIABLES = {
    "CAT": "category", "SCAT": "subcategory", "SEV": "severity", "TOXGR": "toxicity_grade", "SER": "serious",
    "ACN": "action", "OUT": "outcome", "REL": "causality", "STDTC": "start_dtc", "ENDTC": "end_dtc",
    "SDTH": "results_in_death", "SLIFE": "life_threatening", "SHOSP": "hospitalization", "SDISAB": "disability",
    "SCONG": "congenital_anomaly", "SMIE": "medically_important",
}  # fmt: skip
"""Variables that a field of the event gives as it is."""

MEDDRA = ("meddra", "2.16.840.1.113883.6.163")
"""What the code systems of MedDRA have in their names."""

CONSENT = "INFORMED CONSENT"


def select_events(view: StudyView, kind: str) -> pd.DataFrame:
    """Events of one kind."""
    events = view.data.events
    return events[events["kind"] == kind].reset_index(drop=True)


def map_events(frame: pd.DataFrame, prefix: str, dataset: str, view: StudyView) -> pd.DataFrame:
    """Add --TERM and every variable that the event gives as it is."""
    given = {f"{prefix}{variable}": frame[field] for variable, field in VARIABLES.items()}
    return map_term(frame.assign(**given), prefix, dataset, view)


def map_term(frame: pd.DataFrame, prefix: str, dataset: str, view: StudyView) -> pd.DataFrame:
    """Add --TERM: the hospital's words; where ASCII cannot hold them the English term, else the code.

    The words of a question, and of a denial, are no term: there it is the disease that they ask for. What
    has none of them stays without, which is reported (HBV-SDTM-003). The build with Chinese texts is
    ordered by the same words as the other.
    """
    name = f"{prefix}TERM"
    words = frame["term"].map(lambda text: convert_encodable(text, "fda"), na_action="ignore").astype("str")
    asked = frame["term_value"].where(frame["prespecified"])
    english = asked.fillna(words).fillna(frame["term_value"]).fillna(frame["code"])
    if view.agency == "nmpa":
        disease = asked.map(list_chinese_terms(view)).fillna(asked)
        return frame.assign(**{name: disease.fillna(frame["term"]).astype("str"), f"order_{name}": english})
    lost = frame[english.isna()]
    cure = "characters outside ASCII and neither an English term nor a code: map the term to English"
    report_rows(
        view.log, "HBV-SDTM-003", lost, dataset=dataset, variable=name, value=lost["term"], message=cure
    )
    return frame.assign(**{name: english})


def list_chinese_terms(view: StudyView) -> dict[str, str]:
    """English term → the first Chinese name of it in the tables that hold for all hospitals."""
    rows = [row for row in list_accepted(view.catalog.lookups[BASE].values) if row.codelist == TERM]
    return {row.submission_value: row.source_text for row in reversed(rows) if not row.source_text.isascii()}


def is_meddra(systems: pd.Series) -> pd.Series:
    """Mask of code systems that are MedDRA."""
    text = systems.str.lower()
    named = [text.str.contains(name, regex=False).eq(True) for name in MEDDRA]
    return named[0] | named[1]


def map_decoded(frame: pd.DataFrame) -> pd.Series:
    """The dictionary's term of events that the hospital coded in MedDRA, missing for others."""
    words = frame["term"].map(lambda text: convert_encodable(text, "fda"), na_action="ignore").astype("str")
    return frame["term_value"].fillna(words).where(is_meddra(frame["code_system"]))


def map_occurrence(frame: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Add --PRESP and --OCCUR: both only for what was asked for (CG0085, CG0089).

    That an event did not occur, or that it is not known, is the answer to a question.
    """
    asked = frame["prespecified"] | frame["occurred"].isin(["N", "U"])
    presp = pd.Series("Y", index=frame.index).where(asked).astype("str")
    return frame.assign(**{f"{prefix}PRESP": presp, f"{prefix}OCCUR": frame["occurred"].where(asked)})


def derive_days(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add --STDY, --ENDY, and --DY where there is a --DTC."""
    timed = frame.assign(rfstdtc=view.map_subject(frame, "RFSTDTC"))
    for name in ("ST", "EN", ""):
        if f"{prefix}{name}DTC" in timed:
            timed = derive_dy(timed, f"{prefix}{name}DTC", "rfstdtc", f"{prefix}{name}DY")
    return timed


def derive_start_epoch(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add EPOCH by --STDTC (SDTMIG 4.1.3.1)."""
    return derive_epoch(frame, frame[f"{prefix}STDTC"], view.elements)


def derive_start_points(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add --STRTPT and --STTPT (SDTMIG 4.4.7) of events without a start date, after :func:`derive_end_points`.

    BEFORE consent where they were on record, or over, before it.
    """
    consent = view.map_subject(frame, "RFICDTC").astype("str")
    happened = ~frame["occurred"].isin(["N", "U"])
    known = compute_before(frame["recorded_dtc"], consent)
    return derive_start_relation(frame, prefix, consent.where(happened), CONSENT, known)


def derive_end_points(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add --ENRTPT and --ENTPT (SDTMIG 4.4.7): ONGOING at the data cut, else at the last contact; BEFORE the day on
    which the source last changed, else the last contact, where it says that the event is over and has no date of it.

    What was recorded later than the last contact goes on when it was recorded: the reference time point does not
    lie before the collection (CG0235).
    """
    last = view.map_subject(frame, "RFPENDTC").str.slice(0, 10)
    recorded = frame["recorded_dtc"].str.slice(0, 10)
    last = last.mask(compute_before(last, recorded), recorded)
    point = last if view.cutoff is None else pd.Series(view.cutoff, index=frame.index)
    open_end = frame["end_dtc"].isna() & ~frame["occurred"].isin(["N", "U"])
    goes_on = frame["ongoing"] & open_end & point.notna()
    known_by = find_known_end(frame, last, view.cutoff)
    over = frame["ceased"] & ~frame["ongoing"] & open_end & known_by.notna()
    relation = pd.Series("ONGOING", index=frame.index).where(goes_on).mask(over, "BEFORE")
    named = point.where(goes_on).mask(over, known_by)
    return frame.assign(**{f"{prefix}ENRTPT": relation.astype("str"), f"{prefix}ENTPT": named.astype("str")})


def find_known_end(frame: pd.DataFrame, last: pd.Series, cutoff: str | None) -> pd.Series:
    """Day by which it was known that the event is over: ``stated_dtc``, else ``last``, the last contact.

    At a data cut only what was stated by then; a day before the start of the event is none.
    """
    stated = frame["stated_dtc"].str.slice(0, 10)
    known = stated.fillna(last) if cutoff is None else stated.where(stated <= cutoff)
    return known.mask(compute_before(known.astype("str"), frame["start_dtc"])).astype("str")
