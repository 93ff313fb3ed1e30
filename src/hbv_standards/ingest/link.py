"""Columns as decoded → the flat tables: references resolved, look-ups between tables done."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hbv_standards.canonical.concept_text import GS, US
from hbv_standards.ingest.decoded_rows import DecodedRows
from hbv_standards.ingest.references import COLUMNS as REFERENCES
from hbv_standards.ingest.references import (
    LINK_COLUMNS,
    LIST_COLUMNS,
    NEEDED_LINKS,
    Resolver,
    collect_texts,
    describe_reference,
)
from hbv_standards.ingest.tables import DRUG_USES, OWNED, TABLES, build_empty, read_dtypes
from hbv_standards.issues import IssueLog


def build_tables(decoded: DecodedRows, sources: pd.DataFrame, log: IssueLog) -> dict[str, pd.DataFrame]:
    """Every table of :data:`.tables.TABLES`. Unresolved references to what is needed become HBV-ING-006."""
    frames = {name: frame for name in TABLES if (frame := decoded.take_frame(name)) is not None}
    contained = [
        key for frame in frames.values() for key in frame.loc[frame["anchor"].notna(), "key"].unique()
    ]
    resolver = Resolver(sources, frames.get("identifier"), contained, collect_texts(frames))
    for name in sorted(REFERENCES.keys() & frames.keys()):
        for column, needed in REFERENCES[name].items():
            _resolve(frames[name], column, resolver, log if needed else None)
    for name in sorted(LINK_COLUMNS.keys() & frames.keys()):
        for column in LINK_COLUMNS[name]:
            _resolve_list(frames[name], column, resolver, log if column in NEEDED_LINKS else None)
    _link_members(frames, resolver)
    _link_medications(frames)
    for name in sorted(OWNED & frames.keys()):
        frames[name]["owner_key"] = frames[name]["key"]
    if "stated" in frames:
        stated = frames["stated"]
        frames["stated"] = stated[stated["for_site"] == stated["site"]].reset_index(drop=True)
    return {name: _conform(name, frames[name]) if name in frames else build_empty(name) for name in TABLES}


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


def _resolve_list(frame: pd.DataFrame, column: str, resolver: Resolver, log: IssueLog | None) -> None:
    """Put the keys, joined by GS, in the place of several references; those that lead nowhere are left out.

    ``log`` hears of them, once per resource.
    """
    rows = np.flatnonzero(frame[column].notna().to_numpy())
    keys = np.full(len(frame), None, dtype=object)
    sent = zip(frame[column].iloc[rows], frame["source"].iloc[rows].tolist(), strict=True)
    for at, (joined, source) in zip(rows.tolist(), sent, strict=True):
        found = {text: resolver.resolve(text, source) for text in joined.split(GS)}
        keys[at] = GS.join(key for key in found.values() if key) or None
        if log is not None:
            for text in (text for text, key in found.items() if not key and text.strip(US)):
                log.add(
                    "HBV-ING-006",
                    source_id=frame["source_id"].iloc[at],
                    path=f"{frame['path'].iloc[at]}.{column}",
                    value=describe_reference(text),
                    message=resolver.tell_why(text, source),
                )
    frame[column] = pd.Series(keys, dtype="str", index=frame.index)


def _link_members(frames: dict[str, pd.DataFrame], resolver: Resolver) -> None:
    """member_of: the Observation, else the DiagnosticReport, that lists an Observation."""
    owner: dict[str, str] = {}
    for name, column in LIST_COLUMNS.items():
        frame = frames.get(name)
        if frame is None:
            continue
        rows = np.flatnonzero(frame[column].notna().to_numpy())
        listing = (frame[c].iloc[rows].to_numpy(dtype=object) for c in ("key", column, "source"))
        keys = np.full(len(frame), None, dtype=object)
        for at, key, joined, source in zip(rows.tolist(), *listing, strict=True):
            listed = [found for text in joined.split(GS) if (found := resolver.resolve(text, source))]
            keys[at] = GS.join(listed) or None
            for found in listed:
                if found != key:
                    owner.setdefault(found, key)
        frame[column] = pd.Series(keys, dtype="str", index=frame.index)
    if "observation" in frames:
        frame = frames["observation"]
        member_of = frame["key"].map(owner) if owner else None
        frame["member_of"] = pd.Series(member_of, dtype="str", index=frame.index)
        frame["parent_key"] = frame["key"].where(frame["is_part"])


def _link_medications(frames: dict[str, pd.DataFrame]) -> None:
    """Code and form of the Medication that a use refers to."""
    drugs = frames.get("medication")
    for name in sorted(DRUG_USES & frames.keys()):
        frame = frames[name]
        if drugs is None:
            frame["form_concept"] = pd.Series(None, dtype="str", index=frame.index)
            continue
        by_key = drugs.drop_duplicates("key").set_index("key")
        for column, said in (("medication_concept", "code_concept"), ("form_concept", "form_concept")):
            known = frame["medication"].map(by_key[said]).astype("str")
            frame[column] = frame[column].fillna(known) if column in frame else known
