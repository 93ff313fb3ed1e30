"""Faulty elements: where a fault lies, what has to go with it, and whether the resource can live without.

A path is relative to its resource and in FHIR names: ``component[1].valueQuantity.value``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec
from msgspec import Raw

_MSGSPEC_PATH = re.compile(r"^(?P<reason>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

LEFT_OUT = b'{"-":true}'  # stands in for an element of a list, so that the others keep their index


class ElementFault(Exception):  # noqa: N818  a fault of the data, not an error of the program
    """An element is not valid FHIR. ``path`` is relative to the node that is being read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def below(self, parent: str) -> ElementFault:
        """The same fault seen from the node that holds ``parent``."""
        return ElementFault(join_path(parent, self.path), self.reason)


def join_path(parent: str, path: str) -> str:
    """``path`` seen from the node that holds ``parent``."""
    return f"{parent}.{path}" if parent and path and path[0] != "[" else parent + path


class Verdict(NamedTuple):
    """What is done about a fault: ``remove`` is left out, unless ``essential`` says why it cannot be."""

    remove: str
    essential: str | None


def read_fault(error: msgspec.ValidationError, path: str = "") -> ElementFault:
    """The fault that msgspec found, ``path`` being where its input sits in the resource."""
    match = _MSGSPEC_PATH.match(str(error))
    inner = (match["path"] or "") if match else ""
    reason = match["reason"] if match else str(error)
    return ElementFault(join_path(path, inner), _word_reason(reason))


def _word_reason(reason: str) -> str:
    """msgspec's words in the words of FHIR, without the value: it may be a person's."""
    if "matching regex" in reason:
        return "is not a code (no blanks before, after or doubled)"
    if reason.startswith("Invalid enum value"):
        return "is not in the required value set"
    if "length >= 1" in reason:
        return "is empty"
    return reason.replace("Expected", "should be", 1).replace(", got", " but is", 1).replace("`", "")


_VALUE = r"value(Quantity(\.(value|comparator))?|(Range|Ratio|Period)(\..*)?|[A-Z][A-Za-z]*)?"
_DRUG_USE = r"Medication(Administration|Request|Statement|Dispense)"
_EVENT = r"Condition|FamilyMemberHistory|AdverseEvent"
_ESSENTIAL: tuple[tuple[str, str, str], ...] = (  # resource type, element, why nothing is left without it
    ("Patient|Encounter|Specimen|Medication|ResearchStudy", "id", "other resources refer to it by this id"),
    ("Observation", "status", "nobody can tell whether the result holds"),
    ("Observation", "code", "nobody can tell what was measured"),
    ("Observation", _VALUE, "a result is not guessed"),
    (
        f"Observation|Specimen|Encounter|DiagnosticReport|Consent|{_EVENT}|{_DRUG_USE}",
        r"subject|patient|subject\.reference|patient\.reference",
        "nobody can tell whose it is",
    ),
    (
        "QuestionnaireResponse|Procedure|ImagingStudy",
        r"subject|subject\.reference",
        "nobody can tell whose it is",
    ),
    ("QuestionnaireResponse", "status", "nobody can tell whether the answers hold"),
    ("Procedure", "status", "nobody can tell whether it was done"),
    ("ResearchSubject", r"(individual|subject)(\.reference)?", "nobody can tell who was enrolled"),
    ("Condition", r"verificationStatus(\..*)?", "nobody can tell whether the disease was found"),
    ("FamilyMemberHistory|AdverseEvent", "status", "nobody can tell whether it holds"),
    ("AdverseEvent", "actuality", "nobody can tell whether it happened"),
    (_DRUG_USE, "status", "nobody can tell whether the drug was given"),
    (_DRUG_USE, r"medication([A-Z][A-Za-z]*)?", "nobody can tell which drug it was"),
)
_KINDS = tuple((re.compile(t), re.compile(e), why) for t, e, why in _ESSENTIAL)

