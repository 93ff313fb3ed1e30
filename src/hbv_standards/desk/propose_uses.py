"""Which substance an unmapped question is about, and what of its use the answers give.

A question names the substance by a name of ``treatments.csv``; what else it says must be plain, and
the answers must be of the kind: never and now, yes and no, a year, an amount in a unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hbv_standards.desk.candidates import NOTHING, Candidate, Proposal, choose
from hbv_standards.desk.names import squeeze
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import TreatmentRow

_CERTAIN, _LIKELY, _UNCLEAR = 0.9, 0.85, 0.5
_ANSWERS = ("USE_STATUS", "NY")  # codelists of what one says about a substance
_PER_DAY = "dose;QD"  # the question says per day, the unit of the answer does not
_YEAR = re.compile(r"(?:19|20)\d{2}(?:年|[-/.年]\d{1,2}.*)?")
_BESIDE: Mapping[str, re.Pattern[str]] = {  # field → what a question says beside the substance
    "occurred": re.compile(
        r"(?:您?(?:目前|现在|曾|以前)?(?:是否|有无)有?|个人)?(?:史|情况|状况|状态|习惯|status|history|historyof)?"
    ),
    "dose": re.compile(
        r"(?:平均)?(?:每[日天]|日均?)(?:摄入|用)?(?:量|数量|支数|用量)?(?:(?P<unit>支|g|克)数?)?(?:/[日天d])?"
        r"|amountperday|perday|dailyamount"
    ),
    "start_dtc": re.compile(
        r"(?:[何哪]年)?开始(?:年份|时间|日期|年)?|起始(?:年份|时间|日期|年)|since|startyear|startdate"
    ),
    "end_dtc": re.compile(r"(?:[何哪]年)?(?:停止|终止|结束)(?:年份|时间|日期|年)?|until|endyear|enddate"),
}
_GIVEN_UP = (("戒烟", "停止吸烟"), ("戒酒", "停止饮酒"))  # what is given up is named by half


class UseProposer:
    """Proposals for the questions about substances of one hospital."""

    def __init__(self, catalog: Catalog, mapper: SiteMapper) -> None:
        self._mapper = mapper
        self._names = {
            squeeze(normalise_text(name)): drug.treatment_id
            for drug in catalog.treatments.values()
            if is_substance(drug)
            for name in (drug.treatment_id, *drug.names)
        }

    def propose(self, code: SeenCode) -> Proposal:
        """The substance and field of a question that no table knows, or why none is proposed."""
        found = [candidate for name in code.names for candidate in self._find(code, name)]
        return choose(found) if found else NOTHING

    def _find(self, code: SeenCode, text: str) -> Iterator[Candidate]:
        plain = squeeze(normalise_text(text)).replace(":", "")
        for short, full in _GIVEN_UP:
            plain = plain.replace(short, full)
        for name in sorted((n for n in self._names if n in plain), key=lambda n: (-len(n), n))[:1]:
            rest = plain.replace(name, "", 1)
            field = next((field for field, beside in _BESIDE.items() if beside.fullmatch(rest)), None)
            told = f"{text} asks for {name}"
            if field is None:
                yield self._build(name, _UNCLEAR, f"{told}, but what {rest} adds is not known", "")
                continue
            unit = self._read_unit(name, rest) if field == "dose" else ""
            problem = self._judge_answers(code, field, unit)
            if problem:
                yield self._build(name, _UNCLEAR, f"{told}, but {problem}", field)
            else:
                score = _CERTAIN if field == "occurred" else _LIKELY
                timed = all("/" in amount.sent for amount in code.results.amounts)
                given = _PER_DAY if field == "dose" and not timed else field
                given = f"dose;{unit};QD" if unit else given
                yield self._build(name, score, f"{told}; its answers fit", given)

    def _read_unit(self, name: str, rest: str) -> str:
        """The unit of the amount, where the question says it."""
        match = _BESIDE["dose"].fullmatch(rest)
        sent = match["unit"] if match else None
        unit = self._mapper.map_unit(None, sent, self._names[name]) if sent else None
        return (unit.unit_value or "") if unit else ""

    def _judge_answers(self, code: SeenCode, field: str, unit: str) -> str | None:
        """What keeps the answers from being those of the field."""
        results = code.results
        if field == "occurred":
            words = [word for word, _ in results.words]
            known = [w for w in words if any(self._mapper.map_value(n, w) for n in _ANSWERS)]
            if results.numbers or not words:
                return "it is not answered in words"
            return None if known else f"the answer {words[0]} is not known"
        if field == "dose":
            if not results.numbers:
                return "it is not answered by numbers"
            bare = any(not amount.sent for amount in results.amounts)
            silent = bare and not unit
            return "the numbers have no unit; say it in `field`, as dose;UNIT;QD" if silent else None
        dated = all(_YEAR.fullmatch(word) for word in results.examples) and bool(results.examples)
        return None if dated else "its answers are no years or dates"

    def _build(self, name: str, score: float, reason: str, field: str) -> Candidate:
        treatment = self._names[name]
        return Candidate("TREATMENT", treatment, treatment, score, reason, field=field)


def is_substance(drug: TreatmentRow) -> bool:
    """Whether a treatment is no drug that one is given: it has no code, form or route."""
    return not (drug.atc or drug.dose_form or drug.route)
