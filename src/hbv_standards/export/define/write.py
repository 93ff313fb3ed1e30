"""Define-XML files: ``define.xml``, its stylesheet, and the page that the stylesheet makes of it.

Browsers no longer transform XML by themselves, so the page is made here, by the stylesheet that is
delivered: both always say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path

from lxml import etree

from hbv_standards.export.define.build import build_define
from hbv_standards.export.define.document import STYLESHEET, build_document
from hbv_standards.export.define.model import Context, Define, Document
from hbv_standards.export.define.translate import translate_define
from hbv_standards.export.xpt_header import XptMember
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset


def write_define(
    path: Path,
    datasets: Mapping[str, Dataset],
    catalog: Catalog,
    *,
    created: datetime,
    members: Mapping[str, XptMember],
    context: Context = "Submission",
    documents: Sequence[Document] = (),
    files: Mapping[str, str] | None = None,
    agency: str = "fda",
) -> Define:
    """Write ``define.xml`` (``path``), ``define2-1.xsl`` and ``define.html`` beside it; what they say, in English.

    Arguments and errors are those of :func:`hbv_standards.export.define.build.build_define`. The bytes
    depend on the arguments alone.
    """
    define = build_define(
        datasets, catalog, created=created, members=members, context=context, documents=documents,
        files=files, agency=agency,
    )  # fmt: skip
    document = build_document(translate_define(define))
    stylesheet = read_stylesheet()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True))
    path.with_name(STYLESHEET).write_bytes(stylesheet)
    path.with_suffix(".html").write_bytes(render_page(path.read_bytes(), stylesheet))
    return define


def read_stylesheet() -> bytes:
    """The packaged stylesheet."""
    place = resources.files("hbv_standards.export.define").joinpath("stylesheet", STYLESHEET)
    return place.read_bytes()


def render_page(document: bytes, stylesheet: bytes) -> bytes:
    """The page that the stylesheet makes of a define.xml."""
    transform = etree.XSLT(etree.fromstring(stylesheet))
    return bytes(transform(etree.fromstring(document)))
