"""One ISO 8601 text at a time: what it says, how other spellings become it, what another zone means."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from hbv_standards.derive.ascii_text import fold_width
from hbv_standards.errors import ConfigurationError

# SDTMIG 4.4.2: an unknown part in the middle is one hyphen, the unknown right end is cut off.
_POINT = re.compile(
    r"""(?P<year>[0-9]{4}|-)(?:-(?P<month>[0-9]{2}|-)(?:-(?P<day>[0-9]{2}|-))?)?
    (?P<time>T(?P<hour>[0-9]{2}|-)
      (?::(?P<minute>[0-9]{2}|-)(?::(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?)?)?
      (?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?""",
    re.VERBOSE,
)
_UNKNOWN = r"UNK?|UK|NK|X{1,2}|\?{1,2}|未知|不详"
_LOOSE = re.compile(
    rf"""(?P<year>[0-9]{{4}})
    (?:\s*[-/.]\s*(?:(?P<month>[0-9]{{1,2}}|{_UNKNOWN})
      (?:\s*[-/.]\s*(?:(?P<day>[0-9]{{1,2}}|{_UNKNOWN}))?)?)?)?
    (?P<time>[\sT]*(?<=[\sT])(?P<hour>[0-9]{{1,2}})\s*:\s*
      (?:(?P<minute>[0-9]{{1,2}})\s*(?::\s*(?:(?P<second>[0-9]{{1,2}})(?P<fraction>\.[0-9]+)?)?)?)?
      \s*(?P<zone>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?\s*""",
    re.VERBOSE,
)
_COMPACT = re.compile(
    r"""(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})
    (?P<time>[\sT]?(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?P<fraction>(?<=[0-9]{6})\.[0-9]+)?
      (?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?""",
    re.VERBOSE,
)
_CHINESE = str.maketrans(
    {"年": "-", "月": "-", "日": " ", "号": " ", "时": ":", "点": ":", "分": ":", "秒": ""}
)
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_STEPS = (0, 0, _DAY, 3_600_000_000, 60_000_000, 1_000_000)  # length of a span by its finest part


class DtcSpan(NamedTuple):
    """What one text says. ``date`` in days, ``earliest`` and ``end`` in microseconds since 1970."""

    date: int | None
    precision: str | None
    seconds: float | None
    earliest: int | None
    end: int | None


@lru_cache(maxsize=2**16)  # the same texts are asked for day, order, epoch and baseline
def read_dtc(text: str) -> DtcSpan | None:
    """Read one text, a point or an interval ``start/end`` of doubt; None when it is not valid."""
    if "/" not in text:
        return _read_point(text)
    first, _, last = text.partition("/")
    start, stop = _read_point(first), _read_point(last)
    if start is None or stop is None:
        return None
    if start.earliest is not None and stop.end is not None and stop.end <= start.earliest:
        return None
    day = start.date if start.date == stop.date else None
    known = start.earliest is not None and stop.end is not None
    return DtcSpan(day, None, None, start.earliest if known else None, stop.end if known else None)


def _read_point(text: str) -> DtcSpan | None:
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    *written, fraction, zone = match.group(*_PARTS, "fraction", "zone")
    parts = [None if part is None or part == "-" else int(part) for part in written]
    if not (_is_cut_right(written) and _is_clock(*parts[3:]) and _is_zone(zone)):
        return None
    year, month, day = parts[:3]
    try:  # the first date that the parts allow: 29 February needs a leap year, the 31st a long month
        first = date(2000 if year is None else year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    seconds = None if parts[3] is None else _compute_clock(parts[3:], fraction) / 1_000_000
    if year is None:
        return DtcSpan(None, None, seconds, None, None)
    ordinal = first.toordinal() - _EPOCH
    earliest = ordinal * _DAY + _compute_clock(parts[3:], fraction)
    end = _compute_end(parts, earliest, fraction)
    whole = month is not None and day is not None
    return DtcSpan(ordinal if whole else None, _read_precision(parts, fraction), seconds, earliest, end)


def _is_cut_right(written: list[str | None]) -> bool:
    """The rightmost part that is written must be known, and a time needs its place after the day."""
    if written[3] is not None and written[2] is None:
        return False
    return next(part for part in reversed(written) if part is not None) != "-"


def _is_clock(hour: int | None, minute: int | None, second: int | None) -> bool:
    return (hour or 0) < 24 and (minute or 0) < 60 and (second or 0) <= 60  # 60: a leap second


def _is_zone(zone: str | None) -> bool:
    return zone is None or zone == "Z" or (int(zone[1:3]) <= 14 and int(zone[4:]) < 60)


def _read_precision(parts: list[int | None], fraction: str | None) -> str | None:
    """The finest part before the first gap."""
    gap = parts.index(None) if None in parts else len(parts)
    if gap == len(parts) and fraction:
        return "fraction"
    return _PARTS[gap - 1] if gap else None


def _compute_end(parts: list[int | None], earliest: int, fraction: str | None) -> int:
    """End of the last moment that the parts allow, in microseconds since 1970."""
    finest = max(place for place, part in enumerate(parts) if part is not None)
    step = 10 ** max(7 - len(fraction), 0) if fraction else _STEPS[max(finest, 2)]
    if None not in parts[: max(finest + 1, 3)]:
        return earliest + step
    year, month, day = parts[0] or 0, parts[1] or 12, parts[2]
    last = date(year, month, day or monthrange(year, month)[1]).toordinal() - _EPOCH
    clock = [part if part is not None or place > finest else most
             for place, part, most in zip((3, 4, 5), parts[3:], (23, 59, 59), strict=True)]  # fmt: skip
    return last * _DAY + _compute_clock(clock, fraction) + step


def _compute_clock(clock: list[int | None], fraction: str | None) -> int:
    """Microseconds since midnight. A leap second counts as the 59th; six digits of a fraction count."""
    hour, minute, second = (part or 0 for part in clock)
    micro = int(fraction[1:7].ljust(6, "0")) if fraction else 0
    return (hour * 3600 + minute * 60 + min(second, 59)) * 1_000_000 + micro


def normalise_dtc(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """ISO 8601 text of dates as hospitals write them, and where that was not possible.

    Valid ISO text is carried as sent. Year-first spellings (2023年3月5日, 2023/3/5, 2023.03.05,
    2023-3, 20230305, ``2023-03-05 08:30``, 2023年3月5日8时30分, unknown parts such as
    ``2023-UK-15``, offsets such as ``+0800``) become ISO text of the same precision. Orders that
    leave a doubt (05/03/2023, two-digit years, 下午) are not guessed.

    Returns text (``str``, missing where empty or no date) and a bool mask that is True where a
    text was sent that is no date. Index and name are those of ``values``.
    """
    made = _map_texts(values, _normalise_text)
    sent = _map_texts(values, lambda text: text.strip() or None)
    return made, made.isna() & sent.notna()


def _normalise_text(sent: str) -> str | None:
    text = fold_width(sent).strip().upper()
    if read_dtc(text) is not None:
        return text
    match = _COMPACT.fullmatch(text) or _LOOSE.fullmatch(text.translate(_CHINESE))
    made = None if match is None else _write_iso(match)
    return made if made is not None and read_dtc(made) is not None else None


def _write_iso(match: re.Match[str]) -> str | None:
    parts = [match["year"], *(_write_part(match[name]) for name in ("month", "day"))]
    if match["time"] is None:
        while parts[-1] == "-":
            parts.pop()
        return "-".join(parts)
    if match["day"] is None:
        return None
    clock = ":".join(_write_part(match[n]) for n in ("hour", "minute", "second") if match[n] is not None)
    zone = match["zone"] or ""
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{'-'.join(parts)}T{clock}{match['fraction'] or ''}{zone}"


def _write_part(part: str | None) -> str:
    return part.zfill(2) if part is not None and part.isdigit() else "-"


def localise_dtc(values: pd.Series, time_zone: str) -> pd.Series:
    """The study's local clock for texts that carry another zone's offset.

    ``time_zone`` is an IANA name. A text without an offset, or with the one that the zone has at
    that moment, stays as sent. A complete date-time with another offset (``Z`` too) is written in
    the zone's local time, to the same precision, with the zone's offset: the moment is the same,
    but the date, and so the study day, is the local one (SDTMIG 4.4.1, 4.4.4). Both ends of an
    interval are treated so. Texts whose shift would need finer parts than were sent (an hour
    shifted by minutes), incomplete and invalid texts stay as sent.

    Raises :class:`ConfigurationError` for an unknown zone.
    """
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as error:
        message = f"time_zone {time_zone!r} is not an IANA time zone; write it like 'Asia/Shanghai'"
        raise ConfigurationError(message, file="study.yaml", value=time_zone) from error
    return _map_texts(values, lambda text: "/".join(_localise_point(p, zone) for p in text.split("/")))


def _localise_point(text: str, zone: ZoneInfo) -> str:
    match = _POINT.fullmatch(text)
    if match is None or match["zone"] is None:
        return text
    *parts, second, fraction, written = match.group(*_PARTS, "fraction", "zone")
    if "-" in parts or int(second or 0) > 60 or not _is_zone(written):
        return text
    year, month, day, hour, minute = (int(part or 0) for part in parts)
    sent = _read_offset(written)
    try:
        local = datetime(year, month, day, hour, minute, tzinfo=timezone(sent)).astimezone(zone)
    except (ValueError, OverflowError):  # not in the calendar, or shifted out of it
        return text
    offset = local.utcoffset() or timedelta()
    minutes, odd = divmod(int((offset - sent).total_seconds()), 60)
    if minutes == odd == 0 or odd or (parts[4] is None and minutes % 60):
        return text
    clock = local.isoformat()[: 13 if parts[4] is None else 16]
    return f"{clock}{f':{second}' if second else ''}{fraction or ''}{_write_offset(offset)}"


def _read_offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    return -size if zone[0] == "-" else size


def _write_offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"


def _map_texts(values: pd.Series, convert: Callable[[str], str | None]) -> pd.Series:
    """Apply to every distinct text once; missing stays missing."""
    codes, uniques = pd.factorize(values)
    made = pd.Series([convert(str(text)) for text in uniques], dtype="str")
    return pd.Series(made.reindex(codes).array, index=values.index, name=values.name)
