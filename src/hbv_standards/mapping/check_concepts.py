"""Checks of concepts/*.csv: against controlled terminology, SDTM's limits and each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import build_fault, phrase_term
from hbv_standards.mapping.rows import ConceptRow, DimensionRow
from hbv_standards.standards import Codelist, dataset_names, read_codelist, read_dataset
from hbv_standards.standards.tables import phrase_nearest

# Columns whose values are terms of the codelist of a variable.
_CODED = {
    "specimen": "SPEC",
    "method": "METHOD",
    "analysis_method": "ANMETH",
    "location": "LOC",
    "tstdtl": "TSTDTL",
    "binding_agent": "BDAGNT",
    "test_objective": "TSTOPO",
}
_DECLARABLE = ("TESTCD", "TEST", *_CODED.values())

# Where SDTMIG 3.4 shows no such variable in the domain. GI is no dataset of the guide, but CT has
# its tests (GASTROCD, GASTRO).
_OTHERWISE = {"SPEC": "SPECTYPE", "METHOD": "METHOD", "LOC": "LOC", "STRESU": "UNIT"}
_OUTSIDE_GUIDE = {"GITESTCD": "GASTROCD", "GITEST": "GASTRO"}

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DOMAIN = re.compile(r"[A-Z][A-Z0-9]")
_TESTCD = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")  # SDTMIG 4.2.9 and CG0153
_TEST_BYTES = 40
_LOINC = re.compile(r"(\d{1,7})-(\d)")


def check_concepts(
    rows: list[ConceptRow], extensions: set[str], dimensions: list[DimensionRow]
) -> Iterator[ConfigurationError]:
    """Faults of the tests; ``extensions`` are the units that units tables declare as the sponsor's."""
    for row in rows:
        yield from _check_names(row)
        if _DOMAIN.fullmatch(row.domain) and not _is_other_class(row.domain):
            yield from _check_test(row)
            yield from _check_coded(row)
            yield from _check_unit(row, extensions, dimensions)
        yield from _check_object(row)
        yield from _check_results(row)
        yield from _check_loinc(row)
    yield from _check_repeats(rows)


def find_codelists(domain: str, suffix: str) -> tuple[Codelist, ...]:
    """Codelists of a variable: the guide's in this domain, else what CT has for it; may be none."""
    name = f"{domain}{suffix}"
    if name in _OUTSIDE_GUIDE:
        return (read_codelist(_OUTSIDE_GUIDE[name]),)
    variable = read_dataset(domain).variable(name) if domain in dataset_names() else None
    if variable is not None:
        return tuple(read_codelist(code) for code in variable.codelist_code)
    return (read_codelist(_OTHERWISE[suffix]),) if suffix in _OTHERWISE else ()


def _is_other_class(domain: str) -> bool:
    return domain in dataset_names() and read_dataset(domain).cls not in ("FINDINGS", "FINDINGS ABOUT")


def _check_object(row: ConceptRow) -> Iterator[ConfigurationError]:
    """FAOBJ is Required in FA (SDTMIG 6.4) and a variable of no other class."""
    about = row.domain in dataset_names() and read_dataset(row.domain).cls == "FINDINGS ABOUT"
    if about and row.object is None:
        yield build_fault(row, f"object is empty; {row.domain}OBJ says what the finding is about")
    if not about and row.object is not None:
        cure = "leave it empty, or route the test to FA"
        yield build_fault(row, f"object {row.object!r} is for findings about events only; {cure}", row.object)


def _check_results(row: ConceptRow) -> Iterator[ConfigurationError]:
    name = row.result_codelist
    if name is None:
        return
    try:
        codelist = read_codelist(name)
    except ConfigurationError as error:
        yield build_fault(row, f"result_codelist: {error}", name)
        return
    if codelist.name != name:
        yield build_fault(row, f"result_codelist {name!r} is a code; write {codelist.name!r}", name)


