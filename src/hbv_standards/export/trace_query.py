"""Where a value came from: from a submission folder alone, without the study's tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat
from lxml import etree

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.define.document import DEF, ODM
from hbv_standards.export.folder import MARK
from hbv_standards.export.layout import find_sdtm_folder

_NAMESPACES = {"odm": ODM, "def": DEF}


@dataclass(frozen=True, slots=True)
class TracedRow:
    """One row of a dataset with everything that stands behind it.

    ``values`` is variable → value as text; ``origins`` has a row per source: variable ("" for the
    whole row), origin, method, file, position, resource_type, resource_id, version_id, path,
    mapping_row. ``define`` is where the define.xml of the dataset lies, if it has one.
    """

    dataset: str
    row: int  # 0-based record of the dataset
    values: dict[str, str]
    origins: pd.DataFrame
    define: Path


def trace_row(folder: Path, dataset: str, key: str) -> TracedRow:
    """Find a row by "USUBJID:SEQ" or by its record number ("#12", 1-based) and what stands behind it.

    ``dataset`` may be a domain that was split (LB for LBCH and LBHE): all of its parts are searched.
    Raises :class:`ConfigurationError` when the folder, dataset or row does not exist.
    """
    name, frame, row = _find_record(folder, dataset.upper(), key)
    values = {variable: _show(frame.iloc[row][variable]) for variable in frame.columns}
    define = find_sdtm_folder(folder) / "define.xml"
    return TracedRow(name, row, values, _read_origins(folder, name, row), define)


def _find_record(folder: Path, dataset: str, key: str) -> tuple[str, pd.DataFrame, int]:
    """Name and records of the dataset, or part of it, that has the row, and the record number."""
    place = find_sdtm_folder(folder)
    names = [dataset] if (place / f"{dataset.lower()}.xpt").is_file() else _list_parts(folder, dataset)
    if not names:
        known = ", ".join(sorted(p.stem.upper() for p in place.glob("*.xpt"))) or "none"
        raise ConfigurationError(f"{folder} has no dataset {dataset}; it has {known}", value=dataset)
    if len(names) > 1 and key.startswith("#"):
        raise ConfigurationError(
            f"{dataset} is in parts, each with a record {key}; name one of {', '.join(names)}", value=key
        )
    for name in names:
        frame, _ = pyreadstat.read_xport(str(place / f"{name.lower()}.xpt"))
        if len(rows := match_rows(frame, key)):
            return name, frame, int(rows[0])
    meant = f"; did you mean '#{key}'?" if match_rows(frame, f"#{key}") else ""
    form = _phrase_key(frame)
    raise ConfigurationError(
        f"{dataset} has no row {key!r}; write {form}, or #N for the N-th record{meant}", value=key
    )


def _list_parts(folder: Path, domain: str) -> list[str]:
    """Datasets that the manifest says to be parts of a domain."""
    manifest = folder / MARK
    datasets = json.loads(manifest.read_text(encoding="utf-8"))["datasets"] if manifest.is_file() else {}
    return [name for name, facts in datasets.items() if facts.get("part_of") == domain]


def match_rows(frame: pd.DataFrame, key: str) -> list[int]:
    """Record numbers (0-based) of a row key, none when no record has it."""
    if key.startswith("#") and key[1:].isdigit():
        return [number] if 0 <= (number := int(key[1:]) - 1) < len(frame) else []
    person, seq = _find_keys(frame)
    if person is None:
        return []
    subject, _, number_text = key.rpartition(":")
    found = frame[person] == key
    if seq is not None and subject and number_text.isdigit():
        found = (frame[person] == subject) & (frame[seq] == float(number_text))
    return [int(row) for row in found.to_numpy().nonzero()[0]]


def _find_keys(frame: pd.DataFrame) -> tuple[str | None, str | None]:
    """The variables of subject (or associated person) and sequence number."""
    person = next((name for name in ("USUBJID", "APID") if name in frame), None)
    return person, next((str(name) for name in frame if str(name).endswith("SEQ")), None)


def _phrase_key(frame: pd.DataFrame) -> str:
    person, seq = _find_keys(frame)
    return f"{person or 'USUBJID'}:{seq}" if seq else person or "USUBJID"


def _read_origins(folder: Path, name: str, row: int) -> pd.DataFrame:
    columns = ["variable", "origin", "method", "site", "file", "position", "resource_type", "resource_id",
               "version_id", "path", "mapping_row"]  # fmt: skip
    path = folder / "trace" / f"{name.lower()}.parquet"
    if not path.is_file():
        return pd.DataFrame(columns=columns)
    trace = pd.read_parquet(path)
    sources = pd.read_parquet(folder / "trace" / "sources.parquet")
    return (
        trace[trace["row"] == row].merge(sources, on="source_id", how="left")[columns].reset_index(drop=True)
    )


def _show(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.15g}"
    return str(value)


def describe_row(traced: TracedRow, variable: str | None = None) -> Iterator[str]:
    """Lines for a terminal: the values, then what each of them rests on."""
    wanted = variable.upper() if variable else None
    if wanted and wanted not in traced.values:
        raise ConfigurationError(
            f"{traced.dataset} has no variable {wanted}; it has {', '.join(traced.values)}", value=wanted
        )
    yield f"{traced.dataset} record {traced.row + 1}"
    for name, value in traced.values.items():
        if value and wanted in (None, name):
            yield f"  {name} = {value}"
    yield from _describe_sources(traced, wanted)


def _describe_sources(traced: TracedRow, wanted: str | None) -> Iterator[str]:
    origins = traced.origins.fillna("")
    if wanted:
        yield from describe_definition(traced.define, traced.dataset, wanted, traced.values)
        own, record = (origins[origins["variable"] == name] for name in (wanted, ""))
        if own.empty and not record.empty:
            yield f"no entry of the trace is for {wanted} alone; the source of its record:"
        origins = pd.concat([own, record])
    for item in origins.to_dict("records"):
        place = " ".join(p for p in (item["site"], item["file"], item["position"]) if p)
        resource = f"{item['resource_type']}/{item['resource_id']}".rstrip("/")
        version = f" version {item['version_id']}" if item["version_id"] else ""
        path = f", {item['path']}" if item["path"] else ""
        variable = item["variable"]
        source = f"from {resource}{version}{path} ({place})"
        yield f"{source} for {variable}" if variable else f"record read {source}"
        if item["mapping_row"]:
            yield f"  {'' if variable else 'test/term of the record mapped '}by mappings/{item['mapping_row']}"
        if item["method"]:
            yield f"  method {item['method']} ({item['origin']})"


def describe_definition(
    define: Path, dataset: str, variable: str, values: Mapping[str, str]
) -> Iterator[str]:
    """Origin, method and comment that a define.xml gives to a variable, for the record that has ``values``.

    What is said of the record's own test (value level, Define-XML 2.1, ValueListDef) goes before what is
    said of the variable. Nothing where the file or the variable is not there.
    """
    if not define.is_file():
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(define.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        yield f"{define.name} is not well-formed XML, so it tells no origin: {error}"
        return
    groups = root.iter(f"{{{ODM}}}ItemGroupDef")
    group = next((each for each in groups if dataset in (each.get("SASDatasetName"), each.get("Name"))), None)
    defined = {str(oid): each for each in root.iter() if (oid := each.get("OID"))}
    refs = {} if group is None else _read_refs(group, defined)
    if variable not in refs:
        return
    levels = [refs[variable]]
    if (ref := _find_value_ref(refs, variable, values, defined)) is not None:
        levels.insert(0, ref)
    if lines := list(_describe_levels(levels, defined)):
        yield f"{define.name} says of {variable}:"
        yield from lines


def _read_refs(group: etree._Element, defined: Mapping[str, etree._Element]) -> dict[str, etree._Element]:
    """Variable → its ItemRef in the dataset."""
    refs = group.findall("odm:ItemRef", _NAMESPACES)
    return {str(defined[oid].get("Name")): ref for ref in refs if (oid := ref.get("ItemOID", "")) in defined}


def _find_value_ref(
    refs: Mapping[str, etree._Element],
    variable: str,
    values: Mapping[str, str],
    defined: Mapping[str, etree._Element],
) -> etree._Element | None:
    """The ItemRef of the variable's value list whose condition the record meets."""
    own = {str(ref.get("ItemOID")): values.get(name, "") for name, ref in refs.items()}
    listed = defined[str(refs[variable].get("ItemOID"))].find("def:ValueListRef", _NAMESPACES)
    value_list = None if listed is None else defined.get(listed.get("ValueListOID", ""))
    for ref in [] if value_list is None else value_list.findall("odm:ItemRef", _NAMESPACES):
        for where in ref.findall("def:WhereClauseRef", _NAMESPACES):
            clause = defined.get(where.get("WhereClauseOID", ""))
            if clause is not None and all(
                _meets(check, own) for check in clause.findall("odm:RangeCheck", _NAMESPACES)
            ):
                return ref
    return None


