"""More rows for a hospital that has its folder: what came later, or could be seen only later."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hbv_standards.desk.missing_rows import find_missing
from hbv_standards.desk.new_site import refuse_unwritable
from hbv_standards.desk.new_site_rows import build_rows, describe_hidden, phrase_statuses
from hbv_standards.desk.propose import Proposals, propose_all
from hbv_standards.desk.save_tables import check_changes
from hbv_standards.desk.seen import Delivery, Progress, describe_unread, read_delivery, refuse_empty
from hbv_standards.desk.table_append import append_rows, list_further_columns
from hbv_standards.desk.table_change import TableChange
from hbv_standards.desk.table_text import write_cells
from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.standards.tables import phrase_nearest


@dataclass(frozen=True, slots=True)
class AddedRows:
    """Rows for the tables of one hospital, checked and not written yet; ``missing`` is what they are for."""

    site: str
    folder: Path
    changes: tuple[TableChange, ...]
    missing: Proposals


def build_added_rows(
    site: str,
    inputs: Sequence[Path],
    study: Path,
    *,
    enrolment: Path | None = None,
    progress: Progress | None = None,
) -> AddedRows:
    """A row for everything in a delivery of which no table of the hospital says anything, in whatever status.

    The rows are proposed or open: nothing of them is used. Where ``inputs`` hold data of several
    hospitals, those of ``site`` count. Nothing is written: :func:`.write_changes` does that.

    Raises :class:`ConfigurationError` when the study is not sound, has no such hospital, or nothing of
    it was read.
    """
    catalog = open_study_of(study, site)
    delivery = read_of_site(inputs, catalog, site, enrolment, progress)
    missing = find_missing(propose_all(delivery), site)
    folder = locate_mappings(study)
    changes = tuple(
        append_rows(
            folder,
            f"sites/{site}/{table.name}",
            table.model,
            [*map(write_cells, table.rows)],
            "seen in the delivery",
        )
        for table in build_rows(missing, site)
        if table.rows
    )
    for fault in check_changes(folder, changes) if changes else ():
        raise ConfigurationError(f"no row is added: {fault}", value=site)
    return AddedRows(site, folder, changes, missing)


def open_study_of(study: Path, site: str) -> Catalog:
    """The tables of the study folder that has the hospital."""
    refuse_unwritable(study)
    catalog = read_catalog(locate_mappings(study))
    if site not in catalog.sites:
        cure = (
            phrase_nearest(site, list(catalog.sites))
            or f"; `study new-site {site}` makes the folder of a new one"
        )
        raise ConfigurationError(f"the study has no hospital {site!r}{cure}", value=site)
    return catalog


def read_of_site(
    inputs: Sequence[Path], catalog: Catalog, site: str, enrolment: Path | None, progress: Progress | None
) -> Delivery:
    """Read a delivery for one hospital; what neither folder nor identifier says is its own unless others are there."""
    delivery = read_delivery(inputs, catalog, IssueLog(), enrolment=enrolment, progress=progress)
    others = sorted({*delivery.fhir.sources["site"]} - {"", site})
    if delivery.strangers and not others:
        delivery = read_delivery(
            inputs, catalog, IssueLog(), site=site, enrolment=enrolment, progress=progress
        )
    if not (delivery.fhir.sources["site"] == site).any():
        if others:
            cure = f"name the delivery of {site}"
            raise ConfigurationError(
                f"what was read is of {', '.join(others)} and nothing of it of {site}; {cure}", value=site
            )
        refuse_empty(delivery, inputs)
    return delivery


def describe_added_rows(added: AddedRows, *, dry_run: bool) -> Iterator[str]:
    """Lines for a terminal: which rows were added to which tables, and what a person does next."""
    if not added.changes:
        yield f"nothing was added: the tables of {added.site} have a row for everything that can have one"
    for change in added.changes:
        counted = Counter(row.cells["status"] for row in change.added)
        yield f"{change.table.file}: {phrase_statuses(counted)}, {_phrase_lines(change, dry_run=dry_run)}"
        further = list_further_columns(change)
        if further:
            plural = "s" if len(further) > 1 else ""
            yield f"  with the column{plural} {', '.join(further)} at the end, empty in the rows that were there"
        if dry_run:
            yield from (f"  {line}" for line in change.describe())
    yield from describe_hidden(added.missing, added.site)
    yield from describe_unread(added.missing.seen.delivery.unread)
    if added.changes and not dry_run:
        yield "Nothing of it is used yet: fill in what is open, correct what is wrong, and write accepted in `status`."
        yield "  Once codes are decided, their units and words can be seen: run it again then."


def _phrase_lines(change: TableChange, *, dry_run: bool) -> str:
    first, last = min(change.places), max(change.places)
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"{'would be ' if dry_run else ''}added as {lines}"


def describe_missing(
    proposals: Proposals, inputs: Sequence[Path], study: Path | None, enrolment: Path | None
) -> Iterator[str]:
    """The command that would write rows, for each hospital that lacks some; a new one gets its folder."""
    given = [("--from", path) for path in inputs]
    given += [("--study", study or Path("DIR"))] + ([("--enrolment", enrolment)] if enrolment else [])
    words = " ".join(f"{option} {shlex.quote(str(path))}" for option, path in given)
    detected = proposals.seen.delivery.detected
    for site in sorted({code.site for code in proposals.seen.codes}):
        rows = sum(len(table.rows) for table in build_rows(find_missing(proposals, site), site))
        if detected is not None and detected.site == site:
            yield f"{site} has no tables yet. They are written, with what is proposed, by"
            yield f"  hbv-standards study new-site {site} {words}"
        elif rows:
            yield f"The tables of {site} say nothing of {rows} of these. Rows with what is proposed are added by"
            yield f"  hbv-standards study add-rows {site} {words}"
