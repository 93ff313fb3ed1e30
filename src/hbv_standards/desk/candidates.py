"""Answers that could be given for something unmapped, and when one of them is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

THRESHOLD = 0.8
"""Smallest score of a proposal. Below it an answer is listed as a candidate and never written as one."""

LISTED = 4
"""How many candidates are listed at most."""


class Candidate(NamedTuple):
    """One possible answer. ``score`` is 0 to 1, ``reason`` says in words what speaks for and against it."""

    to_system: str
    to_code: str
    name: str
    score: float
    reason: str
    concept_id: str = ""  # units and values: only for this test
    field: str = ""  # uses: what the answer gives
    extension: str = ""


class Proposal(NamedTuple):
    """``chosen`` is the answer that is proposed, or None; ``why`` then says why there is none."""

    chosen: Candidate | None
    candidates: tuple[Candidate, ...] = ()
    why: str = ""


NOTHING = Proposal(None, (), "nothing like it is known")
UNCERTAIN = "no certain answer"
"""Why there is none where some names only look alike."""


def phrase_why(proposal: Proposal) -> str:
    """Why nothing is proposed; where names only look alike, with the nearest ones and their scores."""
    if proposal.why != UNCERTAIN:
        return proposal.why
    return f"{UNCERTAIN}; nearest: {', '.join(f'{c.to_code} {c.score:g}' for c in proposal.candidates)}"


def choose(candidates: Iterable[Candidate]) -> Proposal:
    """The best candidate, if it is good enough and no other answer is.

    Two good answers are none: which one holds would be a guess.
    """
    best: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        key = (candidate.to_system, candidate.to_code)
        if key not in best or candidate.score > best[key].score:
            best[key] = candidate
    ranked = sorted(best.values(), key=lambda c: (-c.score, c.to_system, c.to_code))
    good = [candidate for candidate in ranked if candidate.score >= THRESHOLD]
    listed = tuple(ranked[: max(LISTED, len(good))])
    if len(good) == 1:
        return Proposal(good[0], listed)
    if len(good) > 1:
        return Proposal(None, listed, f"could be {' or '.join(c.to_code for c in good)}")
    return Proposal(None, listed, ranked[0].reason if ranked else NOTHING.why)
