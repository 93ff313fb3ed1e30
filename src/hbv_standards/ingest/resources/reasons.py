"""What a drug use, a procedure and an imaging study share: of whom, at which visit, why, and what was remarked."""

from __future__ import annotations

from typing import Annotated

from msgspec import Raw

from hbv_standards.ingest.elements import (
    ABSENT,
    CodeableReference,
    Concepts,
    Holds,
    Notes,
    Ref,
    Refs,
    Resource,
)
from hbv_standards.ingest.fragments import (
    Texts,
    read_concepts,
    read_concepts_of,
    read_references,
    read_references_of,
)


class Reasoned(Resource):
    """A resource with reasons: reasonCode and reasonReference in R4, reason in R5."""

    subject: Ref = ABSENT
    encounter: Ref = ABSENT
    reason_code: Concepts = ABSENT
    reason_reference: Refs = ABSENT
    reason: Annotated[Raw, Holds(list[CodeableReference])] = ABSENT
    note: Notes = ABSENT


def read_reasons(o: Reasoned) -> Texts:
    """Coded reasons, and the references of all."""
    coded = read_concepts(o.reason_code, "reasonCode") or read_concepts_of(o.reason, "reason")
    named = read_references(o.reason_reference, "reasonReference") or read_references_of(o.reason, "reason")
    return coded, named
