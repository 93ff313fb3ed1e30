"""The tables of a study folder, read from CSV into rows; what is wrong with a file is told by line.

Every table is UTF-8 CSV (RFC 4180) with a header of the row model's fields. Columns may stand in
any order and optional ones may be left out; a column that no model has is refused, for it is a
misspelt one. Cells lose outer blanks, rows without content are passed over.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import build_fault
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import (
    CodeRow,
    ConceptRow,
    ConversionRow,
    DimensionRow,
    LabelRow,
    MappingRow,
    PlausibilityRow,
    TextRow,
    TreatmentRow,
    UnitRow,
    ValueRow,
)
from hbv_standards.mapping.site import SiteConfig, read_site
from hbv_standards.mapping.table_models import (
    CODES,
    CONCEPTS,
    CONVERSIONS,
    DIMENSIONS,
    LABELS,
    PLAUSIBILITY,
    SITE_CONVERSIONS,
    SITE_TABLES,
    SITE_UNITS,
    SITE_VALUES,
    STUDY_TABLES,
    TERMINOLOGY,
    TEXTS,
    TREATMENTS,
    UNITS,
    Row,
    TableKind,
    list_csv,
    list_files,
)
from hbv_standards.standards.tables import phrase_nearest

BASE = "_base"
"""Folder in ``sites`` with rows that hold for every hospital."""

PACKAGED = "packaged/"
"""Stands before the file in the ``row`` of rows that the study left to the package's own tables."""


@dataclass(slots=True)
class SiteRows:
    """The tables of words of one folder of ``sites``; its conversions are among those of the study."""

    codes: list[CodeRow] = field(default_factory=list)
    units: list[UnitRow] = field(default_factory=list)
    values: list[ValueRow] = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    """All rows of a study folder, and the faults that kept others from being read.

    ``treatments`` is ``None`` where the folder has no such file. ``sites`` holds :data:`BASE` too.
    ``files`` is path below the folder → sha256 of what was read.
    """

    folder: Path
    concepts: list[ConceptRow] = field(default_factory=list)
    conversions: list[ConversionRow] = field(default_factory=list)
    plausibility: list[PlausibilityRow] = field(default_factory=list)
    units: list[UnitRow] = field(default_factory=list)
    dimensions: list[DimensionRow] = field(default_factory=list)
    treatments: list[TreatmentRow] | None = None
    values: list[ValueRow] = field(default_factory=list)
    labels: list[LabelRow] = field(default_factory=list)
    texts: list[TextRow] = field(default_factory=list)
    sites: dict[str, SiteRows] = field(default_factory=dict)
    configs: dict[str, SiteConfig] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    faults: list[ConfigurationError] = field(default_factory=list)

    def read(
        self, kind: TableKind[Row], *, site: str | None = None, packaged: Path | None = None
    ) -> list[Row]:
        """Rows of all tables of a kind, noting digests and faults; ``packaged`` is the folder of the package."""
        read: list[Row] = []
        for file in list_files(packaged or self.folder, kind, site):
            data = ((packaged or self.folder) / file).read_bytes()
            name = f"{PACKAGED}{file}" if packaged else file
            self.files[name] = hashlib.sha256(data).hexdigest()
            rows, faults = read_rows(data, name, kind.model)
            self.faults.extend(faults)
            read += rows
        return read

    def has(self, kind: TableKind[Any]) -> bool:
        """Whether the study folder has a table of this kind."""
        return any(list_files(self.folder, kind))


