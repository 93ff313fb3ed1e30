"""DM: Demographics: one row per subject, screen failures included (SDTMIG 5.2)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.derive.dates import derive_age
from hbv_standards.derive.demographics import derive_death
from hbv_standards.errors import ConfigurationError
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows

FED_BY = {
    "birth_dtc": ("AGE",), "sex": ("SEX",), "race": ("RACE",), "ethnic": ("ETHNIC",), "consent_dtc": ("RFICDTC",),
    "randomized_dtc": ("ARMCD",),
    "arm_code": ("ARMCD", "ARM"), "status": ("ARMNRS",), "end_dtc": ("RFPENDTC",), "end_reason": ("DTHFL",),
    "death_dtc": ("DTHDTC", "DTHFL"), "deceased": ("DTHFL",), "site": ("SITEID",), "subject_id": ("SUBJID",),
}  # fmt: skip
"""Variables that each field of a canonical subject goes into."""


def build(view: StudyView) -> Dataset | None:
    """The dataset of the subjects in ``view``, None without any."""
    if view.subjects.empty:
        return None
    frame = view.subjects.pipe(map_identity, view).pipe(derive_ages).pipe(map_sex, view).pipe(derive_deaths)
    return view.conform("DM", frame, trace_subjects(frame, view))


def map_identity(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add SUBJID, SITEID and COUNTRY. Raises ConfigurationError for a hospital without a number."""
    sites = view.study.sites
    unknown = sorted(set(frame["site"]) - set(sites))
    if unknown:
        raise ConfigurationError(
            f"sites has no entry for hospital {unknown[0]}; give it a siteid",
            file="study.yaml",
            value=unknown[0],
        )
    return frame.assign(
        SUBJID=frame["subject_id"],
        SITEID=frame["site"].map({name: site.siteid for name, site in sites.items()}).astype("str"),
        COUNTRY=view.study.country,
        RACE=frame["race"],
        ETHNIC=frame["ethnic"],
        BRTHDTC=frame["birth_dtc"],  # submitted only where the spec names it
    )


def derive_ages(frame: pd.DataFrame) -> pd.DataFrame:
    """Add AGE and AGEU: whole years at informed consent; both or neither (CG0665, CG0666)."""
    aged = derive_age(frame, "birth_dtc", "RFICDTC", "AGE")
    years = pd.Series("YEARS", index=frame.index).where(aged["AGE"].notna())
    return aged.assign(AGEU=years.astype("str"))


def map_sex(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add SEX, which is Required: U (C17998) where none was sent, which is reported."""
    unknown = frame[frame["sex"].isna()]
    report_rows(
        view.log,
        "HBV-SDTM-012",
        unknown,
        dataset="DM",
        variable="SEX",
        value=unknown["subject_id"],
        message="sex was not sent or is not mapped; SEX is U (unknown)",
    )
    return frame.assign(SEX=frame["sex"].fillna("U"))


def derive_deaths(frame: pd.DataFrame) -> pd.DataFrame:
    """Add DTHFL ("Y" or missing) and DTHDTC."""
    flag = pd.Series("Y", index=frame.index).where(derive_death(frame))
    return frame.assign(DTHFL=flag.astype("str"), DTHDTC=frame["death_dtc"])


def trace_subjects(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """The record that made the subject, and what gave each field of a variable or supplemental qualifier."""
    placed = frame.reset_index(drop=True).assign(row=range(len(frame)), mapping_row=None)
    rows = dict(zip(placed["subject_id"], placed["row"], strict=True))
    given = view.data.contributions.assign(row=view.data.contributions["subject_id"].map(rows))
    given = given[given["row"].notna()].astype({"row": "int64"})
    feeds = {field: [*names] for field, names in FED_BY.items()}
    for entry in view.specs["DM"].supplemental:
        feeds.setdefault(entry.field, []).append(entry.qnam)
    fed = given.assign(variable=given["field"].map(feeds)).explode("variable").dropna(subset=["variable"])
    parts = [trace_rows(part, str(variable), row="row") for variable, part in fed.groupby("variable")]
    return join_traces([trace_rows(placed), *parts, *trace_doses(rows, view)])


def trace_doses(rows: Mapping[str, int], view: StudyView) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The dose that RFXSTDTC is the date of, and the one that RFXENDTC is; ``rows`` by subject."""
    study = view.treatments.study
    dates = study.rows[["subject_id", "start_dtc", "end_dtc"]]
    doses = study.members[study.members["used"]].merge(dates, left_on="interval", right_index=True)
    doses = doses.assign(row=doses["subject_id"].map(rows))
    start, end = (view.map_subject(doses, name) for name in ("RFXSTDTC", "RFXENDTC"))
    first = doses[doses["start_dtc"] == start].drop_duplicates("subject_id")
    last = doses[(doses["end_dtc"] == end) | (doses["start_dtc"] == end)]
    last = last.drop_duplicates("subject_id", keep="last")
    return trace_rows(first, "RFXSTDTC", row="row"), trace_rows(last, "RFXENDTC", row="row")
