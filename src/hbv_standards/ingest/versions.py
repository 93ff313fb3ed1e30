"""Several versions of one resource: the newest counts, and what was taken back stays taken back.

A resource is one by its type and id within a hospital. Newest is the highest ``meta.versionId``
where all are numbers, else the place in a history Bundle that holds them all, else the latest
``meta.lastUpdated``. A newest version that is withdrawn, deleted or faulty takes the resource out:
an older one does not come back.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hbv_standards.ingest.columns import ENROLMENT_TYPE
from hbv_standards.issues import IssueLog

OLDER = "older version"
_UNREADABLE = frozenset({"HBV-ING-001", "HBV-ING-002", "HBV-ING-003", "HBV-ING-009"})
Digest = Callable[[np.ndarray], dict[int, int]]


class Version(NamedTuple):
    """One source of a resource that was sent several times."""

    row: int  # in the frame of sources
    source_id: int
    version_id: str
    time: float | None
    bundle: tuple[int, str]  # file and Bundle, in which the order may mean something
    order: int
    sha256: str
    reason: str
    deleted: bool
    place: str  # file and position, for people

    def claims(self) -> object:
        """What this version says which one it is: its number, else its time, else its place in a history."""
        return self.version_id or self.time or (self.order < 0 and (self.bundle, self.order))

    def strength(self) -> int:
        """Of contents that claim one version: withdrawn is final, faulty is worth least."""
        return {"HBV-ING-008": 2, "": 1}.get(self.reason, 0)


def settle_versions(sources: pd.DataFrame, digest: Digest, log: IssueLog) -> None:
    """Set disposition and reason of all but the newest version of every resource, in place.

    ``digest`` gives, for rows of the frame, a number that two sources share when they say the same in
    all that is used of them; rows of types that are not decoded have none.
    """
    pairs = [
        (loser, versions[-1])
        for versions in map(rank_versions, _read_versions(sources))
        for loser in versions[:-1]
        if loser.reason in ("", "HBV-ING-008")  # others were rejected by themselves, and said so
    ]
    doubtful = [(a, b) for a, b in pairs if is_doubtful(a, b)]
    contents = digest(np.array(sorted({v.row for pair in doubtful for v in pair}), dtype=np.int64))
    reasons = {loser.row: compare_versions(loser, winner, contents) for loser, winner in pairs}
    _report(sources, pairs, reasons, log)
    settle_rows(sources, reasons, "superseded")
    again = _find_nameless_repeats(sources)
    settle_rows(sources, dict.fromkeys(again, "HBV-ING-011"), "superseded")
    _report_repeats(sources, again, log)


def settle_rows(sources: pd.DataFrame, reasons: Mapping[int, str], disposition: str) -> None:
    """Give disposition and reason to rows of the frame, at once: every change copies a text column."""
    if not reasons:
        return
    rows = np.fromiter(reasons, dtype=np.int64)
    chosen = np.zeros(len(sources), dtype=bool)
    chosen[rows] = True
    said = np.full(len(sources), "", dtype=object)
    said[rows] = list(reasons.values())
    sources["disposition"] = sources["disposition"].mask(chosen, disposition)
    sources["reason"] = sources["reason"].mask(chosen, pd.Series(said, dtype="str"))


def _read_versions(sources: pd.DataFrame) -> Iterable[list[Version]]:
    """The versions of every resource that has several."""
    named = (sources["resource_id"] != "") & ~sources["reason"].isin(_UNREADABLE)
    keys = sources["_key"][named]
    rows = keys.index[keys.duplicated(keep=False)].to_numpy()
    names = ("_key", "source_id", "version_id", "last_updated", "_file", "_scope", "_order", "sha256",
             "reason", "_deleted", "file", "position")  # fmt: skip
    cells = (sources[name].take(rows).to_numpy(dtype=object) for name in names)
    groups: dict[str, list[Version]] = defaultdict(list)
    for row, key, source, version, updated, number, scope, order, sha, reason, deleted, file, at in zip(
        rows.tolist(), *cells, strict=True
    ):
        place = f"{file} {at}".strip()
        time, bundle = read_time(updated), (number, scope)
        groups[key].append(Version(row, source, version, time, bundle, order, sha, reason, deleted, place))
    return (groups[key] for key in sorted(groups))


def read_time(text: str) -> float | None:
    """An instant as seconds, for comparison only; a time without zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def rank_versions(versions: Iterable[Version]) -> list[Version]:
    """Oldest first. What nothing tells apart is ordered by content, so that the order of files has no say."""
    listed = list(versions)
    return sorted(listed, key=_choose_key(listed))


