"""What every kind of fault becomes, and how often a request is sent: real sockets on loopback."""

from __future__ import annotations

import gzip
import pickle
import socket
from collections.abc import Iterator
from traceback import TracebackException
from typing import Any

import pytest

import vocobase
from tests.fake_time import hasty
from tests.stopwatch import Stopwatch
from tests.transport.aio.support import async_run, async_time_out
from tests.transport.server import (
    Behaviour,
    Server,
    answer,
    error,
    reset,
    silence,
    trickle,
    trickle_headers,
    truncate,
)
from tests.transport.support import KEY, dial, read
from vocobase._transport.bodies import MAX_RESPONSE_BYTES

FAST = vocobase.Timeout(total=0.4, connect=0.4, read=0.4, write=0.4)


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    with hasty():
        yield


def confirm(vb: Any) -> Any:
    return vb.documents.confirm("d1")


# fault, error of a safe read, its attempts, error of a dial, its attempts
FAULTS: list[tuple[str, Behaviour, type[Exception], int, type[Exception], int]] = [
    ("reset", reset, vocobase.ConnectionFailedError, 3, vocobase.OutcomeUnknownError, 1),
    ("truncated", truncate, vocobase.ConnectionFailedError, 3, vocobase.OutcomeUnknownError, 1),
    (
        "html",
        answer(200, b"<html><title>Oops</title>"),
        vocobase.ResponseError,
        1,
        vocobase.OutcomeUnknownError,
        1,
    ),
    ("empty", answer(200, b""), vocobase.ResponseError, 1, vocobase.OutcomeUnknownError, 1),
    ("500", error(500, "INTERNAL_ERROR"), vocobase.ServerError, 3, vocobase.OutcomeUnknownError, 1),
    ("503 html", answer(503, b"<h1>down"), vocobase.ServerError, 3, vocobase.OutcomeUnknownError, 1),
    ("520", answer(520, b""), vocobase.ServerError, 3, vocobase.OutcomeUnknownError, 1),
    ("501", answer(501, b""), vocobase.ServerError, 1, vocobase.OutcomeUnknownError, 1),
    ("408", answer(408, b""), vocobase.APIError, 3, vocobase.OutcomeUnknownError, 1),
    ("429", error(429, "LIMIT_REACHED", "slow down"), vocobase.RateLimitError, 3, vocobase.RateLimitError, 3),
    (
        "429 concurrency",
        error(429, "LIMIT_REACHED", "concurrency limit of 5 reached"),
        vocobase.ConcurrencyLimitError,
        3,
        vocobase.ConcurrencyLimitError,
        3,
    ),
    (
        "400",
        error(400, "VALIDATION_ERROR", "bad"),
        vocobase.ValidationFailedError,
        1,
        vocobase.ValidationFailedError,
        1,
    ),
    ("401", error(401, "UNAUTHORIZED"), vocobase.AuthenticationError, 1, vocobase.AuthenticationError, 1),
    (
        "403",
        error(403, "FORBIDDEN", "suspended"),
        vocobase.PermissionDeniedError,
        1,
        vocobase.PermissionDeniedError,
        1,
    ),
    (
        "403 b",
        error(403, "FORBIDDEN", "balance low"),
        vocobase.InsufficientBalanceError,
        1,
        vocobase.InsufficientBalanceError,
        1,
    ),
    ("404", error(404, "NOT_FOUND"), vocobase.NotFoundError, 1, vocobase.NotFoundError, 1),
    ("409", error(409, "CONFLICT"), vocobase.ConflictError, 1, vocobase.ConflictError, 1),
    ("418", error(418, "TEAPOT"), vocobase.APIError, 1, vocobase.APIError, 1),
    (
        "dictionary",
        error(400, "DICTIONARY_CHAR_LIMIT_EXCEEDED"),
        vocobase.DictionaryCharLimitExceededError,
        1,
        vocobase.DictionaryCharLimitExceededError,
        1,
    ),
    (
        "still to be sent elsewhere",
        answer(307, b"", Location="http://127.0.0.1:1/"),
        vocobase.ResponseError,
        1,
        vocobase.ResponseError,
        1,
    ),
    (
        "see other, as after what was done",
        answer(303, b"", Location="http://127.0.0.1:1/"),
        vocobase.ResponseError,
        1,
        vocobase.OutcomeUnknownError,
        1,
    ),
]


