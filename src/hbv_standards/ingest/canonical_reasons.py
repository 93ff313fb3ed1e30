"""Why a treatment was given, changed or stopped: the adverse events that its reasons name, as supports."""

from __future__ import annotations

import pandas as pd

from hbv_standards.canonical.concept_text import GS
from hbv_standards.canonical.frame import build_frame
from hbv_standards.ingest.references import LINK_COLUMNS
from hbv_standards.ingest.tables import FhirTables

_TREATMENTS = sorted(name for name, columns in LINK_COLUMNS.items() if "reasons" in columns)


def build_reasons(
    fhir: FhirTables, interventions: pd.DataFrame, events: pd.DataFrame, supports: pd.DataFrame
) -> pd.DataFrame:
    """Frame ``supports`` of role "reason": a treatment's source and that of the adverse event.

    reasonReference (R4) and reason.reference (R5) name the AdverseEvent, or the Condition that it is
    about: an event of its own, or one that supports an AdverseEvent (role "group" in ``supports``).
    """
    adverse = events.loc[events["kind"] == "adverse event", "source_id"]
    behind = supports[(supports["role"] == "group") & supports["source_id"].isin(adverse)]
    about = pd.concat(
        [
            pd.DataFrame({"named": adverse, "support_id": adverse}),
            pd.DataFrame({"named": behind["support_id"], "support_id": behind["source_id"]}),
        ]
    ).drop_duplicates()
    tables = [fhir.tables[name][["key", "source_id"]] for name in ("adverseevent", "condition")]
    keys = pd.concat(tables).drop_duplicates("key").rename(columns={"source_id": "named"})
    sent = pd.concat([fhir.tables[name][["source_id", "reasons"]] for name in _TREATMENTS], ignore_index=True)
    sent = sent[sent["reasons"].notna() & sent["source_id"].isin(interventions["source_id"])]
    listed = sent.assign(key=sent["reasons"].str.split(GS)).explode("key").astype({"key": "str"})
    links = listed.merge(keys, on="key").merge(about, on="named")[["source_id", "support_id"]].drop_duplicates()
    return build_frame("supports", {**{name: links[name] for name in links}, "role": ["reason"] * len(links)})
