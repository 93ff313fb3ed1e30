"""What names a person in a delivery, so that it can be kept out of what the mapping desk shows and writes.

Names, numbers and addresses of persons are read here and nowhere else, are held while a delivery is looked
through, and go into no table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from hbv_standards.desk.provisional import ENCODINGS
from hbv_standards.ingest.files import list_files
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.ingest.split import FileReader

PERSONS = ("Patient", "RelatedPerson", "Practitioner", "Person")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_TOKEN = re.compile(r"[^\W_]+(?:[-._][^\W_]+)*")
_DIGITS_LEAST, _LETTERS_LEAST, _MIXED_LEAST = 6, 8, 4
"""Characters of a number that is looked for: shorter ones could be any result or word."""


@dataclass(frozen=True, slots=True)
class PersonWords:
    """What names persons: Chinese names; other names, in small letters; numbers, dates of birth and addresses."""

    chinese: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


class _Person(msgspec.Struct):
    resource_type: str = msgspec.field(default="", name="resourceType")
    id: Any = ""
    name: Any = ()
    identifier: Any = ()
    telecom: Any = ()
    address: Any = ()
    birth_date: Any = msgspec.field(default="", name="birthDate")


def read_person_words(inputs: Sequence[Path], sites: Collection[str], site: str | None) -> PersonWords:
    """The persons of a delivery. What cannot be read names nobody."""
    decoder = msgspec.json.Decoder(_Person)
    names, numbers = set[str](), set[str]()
    marks = [f'"{name}"'.encode() for name in PERSONS]
    for file in list_files(inputs, sites, site):
        if file.kind == "csv":
            continue
        for part in FileReader(file, ENCODINGS):
            if isinstance(part, RawEntry) and any(mark in part.json for mark in marks):
                person = _decode(part.json, decoder)
                if person is not None:
                    names.update(_list_names(person.name))
                    numbers.update(_list_numbers(person))
    return sort_words(names, numbers)


def sort_words(names: Collection[str], numbers: Collection[str]) -> PersonWords:
    """Names by how they are looked for, and the numbers that cannot be taken for results."""
    chinese = {name for name in names if _HAN.fullmatch(name)}
    others = {" ".join(_TOKEN.findall(name.casefold())) for name in names if not _HAN.search(name)}
    return PersonWords(
        frozenset(chinese),
        frozenset(name for name in others if " " in name),  # a single word may be a word like any other
        frozenset(text for text in numbers if _is_telling(text)),
    )


def _decode(raw: bytes, decoder: msgspec.json.Decoder[_Person]) -> _Person | None:
    try:
        read = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return read if read.resource_type in PERSONS else None


def _list_names(sent: Any) -> Iterator[str]:
    """HumanName.text, and family and given names in both orders."""
    for name in _list_nodes(sent):
        family, text = name.get("family"), name.get("text")
        given = name.get("given")
        first = [part for part in given if isinstance(part, str)] if isinstance(given, list) else []
        if isinstance(text, str):
            yield from (text.strip(), "".join(text.split()))
        if isinstance(family, str) and first:
            yield from (family + "".join(first), " ".join([family, *first]), " ".join([*first, family]))


def _list_numbers(person: _Person) -> Iterator[str]:
    """Id, identifiers, telephone numbers, date of birth and lines of the address."""
    for node in (*_list_nodes(person.identifier), *_list_nodes(person.telecom)):
        yield str(node.get("value") or "").strip()
    yield str(person.id).strip()
    if isinstance(person.birth_date, str) and len(person.birth_date) == len("1980-01-31"):
        yield from (person.birth_date, person.birth_date.replace("-", ""))
    for node in _list_nodes(person.address):
        lines = node.get("line")
        said = [node.get("text"), *(lines if isinstance(lines, list) else ())]
        yield from (line.strip() for line in said if isinstance(line, str))


def _list_nodes(sent: Any) -> list[dict[str, Any]]:
    return [node for node in sent if isinstance(node, dict)] if isinstance(sent, list) else []


def _is_telling(text: str) -> bool:
    least = _DIGITS_LEAST if text.isdigit() else _LETTERS_LEAST if text.isalpha() else _MIXED_LEAST
    return len(text) >= least
