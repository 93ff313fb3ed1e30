"""Raw resources of files, one after the other: for whoever wants to see again what was sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hbv_standards.ingest.decode import GateConfig
from hbv_standards.ingest.fhir_version import read_cue, vote_version
from hbv_standards.ingest.files import InputFile, list_files
from hbv_standards.ingest.head import read_head, read_type
from hbv_standards.ingest.origin import find_origin, read_hint
from hbv_standards.ingest.raw import RawEntry, RawResource
from hbv_standards.ingest.read_fhir import build_gate_config, list_encodings
from hbv_standards.ingest.resource_types import RESOURCE_TYPES
from hbv_standards.ingest.split import FileReader
from hbv_standards.mapping.catalog import Catalog

__all__ = ["RawResource", "iterate_resources"]


class _Seen(NamedTuple):
    """What the resources of one file say of their FHIR version and their hospital."""

    hints: Counter[str]
    cues: Counter[tuple[str, frozenset[str]]]  # version that a resource shows, sites that it names

    def vote(self) -> str:
        """FHIR version of the file."""
        votes: Counter[str] = Counter()
        for (cue, _), count in self.cues.items():
            votes[cue] += count
        return vote_version(self.hints) or vote_version(votes)

    def find_site(self, file: InputFile, named: Collection[str]) -> str:
        """Site of a resource that names some sites: see :func:`.source_table.find_sites`."""
        if file.site:
            return file.site
        of_file = {site for _, sites in self.cues for site in sites}
        known = of_file if len(of_file) == 1 else named
        return next(iter(known)) if len(known) == 1 else ""


def iterate_resources(
    inputs: Sequence[Path], catalog: Catalog, site: str | None = None
) -> Iterator[RawResource]:
    """Every resource of the inputs, as it was sent, file by file.

    Site, file, position and FHIR version are those of the source table. Files are read twice, because
    the version is voted by all of them. Entries that are no resource are left out:
    :func:`.read_fhir.read_fhir` reports them. Raises what that raises for faulty inputs.
    """
    config = build_gate_config(catalog)
    files = [file for file in list_files(inputs, catalog.sites, site) if file.kind != "csv"]
    seen = {file: _look_at(file, catalog, config) for file in files}
    by_site: dict[str, Counter[str]] = defaultdict(Counter)
    for file, said in seen.items():
        for (cue, named), count in said.cues.items():
            by_site[said.find_site(file, named)][cue] += count
    for file, said in seen.items():
        for entry in _iterate_entries(file, catalog):
            yield _build_resource(file, entry, said, by_site, catalog, config)


def _look_at(file: InputFile, catalog: Catalog, config: GateConfig) -> _Seen:
    seen = _Seen(Counter(), Counter())
    for entry in _iterate_entries(file, catalog):
        head = read_head(entry.json, read_type(entry.json))
        cue = read_cue(head.resource_type, entry.json, head.profiles)
        named = frozenset() if file.site else frozenset(find_origin(entry, head.source, config.systems))
        seen.cues[cue, named] += 1
        seen.hints[read_hint(head.resource_type, entry.json)] += 1
    return seen


def _iterate_entries(file: InputFile, catalog: Catalog) -> Iterator[RawEntry]:
    for part in FileReader(file, list_encodings(catalog, file.site)):
        if not isinstance(part, RawEntry) or part.problem or part.deletion is not None:
            continue
        if read_type(part.json) in RESOURCE_TYPES:
            yield part


def _build_resource(
    file: InputFile,
    entry: RawEntry,
    seen: _Seen,
    by_site: Mapping[str, Counter[str]],
    catalog: Catalog,
    config: GateConfig,
) -> RawResource:
    head = read_head(entry.json, read_type(entry.json))
    site = file.site or seen.find_site(file, find_origin(entry, head.source, config.systems))
    version = (
        read_cue(head.resource_type, entry.json, head.profiles)
        or seen.vote()
        or (catalog.sites[site].default_fhir_version if site in catalog.sites else None)
        or vote_version(by_site[site])
        or "R4"
    )
    return RawResource(
        site, file.name, entry.position, head.resource_type, head.id, version, entry.json, entry.xml
    )
