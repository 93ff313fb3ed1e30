"""Which planned visit a hospital's name for a contact may be: by the week or the name that it says.

``V3`` is proposed only where the days of such contacts are those of the plan. ``随访12周`` or
``停药后12周`` may be weeks after the treatment and are nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from hbv_standards.desk.candidates import NOTHING, Candidate, Proposal, choose
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.study import PlannedVisit, StudyConfig

_SAID, _NUMBERED = 0.95, 0.85
_WEEK = re.compile(r"(?:week|wk|w)\s*(\d{1,3})|(?:第\s*)?(\d{1,3})\s*(?:周|weeks?|wks?|w)(?![a-z])")
_BESIDE = re.compile(r"[\s()\[\]\-_:,.第]|访视|visit|治疗|treatment|访|±\s*\d+\s*(?:天|d|days)")
_NUMBER = re.compile(r"(?:v|visit|访视|第)\s*(\d{1,2})(?:\s*(?:次访视|次|访))?")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "SCREENING": ("筛选", "筛选期", "筛选访视", "screening", "screening visit"),
    "BASELINE": ("基线", "基线访视", "baseline", "baseline visit"),
}


class VisitProposer:
    """Proposals for the contacts of one hospital; ``codes`` are all that it calls its contacts."""

    def __init__(self, study: StudyConfig, codes: Sequence[SeenCode]) -> None:
        self._visits = {visit.visitnum: visit for visit in study.visits}
        self._by_name = {normalise_text(visit.visit): visit for visit in study.visits}
        self._by_week = {(visit.visitdy - 1) // 7: visit for visit in study.visits if visit.visitdy % 7 == 1}
        for name, words in _WORDS.items():
            known = self._by_name.get(normalise_text(name))
            self._by_name |= {normalise_text(word): known for word in words} if known else {}
        self._numbered = {code.number: n for code in codes if (n := read_number(code)) is not None}
        self._codes = {code.number: code for code in codes}

    def propose(self, code: SeenCode) -> Proposal:
        """The planned visit, or why none is proposed."""
        found = [c for name in code.names if (c := self._read_name(name)) is not None]
        if not found and code.number in self._numbered:
            found = [self._judge_number(code)]
        return choose(found) if found else NOTHING._replace(why="it names no planned visit")

    def _read_name(self, name: str) -> Candidate | None:
        text = normalise_text(name)
        visit = self._by_name.get(text)
        if visit is not None:
            return _build(visit, _SAID, f"{name} is {visit.visit}")
        match = _WEEK.search(text)
        if match is None:
            return None
        week = int(match[1] or match[2])
        rest = _BESIDE.sub("", text[: match.start()] + text[match.end() :])
        visit = self._by_week.get(week)
        if visit is None:
            return None
        if rest:
            return _build(visit, 0.5, f"{name} says week {week}, but what {rest} adds is not known")
        return _build(visit, _SAID, f"{name} says week {week} of the plan")

    def _judge_number(self, code: SeenCode) -> Candidate:
        """A number is the plan's where the days between numbered contacts are."""
        number = self._numbered[code.number]
        visit = self._visits.get(float(number))
        if visit is None:
            return Candidate("VISITNUM", str(number), "", 0.2, f"the study plans no visit {number}")
        first = next((v for v in self._visits.values() if v.visitdy == 1), None)
        others = [c for n, c in self._codes.items() if first and self._numbered.get(n) == first.visitnum]
        days = [
            (date.fromisoformat(code.days[person]) - date.fromisoformat(begin)).days + 1
            for other in others
            for person, begin in other.days.items()
            if person in code.days and _is_date(begin) and _is_date(code.days[person])
        ]
        if not days:
            return _build(visit, 0.6, f"its number is that of {visit.visit}, but no days tell whether it is")
        typical = median(days) if median(days) > 0 else median(days) - 1
        if not visit.window[0] <= typical <= visit.window[1]:
            return _build(
                visit, 0.3, f"number {number} is day {typical:g} by its dates, {visit.visit} is not"
            )
        return _build(
            visit, _NUMBERED, f"its number and its days (day {typical:g}) are those of {visit.visit}"
        )


def read_number(code: SeenCode) -> int | None:
    """The number of a visit in a code or a name that says nothing else: V3, 访视3."""
    for text in (code.code, *code.names):
        match = _NUMBER.fullmatch(normalise_text(text or ""))
        if match:
            return int(match[1])
    return None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _build(visit: PlannedVisit, score: float, reason: str) -> Candidate:
    return Candidate("VISITNUM", f"{visit.visitnum:g}", visit.visit, score, reason)
