"""Whatever a request holds, the result is an event or a WebhookError."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from vocobase.webhooks import MemoryDedupe, SessionCompleted, UnknownEvent, WebhookError, parse, verify
from vocobase.webhooks._reasons import STATUS

from .support import DATA, SECRET, STAMP, FakeClock, encode, receiver, signed

REQUESTS = 10_000

TEXTS = [
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "é",
    "\u202e",
    "𝕊" * 9,
    "x" * 300,
    "{}{0}{x!r}%s",
    "2026-05-04T12:30:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "-1",
    "9" * 300,
    "session.completed",
    "additional_properties",
    "__class__",
    "raw",
]
NUMBERS: list[Any] = [0, -1, 2**63, 10**400, 1e308, -1e-320, True, False, None]
RAW_VALUES = [
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"9" * 6000,
    b'"\\ud800"',
    b'"\\u0000"',
    b"[" * 3000,
    b"[" * 3000 + b"]" * 3000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b"\xff\xfe",
    b"\x00",
    b'"\x01"',
    b"nul",
    b"01",
    b'{"a":1,"a":2}',
]
ODD_BODIES: list[Any] = [None, "", "{}", {}, [], 5, object(), bytearray(b"{}"), memoryview(b"{}")]
ODD_HEADERS: list[Any] = [
    None,
    5,
    "",
    b"x",
    [],
    {},
    [1],
    [("a",)],
    [(1, 2, 3)],
    {1: 2},
    {"x": None},
    object(),
]


class Attacker:
    """Creates requests; those of an insider are signed, so that they reach the parser."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> Any:
        kind = self.random.randrange(4 if depth < 4 else 2)
        if kind == 0:
            return self.random.choice(TEXTS)
        if kind == 1:
            return self.random.choice(NUMBERS)
        if kind == 2:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        return {self.random.choice(TEXTS): self.value(depth + 1) for _ in range(self.random.randrange(4))}

    def payload(self) -> bytes:
        data = {**DATA, "session_id": str(self.random.random())}
        data = {name: self.value() if self.random.random() < 0.3 else value for name, value in data.items()}
        if self.random.random() < 0.3:
            data["call"] = {**DATA["call"], self.random.choice(list(DATA["call"])): self.value()}
        if self.random.random() < 0.3:
            data["transcript"] = [{**turn, "timestamp": self.value()} for turn in DATA["transcript"]]
        content: dict[str, Any] = {"event": "session.completed", "timestamp": STAMP, "data": data}
        if self.random.random() < 0.2:
            content[self.random.choice(list(content))] = self.value()
        return json.dumps(content, ensure_ascii=True).encode()

    def spliced(self) -> bytes:
        name = self.random.choice(["session_id", "duration_seconds", "variables", "transcript"])
        body = encode(**{name: "MARK"})
        return body.replace(b'"MARK"', self.random.choice(RAW_VALUES))

    def mangled(self) -> bytes:
        body = bytearray(self.payload())
        for _ in range(self.random.randrange(1, 4)):
            at = self.random.randrange(len(body))
            body[at : at + self.random.randrange(3)] = self.random.randbytes(self.random.randrange(3))
        return bytes(body)

    def body(self) -> bytes:
        makers: list[Callable[[], bytes]] = [
            *[self.payload] * 4,
            self.spliced,
            self.mangled,
            lambda: self.random.randbytes(self.random.randrange(200)),
            lambda: json.dumps(self.value()).encode(),
            lambda: self.payload()[: self.random.randrange(500)],
            lambda: self.payload().decode().encode("utf-16"),
        ]
        return self.random.choice(makers)()

    def header_value(self, value: str) -> Any:
        changes: list[Callable[[], Any]] = [
            lambda: value,
            lambda: value.encode(),
            lambda: self.random.choice(TEXTS),
            lambda: self.random.choice(NUMBERS),
            lambda: self.random.choice(ODD_HEADERS),
            lambda: self.random.randbytes(self.random.randrange(90)),
            lambda: value + self.random.choice(TEXTS),
            lambda: [value] * self.random.randrange(3),
            lambda: "sha256=" + self.random.choice(TEXTS),
            lambda: f"{value},{value}",
        ]
        return self.random.choice(changes)()

    def headers(self, body: bytes) -> Any:
        timestamp = self.random.choice([*[STAMP] * 9, *TEXTS[11:15]])
        honest = signed(body, timestamp=timestamp)
        chance = self.random.random()
        if chance < 0.6:
            return honest
        if chance < 0.7:
            return self.random.choice(ODD_HEADERS)
        odd = {name: self.header_value(value) for name, value in honest.items()}
        if chance < 0.8:
            return odd
        return [*odd.items(), *self.random.sample(list(honest.items()), self.random.randrange(3))]


def test_ten_thousand_hostile_requests_give_events_or_webhook_errors() -> None:
    attacker = Attacker(20260504)
    under_attack = receiver(dedupe=MemoryDedupe(), max_body=5_000)
    reasons: set[str] = set()
    events = 0
    for _ in range(REQUESTS):
        body: Any = attacker.body()
        headers = attacker.headers(body)
        if attacker.random.random() < 0.02:
            body = attacker.random.choice(ODD_BODIES)
        try:
            event = under_attack.receive(body, headers)
        except WebhookError as error:
            reasons.add(error.reason)
            assert "\n" not in str(error) and len(str(error)) < 300
        else:
            events += 1
            assert isinstance(event, (SessionCompleted, UnknownEvent))
            assert event.to_dict() == event.raw
            assert len(repr(event)) < 100_000
            if events % 10 == 0:
                assert pickle.loads(pickle.dumps(event)) == event
        for call in (partial(verify, body, headers, SECRET, clock=FakeClock()), partial(parse, body)):
            with suppress(WebhookError):
                call()
    assert reasons == set(STATUS) - {"in-progress", "unavailable"}
    assert events > 1000


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":', b'{"event":"session.completed","data":'])
@pytest.mark.parametrize("levels", [70, 900, 5_000, 200_000])
def test_deep_nesting_is_refused_however_deep(opening: bytes, levels: int) -> None:
    closing = opening.replace(b'{"a":', b"}").replace(b"[", b"]")[::-1]
    for body in (opening * levels, opening * levels + b"1" + closing * levels):
        with pytest.raises(WebhookError) as caught:
            receiver(max_body=2**24).receive(body, signed(body))
        assert caught.value.reason == "bad-body"


def test_a_huge_body_is_refused_before_it_is_hashed() -> None:
    body = b" " * (8 * 1024 * 1024 + 1)
    with pytest.raises(WebhookError) as caught:
        receiver().receive(body, {})
    assert caught.value.reason == "too-large"
