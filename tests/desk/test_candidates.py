"""When a candidate becomes a proposal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.desk.candidates import (
    NOTHING,
    THRESHOLD,
    UNCERTAIN,
    Candidate,
    Proposal,
    choose,
    phrase_why,
)


def candidate(code: str, score: float) -> Candidate:
    return Candidate("CONCEPT", code, code, score, f"reason of {code}")


def test_the_only_good_one_is_chosen() -> None:
    proposal = choose([candidate("B", 0.5), candidate("A", 0.9)])
    assert proposal.chosen == candidate("A", 0.9)
    assert [c.to_code for c in proposal.candidates] == ["A", "B"]


def test_two_good_ones_are_none() -> None:
    proposal = choose([candidate("B", 0.95), candidate("A", 0.8)])
    assert proposal.chosen is None
    assert proposal.why == "could be B or A"


def test_the_best_reason_for_one_answer_counts() -> None:
    assert choose([candidate("A", 0.3), candidate("A", 0.85)]).chosen == candidate("A", 0.85)


def test_none_is_good_enough() -> None:
    proposal = choose([candidate("A", 0.79)])
    assert proposal.chosen is None
    assert proposal.why == "reason of A"


def test_why_names_the_nearest() -> None:
    alike = Proposal(None, (candidate("AG", 0.28), candidate("ALB", 0.2)), UNCERTAIN)
    assert phrase_why(alike) == "no certain answer; nearest: AG 0.28, ALB 0.2"
    assert phrase_why(NOTHING) == "nothing like it is known"


@given(st.lists(st.builds(candidate, st.sampled_from("ABC"), st.floats(0, 1)), max_size=8))
def test_what_is_chosen_is_the_single_good_answer(listed: list[Candidate]) -> None:
    good = {c.to_code for c in listed if c.score >= THRESHOLD}
    chosen = choose(listed).chosen
    assert (chosen.to_code if chosen else None) == (good.pop() if len(good) == 1 else None)
    assert choose(listed) == choose(listed[::-1]) or len({c.score for c in listed}) < len(listed)
