"""The folder of a new hospital, made from a delivery: written whole, or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hbv_standards.desk.new_site_rows import build_rows, describe_hidden, phrase_statuses
from hbv_standards.desk.propose import Proposals, propose_all
from hbv_standards.desk.seen import Progress, describe_unread, read_delivery, refuse_empty
from hbv_standards.desk.seen_extensions import list_extensions
from hbv_standards.desk.site_text import add_site_line, find_free_siteid, write_site_yaml
from hbv_standards.desk.table_text import list_columns, write_cells, write_record
from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import MappingRow

_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class NewSite:
    """What was written: the hospital, its number, its folder, and its rows by table and status."""

    site: str
    siteid: str
    folder: Path
    statuses: dict[str, Counter[str]]
    proposals: Proposals


def write_new_site(
    site: str,
    inputs: Sequence[Path],
    study: Path,
    *,
    enrolment: Path | None = None,
    progress: Progress | None = None,
) -> NewSite:
    """Make ``sites/<site>`` of a study folder from a delivery, and name the hospital in ``study.yaml``.

    Every row is proposed or open: nothing of it is used. Raises :class:`ConfigurationError`, with
    nothing written, when the study is not sound, or has the hospital already.
    """
    catalog = open_study(study, site)
    delivery = read_delivery(inputs, catalog, IssueLog(), site=site, enrolment=enrolment, progress=progress)
    proposals = propose_all(delivery)
    if delivery.detected is None or not any(code.site == site for code in proposals.seen.codes):
        refuse_empty(delivery, inputs)
    siteid = find_free_siteid(catalog.study.sites)
    tables = build_rows(proposals, site)
    files = {table.name: write_rows(table.rows, table.model) for table in tables}
    extensions = list_extensions(inputs, delivery.catalog.sites, site)
    files["site.yaml"] = write_site_yaml(delivery.detected, extensions)
    line = add_site_line((study / "study.yaml").read_text(encoding="utf-8"), site, siteid)
    place_folder(study, site, files, line)
    statuses = {table.name: table.count_statuses() for table in tables}
    return NewSite(site, siteid, study / "sites" / site, statuses, proposals)


def open_study(study: Path, site: str) -> Catalog:
    """The tables of the study folder that is to get a hospital."""
    refuse_unwritable(study)
    if not _ID.fullmatch(site):
        cure = "small letters, digits, - and _, a letter first, 40 at most"
        raise ConfigurationError(f"{site!r} is no name of a hospital's folder; {cure}", value=site)
    folder = locate_mappings(study)
    place = folder / "sites" / site
    if place.exists():
        cure = f"`study add-rows {site}` adds rows for what its tables do not know yet"
        raise ConfigurationError(f"{place} exists and is left alone; {cure}", value=site)
    catalog = read_catalog(folder)
    if site in catalog.study.sites:
        raise ConfigurationError(
            f"sites: {site} is named already; take the line out", file="study.yaml", value=site
        )
    return catalog


def refuse_unwritable(study: Path) -> None:
    """Raise :class:`ConfigurationError` for a study folder that is not there, and for the package's own."""
    if not study.exists():
        cure = f"copy one, for example the trial's own: cp -r {locate_mappings()} {study}"
        raise ConfigurationError(f"--study {study} does not exist; {cure}", value=str(study))
    if study.resolve().name == "_mappings":
        cure = f"copy it (cp -r {study} mappings) and name the copy"
        raise ConfigurationError(
            f"--study {study} is the package's own and is not for editing; {cure}", value=str(study)
        )


def write_rows(rows: Sequence[MappingRow], model: type[MappingRow]) -> str:
    """A table as CSV with all columns of its kind."""
    columns = list_columns(model)
    cells = ([made.get(name, "") for name in columns] for made in map(write_cells, rows))
    return "".join(write_record(record, "\n") for record in (columns, *cells))


def place_folder(study: Path, site: str, files: dict[str, str], study_text: str) -> None:
    """Put the folder and the changed ``study.yaml`` in place, after a trial of both on a copy."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "study"
        shutil.copytree(study, copy)
        _write_files(copy / "sites" / site, files)
        (copy / "study.yaml").write_text(study_text, encoding="utf-8", newline="")
        read_catalog(copy)
    sites = study / "sites"
    sites.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{site}.", dir=study))
    try:
        made.chmod(0o755)
        _write_files(made / site, files)
        (made / "study.yaml").write_text(study_text, encoding="utf-8", newline="")
        shutil.copymode(study / "study.yaml", made / "study.yaml")
        (made / site).rename(sites / site)
        try:
            (made / "study.yaml").replace(study / "study.yaml")
        except OSError:
            shutil.rmtree(sites / site)
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write_files(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def describe_new_site(made: NewSite) -> Iterator[str]:
    """Lines for a terminal: what was written, and what a person does next."""
    yield f"{made.folder}: written, and {made.site} is site {made.siteid} in study.yaml"
    for name, counted in made.statuses.items():
        yield f"  {name}: {phrase_statuses(counted) or 'nothing to decide'}"
    yield from describe_hidden(made.proposals, made.site)
    yield from describe_unread(made.proposals.seen.delivery.unread)
    yield "Nothing of it is used yet. Next:"
    yield f"  1. study.yaml: write the hospital's name, which says {made.site} so far; look at its number."
    yield "  2. site.yaml: look at `enrolment`, then set its status to accepted; say what the extensions are."
    yield "  3. codes.csv, units.csv, values.csv: fill in what is open, correct what is wrong, and write accepted"
    yield "     in `status`. `note` says why something is proposed, with a score and examples."
    yield "  4. hbv-standards study add-rows: rows for units and words that can be seen once codes are decided."
    yield "  5. hbv-standards study check, then coverage, then convert."
