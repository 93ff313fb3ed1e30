"""Small deliveries made by hand, of a hospital that behaves badly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
LAB = "https://new-hospital.example/lab"


def build_patient(number: int, **other: Any) -> Resource:
    """A Patient ``p<number>``."""
    return {"resourceType": "Patient", "id": f"p{number}", "gender": "male", **other}


def build_observation(name: str, patient: int, code: Resource, **result: Any) -> Resource:
    """A result of a Patient; ``code`` is a CodeableConcept."""
    return {
        "resourceType": "Observation", "id": name, "status": "final", "code": code,
        "subject": {"reference": f"Patient/p{patient}"}, "effectiveDateTime": "2024-05-06", **result,
    }  # fmt: skip


def name_code(code: str, text: str) -> Resource:
    """A code of the laboratory with its text."""
    return {"text": text, "coding": [{"system": LAB, "code": code, "display": text}]}


def write_delivery(folder: Path, resources: Sequence[Resource], *, encoding: str = "utf-8") -> Path:
    """The resources as one NDJSON file of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(resource, ensure_ascii=False) + "\n" for resource in resources)
    (folder / "all.ndjson").write_bytes("".join(lines).encode(encoding))
    return folder
