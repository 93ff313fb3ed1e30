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
_WEEK = re.compile(r"(?:week|wk|w)\s*(-?\d{1,3})|(?:第\s*)?(-?\d{1,3})\s*(?:周末?|weeks?|wks?|w)(?![a-z])")
_DAY = re.compile(r"(?<![a-z])(?:day|d)\s*(-?\d{1,3})|(?:第\s*)?(-?\d{1,3})\s*(?:天|days?|d)(?![a-z])")
_SPARE = re.compile(r"±\s*\d+\s*(?:天|d|days)|(?<![a-z])(?:v|visit|访视)\s*\d{1,2}(?!\d)")
_BESIDE = re.compile(r"[\s()\[\]\-_:,.第]|访视|visit|治疗|treatment|访")
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
        self._by_week |= {v.visitdy // 7: v for v in study.visits if v.visitdy < 0 and v.visitdy % 7 == 0}
        self._by_day = {visit.visitdy: visit for visit in study.visits}
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
        said, plan, rest = "", [], _SPARE.sub(" ", text)
        for unit, pattern, visits in (("week", _WEEK, self._by_week), ("day", _DAY, self._by_day)):
            for match in pattern.finditer(rest):
                number = int(match[1] or match[2])
                said = said or f"{unit} {number}"
                plan.append(visits.get(number))
            rest = pattern.sub(" ", rest)
        return self._weigh_name(name, said, plan, _BESIDE.sub("", rest))

    def _weigh_name(
        self, name: str, said: str, plan: list[PlannedVisit | None], rest: str
    ) -> Candidate | None:
        """What weeks, days and words of a name say together; where they disagree it is nothing."""
        if rest in self._by_name:
            plan, said = [*plan, self._by_name[rest]], said or rest
            rest = ""
        visit = plan[0] if plan else None
        if visit is None or any(other != visit for other in plan):
            return None
        if rest:
            return _build(visit, 0.5, f"{name} says {said}, but what {rest} adds is not known")
        return _build(visit, _SAID, f"{name} says {said} of the plan")

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
