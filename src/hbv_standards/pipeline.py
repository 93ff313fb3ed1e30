"""The path from FHIR to a submission folder, put together from its steps.

Batches, worker processes and progress live here; what each step does lives in its own module.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.delivery import Agency, Conformance, Run, write_delivery
from hbv_standards.derive.dates import parse_dtc
from hbv_standards.errors import ConfigurationError, NothingConvertedError
from hbv_standards.export.folder import check_replaceable, open_new_folder
from hbv_standards.export.layout import locate_sdtm
from hbv_standards.ingest.conformance import check_conformance
from hbv_standards.ingest.files import list_files
from hbv_standards.ingest.outcomes import close_books, count_outcomes, settle_leftovers
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.to_canonical import to_canonical
from hbv_standards.issues import IssueLog, is_unmapped
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.sdtm.build import StudyBuild, build_study
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.eligibility_table import ELIGIBILITY_COLUMNS

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """How a run is done; every field has the default of the command line."""

    study: Path | None = None  # study folder; the package's own mappings when None
    site: str | None = None  # hospital of all the input
    enrolment: Path | None = None  # CSV of the randomisation system
    cutoff: str | None = None  # ISO 8601 date of the data cut
    agency: Agency = "fda"
    conformance: Conformance = "sample"
    jobs: int = 1
    strict: bool = False  # nothing is written when there is an error or anything is unmapped
    ectd: bool = False  # datasets in m5/datasets/<study>/tabulations/sdtm instead of sdtm
    max_bytes: int | None = None  # datasets above it are split; the agency's limit when None


@dataclass(frozen=True, slots=True)
class ConvertResult:
    """What a run made: ``datasets`` by name, tables of issues and outcomes, and whether it was written."""

    datasets: Mapping[str, Dataset]
    issues: pd.DataFrame  # columns of hbv_standards.issues.COLUMNS
    outcomes: pd.DataFrame  # site x resource type: read, converted, out of scope, superseded, rejected
    manifest: Mapping[str, Any]
    written: bool
    eligibility: pd.DataFrame = field(default_factory=pd.DataFrame)  # who meets what by which record

    @property
    def errors(self) -> int:
        """Entries of severity error."""
        return int(self.issues.loc[self.issues["severity"] == "error", "count"].sum())

    @property
    def unmapped(self) -> int:
        """Records with something that no mapping table knows."""
        return int(self.issues.loc[is_unmapped(self.issues), "count"].sum())


@contextmanager
def collect_rarely() -> Iterator[None]:
    """Let the garbage collector look for cycles seldom while a run lasts.

    The records of a run hold no cycles and are freed without it, yet it would walk all of them, and all
    that was imported, again and again: a fifteenth of a run's time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@collect_rarely()
def convert(
    inputs: Sequence[Path],
    out: Path,
    options: ConvertOptions | None = None,
    *,
    progress: Progress | None = None,
) -> ConvertResult:
    """FHIR files and folders → submission folder ``out``, whole or not at all.

    Raises :class:`ConfigurationError` for a wrong option, study folder or missing input (nothing
    is written), and :class:`NothingConvertedError` when no resource became a row.
    """
    options = options or ConvertOptions()
    say = progress or (lambda _: None)
    check_inputs(inputs)
    check_replaceable(out)
    catalog = read_catalog(locate_mappings(options.study))
    place = locate_sdtm(catalog.study.studyid, ectd=options.ectd)
    log = IssueLog()
    fhir, data = read_inputs(inputs, catalog, log, options, say)
    say("building SDTM")
    built = build_datasets(data, catalog, log, options)
    sources = balance_books(fhir, data, built.datasets, log)
    issues = log.to_frame(fhir.sources)
    outcomes = count_outcomes(sources)
    if not (sources["disposition"] == "converted").any():
        raise NothingConvertedError(describe_nothing(outcomes, issues, len(data.subjects)))
    written = not (options.strict and is_blocking(issues).any())
    manifest: dict[str, Any] = {}
    if written:
        files, command = describe_inputs(inputs, catalog, options.site), describe_command(options)
        run = Run(catalog, built.datasets, built.eligibility, sources, issues, outcomes, data.counts(), files, command)
        with open_new_folder(out) as folder:
            manifest = write_delivery(
                folder,
                run,
                place=place,
                agency=options.agency,
                conformance=options.conformance,
                created=find_created(sources, built.datasets),
                max_bytes=options.max_bytes,
                say=say,
            )
    return ConvertResult(built.datasets, issues, outcomes, manifest, written, built.eligibility)


