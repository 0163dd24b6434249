"""Both clients understand the same recordings, without a network."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest
from vcr.cassette import Cassette
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.cassettes.cassette import FOLDER
from tests.cassettes.scenario import PARTS, Part, Stage, play, play_async
from vocobase import AsyncVocobase, Vocobase, VocobaseError

# vcrpy replaces `handle_request` of every transport of httpx inside a marked test: HTTPTransport, but also
# MockTransport. A mock in such a test is never asked; mocks belong into tests without the mark.
pytestmark = pytest.mark.block_network

replayed = pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, id=part.name, marks=[pytest.mark.vcr, pytest.mark.default_cassette(part.name)])
        for part in PARTS
    ],
)
one_recording = [pytest.mark.vcr, pytest.mark.default_cassette("agents")]


def with_one_recording(test: Any) -> Any:
    for mark in one_recording:
        test = mark(test)
    return test


def client() -> Vocobase:
    return Vocobase("rg_live_replayed", max_retries=0)


def replay(part: Part) -> list[Any]:
    with client() as vb:
        return play(part, Stage(vb, vb))


def replay_async(part: Part) -> list[Any]:
    async def main() -> list[Any]:
        async with AsyncVocobase("rg_live_replayed", max_retries=0) as vb:
            return await play_async(part, Stage(vb, vb))

    return asyncio.run(main())


def assert_played_once_in_order(cassette: Cassette) -> None:
    assert list(cassette.play_counts.elements()) == list(range(len(cassette)))


@replayed
def test_both_clients_give_equal_typed_results_from_the_same_recording(part: Part, vcr: Cassette) -> None:
    results = replay(part)
    assert results
    assert_played_once_in_order(vcr)
    vcr.rewind()
    assert replay_async(part) == results
    assert_played_once_in_order(vcr)


def test_there_is_one_recording_for_each_part_and_no_other() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(part.name for part in PARTS)


@with_one_recording
def test_an_identifier_that_was_not_recorded_finds_no_answer(vcr: Cassette) -> None:
    with client() as vb, pytest.raises(CannotOverwriteExistingCassetteException):
        vb.agents.get("00000000-0000-4000-8000-888888888888")


@with_one_recording
def test_a_query_that_was_not_recorded_finds_no_answer(vcr: Cassette) -> None:
    with client() as vb, pytest.raises(CannotOverwriteExistingCassetteException):
        vb.agents.list(limit=7)


@with_one_recording
def test_a_body_that_was_not_recorded_finds_no_answer(vcr: Cassette) -> None:
    with client() as vb, pytest.raises(CannotOverwriteExistingCassetteException):
        vb.agents.create("Somebody else", "Speak.", voice_id="00000000-0000-4000-8000-000000000001")


@with_one_recording
def test_an_answer_is_given_once(vcr: Cassette) -> None:
    with client() as vb:
        vb.voices.list()
        with pytest.raises(CannotOverwriteExistingCassetteException):
            vb.voices.list()


@with_one_recording
def test_no_option_turns_replaying_into_recording(record_mode: str, vcr: Cassette) -> None:
    assert record_mode == "none"
    assert vcr.record_mode.value == "none"
    assert vcr.write_protected


def test_a_connection_attempt_fails() -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match="Network is disabled"):
        sock.connect(("127.0.0.1", 9))


# The guard's RuntimeError is not one of the errors after which sockets are closed, so one is left to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_client_without_a_recording_cannot_connect() -> None:
    with Vocobase("rg_live_replayed", base_url="http://127.0.0.1:9", max_retries=0) as vb:
        with pytest.raises(VocobaseError, match="Network is disabled"):
            vb.voices.list()


@with_one_recording
def test_a_mock_transport_is_not_asked_while_a_recording_plays(vcr: Cassette) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError("the mock was asked")

    with Vocobase("rg_live_replayed", transport=httpx.MockTransport(answer)) as vb:
        assert vb.voices.list()
