"""What was asked at screening as it should stand in SU, FA and SUPPDM."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.truth.visits import assign_visits

Row = dict[str, str]
USE_COLUMNS = (
    "SUBJID", "SUTRT", "SUCAT", "SUPRESP", "SUOCCUR", "SUDOSE", "SUDOSU", "SUDOSFRQ", "SUSTDTC", "SUENDTC",
    "SUSTRTPT", "SUSTTPT", "SUENRTPT", "SUENTPT",
)  # fmt: skip
ROUTE_COLUMNS = (
    "SUBJID", "FATESTCD", "FAOBJ", "FAORRES_EN", "FAORRES_ZH", "FASTRESC", "FADTC", "VISITNUM",
)  # fmt: skip
SUPPLEMENTAL_COLUMNS = ("SUBJID", "RDOMAIN", "QNAM", "QVAL_EN", "QVAL_ZH")
_CATEGORIES = {"CIGARETTE": "TOBACCO", "ALCOHOLIC BEVERAGE": "ALCOHOL"}
_NATIONALITIES = {"汉族": "HAN", "壮族": "ZHUANG", "瑶族": "YAO", "土家族": "TUJIA"}


def list_uses(subject: Subject) -> Iterator[Row]:
    """SU rows of a subject: both substances are asked for; amounts are of a day.

    What has no date of its own is told by the day on which it was asked.
    """
    asked = {contact.key: contact.day.isoformat() for contact in subject.contacts}
    for use in subject.uses:
        used, day = use.status != "NEVER", asked[use.contact]
        relation = {"CURRENT": "ONGOING", "FORMER": "" if use.end else "BEFORE"}.get(use.status, "")
        begun = "BEFORE" if used and not use.start else ""
        yield {
            "SUBJID": subject.number,
            "SUTRT": use.substance,
            "SUCAT": _CATEGORIES[use.substance],
            "SUPRESP": "Y",
            "SUOCCUR": "Y" if used else "N",
            "SUDOSE": use.amount,
            "SUDOSU": use.unit,
            "SUDOSFRQ": "QD" if use.amount else "",
            "SUSTDTC": use.start,
            "SUENDTC": use.end,
            "SUSTRTPT": begun,
            "SUSTTPT": day if begun else "",
            "SUENRTPT": relation,
            "SUENTPT": day if relation else "",
        }


def list_routes(subject: Subject) -> Iterator[Row]:
    """FA rows of a subject: one for every route that was named."""
    first = subject.contacts[0]
    for route in subject.routes:
        said = find_text(subject.site, "MODTRN", route, "TRANSM").said
        yield {
            "SUBJID": subject.number,
            "FATESTCD": "MODTRN",
            "FAOBJ": "Chronic hepatitis B",
            "FAORRES_EN": said if said.isascii() else route,
            "FAORRES_ZH": said,
            "FASTRESC": route,
            "FADTC": first.start.dtc,
            "VISITNUM": assign_visits(subject)[first.day],
        }


def list_supplemental(subject: Subject) -> Iterator[Row]:
    """SUPPDM rows of a subject: nationality as a term and in the hospital's word, race in its word."""
    words = [("ETHNTXT", subject.person.ethnic_text)]
    if subject.person.race:
        words.append(("CRACETXT", find_text(subject.site, "RACE", subject.person.race).said))
    if subject.person.ethnic_text:
        nationality = _NATIONALITIES[subject.person.ethnic_text]
        yield _qualify(subject, "CETHNIC", nationality, nationality)
    for name, text in words:
        if text:
            yield _qualify(subject, name, text if text.isascii() else "", text)


def _qualify(subject: Subject, name: str, english: str, chinese: str) -> Row:
    cells = (subject.number, "DM", name, english, chinese)
    return dict(zip(SUPPLEMENTAL_COLUMNS, cells, strict=True))
