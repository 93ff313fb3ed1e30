"""Which record of the one cut is which of the other.

The passes of :func:`pair_records`, each over what the ones before have left: the same key and resource, the
same resource under another key, the same key. Every pass treats both cuts alike, so that the cuts exchanged
give the same pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.compare.columns import Codes

MOST_SHARED = 100
"""A resource behind more records than this on both sides tells nothing of which is which."""

Pairs = tuple[Codes, Codes]


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one cut as numbers that both cuts share; all arrays have one entry for each record.

    ``cells`` has a row of numbers of its values for each record, the key first: shape (records, variables).
    ``links`` pairs row and source of each resource behind a record; None where the cut has no trace.
    """

    key: Codes
    content: Codes
    topic: Codes
    has_topic: bool
    cells: npt.NDArray[np.int64]
    links: pd.DataFrame | None


def pair_records(old: Records, new: Records) -> Pairs:
    """Rows of the old and the new cut that are the same record: two arrays of equal length, by the old row."""
    matcher = _Matcher(old, new)
    if old.links is not None and new.links is not None:
        links = _join_links(old.links, new.links)
        same_key = old.key[links["old"].to_numpy()] == new.key[links["new"].to_numpy()]
        matcher.pair_by_resource(links[same_key])
        matcher.pair_by_resource(links[_tell_by_resource(links, old, new)])
    matcher.pair_in_order(old.content, new.content)
    matcher.pair_in_order(old.key, new.key)
    at_old = np.flatnonzero(matcher.partner >= 0)
    return at_old, matcher.partner[at_old]


class _Matcher:
    """The pairs found so far: ``partner`` has for each old row its new one, -1 while there is none."""

    def __init__(self, old: Records, new: Records) -> None:
        self.old, self.new = old, new
        self.partner = np.full(len(old.key), -1, dtype=np.int64)
        self.taken = np.zeros(len(new.key), dtype=bool)

    def pair_in_order(self, old: Codes, new: Codes) -> None:
        """Pair what is left of equal number: the first with the first, the second with the second."""
        left_old, left_new = np.flatnonzero(self.partner < 0), np.flatnonzero(~self.taken)
        sides = [
            pd.DataFrame({"number": codes[left], "row": left}).assign(
                turn=pd.Series(codes[left]).groupby(codes[left]).cumcount()
            )
            for codes, left in ((old, left_old), (new, left_new))
        ]
        both = sides[0].merge(sides[1], on=["number", "turn"], suffixes=("_old", "_new"))
        self._take(both["row_old"].to_numpy(), both["row_new"].to_numpy())

    def pair_by_resource(self, links: pd.DataFrame) -> None:
        """Pair what is left of records that share resources: those with most in common first."""
        free = (self.partner[links["old"].to_numpy()] < 0) & ~self.taken[links["new"].to_numpy()]
        found = links[free].groupby(["old", "new"])[["weight"]].sum().reset_index()
        unsure = found["old"].duplicated(keep=False) | found["new"].duplicated(keep=False)
        sure = found[~unsure]
        self._take(sure["old"].to_numpy(), sure["new"].to_numpy())
        ranked = self._rank(found[unsure])
        while len(ranked):
            best = ranked[~ranked["old"].duplicated() & ~ranked["new"].duplicated()]
            self._take(best["old"].to_numpy(), best["new"].to_numpy())
            ranked = ranked[~ranked["old"].isin(best["old"]) & ~ranked["new"].isin(best["new"])]

    def _rank(self, found: pd.DataFrame) -> pd.DataFrame:
        """Candidates, the likeliest first: by equal content, shared resources, equal values, then by place."""
        at_old, at_new = found["old"].to_numpy(), found["new"].to_numpy()
        order = np.lexsort(
            (
                np.maximum(at_old, at_new),
                np.minimum(at_old, at_new),
                -(self.old.cells[at_old] == self.new.cells[at_new]).sum(axis=1),
                -found["weight"].to_numpy(),
                self.old.content[at_old] != self.new.content[at_new],
            )
        )
        return found.take(order)

    def _take(self, old: Codes, new: Codes) -> None:
        self.partner[old] = new
        self.taken[new] = True


def _join_links(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Columns old, new: every two records of a resource; ``alone`` where it is behind no other, ``weight`` 1."""
    sides = [links.assign(records=links.groupby("source")["row"].transform("size")) for links in (old, new)]
    sources = (
        sides[0][["source", "records"]]
        .drop_duplicates()
        .merge(sides[1][["source", "records"]].drop_duplicates(), on="source")
    )
    many = sources[["records_x", "records_y"]].min(axis=1) > MOST_SHARED
    told = sources.loc[~many, "source"]
    both = sides[0][sides[0]["source"].isin(told)].merge(sides[1], on="source", suffixes=("_old", "_new"))
    return pd.DataFrame(
        {
            "old": both["row_old"],
            "new": both["row_new"],
            "alone": (both["records_old"] == 1) & (both["records_new"] == 1),
            "weight": 1,
        }
    )


def _tell_by_resource(links: pd.DataFrame, old: Records, new: Records) -> npt.NDArray[np.bool_]:
    """Whether a shared resource makes two records the same: it is behind no other, or the topic is the same."""
    alone: npt.NDArray[np.bool_] = links["alone"].to_numpy(dtype=bool)
    if not old.has_topic:
        return alone
    return np.asarray(alone | (old.topic[links["old"].to_numpy()] == new.topic[links["new"].to_numpy()]))
