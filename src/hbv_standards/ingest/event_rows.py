"""Which Conditions, AdverseEvents and family histories become events, and what kind each is.

A Condition that an AdverseEvent names as what it resulted in makes no event of its own: it stands
behind the adverse event and fills in what that does not say.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from hbv_standards.canonical.concept_text import GS, join_concept, split_concept, split_concepts
from hbv_standards.ingest.distinct import build_mappers, build_mask, describe_concept, spread
from hbv_standards.ingest.outcomes import NOT_COLLECTED, settle
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

REFUTED = "the diagnosis was refuted"
DIFFERENTIAL = "one of several possible diagnoses"
POTENTIAL = "the event could have happened and did not"
NOTHING_TOLD = "no disease of the relative is told"

COLUMNS = (
    "source_id", "key", "site", "path", "subject_id", "kind", "code_concept", "severity_concept",
    "seriousness_concept", "outcome_concept", "causality_concept", "relationship_concept", "start", "start_age",
    "end", "end_age", "recorded", "note", "encounter",
    "behind",  # key of the Condition behind an adverse event
)  # fmt: skip
"""Columns of :class:`EventRows`, all text but ``source_id``; dates as sent."""

_FILLED = ("severity_concept", "start", "start_age", "end", "end_age", "recorded", "note", "encounter")
_COMPARED = ("code_concept", "severity_concept", "start", "end")
_GOES_ON = frozenset({"active", "recurrence", "relapse"})
_OVER = frozenset({"inactive", "remission", "resolved"})
_REFUTED, _DIFFERENTIAL = frozenset({"refuted"}), frozenset({"differential"})
_SURE = frozenset({"", "confirmed", "refuted", "differential"})  # of any other word nobody knows what it says


class EventRows(NamedTuple):
    """One row for each event (:data:`COLUMNS`, and ``open``, ``over``: the source says that it goes on, that it does
    not), and ``links``: source of an adverse event, source of a Condition behind it.
    """

    rows: pd.DataFrame
    links: pd.DataFrame


def select_events(fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog) -> EventRows:
    """Events of enrolled subjects; what is none gets its outcome here."""
    reactions = _select_reactions(fhir, subject_of, catalog)
    conditions = _select_conditions(fhir, subject_of, reactions, log)
    pairs = _pair(reactions, conditions)
    _report_differences(reactions, pairs, log)
    reactions = _fill(reactions, pairs)
    own = conditions[conditions["subject_id"].notna() & ~conditions["key"].isin(pairs["key"])]
    own = _map_kinds(own.reset_index(drop=True), fhir, catalog, log)
    made = [reactions, own, _select_relatives(fhir, subject_of)]
    rows = pd.concat([part.reindex(columns=[*COLUMNS, "open", "over"]) for part in made], ignore_index=True)
    text = {name: "str" for name in COLUMNS if name != "source_id"}
    rows = rows.astype({**text, "source_id": "int64", "open": "bool", "over": "bool"})
    return EventRows(rows, pairs[["source_id", "support_id"]].drop_duplicates())


def _select_reactions(fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog) -> pd.DataFrame:
    """Adverse events that happened; the code names what, the Condition may name it where the code does not."""
    rows = fhir.tables["adverseevent"]
    rows = rows[rows["subject"].isin(subject_of)]
    potential = rows["actuality"] == "potential"
    settle(fhir.sources, rows.loc[potential, "source_id"], "out of scope", POTENTIAL)
    rows = rows[~potential].reset_index(drop=True)
    kinds = _read_kinds(rows, catalog)
    unwanted = build_mask(kind == "NOT COLLECTED" for kind, _ in kinds)
    settle(fhir.sources, rows.loc[unwanted, "source_id"], "out of scope", NOT_COLLECTED)
    rows = rows[~unwanted].reset_index(drop=True)
    return rows.assign(
        subject_id=rows["subject"].map(subject_of),
        kind="adverse event",
        start_age=None,
        end_age=None,
        open=rows["status"] == "in-progress",
        over=False,
    )


def _select_conditions(
    fhir: FhirTables, subject_of: dict[str, str], reactions: pd.DataFrame, log: IssueLog
) -> pd.DataFrame:
    """Conditions of enrolled subjects, and those without a subject that an adverse event names."""
    rows = fhir.tables["condition"]
    named = {key for joined in reactions["resulting"].dropna() for key in joined.split(GS)}
    rows = rows[rows["subject"].isin(subject_of) | (rows["subject"].isna() & rows["key"].isin(named))]
    said = spread(rows, ["verification_concept"], _read_codes)
    refuted, differential, doubted = (
        build_mask(bool(test(codes)) for codes in said)
        for test in (_REFUTED.intersection, _DIFFERENTIAL.intersection, lambda codes: not codes & _SURE)
    )
    settle(fhir.sources, rows.loc[refuted, "source_id"], "out of scope", REFUTED)
    settle(fhir.sources, rows.loc[differential, "source_id"], "out of scope", DIFFERENTIAL)
    for row in rows[doubted].to_dict("records"):
        state = describe_concept(row["verification_concept"])
        log.add(
            "HBV-CAN-008", source_id=row["source_id"], path=f"{row['path']}.verificationStatus", value=state
        )
    states = spread(rows, ["clinical_concept"], _read_codes)
    goes_on, over = (build_mask(bool(known & codes) for codes in states) for known in (_GOES_ON, _OVER))
    abated = rows["end"].notna() | rows["end_age"].notna()
    rows = rows.assign(
        subject_id=rows["subject"].map(subject_of).astype("str"), open=goes_on & ~abated, over=over | abated
    )
    return rows[~refuted & ~differential].reset_index(drop=True)


def _read_codes(concept: str | None) -> frozenset[str]:
    """Codes of a status, and its text where it has no code."""
    text, codings = split_concept(concept) if concept else ("", ())
    return frozenset(coding.code for coding in codings if coding.code) or frozenset({text.strip().casefold()})


def _pair(reactions: pd.DataFrame, conditions: pd.DataFrame) -> pd.DataFrame:
    """Each adverse event (``at``) with the Conditions that it names and that are of its subject."""
    named = reactions[["source_id", "subject_id", "resulting"]].rename_axis("at").reset_index()
    named = named[named["resulting"].notna()]
    named = named.assign(key=named["resulting"].str.split(GS)).explode("key").astype({"key": "str"})
    known = conditions.drop_duplicates("key").rename(
        columns={"source_id": "support_id", "subject_id": "owner"}
    )
    pairs = named.merge(known, on="key")
    return pairs[pairs["owner"].isna() | (pairs["owner"] == pairs["subject_id"])].reset_index(drop=True)


def _fill(reactions: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """What an adverse event does not say, from the first of its Conditions that says it."""
    said = pairs.rename(columns={"code_concept": "disease", "key": "behind"})
    first = said.groupby("at")[[*_FILLED, "disease", "behind"]].first().reindex(reactions.index)
    goes_on, over = (said.groupby("at")[n].max().reindex(reactions.index, fill_value=False) for n in ("open", "over"))
    both = reactions.assign(disease=first["disease"].astype("str"))
    filled = {name: reactions[name].astype("str").fillna(first[name].astype("str")) for name in _FILLED}
    notes = pd.concat([reactions["note"].rename_axis("at").reset_index(), pairs[["at", "note"]]])
    joined = notes.dropna().drop_duplicates().groupby("at", sort=False)["note"].agg("\n".join)
    filled["note"] = joined.reindex(reactions.index).astype("str")
    return reactions.assign(
        **filled,
        code_concept=spread(both, ["code_concept", "disease"], merge_concepts),
        behind=first["behind"].astype("str"),
        open=reactions["open"] | goes_on.astype("bool"),
        over=over.astype("bool"),
    )


def _report_differences(reactions: pd.DataFrame, pairs: pd.DataFrame, log: IssueLog) -> None:
    """HBV-CAN-007 where a Condition behind an adverse event says otherwise than what is used."""
    for name in _COMPARED:
        own = pairs["at"].map(reactions[name].astype("str")).astype("str")
        first = pairs.groupby("at")[name].transform("first")
        if name == "code_concept":
            first = pd.Series(spread(pd.DataFrame({"own": own, "first": first}), ["own", "first"], merge_concepts))
            used = first.set_axis(pairs.index).astype("str")
        else:
            used = own.fillna(first)
        other = [is_different(name, *both) for both in zip(used, pairs[name], strict=True)]
        for row, use in zip(pairs[other].to_dict("records"), used[other], strict=True):
            said, wins = (describe_concept(text) if name.endswith("_concept") else text for text in (row[name], use))
            log.add(
                "HBV-CAN-007",
                source_id=row["support_id"],
                path=f"{row['path']}.{name.removesuffix('_concept')}",
                value=said,
                message=f"said otherwise of the adverse event behind which it stands: {wins}, which was used",
            )


def is_different(name: str, used: str | None, said: str | None) -> bool:
    """Whether something is said that is not in what is used: for concepts neither words nor a code of it."""
    if not isinstance(used, str) or not isinstance(said, str) or used == said:
        return False
    if not name.endswith("_concept"):
        return True
    (words, codes), (text, more) = split_concept(used), split_concept(said)
    shared = {(c.system, c.code) for c in codes if c.code} & {(c.system, c.code) for c in more if c.code}
    spoken = {words.strip().casefold(), *(c.display.strip().casefold() for c in codes)} - {""}
    return not shared and not spoken & {text.strip().casefold(), *(c.display.strip().casefold() for c in more)}


def merge_concepts(event: str | None, disease: str | None) -> str | None:
    """The event's own concept; the codes of the disease behind it where it has none."""
    if event is None or disease is None:
        return event or disease
    text, codings = split_concept(event)
    return event if codings else join_concept(text, split_concept(disease)[1])


