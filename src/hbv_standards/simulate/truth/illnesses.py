"""Diseases, adverse events and relatives' diseases as they should stand in MH, AE and APMH.

The build in ASCII has the English term, the one with Chinese texts the words of the hospital.
"""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.hospital_names import find_manner, show_site
from hbv_standards.simulate.records import Illness, Subject
from hbv_standards.simulate.truth.epochs import build_epochs
from hbv_standards.simulate.truth.subjects import find_last_contact

Row = dict[str, str]
HISTORY_COLUMNS = (
    "SUBJID", "TERM_EN", "TERM_ZH", "MHCAT", "MHEVDTYP", "MHDTC", "MHSTDTC", "MHENDTC", "MHSTRTPT", "MHSTTPT",
    "MHENRTPT", "MHENTPT", "MHCODE",
)  # fmt: skip
FAMILY_COLUMNS = (
    "SUBJID", "SREL", "TERM_EN", "TERM_ZH", "MHPRESP", "MHOCCUR", "MHDTC", "MHSTDTC",
)  # fmt: skip
ADVERSE_COLUMNS = (
    "SUBJID", "TERM_EN", "TERM_ZH", "AEDECOD", "AESEV", "AESER", "AEACN", "AEREL", "AEOUT", "AESDTH", "AESHOSP",
    "AESLIFE", "AESMIE", "AETOXGR", "EPOCH", "AESTDTC", "AEENDTC", "AEENRTPT", "AEENTPT", "AECODE",
)  # fmt: skip
ISSUE = "HBV-MAP-005"
NAMES = {"Hepatitis B": "乙型肝炎"}
"""Chinese names of what questionnaires ask for."""


def list_history(subject: Subject) -> Iterator[Row]:
    """MH rows of a subject; what was refuted is none. Whether a disease goes on is known at the last contact."""
    for illness in subject.illnesses:
        if illness.fault != "refuted":
            dated = illness.primary and illness.start
            yield {
                "SUBJID": subject.number,
                **name_terms(illness),
                "MHCAT": "PRIMARY DIAGNOSIS" if illness.primary else "GENERAL MEDICAL HISTORY",
                "MHEVDTYP": "DIAGNOSIS" if dated else "",
                "MHDTC": illness.recorded,
                "MHSTDTC": illness.start,
                "MHENDTC": illness.end,
                **_state_start(illness),
                **_state_end(subject, illness, "MH"),
                "MHCODE": illness.icd10,
            }


def _state_start(illness: Illness) -> Row:
    """Of a disease without a start: one that was over began before consent, of one that goes on nobody knows."""
    if illness.start or not (illness.end or illness.ongoing):
        return {}
    return {"MHSTRTPT": "BEFORE" if illness.end else "UNKNOWN", "MHSTTPT": "INFORMED CONSENT"}


def name_terms(illness: Illness) -> Row:
    """The term in both builds: a disease that no table knows is its code in the ASCII one, if it has any."""
    english = illness.icd10 if illness.fault == "unmapped" else illness.english
    return {"TERM_EN": english, "TERM_ZH": illness.chinese}


def _state_end(subject: Subject, illness: Illness, prefix: str) -> Row:
    """What goes on does so at the last contact; what is over without a date was so when that was stated, or then."""
    if illness.end:
        return {}
    last = find_last_contact(subject)
    if illness.ongoing:
        return {f"{prefix}ENRTPT": "ONGOING", f"{prefix}ENTPT": last}
    return {f"{prefix}ENRTPT": "BEFORE", f"{prefix}ENTPT": illness.stated or last}


def list_adverse(subject: Subject) -> Iterator[Row]:
    """AE rows of a subject: the last version of each event, none of those entered in error."""
    name_epoch = build_epochs(subject)
    for reaction in subject.reactions:
        if not reaction.fault:
            illness = reaction.illness
            yield {
                "SUBJID": subject.number,
                **name_terms(illness),
                "AEDECOD": illness.english,
                "AESEV": reaction.severity,
                "AESER": reaction.serious,
                "AEACN": reaction.action,
                "AEREL": reaction.causality,
                "AEOUT": reaction.outcome,
                "AESDTH": "Y" if reaction.outcome == "FATAL" else "",
                **dict.fromkeys(reaction.criteria, "Y"),
                "AETOXGR": reaction.grade,
                "EPOCH": name_epoch(illness.start),
                "AESTDTC": illness.start,
                "AEENDTC": illness.end,
                **_state_end(subject, illness, "AE"),
                "AECODE": illness.icd10,
            }


def list_family(subject: Subject) -> Iterator[Row]:
    """APMH rows of a subject's relatives. Guangzhou asks, so that there is an answer; the others are told.

    The words of a question are no term: a disease that was asked for has its name.
    """
    asked = find_manner(subject.site) == "guangzhou"
    first = subject.contacts[0]
    for relative in subject.relatives:
        for illness in (*relative.illnesses, *relative.absent):
            denied = illness in relative.absent
            disease = {"TERM_ZH": NAMES.get(illness.english, illness.chinese)} if asked or denied else {}
            yield {
                "SUBJID": subject.number,
                "SREL": relative.relationship,
                **name_terms(illness),
                **disease,
                "MHPRESP": "Y" if asked or denied else "",
                "MHOCCUR": ("N" if denied else "Y") if asked or denied else "",
                "MHDTC": first.start.dtc if asked or denied else first.day.isoformat(),
                "MHSTDTC": illness.start,
            }


def list_unknown_terms(subject: Subject) -> Iterator[Row]:
    """Diseases in words that no table knows, as rows of unmapped.csv."""
    for illness in subject.illnesses:
        if illness.fault == "unmapped":
            yield {
                "SITE": show_site(subject.site),
                "SUBJID": subject.number,
                "FAULT": "term",
                "ISSUE": ISSUE,
                "SENT": illness.chinese,
                "DOMAIN": "MH",
            }
