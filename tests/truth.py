"""What the simulator meant against what conversion made, cell for cell, in both builds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from hbv_standards.derive.ascii_text import Agency
from hbv_standards.sdtm.dataset import Dataset

FINDING_DOMAINS = ("LB", "MB", "IS", "VS", "GF", "GI")
FINDING_COLUMNS = (
    "TESTCD", "TSTDTL", "BDAGNT", "SYM", "SPEC", "METHOD", "LOC", "POS", "DTC", "ORRES", "ORRESU", "STRESC", "STRESN",
    "STRESU", "LLOQ", "ORNRLO", "ORNRHI", "STNRLO", "STNRHI", "STNRC", "NRIND", "STAT", "REASND", "FAST", "LOINC",
)  # fmt: skip
PLACE = ("VISITNUM", "VISIT", "EPOCH")
NUMBERS = ("STRESN", "LLOQ", "STNRLO", "STNRHI", "VISITNUM", "EXDOSE", "AGE", "CMDOSE", "VISITDY", "ULOQ", "SUDOSE",
           "ECDOSE")  # fmt: skip
LANGUAGES: dict[Agency, str] = {"fda": "EN", "nmpa": "ZH"}


class Table(NamedTuple):
    """A truth table: its dataset, the variables of both, and columns that are named otherwise.

    ``texts`` are variables whose column has an ending for the language of the build; ``supplemental`` those
    that are qualifiers.
    """

    dataset: str
    variables: tuple[str, ...]
    texts: Mapping[str, str] = {}  # variable → stem of the column
    supplemental: tuple[str, ...] = ()


TABLES: dict[str, Table] = {
    "subjects": Table("DM", ("SITEID", "SEX", "AGE", "RACE", "RFICDTC", "ARMCD", "ACTARMCD", "ARMNRS", "RFXSTDTC",
                             "RFXENDTC", "DTHDTC")),
    "exposure": Table("EX", ("EXDOSE", "EXDOSU", "EXDOSFRM", "EXDOSFRQ", "EXROUTE", "EXSTDTC", "EXENDTC",
                             "EXADJ"), {"EXTRT": "EXTRT"}),
    "collected": Table("EC", ("ECPRESP", "ECOCCUR", "ECREASOC", "ECDOSE", "ECDOSU", "ECDOSFRM", "ECROUTE",
                              "ECADJ", "ECSTDTC", "ECENDTC"), {"ECTRT": "ECTRT"}),
    "priors": Table("CM", ("CMCAT", "CMDOSE", "CMDOSU", "CMDOSFRM", "CMDOSFRQ", "CMROUTE", "CMSTDTC",
                           "CMENDTC"), {"CMTRT": "CMTRT"}),
    "visits": Table("SV", ("VISITNUM", "VISIT", "VISITDY", "SVSTDTC", "SVENDTC", "SVOCCUR")),
    "history": Table("MH", ("MHCAT", "MHEVDTYP", "MHDTC", "MHSTDTC", "MHENDTC", "MHSTRTPT", "MHSTTPT", "MHENRTPT",
                            "MHENTPT"),
                     {"MHTERM": "TERM"}, ("MHCODE",)),
    "family": Table("APMH", ("SREL", "MHPRESP", "MHOCCUR", "MHDTC", "MHSTDTC"), {"MHTERM": "TERM"}),
    "adverse": Table("AE", ("AEDECOD", "AESEV", "AESER", "AEACN", "AEREL", "AEOUT", "AESDTH", "AESHOSP", "AESLIFE",
                            "AESMIE", "AETOXGR", "EPOCH", "AESTDTC", "AEENDTC", "AEENRTPT", "AEENTPT"), {"AETERM": "TERM"},
                     ("AECODE",)),
    "use": Table("SU", ("SUTRT", "SUCAT", "SUPRESP", "SUOCCUR", "SUDOSE", "SUDOSU", "SUDOSFRQ", "SUSTDTC", "SUENDTC",
                        "SUSTRTPT", "SUSTTPT", "SUENRTPT", "SUENTPT")),
    "route": Table("FA", ("FATESTCD", "FAOBJ", "FASTRESC", "FADTC", "VISITNUM"), {"FAORRES": "FAORRES"}),
    "procedures": Table("PR", ("PRTRT", "PRPRESP", "PROCCUR", "PRREASOC", "VISITNUM", "EPOCH", "PRSTDTC")),
    "comments": Table("CO", ("RDOMAIN",), {"COVAL": "TEXT"}),
    "supplemental": Table("SUPPDM", ("RDOMAIN", "QNAM"), {"QVAL": "QVAL"}),
    "disposition": Table("DS", ("DSCAT", "DSSCAT", "DSDECOD", "DSSTDTC"), {"DSTERM": "TERM"}),
    "unmet": Table("IE", ("IETESTCD", "IECAT", "IEORRES", "IESTRESC", "IEDTC")),
}  # fmt: skip
"""Every truth table but findings and unmapped."""

RELATED = {
    "PR": ("PRTRT", "PRSTDTC"), "GI": ("GITESTCD", "GIDTC"), "AE": ("AEDECOD", "AESTDTC"),
    "EX": ("EXDOSE", "EXSTDTC"), "EC": ("ECDOSE", "ECSTDTC"),
}  # fmt: skip
"""What names a record that is related to others."""

ASCII_DROPS_ROWS = ("comments", "supplemental")
"""Tables whose rows are in the ASCII build only where their text is ASCII."""


def read_truth(folder: Path, name: str) -> pd.DataFrame:
    """A truth table, every cell as text, empty where nothing was meant."""
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def show_cell(name: str, value: object) -> str:
    """A cell in the form that both sides are compared in: numbers by value, missing as nothing."""
    if value is None or value == "" or (isinstance(value, float) and pd.isna(value)):
        return ""
    if name == "COVAL":  # parted at blanks, which are lost
        return str(value).replace(" ", "")
    return f"{float(str(value)):.12g}" if name in NUMBERS else str(value)


def count_rows(frame: pd.DataFrame, columns: Mapping[str, str]) -> Counter[tuple[str, ...]]:
    """Rows as tuples; ``columns`` is name in the tuple → column of the frame (absent ones are missing)."""
    cells = [
        [show_cell(name, value) for value in frame[column]] if column in frame else [""] * len(frame)
        for name, column in columns.items()
    ]
    return Counter(zip(*cells, strict=True))


def compare_findings(
    truth: pd.DataFrame, datasets: Mapping[str, Dataset], study: str, agency: Agency = "fda"
) -> dict[str, list[str]]:
    """Rows that only one side has, by domain; empty when both agree."""
    differences = {}
    sent = truth.assign(ORRES=truth["ORRES" if agency == "fda" else "ORRES_ZH"])
    for domain in FINDING_DOMAINS:
        own = sent[sent["DOMAIN"] == domain]
        made = datasets[domain].frame
        shown = [c for c in FINDING_COLUMNS if has_variable(datasets[domain], c)]
        meant = count_rows(own, {c: c for c in ("SUBJID", *PLACE, *shown)})
        columns = {"SUBJID": "SUBJID", **{c: c for c in PLACE}, **{c: f"{domain}{c}" for c in shown}}
        got = count_rows(name_subjects(made, study), columns)
        if meant != got:
            differences[domain] = describe(meant, got)
    return differences


def has_variable(dataset: Dataset, column: str) -> bool:
    """Whether the domain can carry the column at all (VS has no reference ranges)."""
    return f"{dataset.spec.name}{column}" in dataset.spec.names


def compare_table(
    name: str, truth: pd.DataFrame, datasets: Mapping[str, Dataset], study: str, agency: Agency = "fda"
) -> list[str]:
    """Rows of one of :data:`TABLES` that only one side has."""
    table = TABLES[name]
    stems = {variable: f"{stem}_{LANGUAGES[agency]}" for variable, stem in table.texts.items()}
    if name in ASCII_DROPS_ROWS and agency == "fda":
        truth = truth[(truth[list(stems.values())] != "").all(axis=1)]
    shown = ("SUBJID", *table.variables, *stems, *table.supplemental)
    meant = count_rows(truth.rename(columns={column: name for name, column in stems.items()}), {v: v for v in shown})
    if table.dataset not in datasets:
        return describe(meant, Counter())
    made = name_subjects(join_pieces(datasets[table.dataset]), study)
    for qnam in table.supplemental:
        made[qnam] = read_qualifier(datasets, table.dataset, qnam)
    return describe(meant, count_rows(made, {v: v for v in shown}))


def name_subjects(frame: pd.DataFrame, study: str) -> pd.DataFrame:
    """The frame with SUBJID; the subject of a relative is in RSUBJID."""
    subject = frame["RSUBJID" if "RSUBJID" in frame else "USUBJID"]
    return frame.assign(SUBJID=subject.str.removeprefix(f"{study}-"))


def join_pieces(dataset: Dataset) -> pd.DataFrame:
    """The frame; comments in one piece again."""
    frame = dataset.frame
    if dataset.spec.name != "CO":
        return frame.copy()
    pieces = frame[[name for name in frame if str(name).startswith("COVAL")]].fillna("")
    return frame.assign(COVAL=pieces.agg("".join, axis=1))


def read_qualifier(datasets: Mapping[str, Dataset], parent: str, qnam: str) -> pd.Series:
    """A supplemental qualifier of each row of the parent, missing where it has none."""
    frame = datasets[parent].frame
    if f"SUPP{parent}" not in datasets:
        return pd.Series("", index=frame.index)
    found = datasets[f"SUPP{parent}"].frame
    found = found[found["QNAM"] == qnam]
    key = "IDVARVAL" if parent != "DM" else "USUBJID"
    values = {(row["USUBJID"], row[key]): row["QVAL"] for row in found.to_dict("records")}
    numbers = frame[f"{parent}SEQ"].map("{:g}".format) if parent != "DM" else frame["USUBJID"]
    pairs = zip(frame["USUBJID"], numbers, strict=True)
    return pd.Series([values.get(pair, "") for pair in pairs], index=frame.index)


def compare_relations(truth: pd.DataFrame, datasets: Mapping[str, Dataset], study: str) -> list[str]:
    """Pairs of related records that only one side has."""
    shown = ("SUBJID", "RELATED", "TO")
    meant = count_rows(truth, {column: column for column in shown})
    return describe(meant, count_rows(list_pairs(datasets, study), {column: column for column in shown}))


def list_pairs(datasets: Mapping[str, Dataset], study: str) -> pd.DataFrame:
    """RELREC as pairs: the record that gives the relation its name, and each other one."""
    named: dict[tuple[str, str], str] = {}
    for domain, columns in RELATED.items():
        frame = datasets[domain].frame
        texts = frame[list(columns)].map(lambda v: f"{v:g}" if isinstance(v, float) else str(v))
        keys = zip(frame["USUBJID"], domain + frame[f"{domain}SEQ"].map("{:g}".format), strict=True)
        named |= dict(zip(keys, domain + " " + texts.agg(" ".join, axis=1), strict=True))
    records = datasets["RELREC"].frame.dropna(subset=["IDVARVAL"])
    key = records["RDOMAIN"] + records["IDVARVAL"]
    others = records.assign(key=key)[key != records["RELID"]]
    pairs = [
        (subject.removeprefix(f"{study}-"), named[subject, relation], named[subject, other])
        for subject, relation, other in zip(others["USUBJID"], others["RELID"], others["key"], strict=True)
    ]
    return pd.DataFrame(pairs, columns=["SUBJID", "RELATED", "TO"])


def describe(meant: Counter[tuple[str, ...]], got: Counter[tuple[str, ...]]) -> list[str]:
    """Differences as lines, the two sides of a row next to each other."""
    only = [(row, "meant") for row in (meant - got).elements()] + [(row, "made ") for row in (got - meant).elements()]
    return [f"{side} {' | '.join(row)}" for row, side in sorted(only)]
