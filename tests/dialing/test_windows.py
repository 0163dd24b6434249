"""Windows open when a clock on the wall says so, in every zone, whatever is done to the clocks."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fake_time import FakeClock, fake_time
from vocobase import CallJob, CallWindow, ConfigurationError, InvalidArgumentError, Redial
from vocobase._dialing.windows import next_opening, require_zones, zones_for

ZONES = [
    "UTC", "Asia/Kolkata", "America/New_York", "America/Sao_Paulo", "Europe/London", "Australia/Lord_Howe",
    "Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Kiritimati", "America/St_Johns",
]  # fmt: skip
WORK = CallWindow(time(9), time(20))


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def opening(window: CallWindow, now: datetime, *zones: str) -> str:
    found = next_opening(window, now, [ZoneInfo(zone) for zone in zones])
    return "never" if found is None else found.astimezone(ZoneInfo(zones[0])).isoformat()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02T12:00", "2026-03-02T12:00:00+00:00"),
        ("2026-03-02T08:59:59", "2026-03-02T09:00:00+00:00"),
        ("2026-03-02T09:00", "2026-03-02T09:00:00+00:00"),
        ("2026-03-02T20:00", "2026-03-03T09:00:00+00:00"),
        ("2026-03-06T20:00", "2026-03-09T09:00:00+00:00"),
        ("2026-12-31T23:00", "2027-01-01T09:00:00+00:00"),
    ],
)
def test_a_window_opens_in_the_morning_of_its_days(now: str, expected: str) -> None:
    weekdays = CallWindow(time(9), time(20), weekdays=range(5))
    assert opening(weekdays, at(now), "UTC") == expected


def test_several_zones_must_all_be_open() -> None:
    # 20:00 in New York is 17:00 in Los Angeles; 09:00 in Los Angeles is 12:00 in New York.
    now = at("2026-03-02T09:30", "America/New_York")
    assert opening(WORK, now, "America/New_York", "America/Los_Angeles") == "2026-03-02T12:00:00-05:00"


def test_zones_that_are_never_open_together_are_never_open() -> None:
    assert opening(CallWindow(time(9), time(12)), at("2026-03-02T00:00"), "UTC", "Asia/Tokyo") == "never"


@pytest.mark.parametrize(
    ("start", "end", "now", "expected"),
    [
        # At 02:00 on 8 March the clocks go to 03:00.
        (time(2, 30), time(5), "2026-03-08T01:00", "2026-03-08T03:00:00-04:00"),
        (time(2, 15), time(2, 45), "2026-03-08T01:00", "2026-03-09T02:15:00-04:00"),
        # At 02:00 on 1 November they go back to 01:00, so 01:30 comes twice.
        (time(1, 30), time(1, 45), "2026-11-01T00:00", "2026-11-01T01:30:00-04:00"),
        (time(0, 30), time(1, 30), "2026-11-01T01:50", "2026-11-01T01:00:00-05:00"),
    ],
)
def test_changes_of_the_clocks_are_followed(start: time, end: time, now: str, expected: str) -> None:
    assert opening(CallWindow(start, end), at(now, "America/New_York"), "America/New_York") == expected


def test_a_time_that_was_given_for_the_second_round_is_kept_apart_from_the_first() -> None:
    second = at("2026-11-01T01:31", "America/New_York").replace(fold=1)
    window = CallWindow(time(1, 30), time(1, 45))
    assert opening(window, second, "America/New_York") == "2026-11-01T01:31:00-05:00"


@settings(max_examples=150, deadline=None)
@given(
    now=st.datetimes(datetime(2011, 12, 1), datetime(2030, 1, 1)),
    start=st.integers(0, 23),
    minutes=st.integers(0, 59),
    length=st.integers(15, 24 * 60),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
    holidays=st.sets(st.integers(0, 8), max_size=4),
    other=st.none() | st.integers(0, 23),
)
# Samoa had no 30 December 2011.
@example(datetime(2011, 12, 29, 23), 9, 0, 60, {4, 5}, ["Pacific/Apia"], set(), None)
@example(datetime(2026, 3, 8, 6, 59), 2, 30, 120, {6}, ["America/New_York"], set(), None)
@example(datetime(2026, 3, 7, 23), 22, 0, 480, {5, 6}, ["America/New_York"], {1}, 12)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    now: datetime,
    start: int,
    minutes: int,
    length: int,
    weekdays: set[int],
    zones: list[str],
    holidays: set[int],
    other: int | None,
) -> None:
    """Windows that span midnight, several on one day, and holidays included."""
    end = (start * 60 + minutes + length) % (24 * 60)
    if end == start * 60 + minutes:
        return
    days = {now.date() + timedelta(days=number) for number in holidays}
    window = CallWindow(time(start, minutes), time(end // 60, end % 60), weekdays=weekdays, holidays=days)
    if other is not None:
        window |= CallWindow(time(other), time(other, 30), holidays=days)
    assert CallWindow.from_json(window.to_json()) == window
    places = [ZoneInfo(zone) for zone in zones]
    moment = now.replace(microsecond=0, tzinfo=UTC)
    found = next_opening(window, moment, places)
    assert found is None or (found >= moment and window.is_open(found, places))
    last = moment + timedelta(days=9) if found is None else min(found, moment + timedelta(days=9))
    step = timedelta(minutes=5)
    probe = moment
    while probe < last:
        assert not window.is_open(probe, places), probe
        probe += step
    if found is not None and found > moment:
        assert not window.is_open(found - timedelta(seconds=1), places)


@pytest.mark.parametrize(
    "options",
    [
        {"start": time(9), "end": time(9)},
        {"start": time(9), "end": time(20), "holidays": "2026-12-25"},
        {"start": time(9), "end": time(20), "holidays": ["2026-12-25"]},
        {"start": time(9), "end": time(20), "holidays": {datetime(2026, 12, 25)}},
        {"start": time(9), "end": time(20), "holidays": 5},
        {"start": time(9, tzinfo=UTC), "end": time(20)},
        {"start": "09:00", "end": time(20)},
        {"start": time(9), "end": datetime(2026, 1, 1)},
        {"start": time(9), "end": time(20), "weekdays": []},
        {"start": time(9), "end": time(20), "weekdays": [7]},
        {"start": time(9), "end": time(20), "weekdays": 5},
        {"start": time(9), "end": time(20), "weekdays": "01"},
        {"start": time(9), "end": time(20), "weekdays": [[1]]},
        {"start": time(9), "end": time(20), "weekdays": [True]},
        {"start": time(9), "end": time(20), "weekdays": [1.5]},
        {"start": time(9), "end": time(20), "timezone": ZoneInfo("UTC")},
        {"start": time(9), "end": time(20), "timezone": "Mars/Olympus"},
        {"start": time(9), "end": time(20), "timezone": "../etc/passwd"},
        {"start": time(9), "end": time(20), "timezone": 5},
    ],
)
def test_windows_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError, match="CallWindow"):
        CallWindow(**options)


def test_a_window_spans_midnight_and_belongs_to_the_day_on_which_it_opens() -> None:
    night = CallWindow(time(22), time(2), weekdays=[4])
    friday, saturday = at("2026-03-06T23:00"), at("2026-03-07T01:59")
    assert night.is_open(friday, [UTC]) and night.is_open(saturday, [UTC])
    assert not night.is_open(at("2026-03-07T02:00"), [UTC])
    assert not night.is_open(at("2026-03-07T23:00"), [UTC])
    assert opening(night, at("2026-03-07T02:00"), "UTC") == "2026-03-13T22:00:00+00:00"


def test_several_windows_of_a_day_are_one_window() -> None:
    day = CallWindow(time(9), time(12)) | CallWindow(time(15), time(20), weekdays=range(5))
    assert opening(day, at("2026-03-06T12:30"), "UTC") == "2026-03-06T15:00:00+00:00"
    assert opening(day, at("2026-03-07T12:30"), "UTC") == "2026-03-08T09:00:00+00:00", "a Saturday"
    three = day | (CallWindow(time(21), time(22)) | CallWindow(time(23), time(1)))
    assert len([*three.parts()]) == 4
    assert CallWindow.from_json(three.to_json()) == three
    with pytest.raises(InvalidArgumentError, match="same timezone, not None and 'UTC'"):
        day |= CallWindow(time(1), time(2), timezone="UTC")
    with pytest.raises(TypeError):
        _ = day | 5  # type: ignore[operator] # pyright: ignore[reportOperatorIssue]


class EveryFirst:
    """A calendar that knows every year, as those of packages do."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day.day == 1


