"""One text at a time: what ISO 8601 allows, what hospitals write, what another zone's clock means."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.dtc_text import localise_dtc, normalise_dtc, read_dtc
from hbv_standards.errors import ConfigurationError

INVALID = [
    "",
    "-",
    "24",
    "2024-",
    "2024--",
    "2024-5",
    "2024-00",
    "2024-13",
    "2024-02-30",
    "2023-02-29",
    "2024-04-31",
    "0000-01-01",
    "2024-01-00",
    "--02-30",
    "2024-05-03T",
    "2024-05T08:30",  # a time needs the place of its day
    "2024-05-03T24:00",
    "2024-05-03T08:60",
    "2024-05-03T08:30:61",
    "2024-05-03T08:30:00.",
    "2024-05-03T08:30:00,5",
    "2024-05-03T08:-",
    "2024-05-03 08:30",
    "2024-05-03T08:30+0800",
    "2024-05-03T08:30+15:00",
    "2024-05-03T08:30z",
    "2024-05-03Z",
    " 2024-05-03",
    "2024-05-03\n",
    "２０２４-05-03",
    "2024-05-03/",
    "2024-05-04/2024-05-03",  # ends before it begins
    "2024-05-03/2024-05-04/2024-05-05",
    "P1D",
]

SPELLINGS = [
    ("2023年3月5日", "2023-03-05"),
    ("2023年03月05日", "2023-03-05"),
    ("2023 年 3 月 5 号", "2023-03-05"),
    ("2023年3月", "2023-03"),
    ("2023年", "2023"),
    ("2023/3/5", "2023-03-05"),
    ("2023.03.05", "2023-03-05"),
    ("2023-3", "2023-03"),
    ("2023-3-5", "2023-03-05"),
    ("20230305", "2023-03-05"),
    ("202303051425", "2023-03-05T14:25"),
    ("20230305142530", "2023-03-05T14:25:30"),
    ("20230305142530.25+0800", "2023-03-05T14:25:30.25+08:00"),
    ("２０２３年３月５日", "2023-03-05"),
    ("2023-03-05 08:30", "2023-03-05T08:30"),
    ("2023/3/5 8:30:00", "2023-03-05T08:30:00"),
    ("2023年3月5日8时30分", "2023-03-05T08:30"),
    ("2023年3月5日 8点", "2023-03-05T08"),
    ("2023年3月5日08时30分15秒", "2023-03-05T08:30:15"),
    ("2023-03-05T08:30:00.120+0800", "2023-03-05T08:30:00.120+08:00"),
    ("2023-03-05T08:30Z", "2023-03-05T08:30Z"),
    ("2023-UK-15", "2023---15"),
    ("2023-UN-UNK", "2023"),
    ("2023-03-XX", "2023-03"),
    ("2023---15", "2023---15"),
    ("--12-15", "--12-15"),
    ("2023-03-05/2023-03-07", "2023-03-05/2023-03-07"),
    (" 2023-03-05 ", "2023-03-05"),
]
NO_DATES = [
    "05/03/2023",
    "3/5/23",
    "230305",
    "2023-02-30",
    "2023年13月",
    "2023年3月5日下午3时",
    "2023-03-05 8",
    "不详",
    "12345",
]

# Asia/Shanghai is UTC+8 today; it had summer time (UTC+9) in 1986-1991.
ZONES = [
    ("2024-05-03", "2024-05-03"),
    ("2024-05-03T08:30", "2024-05-03T08:30"),
    ("2024-05-03T08:30:00+08:00", "2024-05-03T08:30:00+08:00"),
    ("2024-05-03T20:30Z", "2024-05-04T04:30+08:00"),
    ("2024-05-03T20:30:15.120Z", "2024-05-04T04:30:15.120+08:00"),
    ("2024-05-03T23:30:00-05:00", "2024-05-04T12:30:00+08:00"),
    ("2024-01-01T01:00+09:30", "2023-12-31T23:30+08:00"),
    ("2024-05-03T20Z", "2024-05-04T04+08:00"),
    ("2024-05-03T20+05:30", "2024-05-03T20+05:30"),  # the local time would need minutes
    ("2024-05-03T-:30Z", "2024-05-03T-:30Z"),
    ("1988-07-01T08:00+08:00", "1988-07-01T09:00+09:00"),
    ("1988-07-01T09:00+09:00", "1988-07-01T09:00+09:00"),
    ("2024-05-03T20:00Z/2024-05-04T01:00Z", "2024-05-04T04:00+08:00/2024-05-04T09:00+08:00"),
    ("9999-12-31T23:00Z", "9999-12-31T23:00Z"),
    ("2024-02-30T20:00Z", "2024-02-30T20:00Z"),  # invalid: stays for the check to find
    ("2024-05-03T20:00:99Z", "2024-05-03T20:00:99Z"),
]


@pytest.mark.parametrize("text", INVALID)
def test_what_is_not_iso_8601(text: str) -> None:
    assert read_dtc(text) is None


@pytest.mark.parametrize(("sent", "made"), SPELLINGS)
def test_spellings_of_hospitals(sent: str, made: str) -> None:
    texts, wrong = normalise_dtc(pd.Series([sent]))
    assert (texts[0], wrong[0]) == (made, False)


@pytest.mark.parametrize("sent", NO_DATES)
def test_doubtful_spellings_are_not_guessed(sent: str) -> None:
    texts, wrong = normalise_dtc(pd.Series([sent]))
    assert texts.isna().all()
    assert wrong.all()


def test_empty_is_not_wrong_and_the_index_stays() -> None:
    texts, wrong = normalise_dtc(pd.Series([None, "", "  ", "2024"], index=[7, 5, 5, 1], name="birth"))
    assert texts.isna().tolist() == [True, True, True, False]
    assert not wrong.any()
    assert texts.index.tolist() == [7, 5, 5, 1]
    assert texts.name == "birth"


@pytest.mark.parametrize(("sent", "made"), ZONES)
def test_local_clock(sent: str, made: str) -> None:
    assert localise_dtc(pd.Series([sent]), "Asia/Shanghai").tolist() == [made]


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "", "../etc/passwd"])
def test_unknown_zone_is_a_configuration_error(zone: str) -> None:
    with pytest.raises(ConfigurationError, match="IANA time zone"):
        localise_dtc(pd.Series(["2024"]), zone)


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)),
    st.integers(-14 * 4, 14 * 4),
    st.sampled_from(["Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "UTC"]),
)
def test_localising_keeps_the_moment(moment: datetime, quarters: int, zone: str) -> None:
    sent = moment.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)), microsecond=0)
    (made,) = localise_dtc(pd.Series([sent.isoformat()]), zone)
    assert datetime.fromisoformat(made) == sent
    assert datetime.fromisoformat(made).utcoffset() == sent.astimezone(ZoneInfo(zone)).utcoffset()


@given(st.text(alphabet="0123456789-/.:TZ+ 年月日时分UK", max_size=22))
def test_whatever_is_normalised_is_valid_and_stays(sent: str) -> None:
    texts, wrong = normalise_dtc(pd.Series([sent], dtype="str"))
    if texts.isna()[0]:
        assert bool(wrong[0]) == bool(sent.strip())
    else:
        assert read_dtc(texts[0]) is not None
        assert normalise_dtc(texts)[0][0] == texts[0]


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(["{:%Y-%m-%d}", "{0:%Y}/{0.month}/{0.day}", "{:%Y%m%d}", "{0:%Y}年{0.month}月{0.day}日"]),
)
def test_every_complete_date_is_understood(day: date, spelling: str) -> None:
    sent = spelling.format(day)
    assert normalise_dtc(pd.Series([sent]))[0].tolist() == [day.isoformat()]


def test_the_epoch_is_1970() -> None:
    read = read_dtc("1970-01-01T00:00:01.5")
    assert read is not None
    assert (read.date, read.seconds, read.earliest) == (0, 1.5, 1_500_000)
