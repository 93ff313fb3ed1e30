"""Findings domains: one pipe from canonical findings to rows, shared by all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hbv_standards.derive.baseline import derive_lobxfl
from hbv_standards.derive.dates import derive_dy
from hbv_standards.derive.epochs import derive_epoch
from hbv_standards.derive.ranges import derive_ranges
from hbv_standards.derive.results import derive_results
from hbv_standards.derive.visits import derive_visit_names
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.rows import ConceptRow
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.plausibility import report_implausible
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.result_terms import map_result_terms
from hbv_standards.sdtm.spec import DatasetSpec
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.text import order_as_ascii
from hbv_standards.sdtm.trace import join_traces, trace_rows
from hbv_standards.study import PlannedVisit

CONCEPT_VARIABLES = {
    "TESTCD": "testcd", "TEST": "test", "CAT": "cat", "SCAT": "scat", "TSTDTL": "tstdtl",
    "BDAGNT": "binding_agent", "TSTOPO": "test_objective", "SYM": "gene", "OBJ": "object",
    "ANMETH": "analysis_method",
}  # fmt: skip
"""Variables that the concept alone gives."""

DETAIL_VARIABLES = {"SPEC": "specimen", "METHOD": "method", "LOC": "location"}
"""Variables that the source gives, and the concept where the source says nothing."""

SOURCE_VARIABLES = {
    "GRPID": "group_number", "REFID": "specimen_id", "LOINC": "loinc", "POS": "position", "LAT": "laterality",
    "FAST": "fasting", "NAM": "laboratory", "DTC": "collected_dtc", "ENDTC": "collected_end_dtc",
}  # fmt: skip
"""Variables that the source alone gives."""

IDENTITY = (
    "TESTCD",
    "TSTDTL",
    "BDAGNT",
    "TSTOPO",
    "CAT",
    "SCAT",
    "SYM",
    "OBJ",
    "SPEC",
    "METHOD",
    "ANMETH",
    "LOC",
    "LAT",
    "POS",
)
"""What tells one test from another for --LOBXFL (SDTMIG 4.5.9)."""

RESULT = ("ORRES", "ORRESU", "STRESC", "STAT", "REASND")
"""What must agree between two records of one key."""

ISSUES = {
    "unit_unconverted": ("HBV-SDTM-002", "STRESU"),
    "range_unconverted": ("HBV-SDTM-002", "STNRLO"),
    "text_unencodable": ("HBV-SDTM-003", "ORRES"),
    "range_unencodable": ("HBV-SDTM-003", "STNRC"),
    "range_impossible": ("HBV-SDTM-006", "ORNRLO"),
}
"""Masks of the derivations, and the issue and variable that each is about."""


def build_findings_dataset(view: StudyView, domain: str) -> Dataset | None:
    """The dataset of a findings domain, or None without any record.

    Every canonical finding of the domain's tests becomes one row. All variables that the records can
    fill are made; the domain's spec says which of them it has.
    """
    frame = view.select_findings(domain)
    if frame.empty:
        return None
    concepts = view.catalog.concepts
    frame = (
        map_result_terms(frame, view.catalog)
        .pipe(map_tests, domain, concepts)
        .pipe(map_details, domain, concepts)
        .pipe(derive_results, domain, view.converter, concepts, agency=view.agency)
        .pipe(derive_ranges, domain, view.converter, concepts, agency=view.agency)
        .pipe(derive_timing, domain, view)
        .pipe(order_results, domain, view)
        .pipe(derive_flags, domain, view)
    )
    report_masks(frame, domain, view.log)
    report_conflicts(frame, view.specs[domain], view.log)
    report_implausible(frame, domain, view)
    report_unplaced(frame, view.specs[domain], view.log)
    return view.conform(domain, frame, trace_findings(frame, domain), list_lost(frame, domain))


def list_lost(frame: pd.DataFrame, prefix: str) -> list[str]:
    """Variables of which an ASCII build holds nothing but the hospital sent something."""
    reasons = frame["text_unencodable"] & frame["not_done"]
    lost = {"REASND": reasons, "STNRC": frame["range_unencodable"]}
    return [f"{prefix}{name}" for name, mask in lost.items() if mask.any()]


def order_results(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Where --ORRES holds Chinese texts, add what the ASCII build has there: both have one order."""
    name = f"{prefix}ORRES"
    if frame[name].dropna().map(str.isascii).all():
        return frame
    ascii_form = derive_results(frame, prefix, view.converter, view.catalog.concepts, agency="fda")
    return frame.assign(**{f"order_{name}": ascii_form[name]})


def map_tests(frame: pd.DataFrame, prefix: str, concepts: Mapping[str, ConceptRow]) -> pd.DataFrame:
    """Add the variables that the concept gives: --TESTCD, --TEST, --CAT, --TSTDTL ..., and ``variant`` for SUPP--."""
    made = {
        f"{prefix}{variable}": _map_concept(frame, concepts, field)
        for variable, field in CONCEPT_VARIABLES.items()
    }
    return frame.assign(**made, variant=_map_concept(frame, concepts, "variant"))


def map_details(frame: pd.DataFrame, prefix: str, concepts: Mapping[str, ConceptRow]) -> pd.DataFrame:
    """Add specimen, method, location (the source's, else the concept's) and what the source gives."""
    made = {
        f"{prefix}{variable}": frame[field].fillna(_map_concept(frame, concepts, field))
        for variable, field in DETAIL_VARIABLES.items()
    }
    taken = {f"{prefix}{variable}": frame[field] for variable, field in SOURCE_VARIABLES.items()}
    return frame.assign(**made, **taken)


