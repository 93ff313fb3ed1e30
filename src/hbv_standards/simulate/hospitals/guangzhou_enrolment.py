"""The CSV of Guangzhou's randomisation system: Chinese headers, GB 18030, dates in three spellings."""

from __future__ import annotations

import csv
import io
from datetime import date

from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.records import Subject, Trial

FILE = "enrolment_randomisation.csv"
ENCODING = "gb18030"
HEADER = ("中心", "受试者编号", "病历号", "知情同意日期", "随机日期", "组别", "状态", "结束日期", "结束原因")


def encode_enrolment(trial: Trial) -> bytes:
    """The whole file, one row per subject of the hospital."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for subject in trial.subjects:
        if subject.site == "guangzhou":
            writer.writerow(_describe(subject))
    return text.getvalue().encode(ENCODING)


def _describe(subject: Subject) -> tuple[str, ...]:
    def say(codelist: str, value: str) -> str:
        return find_text("guangzhou", codelist, value).said if value else ""

    return (
        "广州八院",
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
