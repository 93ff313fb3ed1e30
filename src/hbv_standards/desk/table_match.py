"""Which row of an edited table is which row of the table as it was."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from hbv_standards.desk.table_text import Cells

_ALIKE = 0.3
"""Share of what two rows say, rare cells weighing more, that makes one an edited form of the other."""

_PAIRS = 250_000
"""Beyond so many pairs of rows that are left, only neighbours are compared."""


def match_rows(
    old: Sequence[Cells], new: Sequence[Cells], numbers: Sequence[int | None] = ()
) -> list[int | None]:
    """For each row of ``new`` the index of the row of ``old`` that it is, ``None`` for an added one.

    Equal rows first, wherever they stand; then rows that carry the number of an old one; then rows
    edited in their place; then the most alike.
    """
    matches, free = _match_equal(old, new)
    weights = _weigh_cells([*old, *new])
    for at, number in enumerate(numbers):
        place = (number or 0) - 1
        if matches[at] is None and place in free and _compute_likeness(old[place], new[at], weights) > 0:
            matches[at] = place
            free.discard(place)
    _match_neighbours(old, new, matches, free, weights)
    left = [at for at, match in enumerate(matches) if match is None]
    if left and free and len(left) * len(free) <= _PAIRS:
        _match_alike(old, new, matches, free, left, weights)
    return matches


def _match_equal(old: Sequence[Cells], new: Sequence[Cells]) -> tuple[list[int | None], set[int]]:
    places: dict[frozenset[tuple[str, str]], deque[int]] = {}
    for at, row in enumerate(old):
        places.setdefault(frozenset(row.items()), deque()).append(at)
    matches: list[int | None] = []
    for row in new:
        same = places.get(frozenset(row.items()))
        matches.append(same.popleft() if same else None)
    return matches, set(range(len(old))) - {match for match in matches if match is not None}


def _weigh_cells(rows: Sequence[Cells]) -> dict[tuple[str, str], float]:
    """A cell that many rows have says little of which row it is."""
    counts = Counter(item for row in rows for item in row.items())
    return {item: 1 / count for item, count in counts.items()}


def _compute_likeness(one: Cells, other: Cells, weights: dict[tuple[str, str], float]) -> float:
    same = different = 0.0
    for name in {*one, *other}:
        if one.get(name) == other.get(name):
            same += weights[name, one[name]]
            continue
        parts = [weights[name, row[name]] for row in (one, other) if name in row]
        different += sum(parts) / len(parts)
    return same / (same + different) if same else 0.0


def _match_neighbours(
    old: Sequence[Cells],
    new: Sequence[Cells],
    matches: list[int | None],
    free: set[int],
    weights: dict[tuple[str, str], float],
) -> None:
    before = -1
    for at, match in enumerate(matches):
        if match is None and before + 1 in free and _is_alike(old[before + 1], new[at], weights):
            matches[at] = before + 1
            free.discard(before + 1)
        found = matches[at]
        before = before if found is None else found


def _is_alike(one: Cells, other: Cells, weights: dict[tuple[str, str], float]) -> bool:
    return _compute_likeness(one, other, weights) >= _ALIKE


def _match_alike(
    old: Sequence[Cells],
    new: Sequence[Cells],
    matches: list[int | None],
    free: set[int],
    left: list[int],
    weights: dict[tuple[str, str], float],
) -> None:
    pairs = (
        (_compute_likeness(old[place], new[at], weights), at, place) for at in left for place in sorted(free)
    )
    ranked = sorted((-likeness, at, place) for likeness, at, place in pairs if likeness >= _ALIKE)
    for _, at, place in ranked:
        if matches[at] is None and place in free:
            matches[at] = place
            free.discard(place)