@pytest.mark.parametrize(
    ("name", "fault", "of_read", "reads", "of_dial", "dials"), FAULTS, ids=[row[0] for row in FAULTS]
)
async def test_a_fault_has_one_error_and_one_number_of_attempts(
    name: str,
    fault: Behaviour,
    of_read: type[Exception],
    reads: int,
    of_dial: type[Exception],
    dials: int,
) -> None:
    for call, kind, attempts in ((read, of_read, reads), (dial, of_dial, dials), (confirm, of_dial, dials)):
        with Server([fault]) as server:
            with pytest.raises(kind) as caught:
                await async_run(server.url, call)
            assert type(caught.value) is kind
            assert len(server.requests) == attempts
            assert "\n" not in str(caught.value)
            copy = pickle.loads(pickle.dumps(caught.value))
            assert (type(copy), str(copy), vars(copy)) == (kind, str(caught.value), vars(caught.value))


async def test_a_read_recovers_after_two_faults() -> None:
    with Server([reset, error(503), answer(200, {"id": "a1"})]) as server:
        assert (await async_run(server.url, read)).id == "a1"


async def test_a_refused_connection_was_certainly_not_carried_out() -> None:
    with Server([]) as server:
        url = server.url
    for call in (read, dial):
        with pytest.raises(vocobase.ConnectionFailedError) as caught:
            await async_run(url, call, max_retries=0)
        assert caught.value.sent is False
        assert type(caught.value) is vocobase.ConnectionFailedError


@pytest.mark.parametrize("fault", [silence, trickle, trickle_headers])
async def test_the_deadline_holds_against_silent_and_slow_servers(fault: Behaviour) -> None:
    # The parts are longer than the whole, so only the total can end it.
    whole = vocobase.Timeout(total=0.4, connect=5, read=5, write=5)
    with Server([fault]) as server:
        with Stopwatch() as watch, pytest.raises(vocobase.TimeoutExceededError):
            await async_run(server.url, read, timeout=whole, max_retries=0)
        assert watch.seconds < 2
        assert type(await async_time_out(server)) is vocobase.OutcomeUnknownError


async def test_the_deadline_holds_while_a_server_takes_no_data() -> None:
    contacts = [{"phone": "+919876543210", "metadata": {"note": "x" * 1000}} for _ in range(10_000)]
    with socket.create_server(("127.0.0.1", 0)) as never_reads:
        url = f"http://127.0.0.1:{never_reads.getsockname()[1]}"
        with Stopwatch() as watch, pytest.raises(vocobase.TimeoutExceededError):
            await async_run(
                url, lambda vb: vb.campaigns.add_contacts("c", contacts), timeout=FAST, max_retries=0
            )
        assert watch.seconds < 2


@pytest.mark.parametrize("fault", [reset, truncate, silence, trickle_headers])
async def test_the_variables_of_a_traceback_show_no_key(fault: Behaviour) -> None:
    with Server([fault]) as server:
        with pytest.raises(vocobase.VocobaseError) as caught:
            await async_run(server.url, dial, timeout=FAST)
    shown = "".join(TracebackException.from_exception(caught.value, capture_locals=True).format())
    # The function that gives the key, and the test itself, are the only places that know it.
    frames = [part for part in shown.split('  File "') if "/vocobase/" in part or "httpx" in part]
    assert any("pool" in part for part in frames)
    assert [part for part in frames if "canary" in part] == []


async def test_a_success_that_reports_a_failure_names_its_code() -> None:
    refused = {"success": False, "error": {"code": "NO_BALANCE", "message": "Recharge."}}
    with Server([answer(200, refused)]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError, match=r"reports a failure: NO_BALANCE Recharge\. "):
            await async_run(server.url, dial)
        with pytest.raises(vocobase.ResponseError, match="NO_BALANCE"):
            await async_run(server.url, read)
    assert len(server.requests) == 2


@pytest.mark.parametrize("header", ["3600", "Wed, 21 Oct 2065 07:28:00 GMT"])
async def test_a_retry_after_beyond_the_deadline_is_raised_at_once(header: str) -> None:
    with Server([error(429, "LIMIT_REACHED", Retry_After=header)]) as server:
        with pytest.raises(vocobase.RateLimitError) as caught:
            await async_run(server.url, read)
        assert caught.value.retry_after is not None
        assert caught.value.retry_after > 3000
        assert len(server.requests) == 1


