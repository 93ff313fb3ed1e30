"""Elements that are not read and not told either: by their nature they hold nothing for a trial's datasets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple


class PassedOver(NamedTuple):
    """Elements of a FHIR type, and why nobody has to hear that they are not read.

    ``of`` is a resource type, a data type, "Resource" (any resource), "Element" (anything at all) or
    "contained", of which the elements are resource types. "*" stands for all elements.
    """

    of: str
    elements: tuple[str, ...]
    why: str


ALL: Final = "*"
PASSED_OVER: Final[tuple[PassedOver, ...]] = (
    PassedOver("Element", ("id", "fhir_comments"), "an address inside the file, and remarks about the file"),
    PassedOver("Resource", ("resourceType", "meta", "implicitRules", "language"), "says how the resource is kept"),
    PassedOver("Resource", ("text",), "the narrative: the resource once more, as a web page for people"),
    PassedOver(
        "Element",
        ("identifier", "accessionIdentifier", "groupIdentifier"),
        "numbers find what belongs together; none may go out",
    ),
    PassedOver("Identifier", (ALL,), "as above"),
    PassedOver("Coding", ("version", "userSelected"), "the code says what is meant"),
    PassedOver("Reference", ("display",), "a second name, often a person's, of what is referred to"),
    PassedOver("Annotation", ("authorReference", "authorString"), "a person's name"),
    PassedOver(
        "Resource",
        ("performer", "participant", "recorder", "asserter", "requester", "informationSource", "author", "enterer",
         "receiver", "resultsInterpreter", "contributor", "grantor", "grantee"),
        "people and departments, whom SDTM does not name",
    ),
    PassedOver("Collection", ("collector",), "a person"),
    PassedOver("DispenseRequest", ("dispenser", "performer"), "a pharmacy"),
    PassedOver(
        "Patient",
        ("name", "telecom", "address", "contact", "photo", "communication", "generalPractitioner",
         "managingOrganization", "active"),
        "who the person is and how to reach them; never to be in a dataset",
    ),
    PassedOver(
        "contained",
        ("Practitioner", "PractitionerRole", "RelatedPerson", "Organization", "Location", "Provenance"),
        "people, places and who wrote what",
    ),
    PassedOver("Organization", (ALL,), "of no subject; its name and numbers are all that is asked of it"),
    PassedOver("ResearchStudy", (ALL,), "of no subject; what the trial is stands in the study folder"),
    PassedOver("Medication", ("manufacturer", "marketingAuthorizationHolder"), "a company"),
    PassedOver(
        "Resource",
        ("basedOn", "instantiates", "instantiatesCanonical", "instantiatesUri", "instantiatesReference",
         "eventHistory", "relevantHistory"),
        "the order, the protocol and the log of the hospital's own system",
    ),
    PassedOver(
        "Encounter",
        ("account", "appointment", "careTeam", "location", "serviceProvider", "statusHistory", "classHistory"),
        "how the hospital ran the stay",
    ),
    PassedOver("MedicationRequest", ("insurance", "priority"), "how the order was paid and hurried"),
    PassedOver("Dosage", ("sequence",), "a running number"),
    PassedOver(
        "Consent",
        ("policy", "policyRule", "policyBasis", "policyText", "regulatoryBasis", "organization", "manager",
         "controller", "sourceAttachment", "sourceReference"),
        "the paper and the law behind a consent; its date is what counts",
    ),
    PassedOver("ImagingStudy", ("endpoint", "numberOfSeries", "numberOfInstances"), "where the images are kept"),
)  # fmt: skip
"""docs/gate.md shows this table."""


def list_passed_over(types: Iterable[str]) -> frozenset[str]:
    """Elements that are passed over in something that is of all the ``types`` (a type and its bases)."""
    known = frozenset(types)
    return frozenset(name for row in PASSED_OVER if row.of in known for name in row.elements)
