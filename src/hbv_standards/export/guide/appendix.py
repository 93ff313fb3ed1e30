"""Appendices of the guide: mapping tables with their hashes, and the software."""

from __future__ import annotations

from importlib.metadata import version

from hbv_standards import __version__
from hbv_standards.export.guide.content import Paragraph, Section, Table, phrase_count
from hbv_standards.export.guide.run import Run

LIBRARIES = (
    "fhir.resources", "fpdf2", "lxml", "msgspec", "numpy", "pandas", "pyarrow", "pydantic", "pyreadstat",
)  # fmt: skip


def build_appendices(run: Run) -> tuple[Section, ...]:
    """Mapping tables and software versions."""
    tables = tuple(sorted(run.catalog.files.items()))
    said = Paragraph(
        f"{phrase_count(len(tables), 'table')} of the study folder were read. The same records and the same tables give "
        "the same datasets, byte for byte."
    )
    software = (("hbv_standards", __version__), *((name, version(name)) for name in LIBRARIES))
    return (
        Section("Mapping Tables", (said, Table("Tables", ("File", "SHA-256"), tables)), appendix=True),
        Section("Software", (Table("Versions", ("Package", "Version"), software),), appendix=True),
    )
