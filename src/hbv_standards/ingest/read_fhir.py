"""Files of hospitals → flat tables of FHIR elements, with the books of what was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from hbv_standards.ingest.decode import GateConfig
from hbv_standards.ingest.decoded_rows import DecodedRows
from hbv_standards.ingest.enrolment import choose_enrolment_files, find_missing, read_enrolment
from hbv_standards.ingest.files import InputFile, list_files
from hbv_standards.ingest.gather import Gathered, build_file_issue, gather_files
from hbv_standards.ingest.link import build_tables
from hbv_standards.ingest.raw import FileProblem
from hbv_standards.ingest.source_table import build_sources, close_sources
from hbv_standards.ingest.stated import read_entries
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.versions import settle_versions
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog


def read_fhir(
    inputs: Sequence[Path],
    catalog: Catalog,
    log: IssueLog,
    *,
    site: str | None = None,
    jobs: int = 1,
    enrolment: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> FhirTables:
    """Read FHIR files and enrolment tables into flat tables (:mod:`.tables`).

    ``inputs`` are files and folders of .json, .ndjson, .jsonl and .xml, each also compressed by gzip;
    ``site`` says whose they are where folders and identifier systems do not. ``enrolment`` names an
    enrolment table outside of them. ``progress`` is called with a file's name, bytes done and bytes
    in all. The result does not depend on the order of ``inputs`` or on ``jobs``.

    Faults of the data become issues in ``log``; :class:`ConfigurationError` is raised for inputs that
    do not exist, an unknown ``site``, a faulty FHIRPath or an enrolment table without its columns.
    """
    config = build_gate_config(catalog)
    files = list_files(inputs, catalog.sites, site)
    tables, rest = choose_enrolment_files(files, catalog.sites, enrolment, site)
    fhir = [file for file in rest if file.kind != "csv"]
    order = [*fhir, *tables]
    gathered = gather_files(
        fhir, lambda name: list_encodings(catalog, name), config, jobs=jobs, progress=progress
    )
    gathered.files = order
    _add_enrolment(gathered, tables, len(fhir), catalog)
    gathered.file_issues += find_missing(tables, files, catalog.sites)
    gathered.file_issues += [
        build_file_issue(file, FileProblem("HBV-ING-013", "a table that is not the hospital's enrolment"))
        for file in rest
        if file.kind == "csv"
    ]
    return _build(gathered, catalog, log)


def build_gate_config(catalog: Catalog) -> GateConfig:
    """What the gate needs of the catalog. Raises :class:`ConfigurationError` for a faulty FHIRPath."""
    systems = ((s, name) for name, config in sorted(catalog.sites.items()) for s in config.identifier_systems)
    return GateConfig(read_entries(catalog.sites), tuple(systems))


def list_encodings(catalog: Catalog, site: str) -> tuple[str, ...]:
    """Encodings to try: the hospital's, or every hospital's while nobody knows whose the file is."""
    if site in catalog.sites:
        return catalog.sites[site].encodings
    return tuple(dict.fromkeys(e for _, config in sorted(catalog.sites.items()) for e in config.encodings))


def _add_enrolment(gathered: Gathered, tables: Sequence[InputFile], first: int, catalog: Catalog) -> None:
    for number, file in enumerate(tables, first):
        chunk, problems = read_enrolment(file, number, catalog.sites[file.site])
        gathered.file_issues += [build_file_issue(file, problem) for problem in problems]
        if chunk is not None:
            gathered.add(chunk)


def _build(gathered: Gathered, catalog: Catalog, log: IssueLog) -> FhirTables:
    sources = build_sources(gathered, catalog.sites, log)
    ids, sites = sources["source_id"].tolist(), sources["site"].tolist()
    log.extend(gathered.file_issues)
    log.extend(
        issue._replace(source_id=ids[issue.source_id], site="")
        for issue in gathered.issues
        if issue.site in ("", sites[issue.source_id])  # a FHIRPath was tried for every hospital it could be
    )
    decoded = DecodedRows(gathered.tables, sources)
    gathered.tables.clear()
    decoded.check_codes(log)
    settle_versions(sources, decoded.digest_content, log)
    tables = build_tables(decoded, sources, log)
    faulted = frozenset(sources.loc[sources["_faulted"], "source_id"].tolist())
    unread = sources.loc[sources["_unread"] != ""].set_index("source_id")["_unread"].sort_index()
    return FhirTables(close_sources(sources), tables, faulted, unread)
