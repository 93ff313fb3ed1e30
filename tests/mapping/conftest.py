"""A small study folder of one hospital, which leaves units and terms to the package, that a test may break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from desk.tiny_study import CONCEPTS, DESIGN, THINGS
from desk.tiny_study import write_study as write_files

WriteStudy = Callable[..., Path]

FILES = {
    **THINGS,
    "study.yaml": DESIGN + 'sites: {clinic: {siteid: "01", name: Clinic}}\n',
    "concepts/mb.csv": CONCEPTS
    + "CCC_T,cccDNA in tissue,MB,HBCCCDNA,Hepatitis B Virus cccDNA,,TISSUE,NM,copies/cell,,,TESTCD;TEST\n"
    + "CCC_S,cccDNA in serum,MB,HBCCCDNA,Hepatitis B Virus cccDNA,,SERUM,NM,copies/mL,,,TESTCD;TEST\n",
}


@pytest.fixture
def write_study(tmp_path: Path) -> WriteStudy:
    """Write :data:`FILES`, with other contents or further files; ``None`` leaves a file out."""

    def write(files: Mapping[str, str | bytes | None] | None = None) -> Path:
        return write_files(tmp_path / "study", files, FILES)

    return write
