"""Gathered sources → the source table: whose they are, their ids, their keys, their FHIR version.

The frame has the columns of the source table and, while reading lasts, those that begin with ``_``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.columns import SOURCE_FIELDS, build_columns
from hbv_standards.ingest.fhir_version import vote_version
from hbv_standards.ingest.gather import Gathered
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.site import SiteConfig
from hbv_standards.provenance import SOURCE_COLUMNS

NOT_FHIR = "EnrolmentRow"


def build_sources(gathered: Gathered, sites: Mapping[str, SiteConfig], log: IssueLog) -> pd.DataFrame:
    """One row per source in the order in which they were read; ``source_id`` follows (site, file, position).

    Position follows the order of the file, which is the natural order of positions. Sources whose
    hospital is unknown are rejected (HBV-ING-009).
    """
    empty = build_columns([], SOURCE_FIELDS).append_column("file_number", pa.array([], pa.int64()))
    frame = pa.concat_tables([empty, *gathered.sources]).to_pandas()
    files = gathered.files
    number = frame.pop("file_number").to_numpy()
    frame = frame.rename(columns={n: f"_{n}" for n in SOURCE_FIELDS if n not in SOURCE_COLUMNS})
    frame["_file"] = number
    frame["file"] = pd.Series(np.array([f.name for f in files] or [""], dtype=object)[number], dtype="str")
    given = pd.Series(np.array([f.site for f in files] or [""], dtype=object)[number], dtype="str")
    frame["site"] = find_sites(given, frame)
    frame["source_id"] = _number_sources(frame)
    _reject_strangers(frame, log)
    frame["disposition"] = np.where(frame["reason"] == "", "", "rejected")
    frame["fhir_version"] = decide_versions(frame, sites)
    frame["_key"] = build_keys(frame)
    return frame


def find_sites(given: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Site of every source: that of its file, else the one whose identifier systems the file names.

    In a file that names several hospitals each resource speaks for itself.
    """
    unknown = given == ""
    if not unknown.any():
        return given
    named = frame.loc[unknown, ["_file", "_origin"]]
    by_file = {
        number: {site for text in part.unique() for site in text.split(GS) if site}
        for number, part in named.groupby("_file")["_origin"]
    }
    sites = given.tolist()
    for at, number, origin in zip(named.index, named["_file"], named["_origin"], strict=True):
        known = by_file[number] if len(by_file[number]) == 1 else set(origin.split(GS)) - {""}
        sites[at] = next(iter(known)) if len(known) == 1 else ""
    return pd.Series(sites, dtype="str")


def _number_sources(frame: pd.DataFrame) -> np.ndarray:
    """Ids that do not depend on the order of the input: ranks by site, file and place in the file."""
    _, site = np.unique(frame["site"].to_numpy(dtype=object), return_inverse=True)
    _, file = np.unique(frame["file"].to_numpy(dtype=object), return_inverse=True)
    order = np.lexsort((np.arange(len(frame)), file, site))
    ids = np.empty(len(frame), dtype=np.int64)
    ids[order] = np.arange(len(frame))
    return ids


def _reject_strangers(frame: pd.DataFrame, log: IssueLog) -> None:
    strangers = frame["site"] == ""
    for name, part in frame[strangers].groupby("file"):
        log.add("HBV-ING-009", file=str(name), message=f"{len(part)} resources of this file are nobody's")
    frame.loc[strangers & (frame["reason"] == ""), "reason"] = "HBV-ING-009"


def decide_versions(frame: pd.DataFrame, sites: Mapping[str, SiteConfig]) -> np.ndarray:
    """FHIR version of every source, in the order of evidence that :mod:`.fhir_version` tells."""
    by_file = _vote(frame, "_file")
    for number, hints in frame[frame["_hint"] != ""].groupby("_file")["_hint"]:
        by_file[number] = vote_version(Counter(hints)) or by_file.get(number, "")
    by_site = _vote(frame, "site")
    stated = {site: config.default_fhir_version or "" for site, config in sites.items()}
    found = [
        cue or by_file.get(file, "") or stated.get(site, "") or by_site.get(site, "") or "R4"
        for cue, file, site in zip(frame["_cue"], frame["_file"], frame["site"], strict=True)
    ]
    versions = np.array(found, dtype=object)
    versions[(frame["resource_type"] == NOT_FHIR).to_numpy()] = ""
    return versions


def _vote(frame: pd.DataFrame, column: str) -> dict[object, str]:
    counts: dict[object, Counter[str]] = {}
    shown = frame[frame["_cue"] != ""]
    for (group, cue), number in shown.groupby([column, "_cue"]).size().items():  # type: ignore[misc]  # a MultiIndex gives pairs
        counts.setdefault(group, Counter())[cue] += int(number)
    return {group: vote_version(counter) for group, counter in counts.items()}


def build_keys(frame: pd.DataFrame) -> np.ndarray:
    """``<site>|<Type>/<id>``, or the source id for a resource without id."""
    keys = [
        f"{site}|{kind}/{name}" if name else str(source)
        for site, kind, name, source in zip(
            frame["site"], frame["resource_type"], frame["resource_id"], frame["source_id"], strict=True
        )
    ]
    return np.array(keys, dtype=object)


def close_sources(frame: pd.DataFrame) -> pd.DataFrame:
    """The source table itself, ordered by id."""
    ordered = frame.sort_values("source_id").reset_index(drop=True)
    return pd.DataFrame({name: ordered[name].astype(dtype) for name, dtype in SOURCE_COLUMNS.items()})
