"""The trial's tables with one more hospital, of which nothing is known."""

from __future__ import annotations

import pytest

from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings

from .seeing import add_hospital


@pytest.fixture(scope="session")
def desk_catalog() -> Catalog:
    return add_hospital(read_catalog(locate_mappings()))
