"""The command that compares two data cuts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hbv_standards.cli_usage import report_usage
from hbv_standards.errors import ConfigurationError

EPILOG = """Exit codes: 0 compared, whatever was found; with --exit-code 1 where the cuts differ; 2 wrong usage,
or a folder that cannot be compared."""


@click.command(epilog=EPILOG)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--dataset", "datasets", multiple=True, metavar="NAME", help="Only this one; may be given several times."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="CSV to write with every change."
)
@click.option("--renumbered", is_flag=True, help="List records of which only --SEQ, or such a number, moved.")
@click.option("--exit-code", "tell", is_flag=True, help="End with 1 where the cuts differ, as diff does.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
@report_usage
def diff(
    old: Path,
    new: Path,
    datasets: tuple[str, ...],
    out: Path | None,
    *,
    renumbered: bool,
    tell: bool,
    quiet: bool,
) -> None:
    """Tell what was added, removed and changed from one data cut to the next: records and values.

    OLD and NEW are submission folders, or folders of XPT files. Records are matched by their natural key and
    by the resource behind them, never by --SEQ; each change names that resource in both cuts.

    \b
    Examples:
      hbv-standards diff build/cut build/submission --out build/changes.csv
      hbv-standards diff build/cut build/submission --dataset LB --dataset SUPPLB
    """
    from hbv_standards.compare import compare_cuts, describe_difference, write_changes

    if quiet and out is None and not tell:
        raise ConfigurationError("--quiet alone does nothing; add --out FILE or --exit-code")
    if out is not None and {old.resolve(), new.resolve()} & {out.resolve(), *out.resolve().parents}:
        raise ConfigurationError(f"--out {out} lies in a folder that is compared; write it elsewhere", value=str(out))
    if not quiet:
        click.echo("… comparing", err=True)
    found = compare_cuts(old, new, datasets=datasets, renumbered=renumbered)
    if out is not None:
        write_changes(out, found.changes)
    if not quiet:
        for line in describe_difference(found):
            click.echo(line)
        if out is not None:
            click.echo(f"changes: {len(found.changes)}: {out}")
    sys.exit(1 if tell and found.differs else 0)