def test_holidays_of_any_container_are_days_on_which_a_window_stays_closed() -> None:
    closed = CallWindow(time(9), time(20), holidays={date(2026, 3, 3), date(2026, 3, 4)})
    assert opening(closed, at("2026-03-02T21:00"), "UTC") == "2026-03-05T09:00:00+00:00"
    with fake_time(FakeClock(wall=at("2026-03-02T00:00").timestamp())):
        calendar = CallWindow(time(9), time(20), holidays=EveryFirst())
    assert opening(calendar, at("2026-03-31T21:00"), "UTC") == "2026-04-02T09:00:00+00:00"
    assert opening(calendar, at("2027-03-31T21:00"), "UTC") == "2027-04-02T09:00:00+00:00"
    assert opening(calendar, at("2027-04-30T21:00"), "UTC") == "2027-05-01T09:00:00+00:00", "after 400 days"
    assert CallWindow.from_json(calendar.to_json()) == calendar


def test_the_window_of_any_time_needs_no_zone() -> None:
    assert CallWindow.any_time().is_any_time
    assert not CallWindow(time(), time(), weekdays=[0]).is_any_time
    assert opening(CallWindow.any_time(), at("2026-03-02T03:00"), "UTC") == "2026-03-02T03:00:00+00:00"


@pytest.mark.parametrize("data", [{}, {"start": 9, "end": "20:00", "weekdays": [1], "timezone": None}, [], 5])
def test_a_window_of_other_json_is_refused_in_one_line(data: Any) -> None:
    with pytest.raises(
        InvalidArgumentError, match=r"CallWindow\.from_json: this is not what to_json returned"
    ):
        CallWindow.from_json(data)


