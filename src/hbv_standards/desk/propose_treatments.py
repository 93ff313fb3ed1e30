"""Which drug or procedure of the study an unmapped one may be.

A hospital's name is a drug's when nothing is left after form, strength and pack are taken off.
Salts and greek letters stay: they tell drugs apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from hbv_standards.desk.candidates import NOTHING, Candidate, Proposal, choose
from hbv_standards.desk.names import squeeze
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.mapping.apply import ATC_SYSTEMS
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import list_accepted
from hbv_standards.mapping.tables import BASE

_NAME, _WITHOUT_FORM = 0.95, 0.9
_STRENGTH = re.compile(
    r"(?<![a-z0-9α-ω-])\d+(?:\.\d+)?\s*(?:mg|ug|mcg|μg|g|ml|iu|u|万iu|万u|万单位|单位|毫克|微克|克|毫升)\b"
    r"(?:\s*/\s*(?:\d+(?:\.\d+)?\s*)?(?:ml|支|片|粒|瓶|盒|袋))?|\s*[x×*]\s*\d+\s*(?:片|粒|支|盒|瓶|袋)?"
)
_FORMS = (
    "分散片", "薄膜衣片", "肠溶片", "缓释片", "口腔崩解片", "片剂", "片", "胶囊剂", "硬胶囊", "软胶囊", "胶囊",
    "颗粒剂", "颗粒", "口服溶液", "口服液", "注射剂", "注射液", "预充式注射器", "预充注射器", "粉针剂", "粉针", "针剂",
    "film-coated tablets", "film-coated tablet", "dispersible tablets", "tablets", "tablet", "tabs", "tab",
    "capsules", "capsule", "caps", "solution for injection", "prefilled syringe", "injection", "oral solution",
)  # fmt: skip
_PACKS = re.compile(r"^\s*(?:[(\[【]?(?:集采|国采|医保|自费|进口|国产|门诊|住院)[)\]】]?\s*)+")
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")


class TreatmentProposer:
    """Proposals for the drugs and procedures of one hospital."""

    def __init__(self, catalog: Catalog, site: str) -> None:
        self._named: dict[str, set[tuple[str, str]]] = defaultdict(set)  # name → treatment, source
        for drug in catalog.treatments.values():
            for name in (drug.treatment_id, *drug.names):
                self._named[squeeze_drug(name)].add((drug.treatment_id, "treatments.csv"))
        for text, treatment, other in _list_accepted_names(catalog, site):
            self._named[squeeze_drug(text)].add((treatment, f"accepted at {other}"))

    def propose(self, code: SeenCode) -> Proposal:
        """The drug of a code that no table knows, or why none is proposed."""
        foreign = next((c for c in code.codings if c.system in ATC_SYSTEMS and c.code), None)
        parts = [list(self._find(name)) for name in code.names]
        parts = [part for part in parts if part]
        if not parts:
            return NOTHING
        proposal = choose(candidate for part in parts for candidate in part)
        if proposal.chosen is not None and foreign is not None:
            why = f"its ATC code {foreign.code} is of no drug of treatments.csv, so the name may mean another"
            return Proposal(None, proposal.candidates, why)
        if proposal.chosen is not None and not set.intersection(
            *({c.to_code for c in part} for part in parts)
        ):
            return Proposal(
                None, proposal.candidates, f"its names mean different drugs ({', '.join(code.names)})"
            )
        return proposal

    def _find(self, text: str) -> Iterator[Candidate]:
        outer, inner = part_drug(text)
        for core, score in ((squeeze_drug(text), _NAME), (squeeze_drug(outer), _WITHOUT_FORM)):
            for treatment, source in sorted(self._named.get(core, ())):
                beside = [name for name in inner if not self._is_name(name, treatment)]
                if beside and score < _NAME:
                    reason = f"{text} without form and strength is {treatment}, but what {beside[0]} adds is not known"
                    yield Candidate("TREATMENT", treatment, treatment, 0.5, reason)
                else:
                    reason = f"{text} is {treatment}" + (
                        " without form and strength" if score < _NAME else ""
                    )
                    yield Candidate("TREATMENT", treatment, treatment, score, f"{reason} ({source})")

    def _is_name(self, text: str, treatment: str) -> bool:
        return any(known == treatment for known, _ in self._named.get(squeeze_drug(text), ()))


def squeeze_drug(text: str) -> str:
    """A drug's name without punctuation."""
    return squeeze(normalise_text(text))


def part_drug(text: str) -> tuple[str, list[str]]:
    """The name without pack, strength and form; and what stood in brackets and is neither."""
    plain = _PACKS.sub("", normalise_text(text))
    inner = [_take_off(part) for part in _BRACKETS.findall(plain)]
    return _take_off(_BRACKETS.sub(" ", plain)), [part for part in inner if part]


def _take_off(text: str) -> str:
    text = _STRENGTH.sub(" ", text).strip()
    for form in _FORMS:
        if text == form or text.endswith((f" {form}", form if not form.isascii() else f" {form}")):
            return text.removesuffix(form).strip()
    return text


def _list_accepted_names(catalog: Catalog, site: str) -> Iterator[tuple[str, str, str]]:
    """(text, treatment, hospital) of what other hospitals call their drugs."""
    for other, table in sorted(catalog.lookups.items()):
        if other in (site, BASE):
            continue
        for row in list_accepted(table.codes):
            if row.kind != "treatment" or not row.text or row.to_code is None:
                continue
            drug = (
                catalog.treatment_of_atc[row.to_code]
                if row.to_system == "ATC"
                else catalog.treatments[row.to_code]
            )
            yield row.text, drug.treatment_id, other
