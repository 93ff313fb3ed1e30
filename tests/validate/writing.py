"""A study that can be broken: frames and what is said of them, written as transport files and Define-XML."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.xpt import XptMember, XptVariable, write_xpt
from hbv_standards.standards import read_codelist, read_dataset, read_model_variable
from hbv_standards.standards.sdtmig import SdtmVariable

CLEAN = Path(__file__).with_name("clean.txt")
STUDYID = "ST1"
CREATED = datetime(2024, 4, 1)
STUDY_DAYS = (("DTC", "DY"), ("STDTC", "STDY"), ("ENDTC", "ENDY"))


@dataclass
class Dataset:
    """A frame and what a file says of it beside the standard; ``length`` and ``type`` by variable."""

    frame: pd.DataFrame
    label: str
    labels: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    order: list[str] | None = None


@dataclass
class Study:
    """All datasets, and what is done to the files once they are written."""

    datasets: dict[str, Dataset]
    define: bool = True
    after: list[Callable[[Path], None]] = field(default_factory=list)

    def frame(self, name: str) -> pd.DataFrame:
        """The records of a dataset."""
        return self.datasets[name].frame


@cache
def find_variable(dataset: str, name: str) -> SdtmVariable | None:
    """What the standard says of a variable; the class of a dataset outside the guide is Findings."""
    try:
        stated = read_dataset(dataset)
    except ConfigurationError:
        return read_model_variable("FINDINGS", name, dataset[:2])
    found = stated.variable(name)
    if found is not None or stated.cls not in ("INTERVENTIONS", "EVENTS", "FINDINGS"):
        return found
    try:
        return read_model_variable(stated.cls, name, dataset)
    except ConfigurationError:
        return None


def read_table(name: str, text: str) -> pd.DataFrame:
    """A table of the clean study as a frame, numbers where the standard has them."""
    header, *lines = [line.split("|") for line in text.strip().splitlines()]
    assert all(len(line) == len(header) for line in lines), name
    frame = pd.DataFrame(lines, columns=header, dtype=object)
    for column in frame:
        variable = find_variable(name, column)
        if variable is not None and variable.type == "Num":
            frame[column] = pd.to_numeric(frame[column].replace("", np.nan)).astype("float64")
    frame.insert(0, "STUDYID", STUDYID)
    if not name.startswith(("SUPP", "REL")):
        frame.insert(1, "DOMAIN", name)
    return frame


def compute_day(text: str, start: str) -> float:
    """Study day of complete dates, NaN otherwise."""
    if len(text) < 10 or len(start) < 10:
        return float("nan")
    days = (date.fromisoformat(text[:10]) - date.fromisoformat(start[:10])).days
    return float(days + 1 if days >= 0 else days)


def add_study_days(name: str, frame: pd.DataFrame, starts: dict[str, str]) -> pd.DataFrame:
    """--DY, --STDY and --ENDY of every --DTC, --STDTC and --ENDTC."""
    for dtc, day in STUDY_DAYS:
        if name != "DM" and f"{name}{dtc}" in frame:
            pairs = zip(frame["USUBJID"], frame[f"{name}{dtc}"], strict=True)
            frame[f"{name}{day}"] = [compute_day(text, starts[subject]) for subject, text in pairs]
    return frame


def build_study() -> Study:
    """The clean study, anew for every test."""
    return Study(
        {name: Dataset(frame.copy(), read_dataset(name).label) for name, frame in build_frames().items()}
    )


@cache
def build_frames() -> dict[str, pd.DataFrame]:
    """The frames of the clean study with what can be worked out."""
    _, *sections = re.split(r"^\[(.+)\]$", CLEAN.read_text(encoding="utf-8"), flags=re.MULTILINE)
    frames = {name: read_table(name, text) for name, text in zip(sections[::2], sections[1::2], strict=True)}
    starts = dict(zip(frames["DM"]["USUBJID"], frames["DM"]["RFSTDTC"], strict=True))
    return {name: add_study_days(name, frame, starts) for name, frame in frames.items()}


def order_columns(name: str, dataset: Dataset) -> list[str]:
    """SDTM order: the model's for observations, the guide's otherwise; unknown names last."""
    if dataset.order is not None:
        return dataset.order
    stated = [(find_variable(name, column), column) for column in dataset.frame]
    in_model = {column: compute_model_order(name, column) for column in dataset.frame}
    ordered = sorted(
        (
            in_model[column] if in_model[column] is not None else variable.order if variable else 999,
            place,
            column,
        )
        for place, (variable, column) in enumerate(stated)
    )
    return [column for *_, column in ordered]


@cache
def compute_model_order(name: str, column: str) -> int | None:
    """Place in the class, None outside the observation classes or the model."""
    try:
        return read_model_variable(read_dataset(name).cls, column, name).order
    except ConfigurationError:
        return None


def build_member(name: str, dataset: Dataset) -> XptMember:
    """What the file says: labels and types of the standard, lengths of the texts, unless told otherwise."""
    variables = []
    for column in order_columns(name, dataset):
        stated = find_variable(name, column)
        kind = dataset.types.get(column) or (stated.type if stated else "Char")
        label = dataset.labels.get(column, (stated.label if stated else column)[:40])
        needed = 8 if kind == "Num" else measure(dataset.frame[column])
        variables.append(XptVariable(column, label, kind, dataset.lengths.get(column, needed)))  # type: ignore[arg-type]  # Char or Num
    return XptMember(name, dataset.label, tuple(variables))


def measure(texts: pd.Series) -> int:
    """Bytes of the longest text, at least 1."""
    return max(1, *(len(str(text).encode()) for text in texts))


def write_study(study: Study, folder: Path, clean: Path | None = None) -> Path:
    """Write all files and do to them what is to be done.

    With the folder ``clean`` of the clean study, its Define-XML and its files of the datasets that are the
    same are linked, not written anew.
    """
    untouched = build_clean_study().datasets
    members = {}
    for name, dataset in study.datasets.items():
        file = f"{name.lower()}.xpt"
        if clean is not None and is_same(dataset, untouched.get(name)):
            os.link(clean / file, folder / file)
            continue
        encoding = choose_encoding(dataset)
        members[name] = build_member(name, dataset)
        ordered = dataset.frame[[variable.name for variable in members[name].variables]]
        write_xpt(folder / file, members[name], ordered, created=CREATED, encoding=encoding)
    if study.define and clean is not None:
        os.link(clean / "define.xml", folder / "define.xml")
    elif study.define:
        (folder / "define.xml").write_text(build_define(study, members), encoding="utf-8")
    for change in study.after:
        change(folder)
    return folder


@cache
def build_clean_study() -> Study:
    """The clean study to compare with; nobody changes it."""
    return build_study()


def is_same(dataset: Dataset, other: Dataset | None) -> bool:
    """Whether two datasets make the same file."""
    if other is None or not dataset.frame.equals(other.frame):
        return False
    return replace(dataset, frame=None) == replace(other, frame=None)  # type: ignore[arg-type]  # frames are compared above


def choose_encoding(dataset: Dataset) -> str:
    """ASCII where it does."""
    texts = [dataset.label, *dataset.labels.values(), *map(str, dataset.frame.to_numpy().ravel())]
    return "ascii" if all(map(str.isascii, texts)) else "utf-8"


def build_define(study: Study, members: dict[str, XptMember]) -> str:
    """A Define-XML 2.1 with what validation compares: datasets, variables, a codelist, files."""
    groups, items = [], []
    for name, member in members.items():
        references = []
        for number, variable in enumerate(member.variables, start=1):
            oid = f"IT.{name}.{variable.name}"
            numbers = study.frame(name)[variable.name]
            kind = "text" if variable.type == "Char" else "float"
            if variable.type == "Num" and not (numbers.dropna() % 1).any():
                kind = "integer"
            key = ' KeySequence="1"' if name == "TE" and variable.name == "ETCD" else ""
            mandatory = "Yes" if variable.name in ("USUBJID", "QNAM", "AESER") else "No"
            references.append(
                f'<ItemRef ItemOID="{oid}" OrderNumber="{number}" Mandatory="{mandatory}"{key}/>'
            )
            listed = '<CodeListRef CodeListOID="CL.NY"/>' if variable.name == "AESER" else ""
            items.append(
                f'<ItemDef OID="{oid}" Name="{variable.name}" DataType="{kind}" Length="{variable.length}">'
                f"<Description><TranslatedText>{variable.label}</TranslatedText></Description>{listed}</ItemDef>"
            )
        groups.append(
            f'<ItemGroupDef OID="IG.{name}" Name="{name}" def:ArchiveLocationID="LF.{name}">'
            f"<Description><TranslatedText>{member.label}</TranslatedText></Description>{''.join(references)}"
            f'<def:leaf ID="LF.{name}" xlink:href="{name.lower()}.xpt"/></ItemGroupDef>'
        )
    terms = "".join(f"<EnumeratedItem CodedValue={quoteattr(t.value)}/>" for t in read_codelist("NY").terms)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" '
        'xmlns:def="http://www.cdisc.org/ns/def/v2.1" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<Study OID="S"><MetaDataVersion OID="MDV" Name="M" def:DefineVersion="2.1.0">'
        f"{''.join(groups)}\n{''.join(items)}\n"
        f'<CodeList OID="CL.NY" Name="No Yes" DataType="text">{terms}</CodeList>'
        "</MetaDataVersion></Study></ODM>\n"
    )
