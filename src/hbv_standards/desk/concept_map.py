"""Each hospital's map as a FHIR R4 ConceptMap, which a terminology server can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from hbv_standards.desk.concept_map_rows import TABLES, Mapped, MapUrls, decode_row, encode_row
from hbv_standards.desk.table_text import Cells, TableText, read_table_text
from hbv_standards.desk.write_whole import write_whole
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.rows import ConceptRow
from hbv_standards.mapping.table_models import find_model
from hbv_standards.mapping.tables import BASE, Tables, read_tables
from hbv_standards.standards import read_codelist
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.study import StudyConfig, read_study

NCI_THESAURUS = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
"""Code system of the C-codes of CDISC terminology, as HL7 Terminology names it."""

WAITING = ("proposed", "open")
"""Status of rows that wait for a person; a map with such rows is a draft."""

EMPTY = "empty"
"""Stands, as a code, for a cell that is empty although the mapping would fill it."""

Json = dict[str, Any]


def write_concept_maps(
    folder: Path, out: Path, *, sites: Sequence[str] = (), base: str | None = None
) -> dict[Path, int]:
    """Write ``ConceptMap-<hospital>.json`` of each hospital (all when none is named); gives rows by file.

    ``base`` is the address below which the study's code systems and maps are named. The same tables
    give the same bytes. Raises :class:`ConfigurationError` for an unknown hospital or a broken table.
    """
    study = read_study(folder)
    base = (base or name_base(study)).rstrip("/")
    if not urlsplit(base).scheme:
        raise ConfigurationError(
            f"--url {base!r} is no absolute address; write it like https://…", value=base
        )
    known = sorted({*study.sites, BASE})
    for site in sites:
        if site not in known:
            near = phrase_nearest(site, known) or f"; they are {', '.join(known)}"
            raise ConfigurationError(f"the study has no hospital {site!r}{near}", value=site)
    tables = read_tables(folder, list(study.sites))
    written: dict[Path, int] = {}
    for site in sites or known:
        texts = read_site_tables(folder, site)
        if not any(text.records for text in texts.values()):
            continue
        made = build_concept_map(study, tables, MapUrls(base, site), texts)
        path = out / f"ConceptMap-{quote(site)}.json"
        write_whole(path, (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode())
        written[path] = sum(len(text.records) for text in texts.values())
    return written


def name_base(study: StudyConfig) -> str:
    """The address of a study that has none: below a name that is reserved for examples."""
    return f"https://{re.sub('[^a-z0-9]+', '-', study.studyid.lower()).strip('-')}.example/fhir"


def read_site_tables(folder: Path, site: str) -> dict[str, TableText]:
    """The tables of a hospital that are maps of codes, by their names."""
    files = {name: f"sites/{site}/{name}.csv" for name in TABLES}
    models = {name: find_model(file) for name, file in files.items()}
    return {
        name: read_table_text(folder, files[name], model)
        for name, model in models.items()
        if model is not None
    }


def build_concept_map(study: StudyConfig, tables: Tables, urls: MapUrls, texts: dict[str, TableText]) -> Json:
    """The resource: one group for each pair of code systems, in the order of the rows."""
    words = _Words(study, tables, urls)
    groups: dict[tuple[str, str | None], dict[tuple[str, str | None], list[Json]]] = {}
    for name, text in texts.items():
        for number, record in enumerate(text.records, start=1):
            mapped = encode_row(name, record.cells, urls)
            target = words.build_target(mapped, _build_extension(name, number, record.cells, mapped, urls))
            elements = groups.setdefault((mapped.source, mapped.target), {})
            elements.setdefault((mapped.code, mapped.display), []).append(target)
    site = study.sites.get(urls.site)
    waiting = any(
        record.cells.get("status", "").casefold() == "proposed"
        for text in texts.values()
        for record in text.records
    )
    title = site.name if site else "every hospital"
    return {
        "resourceType": "ConceptMap",
        "id": re.sub(r"[^A-Za-z0-9.-]", "-", f"{study.studyid}-{urls.site}")[:64],
        "url": urls.name_map(),
        "name": re.sub(r"\W+", "_", f"Map_{study.studyid}_{urls.site}", flags=re.ASCII),
        "title": f"{study.studyid}: codes, units and values of {title}",
        "status": "draft" if waiting else "active",
        "experimental": False,
        "group": [_build_group(*systems, elements) for systems, elements in groups.items()],
    }


def _build_group(source: str, target: str | None, elements: dict[tuple[str, str | None], list[Json]]) -> Json:
    listed = [
        {"code": code, **({"display": display} if display else {}), "target": targets}
        for (code, display), targets in elements.items()
    ]
    return {"source": source, **({"target": target} if target else {}), "element": listed}


def _build_extension(table: str, number: int, cells: Cells, mapped: Mapped, urls: MapUrls) -> Json:
    """Table and row, and the cells that the mapping does not tell by itself."""
    told = decode_row(table, mapped, urls)
    parts: list[Json] = [
        {"url": "table", "valueString": table},
        {"url": "row", "valuePositiveInt": number},
        *({"url": name, "valueString": cell} for name, cell in cells.items() if told.get(name) != cell),
        *({"url": name, "valueCode": EMPTY} for name in told if name not in cells),
    ]
    return {"url": urls.name_extension(), "extension": parts}


class _Words:
    """Names for people beside the target codes, and the C-codes of CDISC terms."""

    def __init__(self, study: StudyConfig, tables: Tables, urls: MapUrls) -> None:
        self._urls = urls
        tests: dict[str, ConceptRow] = {row.concept_id: row for row in tables.concepts}
        self._names = {
            urls.name_target("CONCEPT"): {name: row.concept for name, row in tests.items()},
            urls.name_target("VISITNUM"): {f"{visit.visitnum:g}": visit.visit for visit in study.visits},
        }

    def build_target(self, mapped: Mapped, extension: Json) -> Json:
        """``target`` of an element."""
        made: Json = {"extension": [extension]}
        if mapped.to_code is not None:
            made["code"] = mapped.to_code
            display = self._names.get(mapped.target or "", {}).get(mapped.to_code)
            made |= {"display": display} if display else {}
        made["equivalence"] = mapped.equivalence
        made |= {"comment": mapped.comment} if mapped.comment else {}
        if mapped.depends:
            made["dependsOn"] = [{"property": what, "value": value} for what, value in mapped.depends]
        return made | self._build_product(mapped)

    def _build_product(self, mapped: Mapped) -> Json:
        name = (mapped.target or "").removeprefix(f"{self._urls.base}/CodeSystem/")
        try:
            term = read_codelist(name).term(mapped.to_code or "")
        except ConfigurationError:
            return {}
        if term is None:
            return {}
        what = self._urls.name_property("nci-code")
        return {
            "product": [
                {
                    "property": what,
                    "system": NCI_THESAURUS,
                    "value": term.code,
                    "display": term.preferred_term,
                }
            ]
        }
