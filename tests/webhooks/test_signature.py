"""Signing and verifying."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas
import pytest

from vocobase import ConfigurationError, InvalidArgumentError
from vocobase.webhooks import sign, verify

from .support import NOW, SECRET, STAMP, FakeClock, encode, reason, signed

BODY = encode()


def check(headers: Any, body: Any = BODY, secrets: Any = SECRET, **options: Any) -> None:
    verify(body, headers, secrets, **{"clock": FakeClock(), **options})


def test_the_signature_is_the_documented_one() -> None:
    """HMAC-SHA256 over the timestamp header, a full stop and the raw body; hex behind sha256=."""
    digest = hmac.new(SECRET.encode(), STAMP.encode() + b"." + BODY, hashlib.sha256).hexdigest()
    assert signed(BODY) == {
        "Content-Type": "application/json",
        "X-Webhook-Signature": f"sha256={digest}",
        "X-Webhook-Timestamp": STAMP,
    }
    check(signed(BODY))


def test_signing_without_a_timestamp_uses_the_present() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    headers = sign(BODY, SECRET)
    assert before <= datetime.fromisoformat(headers["X-Webhook-Timestamp"]) <= datetime.now(UTC)
    verify(BODY, headers, SECRET)


def test_signing_accepts_a_time() -> None:
    moment = NOW.astimezone(tz=None)
    assert sign(BODY, SECRET, moment)["X-Webhook-Timestamp"] == STAMP


@pytest.mark.parametrize(
    "timestamp", [pandas.NaT, pandas.Timestamp("2026-05-04"), "\ud800", 5, date(2026, 5, 4), b"2026-05-04"]
)
def test_signing_refuses_what_is_no_time(timestamp: Any) -> None:
    with pytest.raises(
        InvalidArgumentError, match="timestamp must be text, a datetime with a time zone, or None"
    ):
        sign(BODY, SECRET, timestamp)


def test_upper_case_hex_is_accepted() -> None:
    headers = signed(BODY)
    digest = headers["X-Webhook-Signature"].removeprefix("sha256=")
    check({**headers, "X-Webhook-Signature": "sha256=" + digest.upper()})


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.removeprefix("sha256="),
        lambda value: value.replace("sha256", "sha512"),
        lambda value: value.replace("sha256", "SHA256"),
        lambda value: value[:-1],
        lambda value: value + "0",
        lambda value: " " + value,
        lambda value: value + " ",
        lambda value: f"{value}, {value}",
        lambda value: "sha256=",
        lambda value: "sha256=" + "0" * 64,
        lambda value: "sha256=" + value[7:].title(),
    ],
)
def test_any_other_form_of_the_signature_is_refused(change: Callable[[str], str]) -> None:
    headers = signed(BODY)
    headers["X-Webhook-Signature"] = change(headers["X-Webhook-Signature"])
    assert reason(check, headers) == "bad-signature"


def test_one_of_several_secrets_is_enough() -> None:
    headers = signed(BODY)
    check(headers, secrets=["whsec_new", SECRET])
    check(headers, secrets=(SECRET, "whsec_new"))
    check(headers, secrets=iter([SECRET]))
    assert reason(check, headers, secrets=["whsec_new", "whsec_newer"]) == "bad-signature"


def test_the_whole_secret_is_the_key() -> None:
    headers = sign(BODY, SECRET.removeprefix("whsec_"), STAMP)
    assert reason(check, headers) == "bad-signature"


def test_secrets_are_asked_for_each_time() -> None:
    current = ["whsec_old"]
    headers = signed(BODY)
    assert reason(check, headers, secrets=lambda: current) == "bad-signature"
    current.append(SECRET)
    check(headers, secrets=lambda: current)
    check(headers, secrets=lambda: SECRET)


@pytest.mark.parametrize(
    "secrets", [lambda: [], lambda: 1 // 0, lambda: None, [], "", None, 5, [""], [b"x"], ["a "], ["\ud800"]]
)
def test_secrets_that_cannot_be_had_are_not_the_fault_of_the_request(secrets: Any) -> None:
    assert reason(check, signed(BODY), secrets=secrets) == "unavailable"


@pytest.mark.parametrize("secret", ["", " ", "whsec_a\n", 5, "\ud800"])
def test_signing_with_an_invalid_secret_is_a_configuration_error(secret: Any) -> None:
    with pytest.raises(ConfigurationError):
        sign(BODY, secret)


@pytest.mark.parametrize("body", [bytearray(BODY), memoryview(BODY), memoryview(bytearray(BODY))])
def test_bytes_of_any_kind_are_raw_bytes(body: Any) -> None:
    check(signed(BODY), body)
    assert sign(body, SECRET, STAMP) == signed(BODY)


@pytest.mark.parametrize("body", [BODY.decode(), {"event": "session.completed"}, None, 5, [BODY]])
def test_anything_but_raw_bytes_is_refused_with_advice(body: Any) -> None:
    assert reason(check, signed(BODY), body) == "not-bytes"
    with pytest.raises(Exception, match=f"{type(body).__name__}; pass the raw bytes"):
        check(signed(BODY), body)
    assert reason(sign, body, SECRET) == "not-bytes"


def test_released_memory_is_not_a_body() -> None:
    view = memoryview(BODY)
    view.release()
    assert reason(check, signed(BODY), view) == "not-bytes"


def test_bodies_above_the_cap_are_refused() -> None:
    check(signed(BODY), max_body=len(BODY))
    assert reason(check, signed(BODY), max_body=len(BODY) - 1) == "too-large"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(300, None), (301, "too-old"), (-300, None), (-301, "too-new")]
)
def test_the_tolerance_holds_both_ways(seconds: float, expected: str | None) -> None:
    clock = FakeClock(NOW.timestamp() + seconds)
    if expected is None:
        check(signed(BODY), clock=clock)
    else:
        assert reason(check, signed(BODY), clock=clock) == expected


def test_the_tolerance_can_be_changed_and_disabled() -> None:
    clock = FakeClock(NOW.timestamp() + 20)
    assert reason(check, signed(BODY), clock=clock, tolerance=10) == "too-old"
    check(signed(BODY), clock=clock, tolerance=30)
    check(signed(BODY), clock=FakeClock(0), tolerance=None)
    check(signed(BODY, timestamp="yesterday"), tolerance=None)


@pytest.mark.parametrize("tolerance", [float("nan"), -1, "300", True, [300]])
def test_an_invalid_tolerance_is_refused(tolerance: Any) -> None:
    with pytest.raises(ConfigurationError, match="tolerance must be a number of seconds, at least 0"):
        check(signed(BODY), tolerance=tolerance)


@pytest.mark.parametrize(
    ("now", "expected"),
    [(float("nan"), "too-old"), (float("inf"), "too-old"), (float("-inf"), "too-new"), (1e300, "too-old")],
)
def test_a_clock_that_is_out_of_its_mind_accepts_nothing(now: float, expected: str) -> None:
    assert reason(check, signed(BODY), clock=FakeClock(now)) == expected


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-05-04T12:30:00Z",
        "2026-05-04T12:30:00.123456789Z",
        "2026-05-04T18:00:00+05:30",
        "2026-05-04T12:30:00",
        "2026-05-04 12:30:00+00:00",
        "20260504T123000Z",
    ],
)
def test_iso_8601_times_are_understood_and_mean_utc_when_they_name_no_zone(
    timestamp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Kolkata")
        time.tzset()
        check(signed(BODY, timestamp=timestamp), tolerance=1)
    time.tzset()


@pytest.mark.parametrize(
    "timestamp", ["1777897800", "now", "2026-13-01T00:00:00Z", "Mon, 4 May 2026 12:30:00 GMT"]
)
def test_other_times_are_refused_even_when_signed(timestamp: str) -> None:
    assert reason(check, signed(BODY, timestamp=timestamp)) == "bad-timestamp"


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("0001-01-01T00:00:00+23:59", "too-old"),
        ("9999-12-31T23:59:59-23:59", "too-new"),
        ("9" * 64, "bad-timestamp"),
        ("2026" * 100_000, "bad-timestamp"),
    ],
)
def test_enormous_timestamps_are_refused(timestamp: str, expected: str) -> None:
    assert reason(check, signed(BODY, timestamp=timestamp)) == expected


def test_age_is_judged_only_after_the_signature() -> None:
    """A sender who does not know the secret learns nothing about the clock."""
    headers = signed(BODY, "whsec_other")
    assert reason(check, headers, clock=FakeClock(0)) == "bad-signature"


def test_every_flipped_bit_is_noticed() -> None:
    body = BODY[:120] + b"\x00\xff"
    headers = {name.encode(): value.encode() for name, value in signed(body).items()}
    check(headers, body)

    def flips(value: bytes) -> list[bytes]:
        return [
            value[:index] + bytes([value[index] ^ (1 << bit)]) + value[index + 1 :]
            for index in range(len(value))
            for bit in range(8)
        ]

    refused = [reason(check, headers, flipped) for flipped in flips(body)]
    assert set(refused) == {"bad-signature"} and len(refused) == len(body) * 8
    for name in (b"X-Webhook-Signature", b"X-Webhook-Timestamp"):
        for value in flips(headers[name]):
            assert reason(check, {**headers, name: value}, body) in ("bad-signature", "bad-header")
            as_text = {**headers, name: value.decode("latin-1")}
            assert reason(check, as_text, body, tolerance=None) in ("bad-signature", "bad-header")


@pytest.mark.parametrize("options", [{"max_body": "1000"}, {"max_body": None}, {"clock": 5}])
def test_verify_refuses_options_that_it_cannot_measure_by(options: Any) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        check(signed(BODY), **options)


def test_a_timestamp_to_sign_with_is_text_or_a_time() -> None:
    with pytest.raises(
        ConfigurationError, match="timestamp must be text, a datetime with a time zone, or None"
    ):
        sign(BODY, SECRET, 1_700_000_000)  # type: ignore[arg-type]
