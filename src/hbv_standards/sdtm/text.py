"""Text as a submission can carry it: the agency's characters, at most 200 bytes a value."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import pandas as pd

from hbv_standards.derive.ascii_text import Agency, convert_encodable
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.spec import DatasetSpec

MAX_BYTES = 200  # SDTMIG 4.5.3.2, XPT version 5


def fit_text(frame: pd.DataFrame, spec: DatasetSpec, agency: Agency, log: IssueLog) -> pd.DataFrame:
    """Make every text variable of the spec fit; what cannot be kept is reported once per value.

    For the FDA a value with characters outside printable ASCII is left out (HBV-SDTM-003); what is
    longer than 200 bytes of UTF-8 is cut at a word border (HBV-SDTM-004).
    """
    fitted = {}
    for variable in spec.variables:
        if variable.type == "Char" and variable.name in frame.columns:
            fitted[variable.name] = _fit_column(frame[variable.name], spec.name, agency, log)
    return frame.assign(**fitted)


def order_as_ascii(frame: pd.DataFrame, spec: DatasetSpec, agency: Agency) -> dict[str, pd.Series]:
    """What the rows of a build with Chinese texts are sorted by, so that both builds have one order.

    Variable → the column as the ASCII build has it. Where that is not just the text without what ASCII
    cannot hold, the frame tells it in a column named ``order_`` and the variable.
    """
    if agency == "fda":
        return {}
    ascii_form = fit_text(frame, spec, "fda", IssueLog())
    told = {
        v.name: f"order_{v.name}" if f"order_{v.name}" in frame.columns else v.name
        for v in spec.variables
        if v.name in frame.columns and v.type == "Char"
    }
    return {name: ascii_form[column].astype("str") for name, column in told.items()}


def _fit_column(column: pd.Series, dataset: str, agency: Agency, log: IssueLog) -> pd.Series:
    def report(code: str, value: str) -> None:
        count = int((column == value).sum())
        log.add(code, dataset=dataset, variable=str(column.name), value=value, message=_phrase(code, count))

    text = column.astype("str")
    changed: dict[Hashable, str | None] = {}
    for value in sorted(text.dropna().unique()):
        fitted = fit_value(value, agency, report)
        if fitted != value:
            changed[value] = fitted
    return text.map(lambda v: changed.get(v, v), na_action="ignore").astype("str") if changed else text


def _phrase(code: str, count: int) -> str:
    rows = f"{count} row{'s' if count > 1 else ''}"
    if code == "HBV-SDTM-003":
        return (
            f"characters outside ASCII: left out of {rows} of this build; map the text to a submission value"
        )
    return f"longer than {MAX_BYTES} bytes: cut at a word border in {rows}; the rest is in the source"


def fit_value(value: str, agency: Agency, report: Callable[[str, str], None]) -> str | None:
    """One value as the build can carry it, None where it cannot; ``report(code, value)`` hears of changes."""
    text = convert_encodable(value, agency)  # without leading blanks too (FB1501)
    if text is None:
        if value.strip():
            report("HBV-SDTM-003", value)
        return None
    if len(text.encode("utf-8")) > MAX_BYTES:
        report("HBV-SDTM-004", value)
        return cut_text(text)
    return text


def cut_text(text: str, limit: int = MAX_BYTES) -> str:
    """The longest beginning of ``text`` of at most ``limit`` bytes that ends at a word, if it can."""
    raw = text.encode("utf-8")
    if len(raw) <= limit:
        return text
    head = raw[:limit].decode("utf-8", errors="ignore")
    at_border = text[len(head)] == " "
    words = head if at_border else head.rpartition(" ")[0]
    return words.rstrip() or head


def split_text(text: str, limit: int = MAX_BYTES) -> tuple[str, ...]:
    """The text in pieces of at most ``limit`` bytes, parted between words where there are any."""
    pieces = []
    rest = text.strip()
    while rest:
        pieces.append(cut_text(rest, limit))
        rest = rest[len(pieces[-1]) :].lstrip()
    return tuple(pieces)
