"""What a hostile or broken server may send in place of each genuine response, from a seed."""

from __future__ import annotations

import copy
import functools
import json
import operator
import random
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from tests.contract import scenario
from vocobase import Budget, Vocobase
from vocobase._policy.operations import OPERATIONS
from vocobase._transport.attempt import OUR_REQUEST
from vocobase_sandbox import Sandbox

# What a scenario reaches only through `upload`: its arguments and a genuine response.
INSIDE_UPLOADS: dict[str, tuple[tuple[Any, ...], dict[str, Any], Any]] = {
    "documents.create_upload": (
        ("a.md", 5),
        {"mime_type": "text/markdown"},
        {"document_id": "d1", "upload_url": "https://store.example/a?s=1", "expires_in": 900},
    ),
    "documents.confirm": (("d1",), {}, {"id": "d1", "name": "a.md", "status": "ready"}),
    "background_audio.create_upload": (
        ("tone", "Tone"),
        {"mime_type": "audio/wav", "size_bytes": 5},
        {"id": "b1", "upload_url": "https://store.example/b?s=1"},
    ),
    "background_audio.finalize": (("b1",), {}, {"id": "b1", "status": "READY"}),
}
DEEP = "[" * 900 + "]" * 900
# Written into JSON as they are.
VALUES = (
    "null",
    "true",
    "-1",
    "0.5",
    "NaN",
    "Infinity",
    "1e999",
    "9" * 4000,
    "9" * 400,
    '""',
    '"\\ud800"',
    '"\\udfff\\u0000/../"',
    '"https://\\udcff"',
    '"9999-12-31T23:59:59-23:59"',
    '"0001-01-01T00:00:00+23:59"',
    "[]",
    "[null, 5, [[]], {}]",
    "{}",
    '{"id": {"id": []}, "call_id": {}, "success": false}',
    DEEP,
    '{"a": ' * 90 + "1" + "}" * 90,
)
BODIES: tuple[bytes, ...] = (
    *(b'{"success": true, "data": %s}' % value.encode() for value in VALUES),
    *(value.encode() for value in VALUES),
    *(b'{"success": false, "error": %s}' % value.encode() for value in VALUES),
    *(
        b'{"success": false, "error": {"code": %s, "message": %s}}' % (value.encode(), value.encode())
        for value in VALUES
    ),
    b"",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b'{"success": true, "data": {"id": "\xed\xa0\x80"}}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"9" * 5000,
    b'"' + b"\\" * 999,
    '{"success": true, "data": []}'.encode("utf-16"),
    b"<html><title>" + b"\xff" * 999,
)
HEADERS: tuple[list[tuple[bytes, bytes]], ...] = (
    [(b"retry-after", b"\xff"), (b"retry-after-ms", b"1e999"), (b"x-request-id", b"\xff\xfe")],
    [(b"retry-after", "²".encode()), (b"content-type", b"\xff;" * 99), (b"content-length", b"9" * 5000)],
    [(b"retry-after", b"Jan 99999999999999999999 Jan 23:59:59 -2400"), (b"cf-ray", b"\x00\x1b[2J")],
    [(b"content-encoding", b"gzip")],
    [(b"content-encoding", b"\xff"), (b"location", b"data:\xff")],
    [(b"content-type", b"text/html"), (b"content-length", b"-5"), (b"date", b"")],
)
STATUSES = (
    200,
    201,
    204,
    299,
    301,
    307,
    400,
    401,
    403,
    404,
    408,
    409,
    413,
    422,
    429,
    499,
    500,
    503,
    599,
    999,
)

NUMBER = scenario.NUMBER
# Arguments, and a genuine body.
Method = tuple[tuple[Any, ...], dict[str, Any], Any]


class Recorder:
    """A client that notes how each method was called, and what the server sent last."""

    def __init__(self, real: Any, found: dict[str, Method], last: list[Any], path: str = "") -> None:
        self._real, self._found, self._last, self._path = real, found, last, path

    def __getattr__(self, name: str) -> Any:
        path = f"{self._path}.{name}".lstrip(".")
        real = getattr(self._real, name)
        if not callable(real):
            return Recorder(real, self._found, self._last, path)

        def call(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            self._found.setdefault(path, (args, kwargs, self._last[-1]))
            return result

        return call


@functools.cache
def methods() -> dict[str, Method]:
    """Return every operation with arguments that are valid, and a genuine body."""
    found: dict[str, Method] = {}
    last: list[Any] = []
    with Sandbox(seed=1, clock="manual", rate_limits=False) as sandbox:
        inner = sandbox.transport()

        class Watched(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                response = inner.handle_request(request)
                body = response.read()
                if request.url.host == httpx.URL(sandbox.base_url).host and body[:1] == b"{":
                    last.append(json.loads(body))
                return httpx.Response(response.status_code, headers={}, content=body)

        with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=Watched()) as vb:
            scenario.run(Recorder(vb, found, last), sandbox.clock.advance)
    for key, (args, kwargs, data) in INSIDE_UPLOADS.items():
        found[key] = (args, kwargs, {"success": True, "data": data})
    return {key: found[key] for key in OPERATIONS}


def spoil(body: Any, chance: random.Random) -> bytes:
    """Replace some of the values of a genuine body."""
    spoiled = copy.deepcopy(body)
    count = chance.randint(1, 3)
    for number in range(count):
        *way, last = chance.choice([*_places(spoiled)])
        holder = functools.reduce(operator.getitem, way, spoiled)
        holder[last] = f"@{number}@"
    text = json.dumps(spoiled)
    for number in range(count):
        text = text.replace(f'"@{number}@"', chance.choice(VALUES))
    return text.encode()


def _places(value: Any) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (step,)
        for way in _places(inner):
            yield (step, *way)


def method_of(client: Any, key: str) -> Callable[..., Any]:
    for name in key.split("."):
        client = getattr(client, name)
    return client


class Reply(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Respond to every request with what `next` returns."""

    def __init__(self, next: Callable[[httpx.Request], httpx.Response]) -> None:
        self.next = next

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self.next(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return self.next(request)


class FreeBudget:
    """A pacer with room for everyone."""

    def try_acquire(self, budget: Budget, account: str) -> float:
        return 0.0


def operation_of(request: httpx.Request) -> str:
    """Return which operation a request belongs to; for the object store the name of the transfer."""
    name: str = request.extensions[OUR_REQUEST].name
    return name
