"""The command line: thin; what is heavy is imported when a command runs, so that --help is instant."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from hbv_standards import __version__
from hbv_standards.cli_coverage import coverage, new_site
from hbv_standards.cli_diff import diff
from hbv_standards.cli_study import study as study_group
from hbv_standards.errors import ConfigurationError, HbvStandardsError, NothingConvertedError

Command = TypeVar("Command", bound=Callable[..., Any])
_DATE = r"^\d{4}-\d{2}-\d{2}$"

EPILOG = """Exit codes: 0 done; 1 done, with issues of severity error; 2 wrong usage or configuration,
nothing written; 3 nothing could be converted."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG)
@click.version_option(__version__, prog_name="hbv-standards")
def main() -> None:
    """FHIR in, CDISC SDTM out: XPT files that a regulator opens, and the trace of every value.

    \b
    Start here:  hbv-standards convert fixtures/hospitals --out build/submission
    """


def report_errors(command: Command) -> Command:
    """Turn the library's exceptions into a message on stderr and the exit code of the contract."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ConfigurationError as error:
            click.echo(f"hbv-standards: {error}", err=True)
            sys.exit(2)
        except NothingConvertedError as error:
            click.echo(f"hbv-standards: {error}", err=True)
            sys.exit(3)
        except HbvStandardsError as error:
            click.echo(f"hbv-standards: {error}", err=True)
            sys.exit(1)

    return run  # type: ignore[return-value]  # wraps keeps the signature, which mypy cannot see


def build_progress(*, quiet: bool) -> Callable[[str], None]:
    """Lines on stderr that say what is being done; nothing when quiet."""

    def say(step: str) -> None:
        if not quiet:
            click.echo(f"… {step}", err=True)

    return say


INPUTS = click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
STUDY = click.option(
    "--study", type=click.Path(path_type=Path), help="Study folder with mapping tables (default: the trial's own)."
)
SITE = click.option("--site", help="Hospital of all the input, when its folders do not tell.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")


@main.command(epilog=EPILOG)
@INPUTS
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Submission folder to make.")
@STUDY
@SITE
@click.option("--enrolment", type=click.Path(path_type=Path, exists=True), help="CSV of the randomisation system.")
@click.option("--cutoff", metavar="DATE", help="Data cut, e.g. 2025-06-30: later records are left out.")
@click.option("--agency", type=click.Choice(["fda", "nmpa"]), default="fda", show_default=True)
@click.option(
    "--conformance",
    type=click.Choice(["sample", "all", "none"]),
    default="sample",
    show_default=True,
    help="Which resources fhir.resources judges beside the fast gate.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes.")
@click.option("--strict", is_flag=True, help="Write nothing when there is an error or an unmapped code.")
@click.option("--ectd", is_flag=True, help="Datasets in m5/datasets/<study>/tabulations/sdtm instead of sdtm.")
@click.option("--max-bytes", type=click.IntRange(min=1), hidden=True, help="Split datasets whose file is larger.")
@QUIET
@report_errors
def convert(inputs: tuple[Path, ...], out: Path, *, quiet: bool, **chosen: Any) -> None:
    """Convert FHIR of the hospitals into a submission folder of SDTM datasets.

    INPUTS are files or folders: Bundles, NDJSON, single resources, JSON or XML, gzipped or not.
    A folder's first level may name the hospital.

    \b
    Example:
      hbv-standards convert fixtures/hospitals --out build/submission
    """
    from hbv_standards.pipeline import ConvertOptions, summarise
    from hbv_standards.pipeline import convert as run

    check_cutoff(chosen["cutoff"])
    say = build_progress(quiet=quiet)
    note_unused_tables(chosen["study"], say)
    result = run(list(inputs), out, ConvertOptions(**chosen), progress=say)
    if not quiet:
        for line in summarise(result.outcomes):
            click.echo(line)
        rows = ", ".join(f"{name} {len(d.frame)}" for name, d in sorted(result.datasets.items()) if len(d.frame))
        click.echo(f"rows: {rows}")
        echo_issues(result.issues, out if result.written else None)
        if result.written:
            counts = result.manifest["validation"]["by_severity"]
            told = ", ".join(f"{count} of severity {name}" for name, count in counts.items()) or "nothing"
            click.echo(f"validation of the datasets found: {told}: {out / 'validation.csv'}")
    if not result.written:
        told = f"{result.errors} errors, {result.unmapped} records with something unmapped"
        click.echo(f"--strict: nothing was written: {told}; see `coverage`, or convert without --strict", err=True)
    sys.exit(1 if result.errors or not result.written else 0)


def note_unused_tables(study: Path | None, say: Callable[[str], None]) -> None:
    """Tell of tables in ./mappings that are not the ones in use: somebody may have edited them."""
    from hbv_standards.mapping.locate import find_unused_tables, locate_mappings

    if study is None and find_unused_tables(locate_mappings(), Path("mappings")):
        say("note: the package's own tables are used, and those in ./mappings differ; to use them add --study mappings")


def check_cutoff(cutoff: str | None) -> None:
    """Raise :class:`ConfigurationError` unless the data cut is a full ISO 8601 date."""
    from datetime import date

    if cutoff is None:
        return
    try:
        date.fromisoformat(cutoff)
    except ValueError as error:
        raise ConfigurationError(f"--cutoff {cutoff!r} is not a date; write it as 2025-06-30", value=cutoff) from error


def echo_issues(issues: Any, out: Path | None) -> None:
    """Print how many issues there are, the most frequent first, and where all of them are."""
    if issues.empty:
        click.echo("no issues")
        return
    from hbv_standards.issues import KINDS

    counted = issues.groupby(["severity", "code"])["count"].sum().reset_index()
    rank = {"error": 0, "warning": 1, "info": 2}
    counted = counted.assign(rank=counted["severity"].map(rank)).sort_values(
        ["rank", "count", "code"], ascending=[True, False, True]
    )
    for row in counted.to_dict("records"):
        click.echo(f"  {row['severity']:<7} {row['count']:>6}  {row['code']}  {KINDS[row['code']].title}")
    if out is not None:
        click.echo(f"issues: {out / 'issues.csv'}")


@main.command(epilog=EPILOG)
@INPUTS
@STUDY
@SITE
@QUIET
@report_errors
def check(inputs: tuple[Path, ...], study: Path | None, site: str | None, *, quiet: bool) -> None:
    """Judge every resource by the full FHIR definitions (fhir.resources): problems by element and count.

    \b
    Example:
      hbv-standards check fixtures/hospitals/foshan
    """
    from hbv_standards.pipeline import check_fhir

    table = check_fhir(list(inputs), study=study, site=site, progress=build_progress(quiet=quiet))
    if table.empty:
        click.echo("every resource conforms")
        return
    for row in table.to_dict("records"):
        click.echo(f"{row['count']:>6}  {row['site']}  {row['path']}: {row['message']}  (first: {row['first']})")
    sys.exit(1)


@main.command(epilog=EPILOG)
@click.option("--subjects", type=click.IntRange(1, 5000), default=24, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--invent", metavar="NAME", help="Make one hospital that no table knows instead, with codes of its own.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to make; must not exist.")
@QUIET
@report_errors
def simulate(subjects: int, seed: int, invent: str | None, out: Path, *, quiet: bool) -> None:
    """Make a synthetic trial as the three hospitals would send it, with the truth beside it.

    \b
    Examples:
      hbv-standards simulate --subjects 60 --seed 7 --out build/synthetic
      hbv-standards simulate --invent clinic --subjects 24 --seed 7 --out build/clinic
    """
    from hbv_standards.simulate.invented import write_invented
    from hbv_standards.simulate.trial import simulate_trial
    from hbv_standards.simulate.write import write_simulation

    if out.exists():
        raise ConfigurationError(f"--out {out} exists; name a new folder", value=str(out))
    say = build_progress(quiet=quiet)
    say(f"simulating {subjects} subjects")
    if invent is not None:
        write_invented(invent, subjects, seed, out)
        if not quiet:
            click.echo(f"{out / 'hospitals' / invent}: FHIR of a new hospital; {out / 'truth'}: what was meant")
        return
    trial = simulate_trial(subjects, seed)
    say("writing FHIR")
    write_simulation(trial, out)
    if not quiet:
        click.echo(f"{out / 'hospitals'}: FHIR of three hospitals; {out / 'truth'}: what was meant")


@main.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("dataset")
@click.argument("row")
@click.argument("variable", required=False)
@report_errors
def trace(folder: Path, dataset: str, row: str, variable: str | None) -> None:
    """Tell where a row, or one value of it, came from.

    ROW is USUBJID:SEQ (USUBJID alone where the dataset has no --SEQ) or #N for the N-th record.

    \b
    Example:
      hbv-standards trace build/submission LB HBV-PEG-48-01001:12 LBSTRESN
    """
    from hbv_standards.export.trace_query import describe_row, trace_row

    for line in describe_row(trace_row(folder, dataset, row), variable):
        click.echo(line)


@main.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--agency", type=click.Choice(["fda", "nmpa"]), default="fda", show_default=True)
@click.option("--define", type=click.Path(path_type=Path), help="Define-XML, when it is not beside the datasets.")
@click.option("--core", type=click.Path(path_type=Path), help="CDISC CORE (executable or core.py), to ask it too.")
@click.option("--out", type=click.Path(path_type=Path), help="CSV to write with every finding.")
@QUIET
@report_errors
def validate(
    folder: Path, agency: Any, define: Path | None, core: Path | None, out: Path | None, *, quiet: bool
) -> None:
    """Check a folder of SDTM transport files, this library's or anyone's.

    \b
    Example:
      hbv-standards validate build/submission --out build/findings.csv
    """
    from hbv_standards.export.layout import find_sdtm_folder
    from hbv_standards.validate import (
        describe_core,
        describe_findings,
        merge_findings,
        run_core,
        validate_folder,
        write_findings,
    )  # fmt: skip

    folder = find_sdtm_folder(folder)
    result = validate_folder(folder, agency=agency, define=define)
    lines, findings = list(describe_findings(result)), result.findings
    errors = result.count("error")
    if core is not None:
        asked = run_core(folder, core, define=define, progress=build_progress(quiet=quiet))
        lines += describe_core(asked)
        findings = merge_findings(findings, asked.findings)
        errors += int((asked.findings["severity"] == "error").sum())
    if out is not None:
        write_findings(out, findings)
    if not quiet:
        for line in lines:
            click.echo(line)
    sys.exit(1 if errors else 0)


study_group.add_command(new_site)
main.add_command(coverage)
main.add_command(diff)
main.add_command(study_group)

if __name__ == "__main__":
    main()