def _check_names(row: ConceptRow) -> Iterator[ConfigurationError]:
    if not _ID.fullmatch(row.concept_id):
        cure = "begin with a letter, then letters, digits and _ only"
        yield build_fault(row, f"concept_id {row.concept_id!r} is no identifier; {cure}", row.concept_id)
    if not _DOMAIN.fullmatch(row.domain) or _is_other_class(row.domain):
        cure = "write its two letters, for example LB"
        yield build_fault(row, f"domain {row.domain!r} is no findings domain; {cure}", row.domain)
    if not _TESTCD.fullmatch(row.testcd):
        cure = "at most 8 of A-Z, 0-9 and _, no digit first (SDTMIG 4.2.9)"
        yield build_fault(row, f"{row.domain}TESTCD {row.testcd!r} is no test code; {cure}", row.testcd)
    size = len(row.test.encode())
    if size > _TEST_BYTES:
        cure = f"shorten it to {_TEST_BYTES} (SDTMIG 4.2.9)"
        yield build_fault(row, f"{row.domain}TEST {row.test!r} has {size} bytes; {cure}", row.test)
    if row.molar_mass is not None and row.molar_mass <= 0:
        yield build_fault(row, f"molar_mass {row.molar_mass} must be above 0 g/mol", str(row.molar_mass))


def _check_test(row: ConceptRow) -> Iterator[ConfigurationError]:
    """TESTCD and TEST are the pair that CT gives one C-code, or both the sponsor's own."""
    name, declared = f"{row.domain}TESTCD", "TESTCD" in row.sponsor_terms
    for codes, names in zip(
        find_codelists(row.domain, "TESTCD"), find_codelists(row.domain, "TEST"), strict=False
    ):
        term = codes.term(row.testcd)
        if term is None and not declared:
            cure = "; a test of the sponsor's own has sponsor_terms TESTCD;TEST"
            yield build_fault(
                row, f"{name} {row.testcd!r} {phrase_term(row.testcd, codes)}{cure}", row.testcd
            )
        elif term is None:
            yield from _check_own_test(row, codes, names)
        elif declared:
            cure = "take TESTCD and TEST out of sponsor_terms"
            yield build_fault(row, f"{name} {row.testcd!r} is a term of {codes.name}; {cure}", row.testcd)
        else:
            paired = names.term_of_code(term.code)
            if paired is not None and paired.value != row.test:
                message = f"{row.domain}TEST {row.test!r} is not the test of {name} {row.testcd!r}"
                yield build_fault(row, f"{message}; write {paired.value!r}", row.test)


def _check_own_test(row: ConceptRow, codes: Codelist, names: Codelist) -> Iterator[ConfigurationError]:
    taken = names.term(row.test)
    code = codes.term_of_code(taken.code) if taken is not None else None
    if code is not None:
        message = f"{row.domain}TEST {row.test!r} belongs to {row.domain}TESTCD {code.value!r}"
        yield build_fault(row, f"{message}; use that code, or another name", row.test)
    if "TEST" not in row.sponsor_terms:
        yield build_fault(
            row, f"{row.domain}TEST {row.test!r} is the sponsor's too; write sponsor_terms TESTCD;TEST"
        )


def _check_coded(row: ConceptRow) -> Iterator[ConfigurationError]:
    for suffix in row.sponsor_terms:
        if suffix not in _DECLARABLE:
            near = phrase_nearest(suffix, _DECLARABLE) or f"; they are {', '.join(_DECLARABLE)}"
            yield build_fault(row, f"sponsor_terms {suffix!r} is no variable{near}", suffix)
    for column, suffix in _CODED.items():
        value, lists = getattr(row, column), find_codelists(row.domain, suffix)
        if value is None or not lists:
            continue
        known = any(codelist.term(value) is not None for codelist in lists)
        yield from _check_declared(row, suffix, value, lists, known=known)


def _check_declared(
    row: ConceptRow, suffix: str, value: str, lists: tuple[Codelist, ...], *, known: bool
) -> Iterator[ConfigurationError]:
    name, declared = f"{row.domain}{suffix}", suffix in row.sponsor_terms
    if known and declared:
        cure = f"take {suffix} out of sponsor_terms"
        yield build_fault(row, f"{name} {value!r} is a term of {lists[0].name}; {cure}", value)
    elif not known and not declared:
        own = f"; a term of the sponsor's own has sponsor_terms {suffix}" if lists[0].extensible else ""
        yield build_fault(row, f"{name} {value!r} {phrase_term(value, lists[0])}{own}", value)
    elif not known and not any(codelist.extensible for codelist in lists):
        message = f"{name} {value!r} cannot be the sponsor's: {lists[0].name} is not extensible"
        yield build_fault(row, f"{message}; use one of its terms", value)