def test_the_form_of_a_window_that_cannot_be_says_why() -> None:
    form = CallWindow(time(9), time(20)).to_json()
    for changes, message in (
        ({"weekdays": [9]}, "weekdays must be numbers from 0"),
        ({"end": "09:00:00"}, "start and end are equal"),
        ({"timezone": "Mars/North"}, "there is no time zone 'Mars/North'"),
    ):
        with pytest.raises(InvalidArgumentError, match=message):
            CallWindow.from_json(form | changes)


@pytest.mark.parametrize("moment", [datetime(2026, 3, 2, 10), date(2026, 3, 2), None, "10:00"])
def test_a_moment_without_a_zone_is_not_asked(moment: Any) -> None:
    with pytest.raises(
        InvalidArgumentError, match=r"CallWindow\.is_open: moment must be a datetime with a time zone"
    ):
        CallWindow(time(9), time(20)).is_open(moment, [UTC])


@pytest.mark.parametrize("zones", [[], None, 5, "Asia/Kolkata", ["Asia/Kolkata"], UTC])
def test_a_window_is_not_open_where_no_zone_is_known(zones: Any) -> None:
    with pytest.raises(
        InvalidArgumentError, match=r"CallWindow\.is_open: zones must be a list of time zones"
    ):
        CallWindow(time(9), time(20)).is_open(at("2026-03-02T10:00"), zones)


def test_windows_of_equal_days_are_equal_and_have_one_hash() -> None:
    days: list[Any] = [range(5), [4, 3, 2, 1, 0, 0], {0, 1, 2, 3, 4}, (day for day in range(5))]
    windows = {CallWindow(time(9), time(20), weekdays=each) for each in days}
    assert windows == {CallWindow(time(9), time(20), weekdays=(0, 1, 2, 3, 4))}


