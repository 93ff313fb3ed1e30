"""Appendices of the guide: mapping tables with their hashes, and the software."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import version

from hbv_standards import __version__
from hbv_standards.export.guide.content import Paragraph, Section, Table, phrase_count, write_count
from hbv_standards.export.guide.run import Run, list_mapping_rows

LIBRARIES = (
    "fhir.resources", "fpdf2", "lxml", "msgspec", "numpy", "pandas", "pyarrow", "pydantic", "pyreadstat",
)  # fmt: skip


def build_appendices(run: Run) -> tuple[Section, ...]:
    """Mapping tables and software versions."""
    used = Counter(row.rsplit(":", 1)[0] for row in list_mapping_rows(run.datasets))
    tables = tuple(
        (name, write_count(used[name]), digest) for name, digest in sorted(run.catalog.files.items())
    )
    said = Paragraph(
        f"{phrase_count(len(tables), 'table')} of the study folder were read. The same records and the same tables "
        "give the same datasets, byte for byte. The trace names the row of a table that gave a record its test, "
        "treatment, unit or visit."
    )
    software = (("hbv_standards", __version__), *((name, version(name)) for name in LIBRARIES))
    return (
        Section(
            "Mapping Tables",
            (said, Table("Tables", ("File", "Rows named in the trace", "SHA-256"), tables)),
            appendix=True,
        ),
        Section("Software", (Table("Versions", ("Package", "Version"), software),), appendix=True),
    )
