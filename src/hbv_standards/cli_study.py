"""The commands of ``study``: the mapping tables checked, in a spreadsheet, and as FHIR ConceptMaps."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hbv_standards.cli_coverage import add_rows
from hbv_standards.cli_usage import report_usage
from hbv_standards.errors import ConfigurationError

if TYPE_CHECKING:
    from hbv_standards.desk.table_change import TableChange

EPILOG = """Exit codes: 0 done; 1 the tables hold faults, nothing written; 2 wrong usage, nothing written.
Notes never fail."""

_SHOWN = 20  # faults of one edit: what went wrong everywhere is understood by then

FOLDER = click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")


@click.group(epilog=EPILOG)
def study() -> None:
    """The mapping tables of a study folder: check them, edit them in a spreadsheet, exchange them.

    \b
    Start here:  hbv-standards study check
    """


study.add_command(add_rows)


@study.command(epilog=EPILOG)
@FOLDER
@click.option("--no-notes", is_flag=True, help="Tell faults only.")
@QUIET
@report_usage
def check(folder: Path | None, *, no_notes: bool, quiet: bool) -> None:
    """Check all tables of DIR together (default: the trial's own).

    A fault keeps the study from being used; it is told with file, row, value and cure. A note is for a
    person to look at: proposals that wait, units that cannot be converted, codes that two hospitals use
    for different things, tests that no hospital sends.

    \b
    Example:
      hbv-standards study check mappings
    """
    from hbv_standards.desk.check_study import check_study
    from hbv_standards.desk.save_tables import locate_study

    found = check_study(locate_study(folder))
    for fault in found.faults:
        click.echo(f"fault  {fault}", err=quiet)
    if not quiet:
        for note in () if no_notes else found.notes:
            click.echo(f"note   {note}")
        click.echo(f"{_count(found.faults, 'fault')}, {_count(found.notes, 'note')}")
    sys.exit(1 if found.faults else 0)


@study.command("to-excel", epilog=EPILOG)
@FOLDER
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Workbook to make; must not exist."
)
@QUIET
@report_usage
def to_excel(folder: Path | None, out: Path, *, quiet: bool) -> None:
    """Write the tables of DIR as one Excel workbook, a sheet for each, with drop-downs of the terms.

    \b
    Example:
      hbv-standards study to-excel mappings --out tables.xlsx
    """
    from hbv_standards.desk.save_tables import locate_study
    from hbv_standards.desk.workbook_write import write_workbook

    rows = write_workbook(locate_study(folder), out)
    if not quiet:
        click.echo(f"{out}: {len(rows)} tables, {sum(rows.values())} rows")


@study.command("from-excel", epilog=EPILOG)
@click.argument("workbook", type=click.Path(path_type=Path))
@FOLDER
@DRY_RUN
@QUIET
@report_usage
def from_excel(workbook: Path, folder: Path | None, *, dry_run: bool, quiet: bool) -> None:
    """Take an edited workbook back into the tables of DIR and say what changed.

    Only tables that were edited are written, and of them only the rows that were. All tables are checked
    before; where there is a fault nothing is written.

    \b
    Example:
      hbv-standards study from-excel tables.xlsx mappings --dry-run
    """
    from hbv_standards.desk.save_tables import locate_own_study
    from hbv_standards.desk.workbook_read import read_workbook

    own = locate_own_study(folder)
    edits = read_workbook(workbook, own)
    _save(own, edits.changes, edits.faults, dry_run=dry_run, quiet=quiet)


@study.command("to-conceptmap", epilog=EPILOG)
@FOLDER
@click.option("--site", "sites", multiple=True, metavar="ID", help="Hospital; may be given several times.")
@click.option("--all", "every", is_flag=True, help="Every hospital, and the rows that hold for all (_base).")
@click.option("--url", metavar="BASE", help="Address below which maps and code systems are named.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write into."
)
@QUIET
@report_usage
def to_conceptmap(
    folder: Path | None, sites: tuple[str, ...], url: str | None, out: Path, *, every: bool, quiet: bool
) -> None:
    """Write the codes, units and values of a hospital as a FHIR R4 ConceptMap.

    Rows that nobody accepted are unmatched in it, so that no terminology server translates by them.
    Without --url the addresses lie below a name that is reserved for examples.

    \b
    Example:
      hbv-standards study to-conceptmap mappings --all --out build/maps
    """
    from hbv_standards.desk.concept_map import write_concept_maps
    from hbv_standards.desk.save_tables import locate_study

    if every == bool(sites):
        raise ConfigurationError("name hospitals with --site ID, or take --all")
    written = write_concept_maps(locate_study(folder), out, sites=sites, base=url)
    if not quiet:
        for path, rows in written.items():
            click.echo(f"{path}: {rows} rows")
        if not written:
            click.echo("the hospitals have no rows; nothing was written")


@study.command("from-conceptmap", epilog=EPILOG)
@click.argument("maps", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--study", "folder", type=click.Path(path_type=Path), help="Study folder (default: the trial's own)."
)
@DRY_RUN
@QUIET
@report_usage
def from_conceptmap(maps: tuple[Path, ...], folder: Path | None, *, dry_run: bool, quiet: bool) -> None:
    """Take FHIR R4 ConceptMaps back into the tables of their hospitals and say what changed.

    A mapping that is neither equivalent nor equal becomes a proposal. Where there is a fault nothing is
    written.

    \b
    Example:
      hbv-standards study from-conceptmap build/maps/ConceptMap-foshan.json --study mappings
    """
    from hbv_standards.desk.concept_map_read import read_concept_maps
    from hbv_standards.desk.save_tables import locate_own_study

    own = locate_own_study(folder)
    edits = read_concept_maps(maps, own)
    for line in () if quiet else edits.left_out:
        click.echo(f"left out: {line}")
    _save(own, edits.changes, edits.faults, dry_run=dry_run, quiet=quiet)


def _save(
    folder: Path, changes: Sequence[TableChange], unreadable: Iterable[str], *, dry_run: bool, quiet: bool
) -> None:
    """Say what changes; write it unless something is wrong."""
    from hbv_standards.desk.save_tables import check_changes, write_changes

    faults = list(unreadable)
    for line in () if quiet else (line for change in changes for line in change.describe()):
        click.echo(line)
    if changes and not faults:
        faults = check_changes(folder, changes)
    for fault in faults[:_SHOWN]:
        click.echo(f"fault  {fault}", err=True)
    if len(faults) > _SHOWN:
        click.echo(f"       and {len(faults) - _SHOWN} more", err=True)
    if faults:
        click.echo(f"{_count(faults, 'fault')}; nothing was written", err=True)
        sys.exit(1)
    if changes and not dry_run:
        write_changes(folder, changes)
    if not quiet:
        files = ", ".join(change.table.file for change in changes)
        done = "would be written" if dry_run else "written"
        click.echo(f"{done}: {files}" if changes else "nothing changed")


def _count(things: Sequence[object], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
