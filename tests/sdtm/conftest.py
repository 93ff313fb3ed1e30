"""A study folder with the specs of the domains that the cases are about."""

from __future__ import annotations

import shutil

import pytest

from . import cases


@pytest.fixture(scope="session", autouse=True)
def study_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Other domains of the trial are tested where they are made; here none of them shows."""
    specs = tmp_path_factory.mktemp("study") / "specs"
    specs.mkdir()
    for name in ("methods", *cases.DOMAINS):
        shutil.copy(cases.MAPPINGS / "specs" / f"{name}.yaml", specs)
    cases.FOLDER = specs.parent
