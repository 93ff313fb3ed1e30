"""A subject of a hospital with a few literal records, for tests of what the hospitals send."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hbv_standards.simulate.fhir.conformance import Version, check_conformance
from hbv_standards.simulate.fhir.elements import Resource
from hbv_standards.simulate.fhir.encode import encode_json
from hbv_standards.simulate.habits import read_cast, read_laboratory
from hbv_standards.simulate.moments import Moment
from hbv_standards.simulate.records import (
    Contact,
    Dose,
    Examination,
    Illness,
    Person,
    Reaction,
    Relative,
    Result,
    Subject,
    Use,
)

MORNING = Moment(datetime(2024, 5, 3, 8, 30), "zone")
HEPATITIS = Illness(
    "chb", "Chronic hepatitis B", "慢性乙型病毒性肝炎", "B18.1", primary=True, start="2010", ongoing=True
)
APPENDIX = Illness("mh1", "Acute appendicitis", "急性阑尾炎", "K35.8", start="2001-03", end="2001-04")
REFUTED = Illness("mh2", "Autoimmune hepatitis", "自身免疫性肝炎", "K75.4", fault="refuted")
CANCER = Illness("f1", "Hepatocellular carcinoma", "肝细胞癌", "C22.0")
COUNTS = Illness(
    "ae1", "Neutrophil count decreased", "中性粒细胞计数降低", "D70", start="2024-05-20", end="2024-06-02",
    recorded="2024-05-21", note="已复查血常规",
)  # fmt: skip
LOWERED = Reaction(
    "ae1-event", COUNTS, "SEVERE", "3", "Y", "DOSE REDUCED", "RECOVERED/RESOLVED", "RELATED", "peg02"
)


def make_subject(site: str, **parts: Any) -> Subject:
    """A subject on peg-IFN with two contacts, stiffness and portal vein measured at the second one."""
    results = [
        Result(f"c02-{concept}", read_laboratory(site)[concept], "quantity", MORNING, unit=unit, number="11")
        for concept, unit in (("LSM", "kPa"), ("PVDIAM", "mm"))
    ]
    contacts = (
        Contact("c01", MORNING.shift(days=-20), 1, "visit"),
        Contact("c02", MORNING, 2, "visit", tuple(results)),
    )
    doses = tuple(_inject(week, amount) for week, amount in ((1, "180"), (2, "135")))
    subject = Subject(
        "01001", site, 1, read_cast()[0], Person("P1", "模拟", "M", date(1980, 2, 3), "1980-02-03"),
        MORNING.when.date(), MORNING.when.date(), MORNING.when.date(), None, "RANDOMIZED", "",
        contacts, doses, (), (),
    )  # fmt: skip
    return replace(subject, **parts)


def _inject(week: int, amount: str) -> Dose:
    moment = MORNING.shift(days=18 * (week - 1) + 1)
    return Dose(
        f"peg{week:02d}",
        "administration",
        "PEGINTERFERON ALFA-2A",
        moment.dtc,
        moment.dtc,
        amount,
        moment=moment,
    )


SMOKER = Use("u1", "CIGARETTE", "FORMER", "20", "CIGARETTE", "1998", "2015", "c02")
DRINKER = Use("u2", "ALCOHOLIC BEVERAGE", "CURRENT", "12.5", "g", "2000", "", "c01")
TEETOTALLER = Use("u3", "ALCOHOLIC BEVERAGE", "NEVER", contact="c01")
MOTHER = Relative("r1", "MOTHER", (HEPATITIS, CANCER))
NATURAL_MOTHER = replace(MOTHER, relationship="MOTHER, BIOLOGICAL")
ULTRASOUND = Examination(
    "us1", "ABDOMINAL ULTRASOUND", MORNING, "c02", ("c02-PVDIAM",), conclusion="门静脉未见扩张。"
)
STIFFNESS = Examination("te1", "TRANSIENT ELASTOGRAPHY", MORNING, "c02", ("c02-LSM",), conclusion="10次有效")
UNDONE = Examination("us2", "ABDOMINAL ULTRASOUND", MORNING, "c02", done=False, reason="NOT PERFORMED")


def make_asked(site: str, *routes: str) -> Subject:
    """A subject who was asked for everything: three uses, two diseases, the mother's, and ``routes``."""
    return make_subject(
        site,
        uses=(SMOKER, DRINKER, TEETOTALLER),
        illnesses=(HEPATITIS, APPENDIX),
        relatives=(NATURAL_MOTHER if site == "zhongshan" else MOTHER,),
        routes=routes,
    )


def check_record(resources: list[Resource], version: Version) -> None:
    """Resources of one record: FHIR, and each with an id of its own."""
    check_all(resources, version)
    assert len({r["id"] for r in resources}) == len(resources)


def check_all(resources: list[Resource], version: Version) -> None:
    """Hold resources against the full definitions of FHIR."""
    for resource in resources:
        check_conformance(encode_json(resource), version)


def list_codes(concept: Resource) -> list[tuple[str, str]]:
    """System and code of every coding of a CodeableConcept."""
    return [(coding["system"].rpartition("/")[2], coding["code"]) for coding in concept.get("coding", [])]
