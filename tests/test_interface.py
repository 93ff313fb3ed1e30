"""The public names: all there, documented, and free until they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import hbv_standards


@pytest.mark.parametrize("name", hbv_standards.__all__)
def test_name(name: str) -> None:
    assert callable(getattr(hbv_standards, name))
    assert getattr(hbv_standards, name).__doc__


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        getattr(hbv_standards, "nonsense")  # noqa: B009  a name that no type checker may see


def test_import_loads_nothing_heavy() -> None:
    ask = "import sys, hbv_standards.cli; print([m for m in ('pandas', 'fhir', 'lxml', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
