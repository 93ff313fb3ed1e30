"""QuestionnaireResponse → rows of table ``observation``: one per answer, nested ones too.

An answer is what an Observation's value is: ``code_concept`` holds the question, as the text of the
item and a coding of the questionnaire's canonical address (without version) and the item's linkId.
``effective_start`` is when the answers were given. A questionnaire without answers keeps one row of
``value_kind`` "panel".
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.ingest.codes import QuestionnaireResponseStatus
from hbv_standards.ingest.elements import ABSENT, Coding, Element, Number, Quantity, Ref, Resource, Text
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import Texts, read_integer, read_number, read_reference
from hbv_standards.ingest.primitives import is_time
from hbv_standards.ingest.resources.observation import COLUMNS, NO_VALUE, read_quantity
from hbv_standards.ingest.resources.times import read_date, read_datetime
from hbv_standards.ingest.rows import Place, Rows

_REST: Texts = (None,) * (COLUMNS.index("has_member") - COLUMNS.index("absent_concept"))


class Answer(Element):
    """QuestionnaireResponse.item.answer."""

    value_boolean: bool | UnsetType = UNSET
    value_decimal: Number = ABSENT
    value_integer: Number = ABSENT
    value_date: Text = ""
    value_date_time: Text = ""
    value_time: Text = ""
    value_string: Text = ""
    value_uri: Text = ""
    value_coding: Coding | UnsetType = UNSET
    value_quantity: Quantity | UnsetType = UNSET
    value_attachment: Raw = ABSENT
    value_reference: Raw = ABSENT
    item: list[Item] = field(default_factory=list)


class Item(Element):
    """QuestionnaireResponse.item: a question, or a group of them."""

    link_id: Text = ""
    text: Text = ""
    answer: list[Answer] = field(default_factory=list)
    item: list[Item] = field(default_factory=list)


class QuestionnaireResponse(Resource):
    """QuestionnaireResponse, the same in R4 and R5."""

    questionnaire: Text = ""
    status: QuestionnaireResponseStatus | UnsetType = UNSET
    subject: Ref = ABSENT
    encounter: Ref = ABSENT
    authored: Text = ""
    item: list[Item] = field(default_factory=list)


def append_questionnaire_response(o: QuestionnaireResponse, place: Place, rows: Rows) -> None:
    """Append the answers of one QuestionnaireResponse. Raises :class:`ElementFault`."""
    if o.status is UNSET:
        raise ElementFault("status", "is missing")
    source, anchor, path = place
    subject, encounter = read_reference(o.subject, "subject"), read_reference(o.encounter, "encounter")
    authored = read_datetime(o.authored, "authored")
    about = (o.status, None, subject, encounter, None, authored, None, None)
    system = o.questionnaire.partition("|")[0]
    answers = list(_walk(o.item, system, ""))
    if not answers:
        panel = ("panel", *NO_VALUE[1:])
        answers = [("", join_concept(None, [(system, "", "")]), panel)]
    for at, (below, question, value) in enumerate(answers):
        node = (source, anchor, f"{path}.{below}" if below else path)
        rows["observation"].append((*node, at > 0, question, *about, *value, *_REST, False, None, None, None))


def _walk(items: list[Item], system: str, above: str) -> Iterator[tuple[str, str | None, Texts]]:
    """Path, question and value columns of every answer, in the order of the questionnaire."""
    for at, item in enumerate(items):
        path = f"{above}item[{at}]"
        question = join_concept(item.text, [(system, item.link_id, item.text)])
        for number, answer in enumerate(item.answer):
            below = f"{path}.answer[{number}]"
            try:
                value = read_answer(answer)
            except ElementFault as fault:
                raise fault.below(below) from None
            if value[0] != "none":
                yield below, question, value
            yield from _walk(answer.item, system, f"{below}.")
        yield from _walk(item.item, system, f"{path}.")


def read_answer(o: Answer) -> Texts:
    """An answer as the value columns of an Observation. Raises :class:`ElementFault`."""
    if _count_values(o) > 1:
        raise ElementFault("value", "was sent in two types")
    if o.value_quantity is not UNSET:
        return read_quantity(o.value_quantity, "valueQuantity")
    if o.value_coding is not UNSET:
        sent = o.value_coding
        concept = join_concept(None, [(sent.system, sent.code, sent.display)])
        return ("concept", None, None, None, None, None, concept) if concept else NO_VALUE
    kind, text = _read_plain(o)
    return (kind, text, *NO_VALUE[2:])


def _count_values(o: Answer) -> int:
    set_ones = (o.value_boolean, o.value_coding, o.value_quantity)
    told = (
        o.value_decimal, o.value_integer, o.value_date, o.value_date_time, o.value_time, o.value_string,
        o.value_uri, o.value_attachment, o.value_reference,
    )  # fmt: skip
    return sum(value is not UNSET for value in set_ones) + sum(bool(value) for value in told)


def _read_plain(o: Answer) -> tuple[str, str | None]:
    if o.value_boolean is not UNSET:
        return "boolean", "true" if o.value_boolean else "false"
    if o.value_decimal:
        return "quantity", read_number(o.value_decimal, "valueDecimal")
    if o.value_integer:
        return "integer", read_integer(o.value_integer, "valueInteger")
    if o.value_date:
        return "datetime", read_date(o.value_date, "valueDate")
    if o.value_date_time:
        return "datetime", read_datetime(o.value_date_time, "valueDateTime")
    if o.value_string or o.value_uri:
        return "string", o.value_string or o.value_uri
    if o.value_time and not is_time(o.value_time):
        raise ElementFault("valueTime", "is not a time")
    return ("other", o.value_time or None) if _count_values(o) else ("none", None)
