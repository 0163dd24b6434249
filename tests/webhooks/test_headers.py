"""Headers in all the forms that frameworks use."""

from __future__ import annotations

from email.message import Message
from types import MappingProxyType
from typing import Any

import pytest

from vocobase.webhooks import verify, wsgi_headers

from .support import SECRET, FakeClock, encode, reason, signed

BODY = encode()
HEADERS = signed(BODY)
CROWDED: dict[Any, Any] = {**HEADERS, "Host": "example.com", 5: 6, None: None, "X-Note": "\ud800"}
SIGNATURE, TIMESTAMP = HEADERS["X-Webhook-Signature"], HEADERS["X-Webhook-Timestamp"]


def check(headers: Any) -> None:
    verify(BODY, headers, SECRET, clock=FakeClock())


def message(pairs: list[tuple[str, str]]) -> Message:
    result = Message()
    for name, value in pairs:
        result[name] = value
    return result


@pytest.mark.parametrize(
    "headers",
    [
        HEADERS,
        {name.lower(): value for name, value in HEADERS.items()},
        {name.upper(): value for name, value in HEADERS.items()},
        {name.encode(): value.encode() for name, value in HEADERS.items()},
        {name: value.encode() for name, value in HEADERS.items()},
        {name: [value] for name, value in HEADERS.items()},
        MappingProxyType(HEADERS),
        list(HEADERS.items()),
        [[name.lower().encode(), value.encode()] for name, value in HEADERS.items()],
        message(list(HEADERS.items())),
        CROWDED,
    ],
    ids=lambda headers: type(headers).__name__,
)
def test_mappings_and_pairs_are_understood_in_any_case_as_text_or_bytes(headers: Any) -> None:
    check(headers)


def test_generators_of_pairs_are_understood() -> None:
    check(pair for pair in HEADERS.items())


@pytest.mark.parametrize("name", ["X-Webhook-Signature", "X-Webhook-Timestamp"])
@pytest.mark.parametrize("value", [None, "", b""])
def test_a_missing_or_empty_header_is_named(name: str, value: Any) -> None:
    headers: dict[str, Any] = {**HEADERS, name: value}
    if value is None:
        del headers[name]
    assert reason(check, headers) == "missing-header"
    with pytest.raises(Exception, match=name):
        check(headers)


@pytest.mark.parametrize("again", [SIGNATURE, "sha256=00", ""])
@pytest.mark.parametrize("name", ["X-Webhook-Signature", "x-webhook-signature", b"x-webhook-signature"])
def test_a_header_that_is_there_twice_is_refused_even_when_both_agree(name: Any, again: str) -> None:
    assert reason(check, [*HEADERS.items(), (name, again)]) == "bad-header"
    assert reason(check, message([*HEADERS.items(), ("X-Webhook-Signature", again)])) == "bad-header"
    assert reason(check, {**HEADERS, "X-Webhook-Signature": [SIGNATURE, again]}) == "bad-header"


@pytest.mark.parametrize("value", ["sha256=é", "sha256=\ud800", b"\xff", 5, None, {"a": 1}, object()])
@pytest.mark.parametrize("name", ["X-Webhook-Signature", "X-Webhook-Timestamp"])
def test_values_that_are_not_ascii_text_are_refused(name: str, value: Any) -> None:
    assert reason(check, {**HEADERS, name: value}) == "bad-header"


class Odd:
    def encode(self, _: str) -> int:
        return 5


@pytest.mark.parametrize(
    "headers", [None, 5, ["abc"], [("a",)], b"abc", "abc", {"X-Webhook-Signature": Odd()}]
)
def test_headers_that_are_neither_mapping_nor_pairs_are_refused(headers: Any) -> None:
    assert reason(check, headers) in ("bad-header", "missing-header")
    odd = {**HEADERS, "X-Webhook-Signature": Odd()}
    assert reason(check, odd) == "bad-header"


def test_headers_come_out_of_a_wsgi_environment() -> None:
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/json",
        "HTTP_X_WEBHOOK_SIGNATURE": SIGNATURE,
        "HTTP_X_WEBHOOK_TIMESTAMP": TIMESTAMP,
        "wsgi.input": object(),
    }
    headers = wsgi_headers(environ)
    assert headers == [("X-Webhook-Signature", SIGNATURE), ("X-Webhook-Timestamp", TIMESTAMP)]
    check(headers)


@pytest.mark.parametrize("wrap", [dict, lambda given: list(given.items())], ids=["mapping", "pairs"])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"REQUEST_METHOD": "POST", "HTTP_X_WEBHOOK_SIGNATURE": SIGNATURE, "HTTP_HOST": "a"},
            "request.headers, not request.META",
        ),
        ({"HTTP_X_WEBHOOK_TIMESTAMP": "t"}, "WSGI environment"),
        ({"REQUEST_METHOD": "POST", "wsgi.input": None}, "WSGI environment"),
        ({"type": "http", "headers": [(b"x-webhook-signature", b"s")]}, "whole request; pass its headers"),
        ({"httpMethod": "POST", "headers": HEADERS, "body": ""}, "whole request; pass its headers"),
    ],
)
def test_a_request_in_place_of_headers_is_named(given: dict[str, Any], words: str, wrap: Any) -> None:
    assert reason(check, wrap(given)) == "bad-header"
    with pytest.raises(Exception, match=words):
        check(wrap(given))


def test_a_header_with_the_name_of_a_variable_is_no_obstacle() -> None:
    check({**HEADERS, "REQUEST_METHOD": "POST", "headers": "x"})