def read_tables(folder: Path, sites: Sequence[str]) -> Tables:
    """Read every table of a study folder; ``sites`` are the hospitals that the study names.

    Spellings of units, sizes of units, terminology, labels and texts are the same in every trial: where
    a study folder has no ``units.csv``, ``unit_dimensions.csv``, ``labels_zh.csv``, ``texts_zh.csv`` or
    folder ``terminology``, those of the package are taken, without rows for tests that the study has not.
    """
    tables = Tables(folder)
    tables.concepts = tables.read(CONCEPTS)
    tables.conversions = tables.read(CONVERSIONS)
    tables.plausibility = tables.read(PLAUSIBILITY)
    if not tables.concepts and not tables.faults:
        cure = "add a row to concepts/lb.csv"
        tables.faults.append(ConfigurationError(f"holds no test; {cure}", file="concepts"))
    _read_study_tables(tables)
    for site in sorted({*sites, *_list_folders(folder / "sites")}):
        _read_site_tables(tables, site)
    return tables


def _read_study_tables(tables: Tables) -> None:
    _refuse_strays(tables, "", STUDY_TABLES)
    if tables.has(TREATMENTS):
        tables.treatments = tables.read(TREATMENTS)
    tables.units = _read_or_lend(tables, UNITS, own=tables.has(UNITS))
    tables.dimensions = _read_or_lend(tables, DIMENSIONS, own=tables.has(DIMENSIONS))
    tables.labels = _read_or_lend(tables, LABELS, own=tables.has(LABELS))
    tables.texts = _read_or_lend(tables, TEXTS, own=tables.has(TEXTS))
    own = [file.rpartition("/")[2] for file in list_files(tables.folder, TERMINOLOGY)]
    _refuse_strays(tables, "terminology/", own, wanted=(TERMINOLOGY.name,))
    tables.values = _read_or_lend(tables, TERMINOLOGY, own=(tables.folder / "terminology").is_dir())
    drugs = {row.treatment_id for row in tables.treatments or ()}
    known = {None, *(row.concept_id for row in tables.concepts), *drugs}
    tables.units = [row for row in tables.units if row.concept_id in known or not is_lent(row)]
    tables.values = [row for row in tables.values if row.concept_id in known or not is_lent(row)]


def is_lent(row: MappingRow) -> bool:
    """Whether the row is of the package's tables, in a study that has no table of its own."""
    return row.row.startswith(PACKAGED)


def _read_or_lend(tables: Tables, kind: TableKind[Row], *, own: bool) -> list[Row]:
    return tables.read(kind, packaged=None if own else locate_mappings())


def _read_site_tables(tables: Tables, site: str) -> None:
    place = f"sites/{site}/"
    if site != BASE:
        _read_site_config(tables, site)
    known = [name for name in SITE_TABLES if site != BASE or name != SITE_CONVERSIONS.name]
    _refuse_strays(tables, place, known)
    if site != BASE:
        tables.conversions += _read_site_conversions(tables, site)
    tables.sites[site] = SiteRows(
        codes=tables.read(CODES, site=site),
        units=tables.read(SITE_UNITS, site=site),
        values=tables.read(SITE_VALUES, site=site),
    )


def _read_site_conversions(tables: Tables, site: str) -> list[ConversionRow]:
    """Factors that one hospital's kits give; the column ``site`` may be left out, for the folder says it."""
    rows = tables.read(SITE_CONVERSIONS, site=site)
    for row in rows:
        if row.site not in (None, site):
            cure = f"write {site!r} or leave it empty"
            message = f"site {row.site!r} is not the hospital of this folder; {cure}"
            tables.faults.append(build_fault(row, message, row.site or ""))
    return [row.model_copy(update={"site": site}) for row in rows]


def _read_site_config(tables: Tables, site: str) -> None:
    file = f"sites/{site}/site.yaml"
    try:
        tables.configs[site] = read_site(tables.folder / "sites" / site, file)
    except ConfigurationError as fault:
        tables.faults.append(fault)
        return
    tables.files[file] = hashlib.sha256((tables.folder / file).read_bytes()).hexdigest()


