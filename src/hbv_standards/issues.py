"""Issue codes and the issues table: what was wrong with the data, where, and what to do.

Every code is stable: it is never renumbered or used for something else. Data that is wrong never
raises and never vanishes; it is an entry here, with the source that caused it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import pandas as pd

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class IssueKind:
    """A stable code, how bad it is, what it means and what cures it."""

    code: str
    severity: Severity
    title: str
    cure: str


KINDS: dict[str, IssueKind] = {
    kind.code: kind
    for kind in (
        IssueKind("HBV-ING-001", "error", "File could not be read", "Ask the hospital to send the file again; the message says what is wrong with it."),
        IssueKind("HBV-ING-002", "error", "Resource could not be read", "The line or entry is not a FHIR resource; ask the hospital to send it again."),
        IssueKind("HBV-ING-003", "error", "resourceType missing or not FHIR", "Correct the resource at its source."),
        IssueKind("HBV-ING-004", "warning", "Element is not valid FHIR and was left out", "Correct the element at its source; the rest of the resource was used."),
        IssueKind("HBV-ING-005", "error", "Resource rejected: an element it cannot do without is not valid", "Correct the element at its source."),
        IssueKind("HBV-ING-006", "warning", "Reference leads to no resource that was read", "Ask the hospital for the missing resource, or correct the reference."),
        IssueKind("HBV-ING-007", "warning", "Two contents claim the same version of a resource", "Ask the hospital which one holds; the one that was kept is named."),
        IssueKind("HBV-ING-008", "info", "Resource withdrawn by the hospital (entered-in-error or cancelled)", "Nothing to do: it does not become a row."),
        IssueKind("HBV-ING-009", "error", "Hospital of the resource is unknown", "Put the file in a folder named after the hospital, pass --site, or add its identifier system to site.yaml."),
        IssueKind("HBV-ING-010", "info", "Text is not UTF-8 and was read in another declared encoding", "Nothing to do if the texts look right; otherwise correct `encodings` in site.yaml."),
        IssueKind("HBV-ING-011", "info", "Resource sent more than once", "Nothing to do: the same content was used once."),
        IssueKind("HBV-ING-012", "warning", "Declared FHIRPath could not be evaluated on a resource", "Correct the path in site.yaml or the resource."),
        IssueKind("HBV-ING-013", "warning", "File was not read: it is of no kind that is read", "Send FHIR as .json, .ndjson or .xml (also .gz); take other files out of the input folder."),
        IssueKind("HBV-ING-014", "warning", "Element occurs several times and only what all of them say was used", "Look at the resource, and ask the hospital for a period of each: what differs is not in the result."),
        IssueKind("HBV-ING-015", "warning", "Resource has a modifierExtension, which can change its meaning", "Ask the hospital what it says; the resource was used as if it were not there."),
        IssueKind("HBV-ING-016", "info", "Element that nothing reads", "Nothing to do if the trial does not need it; otherwise give its FHIRPath in the hospital's site.yaml, or ask for it to be read."),
        IssueKind("HBV-CNF-001", "warning", "Resource does not conform to FHIR", "Correct the element at its source; run `check` for the whole list."),
        IssueKind("HBV-ENR-001", "error", "Enrolled subject has no Patient", "Correct the identifier in the enrolment record or ask for the Patient."),
        IssueKind("HBV-ENR-002", "error", "Enrolment record does not lead to exactly one subject", "Correct the enrolment record: a subject number or Patient is used twice or missing."),
        IssueKind("HBV-ENR-003", "error", "Arm is not one of the study's", "Add the hospital's word for the arm to values.csv (codelist ARMCD)."),
        IssueKind("HBV-ENR-004", "warning", "Enrolment status or reason is not mapped", "Add the hospital's word to values.csv (codelist SUBJECT_STATUS or NCOMPLT)."),
        IssueKind("HBV-ENR-005", "error", "Enrolment of the hospital is proposed and not accepted", "Read `enrolment` in the hospital's site.yaml, correct it and set its status to accepted; nobody of the hospital is converted until then."),
        IssueKind("HBV-MAP-001", "warning", "Code of a test is not mapped", "Add a row for it to the hospital's codes.csv."),
        IssueKind("HBV-MAP-002", "warning", "Unit is not mapped", "Add the unit's spelling to units.csv or the hospital's units.csv."),
        IssueKind("HBV-MAP-003", "warning", "Result text is not mapped to a submission value", "Add the text to the hospital's values.csv under the codelist that the message names; it is carried as sent until then."),
        IssueKind("HBV-MAP-004", "warning", "Treatment is not mapped", "Add the drug's code or name to the hospital's codes.csv (kind treatment)."),
        IssueKind("HBV-MAP-005", "warning", "Coded detail is not mapped and was left out", "Add the value to the hospital's values.csv under the codelist that the message names."),
        IssueKind("HBV-MAP-006", "warning", "Code is mapped to two different tests", "Keep one of the rows in the hospital's codes.csv."),
        IssueKind("HBV-MAP-007", "warning", "Code and text of a unit mean different units", "Ask the hospital which holds; the one that the message names was used."),
        IssueKind("HBV-MAP-008", "error", "Category of a diagnosis is not mapped: it may be an adverse event", "Add the category to the hospital's values.csv (codelist EVENT_KIND); the diagnosis stands in the medical history until then."),
        IssueKind("HBV-CAN-001", "warning", "Collection time of the specimen and time of the result disagree", "Ask the hospital which holds; the specimen's time was used (SDTMIG 4.4.8)."),
        IssueKind("HBV-CAN-002", "warning", "Record has no date", "Ask the hospital for the date; the row is kept without."),
        IssueKind("HBV-CAN-003", "warning", "Result has neither value nor reason", "Ask the hospital; the record is not used."),
        IssueKind("HBV-CAN-004", "warning", "Date is not ISO 8601 and was left out", "Correct the date at its source."),
        IssueKind("HBV-CAN-005", "error", "Value is of a type that a result cannot have", "Correct the resource at its source."),
        IssueKind("HBV-CAN-006", "warning", "Resource belongs to a subject but no record could be made of it", "The message says what is missing."),
        IssueKind("HBV-CAN-007", "warning", "What is told of one thing contradicts itself", "Ask the hospital which holds; the message says which one was used."),
        IssueKind("HBV-CAN-008", "warning", "Diagnosis is not confirmed by the hospital", "Ask the hospital; the disease is kept as it was sent."),
        IssueKind("HBV-SDTM-001", "warning", "Record has no SDTM domain in this study", "Add the domain's spec, or declare the code as NOT COLLECTED."),
        IssueKind("HBV-SDTM-002", "warning", "Unit cannot be converted to the test's standard unit", "Correct the unit, or give the test a conversion: the hospital's kit in sites/<hospital>/conversions.csv, what holds everywhere in concepts/conversions.csv."),
        IssueKind("HBV-SDTM-003", "warning", "Character is outside the encoding of the build", "Map the text to a submission value; it was left out of this build."),
        IssueKind("HBV-SDTM-004", "warning", "Text is longer than 200 bytes", "It was cut at a word border; the rest is in the source."),
        IssueKind("HBV-SDTM-005", "warning", "Dates of a subject are out of order", "Ask the hospital which date holds."),
        IssueKind("HBV-SDTM-006", "warning", "Reference range is impossible (low above high)", "Correct the reference range at its source; the indicator was not derived."),
        IssueKind("HBV-SDTM-007", "error", "Same record sent twice with different results", "Ask the hospital which holds; both rows are kept."),
        IssueKind("HBV-SDTM-008", "warning", "Stated visit is not a planned visit of the study", "Correct the hospital's codes.csv (kind visit) or the study's visits."),
        IssueKind("HBV-SDTM-009", "warning", "Visit was stated but its date lies outside the visit's window", "Ask the hospital; the stated visit was used."),
        IssueKind("HBV-SDTM-010", "info", "Record lies after the data cut", "Nothing to do: it will be in a later cut."),
        IssueKind("HBV-SDTM-011", "error", "Record belongs to no subject of the build", "Correct the subject of the record, or the subject's enrolment; a subject who consented after the data cut comes with a later cut."),
        IssueKind("HBV-SDTM-012", "warning", "Value that SDTM requires was not sent", "Ask the hospital for it; the message says what stands in its place."),
        IssueKind("HBV-SDTM-013", "warning", "Detail has no variable in the domain's spec", "Add the variable to the domain's spec; the detail is in the source."),
        IssueKind("HBV-SDTM-014", "warning", "Result is outside the limits that are plausible for the test", "Ask the hospital, and look at the unit first; nothing was changed. Limits: concepts/plausibility.csv."),
        IssueKind("HBV-SDTM-015", "warning", "Result is far from the subject's other results of the test", "Ask the hospital, and look at the unit first; nothing was changed. Limits: column jump of concepts/plausibility.csv."),
        IssueKind("HBV-SDTM-016", "warning", "Study dose is counted in pieces and no strength is declared", "Add the strength to sites/<hospital>/conversions.csv (treatment, TABLET, mg, 300); until then EX has the dose as counted."),
    )
}


class IssueRow(NamedTuple):
    """One entry, in the order of the columns of ``issues.csv`` (severity and count are added there)."""

    code: str
    site: str = ""
    file: str = ""
    resource: str = ""  # "Observation/123"
    path: str = ""
    dataset: str = ""
    variable: str = ""
    value: str = ""
    message: str = ""
    source_id: int = -1  # filled: site, file and resource are looked up when the table is written
    times: int = 1  # of as many equal entries, where a step has counted them itself


COLUMNS = ("code", "severity", "site", "file", "resource", "path", "dataset", "variable", "value", "message", "count")


@dataclass(slots=True)
class IssueLog:
    """Collects issues during a run. Not thread safe; workers keep their own and the run extends one."""

    rows: list[IssueRow] = field(default_factory=list)

    def add(
        self,
        code: str,
        *,
        source_id: int = -1,
        site: str = "",
        file: str = "",
        resource: str = "",
        path: str = "",
        dataset: str = "",
        variable: str = "",
        value: str = "",
        message: str = "",
        times: int = 1,
    ) -> None:
        """Add one issue. ``KeyError`` when the code is not in :data:`KINDS`: a programming error."""
        if code not in KINDS:
            raise KeyError(code)
        self.rows.append(
            IssueRow(code, site, file, resource, path, dataset, variable, value, message, source_id, times)
        )

    def extend(self, rows: Iterable[IssueRow]) -> None:
        """Add the issues of another log."""
        self.rows.extend(rows)

    def to_frame(self, sources: pd.DataFrame | None = None) -> pd.DataFrame:
        """The issues table, columns :data:`COLUMNS`, equal entries counted, in a fixed order.

        ``sources`` (columns of :data:`hbv_standards.provenance.SOURCE_COLUMNS`) fills site, file
        and resource of entries that only name their ``source_id``.
        """
        counted: Counter[IssueRow] = Counter()
        for row in _locate(self.rows, sources):
            counted[row if row.times == 1 else row._replace(times=1)] += row.times
        table = [
            (row.code, KINDS[row.code].severity, *row[1:8], row.message or KINDS[row.code].title, count)
            for row, count in counted.items()
        ]
        frame = pd.DataFrame(table, columns=list(COLUMNS))
        rank = frame["severity"].map({"error": 0, "warning": 1, "info": 2})
        return (
            frame.assign(_rank=rank)
            .sort_values(["_rank", *(c for c in COLUMNS if c not in ("severity", "count"))], kind="stable")
            .drop(columns="_rank")
            .reset_index(drop=True)
        )


def is_unmapped(issues: pd.DataFrame) -> pd.Series:
    """Mask of the family HBV-MAP: what no row of a mapping table answers, or two answer differently."""
    return issues["code"].str.startswith("HBV-MAP")


def rank_unmapped(issues: pd.DataFrame) -> pd.DataFrame:
    """What is to be mapped, the dearest first: ``site, code, value, message, records`` (it costs so many)."""
    keys = ["site", "code", "value"]
    groups = issues[is_unmapped(issues)].groupby(keys, sort=True)
    ranked = groups.agg(message=("message", "min"), records=("count", "sum")).reset_index()
    return ranked.sort_values("records", ascending=False, kind="stable").reset_index(drop=True)


def _locate(rows: Iterable[IssueRow], sources: pd.DataFrame | None) -> Iterable[IssueRow]:
    if sources is None:
        yield from rows
        return
    # The id of a Patient may be an identity of the person; file and position lead to the resource.
    ids = sources["resource_id"].fillna("").mask(sources["resource_type"] == "Patient", "")
    named = sources["resource_type"].str.cat(ids, sep="/")
    place = dict(
        zip(sources["source_id"], zip(sources["site"], sources["file"], named, strict=True), strict=True)
    )
    for row in rows:
        site, file, resource = place.get(row.source_id, (row.site, row.file, row.resource))
        yield row._replace(
            site=row.site or site, file=row.file or file, resource=row.resource or resource, source_id=-1
        )
