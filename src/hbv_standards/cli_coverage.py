"""Commands for hospitals' codes: what a delivery holds that no table knows, a new hospital's folder, more rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import click

from hbv_standards.cli_usage import report_usage
from hbv_standards.errors import ConfigurationError

EPILOG = "Exit codes: 0 done, whatever was found; 2 wrong usage or configuration, nothing written."
_PIPED = 200  # columns where the output is no terminal

INPUTS = click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
SITE = click.argument("site", metavar="ID")
FROM = click.option(
    "--from",
    "inputs",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Files or folder of the delivery; may be given several times.",
)
OWN_STUDY = click.option(
    "--study", required=True, type=click.Path(path_type=Path), help="Study folder to write into."
)
ENROLMENT = click.option(
    "--enrolment", type=click.Path(path_type=Path, exists=True), help="CSV of the randomisation system."
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")


def say(step: str, *, quiet: bool) -> None:
    """A line on stderr that says what is being done."""
    if not quiet:
        click.echo(f"… {step}", err=True)


def echo_lines(lines: Iterable[str], *, quiet: bool) -> None:
    """Lines on stdout, none when quiet."""
    for line in () if quiet else lines:
        click.echo(line)


def find_width() -> int:
    """Columns as COLUMNS says, else those of the terminal; a file or pipe has room for all."""
    return shutil.get_terminal_size((_PIPED, 1)).columns


@click.command(epilog=EPILOG)
@INPUTS
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    help="Study folder with mapping tables (default: the trial's own).",
)
@click.option(
    "--site", help="Hospital of all the input; one that the study has not is read by what its files show."
)
@ENROLMENT
@click.option("--all", "everything", is_flag=True, help="List what is mapped too.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for codes.csv, units.csv, values.csv, candidates.csv.",
)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="One CSV file with everything seen, unmapped first.",
)
@QUIET
@report_usage
def coverage(
    inputs: tuple[Path, ...],
    study: Path | None,
    site: str | None,
    enrolment: Path | None,
    out: Path | None,
    csv_file: Path | None,
    *,
    everything: bool,
    quiet: bool,
) -> None:
    """List every code, unit and value of a delivery and what the tables make of it, unmapped first.

    Ranked by the rows of enrolled subjects that are lost. For what is unmapped an answer is proposed where
    it would be no guess, with a score and the reason; nothing is ever applied.

    \b
    Examples:
      hbv-standards coverage fixtures/hospitals
      hbv-standards coverage delivery --site newhosp --out build/coverage
    """
    from hbv_standards.desk.add_rows import describe_missing
    from hbv_standards.desk.coverage import (
        build_tables,
        describe_coverage,
        join_tables,
        write_csv,
        write_tables,
    )
    from hbv_standards.desk.propose import propose_all
    from hbv_standards.desk.seen import read_delivery, refuse_empty
    from hbv_standards.issues import IssueLog
    from hbv_standards.mapping.catalog import read_catalog
    from hbv_standards.mapping.locate import locate_mappings

    if quiet and out is None and csv_file is None:
        raise ConfigurationError("--quiet alone does nothing; add --out DIR or --csv FILE")
    catalog = read_catalog(locate_mappings(study))
    say("reading FHIR", quiet=quiet)
    delivery = read_delivery(inputs, catalog, IssueLog(), site=site, enrolment=enrolment)
    if delivery.fhir.sources.empty:
        refuse_empty(delivery, inputs)
    say("looking for answers", quiet=quiet)
    proposals = propose_all(delivery)
    tables = build_tables(proposals)
    if out is not None:
        write_tables(tables, out)
    if csv_file is not None:
        write_csv(join_tables(tables), csv_file)
    echo_lines(describe_coverage(proposals, find_width(), everything=everything), quiet=quiet)
    echo_lines(describe_missing(proposals, inputs, study, enrolment), quiet=quiet)


@click.command("new-site", epilog=EPILOG)
@SITE
@FROM
@OWN_STUDY
@ENROLMENT
@QUIET
@report_usage
def new_site(
    site: str, inputs: tuple[Path, ...], study: Path, enrolment: Path | None, *, quiet: bool
) -> None:
    """Write the folder of a hospital that the study has not, from a delivery of its data.

    Every code becomes a row, with an answer proposed where it would be no guess. Nothing is used until a
    person writes accepted in its `status`. The hospital also gets its line in study.yaml. `study add-rows`
    adds what comes later.

    \b
    Example:
      hbv-standards study new-site newhosp --from delivery --study mappings
    """
    from hbv_standards.desk.new_site import describe_new_site, write_new_site

    say("reading FHIR and looking for answers", quiet=quiet)
    made = write_new_site(site, inputs, study, enrolment=enrolment)
    echo_lines(describe_new_site(made), quiet=quiet)


@click.command("add-rows", epilog=EPILOG)
@SITE
@FROM
@OWN_STUDY
@ENROLMENT
@click.option("--dry-run", is_flag=True, help="Say what would be added and write nothing.")
@QUIET
@report_usage
def add_rows(
    site: str,
    inputs: tuple[Path, ...],
    study: Path,
    enrolment: Path | None,
    *,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Add rows to the tables of a hospital that the study has, for what they do not know of a delivery.

    Every code, unit and text that `coverage` lists and no row speaks of yet becomes a row, with an answer
    proposed where it would be no guess. The rows that are there stay as they are. Nothing is used until a
    person writes accepted in its `status`. Of data of several hospitals those of ID count.

    \b
    Example:
      hbv-standards study add-rows newhosp --from delivery --study mappings
    """
    from hbv_standards.desk.add_rows import build_added_rows, describe_added_rows
    from hbv_standards.desk.save_tables import write_changes

    say("reading FHIR and looking for answers", quiet=quiet)
    added = build_added_rows(site, inputs, study, enrolment=enrolment)
    if not dry_run:
        write_changes(added.folder, added.changes)
    echo_lines(describe_added_rows(added, dry_run=dry_run), quiet=quiet)
