"""The coverage of a delivery as tables: what is unmapped first, by what is lost, with what is proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from hbv_standards.desk.candidates import Proposal, phrase_why
from hbv_standards.desk.propose import Proposals, Thing, find_proposal, is_asked, read_target
from hbv_standards.desk.seen import Delivery, describe_unread
from hbv_standards.desk.seen_codes import DECLINED, MAPPED, OUT_OF_SCOPE, SeenCode
from hbv_standards.desk.seen_units import UNFIT, SeenUnit
from hbv_standards.desk.seen_values import SeenValue
from hbv_standards.desk.terminal import write_table
from hbv_standards.desk.write_whole import write_whole

CODES = ("site", "kind", "system", "code", "text", "specimen", "specimen_text", "count", "rows_lost", "subjects",
         "examples", "units", "mapped_to", "mapping_row", "status")  # fmt: skip
UNITS = ("site", "used_for", "unit_text", "unit_code", "unit_system", "concept_id", "count", "rows_lost",
         "mapped_to", "mapping_row", "status")  # fmt: skip
VALUES = ("site", "codelist", "concept_id", "question", "system", "source_text", "display", "count", "rows_lost",
          "mapped_to", "mapping_row", "status")  # fmt: skip
PROPOSED = ("proposal", "score", "reason")
CANDIDATES = ("site", "table", "kind", "system", "code", "text", "rows_lost", "candidate", "name", "score", "proposed",
              "reason")  # fmt: skip
_SETTLED = (MAPPED, DECLINED)
_NARROW = 120  # below it there is no room for what one can do without
_SPARED = ("kind", "specimen", "results")
_SHORTER = {"rows lost": "lost"}
_FORMULA = r"(?s)[=＝@＠\t\r]|[+＋－-](?:[+＋－(\s-]*[^\W\d_]|.*(?:[|!]|[^\W\d_]\())"
"""What a spreadsheet would run: after a sign a word, a function or another program. ``+`` and ``++`` are
results, ``-2`` is a number."""


def build_tables(proposals: Proposals) -> dict[str, pd.DataFrame]:
    """Tables ``codes``, ``units``, ``values`` and ``candidates``, ready to be written as CSV."""
    seen = proposals.seen
    return {
        "codes": _build_table(seen.codes, CODES, [find_proposal(proposals, code) for code in seen.codes]),
        "units": _build_table(seen.units, UNITS, [find_proposal(proposals, unit) for unit in seen.units]),
        "values": _build_table(
            seen.values, VALUES, [find_proposal(proposals, value) for value in seen.values]
        ),
        "candidates": pd.DataFrame(list(_list_candidates(proposals)), columns=list(CANDIDATES)),
    }


def _build_table(
    things: Iterable[object], columns: Sequence[str], found: Sequence[Proposal | None]
) -> pd.DataFrame:
    rows = [[getattr(thing, name) or _blank(getattr(thing, name)) for name in columns] for thing in things]
    answers = [_write_proposal(proposal) for proposal in found]
    return pd.DataFrame(
        [[*row, *answer] for row, answer in zip(rows, answers, strict=True)], columns=[*columns, *PROPOSED]
    )


def _blank(value: object) -> object:
    return "" if value is None else value


def _write_proposal(proposal: Proposal | None) -> tuple[str, str, str]:
    if proposal is None:
        return "", "", ""
    chosen = proposal.chosen
    return (
        (read_target(chosen), f"{chosen.score:g}", chosen.reason)
        if chosen
        else ("", "", phrase_why(proposal))
    )


def _list_candidates(proposals: Proposals) -> Iterator[tuple[object, ...]]:
    for table, thing, proposal in _list_answered(proposals):
        kind, system, code, text = _name_thing(thing)
        for candidate in proposal.candidates:
            yield (
                thing.site, table, kind, system, code, text, thing.rows_lost, read_target(candidate), candidate.name,
                f"{candidate.score:g}", "Y" if candidate == proposal.chosen else "", candidate.reason,
            )  # fmt: skip


def _list_answered(proposals: Proposals) -> Iterator[tuple[str, Thing, Proposal]]:
    for code in proposals.seen.codes:
        if code.number in proposals.codes:
            yield "codes", code, proposals.codes[code.number]
    for unit, proposal in proposals.units.items():
        yield "units", unit, proposal
    for value, proposal in proposals.values.items():
        yield "values", value, proposal


def _name_thing(thing: Thing) -> tuple[str, str, str, str]:
    if isinstance(thing, SeenCode):
        return thing.kind, thing.system or "", thing.code or "", thing.text
    if isinstance(thing, SeenUnit):
        return (
            thing.used_for,
            thing.unit_system,
            thing.unit_code,
            f"{thing.unit_text} {thing.concept_id}".strip(),
        )
    of = thing.concept_id or thing.question
    return thing.codelist, thing.system, thing.source_text, f"{thing.display} {of}".strip()


def write_tables(tables: dict[str, pd.DataFrame], out: Path) -> None:
    """Write the tables as CSV files of a folder."""
    for name, table in tables.items():
        write_csv(table, out / f"{name}.csv")


def write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write one table: UTF-8 with a byte order mark, so that a spreadsheet shows Chinese text.

    A text that a spreadsheet would run as a formula gets ' before it, as one types it there: the file is
    for people, and what is sent is also in the rows of ``study add-rows``, as sent.
    """
    texts = {name: _disarm(table[name]) for name in table.columns if table[name].dtype.kind not in "biuf"}
    text = table.assign(**texts).to_csv(index=False, lineterminator="\n")
    write_whole(file, text.encode("utf-8-sig"))


