"""What an event is called: the hospital's words, its code, and the English term of the mapping tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from hbv_standards.canonical.concept_text import Coding, split_concept
from hbv_standards.derive.ascii_text import convert_encodable
from hbv_standards.ingest.distinct import build_mappers, build_mask, describe_concept, spread
from hbv_standards.ingest.outcomes import settle
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.vocabulary import GENERAL_HISTORY, PRIMARY_DIAGNOSIS, TERM
from hbv_standards.study import StudyConfig
from hbv_standards.study_rules import DiagnosisRule

_MEDDRA = re.compile(r"meddra|2\.16\.840\.1\.113883\.6\.163$", re.IGNORECASE)
_ICD10 = re.compile(r"icd-?10|2\.16\.840\.1\.113883\.6\.(3|90)$", re.IGNORECASE)
_SNOMED = re.compile(r"snomed|2\.16\.840\.1\.113883\.6\.96$", re.IGNORECASE)
_PREFERRED = {  # which of several codes is carried: of an event MedDRA's, of a disease the one of diagnoses
    "adverse event": (_MEDDRA, _ICD10, _SNOMED),
    "history": (_ICD10, _MEDDRA, _SNOMED),
    "family history": (_ICD10, _MEDDRA, _SNOMED),
}


class Term(NamedTuple):
    """What one distinct concept says: fields of :class:`hbv_standards.canonical.model.Event`."""

    term: str | None = None
    term_value: str | None = None
    mapping_row: str | None = None
    code: str | None = None
    code_system: str | None = None
    occurred: str | None = None


def map_terms(rows: pd.DataFrame, catalog: Catalog, sources: pd.DataFrame, log: IssueLog) -> pd.DataFrame:
    """Add the fields of :class:`Term` and ``prespecified``; rows of which nobody can tell what they are drop out.

    A term without English that is not ASCII is reported (HBV-MAP-005): it can be in one build only.
    """
    mappers = build_mappers(catalog)
    found: list[Term] = spread(
        rows,
        ["site", "kind", "code_concept"],
        lambda site, kind, concept: read_term(mappers[site], kind, concept),
    )
    made = rows.assign(**{name: [getattr(t, name) for t in found] for name in Term._fields})
    nameless = build_mask(t.term is None for t in found)
    for row in rows[nameless].to_dict("records"):
        told = "neither code nor text: nobody can tell what it is"
        log.add("HBV-CAN-006", source_id=row["source_id"], path=row["path"], message=told)
    settle(sources, rows.loc[nameless, "source_id"], "rejected", "HBV-CAN-006")
    unknown = build_mask(is_foreign(t) for t in found) & ~nameless
    for row in rows[unknown].to_dict("records"):
        label = describe_concept(row["code_concept"])
        log.add(
            "HBV-MAP-005",
            source_id=row["source_id"],
            path=f"{row['path']}.code",
            value=label,
            message=f"{label} has no English term; add it to sites/{row['site']}/values.csv, codelist {TERM}",
        )
    made = made.assign(prespecified=made["occurred"].notna())
    text = dict.fromkeys(Term._fields, "str")
    return made[~nameless].reset_index(drop=True).astype(text)


def is_foreign(term: Term) -> bool:
    """Whether only a build that is not ASCII can hold the term."""
    return term.term_value is None and term.term is not None and convert_encodable(term.term, "fda") is None


def read_term(mapper: SiteMapper, kind: str, concept: str | None) -> Term:
    """What a concept says, at one hospital.

    The English term is that of codelist TERM; where no row has it, the English name that the chosen
    code was sent with. A row of codelist NY for the same concept says that the disease was denied
    ("no history of ..."): only where TERM says which disease.
    """
    if concept is None:
        return Term()
    text, codings = split_concept(concept)
    named = next((c.display or c.code for c in codings if c.display or c.code), "")
    term = text.strip() or named.strip()
    if not term:
        return Term()
    coding = choose_coding(codings, kind)
    match = mapper.map_concept(TERM, concept)
    english, row = (match.value, match.row) if match is not None else (_read_english(coding.display), None)
    denied = mapper.map_concept("NY", concept) if match is not None else None
    return Term(
        term,
        english,
        row,
        coding.code or None,
        coding.system or None if coding.code else None,
        denied.value if denied is not None and denied.value in ("N", "U") else None,
    )


def choose_coding(codings: Sequence[Coding], kind: str) -> Coding:
    """The code that is carried: of the system that the kind prefers, else the first."""
    coded = [coding for coding in codings if coding.code]
    ranked = (c for system in _PREFERRED[kind] for c in coded if system.search(c.system))
    return next(ranked, coded[0] if coded else Coding())


def _read_english(display: str) -> str | None:
    """A display that is words in ASCII."""
    words = convert_encodable(display, "fda") if display else None
    return words if words is not None and any(char.isalpha() for char in words) else None


def map_category(rows: pd.DataFrame, study: StudyConfig) -> pd.DataFrame:
    """Add ``category``: the disease of a ``diagnosis`` criterion of the study is the primary diagnosis.

    Only of the subject's own diseases; by the beginning of its code, or by its name.
    """
    rules = [c.rule for c in study.criteria if isinstance(c.rule, DiagnosisRule)]
    codes = tuple(code for rule in rules for code in rule.codes)
    terms = {term.casefold() for rule in rules for term in rule.terms}
    coded = rows["code"].str.startswith(codes).eq(True) if codes else pd.Series(False, index=rows.index)
    named = rows["term_value"].str.casefold().isin(terms) | rows["term"].str.casefold().isin(terms)
    category = pd.Series(GENERAL_HISTORY, index=rows.index, dtype="str").mask(
        coded | named, PRIMARY_DIAGNOSIS
    )
    return rows.assign(category=category.where(rows["kind"] == "history"))