def _check_unit(
    row: ConceptRow, extensions: set[str], dimensions: list[DimensionRow]
) -> Iterator[ConfigurationError]:
    unit = row.std_unit
    if unit is None:
        return
    lists = find_codelists(row.domain, "STRESU")
    if unit not in extensions and not any(codelist.term(unit) for codelist in lists):
        phrase = phrase_term(unit, lists[0]) if lists else "is not known"
        cure = "" if "did you mean" in phrase else "; an extension has a row in units.csv with extension Y"
        yield build_fault(row, f"{row.domain}STRESU {unit!r} {phrase}{cure}", unit)
    elif unit not in {size.unit_value for size in dimensions}:
        cure = "add it, so that other units can be converted"
        yield build_fault(row, f"{row.domain}STRESU {unit!r} has no row in unit_dimensions.csv; {cure}", unit)


def _check_loinc(row: ConceptRow) -> Iterator[ConfigurationError]:
    for code in row.loinc:
        parts = _LOINC.fullmatch(code)
        if parts is None:
            yield build_fault(row, f"loinc {code!r} is no LOINC code; write it like 1742-6", code)
        elif parts[2] != compute_check_digit(parts[1]):
            right = f"{parts[1]}-{compute_check_digit(parts[1])}"
            message = f"loinc {code!r} has a wrong check digit; {right!r} would fit, compare the number"
            yield build_fault(row, message, code)


def compute_check_digit(digits: str) -> str:
    """Check digit of a LOINC code: modulus 10, every second digit from the right doubled."""
    doubled = (int(d) * 2 if at % 2 == 0 else int(d) for at, d in enumerate(reversed(digits)))
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def _check_repeats(rows: list[ConceptRow]) -> Iterator[ConfigurationError]:
    yield from _check_unique(rows, lambda row: [row.concept_id], "concept_id {}", "every test has its own")
    cure = "a LOINC code names one test"
    yield from _check_unique(rows, lambda row: list(dict.fromkeys(row.loinc)), "loinc {}", cure)
    yield from _check_test_names(rows)
    cure = "tests of one code differ in tstdtl, specimen, location or the like"
    yield from _check_unique(rows, _list_identity, "test {}", cure)


def _list_identity(row: ConceptRow) -> list[str]:
    """What tells the records of two tests apart; one identity has one standard unit (FB3001)."""
    parts = (
        row.domain, row.testcd, row.cat, row.scat, row.tstdtl, row.binding_agent, row.test_objective,
        row.gene, row.object, row.specimen, row.method, row.analysis_method, row.location,
    )  # fmt: skip
    return [" / ".join(part or "-" for part in parts)]


def _check_unique(
    rows: list[ConceptRow], list_keys: Callable[[ConceptRow], Iterable[str]], what: str, cure: str
) -> Iterator[ConfigurationError]:
    first: dict[str, ConceptRow] = {}
    for row in rows:
        for key in list_keys(row):
            earlier = first.setdefault(key, row)
            if earlier is not row:
                yield build_fault(
                    row, f"{what.format(repr(key))} stands in {earlier.row} already; {cure}", key
                )


def _check_test_names(rows: list[ConceptRow]) -> Iterator[ConfigurationError]:
    """--TESTCD and --TEST are 1:1 in a domain (SDTMIG 4.2.5)."""
    for one, other in (("testcd", "test"), ("test", "testcd")):
        first: dict[tuple[str, str], ConceptRow] = {}
        for row in rows:
            earlier = first.setdefault((row.domain, getattr(row, one)), row)
            if getattr(earlier, other) != getattr(row, other):
                message = (
                    f"{one} {getattr(row, one)!r} has {other} {getattr(earlier, other)!r} in {earlier.row}"
                )
                yield build_fault(
                    row, f"{message} and {getattr(row, other)!r} here; they are 1:1 (SDTMIG 4.2.5)"
                )
