"""Relations between records of different datasets, as the sources state them (SDTMIG 8.2, 8.3).

A relation is a frame of the rows that belong together: RDOMAIN, USUBJID, IDVAR, IDVARVAL, RELTYPE,
RELID, and ``source_id`` of the record that states it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hbv_standards.derive.dates import compute_before
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.record_rows import find_rows
from hbv_standards.sdtm.study_view import StudyView

COLUMNS = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID", "source_id", "path")
FINDINGS = ("FINDINGS", "FINDINGS ABOUT")
SHARED = {"REFID": "SPECIMEN", "GRPID": "REPORT"}
"""Variables whose equal values join the records of several datasets, and the RELID of each."""
EXPOSURE = ("EC", "EX")
_NONE = pd.Series([], dtype="str")


def relate_procedures(view: StudyView, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """A procedure and the findings that share its report, or name the procedure itself.

    The link is the canonical ``supports`` of role "group": findings to the report (or procedure) that
    they are part of, procedures to their report. A procedure that is read from the report is the group.
    """
    findings, treatments = view.data.findings, view.data.interventions
    procedures = treatments.loc[treatments["kind"] == "procedure", "source_id"]
    groups = _list_supports(view, "group")
    own = findings.loc[findings["group_source_id"].notna(), ["source_id", "group_source_id"]]
    own = own.astype({"group_source_id": "int64"}).rename(columns={"group_source_id": "support_id"})
    parts = pd.concat([groups, own]).drop_duplicates()
    parts = parts[parts["source_id"].isin(findings["source_id"])]
    keys = pd.concat(
        [
            pd.DataFrame({"source_id": procedures, "support_id": procedures}),
            groups[groups["source_id"].isin(procedures)],
        ]
    ).drop_duplicates()
    links = keys.merge(parts, on="support_id", suffixes=("", "_other"))[["source_id", "source_id_other"]]
    return _relate(links, datasets, ("INTERVENTIONS",), FINDINGS, numbered_by="first")


def relate_reasons(view: StudyView, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """An adverse event and the treatment that names it as its reason (``supports`` of role "reason")."""
    events = view.data.events
    adverse = events.loc[events["kind"] == "adverse event", "source_id"]
    links = _list_supports(view, "reason").rename(columns={"support_id": "source_id_other"})
    links = links[links["source_id_other"].isin(adverse)]
    return _relate(links, datasets, ("INTERVENTIONS",), ("EVENTS",), numbered_by="second")


def relate_adjustments(view: StudyView, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """A change of the study dose (EX, and EC where that is) and the adverse event in whose words its reason is given.

    Only where exactly one adverse event of the subject has that term and it did not begin after the
    change; anything less is no statement of the source.
    """
    rows, members = view.treatments.study.rows, view.treatments.study.members
    changed = rows[rows["adjustment_reason"].notna()]
    events = view.data.events[view.data.events["kind"] == "adverse event"]
    told = pd.concat([events.assign(name=events[field]) for field in ("term", "term_value")])
    told = told.dropna(subset=["name"]).assign(name=lambda frame: frame["name"].map(normalise_text))
    told = told.drop_duplicates(["subject_id", "name", "source_id"])
    told = told[~told.duplicated(["subject_id", "name"], keep=False)]
    reasons = changed.reset_index(names="interval").assign(
        name=changed["adjustment_reason"].map(normalise_text).to_numpy()
    )
    found = reasons[["interval", "subject_id", "name", "start_dtc"]].merge(
        told[["subject_id", "name", "source_id", "start_dtc"]],
        on=["subject_id", "name"],
        suffixes=("", "_event"),
    )
    found = found[~compute_before(found["start_dtc"], found["start_dtc_event"])]
    used = members.loc[members["used"], ["interval", "source_id"]]
    links = used.merge(found[["interval", "source_id"]], on="interval", suffixes=("", "_other"))
    return _relate(links, datasets, ("INTERVENTIONS",), ("EVENTS",), numbered_by="second")


def _list_supports(view: StudyView, role: str) -> pd.DataFrame:
    supports = view.data.supports
    return supports.loc[supports["role"] == role, ["source_id", "support_id"]].drop_duplicates()


def _relate(
    links: pd.DataFrame,
    datasets: Mapping[str, Dataset],
    first_classes: Sequence[str],
    second_classes: Sequence[str],
    *,
    numbered_by: str,
) -> pd.DataFrame:
    """Rows of linked sources; RELID is domain and --SEQ of one side, with maybe several on the other."""
    one = find_rows(datasets, first_classes, set(links["source_id"]))
    other = find_rows(datasets, second_classes, set(links["source_id_other"]))
    pairs = links[["source_id", "source_id_other"]].drop_duplicates()
    pairs = pairs.merge(one, on="source_id").merge(
        other.rename(columns={"source_id": "source_id_other"}), on="source_id_other", suffixes=("", "_other")
    )
    pairs = pairs[pairs["USUBJID"] == pairs["USUBJID_other"]]
    end = "" if numbered_by == "first" else "_other"
    pairs["RELID"] = pairs[f"dataset{end}"] + pairs[f"IDVARVAL{end}"]
    sides = [
        pd.DataFrame(
            {
                "RDOMAIN": pairs[f"dataset{side}"],
                "USUBJID": pairs["USUBJID"],
                "IDVAR": pairs[f"IDVAR{side}"],
                "IDVARVAL": pairs[f"IDVARVAL{side}"],
                "RELTYPE": None,
                "RELID": pairs["RELID"],
                "source_id": pairs["source_id"],
                "path": pairs["path"],
            }
        )
        for side in ("", "_other")
    ]
    return pd.concat(sides, ignore_index=True)[list(COLUMNS)]


def relate_exposure(datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """EX and EC, as datasets: one record of exposure is made of one as collected, by --LNKID (IG 6.1.3.2, 8.3)."""
    linked = [
        name
        for name in EXPOSURE
        if name in datasets and datasets[name].frame.get(f"{name}LNKID", _NONE).notna().any()
    ]
    if len(linked) < len(EXPOSURE):
        linked = []
    idvars = [f"{name}LNKID" for name in linked]
    rows = pd.DataFrame({"RDOMAIN": linked, "IDVAR": idvars, "RELTYPE": "ONE", "RELID": "EXPOSURE"})
    return rows.reindex(columns=list(COLUMNS))


def relate_shared(datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """Findings datasets whose records share a specimen (--REFID) or a report (--GRPID) (SDTMIG 8.3.1).

    A dataset takes part when at least one value of a subject is found in another dataset too.
    """
    parts = []
    for ending, relation in SHARED.items():
        values = {
            name: pd.MultiIndex.from_frame(known) for name, known in _list_shared(datasets, ending).items()
        }
        sharing = [
            name
            for name, own in values.items()
            if any(own.isin(other).any() for each, other in values.items() if each != name)
        ]
        parts.append(
            pd.DataFrame(
                {
                    "RDOMAIN": sharing,
                    "IDVAR": [f"{name}{ending}" for name in sharing],
                    "RELTYPE": "MANY",
                    "RELID": relation,
                }
            )
        )
    return pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS))


def _list_shared(datasets: Mapping[str, Dataset], ending: str) -> dict[str, pd.DataFrame]:
    found = {}
    for name, dataset in datasets.items():
        column = f"{name}{ending}"
        if dataset.spec.cls in FINDINGS and column in dataset.frame:
            found[name] = (
                dataset.frame[["USUBJID", column]]
                .dropna()
                .drop_duplicates()
                .set_axis(["subject", "value"], axis=1)
            )
    return found
