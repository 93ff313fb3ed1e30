"""Controlled terminology (SDTM CT 2025-03-28): codelists, paired codes and decodes, flags, spelling."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards import CT_VERSION, Codelist, read_codelist
from hbv_standards.validate.columns import Mask, TextColumn
from hbv_standards.validate.rules import Hit, dataset_rule, has_records
from hbv_standards.validate.submission import Submission, SubmissionDataset

# Domains that have published test codes but no dataset in SDTMIG 3.4.
_TESTS_OUTSIDE_GUIDE = {"GITESTCD": ("C128682",), "GITEST": ("C128681",)}
# Flags that are Y or missing, whatever the codelist NY allows besides (rules of the model).
_YES_ONLY = {
    "--LOBXFL": "CG0541", "--BLFL": "SDTM 2.0 Findings", "--DRVFL": "SDTM 2.0 Findings",
    "--PTFL": "SDTM 2.0 Timing", "--PRESP": "CG0085", "DTHFL": "CG0131",
}  # fmt: skip

# Stands for several values that are in the supplemental qualifiers (SDTMIG 3.4 section 4.2.8.3).
_SEVERAL = "MULTIPLE"
# Terms that the guide writes in its examples though the codelist lacks them (SDTMIG 3.4 section 7.4.2).
_OF_THE_GUIDE = {"TSVCDREF": frozenset({"ISO 8601"})}


@cache
def _read_codelists(codes: tuple[str, ...]) -> tuple[Codelist, ...]:
    """The codelists of a variable, none when one of them is not packaged and nothing can be said."""
    try:
        return tuple(read_codelist(code) for code in codes)
    except ConfigurationError:
        return ()


def list_codelists(dataset: SubmissionDataset, name: str) -> tuple[Codelist, ...]:
    """Codelists of a variable; empty when it has none, or one that is not known here."""
    stated = dataset.defined(name)
    codes = _TESTS_OUTSIDE_GUIDE.get(name) or (stated.codelist_code if stated is not None else ())
    return _read_codelists(codes)


def _list_controlled(
    dataset: SubmissionDataset, *, extensible: bool
) -> Iterator[tuple[str, TextColumn, tuple[Codelist, ...], Mask]]:
    """Variables with codelists (extensible when one is) and the rows whose value is in none of them."""
    for name, column in dataset.columns.items():
        if not isinstance(column, TextColumn):
            continue
        codelists = list_codelists(dataset, name)
        if codelists and any(each.extensible for each in codelists) == extensible:
            outside = column.where(partial(_is_outside, codelists, dataset.specific("--STRESC") == name))
            outside &= ~column.is_in(_OF_THE_GUIDE.get(name, ()))
            if outside.any():
                yield name, column, codelists, outside


def _is_outside(codelists: tuple[Codelist, ...], is_result: bool, value: str) -> bool:  # noqa: FBT001 - bound by partial
    if value == _SEVERAL or (is_result and any(character.isdigit() for character in value)):
        return False  # the codelist of results is one of words: 5.2, <20 and 1:320 are not meant
    return all(each.term(value) is None for each in codelists)


def _name_codelists(codelists: tuple[Codelist, ...]) -> str:
    return " or ".join(f"{each.name} ({each.code})" for each in codelists)


def _suggest(codelists: tuple[Codelist, ...], value: str) -> str:
    """The submission value that a text means, or the nearest ones."""
    meant = [term.value for each in codelists if (term := each.find(value)) is not None]
    near = meant or [name for each in codelists for name in each.nearest(value, 1)]
    return f"; did you mean {' or '.join(map(repr, near[:2]))}?" if near else ""


def _build_hit(
    dataset: SubmissionDataset, name: str, column: TextColumn, codelists: tuple[Codelist, ...], rows: Mask
) -> Hit:
    @cache  # the nearest terms of a long codelist take a while to find
    def describe(value: str) -> str:
        told = f"{name} {value!r} is not in {_name_codelists(codelists)} {CT_VERSION}"
        return told + _suggest(codelists, value)

    return Hit(dataset.name, name, rows, note=lambda row: describe(column.at(row)))


@dataset_rule(
    201,
    "error",
    "Value is not in the codelist, which is not extensible",
    cure="Map it to a submission value of the codelist.",
    source="IG 4.3; CT 2025-03-28",
    of=has_records,
)
def check_closed_codelists(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Codelists to which nothing may be added."""
    for name, column, codelists, outside in _list_controlled(dataset, extensible=False):
        yield _build_hit(dataset, name, column, codelists, outside)


