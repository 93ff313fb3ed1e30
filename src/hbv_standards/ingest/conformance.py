"""Full FHIR conformance, by fhir.resources: the second opinion beside the fast gate.

The gate (:mod:`.gate`) checks the elements that are used, on every resource; fhir.resources
checks all of a resource, thirty times slower. A run lets it judge every resource that the gate
faulted and a sample of each hospital and type, or all of them on request. R4 is judged by the R4B
definitions, which hold every R4 resource that the trial meets; R5 by its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fhir.resources import get_fhir_model_class as get_r5_model
from fhir.resources.R4B import get_fhir_model_class as get_r4b_model
from pydantic import ValidationError

from hbv_standards.ingest.read import RawResource, iterate_resources
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

SAMPLE_SIZE = 5  # of each hospital and type, beside the faulted ones


def check_conformance(
    inputs: Sequence[Path],
    fhir: FhirTables,
    catalog: Catalog,
    log: IssueLog,
    *,
    scope: Literal["sample", "all"],
    site: str | None = None,
) -> int:
    """Judge resources by fhir.resources; findings are HBV-CNF-001 issues. Returns how many were judged."""
    wanted = None if scope == "all" else choose_sample(fhir)
    judged = 0
    for source_id, resource in iterate_resources(inputs, catalog, fhir.sources, wanted, site=site):
        judged += 1
        for path, message in judge_resource(resource):
            log.add("HBV-CNF-001", source_id=source_id, path=path, message=message)
    return judged


def choose_sample(fhir: FhirTables) -> set[int]:
    """Source ids: every resource that the gate faulted, and some of each hospital and type.

    The sample follows the content's hash, so that it is the same for the same input and does not
    favour the first lines of a file.
    """
    sources = fhir.sources.sort_values(["sha256", "source_id"])
    sample = sources.groupby(["site", "resource_type"]).head(SAMPLE_SIZE)["source_id"]
    return set(sample.astype(int)) | set(fhir.faulted)


@cache
def read_model(version: str, resource_type: str) -> Any:
    """The fhir.resources model of a type, or None when that version of FHIR has no such type."""
    find = get_r5_model if version == "R5" else get_r4b_model
    try:
        return find(resource_type)
    except (KeyError, ValueError, LookupError):
        return None


def judge_resource(resource: RawResource) -> Iterator[tuple[str, str]]:
    """(path, message) of everything that fhir.resources holds against one resource.

    Messages name the rule, never the value: a value may be a person's name.
    """
    model = read_model(resource.fhir_version, resource.resource_type)
    if model is None:
        yield resource.resource_type, f"FHIR {resource.fhir_version} has no resource type of this name"
        return
    try:
        if resource.xml:
            model.model_validate_xml(resource.xml)
        else:
            model.model_validate_json(resource.json_bytes)
    except ValidationError as error:
        yield from _read_errors(resource.resource_type, error)


def _read_errors(resource_type: str, error: ValidationError) -> Iterator[tuple[str, str]]:
    listed: dict[tuple[str, str], None] = {}
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        message = item["msg"].removeprefix("Value error, ")
        listed[(join_path(resource_type, item["loc"]), message)] = None
    yield from listed


def join_path(resource_type: str, loc: Iterable[int | str]) -> str:
    """A pydantic location as a FHIRPath: ("component", 0, "code") → Observation.component[0].code."""
    path = resource_type
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path