def test_a_window_survives_a_ledger() -> None:
    window = CallWindow(time(9, 30), time(20, 0, 5), weekdays=(1, 2), timezone="Asia/Kolkata")
    assert CallWindow.from_json(window.to_json()) == window


def test_zones_follow_from_the_number_unless_one_is_given() -> None:
    assert [str(zone) for zone in zones_for(WORK, "+442079460000")] == ["Europe/London"]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    offsets = {now.astimezone(zone).utcoffset() for zone in zones_for(WORK, "+919876543210")}
    assert offsets == {timezone(timedelta(hours=5, minutes=30)).utcoffset(None)}
    assert len(zones_for(WORK, "+18005550199")) > 5
    own = CallWindow(time(9), time(20), timezone="Europe/Paris")
    assert zones_for(own, "+442079460000") == [ZoneInfo("Europe/Paris")]
    assert [str(zone) for zone in zones_for(WORK, "+12025550100")] == ["America/New_York"]
    # Not in use, so anywhere in its country.
    assert "Europe/London" in map(str, zones_for(WORK, "+447700900101"))
    assert zones_for(WORK, "+8888888888") == []
    assert zones_for(WORK, "nonsense") == []


def test_numbers_without_the_package_that_knows_their_zones_are_a_clear_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(ConfigurationError, match=r"the extra contacts of vocobase.*timezone=.*any_time\(\)"):
        require_zones(WORK)
    require_zones(CallWindow.any_time())


JOB = CallJob(
    "agent",
    "+12025550100",
    variables={"name": "Asha", "amount": 5},
    key="order-17",
    window=CallWindow(time(9), time(12), holidays=[date(2026, 1, 26)]) | CallWindow(time(15), time(20)),
    redial=Redial(2, {"busy": timedelta(minutes=5)}),
    not_before=datetime(2026, 1, 5, 9, tzinfo=UTC),
    not_after=datetime(2026, 2, 5, 9, tzinfo=UTC),
    priority=3,
)


@pytest.mark.parametrize("job", [JOB, CallJob("agent", "+12025550100")])
def test_a_job_survives_a_queue(job: CallJob) -> None:
    assert CallJob.from_json(json.loads(json.dumps(job.to_json()))) == job


@pytest.mark.parametrize(
    "data", [None, 5, {}, {**JOB.to_json(), "shoe": 43}, {**JOB.to_json(), "not_before": "noon"}]
)
def test_another_form_than_that_of_a_job_is_refused(data: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"CallJob\.from_json: this is not what to_json returned"):
        CallJob.from_json(data)


def test_a_job_that_a_queue_cannot_keep_names_its_value() -> None:
    wrong: Any = "9-5"
    with pytest.raises(InvalidArgumentError, match=r"CallJob\.to_json: window must be a CallWindow"):
        CallJob("agent", "+12025550100", window=wrong).to_json()
    with pytest.raises(InvalidArgumentError, match=r"CallJob\.to_json: variables\.x"):
        CallJob("agent", "+12025550100", variables={"x": object()}).to_json()


def test_a_window_is_shown_as_it_would_be_created() -> None:
    morning = CallWindow(time(9), time(12, 30), weekdays=range(5), timezone="Asia/Kolkata")
    shown = "CallWindow(time(9, 0), time(12, 30), weekdays=(0, 1, 2, 3, 4), timezone='Asia/Kolkata')"
    assert repr(morning) == shown
    evening = CallWindow(time(18), time(20), timezone="Asia/Kolkata")
    assert repr(morning | evening) == (
        f"{shown} | CallWindow(time(18, 0), time(20, 0), timezone='Asia/Kolkata')"
    )
    assert eval(repr(morning | evening), {"CallWindow": CallWindow, "time": time}) == morning | evening


def test_a_window_shows_its_first_holidays() -> None:
    days = [date(2026, 1, day) for day in range(1, 6)]
    assert repr(CallWindow(time(9), time(20), holidays=days[:1])).endswith(" holidays={2026-01-01})")
    assert repr(CallWindow(time(9), time(20), holidays=days)).endswith(
        "holidays={2026-01-01, 2026-01-02, 2026-01-03, ... 2 more})"
    )