def _meets(check: etree._Element, own: Mapping[str, str]) -> bool:
    """Whether a record meets one check; EQ and IN are those that name a value."""
    accepted = {each.text or "" for each in check.findall("odm:CheckValue", _NAMESPACES)}
    return check.get("Comparator") in ("EQ", "IN") and own.get(check.get(f"{{{DEF}}}ItemOID", "")) in accepted


def _describe_levels(levels: list[etree._Element], defined: Mapping[str, etree._Element]) -> Iterator[str]:
    """Lines on origin, method and comment, each from the first level that has it."""
    items = [item for ref in levels if (item := defined.get(ref.get("ItemOID", ""))) is not None]
    for origin in next((found for item in items if (found := item.findall("def:Origin", _NAMESPACES))), []):
        source = f" by {origin.get('Source')}" if origin.get("Source") else ""
        yield f"  origin {origin.get('Type')}{source}" + _read_text(origin, ": ")
    method = next((defined[oid] for ref in levels if (oid := ref.get("MethodOID", "")) in defined), None)
    if method is not None:
        yield f"  method {method.get('Name')}" + _read_text(method, ": ")
    comment = next(
        (defined[oid] for item in items if (oid := item.get(f"{{{DEF}}}CommentOID", "")) in defined), None
    )
    if comment is not None:
        yield "  comment" + _read_text(comment, ": ")


def _read_text(element: etree._Element, before: str) -> str:
    text = " ".join((element.findtext("odm:Description/odm:TranslatedText", "", _NAMESPACES) or "").split())
    return f"{before}{text}" if text else ""