def _choose_key(versions: list[Version]) -> Callable[[Version], tuple[Any, ...]]:
    def tail(v: Version) -> tuple[Any, ...]:
        return (v.strength(), v.sha256, v.source_id)

    if all(v.version_id.isdecimal() and v.version_id.isascii() for v in versions):
        return lambda v: (int(v.version_id), v.time or 0.0, v.order, *tail(v))
    if all(v.order < 0 for v in versions) and len({v.bundle for v in versions}) == 1:
        return lambda v: (v.order, *tail(v))
    if all(v.time is not None for v in versions):
        return lambda v: (v.time, v.order, *tail(v))
    # a deletion that does not say when comes last; versions without any mark come first
    return lambda v: (
        v.deleted and v.time is None and not v.version_id,
        v.time is not None or bool(v.version_id),
        v.time or 0.0,
        int(v.version_id) if v.version_id.isdecimal() and v.version_id.isascii() else -1,
        v.order,
        *tail(v),
    )


def is_doubtful(loser: Version, winner: Version) -> bool:
    """Whether two contents claim one version, so that it matters what they say."""
    return (
        loser.claims() == winner.claims()
        and not (loser.deleted or winner.deleted)
        and loser.sha256 != winner.sha256
    )


def compare_versions(loser: Version, winner: Version, contents: Mapping[int, int]) -> str:
    """Why a version gives way to the winner: an issue code, or :data:`OLDER`."""
    if loser.claims() != winner.claims() or loser.deleted or winner.deleted:
        return OLDER
    if loser.sha256 == winner.sha256:
        return "HBV-ING-011"
    same = loser.row in contents and contents[loser.row] == contents.get(winner.row)
    return "HBV-ING-011" if same and loser.reason == winner.reason else "HBV-ING-007"


def _report(
    sources: pd.DataFrame, pairs: Iterable[tuple[Version, Version]], reasons: Mapping[int, str], log: IssueLog
) -> None:
    for loser, winner in pairs:
        if reasons[loser.row] == "HBV-ING-007":
            log.add("HBV-ING-007", source_id=loser.source_id, message=f"{winner.place} was kept")
    _report_repeats(sources, [row for row, reason in reasons.items() if reason == "HBV-ING-011"], log)


def _report_repeats(sources: pd.DataFrame, rows: Sequence[int], log: IssueLog) -> None:
    """Repeats are counted by file and type: whole exports are sent again every month."""
    columns = (sources[name].take(list(rows)).tolist() for name in ("site", "file", "resource_type"))
    for site, file, kind in zip(*columns, strict=True):
        log.add("HBV-ING-011", site=site, file=file, resource=kind)


def _find_nameless_repeats(sources: pd.DataFrame) -> list[int]:
    """Rows of resources without id that were sent again: the same Bundle, or the same content outside of one.

    Inside a Bundle a content means something only beside its neighbours (urn:uuid references), so
    that there the whole Bundle has to be the same.
    """
    open_ones = (sources["resource_id"] == "") & (sources["disposition"] == "")
    nameless = sources[open_ones & (sources["resource_type"] != ENROLMENT_TYPE)]
    if nameless.empty:
        return []
    scoped = nameless["_scope"] != ""
    group = nameless["site"] + " " + nameless["sha256"]
    if scoped.any():
        group = group.where(~scoped, group + " " + _digest_bundles(sources, nameless))
    ordered = nameless[["_file", "_scope", "source_id"]].assign(_group=group).sort_values("source_id")
    twin = ordered.groupby(["_group", "_file", "_scope"]).cumcount()
    ordered = ordered.assign(_twin=twin)
    again = ordered.duplicated(["_group", "_twin"]) | ((twin > 0) & (ordered["_scope"] == ""))
    return [int(row) for row in ordered.index[again]]


def _digest_bundles(sources: pd.DataFrame, nameless: pd.DataFrame) -> pd.Series:
    """For each resource: the contents of its Bundle as one text."""
    bundles = sources.groupby(["_file", "_scope"], sort=False)
    number = bundles.ngroup()
    wanted = number.isin(set(number[nameless.index]))
    digest = {
        bundle: hashlib.sha256("".join(sorted(part)).encode()).hexdigest()
        for bundle, part in sources.loc[wanted, "sha256"].groupby(number[wanted])
    }
    return number[nameless.index].map(digest).astype("str")