def _map_kinds(rows: pd.DataFrame, fhir: FhirTables, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    """Kind of each Condition by its categories (codelist EVENT_KIND): history where they do not say more."""
    found = _read_kinds(rows, catalog)
    unknown = build_mask(lost for _, lost in found)
    for row in rows[unknown].to_dict("records"):
        label = describe_concept(split_concepts(str(row["category_concepts"]))[0])
        log.add(
            "HBV-MAP-008",
            source_id=row["source_id"],
            path=f"{row['path']}.category",
            value=label,
            message=f"category {label} is not mapped: the event may be an adverse event and stands in the history "
            f"until that is decided; add it to sites/{row['site']}/values.csv, codelist EVENT_KIND",
        )
    kinds = pd.Series([kind for kind, _ in found], index=rows.index, dtype="str")
    unwanted = kinds == "NOT COLLECTED"
    settle(fhir.sources, rows.loc[unwanted, "source_id"], "out of scope", NOT_COLLECTED)
    names = {"ADVERSE EVENT": "adverse event", "HISTORY": "history"}
    return rows.assign(kind=kinds.map(names).astype("str"))[~unwanted].reset_index(drop=True)


def _read_kinds(rows: pd.DataFrame, catalog: Catalog) -> list[tuple[str, bool]]:
    """EVENT_KIND of each row's categories, and whether there are some of which none is mapped."""
    mappers = build_mappers(catalog)

    def read_kind(site: str, joined: str | None) -> tuple[str, bool]:
        concepts = split_concepts(joined or "")
        matches = [mappers[site].map_concept("EVENT_KIND", concept) for concept in concepts]
        kinds = {match.value for match in matches if match is not None}
        chosen = next((k for k in ("ADVERSE EVENT", "NOT COLLECTED") if k in kinds), "HISTORY")
        return chosen, bool(concepts) and not kinds

    return spread(rows, ["site", "category_concepts"], read_kind)


def _select_relatives(fhir: FhirTables, subject_of: dict[str, str]) -> pd.DataFrame:
    rows = fhir.tables["familymemberhistory"]
    rows = rows[rows["subject"].isin(subject_of)]
    empty = rows["code_concept"].isna()
    settle(fhir.sources, rows.loc[empty, "source_id"], "out of scope", NOTHING_TOLD)
    rows = rows[~empty].reset_index(drop=True)
    return rows.assign(subject_id=rows["subject"].map(subject_of), kind="family history", open=False, over=False)
