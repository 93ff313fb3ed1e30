"""Columns as decoded → the flat tables: references resolved, look-ups between tables done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.decoded_rows import DecodedRows
from hbv_standards.ingest.references import COLUMNS as REFERENCES
from hbv_standards.ingest.references import LIST_COLUMNS, Resolver, collect_texts, describe_reference
from hbv_standards.ingest.tables import TABLES, read_dtypes
from hbv_standards.issues import IssueLog


def build_tables(decoded: DecodedRows, sources: pd.DataFrame, log: IssueLog) -> dict[str, pd.DataFrame]:
    """Every table of :data:`.tables.TABLES`. Unresolved references to what is needed become HBV-ING-006."""
    frames = {name: decoded.take_frame(name) for name in TABLES if name != "enrolment"}
    contained = [
        key for frame in frames.values() for key in frame.loc[frame["anchor"].notna(), "key"].unique()
    ]
    resolver = Resolver(sources, frames["identifier"], contained, collect_texts(frames))
    for name, columns in REFERENCES.items():
        for column, needed in columns.items():
            _resolve(frames[name], column, resolver, log if needed else None)
    _link_members(frames, resolver)
    _link_medications(frames)
    for name in ("identifier", "milestone"):
        frames[name] = frames[name].assign(owner_key=frames[name]["key"])
    stated = frames["stated"]
    frames["stated"] = stated[stated["for_site"] == stated["site"]].reset_index(drop=True)
    frames["enrolment"] = decoded.take_frame("enrolment")
    return {name: _conform(name, frames[name]) for name in TABLES}


def _conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    made = frame[list(TABLES[name])]
    wrong = {column: dtype for column, dtype in read_dtypes(name).items() if made[column].dtype != dtype}
    return made.astype(wrong) if wrong else made


def _resolve(frame: pd.DataFrame, column: str, resolver: Resolver, log: IssueLog | None) -> None:
    """Put keys in the place of references; an unresolved one is reported once per resource."""
    sent = frame[column]
    keys = resolver.resolve_column(sent, frame["source"].to_numpy())
    frame[column] = pd.Series(keys, dtype="str", index=frame.index)
    if log is None:
        return
    lost = sent.notna() & frame[column].isna()
    if "is_part" in frame:
        lost &= ~frame["is_part"]
    cells = (values[lost].tolist() for values in (sent, frame["source_id"], frame["path"], frame["source"]))
    for text, source_id, path, row in zip(*cells, strict=True):
        log.add(
            "HBV-ING-006",
            source_id=source_id,
            path=f"{path}.{column}",
            value=describe_reference(text),
            message=resolver.tell_why(text, row),
        )


def _link_members(frames: dict[str, pd.DataFrame], resolver: Resolver) -> None:
    """member_of: the Observation, else the DiagnosticReport, that lists an Observation."""
    owner: dict[str, str] = {}
    for name, column in LIST_COLUMNS.items():
        frame = frames[name]
        rows = np.flatnonzero(frame[column].notna().to_numpy())
        listing = (frame[c].iloc[rows].to_numpy(dtype=object) for c in ("key", column, "source"))
        keys = np.full(len(frame), None, dtype=object)
        for at, key, joined, source in zip(rows.tolist(), *listing, strict=True):
            listed = [found for text in joined.split(GS) if (found := resolver.resolve(text, source))]
            keys[at] = GS.join(listed) or None
            for found in listed:
                if found != key:
                    owner.setdefault(found, key)
        frames[name] = frame.assign(**{column: pd.Series(keys, dtype="str", index=frame.index)})
    frame = frames["observation"]
    parents = frame["key"].where(frame["is_part"])
    member_of = frame["key"].map(owner) if owner else None
    frames["observation"] = frame.assign(
        member_of=pd.Series(member_of, dtype="str", index=frame.index), parent_key=parents
    )


def _link_medications(frames: dict[str, pd.DataFrame]) -> None:
    """Code and form of the Medication that a use refers to."""
    drugs = frames["medication"].drop_duplicates("key").set_index("key")
    for name in _find_uses():
        frame = frames[name]
        code = frame["medication"].map(drugs["code_concept"]).astype("str")
        form = frame["medication"].map(drugs["form_concept"]).astype("str")
        frames[name] = frame.assign(
            medication_concept=frame["medication_concept"].fillna(code), form_concept=form
        )


def _find_uses() -> Iterator[str]:
    return (name for name, columns in TABLES.items() if "based_on" in columns)