def _list_folders(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _refuse_strays(tables: Tables, place: str, known: Sequence[str], wanted: Sequence[str] = ()) -> None:
    """A table under a name that is not read would be left out without a word."""
    for name in list_csv(tables.folder / place):
        if name not in known:
            cure = f"tables here are {', '.join(wanted or known)}{phrase_nearest(name, known)}"
            tables.faults.append(ConfigurationError(f"is not read; {cure}", file=f"{place}{name}"))


def read_rows(data: bytes, file: str, model: type[Row]) -> tuple[list[Row], list[ConfigurationError]]:
    """Rows of one CSV table and what is wrong with it; a row that is wrong is left out.

    ``file`` is the path below the study folder: it goes into the rows' ``row`` and into messages.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02X} is not UTF-8"
        return [], [ConfigurationError(f"{found}; save the file as CSV UTF-8", file=file, row=line)]
    lines = list(_split_lines(text, file))
    faults = [line for line in lines if isinstance(line, ConfigurationError)]
    cells = [line for line in lines if not isinstance(line, ConfigurationError)]
    header = [cell.strip() for cell in cells[0][1]] if cells else []
    wrong = _check_header(header, file, model)
    if wrong:
        return [], [*faults, *wrong]
    rows: list[Row] = []
    for line, parts in cells[1:]:
        made = _build_row(dict(zip(header, parts, strict=False)), len(parts), len(header), file, line, model)
        if isinstance(made, list):
            faults += made
        elif made is not None:
            rows.append(made)
    return rows, faults


def _split_lines(text: str, file: str) -> Iterator[tuple[int, list[str]] | ConfigurationError]:
    """Lines as cells, each with the line at which it begins as an editor counts."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cure = 'a cell with " or , stands between double quotes, and a " inside it is doubled'
            yield ConfigurationError(f"is not CSV ({error}); {cure}", file=file, row=begin)
            return
        yield begin, cells
        begin = reader.line_num + 1


def _check_header(header: list[str], file: str, model: type[MappingRow]) -> list[ConfigurationError]:
    fields = {name: info for name, info in model.model_fields.items() if name != "row"}
    if not any(header):
        cure = f"the first row holds the columns {','.join(fields)}"
        return [ConfigurationError(f"is empty; {cure}", file=file)]
    known = f"; the columns are {','.join(fields)}"
    problems = [
        f"column {name!r} occurs twice; keep one" for name in dict.fromkeys(header) if header.count(name) > 1
    ]
    missing = [name for name, info in fields.items() if info.is_required() and name not in header]
    extra = [name for name in header if name not in fields]
    if extra:
        near = phrase_nearest(extra[0], [name for name in fields if name not in header])
        problems.append(f"column {extra[0]!r} is none of this table{near or known}")
    elif missing:
        problems.append(f"column {missing[0]!r} is missing{known}")
    return [ConfigurationError(problem, file=file, row=1) for problem in problems]


def _build_row(
    cells: dict[str, str], found: int, wanted: int, file: str, line: int, model: type[Row]
) -> Row | list[ConfigurationError] | None:
    content: dict[str, Any] = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    if not content:
        return None
    if found != wanted:
        cure = "put a cell that holds a comma between double quotes"
        return [
            ConfigurationError(f"the cells are {found}, the columns {wanted}; {cure}", file=file, row=line)
        ]
    try:
        return model.model_validate({**content, "row": f"{file}:{line}"})
    except ValidationError as error:
        return [_describe_cell(detail, file, line) for detail in error.errors()]


def _describe_cell(detail: ErrorDetails, file: str, line: int) -> ConfigurationError:
    name = ".".join(str(part) for part in detail["loc"])
    value = str(detail["input"])
    limits = detail.get("ctx", {})
    if detail["type"] == "missing":
        return ConfigurationError(f"{name} is empty; every row needs it", file=file, row=line)
    if detail["type"] == "literal_error":
        problem = f"is not one of {limits['expected']}"
    elif detail["type"] == "string_too_long":
        problem = f"has {len(value)} characters; at most {limits['max_length']} fit (SDTMIG 4.2.9)"
    else:
        problem = detail["msg"].removeprefix("Value error, ")
    return ConfigurationError(f"{name} {value!r} {problem}", file=file, row=line, value=value)
