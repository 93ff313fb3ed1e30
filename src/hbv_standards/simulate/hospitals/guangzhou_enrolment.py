"""The CSV of Guangzhou's randomisation system: Chinese headers, GB 18030, dates in three spellings."""

from __future__ import annotations

import csv
import io
from datetime import date

from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospitals.guangzhou_style import GUANGZHOU, Style
from hbv_standards.simulate.records import Subject, Trial


def encode_enrolment(trial: Trial, style: Style = GUANGZHOU) -> bytes:
    """The whole file, one row per subject of the hospital."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(style.header.values())
    for subject in trial.subjects:
        if subject.site == style.site:
            writer.writerow(_describe(subject, style))
    return text.getvalue().encode(style.encoding)


def _describe(subject: Subject, style: Style) -> tuple[str, ...]:
    def say(codelist: str, value: str) -> str:
        return find_text(style.site, codelist, value).said if value else ""

    return (
        style.centre,
        subject.number,
        subject.person.patient_number,
        _write_slashes(subject.consent),
        subject.randomised.isoformat() if subject.randomised else "",
        say("ARMCD", subject.arm),
        say("SUBJECT_STATUS", subject.status),
        _write_chinese(subject.end),
        say("NCOMPLT", subject.end_reason),
    )


def _write_slashes(day: date) -> str:
    return f"{day.year}/{day.month}/{day.day}"


def _write_chinese(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
