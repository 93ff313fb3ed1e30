"""CO: Comments: what the hospitals noted beside a result, treatment or event (SDTMIG 5.1)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.derive.ascii_text import Agency, convert_encodable
from hbv_standards.mapping.apply import Match, SiteMapper
from hbv_standards.mapping.vocabulary import NOTE
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.record_rows import find_rows
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.spec import DatasetSpec
from hbv_standards.sdtm.study_view import EVENT_DOMAINS, StudyView
from hbv_standards.sdtm.text import split_text
from hbv_standards.sdtm.trace import trace_rows

CLASSES = ("INTERVENTIONS", "EVENTS", "FINDINGS", "FINDINGS ABOUT")
ASSOCIATED = "APMH"


def relate(view: StudyView, datasets: Mapping[str, Dataset]) -> Dataset | None:
    """Comments on the rows of ``datasets``, None without any.

    A comment belongs to the row that its record made; CODTC is missing, for comments on a record have
    no date of their own (SDTMIG 5.1, CG0168). Notes on relatives name no record and have the
    relative's APID in COREF.
    """
    notes = collect_notes(view)
    if notes.empty:
        return None
    placed = pd.concat([place_notes(notes, datasets), place_relatives(notes, datasets)], ignore_index=True)
    frame = drop_carried(placed, datasets).pipe(translate_notes, view)
    if frame.empty:
        return None
    pieces = frame["words"].map(lambda note: split_note(note, view.agency))
    lost = frame[pieces.str.len() == 0]
    cure = "characters outside ASCII: the comment is not in this build; add its English to sites/"
    told = cure + lost["site"].astype("str") + f"/values.csv, codelist {NOTE}"
    report_rows(
        view.log, "HBV-SDTM-003", lost, dataset="CO", variable="COVAL", value=lost["note"], message=told
    )
    kept = pieces.str.len() > 0
    if not kept.any():
        return None
    frame, pieces = frame[kept].reset_index(drop=True), pieces[kept].reset_index(drop=True)
    spec = extend_spec(view.specs["CO"], int(pieces.str.len().max()))
    values = {name_piece(place): pieces.str[place] for place in range(len(spec.variables))}
    frame = frame.assign(STUDYID=view.study.studyid, DOMAIN="CO", **values)
    return Dataset.conform(frame, spec, trace_rows(frame))


def collect_notes(view: StudyView) -> pd.DataFrame:
    """Notes of all records: ``site, subject_id, source_id, path, note, domain``; an intervention has no domain."""
    domains = {c.concept_id: c.domain for c in view.catalog.concepts.values()}
    data = view.data
    parts = [
        data.findings.assign(domain=data.findings["concept_id"].map(domains)),
        data.interventions.assign(domain=None),
        data.events.assign(domain=data.events["kind"].map(EVENT_DOMAINS)),
    ]
    columns = ["site", "subject_id", "source_id", "path", "note", "domain"]
    noted = [part.loc[part["note"].notna() & (part["note"].str.strip() != ""), columns] for part in parts]
    filled = [part.astype({"domain": "str"}) for part in noted if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def place_notes(notes: pd.DataFrame, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """Each note with the row that its record made: RDOMAIN, USUBJID, IDVAR, IDVARVAL, ``row``.

    Where a record stands behind several rows of an intervention, the row that it made goes before one
    that it merely supports.
    """
    rows = find_rows(datasets, CLASSES, set(notes["source_id"]), whole=False)
    found = notes.reset_index(names="at").merge(rows, on=["source_id", "path"])
    treatment = found["dataset"].map({name: d.spec.cls == "INTERVENTIONS" for name, d in datasets.items()})
    found = found[(found["dataset"] == found["domain"]) | (found["domain"].isna() & treatment.eq(True))]
    found = found.sort_values(["at", "variable", "dataset", "row"], kind="stable").drop_duplicates("at")
    return found.rename(columns={"dataset": "RDOMAIN"}).drop(columns=["at", "variable", "domain"])


def place_relatives(notes: pd.DataFrame, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """Notes on the diseases of relatives: USUBJID and COREF."""
    dataset = datasets.get(ASSOCIATED)
    if dataset is None:
        return pd.DataFrame(columns=["site", "source_id", "path", "note", "USUBJID", "COREF"])
    trace = dataset.trace[dataset.trace["variable"] == ""]
    rows = dataset.frame.iloc[trace["row"]]
    people = trace[["source_id", "path"]].assign(USUBJID=rows["RSUBJID"].array, COREF=rows["APID"].array)
    told = notes[notes["domain"] == ASSOCIATED][["site", "source_id", "path", "note"]]
    return told.merge(people, on=["source_id", "path"])


def drop_carried(frame: pd.DataFrame, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """Without notes that a row says already in --DOSTXT, and each note of a row once."""
    frame = frame.reindex(
        columns=[*frame.columns, *({"RDOMAIN", "IDVAR", "IDVARVAL", "COREF", "row"} - set(frame))]
    )
    carried = pd.Series(False, index=frame.index)
    for name, rows in frame.groupby("RDOMAIN"):
        texts = datasets[str(name)].frame.get(f"{name}DOSTXT")
        if texts is not None:
            said = texts.iloc[rows["row"].astype("int64")].to_numpy()
            carried[rows.index] = rows["note"].str.strip().to_numpy() == said
    kept = frame[~carried]
    kept = kept.drop_duplicates(["RDOMAIN", "USUBJID", "IDVARVAL", "COREF", "note"])
    return kept.reset_index(drop=True)


def translate_notes(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add ``words``, what the build carries of the note, and ``mapping_row``.

    In an ASCII build that is the English of a note in Chinese, where the tables have it (codelist NOTE).
    """
    mappers = {site: SiteMapper(view.catalog, site) for site in sorted(set(frame["site"]))}

    def translate(site: str, note: str) -> Match | None:
        known = convert_encodable(note, view.agency) is not None
        return None if known else mappers[site].map_value(NOTE, note)

    distinct = {pair: translate(*pair) for pair in zip(frame["site"], frame["note"], strict=True)}
    found = [distinct[pair] for pair in zip(frame["site"], frame["note"], strict=True)]
    return frame.assign(
        words=[m.value if m else note for m, note in zip(found, frame["note"], strict=True)],
        mapping_row=pd.Series([m.row if m else None for m in found], index=frame.index, dtype="str"),
    )


def split_note(note: str, agency: Agency) -> tuple[str, ...]:
    """The note in pieces of at most 200 bytes (SDTMIG 5.1); none where the build cannot hold it."""
    text = convert_encodable(note, agency)
    return split_text(text) if text else ()


def name_piece(place: int) -> str:
    """COVAL, COVAL1, COVAL2 ..."""
    return f"COVAL{place}" if place else "COVAL"


def extend_spec(spec: DatasetSpec, pieces: int) -> DatasetSpec:
    """The spec with as many of COVAL1, COVAL2 ... behind COVAL as the longest comment needs."""
    at = spec.names.index("COVAL")
    first = spec.variables[at]
    further = tuple(
        first.model_copy(update={"name": name_piece(n), "core": "Perm"}) for n in range(1, pieces)
    )
    return spec.model_copy(
        update={"variables": (*spec.variables[: at + 1], *further, *spec.variables[at + 1 :])}
    )
