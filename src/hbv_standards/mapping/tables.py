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
from typing import Any, TypeVar

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
    TreatmentRow,
    UnitRow,
    ValueRow,
)
from hbv_standards.mapping.site import SiteConfig, read_site
from hbv_standards.standards.tables import phrase_nearest

Row = TypeVar("Row", bound=MappingRow)

BASE = "_base"
"""Folder in ``sites`` with rows that hold for every hospital."""

PACKAGED = "packaged/"
"""Stands before the file in the ``row`` of rows that the study left to the package's own tables."""

SITE_TABLES = ("codes.csv", "conversions.csv", "units.csv", "values.csv")
STUDY_TABLES = ("labels_zh.csv", "treatments.csv", "unit_dimensions.csv", "units.csv")


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
    sites: dict[str, SiteRows] = field(default_factory=dict)
    configs: dict[str, SiteConfig] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    faults: list[ConfigurationError] = field(default_factory=list)

    def read(self, file: str, model: type[Row], *, packaged: Path | None = None) -> list[Row]:
        """Rows of one table, noting its digest and its faults; ``packaged`` is the folder of the package."""
        data = ((packaged or self.folder) / file).read_bytes()
        name = f"{PACKAGED}{file}" if packaged else file
        self.files[name] = hashlib.sha256(data).hexdigest()
        rows, faults = read_rows(data, name, model)
        self.faults.extend(faults)
        return rows

    def has(self, file: str) -> bool:
        """Whether the study folder has this file."""
        return (self.folder / file).is_file()


def read_tables(folder: Path, sites: Sequence[str]) -> Tables:
    """Read every table of a study folder; ``sites`` are the hospitals that the study names.

    Spellings of units, sizes of units, terminology and labels are the same in every trial: where a
    study folder has no ``units.csv``, ``unit_dimensions.csv``, ``labels_zh.csv`` or folder
    ``terminology``, those of the package are taken, without the rows for tests that the study has not.
    """
    tables = Tables(folder)
    for name in _list_csv(folder / "concepts"):
        if name == "conversions.csv":
            tables.conversions = tables.read(f"concepts/{name}", ConversionRow)
        elif name == "plausibility.csv":
            tables.plausibility = tables.read(f"concepts/{name}", PlausibilityRow)
        else:
            tables.concepts += tables.read(f"concepts/{name}", ConceptRow)
    if not tables.concepts and not tables.faults:
        cure = "add a row to concepts/lb.csv"
        tables.faults.append(ConfigurationError(f"holds no test; {cure}", file="concepts"))
    _read_study_tables(tables)
    for site in sorted({*sites, *_list_folders(folder / "sites")}):
        _read_site_tables(tables, site)
    return tables


def _read_study_tables(tables: Tables) -> None:
    _refuse_strays(tables, "", STUDY_TABLES)
    if tables.has("treatments.csv"):
        tables.treatments = tables.read("treatments.csv", TreatmentRow)
    tables.units = _read_or_lend(tables, "units.csv", UnitRow)
    tables.dimensions = _read_or_lend(tables, "unit_dimensions.csv", DimensionRow)
    tables.labels = _read_or_lend(tables, "labels_zh.csv", LabelRow)
    own = (tables.folder / "terminology").is_dir()
    tables.values = _read_terminology(tables, None if own else locate_mappings())
    drugs = {row.treatment_id for row in tables.treatments or ()}
    known = {None, *(row.concept_id for row in tables.concepts), *drugs}
    tables.units = [row for row in tables.units if row.concept_id in known or not is_lent(row)]
    tables.values = [row for row in tables.values if row.concept_id in known or not is_lent(row)]


def is_lent(row: MappingRow) -> bool:
    """Whether the row is of the package's tables, in a study that has no table of its own."""
    return row.row.startswith(PACKAGED)


def _read_or_lend(tables: Tables, file: str, model: type[Row]) -> list[Row]:
    return tables.read(file, model, packaged=None if tables.has(file) else locate_mappings())


def _read_terminology(tables: Tables, packaged: Path | None) -> list[ValueRow]:
    names = _list_csv((packaged or tables.folder) / "terminology")
    read = [name for name in names if name.startswith("values")]
    if packaged is None:
        _refuse_strays(tables, "terminology/", read, wanted=("values*.csv",))
    parts = [tables.read(f"terminology/{name}", ValueRow, packaged=packaged) for name in read]
    return [row for part in parts for row in part]


def _read_site_tables(tables: Tables, site: str) -> None:
    place = f"sites/{site}/"
    if site != BASE:
        _read_site_config(tables, site)
    rows = tables.sites[site] = SiteRows()
    _refuse_strays(tables, place, [name for name in SITE_TABLES if site != BASE or name != "conversions.csv"])
    if site != BASE and tables.has(f"{place}conversions.csv"):
        tables.conversions += _read_site_conversions(tables, site)
    if tables.has(f"{place}codes.csv"):
        rows.codes = tables.read(f"{place}codes.csv", CodeRow)
    if tables.has(f"{place}units.csv"):
        rows.units = tables.read(f"{place}units.csv", UnitRow)
    if tables.has(f"{place}values.csv"):
        rows.values = tables.read(f"{place}values.csv", ValueRow)


def _read_site_conversions(tables: Tables, site: str) -> list[ConversionRow]:
    """Factors that one hospital's kits give; the column ``site`` may be left out, for the folder says it."""
    rows = tables.read(f"sites/{site}/conversions.csv", ConversionRow)
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


def _list_csv(folder: Path) -> list[str]:
    """Tables of a folder; ``~$codes.csv`` is the mark of a program that has codes.csv open."""
    names = (path.name for path in folder.glob("*.csv")) if folder.is_dir() else ()
    return sorted(name for name in names if not name.startswith(("~$", ".")))


def _list_folders(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _refuse_strays(tables: Tables, place: str, known: Sequence[str], wanted: Sequence[str] = ()) -> None:
    """A table under a name that is not read would be left out without a word."""
    for name in _list_csv(tables.folder / place):
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
