"""What the protocol plans to measure against what the datasets hold, for the reviewer's guide and the report.

Nothing is added to a dataset for what is missing: it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.rows import ConceptRow
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.study_schedule import PlannedMeasurement

COLUMNS = ("title", "SITEID", "VISIT", "planned", "present", "not_done", "missing")
"""``title`` of the measurement in the order of the study file, ``VISIT`` "" for what is asked once; then counts."""

COUNTS = COLUMNS[3:]

ITEMS = ("AGE", "SEX", "RACE", "ETHNIC", "RFICDTC")
"""Variables of DM that every subject should have (SDTMIG 5.1), where the dataset has them."""

_DETAILS = {"tstdtl": "TSTDTL", "binding_agent": "BDAGNT", "gene": "SYM"}
"""What tells tests of one --TESTCD apart, by field of the test catalogue; specimen and location are as sent."""

Datasets = Mapping[str, Dataset]


def count_planned(datasets: Datasets, catalog: Catalog) -> pd.DataFrame:
    """Rows by measurement, hospital and visit with the columns :data:`COLUMNS`; none for a study without schedule.

    ``planned``: subjects in whom the visit was kept (SV.SVOCCUR = Y), for what is asked once all subjects, or those
    who kept one of its visits. Of these ``present`` have a record, ``not_done`` only one that says that it was not
    done, and ``missing`` neither.
    """
    subjects = _read_columns(datasets, "DM", ["USUBJID", "SITEID"])
    visits = _read_columns(datasets, "SV", ["USUBJID", "VISIT", "SVOCCUR"])
    kept = visits.loc[visits["SVOCCUR"] == "Y", ["USUBJID", "VISIT"]].drop_duplicates()
    kept = kept.merge(subjects, on="USUBJID")
    counted = [_count_entry(entry, subjects, kept, datasets, catalog) for entry in catalog.study.schedule]
    if not counted:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(counted, ignore_index=True)[list(COLUMNS)]


def _read_columns(datasets: Datasets, name: str, columns: list[str]) -> pd.DataFrame:
    dataset = datasets.get(name)
    return pd.DataFrame(columns=columns) if dataset is None else dataset.frame.reindex(columns=columns)


def _count_entry(
    entry: PlannedMeasurement, subjects: pd.DataFrame, kept: pd.DataFrame, datasets: Datasets, catalog: Catalog
) -> pd.DataFrame:
    """Rows of one measurement: by hospital and visit where it is planned by visit, else by hospital."""
    found = _find_records(entry, datasets, catalog.concepts)
    if entry.visits:
        found = found[found["VISIT"].isin(entry.visits)]
        expected = kept[kept["VISIT"].isin(entry.visits)]
    else:
        expected = subjects
    if not entry.by_visit:
        found, expected = (frame.assign(VISIT="") for frame in (found, expected))
    keys = ["USUBJID", "VISIT"]
    done = found.groupby(keys)["done"].any()
    expected = expected.drop_duplicates(keys)
    told = pd.MultiIndex.from_frame(expected[keys]).map(done.to_dict())
    status = pd.DataFrame(
        {
            "SITEID": expected["SITEID"].to_numpy(),
            "VISIT": expected["VISIT"].to_numpy(),
            "planned": 1,
            "present": [n is True for n in told],
            "not_done": [n is False for n in told],
            "missing": [n is not True and n is not False for n in told],
        }
    )
    order = {visit.visit: place for place, visit in enumerate(catalog.study.visits)}
    rows = status.groupby(["SITEID", "VISIT"])[list(COUNTS)].sum().reset_index()
    rows = rows.assign(title=entry.title, place=rows["VISIT"].map(order))
    return rows.sort_values(["SITEID", "place"], kind="stable")


def _find_records(
    entry: PlannedMeasurement, datasets: Datasets, concepts: Mapping[str, ConceptRow]
) -> pd.DataFrame:
    """Records of a measurement: USUBJID, VISIT and ``done``, whether it was done."""
    if entry.dataset is not None:
        parts = [_select(datasets.get(entry.dataset), entry.where, entry)]
    else:
        rows = [concepts[name] for name in entry.concepts if name in concepts]
        parts = [_select(datasets.get(row.domain), _describe_test(row), entry) for row in rows]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled) if filled else pd.DataFrame({"USUBJID": [], "VISIT": [], "done": []})


def _describe_test(row: ConceptRow) -> dict[str, tuple[str, ...]]:
    """Variables by which the records of a test are known."""
    details = {end: getattr(row, field) for field, end in _DETAILS.items()}
    known = {"TESTCD": row.testcd, **{end: value for end, value in details.items() if value}}
    return {f"{row.domain}{end}": (value,) for end, value in known.items()}


def _select(
    dataset: Dataset | None, where: Mapping[str, tuple[str, ...]], entry: PlannedMeasurement
) -> pd.DataFrame:
    if dataset is None or dataset.frame.empty:
        return pd.DataFrame()
    frame = dataset.frame
    chosen = pd.Series(True, index=frame.index)
    for variable, values in where.items():
        chosen &= frame[variable].isin(values) if variable in frame else False
    rows = frame[chosen]
    subject = rows["RSUBJID"] if "RSUBJID" in rows else rows["USUBJID"]  # of a relative's record: whose relative
    visit = rows["VISIT"] if "VISIT" in rows else pd.Series(pd.NA, index=rows.index, dtype="str")
    return pd.DataFrame({"USUBJID": subject, "VISIT": visit, "done": _find_done(rows, dataset.spec.prefix, entry)})


def _find_done(rows: pd.DataFrame, prefix: str, entry: PlannedMeasurement) -> pd.Series:
    """Findings with a result; of an examination planned by visit all but those that did not occur.

    Where something is asked once, that it did not occur is the answer (SUOCCUR = N: never smoked).
    """
    results = [rows[name].notna() for name in (f"{prefix}ORRES", f"{prefix}STRESC") if name in rows]
    if results:
        return pd.concat(results, axis=1).any(axis=1)
    occurred = f"{prefix}OCCUR"
    if entry.by_visit and occurred in rows:
        return rows[occurred].ne("N").fillna(value=True)
    return pd.Series(True, index=rows.index)


def count_items(datasets: Datasets) -> pd.DataFrame:
    """Rows by variable of DM and hospital: ``item``, SITEID, ``subjects``, ``missing``; SEX "U" is missing too."""
    columns = ["item", "SITEID", "subjects", "missing"]
    dm = datasets["DM"].frame if "DM" in datasets else pd.DataFrame()
    counted = []
    for item in (name for name in ITEMS if name in dm):
        lacking = dm[item].isna() | dm[item].eq("U").fillna(value=False)
        by_site = lacking.groupby(dm["SITEID"]).agg(["size", "sum"]).reset_index()
        counted.append(by_site.set_axis(["SITEID", "subjects", "missing"], axis=1).assign(item=item))
    return pd.concat(counted, ignore_index=True)[columns] if counted else pd.DataFrame(columns=columns)