def read_inputs(
    inputs: Sequence[Path], catalog: Catalog, log: IssueLog, options: ConvertOptions, say: Progress
) -> tuple[FhirTables, CanonicalData]:
    """FHIR files → tables of their elements, judged as ``options.conformance`` says, and canonical records."""
    say("reading FHIR")
    fhir = read_fhir(
        inputs, catalog, log, site=options.site, jobs=options.jobs, enrolment=options.enrolment
    )
    if options.conformance != "none":
        say("checking FHIR conformance")
        check_conformance(inputs, fhir, catalog, log, scope=options.conformance, site=options.site)
    say("mapping to the canonical model")
    return fhir, to_canonical(fhir, catalog, log)


def build_datasets(data: CanonicalData, catalog: Catalog, log: IssueLog, options: ConvertOptions) -> StudyBuild:
    """The datasets and the table of eligibility; both are empty where nobody is enrolled."""
    if data.subjects.empty:
        return StudyBuild({}, pd.DataFrame(columns=list(ELIGIBILITY_COLUMNS), dtype="str"))
    return build_study(data, catalog, log, cutoff=options.cutoff, agency=options.agency)


def balance_books(
    fhir: FhirTables, data: CanonicalData, datasets: Mapping[str, Dataset], log: IssueLog
) -> pd.DataFrame:
    """The sources, each with one outcome; what came to nothing and has none yet is reported."""
    converted = find_converted(data, datasets)
    observations = fhir.tables["observation"]
    panels = observations.loc[observations["value_kind"] == "panel", "source_id"]
    behind = data.supports.loc[data.supports["role"] == "group", "support_id"]
    settle_leftovers(fhir.sources, converted, log, panels={*panels, *behind})
    return close_books(fhir.sources, converted)


def is_blocking(issues: pd.DataFrame) -> pd.Series:
    """Issues that keep a strict run from writing: errors, and whatever the mapping tables do not know."""
    return (issues["severity"] == "error") | is_unmapped(issues)


def check_inputs(inputs: Sequence[Path]) -> None:
    """Raise :class:`ConfigurationError` when an input is missing or none was named."""
    if not inputs:
        raise ConfigurationError("no input; name FHIR files or folders")
    missing = [str(path) for path in inputs if not path.exists()]
    if missing:
        raise ConfigurationError(f"no such file or folder: {', '.join(missing)}", value=missing[0])


def find_converted(data: CanonicalData, datasets: Mapping[str, Dataset]) -> set[int]:
    """Sources that stand behind a row of a dataset, themselves or by support of another."""
    traced = [d.trace["source_id"] for d in datasets.values() if not d.frame.empty]
    rows = set(pd.concat(traced).dropna().astype("int64")) if traced else set()
    behind = data.supports[data.supports["source_id"].isin(rows)]
    return rows | set(behind["support_id"])


