"""What several tests share: the fixtures converted once."""

from __future__ import annotations

import pytest

from places import HOSPITALS, Submission


@pytest.fixture(scope="session")
def submission(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """The fixtures of the three hospitals, converted with the defaults of the command line."""
    from hbv_standards.pipeline import ConvertOptions, convert

    folder = tmp_path_factory.mktemp("convert") / "submission"
    return Submission(folder, convert([HOSPITALS], folder, ConvertOptions()))