_WIDEN = tuple(
    re.compile(pattern)
    for pattern in (
        r"(.*\breferenceRange\[\d+\])\..*",  # one limit alone would judge results wrongly
        r"(.*\banswer\[\d+\])\.value.*",  # an answer is not guessed
        r"(.*\bidentifier\[\d+\])\..*",  # half an identifier could meet another's
        r"(.*\bcondition\[\d+\])\.code",  # of a relative: nobody can tell which disease
        r"(.*\b(?:event|profile))\[\d+\].*",  # texts have no name to point at
        r"(.+)\.(?:value|comparator)",  # a Quantity without number or comparator says something else
    )
)
_PART = re.compile(r"(component\[\d+\]|contained\[\d+\])(?:\.(.*))?")


def judge_fault(resource_type: str, path: str, raw: bytes) -> Verdict:
    """What to leave out because of a fault at ``path``; a component or contained resource goes as a whole
    where a resource would be rejected."""
    part = _PART.fullmatch(path)
    if part is not None:
        owner = part[1]
        inside = resource_type if owner.startswith("component") else _read_type(raw, owner)
        why = find_essential(inside, part[2] or "")
        return Verdict(owner if why or not part[2] else _widen(path), None)
    return Verdict(_widen(path), find_essential(resource_type, path))


def find_essential(resource_type: str, path: str) -> str | None:
    """Why a resource of the type is nothing without the element, or None."""
    return next(
        (why for kind, element, why in _KINDS if kind.fullmatch(resource_type) and element.fullmatch(path)),
        None,
    )


def _widen(path: str) -> str:
    return next((match[1] for pattern in _WIDEN if (match := pattern.fullmatch(path))), path)


def _read_type(raw: bytes, path: str) -> str:
    try:
        found = msgspec.json.decode(read_element(raw, path + ".resourceType"))
    except (msgspec.DecodeError, LookupError):
        return ""
    return found if isinstance(found, str) else ""


def read_element(raw: bytes, path: str) -> bytes:
    """Bytes of the element at ``path``; raises ``LookupError`` or ``msgspec.DecodeError`` where none is."""
    for name, index in _STEP.findall(path):
        if index:
            raw = bytes(msgspec.json.decode(raw, type=list[Raw])[int(index)])
        else:
            raw = bytes(msgspec.json.decode(raw, type=dict[str, Raw])[name])
    return raw


def remove_element(raw: bytes, path: str) -> bytes:
    """The same JSON without the element at ``path``, every other byte of every value kept.

    An object in a list is replaced, not removed, so that the paths of its neighbours stay true.
    """
    steps = _STEP.findall(path)
    return _remove(raw, steps) if steps else raw


def _remove(raw: bytes, steps: list[tuple[str, str]]) -> bytes:
    (name, index), rest = steps[0], steps[1:]
    if not index:
        fields = msgspec.json.decode(raw, type=dict[str, Raw])
        if rest:
            fields[name] = Raw(_remove(bytes(fields[name]), rest))
        else:
            fields.pop(name, None)
        return msgspec.json.encode(fields)
    items = msgspec.json.decode(raw, type=list[Raw])
    at = int(index)
    if rest:
        items[at] = Raw(_remove(bytes(items[at]), rest))
    else:
        items[at] = Raw(LEFT_OUT)
    return msgspec.json.encode(items)


_SHOWN = re.compile(
    r".*\b(?:status|comparator|unit|code|system|start|end|issued|versionId|lastUpdated|\w*(?:DateTime|Instant|Date))"
    r"|.*[qQ]uantity\.value|.*\b(?:low|high|dose)\.value"
)
_PERSONAL = re.compile(r".*\b(?:identifier|reference|birthDate|deceasedDateTime)\b.*")
_PLAIN = re.compile(rb'"?[ -!#-\[\]-~]{1,30}"?')


def show_value(resource_type: str, path: str, raw: bytes) -> str:
    """The faulty value for the issues table, only where it cannot be a person's name or number."""
    if resource_type == "Patient" or _PERSONAL.fullmatch(path) or not _SHOWN.fullmatch(path):
        return ""
    try:
        value = read_element(raw, path)
    except (msgspec.DecodeError, LookupError):
        return ""
    return value.decode("ascii") if _PLAIN.fullmatch(value) else ""
