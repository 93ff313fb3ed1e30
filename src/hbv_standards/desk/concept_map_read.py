"""ConceptMaps of hospitals back into their tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from hbv_standards.desk.concept_map import EMPTY, Json, read_site_tables
from hbv_standards.desk.concept_map_rows import (
    TABLES,
    Mapped,
    MapUrls,
    decode_row,
    encode_row,
    find_table,
)
from hbv_standards.desk.concept_map_shape import check_shape, find_row_base
from hbv_standards.desk.table_change import EditedRow, TableChange, compute_change
from hbv_standards.desk.table_text import list_columns, strip_cells
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.tables import BASE
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.study import read_study

_EQUIVALENCES = (
    "relatedto", "equivalent", "equal", "wider", "subsumes", "narrower", "specializes", "inexact", "unmatched",
    "disjoint",
)  # fmt: skip


@dataclass(slots=True)
class MapEdits:
    """What maps change; ``left_out`` is content that the tables have no place for, ``faults`` what is wrong."""

    changes: list[TableChange] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """A mapping of a map; ``number`` is its row when it was written, for the order."""

    table: str
    number: int | None
    cells: dict[str, str]
    place: str


def read_concept_maps(paths: Sequence[Path], folder: Path) -> MapEdits:
    """Compare ConceptMaps with the tables of the hospitals that they are of.

    A table of which a map holds no row is left alone. Raises :class:`ConfigurationError` for a file
    that is no ConceptMap of one of the study's hospitals.
    """
    study = read_study(folder)
    edits, owners = MapEdits(), dict[str, Path]()
    for path in paths:
        resource = _read_resource(path)
        urls = _read_urls(resource, path, [*study.sites, BASE])
        if urls.site in owners:
            raise ConfigurationError(
                f"{path} and {owners[urls.site]} are of {urls.site!r} both; name one of them"
            )
        owners[urls.site] = path
        found = list(_read_groups(resource, urls, path.name, edits))
        for name, table in read_site_tables(folder, urls.site).items():
            rows = [one for one in found if one.table == name]
            rows.sort(key=lambda one: (one.number is None, one.number or 0))
            edits.faults += _list_unknown(rows, list_columns(table.model))
            change = compute_change(table, [EditedRow(one.cells, one.place, one.number) for one in rows])
            edits.changes += [change] if change and rows else []
    return edits


def _read_resource(path: Path) -> Json:
    try:
        content: Any = json.loads(path.read_bytes(), parse_float=str)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path} does not exist; name a ConceptMap", value=str(path)) from error
    except (ValueError, RecursionError) as error:
        cure = "write the ConceptMap as JSON in UTF-8"
        raise ConfigurationError(f"{path} is not JSON ({error}); {cure}", value=str(path)) from error
    if not isinstance(content, dict) or content.get("resourceType") != "ConceptMap":
        raise ConfigurationError(f"{path} is no ConceptMap; write that resource alone", value=str(path))
    check_shape(content, path)
    return content


def _read_urls(resource: Json, path: Path, sites: Sequence[str]) -> MapUrls:
    base, found, name = str(resource.get("url", "")).rpartition("/ConceptMap/")
    site = unquote(name)
    if not found or site not in sites:
        near = phrase_nearest(site, sites) or f"; hospitals are {', '.join(sites)}"
        message = f"{path}: url {resource.get('url')!r} does not end in /ConceptMap/ and a hospital of the study{near}"
        raise ConfigurationError(message, value=str(resource.get("url")))
    stated = find_row_base(resource)
    if stated not in (None, base):
        cure = f"give it its url back: {stated}/ConceptMap/{name}"
        message = f"{path}: url {resource['url']!r} is not where its rows and code systems are named; {cure}"
        raise ConfigurationError(message, value=str(resource["url"]))
    return MapUrls(base, site)


def _read_groups(resource: Json, urls: MapUrls, name: str, edits: MapEdits) -> Iterator[_Found]:
    for group_at, group in enumerate(resource.get("group", ()), start=1):
        if "unmapped" in group:
            edits.left_out.append(
                f"{name} group {group_at}: unmapped; the tables say nothing of codes without a row"
            )
        for element_at, element in enumerate(group.get("element", ()), start=1):
            place = f"{name} group {group_at} element {element_at}"
            if not element.get("target"):
                edits.left_out.append(f"{place} ({element.get('code')}): it has no target")
            for target in element.get("target", ()):
                found = _read_target(group, element, target, urls, place, edits)
                if found is not None:
                    yield found


def _read_target(
    group: Json, element: Json, target: Json, urls: MapUrls, place: str, edits: MapEdits
) -> _Found | None:
    equivalence = target.get("equivalence")
    if equivalence not in _EQUIVALENCES:
        cure = (
            "a FHIR R5 map has `relationship`; write it as R4" if "relationship" in target else "see FHIR R4"
        )
        edits.faults.append(f"{place}: equivalence {equivalence!r} is none of FHIR R4; {cure}")
        return None
    if not group.get("source") or not element.get("code"):
        edits.faults.append(f"{place}: group.source or element.code is missing; a row needs both")
        return None
    mapped = Mapped(
        source=group["source"],
        code=element["code"],
        display=element.get("display"),
        target=group.get("target"),
        to_code=target.get("code"),
        equivalence=equivalence,
        comment=target.get("comment"),
        depends=tuple((part["property"], part["value"]) for part in target.get("dependsOn", ())),
    )
    stated, number = _read_extension(target, urls)
    table = stated.pop("table", "") or find_table(mapped, urls)
    if table not in TABLES:
        edits.faults.append(f"{place}: table {table!r} is none of {', '.join(TABLES)}")
        return None
    cells = _merge(table, mapped, stated, urls)
    if table == "codes" and "to_system" not in cells:
        known = ", ".join(urls.name_target(name) for name in ("LOINC", "ATC", "CONCEPT", "TREATMENT"))
        edits.faults.append(f"{place}: target {mapped.target!r} is no list of the study; name one: {known}")
        return None
    return _Found(table, number, cells, place)


def _read_extension(target: Json, urls: MapUrls) -> tuple[dict[str, str], int | None]:
    """Cells by column, an empty text where the cell is empty, and the row's number."""
    found = [one for one in target.get("extension", ()) if one.get("url") == urls.name_extension()]
    parts = [part for one in found for part in one.get("extension", ())]
    cells = {
        str(part["url"]): "" if part.get("valueCode") == EMPTY else str(part.get("valueString", ""))
        for part in parts
        if "valueString" in part or "valueCode" in part
    }
    numbers = [part["valuePositiveInt"] for part in parts if "valuePositiveInt" in part]
    return cells, int(numbers[0]) if numbers else None


def _merge(table: str, mapped: Mapped, stated: dict[str, str], urls: MapUrls) -> dict[str, str]:
    """The row: what the mapping tells, and what the extension adds.

    Where both no longer agree the mapping was edited, and what it tells goes before; of the extension
    those cells stay that say nothing else.
    """
    told = decode_row(table, mapped, urls)
    cells = strip_cells({**told, **stated})
    if encode_row(table, cells, urls) == mapped:
        return cells
    cells = told
    for name, cell in stated.items():
        tried = strip_cells({**cells, name: cell})
        if encode_row(table, tried, urls) == encode_row(table, cells, urls):
            cells = tried
    return cells


def _list_unknown(rows: Sequence[_Found], columns: Sequence[str]) -> Iterator[str]:
    """Cells of the extension under names that the table has not: they would be lost."""
    for row in rows:
        for name in row.cells:
            if name not in columns:
                near = phrase_nearest(name, columns) or f"; the columns are {', '.join(columns)}"
                yield f"{row.place}: {name!r} is no column of {row.table}{near}"
