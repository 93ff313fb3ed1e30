"""Writing the synthetic trial: the files of three hospitals, and the truth beside them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from hbv_standards.simulate.fhir.conformance import Version, check_conformance
from hbv_standards.simulate.fhir.elements import Resource
from hbv_standards.simulate.fhir.encode import encode_json, encode_xml
from hbv_standards.simulate.hospitals import foshan, guangzhou, zhongshan
from hbv_standards.simulate.hospitals.foshan_style import drop_seconds
from hbv_standards.simulate.hospitals.guangzhou_enrolment import encode_enrolment
from hbv_standards.simulate.hospitals.guangzhou_style import GUANGZHOU, Style
from hbv_standards.simulate.records import Trial
from hbv_standards.simulate.truth.write import write_truth


def write_simulation(trial: Trial, out: Path, *, validate: bool = True) -> None:
    """Write ``out/hospitals/<site>/…`` and ``out/truth/*.csv``; folders are made where missing.

    Equal trials give equal bytes. ``validate``: hold every resource against the full FHIR
    definitions before it is written, and raise :class:`ExportError` for the first that fails.
    """
    hospitals = out / "hospitals"
    for name, data in encode_files(trial, validate=validate):
        write_file(hospitals / name, data)
    write_truth(trial, out / "truth")


def write_file(file: Path, data: bytes) -> None:
    """Write a file of a hospital, compressed where its name says so."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(data, mtime=0) if file.suffix == ".gz" else data)


def encode_files(trial: Trial, *, validate: bool) -> Iterator[tuple[str, bytes]]:
    """Path below ``hospitals`` and content before compression, of every file."""
    for name, bundle in zhongshan.build_files(trial):
        yield f"zhongshan/{name}", _encode(bundle, "R4", validate=validate) + b"\n"
    for name, data in encode_lines(trial, GUANGZHOU, validate=validate):
        yield f"guangzhou/{name}", data
    for name, bundle in foshan.build_files(trial):
        data = _encode(bundle, "R5", validate=validate)
        data = encode_xml(bundle) if name.endswith(".xml") else data
        yield f"foshan/{name}", drop_seconds(data) + b"\n"


def encode_lines(trial: Trial, style: Style, *, validate: bool) -> Iterator[tuple[str, bytes]]:
    """Name and content before compression of the files of a hospital of Guangzhou's kind."""
    files: dict[str, list[bytes]] = {}
    for name, resource in guangzhou.build_lines(trial, style):
        files.setdefault(name, []).append(_encode(resource, "R4", validate=validate))
    for name, lines in files.items():
        yield name, b"\n".join([*lines, b""])
    yield style.file, encode_enrolment(trial, style)


def _encode(resource: Resource, version: Version, *, validate: bool) -> bytes:
    data = encode_json(resource)
    if validate:
        check_conformance(data, version)
    return data
