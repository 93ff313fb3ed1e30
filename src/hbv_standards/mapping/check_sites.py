"""Checks of the hospitals' folders: site.yaml against the study, codes.csv against what it leads to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import build_fault, check_repeats, phrase_term, phrase_unknown
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import CodeRow
from hbv_standards.mapping.site import SiteConfig
from hbv_standards.mapping.use_field import USE_FIELDS, read_use_field
from hbv_standards.standards import read_codelist
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.study import StudyConfig

_ALLOWED = {
    "test": ("LOINC", "CONCEPT", "NOT COLLECTED"),
    "treatment": ("ATC", "TREATMENT", "NOT COLLECTED"),
    "visit": ("VISITNUM",),
    "use": ("TREATMENT",),
    "history": ("TERM",),
    "family history": ("TERM",),
}
_ANSWERED = ("test", "use", "history", "family history")  # kinds of which a result or answer can be one only


@dataclass(frozen=True)
class Targets:
    """What a row of codes.csv may lead to, by ``to_system``."""

    concepts: Collection[str]
    loinc: Collection[str]
    treatments: Collection[str]
    atc: Collection[str]
    visits: Collection[float]
    units: frozenset[str]  # UNIT submission values and declared extensions


def check_sites(study: StudyConfig, configs: dict[str, SiteConfig]) -> Iterator[ConfigurationError]:
    """Folders that the study does not name, and identifier systems that tell two hospitals."""
    for site in configs:
        if site not in study.sites:
            near = phrase_nearest(site, study.sites)
            message = f"the study has no hospital {site!r}{near or '; add it to `sites` of study.yaml'}"
            yield ConfigurationError(message, file=f"sites/{site}/site.yaml", value=site)
    owners: dict[str, str] = {}
    for site, config in configs.items():
        for system in config.identifier_systems:
            other = owners.setdefault(system, site)
            if other != site:
                message = (
                    f"identifier_systems: {system!r} is also of {other}; name systems of one hospital only"
                )
                yield ConfigurationError(message, file=f"sites/{site}/site.yaml", value=system)


def check_codes(rows: list[CodeRow], targets: Targets) -> Iterator[ConfigurationError]:
    """Faults of one codes.csv. Rows that nobody accepted yet may be incomplete."""
    accepted = [row for row in rows if row.status == "accepted"]
    for row in accepted:
        if row.code is None and row.text is None:
            yield build_fault(row, "code and text are empty; give one of them")
        elif row.text is not None and not normalise_text(row.text) and row.code is None:
            yield build_fault(row, f"text {row.text!r} holds nothing to compare", row.text)
        yield from _check_specimen(row)
        yield from _check_target(row, targets)
        yield from _check_field(row, targets)
    yield from check_repeats(
        accepted,
        lambda row: (row.kind, *_name_source(row), row.specimen),
        lambda row: " ".join(filter(None, (row.to_system, row.to_code, row.field))),
        "this code",
    )
    answered = [row for row in accepted if row.kind in _ANSWERED]
    yield from check_repeats(answered, _name_source, lambda row: row.kind, "this code")


def _name_source(row: CodeRow) -> tuple[str | None, str, bool]:
    """System and code, or the text where no code stands."""
    if row.code is not None:
        return row.system, row.code, True
    return None, normalise_text(row.text or ""), False


def _check_field(row: CodeRow, targets: Targets) -> Iterator[ConfigurationError]:
    """``field`` says what the answer of a use gives, or whose disease a family history is about."""
    if row.kind == "use":
        wrong = read_use_field(row.field, targets.units).wrong
        if wrong is not None:
            cure = f"write one of {', '.join(USE_FIELDS)}; behind dose a unit and a term of FREQ may stand"
            yield build_fault(row, f"field {row.field!r}: {wrong!r} is not known; {cure}", wrong)
    elif row.kind == "family history":
        relatives = read_codelist("RELSUB")
        if row.field is not None and relatives.term(row.field) is None:
            yield build_fault(row, f"field {row.field!r} {phrase_term(row.field, relatives)}", row.field)
    elif row.field is not None:
        yield build_fault(row, f"field {row.field!r} is not for a {row.kind}; leave it empty", row.field)


def _check_specimen(row: CodeRow) -> Iterator[ConfigurationError]:
    if row.specimen is None:
        return
    if row.kind != "test":
        yield build_fault(row, f"specimen {row.specimen!r} is for tests; leave it empty", row.specimen)
    elif all(read_codelist(name).term(row.specimen) is None for name in ("SPECTYPE", "GENSMP")):
        phrase = phrase_term(row.specimen, read_codelist("SPECTYPE"))
        yield build_fault(row, f"specimen {row.specimen!r} {phrase}", row.specimen)


def _check_target(row: CodeRow, targets: Targets) -> Iterator[ConfigurationError]:
    allowed = _ALLOWED[row.kind]
    if row.to_system not in allowed:
        message = f"to_system {row.to_system!r} is not for a {row.kind}; write {' or '.join(allowed)}"
        yield build_fault(row, message, row.to_system)
        return
    code = row.to_code
    if row.to_system == "NOT COLLECTED":
        if code is not None:
            yield build_fault(
                row, f"to_code {code!r} has no meaning with NOT COLLECTED; leave it empty", code
            )
    elif code is None:
        yield build_fault(row, f"to_code is empty; {row.to_system} needs it")
    elif row.to_system == "VISITNUM":
        yield from _check_visit(row, code, targets.visits)
    elif row.to_system == "TERM":
        if not code.isascii():
            yield build_fault(row, f"to_code {code!r} is not English; write the English term", code)
    else:
        known, what, file = {
            "CONCEPT": (targets.concepts, "concept_id", "concepts"),
            "LOINC": (targets.loinc, "loinc", "concepts"),
            "TREATMENT": (targets.treatments, "treatment_id", "treatments.csv"),
            "ATC": (targets.atc, "atc", "treatments.csv"),
        }[row.to_system]
        if code not in known:
            phrase = phrase_unknown(code, known, what, file)
            yield build_fault(row, f"to_code {code!r} {phrase}", code)


def _check_visit(row: CodeRow, code: str, visits: Collection[float]) -> Iterator[ConfigurationError]:
    try:
        known = float(code) in visits
    except ValueError:
        known = False
    if not known:
        planned = ", ".join(f"{visit:g}" for visit in visits)
        yield build_fault(
            row, f"to_code {code!r} is no planned visit; VISITNUM of study.yaml are {planned}", code
        )
