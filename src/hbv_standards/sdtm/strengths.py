"""Study doses counted in pieces, in the mass that a declared strength makes of them (SDTMIG 6.1.3, EC assumption 1).

A strength is a row of conversions.csv: treatment, TABLET, mg, 300. The hospital's own goes before that of all.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hbv_standards.derive.units import Conversion, UnitConverter, convert_text
from hbv_standards.mapping.rows import ConversionRow
from hbv_standards.sdtm.interventions import is_counted
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows
from hbv_standards.sdtm.treatments import Intervals

CODE = "HBV-SDTM-016"


def convert_counted(rows: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Intervals with ``dose_number`` and ``dose_unit`` by strength where doses were counted and one is declared.

    Adds ``strength_row``, the row of conversions.csv; missing where nothing was converted. The numbers are exact.
    """
    counted = rows[is_counted(rows["dose_unit"])]
    keys = counted[["treatment_id", "site", "dose_unit", "dose"]]
    found = {
        key: _find_amount(view, *key) for key in keys.drop_duplicates().itertuples(index=False, name=None)
    }
    made = [found[key] for key in keys.itertuples(index=False, name=None)]
    amounts = pd.DataFrame(made, columns=["dose_number", "dose_unit", "strength_row"], index=counted.index)
    amounts = amounts[amounts["strength_row"].notna()]
    return rows.assign(
        dose_number=amounts["dose_number"].astype("float64").reindex(rows.index).fillna(rows["dose_number"]),
        dose_unit=amounts["dose_unit"].astype("str").reindex(rows.index).fillna(rows["dose_unit"]),
        strength_row=amounts["strength_row"].astype("str").reindex(rows.index),
    )


def _find_amount(
    view: StudyView, treatment: str, site: str, unit: str, dose: str | None
) -> tuple[float | None, str | None, str | None]:
    strength = _find_strength(view.catalog.conversions, treatment, site, unit)
    if strength is None or not isinstance(dose, str):
        return None, None, None
    way = _find_way(view.converter, strength, site)
    number = None if way is None else convert_text(dose, way)
    return (None, None, None) if number is None else (float(number), strength.to_unit, strength.row)


def _find_strength(
    conversions: Iterable[ConversionRow], treatment: str, site: str, unit: str
) -> ConversionRow | None:
    rows = [row for row in conversions if (row.concept_id, row.from_unit) == (treatment, unit)]
    own = [row for row in rows if row.site == site]
    return next(iter([*own, *(row for row in rows if row.site is None)]), None)


def _find_way(converter: UnitConverter, strength: ConversionRow, site: str) -> Conversion | None:
    return converter.compute_factor(
        strength.from_unit, strength.to_unit, concept_id=strength.concept_id, site=site
    )


def trace_strengths(intervals: Intervals, rows: pd.DataFrame) -> pd.DataFrame:
    """The row of conversions.csv behind EXDOSE and EXDOSU of intervals that were converted."""
    found = intervals.members[intervals.members["used"]].assign(
        strength_row=lambda members: members["interval"].map(rows["strength_row"])
    )
    known = found[found["strength_row"].notna()]
    return join_traces(
        [trace_rows(known, name, mapping="strength_row", row="interval") for name in ("EXDOSE", "EXDOSU")]
    )


def report_uncounted(intervals: Intervals, rows: pd.DataFrame, view: StudyView) -> None:
    """Study doses that stay in pieces, for no strength is declared: HBV-SDTM-016, for the records behind them."""
    left = rows[is_counted(rows["dose_unit"])]
    members = intervals.members[intervals.members["used"]]
    found = members.merge(left[["site", "dose_unit"]].rename_axis("interval").reset_index(), on="interval")
    told = (
        found["treatment_id"]
        + " is counted in "
        + found["dose_unit"]
        + ", no strength is declared: EXDOSE is as "
        "counted; add the strength to sites/" + found["site"] + "/conversions.csv"
    )
    report_rows(
        view.log, CODE, found, dataset="EX", variable="EXDOSE", value=found["dose_unit"], message=told
    )