@dataset_rule(
    202,
    "error",
    "Value is another spelling of a published term",
    cure="Use the submission value.",
    source="IG 4.3; CT 2025-03-28",
    of=has_records,
)
def check_spelling(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A synonym or another letter case is no extension of a codelist."""
    for name, column, codelists, outside in _list_controlled(dataset, extensible=True):
        near = outside & column.where(partial(_is_near, codelists))
        if near.any():
            yield _build_hit(dataset, name, column, codelists, near)


def _is_near(codelists: tuple[Codelist, ...], value: str) -> bool:
    return any(each.find(value) is not None for each in codelists)


@dataset_rule(
    203,
    "warning",
    "Value is not in the extensible codelist and not declared as the sponsor's",
    cure="Add it to the codelist in Define-XML with ExtendedValue, or map it.",
    source="IG 4.3; DEF",
    of=has_records,
)
def check_extensions(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Terms of the sponsor's own are declared."""
    if submission.define is None:
        return
    for name, column, codelists, outside in _list_controlled(dataset, extensible=True):
        described = submission.define.codelist(dataset.name, name)
        declared = described.extended if described is not None else frozenset()
        if (described is not None and described.external) or name == dataset.specific("--STRESC"):
            continue
        own = outside & ~column.is_in(declared) & ~column.where(partial(_is_near, codelists))
        if own.any():
            yield _build_hit(dataset, name, column, codelists, own)


@dataset_rule(
    204,
    "info",
    "Value is not in the extensible codelist",
    cure="Declare it as the sponsor's term in Define-XML, or map it.",
    source="IG 4.3",
    of=has_records,
)
def check_extensions_without_define(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Without Define-XML nobody can tell a term of the sponsor's own from a mistake."""
    if submission.define is not None or not submission.is_folder:
        return
    for name, column, codelists, outside in _list_controlled(dataset, extensible=True):
        own = outside & ~column.where(partial(_is_near, codelists))
        if own.any() and name != dataset.specific("--STRESC"):
            yield _build_hit(dataset, name, column, codelists, own)


@dataset_rule(
    205,
    "error",
    "Flag is neither Y nor missing",
    cure="Leave the flag missing where it does not hold.",
    source="CG0541; CG0131; CG0085",
    of=has_records,
)
def check_flags(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Flags that only say yes."""
    for generic, source in _YES_ONLY.items():
        if dataset.has(generic):
            name = dataset.specific(generic)
            wrong = dataset.text(name).where(lambda value: value != "Y")
            yield Hit(dataset.name, name, wrong, note=f"{name} is neither Y nor missing ({source})")


def _list_pairs(dataset: SubmissionDataset) -> Iterator[tuple[str, str]]:
    for code, name in (("--TESTCD", "--TEST"), ("TSPARMCD", "TSPARM")):
        if dataset.has(code) and dataset.has(name):
            yield dataset.specific(code), dataset.specific(name)


@dataset_rule(
    206,
    "error",
    "Code and name do not mean the same term",
    cure="Use the name that the code has in the terminology.",
    source="IG 4.3; CT 2025-03-28",
    of=has_records,
)
def check_decodes(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--TESTCD and --TEST are two spellings of one NCI code."""
    for code_name, name in _list_pairs(dataset):
        codes, names = list_codelists(dataset, code_name)[:1], list_codelists(dataset, name)[:1]
        if codes and names:
            yield from _compare_pairs(dataset, code_name, name, codes[0], names[0])


def _compare_pairs(
    dataset: SubmissionDataset, code_name: str, name: str, codes: Codelist, names: Codelist
) -> Iterator[Hit]:
    first, second = dataset.text(code_name), dataset.text(name)
    expected = [_decode(codes, names, value) for value in first.values]
    known = {value: number for number, value in enumerate(second.values)}
    meant = first.translate(
        {v: known.get(e, -2) if e else -3 for v, e in zip(first.values, expected, strict=True)}
    )
    # -3: the code is no published one; then its name must not be a published one either.
    foreign = (meant == -3) & second.where(lambda value: names.term(value) is not None)
    wrong = (
        (((meant >= -2) & (meant != -1) & (meant != second.codes)) | foreign) & first.filled & second.filled
    )

    def note(row: int) -> str:
        should = expected[int(first.codes[row])]
        told = (
            f"is {should!r} in {names.name}"
            if should
            else f"is not in {codes.name}, but its name is in {names.name}"
        )
        return f"{code_name} {first.at(row)!r} {told}"

    yield Hit(dataset.name, name, wrong, note=note)


def _decode(codes: Codelist, names: Codelist, value: str) -> str:
    term = codes.term(value)
    named = names.term_of_code(term.code) if term is not None else None
    return named.value if named is not None else ""
