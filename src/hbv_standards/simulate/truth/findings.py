"""Every result of the trial as it should stand in its findings domain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from hbv_standards.simulate.habits import TestFacts, find_text, list_texts, read_tests, read_unit
from hbv_standards.simulate.hospital_names import show_site
from hbv_standards.simulate.laboratory import print_range
from hbv_standards.simulate.records import Result, Subject
from hbv_standards.simulate.truth.epochs import build_epochs
from hbv_standards.simulate.truth.numbers import standardise
from hbv_standards.simulate.truth.visits import assign_visits, name_visit

Row = dict[str, str]
COLUMNS = (
    "SUBJID", "DOMAIN", "TESTCD", "TSTDTL", "BDAGNT", "SYM", "SPEC", "METHOD", "LOC", "POS", "VISITNUM",
    "VISIT", "EPOCH", "DTC", "ORRES", "ORRES_ZH", "ORRESU", "STRESC", "STRESN", "STRESU", "LLOQ", "ULOQ", "ORNRLO",
    "ORNRHI", "STNRLO", "STNRHI", "STNRC", "NRIND", "STAT", "REASND", "FAST", "LOINC", "CONCEPT",
)  # fmt: skip
FAULT_COLUMNS = ("SITE", "SUBJID", "FAULT", "ISSUE", "SENT", "DOMAIN", "TESTCD", "VISITNUM", "DTC", "ORRES")
_TUBES = {"PBMC": "PERIPHERAL BLOOD MONONUCLEAR CELL"}
_ISSUES = {
    "code": "HBV-MAP-001", "unit": "HBV-MAP-002", "value": "HBV-MAP-003", "no unit": "HBV-SDTM-002",
    "other unit": "HBV-SDTM-002",
}  # fmt: skip
TITER = "titer"


def list_findings(subject: Subject) -> Iterator[Row]:
    """Rows with :data:`COLUMNS`, one per result that counts, in the order in which they arose."""
    visits, name_epoch = assign_visits(subject), build_epochs(subject)
    for contact in subject.contacts:
        number = visits[contact.day]
        for result in contact.results:
            if not result.fault:
                told = _describe(result, number)
                yield {"SUBJID": subject.number, **told, "EPOCH": name_epoch(told["DTC"]), **_state(result)}


def _describe(result: Result, number: str) -> Row:
    """What was tested, in what, how, when."""
    facts = read_tests()[result.habit.concept_id]
    tube = result.specimen
    moment = tube.collected if tube else result.when
    return {
        "DOMAIN": facts.domain,
        "TESTCD": facts.testcd,
        "TSTDTL": facts.tstdtl,
        "BDAGNT": facts.binding_agent,
        "SYM": facts.symbol,
        "SPEC": _TUBES.get(tube.kind, tube.kind) if tube else facts.specimen,
        "METHOD": _find_method(result, facts),
        "LOC": result.location or facts.location,
        "POS": result.position,
        "VISITNUM": number,
        "VISIT": name_visit(number),
        "DTC": moment.dtc,
        "FAST": tube.fasting if tube else "",
        "LOINC": result.habit.loinc,
        "CONCEPT": facts.concept_id,
    }


def _find_method(result: Result, facts: TestFacts) -> str:
    sent = result.habit.method if result.kind != "not done" else ""
    return _list_methods(result.habit.site)[sent] if sent else facts.method


@cache
def _list_methods(site: str) -> dict[str, str]:
    return {text.said: text.value for text in list_texts(site, "METHOD")}


def _state(result: Result) -> Row:
    """The result itself."""
    if result.kind == "not done":
        return {"STAT": "NOT DONE", "REASND": result.reason}
    if result.kind == "text":
        said = find_text(result.habit.site, "LBSTRESC", result.value, result.habit.concept_id).said
        ascii_form = said if said.isascii() else result.value
        return {"ORRES": ascii_form, "ORRES_ZH": said, "STRESC": result.value}
    if result.kind == "titre":
        return {
            "ORRES": f"1:{result.number}",
            "ORRES_ZH": f"1:{result.number}",
            "STRESC": result.number,
            "STRESN": result.number,
            "STRESU": TITER,
        }
    return {**_quantify(result), **_limit(result)}


def _quantify(result: Result) -> Row:
    concept = result.habit.concept_id
    unit = read_unit(result.unit, concept)
    number = standardise(result.number, concept, unit)
    return {
        "ORRES": f"{result.comparator}{result.number}",
        "ORRES_ZH": f"{result.comparator}{result.number}",
        "ORRESU": unit,
        "STRESC": f"{result.comparator}{number}",
        "STRESN": "" if result.comparator else number,
        "STRESU": read_tests()[concept].std_unit,
        "LLOQ": number if result.comparator == "<" else "",
        "ULOQ": number if result.comparator == ">" else "",
    }


def _limit(result: Result) -> Row:
    """The reference range: limits, also where both are written in one text; else the text (--STNRC)."""
    if not (result.low or result.high):
        return {}
    if result.habit.range_form == "text" and not (result.low and result.high):
        return {"STNRC": print_range(result), "NRIND": result.indicator}
    concept, unit = result.habit.concept_id, read_unit(result.unit, result.habit.concept_id)
    standard = [standardise(limit, concept, unit) if limit else "" for limit in (result.low, result.high)]
    return {
        "ORNRLO": result.low,
        "ORNRHI": result.high,
        "STNRLO": standard[0],
        "STNRHI": standard[1],
        "NRIND": result.indicator,
    }


def list_faults(subject: Subject) -> Iterator[Row]:
    """Results that are sent with something that no table knows: what, and the issue that must tell of it."""
    visits = assign_visits(subject)
    for contact in subject.contacts:
        for result in contact.results:
            if result.fault in _ISSUES:
                yield _describe_fault(subject, result, visits[contact.day])


def _name_fault(result: Result) -> str:
    """What no table knows; nothing where a unit is missing."""
    if result.fault in ("unit", "other unit"):
        return result.unit
    return {"code": result.habit.code, "value": result.words}.get(result.fault, "")


def _describe_fault(subject: Subject, result: Result, number: str) -> Row:
    facts = read_tests().get(result.habit.concept_id)
    moment = result.specimen.collected if result.specimen else result.when
    return {
        "SITE": show_site(subject.site),
        "SUBJID": subject.number,
        "FAULT": result.fault,
        "ISSUE": _ISSUES[result.fault],
        "SENT": _name_fault(result),
        "DOMAIN": facts.domain if facts else "",
        "TESTCD": facts.testcd if facts else "",
        "VISITNUM": number,
        "DTC": moment.dtc,
        "ORRES": result.words or f"{result.comparator}{result.number}",
    }
