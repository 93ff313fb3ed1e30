"""What the pipeline does to the process that it runs in."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.pipeline import collect_rarely, convert


def test_the_garbage_collector_rests_while_a_run_lasts() -> None:
    usual = gc.get_threshold()
    with collect_rarely():
        assert gc.get_threshold()[0] > usual[0]
    assert gc.get_threshold() == usual


def test_a_run_that_fails_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    usual = gc.get_threshold()
    with pytest.raises(ConfigurationError):
        convert([], tmp_path / "out")
    assert gc.get_threshold() == usual
