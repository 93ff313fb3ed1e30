"""Raw resources of files, one after the other: for whoever wants to see again what was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from hbv_standards.ingest.files import list_files
from hbv_standards.ingest.raw import RawEntry, RawResource
from hbv_standards.ingest.read_fhir import list_encodings
from hbv_standards.ingest.resource_types import RESOURCE_TYPES
from hbv_standards.ingest.split import FileReader
from hbv_standards.mapping.catalog import Catalog

__all__ = ["RawResource", "iterate_resources"]


def iterate_resources(
    inputs: Sequence[Path],
    catalog: Catalog,
    sources: pd.DataFrame,
    wanted: Collection[int] | None = None,
    site: str | None = None,
) -> Iterator[tuple[int, RawResource]]:
    """Source id and content, as it was sent, of the resources in ``wanted`` (all when None), file by file.

    ``sources`` is the source table that :func:`.read_fhir.read_fhir` made of the same inputs: hospital and FHIR
    version are those that it decided. A file without a wanted resource is not opened. Entries that are no
    resource are left out. Raises what ``read_fhir`` raises for faulty inputs.
    """
    known = sources[sources["resource_type"].isin(sorted(RESOURCE_TYPES))]
    if wanted is not None:
        known = known[known["source_id"].isin(list(wanted))]
    by_file = dict(list(known.groupby("file")))
    for file in list_files(inputs, catalog.sites, site):
        if file.kind == "csv" or file.name not in by_file:
            continue
        asked = by_file[file.name].set_index("position")
        places = dict(zip(asked.index, asked.to_dict("records"), strict=True))
        for entry in FileReader(file, list_encodings(catalog, file.site)):
            if not isinstance(entry, RawEntry) or entry.problem or entry.deletion is not None:
                continue
            if entry.position in places:
                yield _build_resource(entry, places[entry.position])


def _build_resource(entry: RawEntry, source: dict[str, Any]) -> tuple[int, RawResource]:
    resource = RawResource(
        source["site"], source["file"], entry.position, source["resource_type"], source["resource_id"],
        source["fhir_version"], entry.json, entry.xml,
    )  # fmt: skip
    return int(source["source_id"]), resource
