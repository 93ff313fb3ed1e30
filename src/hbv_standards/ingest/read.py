"""Raw resources of files, one after the other: for whoever wants to see again what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hbv_standards.ingest.decode import GateConfig
from hbv_standards.ingest.fhir_version import read_cue, vote_version
from hbv_standards.ingest.files import InputFile, list_files
from hbv_standards.ingest.head import read_head, read_type
from hbv_standards.ingest.origin import find_origin, read_hint
from hbv_standards.ingest.raw import RawEntry, RawResource
from hbv_standards.ingest.read_fhir import build_gate_config, list_encodings
from hbv_standards.ingest.split import FileReader
from hbv_standards.mapping.catalog import Catalog

__all__ = ["RawResource", "iterate_resources"]


class _Seen(NamedTuple):
    """What the resources of one file say of their hospital and their FHIR version."""

    cues: Counter[str]
    hints: Counter[str]
    origins: Counter[str]


def iterate_resources(
    inputs: Sequence[Path], catalog: Catalog, site: str | None = None
) -> Iterator[RawResource]:
    """Every resource of the inputs, as it was sent, file by file.

    Site, file and position are those of the source table; so is the FHIR version, save where only the
    vote of a hospital's other files decides. Entries that are no resource are left out:
    :func:`.read_fhir.read_fhir` reports them. Raises what that raises for faulty inputs.
    """
    config = build_gate_config(catalog)
    for file in list_files(inputs, catalog.sites, site):
        if file.kind != "csv":
            yield from _iterate_file(file, catalog, config)


def _iterate_file(file: InputFile, catalog: Catalog, config: GateConfig) -> Iterator[RawResource]:
    """Twice through the file: its version is voted by all of it."""
    encodings = list_encodings(catalog, file.site)
    seen = _Seen(Counter(), Counter(), Counter())
    for entry in _iterate_entries(file, encodings):
        head = read_head(entry.json, read_type(entry.json))
        seen.cues[read_cue(head.resource_type, entry.json, head.profiles)] += 1
        seen.hints[read_hint(head.resource_type, entry.json)] += 1
        if not file.site:
            seen.origins.update(find_origin(entry, head, config.systems))
    for entry in _iterate_entries(file, encodings):
        yield _build_resource(file, entry, seen, catalog, config)


def _iterate_entries(file: InputFile, encodings: Sequence[str]) -> Iterator[RawEntry]:
    for part in FileReader(file, encodings):
        if isinstance(part, RawEntry) and not part.problem and part.deletion is None:
            yield part


def _build_resource(
    file: InputFile, entry: RawEntry, seen: _Seen, catalog: Catalog, config: GateConfig
) -> RawResource:
    head = read_head(entry.json, read_type(entry.json))
    site = file.site
    if not site:
        own = seen.origins if len(seen.origins) == 1 else find_origin(entry, head, config.systems)
        site = next(iter(own)) if len(own) == 1 else ""
    default = catalog.sites[site].default_fhir_version if site in catalog.sites else None
    version = (
        read_cue(head.resource_type, entry.json, head.profiles)
        or vote_version(seen.hints)
        or vote_version(seen.cues)
        or default
        or "R4"
    )
    return RawResource(
        site, file.name, entry.position, head.resource_type, head.id, version, entry.json, entry.xml
    )
