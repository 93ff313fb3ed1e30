"""What nothing reads, told once per hospital and element: HBV-ING-016."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.site import SiteConfig, StatedPath

CODE = "HBV-ING-016"
MOST = 100  # paths of one hospital and resource type that are listed
_ADDRESS = re.compile(r"(?P<name>\w*[eE]xtension)(?:\(|\.where\(url = )'(?P<url>[^']*)'\)")
_DEFINITION = re.compile(r"https?://[\w.:-]+/(?!.*\d{3})(?:[\w.~-]+/)*StructureDefinition/[A-Za-z][\w.-]*", re.ASCII)
_STEP = re.compile(r"(?:extension|ofType)\([^)]*\)|modifierExtension\.where\([^)]*\)|[^.]+")
_FUNCTIONS = r"(?:\.(?:where|first|last|ofType|single|as)\([^()]*\)|\[\d+\])*"


def report_unread(fhir: FhirTables, sites: Mapping[str, SiteConfig], log: IssueLog) -> None:
    """One issue for each hospital and element, counting the resources that have it, the first as its source.

    Spoken of are resources that are in use when the canonical records are made: the rest is in the books as
    a whole. What a hospital's FHIRPath leads to is read. Of a type with more than ``MOST`` such elements the
    rest is a number. The address of an extension is shown where it is that of a StructureDefinition.
    """
    used = fhir.sources.loc[fhir.sources["disposition"].fillna("") == "", ["source_id", "site"]]
    told = used.assign(unread=used["source_id"].map(fhir.unread)).dropna(subset="unread")
    groups = told.groupby(["site", "unread"], sort=True)["source_id"].agg(["min", "size"])
    told_of: Counter[tuple[str, str]] = Counter()
    for site, path, first, count in _sum_paths(groups):
        if _is_stated(path, sites[site].fhirpath if site in sites else ()):
            continue
        kind = path.partition(".")[0]
        told_of[site, kind] += 1
        if told_of[site, kind] <= MOST:
            log.add(CODE, source_id=first, path=_hide_addresses(path), message=_phrase(site), times=count)
    for (site, kind), number in sorted(told_of.items()):
        if number > MOST:
            log.add(CODE, site=site, path=kind, message=f"{number - MOST} more elements that nothing reads")


def _hide_addresses(path: str) -> str:
    """The path without addresses that are not plainly those of a definition: a person's number may stand in one."""
    return _ADDRESS.sub(lambda match: match[0] if _DEFINITION.fullmatch(match["url"]) else match["name"], path)


def _sum_paths(groups: pd.DataFrame) -> Iterator[tuple[str, str, int, int]]:
    """Site, path, first source and number of sources of every path, ``groups`` being what is unread together."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for (site, joined), first, size in zip(groups.index, groups["min"], groups["size"], strict=True):
        for path in str(joined).split(GS):
            before = found.get((site, path), (int(first), 0))
            found[site, path] = (min(before[0], int(first)), before[1] + int(size))
    yield from ((site, path, first, count) for (site, path), (first, count) in sorted(found.items()))


def _phrase(site: str) -> str:
    return f"nothing reads it; if the trial needs it, give its FHIRPath in sites/{site}/site.yaml"


def _is_stated(path: str, entries: Sequence[StatedPath]) -> bool:
    """Whether a FHIRPath of the hospital walks through the element."""
    kind, *steps = _STEP.findall(path)
    texts = [entry.path for entry in entries if entry.resource == kind]
    if not texts:
        return False
    walk = re.compile(rf"(?<![.\w']){kind}\.{_build_walk(steps)}|(?<![.\w']){_build_walk(steps)}")
    return any(walk.search(text) for text in texts)


def _build_walk(steps: Iterable[str]) -> str:
    """A pattern of the same steps as a FHIRPath writes them, with functions between."""
    return rf"{_FUNCTIONS}\.".join(_build_step(step) for step in steps)


def _build_step(step: str) -> str:
    """``valueString`` is ``value`` in FHIRPath, an extension may be chosen by ``where`` or not at all."""
    kind, _, rest = step.partition("(")
    if kind == "extension" and rest:
        url = re.escape(rest.strip("')"))
        chosen = rf"\(\s*'{url}'\s*\)|\.where\(\s*url\s*=\s*'{url}'\s*\)"
        return rf"extension(?:{chosen}|(?![\w(]|\.where))"
    if rest:
        return re.escape(step)
    parts = re.findall(r"^[^A-Z]+|[A-Z][^A-Z]*", step)
    stems = ["".join(parts[: at + 1]) for at in range(len(parts))]
    return rf"(?:{'|'.join(map(re.escape, reversed(stems)))})\b"
