"""References → keys of their targets, once per distinct reference and place.

An address means something in a place: ``#id`` inside its resource, ``urn:uuid:…`` inside its Bundle,
everything else inside its hospital. A reference that has an identifier, or asks for one
(``Patient?identifier=system|value``), leads to the one resource that has it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qs

import numpy as np
import pandas as pd

from hbv_standards.canonical.concept_text import GS, US

# table → column that holds references → whether the trial needs the target (then HBV-ING-006)
COLUMNS: Final[dict[str, dict[str, bool]]] = {
    "observation": {"subject": True, "encounter": False, "specimen": True, "performer": False},
    "encounter": {"subject": True},
    "specimen": {"subject": True, "parent": False},
    "diagnosticreport": {"subject": True, "encounter": False, "specimen": False},
    "procedure": {"subject": True, "encounter": False},
    "imagingstudy": {"subject": True, "encounter": False},
    "condition": {"subject": True, "encounter": False},
    "familymemberhistory": {"subject": True},
    "adverseevent": {"subject": True, "encounter": False},
    "researchsubject": {"subject": True, "study": False, "consent": False},
    "consent": {"subject": True},
    **{
        name: {"medication": True, "subject": True, "encounter": False, "based_on": False}
        for name in (
            "medicationadministration",
            "medicationrequest",
            "medicationstatement",
            "medicationdispense",
        )
    },
}
LIST_COLUMNS: Final = {"observation": "members", "diagnosticreport": "result"}
NEEDED_LINKS: Final = frozenset({"reasons", "resulting"})  # without them a relation is lost (HBV-ING-006)
# table → columns that hold several references joined by GS
LINK_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "observation": ("parts",),
    "diagnosticreport": ("studies",),
    "procedure": ("reports", "reasons"),
    "imagingstudy": ("procedures", "reasons"),
    "adverseevent": ("resulting",),
    **dict.fromkeys(
        ("medicationadministration", "medicationrequest", "medicationstatement", "medicationdispense"),
        ("reasons",),
    ),
}

_PERSONS = frozenset({"Patient", "Person", "RelatedPerson", "Practitioner"})
_TAIL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+/[A-Za-z0-9\-._]{1,64})(?:/_history/[^/]*)?/?$")
_SEARCH = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)\?(.*)$")


class Address(NamedTuple):
    """A reference taken apart."""

    address: str
    type: str = ""
    system: str = ""
    value: str = ""

    @classmethod
    def read(cls, text: str) -> Address:
        """From the text of :func:`.fragments.join_reference`."""
        address = cls(*text.split(US)) if US in text else cls(text)
        search = _SEARCH.search(address.address)
        if search is None or address.value:
            return address
        asked = parse_qs(search[2])
        system, _, value = asked.get("identifier", [""])[0].rpartition("|")
        if "_id" in asked:
            return cls(f"{search[1]}/{asked['_id'][0]}")
        return cls("", search[1], system, value)

    def tail(self) -> str:
        """``Type/id`` behind a relative or absolute address, its version taken off; else empty."""
        match = _TAIL.search(self.address)
        return match[1] if match else ""


def describe_reference(text: str) -> str:
    """A reference for the issues table, without what could identify a person."""
    address = Address.read(text)
    said = text.split(US)[0]
    if "?" in said:
        return said.partition("?")[0] + "?…"
    kind = address.tail().partition("/")[0]
    return f"{kind}/…" if kind in _PERSONS else said


class Resolver:
    """Finds the key that a reference leads to. ``sources`` is the frame of :mod:`.source_table`."""

    def __init__(
        self,
        sources: pd.DataFrame,
        identifiers: pd.DataFrame | None,
        contained: Iterable[str],
        wanted: Iterable[str],
    ) -> None:
        """``wanted`` are the texts of all references: only what they can lead to is held in memory."""
        self._alive = (sources["disposition"] == "").to_numpy()
        self._keys = sources["_key"].to_numpy(dtype=object)
        self._source_ids = sources["source_id"].to_numpy()
        self._sites = sources["site"].to_numpy(dtype=object)
        scope_of, scopes = pd.factorize(sources["_scope"])
        self._scopes = sources["_file"].to_numpy() * max(len(scopes), 1) + scope_of
        self._site_codes, _ = pd.factorize(sources["site"])
        self._contained = frozenset(contained)
        self._identified = _index_identifiers(identifiers)
        addresses = [Address.read(text) for text in wanted]
        tails = {tail for a in addresses if (tail := a.tail())}
        self._by_url = _index_urls(sources, {a.address for a in addresses if ":" in a.address}, self._scopes)
        tails.update(self._keys[row].partition("|")[2] for row in self._by_url.values() if row >= 0)
        self._by_tail = _index_tails(sources, tails)

    def resolve_column(self, texts: pd.Series, rows: np.ndarray) -> np.ndarray:
        """Keys for a column of references; ``rows`` are the sources (rows of the frame) that hold them."""
        codes, uniques = pd.factorize(texts)
        out = np.full(len(texts), None, dtype=object)
        sent = codes >= 0
        if not sent.any():
            return out
        inside = np.array([text[0] == "#" for text in uniques], dtype=bool)
        scoped = np.array([":" in text.partition(US)[0] for text in uniques], dtype=bool)
        codes, rows = codes[sent], rows[sent]
        sites = self._site_codes[rows]
        context = np.where(inside[codes], rows, np.where(scoped[codes], self._scopes[rows], sites))
        pairs = codes.astype(np.int64) * (int(context.max()) + 1) + context
        _, first, inverse = np.unique(pairs, return_index=True, return_inverse=True)
        found = [self.resolve(uniques[codes[at]], int(rows[at])) for at in first]
        out[sent] = np.array([*found, None], dtype=object)[:-1][inverse]
        return out

    def resolve(self, text: str, row: int) -> str | None:
        """Key of the target of one reference in one source; None when it leads to no resource in use."""
        wanted = Address.read(text)
        address = wanted.address
        if address.startswith("#"):
            key = f"{self._source_ids[row]}{address}"
            return self._keys[row] if address == "#" else (key if key in self._contained else None)
        found = self._find_address(wanted, row) if address else None
        if found is None and wanted.value:
            return self._find_identifier(wanted, row)
        return self._keys[found] if found is not None and self._is_used(found) else None

    def _is_used(self, row: int) -> bool:
        """Whether the source, or the version that took its place, is in the tables."""
        newest = self._by_tail.get(self._keys[row], row)
        return bool(self._alive[row] or (newest >= 0 and self._alive[newest]))

    def _find_address(self, wanted: Address, row: int) -> int | None:
        site = self._sites[row]
        if ":" in wanted.address:
            found = self._by_url.get((int(self._scopes[row]), wanted.address))
            found = found if found is not None else self._by_url.get((site, wanted.address))
            if found is not None and found >= 0:
                return found
        tail = wanted.tail()
        found = self._by_tail.get(f"{site}|{tail}") if tail else None
        return found if found is not None and found >= 0 else None

    def _find_identifier(self, wanted: Address, row: int) -> str | None:
        owners = self._identified.get((self._sites[row], wanted.system, wanted.value), ())
        typed = [key for key in owners if f"|{wanted.type}/" in key] if wanted.type else []
        owners = typed or owners
        return owners[0] if len(owners) == 1 else None

    def tell_why(self, text: str, row: int) -> str:
        """Why a reference does not resolve, for people."""
        wanted = Address.read(text)
        found = self._find_address(wanted, row) if wanted.address and wanted.address[0] != "#" else None
        if found is not None:
            return "leads to a resource that was rejected or withdrawn"
        if not wanted.address and not wanted.value:
            return "the reference names no resource"
        return "leads to no resource that was read"


def _index_identifiers(identifiers: pd.DataFrame | None) -> dict[tuple[str, str, str], list[str]]:
    index: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    if identifiers is None:
        return index
    systems = identifiers["system"].fillna("")
    columns = (identifiers["site"], systems, identifiers["value"], identifiers["key"])
    for site, system, value, key in zip(*(c.to_numpy(dtype=object) for c in columns), strict=True):
        for said in dict.fromkeys((system, "")):  # a reference may leave the system out
            owners = index[site, said, value]
            if key not in owners:
                owners.append(key)
    return index


def _index_tails(sources: pd.DataFrame, tails: set[str]) -> dict[str, int]:
    """``<site>|<Type>/<id>`` → row, for wanted tails: by id, or by fullUrl where a resource has no id.

    Of several versions the one in use is taken; -1 where a fullUrl's tail means several resources.
    """
    index: dict[str, int] = {}
    alive = (sources["disposition"] == "").to_numpy()
    kinds = {tail.partition("/")[0] for tail in tails}
    rows = np.flatnonzero(sources["resource_type"].isin(kinds).to_numpy())
    names = ("site", "resource_type", "resource_id", "full_url", "disposition")
    columns = (sources[name].iloc[rows].to_numpy(dtype=object) for name in names)
    for row, site, kind, name, url, disposition in zip(rows.tolist(), *columns, strict=True):
        tail = f"{kind}/{name}"
        if not name:
            match = _TAIL.search(url) if url else None
            tail = match[1] if match else ""
        if tail not in tails:
            continue
        other = index.setdefault(f"{site}|{tail}", row)
        if disposition == "" and other != row:
            nameless = other == -1 or (not name and alive[other])
            index[f"{site}|{tail}"] = -1 if nameless else row
    return index


def _index_urls(
    sources: pd.DataFrame, urls: set[str], scopes: np.ndarray
) -> dict[tuple[int | str, str], int]:
    """(Bundle, fullUrl) → row; and (site, fullUrl) → row, or -1 where it means two resources in use."""
    index: dict[tuple[int | str, str], int] = {}
    if not urls:
        return index
    keys = sources["_key"].to_numpy(dtype=object)
    alive = (sources["disposition"] == "").to_numpy()
    rows = np.flatnonzero(sources["full_url"].isin(urls).to_numpy())
    columns = (sources[name].iloc[rows].to_numpy(dtype=object) for name in ("full_url", "site"))
    for row, url, site in zip(rows.tolist(), *columns, strict=True):
        index.setdefault((int(scopes[row]), url), row)
        other = index.setdefault((site, url), row)
        if alive[row] and other >= 0 and keys[other] != keys[row]:
            index[site, url] = -1 if alive[other] else row
    return index


def collect_texts(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Every distinct reference of the tables."""
    texts: set[str] = set()
    for name in sorted(COLUMNS.keys() & tables.keys()):
        for column in COLUMNS[name]:
            texts.update(tables[name][column].dropna().unique())
    listed = [*LIST_COLUMNS.items(), *((name, c) for name, columns in LINK_COLUMNS.items() for c in columns)]
    for name, column in listed:
        if name in tables:
            for joined in tables[name][column].dropna().unique():
                texts.update(joined.split(GS))
    return texts
