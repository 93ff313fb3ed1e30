"""The page of the report: its parts in HTML, styles, navigation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hbv_standards.export.guide.content import Table
from hbv_standards.export.guide.html import render_table

STYLE = """
:root { --ink: #1d2733; --soft: #5b6b7c; --line: #d5dde5; --tint: #f3f6f9; --deep: #17456f; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #eef2f6;
  font: 15px/1.5 "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", Helvetica, Arial, sans-serif; }
header { padding: 30px 0 26px; color: #fff; background: var(--deep); }
header > div, nav > div, main { max-width: 1080px; margin: 0 auto; padding: 0 28px; }
header p { margin: 4px 0 0; max-width: 86ch; color: #d7e3ee; }
h1 { margin: 0; font-size: 27px; line-height: 1.25; }
nav { position: sticky; top: 0; z-index: 1; background: #fff; border-bottom: 1px solid var(--line); }
nav a { display: inline-block; margin-right: 22px; padding: 10px 0; color: var(--deep); text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin: 22px 0; padding: 22px 28px 18px; background: #fff; border: 1px solid var(--line); border-radius: 6px;
  scroll-margin-top: 52px; }
h2 { margin: 0 0 8px; font-size: 20px; color: var(--deep); } h3 { margin: 26px 0 6px; font-size: 15.5px; }
p { max-width: 86ch; margin: 6px 0 10px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 10px; margin: 22px 0 0; }
.tiles div { padding: 13px 16px; background: #fff; border: 1px solid var(--line); border-radius: 6px; }
.tiles strong { display: block; font-size: 24px; line-height: 1.2; color: var(--deep);
  font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: 13.5px; }
.tiles .alarm strong { color: #a3341f; }
svg { display: block; width: 100%; height: auto; margin: 8px 0 14px; }
svg text { font: 12.5px "Segoe UI", "Noto Sans CJK SC", Helvetica, Arial, sans-serif; fill: var(--ink); }
svg text.value { font-size: 11.5px; } svg text.total { font-weight: 600; }
svg text.legend { fill: var(--soft); }
table { border-collapse: collapse; width: 100%; margin: 10px 0 16px; font-size: 13.5px; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: 6px 0; }
th, td { padding: 6px 10px; text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { background: var(--tint); border-bottom: 2px solid var(--line); }
td { border-bottom: 1px solid var(--line); }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
footer { color: var(--soft); font-size: 13px; padding: 4px 0 40px; }
.code { white-space: nowrap; }
.scroll { overflow-x: auto; }
.grid td.cell { text-align: center; font-variant-numeric: tabular-nums; } .grid thead th + th { text-align: center; }
@media print { body { background: #fff; font-size: 10.5pt; } nav { display: none; }
  header { color: #000; background: #fff; padding: 0; } header p { color: #000; }
  section { border: 0; padding: 0; } tr, svg { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that stands for much; ``alarm`` marks one that somebody must act upon."""

    value: str
    label: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the report; ``parts`` are pieces of HTML."""

    anchor: str
    title: str
    parts: tuple[str, ...]


def render_paragraph(text: str) -> str:
    """Running text, escaped."""
    return f"<p>{escape(text)}</p>"


def render_heading(text: str) -> str:
    """A heading within a chapter, escaped."""
    return f"<h3>{escape(text)}</h3>"


def render_rows(table: Table) -> str:
    """A table that scrolls where the window is narrow."""
    return f'<div class="scroll">{render_table(table)}</div>'


def render_page(
    title: str, subtitle: str, tiles: Sequence[Tile], chapters: Sequence[Chapter], footer: str
) -> str:
    """The whole page: no script, no network."""
    links = "".join(f'<a href="#{c.anchor}">{escape(c.title)}</a>' for c in chapters)
    shown = "".join(_render_tile(tile) for tile in tiles)
    body = "\n".join(_render_chapter(chapter) for chapter in chapters)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><div><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></div></header>\n"
        f'<nav aria-label="Contents"><div>{links}</div></nav>\n<main>\n'
        f'<div class="tiles">{shown}</div>\n{body}\n<footer>{escape(footer)}</footer>\n</main>\n</body>\n</html>\n'
    )


def _render_tile(tile: Tile) -> str:
    mark = ' class="alarm"' if tile.alarm else ""
    return f"<div{mark}><strong>{escape(tile.value)}</strong><span>{escape(tile.label)}</span></div>"


def _render_chapter(chapter: Chapter) -> str:
    parts = "\n".join(chapter.parts)
    return f'<section id="{chapter.anchor}">\n<h2>{escape(chapter.title)}</h2>\n{parts}\n</section>'
