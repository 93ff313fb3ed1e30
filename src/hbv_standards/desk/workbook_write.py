"""The tables of a study folder as one workbook: same tables, same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from hbv_standards.desk.table_text import TableText, compute_fingerprint, read_table_text
from hbv_standards.desk.table_words import read_table_words
from hbv_standards.desk.workbook_guide import write_guide
from hbv_standards.desk.workbook_lists import TermLists
from hbv_standards.desk.workbook_names import GUIDE, LISTS, TABLES, TABLES_HEADER, name_sheets
from hbv_standards.desk.workbook_sheet import REQUIRED, write_sheet, write_text
from hbv_standards.desk.write_whole import write_whole
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.rows import ConversionRow
from hbv_standards.mapping.table_models import SITE_TABLES, find_model, list_tables
from hbv_standards.mapping.tables import BASE, read_tables
from hbv_standards.study import StudyConfig, read_study

_TAB_COLOURS = ("C55A11", "548235", "7F6000", "833C0B", "375623", "806000")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # a workbook says nothing of when it was made
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def write_workbook(folder: Path, out: Path) -> dict[str, int]:
    """Write the workbook of a study folder; gives the number of rows of each table.

    Raises :class:`ConfigurationError` where a table cannot be read, or ``out`` exists.
    """
    if out.exists():
        raise ConfigurationError(f"--out {out} exists, and may hold edits; name a new file", value=str(out))
    if out.suffix.lower() != ".xlsx":
        raise ConfigurationError(f"--out {out} is no .xlsx; write {out.with_suffix('.xlsx')}", value=str(out))
    study = read_study(folder)
    tables = read_all_texts(folder)
    data = build_workbook(study, tables, TermLists(study, read_tables(folder, list(study.sites))))
    write_whole(out, data)
    return {file: len(table.records) for file, table in tables.items()}


def read_all_texts(folder: Path) -> dict[str, TableText]:
    """Every table of a study folder, and the tables that a hospital may have and has not, empty."""
    models = list_tables(folder)
    for site in sorted(path.name for path in (folder / "sites").glob("*/") if path.is_dir()):
        for file in (f"sites/{site}/{name}" for name in SITE_TABLES):
            model = find_model(file)
            if model is not None and (site, model) != (BASE, ConversionRow):
                models.setdefault(file, model)
    of_sites = sorted(file for file in models if file.startswith("sites/"))
    return {file: read_table_text(folder, file, models[file]) for file in dict.fromkeys([*of_sites, *models])}


def build_workbook(study: StudyConfig, tables: Mapping[str, TableText], terms: TermLists) -> bytes:
    """The workbook as bytes; nothing in it depends on when or where it is made."""
    book = Workbook()
    names = name_sheets(tables)
    guide = book.active
    if guide is None:
        raise ConfigurationError("openpyxl made a workbook without a sheet; install it again")
    guide.title = GUIDE
    guide.sheet_properties.tabColor = REQUIRED
    write_guide(guide, study, [(names[file], table) for file, table in tables.items()])
    groups: list[str] = []
    for file, table in tables.items():
        sheet = book.create_sheet(names[file])
        group = file.rpartition("/")[0]
        groups += [] if group in groups else [group]
        sheet.sheet_properties.tabColor = _TAB_COLOURS[groups.index(group) % len(_TAB_COLOURS)]
        write_sheet(sheet, table, read_table_words(file).columns, terms)
    _write_lists(book, terms)
    _write_tables(book, study.studyid, names, tables)
    return _save(book)


def _write_lists(book: Workbook, terms: TermLists) -> None:
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    for at, (name, values) in enumerate(sorted(terms.lists.items()), start=1):
        sheet.cell(1, at).value = name
        for number, value in enumerate(values, start=2):
            write_text(sheet.cell(number, at), value, name)
        letter = get_column_letter(at)
        place = f"'{LISTS}'!${letter}$2:${letter}${max(len(values) + 1, 2)}"
        book.defined_names[f"list_{name}"] = DefinedName(f"list_{name}", attr_text=place)


def _write_tables(
    book: Workbook, studyid: str, names: Mapping[str, str], tables: Mapping[str, TableText]
) -> None:
    sheet = book.create_sheet(TABLES)
    sheet.sheet_state = "hidden"
    sheet.append(list(TABLES_HEADER))
    sheet.append(["", studyid, ""])
    for number, (file, table) in enumerate(tables.items(), start=3):
        fingerprint = compute_fingerprint(record.cells for record in table.records)
        for at, text in enumerate((names[file], file, fingerprint), start=1):
            write_text(sheet.cell(number, at), text, file)


def _save(book: Workbook) -> bytes:
    """The file with times that do not change, in the file itself and in its archive."""
    made, fixed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return fixed.getvalue()