def find_created(sources: pd.DataFrame, datasets: Mapping[str, Dataset]) -> datetime:
    """Time stamped into the files: that of the newest thing in the input, never the clock.

    It is the newest ``meta.lastUpdated``, or the last contact of any subject (DM.RFPENDTC, the end of its day where it
    has no time) where that is later: nothing may be described before it happened. So the same input gives the same
    bytes. Without either, 1970-01-01.
    """
    stamps = pd.to_datetime(sources["last_updated"], errors="coerce", utc=True, format="ISO8601").dropna()
    contacts = datasets["DM"].frame["RFPENDTC"] if "DM" in datasets else pd.Series(dtype="str")
    read = parse_dtc(contacts)
    last = read.loc[read["date"].notna(), "end"].max() - pd.Timedelta(seconds=1)
    known = [stamps.max(), last.tz_localize(UTC), pd.Timestamp(0, tz=UTC)]
    newest = max(stamp for stamp in known if not pd.isna(stamp))
    return datetime(newest.year, newest.month, newest.day, newest.hour, newest.minute, newest.second)


def describe_inputs(inputs: Sequence[Path], catalog: Catalog, site: str | None) -> list[dict[str, Any]]:
    """The input files in the order of the source table: site, name below the input, bytes, sha256."""
    described = []
    for file in list_files(inputs, catalog.sites, site):
        with file.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        described.append(
            {"site": file.site, "file": file.name, "bytes": file.path.stat().st_size, "sha256": digest}
        )
    return described


def describe_command(options: ConvertOptions) -> dict[str, Any]:
    """Options that change the result, as the manifest keeps them."""
    return {
        "name": "convert",
        "cutoff": options.cutoff,
        "agency": options.agency,
        "conformance": options.conformance,
        "site": options.site,
        "enrolment": options.enrolment.name if options.enrolment else None,
        "strict": options.strict,
        "ectd": options.ectd,
        "max_bytes": options.max_bytes,
    }


def describe_nothing(outcomes: pd.DataFrame, issues: pd.DataFrame, subjects: int) -> str:
    """Why nothing was converted, and where to look."""
    read = f"{int(outcomes['read'].sum())} resources were read, none converted"
    if not subjects:
        return (
            f"{read}: no subject is enrolled. Check that the study names the hospital (--study), `enrolment` in its "
            "site.yaml, and that its ResearchSubject resources or its enrolment table are among the input"
        )
    first = issues.groupby(["code", "message"])["count"].sum().sort_values(ascending=False, kind="stable").index[0]
    return f"{read}; most frequent: {first[0]} {first[1]}"


def summarise(outcomes: pd.DataFrame) -> Iterable[str]:
    """Lines for a terminal: resources by hospital and what became of them."""
    by_site = outcomes.drop(columns="resource_type").groupby("site").sum()
    for site, row in by_site.iterrows():
        parts = ", ".join(f"{int(row[k])} {k}" for k in row.index[1:] if row[k])
        yield f"{site or '(unknown hospital)'}: {int(row['read'])} resources read = {parts}"


def check_fhir(
    inputs: Sequence[Path], *, study: Path | None = None, site: str | None = None, progress: Progress | None = None
) -> pd.DataFrame:
    """Full FHIR conformance of every resource: columns site, path, message, count, first."""
    check_inputs(inputs)
    catalog = read_catalog(locate_mappings(study))
    log = IssueLog()
    if progress:
        progress("reading FHIR")
    fhir = read_fhir(inputs, catalog, log, site=site)
    if progress:
        progress("judging by fhir.resources")
    check_conformance(inputs, fhir, catalog, log, scope="all", site=site)
    issues = log.to_frame(fhir.sources)
    found = issues[issues["code"].str.startswith(("HBV-CNF", "HBV-ING-00"))]
    found = found[found["severity"] != "info"]
    path = found["path"].str.replace(r"\[\d+\]", "", regex=True)
    place = found["file"].str.cat(found["resource"], sep=" ")
    return (
        found.assign(path=path, first=place)
        .groupby(["site", "path", "message"], sort=True)
        .agg(count=("count", "sum"), first=("first", "first"))
        .reset_index()
        .sort_values(["count", "site", "path", "message"], ascending=[False, True, True, True], kind="stable")
    )