def _map_concept(frame: pd.DataFrame, concepts: Mapping[str, ConceptRow], field: str) -> pd.Series:
    return (
        frame["concept_id"].map({name: getattr(row, field) for name, row in concepts.items()}).astype("str")
    )


def derive_timing(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add VISIT, VISITDY, EPOCH, --DY and --ENDY."""
    timed = (
        frame.assign(
            USUBJID=view.study.studyid + "-" + frame["subject_id"], rfstdtc=view.map_subject(frame, "RFSTDTC")
        )
        .pipe(derive_visit_names, view.study.visits)
        .pipe(derive_epoch, frame[f"{prefix}DTC"], view.elements)
    )
    timed = derive_dy(timed, f"{prefix}DTC", "rfstdtc", f"{prefix}DY")
    return derive_dy(timed, f"{prefix}ENDTC", "rfstdtc", f"{prefix}ENDY")


def derive_flags(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add --LOBXFL, in both builds by what the ASCII one holds, so that they flag the same records."""
    identity = [f"{prefix}{name}" for name in IDENTITY]
    exposed = frame.assign(
        rfxstdtc=view.map_subject(frame, "RFXSTDTC"), **order_as_ascii(frame, view.specs[prefix], view.agency)
    )
    baseline = find_baseline(view.study.visits)
    flagged = derive_lobxfl(exposed, prefix, "rfxstdtc", identity, baseline_visitnum=baseline)
    return frame.assign(**{f"{prefix}LOBXFL": flagged[f"{prefix}LOBXFL"]})


def find_baseline(planned: Sequence[PlannedVisit]) -> float | None:
    """Number of the visit planned for day 1."""
    return next((v.visitnum for v in planned if v.visitdy == 1), None)


def report_masks(frame: pd.DataFrame, prefix: str, log: IssueLog) -> None:
    """Issues that the derivations marked."""
    for mask, (code, variable) in ISSUES.items():
        if not frame[mask].any():
            continue
        rows = frame[frame[mask]]
        names = ("range_low", "range_high", "range_text") if mask.startswith("range") else ("result", "unit")
        said = rows[list(names)].fillna("").agg(" ".join, axis=1).str.strip()
        told = _describe_unit(rows, prefix) if mask.endswith("unconverted") else ""
        report_rows(log, code, rows, dataset=prefix, variable=f"{prefix}{variable}", value=said, message=told)


def _describe_unit(rows: pd.DataFrame, prefix: str) -> pd.Series:
    unit = rows["unit_value"].fillna(rows["unit"]).fillna("no unit")
    told = rows[f"{prefix}TESTCD"] + ": " + unit + " cannot be converted to the standard unit of the test"
    cure = "; a factor that the hospital's kit states goes into sites/" + rows["site"] + "/conversions.csv"
    return told + cure.where(rows["unit_value"].notna(), "")


def report_conflicts(frame: pd.DataFrame, spec: DatasetSpec, log: IssueLog) -> None:
    """Records with the same key and different results: HBV-SDTM-007; both stay."""
    prefix = spec.name
    keys = [name for name in spec.keys if name in frame.columns and not name.endswith("SEQ")]
    repeated = frame.duplicated(keys, keep=False)
    if not repeated.any():
        return
    twice = frame[repeated]
    result = twice.groupby([f"{prefix}{name}" for name in RESULT], dropna=False).ngroup()
    kinds = result.groupby([twice[name] for name in keys], dropna=False).transform("nunique")
    rows = twice[kinds > 1]
    value = rows[f"{prefix}ORRES"]
    told = "another " + rows[f"{prefix}TESTCD"] + " of the subject has the same keys and another result"
    report_rows(
        log, "HBV-SDTM-007", rows, dataset=prefix, variable=f"{prefix}ORRES", value=value, message=told
    )


def report_unplaced(frame: pd.DataFrame, spec: DatasetSpec, log: IssueLog) -> None:
    """Details that the records have and the spec does not: HBV-SDTM-013, once per variable."""
    made = [name for name in frame.columns if name.startswith(spec.name) and name.isupper()]
    for name in sorted(set(made) - set(spec.names)):
        count = int(frame[name].notna().sum())
        if count:
            log.add(
                "HBV-SDTM-013",
                dataset=spec.name,
                variable=name,
                message=f"{count} record{'s' if count > 1 else ''} with {name}, which "
                f"specs/{spec.name.lower()}.yaml does not have",
            )


def trace_findings(frame: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """The finding itself for the whole row; specimen, unit, value, group and visit for their variables."""
    sources = frame["source_id"]
    placed = frame.assign(
        row=frame.index,
        unit_source=sources.where(frame["unit_row"].notna()),
        value_source=sources.where(frame["value_row"].notna()),
    )
    return join_traces(
        [
            trace_rows(frame),
            _trace_part(placed, f"{prefix}DTC", "specimen_source_id"),
            _trace_part(placed, f"{prefix}GRPID", "group_source_id"),
            _trace_part(placed, f"{prefix}ORRESU", "unit_source", path="path", mapping="unit_row"),
            _trace_part(placed, f"{prefix}STRESC", "value_source", path="path", mapping="value_row"),
            _trace_part(placed, "VISITNUM", "visit_source_id", path="visit_path", mapping="visit_mapping_row"),
        ]
    )


def _trace_part(
    frame: pd.DataFrame, variable: str, source: str, *, path: str | None = None, mapping: str | None = None
) -> pd.DataFrame:
    return trace_rows(frame, variable, source=source, path=path, mapping=mapping, row="row")
