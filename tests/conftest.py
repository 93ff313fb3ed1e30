"""What several tests share: the fixtures converted once."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from places import HOSPITALS, Submission

# No time limit per example: a busy machine is no failure. The same examples on every run of CI.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")


@pytest.fixture(scope="session")
def submission(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """The fixtures of the three hospitals, converted with the defaults of the command line."""
    from hbv_standards.pipeline import ConvertOptions, convert

    folder = tmp_path_factory.mktemp("convert") / "submission"
    return Submission(folder, convert([HOSPITALS], folder, ConvertOptions()))
