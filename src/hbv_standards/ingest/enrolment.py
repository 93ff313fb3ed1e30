"""Enrolment tables (CSV of a randomisation system) → sources and rows of the table ``enrolment``."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.columns import ENROLMENT_TYPE, SOURCE_FIELDS, build_columns, build_table_columns
from hbv_standards.ingest.content import (
    READ_ERRORS,
    decode_text,
    describe_encodings,
    describe_read_error,
    open_bytes,
    read_whole,
)
from hbv_standards.ingest.decode import DecodedChunk
from hbv_standards.ingest.files import InputFile
from hbv_standards.ingest.raw import FileProblem
from hbv_standards.ingest.rows import Row
from hbv_standards.issues import IssueRow
from hbv_standards.mapping.site import ENROLMENT_FIELDS, SiteConfig

_DELIMITERS = ",;\t"


def choose_enrolment_files(
    files: Sequence[InputFile], sites: Mapping[str, SiteConfig], given: Path | None, site: str | None
) -> tuple[list[InputFile], list[InputFile]]:
    """Split the files into enrolment tables and those to read as FHIR or report.

    ``given`` is the table named on the command line; it goes before what ``site.yaml`` names.
    Raises :class:`ConfigurationError` when nobody can tell whose table it is.
    """
    tables = [_describe_given(given, files, sites, site)] if given is not None else []
    chosen = {file.path for file in tables}
    owned = {file.site for file in tables}
    for file in files:
        pattern = _read_pattern(sites, file.site)
        if pattern and file.site not in owned and file.kind == "csv" and file.matches(pattern):
            tables.append(file)
            chosen.add(file.path)
    return sorted(tables), [file for file in files if file.path not in chosen]


def find_missing(
    tables: Sequence[InputFile], files: Sequence[InputFile], sites: Mapping[str, SiteConfig]
) -> list[IssueRow]:
    """An issue for every hospital that sent files but not the enrolment table that ``site.yaml`` names."""
    found = {file.site for file in tables}
    return [
        IssueRow("HBV-ING-001", site, pattern, message="the hospital's enrolment table is not in the input")
        for site in sorted({file.site for file in files} - found)
        if (pattern := _read_pattern(sites, site))
    ]


def _read_pattern(sites: Mapping[str, SiteConfig], site: str) -> str | None:
    config = sites.get(site)
    return config.enrolment.file if config and config.enrolment.source == "csv" else None


def _describe_given(
    given: Path, files: Sequence[InputFile], sites: Mapping[str, SiteConfig], site: str | None
) -> InputFile:
    path = given.resolve()
    if not path.is_file():
        raise ConfigurationError(f"enrolment table {given} does not exist", value=str(given))
    known = next((file for file in files if file.path == path and file.site), None)
    if known is not None:
        return known
    users = [name for name, config in sorted(sites.items()) if config.enrolment.source == "csv"]
    owner = (
        site
        or (path.parent.name if path.parent.name in sites else "")
        or (users[0] if len(users) == 1 else "")
    )
    if not owner:
        raise ConfigurationError(
            f"enrolment table {given}: whose is it? Pass --site, or put it in the hospital's folder; "
            f"hospitals with enrolment tables are {', '.join(users) or 'none'}",
            value=str(given),
        )
    return InputFile(owner, path.name, "csv", path)


def read_enrolment(
    file: InputFile, number: int, config: SiteConfig
) -> tuple[DecodedChunk | None, list[FileProblem]]:
    """One enrolment table: a source per row, and what is wrong with the file.

    Raises :class:`ConfigurationError` when a column that ``site.yaml`` names is not in the table.
    """
    text, problems = _read_text(file, config.encodings)
    if not text.strip():
        return None, problems or [FileProblem("HBV-ING-001", "the file is empty")]
    places, delimiter = _find_columns(text, file, config)
    sources: list[Row] = []
    rows: list[Row] = []
    issues: list[IssueRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    width = len(next(reader))
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        at, position = len(sources), f"line {reader.line_num}"
        digest = hashlib.sha256("\x1f".join(cells).encode()).hexdigest()
        reason = "HBV-ING-002" if len(cells) > width else ""
        if reason:
            message = f"the row has {len(cells)} cells, the header {width}"
            issues.append(IssueRow(reason, path=position, message=message, source_id=at))
        else:
            rows.append((at, None, ENROLMENT_TYPE, *_pick(cells, places)))
        sources.append(_build_source(position, digest, reason))
    chunk = DecodedChunk(
        number,
        build_columns(sources, SOURCE_FIELDS),
        {"enrolment": build_table_columns("enrolment", rows)},
        issues,
    )
    return chunk, problems


def _build_source(position: str, digest: str, reason: str) -> Row:
    known: dict[str, str | int | bool] = {
        "position": position, "resource_type": ENROLMENT_TYPE, "sha256": digest, "reason": reason, "order": 0,
        "faulted": bool(reason), "deleted": False,
    }  # fmt: skip
    return tuple(known.get(name, "") for name in SOURCE_FIELDS)


def _pick(cells: Sequence[str], places: Mapping[str, int]) -> list[str | None]:
    """Cells in the order of the fields. Blanks around a cell are padding, an empty cell is missing."""
    return [
        (cells[places[name]].strip() or None) if name in places and places[name] < len(cells) else None
        for name in ENROLMENT_FIELDS
    ]


def _read_text(file: InputFile, encodings: Sequence[str]) -> tuple[str, list[FileProblem]]:
    try:
        with open_bytes(file.path) as (stream, _):
            data, problem = read_whole(stream)
    except READ_ERRORS as error:
        return "", [FileProblem("HBV-ING-001", describe_read_error(error))]
    problems = [FileProblem("HBV-ING-001", problem)] if problem else []
    decoded = decode_text(data, encodings)
    if decoded.encoding is None:
        return "", [
            *problems,
            FileProblem("HBV-ING-001", describe_encodings(encodings)),
        ]
    if decoded.encoding != "utf-8":
        problems.append(FileProblem("HBV-ING-010", f"read as {decoded.encoding}"))
    return decoded.data.decode("utf-8"), problems


def _find_columns(text: str, file: InputFile, config: SiteConfig) -> tuple[dict[str, int], str]:
    """Place of every declared column, and the delimiter with which they are all there."""
    wanted = config.enrolment.columns
    for delimiter in _DELIMITERS:
        header = _read_header(text, delimiter)
        if set(wanted.values()) <= set(header):
            return {name: header.index(column) for name, column in wanted.items()}, delimiter
    header = _read_header(text, ",")
    missing = sorted(set(wanted.values()) - set(header))
    raise ConfigurationError(
        f"enrolment.columns: {file.name} has no column {', '.join(missing)}; it has {', '.join(header)}",
        file=f"sites/{file.site}/site.yaml",
        value=", ".join(missing),
    )


def _read_header(text: str, delimiter: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])]
