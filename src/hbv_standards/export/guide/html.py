"""A guide as one HTML page: no script, no network, prints well."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from hbv_standards.export.guide.content import (
    Block,
    Bullets,
    Guide,
    NumberedSection,
    Paragraph,
    Table,
    number_sections,
)

STYLE = """
:root { --ink: #1d2733; --soft: #5b6b7c; --line: #d5dde5; --tint: #f3f6f9; --deep: #17456f; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: #fff; font: 15px/1.55 "Segoe UI", Helvetica, Arial, sans-serif; }
a { color: var(--deep); }
nav { position: fixed; top: 0; bottom: 0; left: 0; width: 300px; padding: 24px 18px; overflow: auto;
  background: var(--tint); border-right: 1px solid var(--line); font-size: 13px; line-height: 1.35; }
nav p { margin: 0 0 10px; font-weight: 600; }
nav a { display: block; padding: 3px 0; text-decoration: none; color: var(--ink); }
nav a:hover { color: var(--deep); text-decoration: underline; }
nav .level-1 { margin-top: 8px; font-weight: 600; }
nav .level-2 { padding-left: 14px; } nav .level-3 { padding-left: 28px; color: var(--soft); }
main { margin-left: 300px; padding: 36px 48px 80px; max-width: 1180px; }
h1 { margin: 0 0 6px; font-size: 28px; line-height: 1.2; color: var(--deep); }
h2 { margin: 44px 0 12px; padding-bottom: 6px; font-size: 22px; color: var(--deep);
  border-bottom: 2px solid var(--deep); }
h3 { margin: 30px 0 8px; font-size: 18px; } h4 { margin: 24px 0 8px; font-size: 15.5px; color: var(--deep); }
p { margin: 8px 0 12px; max-width: 78ch; } li { max-width: 76ch; margin: 4px 0; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 18px 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 12px 0 20px; font-size: 13.5px; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: 6px 0; }
th { text-align: left; background: var(--deep); color: #fff; font-weight: 600; }
th, td { padding: 6px 10px; vertical-align: top; overflow-wrap: break-word; }
td { border-bottom: 1px solid var(--line); } tbody tr:nth-child(even) td { background: var(--tint); }
.code { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 900px) { nav { position: static; width: auto; } main { margin-left: 0; padding: 20px; } }
@media print { nav { display: none; } main { margin: 0; padding: 0; max-width: none; }
  body { font-size: 10.5pt; } table { font-size: 8.5pt; } thead { display: table-header-group; }
  tr { break-inside: avoid; } h2, h3, h4, caption { break-after: avoid; } }
"""


_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")  # HBV-MAP-001, LBTESTCD


def render_html(guide: Guide) -> str:
    """The page; every text is escaped."""
    sections = list(number_sections(guide.sections))
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in guide.facts)
    body = "\n".join(render_section(section) for section in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(guide.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{render_contents(sections)}\n<main>\n<h1>{escape(guide.title)}</h1>\n"
        f'<dl class="facts">{facts}</dl>\n{body}\n</main>\n</body>\n</html>\n'
    )


def render_contents(sections: Iterable[NumberedSection]) -> str:
    """Table of contents as links."""
    links = "\n".join(
        f'<a class="level-{s.level}" href="#{s.anchor}">{escape(s.heading)}</a>' for s in sections
    )
    return f'<nav aria-label="Contents">\n<p>Contents</p>\n{links}\n</nav>'


def render_section(numbered: NumberedSection) -> str:
    """Heading and blocks of one section, without its parts."""
    tag = f"h{numbered.level + 1}"
    heading = f'<{tag} id="{numbered.anchor}">{escape(numbered.heading)}</{tag}>'
    return "\n".join([heading, *map(render_block, numbered.section.blocks)])


def render_block(block: Block) -> str:
    """A paragraph, list or table."""
    match block:
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Table():
            return render_table(block)


def render_table(table: Table) -> str:
    """A table whose columns of numbers are set to the right."""
    marks = [' class="number"' if numeric else "" for numeric in table.list_numeric()]
    head = "".join(
        f'<th scope="col"{mark}>{escape(name)}</th>' for name, mark in zip(table.header, marks, strict=True)
    )
    rows = "\n".join(
        "<tr>" + "".join(_render_cell(cell, mark) for cell, mark in zip(row, marks, strict=True)) + "</tr>"
        for row in table.rows
    )
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _render_cell(cell: str, mark: str) -> str:
    """A cell; a code stays on one line."""
    if not mark and _CODE.fullmatch(cell):
        mark = ' class="code"'
    return f"<td{mark}>{escape(cell)}</td>"
