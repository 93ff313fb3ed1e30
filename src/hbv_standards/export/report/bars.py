"""Horizontal stacked bars as inline SVG, drawn without any library and without script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 960
_LABEL, _TOTAL = 292, 64
_BAR, _STEP, _TOP, _LEGEND_STEP = 18, 27, 28, 20
_CHARACTER, _CAPITAL = 6.6, 8.8  # widths of characters, roughly, to know what fits


@dataclass(frozen=True, slots=True)
class Series:
    """A part of every bar: its name in the legend, its colour and that of numbers on it."""

    name: str
    color: str
    ink: str = "#fff"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``values`` are in the order of the series."""

    label: str
    values: tuple[int, ...]


def draw_bars(title: str, series: Sequence[Series], bars: Sequence[Bar], *, legend: bool = True) -> str:
    """An SVG picture of the bars with legend and totals; ``title`` is for readers who do not see it."""
    placed = place_legend(series) if legend else []
    top = max((y for _, _, y in placed), default=-_STEP) + _TOP
    height = top + _STEP * len(bars) + 4
    longest = max((sum(bar.values) for bar in bars), default=0)
    scale = (WIDTH - _LABEL - _TOTAL) / longest if longest else 0.0
    drawn = "".join(_draw_bar(bar, series, scale, top + _STEP * place) for place, bar in enumerate(bars))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{_draw_legend(placed)}{drawn}</svg>"
    )


def place_legend(series: Sequence[Series]) -> list[tuple[Series, int, int]]:
    """Each series with the place of its mark, x and y, in as many lines as they need."""
    placed, x, y = [], _LABEL, 4
    for one in series:
        width = 17 + round(sum(_CAPITAL if c.isupper() else _CHARACTER for c in one.name)) + 22
        if x > _LABEL and x + width > WIDTH:
            x, y = _LABEL, y + _LEGEND_STEP
        placed.append((one, x, y))
        x += width
    return placed


def _draw_legend(placed: Sequence[tuple[Series, int, int]]) -> str:
    return "".join(
        f'<rect x="{x}" y="{y}" width="12" height="12" rx="2" fill="{one.color}"/>'
        f'<text x="{x + 17}" y="{y + 10}" class="legend">{escape(one.name)}</text>'
        for one, x, y in placed
    )


def _draw_bar(bar: Bar, series: Sequence[Series], scale: float, y: int) -> str:
    middle = y + _BAR / 2 + 4
    parts = [
        f'<text x="{_LABEL - 10}" y="{middle:.0f}" text-anchor="end" class="label">{escape(bar.label)}</text>'
    ]
    x = float(_LABEL)
    for one, value in zip(series, bar.values, strict=True):
        width = value * scale
        if value:
            parts.append(_draw_part(one, value, x, y, width, middle))
        x += width
    parts.append(f'<text x="{x + 7:.1f}" y="{middle:.0f}" class="total">{sum(bar.values):,}</text>')
    return "".join(parts)


def _draw_part(series: Series, value: int, x: float, y: int, width: float, middle: float) -> str:
    """A piece of a bar, at least a hair wide, with its number where there is room."""
    told = f"{value:,}"
    number = ""
    if width > _CHARACTER * len(told) + 10:
        number = (
            f'<text x="{x + width / 2:.1f}" y="{middle:.0f}" text-anchor="middle" class="value" '
            f'style="fill: {series.ink}">{told}</text>'
        )
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{max(width, 1.0):.1f}" height="{_BAR}" fill="{series.color}">'
        f"<title>{escape(series.name)}: {told}</title></rect>{number}"
    )