async def test_a_bomb_is_refused_and_gzip_is_read() -> None:
    small = gzip.compress(b'{"success": true, "data": {"id": "a1"}}')
    with Server([answer(200, small, Content_Encoding="gzip")]) as server:
        assert (await async_run(server.url, read)).id == "a1"
    bomb = gzip.compress(b" " * (2 * MAX_RESPONSE_BYTES), compresslevel=1)
    with (
        Server([answer(200, bomb, Content_Encoding="gzip")]) as server,
        pytest.raises(vocobase.ResponseError, match="larger than the limit"),
    ):
        await async_run(server.url, read)
    with Server([answer(200, b"x", Content_Encoding="br")]) as server, pytest.raises(vocobase.ResponseError):
        await async_run(server.url, read)
    with (
        Server([answer(200, b"x", Content_Encoding="gzip")]) as server,
        pytest.raises(vocobase.ResponseError),
    ):
        await async_run(server.url, read)


async def test_unknown_values_and_missing_members_are_no_fault() -> None:
    body = {
        "call_id": "c1",
        "status": "teleported",
        "created_at": None,
        "session": {"transcript": [None, 5]},
        "new": 1,
    }
    with Server([answer(200, body)]) as server:
        call = await async_run(server.url, lambda vb: vb.calls.get("c1"))
    assert call.status == "teleported"
    assert call.status.is_known is False
    assert call.agent_id is None
    assert call.to_dict() == body


@pytest.mark.parametrize(
    "data", [{"agents": [{"id": "1"}]}, [{"id": "1"}], {"rows": [{"id": "1"}, "junk"], "other": 1}]
)
async def test_an_inferred_list_key_also_takes_a_bare_or_the_only_array(data: Any) -> None:
    with Server([answer(200, {"success": True, "data": data})]) as server:
        assert [agent.id for agent in await async_run(server.url, lambda vb: vb.agents.list())] == ["1"]


async def test_the_key_is_sent_to_the_api_and_is_in_no_error() -> None:
    with Server([error(401, "UNAUTHORIZED", f"key {KEY} unknown")]) as server:
        with pytest.raises(vocobase.AuthenticationError) as caught:
            await async_run(server.url, read)
        assert f"authorization: bearer {KEY}".encode() in server.requests[0].lower()
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value)


@pytest.mark.parametrize(
    "identifier", ["", ".", "..", "%2e%2e", "%252e%252E", " ", "a/b", "a%2fb", "a\\b", "a\nb"]
)
async def test_an_identifier_that_would_reach_elsewhere_is_refused_before_anything_is_sent(
    identifier: str,
) -> None:
    with Server([answer(200, {})]) as server:
        with pytest.raises(vocobase.ConfigurationError):
            await async_run(server.url, lambda vb: vb.agents.get(identifier))
        assert server.requests == []


@pytest.mark.parametrize("identifier", ["ü", "a b", "a?b=c", "a#b", "a&b", "a;b", "a%b", "~a", "x" * 2000])
async def test_any_other_identifier_stays_one_path_segment(identifier: str) -> None:
    with Server([answer(200, {"id": "x"})]) as server:
        await async_run(server.url, lambda vb: vb.agents.get(identifier))
        line = server.requests[0].split(b"\r\n")[0].split(b" ")[1]
    assert line.count(b"/") == 2
    assert b"?" not in line


async def test_a_deletion_whose_response_was_lost_is_done_when_the_retry_finds_nothing() -> None:
    with Server([reset, error(404, "NOT_FOUND")]) as server:
        assert "lost" in (await async_run(server.url, lambda vb: vb.agents.delete("a1"))).message
        assert len(server.requests) == 2
    with Server([error(404, "NOT_FOUND")]) as server:
        with pytest.raises(vocobase.NotFoundError):
            await async_run(server.url, lambda vb: vb.agents.delete("a1"))
    with Server([error(429, "LIMIT_REACHED"), error(404, "NOT_FOUND")]) as server:
        with pytest.raises(vocobase.NotFoundError):
            await async_run(server.url, lambda vb: vb.agents.delete("a1"))
