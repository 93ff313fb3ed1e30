"""Dictionaries of section 1.3 of the guide: those that the data use, and those that they do not."""

from __future__ import annotations

from hbv_standards.export.guide.run import Run

UNSTATED = "not stated"
UNUSED = "not used"

EVENTS, MEDICATION = ("AE", "MH"), ("CM",)

UNCODED = "no term is coded in MedDRA, and no variable of its hierarchy has a value"
ENGLISH = "; {decod} is the English term of the mapping tables, not a preferred term"
AS_SENT = ". Codes that the hospitals sent are in {supplemental}"
UNCODED_MEDICATION = "no treatment is coded in WHODrug: CMDECOD is the generic name of the treatment table"
GRADES = (
    "grades (AETOXGR) are as the hospitals sent them; they state no version of CTCAE, and no grade was derived from "
    "results"
)

Row = tuple[str, str, str]


def list_dictionaries(run: Run) -> list[Row]:
    """Use, name and version: of the define.xml's codelists, of TS, of codes as sent; then what is not used."""
    external = [codelist.dictionary for codelist in run.define.codelists if codelist.dictionary is not None]
    rows: list[Row] = [("Dictionary", one.name, one.version or UNSTATED) for one in external]
    known = {name for _, name, _ in rows}
    summary = run.frame("TS")
    if not summary.empty:
        used = summary.assign(name=run.column("TS", "TSVCDREF"), version=run.column("TS", "TSVCDVER"))
        used = used[used["name"].notna() & ~used["name"].isin([*known, "CDISC CT"])]
        versions = used.groupby("name")["version"].first()
        rows += [
            ("Codes of TS", str(name), version if isinstance(version, str) else UNSTATED)
            for name, version in versions.items()
        ]
    rows += [("Codes as sent, in supplemental qualifiers", system, UNSTATED) for system in list_systems(run)]
    return [*rows, *_list_unused(run)]


def list_systems(run: Run) -> list[str]:
    """Systems of the codes that the hospitals sent for events, as sent."""
    found: set[str] = set()
    for name in EVENTS:
        qualifiers = run.frame(f"SUPP{name}")
        if not qualifiers.empty:
            found |= set(qualifiers.loc[qualifiers["QNAM"] == f"{name}CODSYS", "QVAL"])
    return sorted(found)


def list_uncoded(run: Run) -> list[tuple[str, str]]:
    """Dataset and what to know of its terms, for datasets with rows whose terms are in no dictionary."""
    notes = []
    meddra = any("meddra" in system.lower() for system in list_systems(run))
    if not meddra:
        notes += [(name, _phrase_uncoded(run, name)) for name in EVENTS if len(run.frame(name))]
    if run.column("AE", "AETOXGR").notna().any():
        notes.append(("AE", GRADES))
    if len(run.frame("CM")) and run.column("CM", "CMCLASCD").isna().all():
        notes.append(("CM", UNCODED_MEDICATION))
    return notes


def _phrase_uncoded(run: Run, name: str) -> str:
    decod, supplemental = f"{name}DECOD", f"SUPP{name}"
    english = ENGLISH.format(decod=decod) if run.column(name, decod).notna().any() else ""
    as_sent = AS_SENT.format(supplemental=supplemental) if len(run.frame(supplemental)) else ""
    return f"{UNCODED}{english}{as_sent}"


def _list_unused(run: Run) -> list[Row]:
    uncoded = list_uncoded(run)
    events = [name for name, note in uncoded if name in EVENTS and note != GRADES]
    rows: list[Row] = [("Terms of " + " and ".join(events), "MedDRA", UNUSED)] if events else []
    if any(note == UNCODED_MEDICATION for _, note in uncoded):
        rows.append(("Treatments of CM", "WHODrug", UNUSED))
    if any(note == GRADES for _, note in uncoded):
        rows.append(("Grades of AE", "CTCAE", UNSTATED + " by the hospitals"))
    return rows
