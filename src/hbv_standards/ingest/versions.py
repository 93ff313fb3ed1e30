"""Several versions of one resource: the newest counts, and what was taken back stays taken back.

A resource is one by its type and id within a hospital. Newest is the highest ``meta.versionId``
where all are numbers, else the place in a history Bundle that holds them all, else the latest
``meta.lastUpdated``. A newest version that is withdrawn, deleted or faulty takes the resource out:
an older one does not come back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hbv_standards.issues import IssueLog

OLDER = "older version"
_UNREADABLE = frozenset({"HBV-ING-001", "HBV-ING-002", "HBV-ING-003", "HBV-ING-009"})
Equal = Callable[[int, int], bool]


class Version(NamedTuple):
    """One source of a resource that was sent several times."""

    row: int  # in the frame of sources
    source_id: int
    version_id: str
    time: float | None
    place: tuple[int, str]  # file and Bundle, where the order in it means something
    order: int
    sha256: str
    reason: str
    deleted: bool

    def claims(self) -> tuple[str, float | None]:
        """What this version says which one it is."""
        return self.version_id, None if self.version_id else self.time

    def strength(self) -> int:
        """Of contents that claim one version: withdrawn is final, faulty is worth least."""
        return {"HBV-ING-008": 2, "": 1}.get(self.reason, 0)


def settle_versions(sources: pd.DataFrame, equal: Equal, log: IssueLog) -> None:
    """Set disposition and reason of all but the newest version of every resource, in place.

    ``equal(a, b)`` tells whether two sources (rows of the frame) say the same in all that is used of them.
    """
    named = sources[(sources["resource_id"] != "") & ~sources["reason"].isin(_UNREADABLE)]
    several = named[named["_key"].duplicated(keep=False)]
    for _, group in several.groupby("_key", sort=True):
        versions = rank_versions(_read_versions(group))
        for loser in versions[:-1]:
            _settle_loser(sources, loser, versions[-1], equal, log)
    _settle_nameless(sources, log)


def _read_versions(group: pd.DataFrame) -> list[Version]:
    columns = ["source_id", "version_id", "last_updated", "_file", "_scope", "_order", "sha256", "reason", "_deleted"]
    found = []
    for row, *cells in zip(group.index, *(group[name] for name in columns), strict=True):
        source_id, version, updated, file, scope, order, sha, reason, deleted = cells
        found.append(
            Version(row, int(source_id), version, read_time(updated), (int(file), scope), int(order), sha, reason,
                    bool(deleted))
        )  # fmt: skip
    return found


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
    if all(v.order < 0 for v in versions) and len({v.place for v in versions}) == 1:
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


def _settle_loser(sources: pd.DataFrame, loser: Version, winner: Version, equal: Equal, log: IssueLog) -> None:
    if loser.reason not in ("", "HBV-ING-008"):
        return  # rejected by itself, and said so
    reason = OLDER
    kept = sources.loc[winner.row]
    place = f"{kept['file']} {kept['position']}".strip()
    if loser.claims() == winner.claims() and not (loser.deleted or winner.deleted):
        if loser.sha256 == winner.sha256:
            reason, message = "HBV-ING-011", f"the same content is in {place}"
        elif loser.reason == winner.reason and equal(loser.row, winner.row):
            reason, message = "HBV-ING-011", f"{place} says the same in all that is used"
        else:
            reason, message = "HBV-ING-007", f"{place} was kept"
        log.add(reason, source_id=loser.source_id, message=message)
    sources.loc[loser.row, ["disposition", "reason"]] = ["superseded", reason]


def _settle_nameless(sources: pd.DataFrame, log: IssueLog) -> None:
    """Resources without id that were sent again: the same Bundle, or the same content outside of one.

    Inside a Bundle a content means something only beside its neighbours (urn:uuid references), so
    that there the whole Bundle has to be the same.
    """
    nameless = sources[(sources["resource_id"] == "") & (sources["disposition"] == "") & (sources["fhir_version"] != "")]
    if nameless.empty:
        return
    scoped = nameless["_scope"] != ""
    group = nameless["site"] + " " + nameless["sha256"]
    group = group.where(~scoped, group + " " + _digest_bundles(sources, nameless[scoped]))
    ordered = nameless.assign(_group=group).sort_values("source_id")
    ordered["_twin"] = ordered.groupby(["_group", "_file", "_scope"]).cumcount()
    again = ordered[ordered.duplicated(["_group", "_twin"]) | ((ordered["_twin"] > 0) & (ordered["_scope"] == ""))]
    for source_id in again["source_id"]:
        log.add("HBV-ING-011", source_id=int(source_id), message="the same content was sent before")
    sources.loc[again.index, ["disposition", "reason"]] = ["superseded", "HBV-ING-011"]


def _digest_bundles(sources: pd.DataFrame, nameless: pd.DataFrame) -> pd.Series:
    """For each resource: the contents of its Bundle as one text."""
    wanted = set(zip(nameless["_file"], nameless["_scope"], strict=True))
    places = list(zip(sources["_file"], sources["_scope"], strict=True))
    inside = sources[[place in wanted for place in places]]
    digest = {
        place: hashlib.sha256("".join(sorted(part)).encode()).hexdigest()
        for place, part in inside.groupby(["_file", "_scope"])["sha256"]
    }
    values = [digest[place] for place in zip(nameless["_file"], nameless["_scope"], strict=True)]
    return pd.Series(np.array(values, dtype=object), index=nameless.index, dtype="str")
