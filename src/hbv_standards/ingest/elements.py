"""FHIR data types as msgspec structs: the elements that the trial uses, R4, R4B and R5 as one shape.

Python names are the FHIR names in snake case. An element that was not sent is ``UNSET``, an empty
text or an empty :class:`msgspec.Raw`; ``null`` is refused everywhere (FHIR JSON, 2.1.0: a property
is left out, never null). Two kinds of element stay raw JSON in the struct:

- numbers, so that their digits are kept as they were sent (``1.50E-2``, ``6.30``);
- concepts, references and other small elements that repeat by the thousand: :mod:`.fragments`
  reads them once per distinct content.

:class:`Holds` says what such raw JSON is, for the XML reader, which has to know the type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

ABSENT: Final = Raw(b"")


@dataclass(frozen=True, slots=True)
class Holds:
    """What raw JSON holds: a struct, ``list`` of one, ``"number"``, ``"resources"``, ``"extensions"``, ``"class"``
    (of an Encounter), or ``"sign"``: what is only looked for and not read.

    ``others`` are the structs that it can hold in another version of FHIR.
    """

    kind: Any
    others: tuple[type[Struct], ...] = ()


Text = Annotated[str, Meta(min_length=1)]  # FHIR string and uri: never empty
Code = Annotated[str, Meta(pattern=r"\A\S+(\s\S+)*\Z")]  # FHIR code: no blanks outside, none doubled
Number = Annotated[Raw, Holds("number")]
Sign = Annotated[Raw, Holds("sign")]
Comparator: TypeAlias = Literal["<", "<=", ">=", ">", "ad"]  # "ad" only in R5, see .codes


class Element(Struct, rename="camel", gc=False):
    """Base of all: FHIR spelling, and no work for the garbage collector, since JSON has no cycles."""


class Coding(Element):
    """Coding."""

    system: Text = ""
    code: Code = ""
    display: Text = ""


class CodeableConcept(Element):
    """CodeableConcept."""

    coding: list[Coding] = []
    text: Text = ""


Concept = Annotated[Raw, Holds(CodeableConcept)]
Concepts = Annotated[Raw, Holds(list[CodeableConcept])]


class Identifier(Element):
    """Identifier: system and value."""

    system: Text = ""
    value: Text = ""


class Reference(Element):
    """Reference, by address or by identifier."""

    reference: Text = ""
    type: Text = ""
    identifier: Identifier | UnsetType = UNSET


Ref = Annotated[Raw, Holds(Reference)]
Refs = Annotated[Raw, Holds(list[Reference])]


class CodeableReference(Element):
    """CodeableReference (R5)."""

    concept: Concept = ABSENT
    reference: Ref = ABSENT


class Period(Element):
    """Period."""

    start: Text = ""
    end: Text = ""


class Quantity(Element):
    """Quantity, SimpleQuantity and Duration."""

    value: Number = ABSENT
    comparator: Comparator | UnsetType = UNSET
    unit: Text = ""
    system: Text = ""
    code: Text = ""


class Range(Element):
    """Range."""

    low: Quantity | UnsetType = UNSET
    high: Quantity | UnsetType = UNSET


class Ratio(Element):
    """Ratio."""

    numerator: Quantity | UnsetType = UNSET
    denominator: Quantity | UnsetType = UNSET


class Annotation(Element):
    """Annotation: its text."""

    text: Text = ""


Notes = Annotated[Raw, Holds(list[Annotation])]


class TimingRepeat(Element):
    """Timing.repeat: how often, and within which period."""

    bounds_period: Period | UnsetType = UNSET
    frequency: Number = ABSENT
    period: Number = ABSENT
    period_unit: Literal["s", "min", "h", "d", "wk", "mo", "a"] | UnsetType = UNSET


class Timing(Element):
    """Timing."""

    event: list[Text] = []
    repeat: TimingRepeat | UnsetType = UNSET
    code: Concept = ABSENT


class DoseAndRate(Element):
    """Dosage.doseAndRate."""

    dose_quantity: Quantity | UnsetType = UNSET


class Dosage(Element):
    """Dosage."""

    text: Text = ""
    timing: Timing | UnsetType = UNSET
    site: Concept = ABSENT
    route: Concept = ABSENT
    dose_and_rate: list[DoseAndRate] = []


class ResourceMeta(Element):
    """Meta."""

    version_id: Text = ""
    last_updated: Text = ""
    profile: list[Text] = []
    source: Text = ""


class Resource(Element):
    """What every decoded resource has."""

    id: Text = ""
    meta: ResourceMeta | UnsetType = UNSET
    contained: Annotated[list[Raw], Holds("resources")] = []
    modifier_extension: Annotated[Raw, Holds("extensions")] = ABSENT


class Contained(Element):
    """What is read of a contained resource before its type is known."""

    resource_type: str = ""
    id: str = ""


class Head(Struct):
    """What is read of any resource, even of one that is not valid: each part whatever it is."""

    resource_type: Raw = field(default=ABSENT, name="resourceType")
    id: Raw = ABSENT
    meta: Raw = ABSENT
    status: Raw = ABSENT
    identifier: Raw = ABSENT
    fhir_version: Raw = field(default=ABSENT, name="fhirVersion")
