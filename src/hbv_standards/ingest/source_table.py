"""Gathered sources → the source table: whose they are, their ids, their keys, their FHIR version.

The frame has the columns of the source table and, while reading lasts, those that begin with ``_``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.columns import ENROLMENT_TYPE, SOURCE_FIELDS, build_columns
from hbv_standards.ingest.fhir_version import vote_version
from hbv_standards.ingest.gather import Gathered
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.site import SiteConfig
from hbv_standards.provenance import SOURCE_COLUMNS


def build_sources(gathered: Gathered, sites: Mapping[str, SiteConfig], log: IssueLog) -> pd.DataFrame:
    """One row per source in the order in which they were read; ``source_id`` follows (site, file, position).

    Position follows the order of the file, which is the natural order of positions. Sources whose
    hospital is unknown are rejected (HBV-ING-009).
    """
    frame = _concat_sources(gathered)
    files = gathered.files
    number = frame["_file"].to_numpy()
    frame["file"] = _spread([f.name for f in files], number)
    site_names, site_of = find_sites([f.site for f in files], number, frame["_origin"])
    frame["site"] = _spread(site_names, site_of)
    frame["source_id"] = _number_sources(site_names, site_of, [f.name for f in files], number)
    _reject_strangers(frame, log)
    frame["disposition"] = _spread(["", "rejected"], (frame["reason"] != "").to_numpy().astype(np.int64))
    frame["fhir_version"] = decide_versions(frame, site_names, site_of, sites)
    frame["_key"] = build_keys(frame)
    return frame


def _concat_sources(gathered: Gathered) -> pd.DataFrame:
    empty = build_columns([], SOURCE_FIELDS).append_column("file_number", pa.array([], pa.int64()))
    frame: pd.DataFrame = pa.concat_tables([empty, *gathered.sources]).to_pandas()
    gathered.sources.clear()
    internal = {name: f"_{name}" for name in SOURCE_FIELDS if name not in SOURCE_COLUMNS}
    return frame.rename(columns={**internal, "file_number": "_file"})


def _spread(names: Sequence[str], codes: np.ndarray) -> pd.Series:
    """The name of every code, as text."""
    taken = pa.array(names, pa.large_string()).take(pa.array(codes, pa.int64()))
    return pd.Series(taken.to_pandas())


def find_sites(given: Sequence[str], number: np.ndarray, origin: pd.Series) -> tuple[list[str], np.ndarray]:
    """Site of every source, as names and codes: that of its file, else the one whose identifier systems
    the file names.

    ``given`` are the sites of the files, ``number`` and ``origin`` the file and the named sites of
    each source. In a file that names several hospitals each resource speaks for itself.
    """
    unknown = np.array([site == "" for site in given] or [False])[number]
    rows = np.flatnonzero(unknown)
    texts = origin.to_numpy(dtype=object)[rows]
    by_file: dict[int, set[str]] = {}
    for file, text in zip(number[rows].tolist(), texts, strict=True):
        by_file.setdefault(file, set()).update(text.split(GS) if text else ())
    names = sorted({*given, *(site for named in by_file.values() for site in named), ""})
    code = {name: at for at, name in enumerate(names)}
    codes = np.array([code[site] for site in given] or [0], dtype=np.int64)[number]
    for row, file, text in zip(rows.tolist(), number[rows].tolist(), texts, strict=True):
        known = by_file[file] if len(by_file[file]) == 1 else set(text.split(GS)) - {""}
        codes[row] = code[next(iter(known))] if len(known) == 1 else code[""]
    return names, codes


def _number_sources(
    site_names: Sequence[str], site_of: np.ndarray, file_names: Sequence[str], file_of: np.ndarray
) -> np.ndarray:
    """Ids that do not depend on the order of the input: ranks by site, file and place in the file."""
    order = np.lexsort((np.arange(len(site_of)), _rank(file_names)[file_of], _rank(site_names)[site_of]))
    ids = np.empty(len(order), dtype=np.int64)
    ids[order] = np.arange(len(order))
    return ids


def _rank(names: Sequence[str]) -> np.ndarray:
    place = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([place[name] for name in names] or [0], dtype=np.int64)


def _reject_strangers(frame: pd.DataFrame, log: IssueLog) -> None:
    strangers = frame["site"] == ""
    for name, part in frame[strangers].groupby("file"):
        log.add("HBV-ING-009", file=str(name), message=f"{len(part)} resources of this file are nobody's")
    frame.loc[strangers & (frame["reason"] == ""), "reason"] = "HBV-ING-009"


def decide_versions(
    frame: pd.DataFrame, site_names: Sequence[str], site_of: np.ndarray, sites: Mapping[str, SiteConfig]
) -> pd.Series:
    """FHIR version of every source, in the order of evidence that :mod:`.fhir_version` tells."""
    cue_of, cues = pd.factorize(frame["_cue"])
    file_of = frame["_file"].to_numpy()
    by_file = _vote(file_of, cue_of, cues)
    hinted = frame.loc[frame["_hint"] != "", ["_file", "_hint"]]
    by_file |= dict(zip(hinted["_file"].tolist(), hinted["_hint"].tolist(), strict=True))
    by_site = _vote(site_of, cue_of, cues)
    stated = [sites[n].default_fhir_version or "" if n in sites else "" for n in site_names]
    shape = (len(cues), int(file_of.max(initial=0)) + 1, len(site_names))
    triples, inverse = np.unique(np.ravel_multi_index((cue_of, file_of, site_of), shape), return_inverse=True)
    found = [
        cues[cue] or by_file.get(file, "") or stated[site] or by_site.get(site, "") or "R4"
        for cue, file, site in zip(*(part.tolist() for part in np.unravel_index(triples, shape)), strict=True)
    ]
    versions = _spread(found, inverse)
    return versions.where(frame["resource_type"] != ENROLMENT_TYPE, "")


def _vote(group_of: np.ndarray, cue_of: np.ndarray, cues: pd.Index) -> dict[int, str]:
    pairs, counts = np.unique(group_of * len(cues) + cue_of, return_counts=True)
    votes: dict[int, Counter[str]] = {}
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        group, cue = divmod(pair, len(cues))
        votes.setdefault(group, Counter())[cues[cue]] += count
    return {group: vote_version(counter) for group, counter in votes.items()}


def build_keys(frame: pd.DataFrame) -> pd.Series:
    """``<site>|<Type>/<id>``, or the source id for a resource without id."""
    keys = frame["site"] + "|" + frame["resource_type"] + "/" + frame["resource_id"]
    return keys.where(frame["resource_id"] != "", frame["source_id"].astype("str"))


def close_sources(frame: pd.DataFrame) -> pd.DataFrame:
    """The source table itself, ordered by id."""
    ordered = frame.sort_values("source_id").reset_index(drop=True)
    return ordered[list(SOURCE_COLUMNS)].astype(SOURCE_COLUMNS)
