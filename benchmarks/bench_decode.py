"""How many Observations a second one CPU brings from NDJSON into the flat tables.

    python benchmarks/bench_decode.py [--observations N] [--jobs N]

Writes its own input: laboratory results as a hospital would send them, about 1 KB each, with their
Patients, Encounters and Specimens. Prints Observations per CPU second for the decoding alone and
for the whole of read_fhir, and the peak of memory per Observation.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hbv_standards.ingest.decode import Chunk, GateConfig, decode_chunk
from hbv_standards.ingest.files import list_files
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.split import FileReader
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings

_TESTS = [(f"{4700 + at}", f"Test {at}", f"{1742 + at}-{at % 10}") for at in range(40)]
_PER_VISIT = 40
_VISITS = 6


def build_observation(number: int) -> dict[str, Any]:
    """One laboratory result; numbers keep a trailing zero, as laboratories write them."""
    code, name, loinc = _TESTS[number % len(_TESTS)]
    visit = number // _PER_VISIT
    patient = visit // _VISITS
    time_of_day = f"{8 + visit % 8:02d}:{number % 60:02d}:00+08:00"
    return {
        "resourceType": "Observation",
        "id": f"obs-{number}",
        "meta": {"versionId": "1", "lastUpdated": f"2024-03-05T{time_of_day}"},
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                  "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://lis.example/codes", "code": code, "display": name},
                            {"system": "http://loinc.org", "code": loinc}], "text": name},
        "subject": {"reference": f"Patient/p{patient}"},
        "encounter": {"reference": f"Encounter/e{visit}"},
        "effectiveDateTime": f"2024-{1 + visit % 12:02d}-05T{time_of_day}",
        "issued": f"2024-{1 + visit % 12:02d}-06T{time_of_day}",
        "performer": [{"reference": "Organization/laboratory"}],
        "valueQuantity": {"value": "@", "unit": "U/L", "system": "http://unitsofmeasure.org", "code": "U/L"},
        "interpretation": [{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "N"}]}],
        "specimen": {"reference": f"Specimen/s{visit}"},
        "referenceRange": [{"low": {"value": 7, "unit": "U/L"}, "high": {"value": 40, "unit": "U/L"}}],
    }  # fmt: skip


def iterate_lines(count: int) -> Iterator[str]:
    """NDJSON of ``count`` Observations and what they refer to."""
    yield json.dumps({"resourceType": "Organization", "id": "laboratory", "name": "Laboratory"})
    for number in range(count):
        visit, position = divmod(number, _PER_VISIT)
        subject = {"reference": f"Patient/p{visit // _VISITS}"}
        if position == 0 and visit % _VISITS == 0:
            yield json.dumps({"resourceType": "Patient", "id": f"p{visit // _VISITS}", "gender": "female"})
        if position == 0:
            yield json.dumps({"resourceType": "Encounter", "id": f"e{visit}", "status": "finished",
                              "class": {"code": "AMB"}, "subject": subject})  # fmt: skip
            yield json.dumps({"resourceType": "Specimen", "id": f"s{visit}", "subject": subject,
                              "collection": {"collectedDateTime": "2024-03-05"}})  # fmt: skip
        text = json.dumps(build_observation(number), ensure_ascii=False)
        yield text.replace('"@"', f"{10 + number % 90}.{number % 10}0", 1)


def measure(count: int, jobs: int, folder: Path, catalog: Catalog) -> None:
    """Print the figures for ``count`` Observations."""
    site = sorted(catalog.sites)[0]
    file = folder / "observations.ndjson"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in iterate_lines(count))
    size = file.stat().st_size
    say(f"{count} Observations, {size / count:.0f} bytes each")
    warm_up(folder, catalog, site)
    start, wall = time.process_time(), time.perf_counter()
    fhir = read_fhir([file], catalog, IssueLog(), site=site, jobs=jobs)
    end, over = time.process_time(), time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert len(fhir.tables["observation"]) == count
    del fhir
    say(f"read_fhir {count / (end - start):8.0f} /s/CPU, {over - wall:.2f} s with {jobs} job(s)")
    say(f"peak memory {peak / 2**20:.0f} MiB, {peak / count:.0f} bytes per Observation, the program included")
    files = list_files([file], catalog.sites, site)
    start = time.process_time()
    entries = [part for part in FileReader(files[0], ("utf-8",)) if isinstance(part, RawEntry)]
    middle = time.process_time()
    for at in range(0, len(entries), 2000):
        decode_chunk(Chunk(0, site, entries[at : at + 2000]), GateConfig())
    end = time.process_time()
    say(f"split   {count / (middle - start):10.0f} /s/CPU")
    say(f"decode  {count / (end - middle):10.0f} /s/CPU")


def warm_up(folder: Path, catalog: Catalog, site: str) -> None:
    """Read a little, so that imports and compiled paths, paid once a run, are not counted."""
    file = folder / "few.ndjson"
    file.write_text("\n".join(iterate_lines(100)), encoding="utf-8")
    read_fhir([file], catalog, IssueLog(), site=site)


def say(line: str) -> None:
    """Print: a benchmark has no other output."""
    print(line)  # noqa: T201  a benchmark prints


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--observations", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options.observations, options.jobs, Path(folder), read_catalog(locate_mappings()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