def _disarm(cells: pd.Series) -> pd.Series:
    risky = cells.astype("str").str.match(_FORMULA)
    return cells.where(~risky.fillna(value=False).astype(bool), "'" + cells.astype("str"))


def join_tables(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Codes, units and values in one table, unmapped first, by what is lost."""
    parts = []
    for name in ("codes", "units", "values"):
        table = tables[name].astype(object)
        table.insert(1, "table", name)
        parts.append(table)
    joined = pd.concat(parts, ignore_index=True).fillna("")
    rank = joined["status"].isin(_SETTLED) * 2 + (joined["status"] == OUT_OF_SCOPE)
    order = joined.assign(_rank=rank, _lost=-joined["rows_lost"].astype(int))
    return joined.loc[order.sort_values(["_rank", "_lost"], kind="stable").index].reset_index(drop=True)


def describe_coverage(proposals: Proposals, width: int, *, everything: bool = False) -> Iterator[str]:
    """Lines for a terminal, hospital by hospital."""
    delivery, seen = proposals.seen.delivery, proposals.seen
    things: tuple[Thing, ...] = (*seen.codes, *seen.units, *seen.values)
    for site in sorted({thing.site for thing in things}):
        yield from _describe_site(proposals, site)
        yield from _list_things(proposals, site, width, everything=everything)
    yield from describe_unread(delivery.unread)
    if delivery.strangers:
        yield f"{delivery.strangers} resources are of nobody knows which hospital and are not counted."
        yield "  Put them in a folder with its name, or name it with --site; it may be a new one."


def _describe_site(proposals: Proposals, site: str) -> Iterator[str]:
    delivery, seen = proposals.seen.delivery, proposals.seen
    people = {key for key in delivery.person_of if key.startswith(f"{site}|")}
    detected = delivery.detected is not None and delivery.detected.site == site
    yield f"{site}{' (not in the study yet)' if detected else ''}: {len(people)} subjects enrolled"
    if site in delivery.everyone:
        yield f"  Nobody is known to be enrolled here: {_phrase_everyone(delivery, site)}"
    listed: dict[str, tuple[Thing, ...]] = {"codes": seen.codes, "units": seen.units, "values": seen.values}
    for what, things in listed.items():
        own = [thing for thing in things if thing.site == site]
        if own:
            yield f"  {_count(what, own)}"


def _phrase_everyone(delivery: Delivery, site: str) -> str:
    if (delivery.fhir.tables["patient"]["site"] == site).any():
        return "every patient is counted. See `enrolment` in its site.yaml."
    return "no Patient came, so no row counts as lost. Deliver the Patients too."


def _count(what: str, things: Sequence[Thing]) -> str:
    counted = Counter(thing.status for thing in things)
    lost = sum(thing.rows_lost for thing in things)
    parts = ", ".join(
        f"{counted[status]} {status}" for status in sorted(counted, key=lambda s: (-counted[s], s))
    )
    return f"{what}: {parts}" + (f"; {lost} rows lost" if lost else "")


def _list_things(proposals: Proposals, site: str, width: int, *, everything: bool) -> Iterator[str]:
    seen = proposals.seen
    yield from _list_section(
        "Codes", ("rows lost", "rows", "kind", "code", "text", "specimen", "results", "means / proposed", "why"),
        [(code, _write_code(code)) for code in seen.codes if code.site == site],
        proposals, width, everything=everything,
    )  # fmt: skip
    yield from _list_section(
        "Units", ("rows lost", "rows", "of", "unit", "test", "means / proposed", "why"),
        [(u, (u.used_for, u.spelling, u.concept_id)) for u in seen.units if u.site == site],
        proposals, width, everything=everything,
    )  # fmt: skip
    yield from _list_section(
        "Values", ("rows lost", "rows", "codelist", "value", "text", "test", "means / proposed", "why"),
        [(v, (v.codelist, v.source_text, _write_display(v), v.concept_id or v.question))
         for v in seen.values if v.site == site],
        proposals, width, everything=everything,
    )  # fmt: skip


def _write_code(code: SeenCode) -> tuple[str, ...]:
    shown = code.specimen or code.specimen_text or ""
    return code.kind, code.code or "", code.text, shown, code.examples


def _write_display(value: SeenValue) -> str:
    return value.display if value.display != value.source_text else ""


def _list_section(
    title: str,
    header: Sequence[str],
    things: Sequence[tuple[Thing, tuple[str, ...]]],
    proposals: Proposals,
    width: int,
    *,
    everything: bool,
) -> Iterator[str]:
    asked = [is_asked(proposals, thing) for thing, _ in things]
    wanted = [pair for pair, is_open in zip(things, asked, strict=True) if is_open]
    settled = [pair for pair, is_open in zip(things, asked, strict=True) if everything and not is_open]
    if not wanted and not settled:
        return
    rows = [
        (str(thing.rows_lost), str(thing.count), *cells, *_write_answer(proposals, thing))
        for thing, cells in (*wanted, *settled)
    ]
    yield ""
    yield f"{title}{'' if everything else ' that no accepted row knows'}"
    narrow = width < _NARROW
    kept = [at for at, name in enumerate(header) if not (narrow and name in _SPARED)]
    picked = [[row[at] for at in kept] for row in rows]
    names = [_SHORTER.get(header[at], header[at]) if narrow else header[at] for at in kept]
    yield from write_table(names, picked, width, last_yields=narrow)
    yield ""


def _write_answer(proposals: Proposals, thing: Thing) -> tuple[str, str]:
    proposal = find_proposal(proposals, thing)
    if proposal is None:
        return thing.mapped_to, thing.mapping_row
    chosen = proposal.chosen
    why = chosen.reason if chosen else phrase_why(proposal)
    if thing.status not in ("unmapped", UNFIT, OUT_OF_SCOPE):
        return f"({thing.status} in its table)", why
    return (f"{read_target(chosen)} {chosen.score:g}" if chosen else "?"), why
