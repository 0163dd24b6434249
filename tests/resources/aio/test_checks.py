"""Arguments beyond a documented limit are refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

import httpx
import numpy
import pandas
import pytest

import vocobase
from vocobase import AsyncVocobase, InvalidArgumentError
from vocobase.types import ExtractionConfig, TelephonyProvider

NUMBER = "+919876543210"
# Rules that no page of the documentation states, and those between fields, are left to the API.
LEFT_TO_THE_API: list[Callable[[Any], Any]] = [
    lambda vb: vb.projects.create(" "),
    lambda vb: vb.agents.update("a", agent_name="", prompt=" "),
    lambda vb: vb.dictionaries.update("d", name="\u00a0"),
    lambda vb: vb.config.update_display_name(" "),
    lambda vb: vb.config.webhooks.create("default", "http://127.0.0.1:9000/hook"),
    lambda vb: vb.telephony_connections.create("sip", "Office"),
    lambda vb: vb.phone_numbers.sync("carrier_added_later"),
    lambda vb: vb.phone_numbers.sync("vobiz", numbers=["18005550100"]),
]
Call = Callable[[Any], Any]


class Lost(tzinfo):
    """A zone whose data is gone."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        raise RuntimeError("gone")

    def dst(self, moment: datetime | None) -> timedelta:
        raise RuntimeError("gone")

    def tzname(self, moment: datetime | None) -> str:
        raise RuntimeError("gone")


@pytest.fixture
def seen() -> list[bytes]:
    return []


@pytest.fixture
def transport(seen: list[bytes]) -> httpx.MockTransport:
    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.read())
        data = {"id": "a", "call_id": "c", "campaign_id": "c", "agents": []}
        return httpx.Response(200, json={"success": True, "data": data})

    return httpx.MockTransport(respond)


@pytest.fixture
def async_client(transport: httpx.MockTransport) -> AsyncVocobase:
    return AsyncVocobase("rg_live_x", transport=transport)


def create(**changes: Any) -> Call:
    arguments = {"agent_name": "n", "prompt": "p", "voice_id": "v", **changes}
    return lambda vb: vb.agents.create(**arguments)


@pytest.mark.parametrize("call", LEFT_TO_THE_API)
async def test_a_rule_that_is_inferred_refuses_nothing_before_it_is_sent(
    call: Call, async_client: AsyncVocobase, seen: list[bytes]
) -> None:
    await call(async_client)
    assert len(seen) == 1


WRONG: list[tuple[Call, str]] = [
    (create(agent_name="x" * 51), "agent_name must be at most 50 characters long"),
    (create(prompt="x" * 120_001), "prompt must be at most 120,000 characters long"),
    (create(agent_name=5), "agent_name must be a string"),
    (create(enable_recording="yes"), "enable_recording must be True or False"),
    (create(max_call_duration_secs=59), "max_call_duration_secs must be at least 60"),
    (create(max_call_duration_secs=3601), "max_call_duration_secs must be at most 3,600"),
    (create(max_call_duration_secs=60.5), "must be a whole number"),
    (create(max_call_duration_secs=True), "must be a whole number"),
    (create(background_audio_volume=float("nan")), "must be a finite number"),
    (create(transfer_number="12345"), "transfer_number must be a phone number in E.164"),
    (lambda vb: vb.calls.start("a", "919876543210"), "to_number must be a phone number in E.164"),
    (lambda vb: vb.calls.start("a", "+0123456789"), "E.164"),
    (lambda vb: vb.calls.start("a", NUMBER + "\n"), "E.164"),
    (lambda vb: vb.calls.start("a", "+٩١٩٨٧٦٥٤٣٢١٠"), "E.164"),
    (
        lambda vb: vb.calls.start("a", NUMBER, variables={"when": object()}),
        "variables.when is of type object",
    ),
    (
        lambda vb: vb.calls.start("a", NUMBER, variables={"when": float("inf")}),
        "variables.when is not a finite number",
    ),
    (
        lambda vb: vb.agents.documents.link("a", ["d"] * 21),
        "document_ids must be a list of at most 20 entries",
    ),
    (lambda vb: vb.agents.documents.link("a", []), "document_ids must be a list of at least 1 entries"),
    (lambda vb: vb.agents.documents.link("a", ["d", 5]), r"document_ids\[1\] must be a string"),
    (lambda vb: vb.campaigns.add_contacts("c", [{"phone": NUMBER}] * 10_001), "at most 10,000 entries"),
    (
        lambda vb: vb.campaigns.add_contacts("c", [{"phone": NUMBER}, {"phone": "x"}]),
        r"contacts\[1\].phone must be",
    ),
    (lambda vb: vb.agents.update("a", variables=["ok", "not ok"]), r"variables\[1\] must be of the form"),
    (
        lambda vb: vb.agents.update("a", extraction_config={"keys": [{"name": 5}]}),
        r"extraction_config.keys\[0\].name",
    ),
    (lambda vb: vb.campaigns.add_contacts("c", ["x"]), r"contacts\[0\] must be a mapping"),
    (lambda vb: vb.campaigns.add_contacts("c", {"phone": NUMBER}), "contacts must be a list"),
    # The values of a call in the place of the names that an agent declares: they would be lost.
    (lambda vb: vb.agents.update("a", variables={"name": "Asha"}), "variables must be a list"),
    (lambda vb: vb.agents.documents.link("a", "doc_1"), "document_ids must be a list"),
    (lambda vb: vb.agents.documents.link("a", 5), "document_ids must be a list"),
    (lambda vb: vb.calls.start("a", NUMBER, variables=5), "variables must be a mapping"),
    (lambda vb: vb.agents.delete(None), "agents.delete: id must be a string"),
    (lambda vb: vb.agents.delete(True), "agents.delete: id must be a string"),
    (lambda vb: vb.agents.delete(["a"]), "agents.delete: id must be a string"),
    (lambda vb: vb.agents.delete("\ud800"), "cannot be an identifier"),
    (lambda vb: vb.agents.update("a", extraction_config="x"), "extraction_config must be a mapping"),
    (lambda vb: vb.config.webhooks.create("UPPER", "https://x"), "label must be of the form"),
    (lambda vb: vb.agents.list(limit=101), "limit must be at most 100"),
    (lambda vb: vb.agents.list(offset=-1), "offset must be at least 0"),
    (
        lambda vb: vb.calls.find_started("a", NUMBER, since=datetime(2026, 1, 1)),
        "must be a datetime with a time zone",
    ),
    *(
        (
            lambda vb, since=since: vb.calls.find_started("a", NUMBER, since=since),
            "find_started: since must be a datetime with a time zone",
        )
        for since in (pandas.NaT, datetime(2026, 1, 1, tzinfo=Lost()))
    ),
    *(
        (
            lambda vb, timeout=timeout: vb.calls.wait("c1", timeout=timeout),
            "timeout must be a number of seconds",
        )
        for timeout in (pandas.NA, numpy.array([1.0, 2.0]), pandas.DataFrame({"a": [1]}))
    ),
    # A number that no call can have would look like a call that was never made.
    (
        lambda vb: vb.calls.find_started("a", "9876543210", since=datetime.now(UTC)),
        "to_number must be a phone",
    ),
    *(
        (
            lambda vb, max_calls=max_calls: vb.calls.find_started(
                "a", NUMBER, since=datetime.now(UTC), max_calls=max_calls
            ),
            "max_calls must be a whole number, at least 1",
        )
        for max_calls in (0, "5", None, 1.5, True)
    ),
    (create(background_audio_volume=10**400), "must be a finite number"),
    (lambda vb: vb.agents.documents.sync(7, "kb"), "agents.documents.sync: agent_id must be a string"),
    (lambda vb: vb.agents.documents.sync("a", 7), "sync: folder must be a path"),
    (lambda vb: vb.agents.documents.sync("a", "kb\0"), "sync: folder must be a path"),
    (lambda vb: vb.agents.documents.sync("a", "kb\ud800"), "sync: folder must be a path"),
    (lambda vb: vb.agents.documents.sync("a", ".", manifest=b"m.json"), "sync: manifest must be a path"),
    (lambda vb: vb.agents.documents.sync("a", ".", pattern=["*.md"]), "sync: pattern must be a string"),
    (lambda vb: vb.agents.documents.sync("a", ".", dry_run="no"), "sync: dry_run must be True or False"),
    (
        lambda vb: vb.calls.start_many([], ledger="never-made", wait_for_windows="no"),
        "calls.start_many: wait_for_windows must be True or False",
    ),
    (lambda vb: vb.campaigns.import_contacts("c", [], delimiter=5), "delimiter: pass one character"),
    (lambda vb: vb.campaigns.import_contacts("c", [], rejects=5), "rejects: pass the path of a file"),
    (lambda vb: vb.agents.find(None), "agents.find: agent_name must be a string"),
    (
        lambda vb: vb.agents.ensure("n", "p", voice_id="v", max_call_duration_secs=5),
        "agents.ensure: .* least 60",
    ),
    (lambda vb: vb.agents.ensure("n", "p", voice_id="v", variables="name"), "variables must be a list"),
    (lambda vb: vb.agents.ensure(None, "p", voice_id="v"), "agents.ensure: agent_name must be a string"),
    (lambda vb: vb.config.webhooks.ensure("UPPER", "https://x"), "ensure: label must be of the form"),
    (lambda vb: vb.config.webhooks.ensure("ok", None), "ensure: url must be a string"),
    # These would unassign the number, so that no one answers.
    (lambda vb: vb.phone_numbers.assign("p", ""), "use phone_numbers.unassign"),
    (lambda vb: vb.phone_numbers.assign("p", None), "use phone_numbers.unassign"),
    (lambda vb: vb.voicelink.clients.update("abc"), "client_id must be a whole number"),
    (
        lambda vb: vb.voicelink.bots.update(0, "n", websocket_url="wss://x", status=1),
        "bot_id must be at least 1",
    ),
    (
        lambda vb: vb.voicelink.call_routing.update(-1, 3, for_outbound_call=3, status=1),
        "routing_id must be at least 1",
    ),
    # Nothing but text is an identifier: a date became text, and was sent.
    (lambda vb: vb.calls.start(date(2026, 1, 1), NUMBER), "calls.start: agent_id must be a string"),
    (lambda vb: vb.calls.start(datetime.now(UTC), NUMBER), "agent_id must be a string"),
    (lambda vb: vb.calls.start(UUID(int=7), NUMBER), "agent_id must be a string"),
    (lambda vb: vb.calls.start(5, NUMBER), "agent_id must be a string"),
    (
        lambda vb: vb.calls.start("a", NUMBER, connection_id=date(2026, 1, 1)),
        "connection_id must be a string",
    ),
    (lambda vb: vb.sessions.start_webrtc(date(2026, 1, 1)), "agent_id must be a string"),
    (lambda vb: vb.campaigns.create("n", date(2026, 1, 1), provider="p"), "agent_id must be a string"),
    (lambda vb: vb.agents.documents.link("a", [date(2026, 1, 1)]), r"document_ids\[0\] must be a string"),
    (lambda vb: vb.agents.get(date(2026, 1, 1)), "agents.get: id must be a string"),
    (lambda vb: vb.agents.get(5), "agents.get: id must be a string"),
    (lambda vb: vb.calls.get(UUID(int=7)), "calls.get: id must be a string"),
    (lambda vb: vb.agents.documents.unlink("a", 5), "document_id must be a string"),
    (lambda vb: vb.calls.list(status=date(2026, 1, 1)), "status must be a string"),
    (
        lambda vb: vb.calls.iter(agent_id=numpy.array(["a", "b"])),
        "calls.iter: agent_id must be an identifier",
    ),
    (lambda vb: vb.calls.iter(agent_id=date(2026, 1, 1)), "calls.iter: agent_id must be an identifier"),
    (lambda vb: vb.phone_numbers.assign("p", date(2026, 1, 1)), "agent_id must be the id of an agent"),
    (
        lambda vb: vb.background_audio.ensure(b"", slug=5),
        "background_audio.ensure: slug must be an identifier",
    ),
    (
        lambda vb: vb.calls.start_many([], ledger="never-made", concurrency=numpy.array([1, 2])),
        "concurrency must",
    ),
    (
        lambda vb: vb.campaigns.import_contacts("c", [], format=numpy.array(["csv"])),
        "format: .* is not one of",
    ),
    (
        lambda vb: vb.campaigns.import_contacts("c", [], line_types=numpy.array(["x", "y"])),
        "line_types: .* cannot",
    ),
    (
        lambda vb: vb.calls.start("a", NUMBER, variables={1: "a", "1": "b"}),
        "variables has two keys that JSON",
    ),
    (
        lambda vb: vb.request("POST", "/x", json={"a": {1: 2, "1": 3}}),
        "a has two keys that JSON writes as '1'",
    ),
    (lambda vb: vb.calls.list(status="\ud800"), "a query parameter cannot be written"),
    (lambda vb: vb.request("GET", "/x", params={"a": "\ud800"}), "a query parameter cannot be written"),
]


@pytest.mark.parametrize(("call", "words"), WRONG, ids=[words[:40] for _, words in WRONG])
async def test_it_is_refused_with_the_member_and_the_limit(
    async_client: AsyncVocobase, seen: list[bytes], call: Call, words: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=words) as caught:
        await call(async_client)
    assert seen == []
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, (ValueError, vocobase.VocobaseError))


ALLOWED: list[Call] = [
    create(agent_name="x" * 50, kb_threshold="enormous", agent_type="both"),
    create(kb_threshold=None, intro_message="", max_call_duration_secs=None),
    lambda vb: vb.calls.start("a", NUMBER, provider="carrier_of_tomorrow", variables={"n": 5, "b": True}),
    lambda vb: vb.agents.update(
        "a", extraction_config=ExtractionConfig.from_dict({"prompt": "p", "keys": [{"name": "n"}]})
    ),
    lambda vb: vb.agents.update("a", variables=None),
    lambda vb: vb.campaigns.create("n", "a", provider="p", concurrency_limit=50),
    lambda vb: vb.phone_numbers.update("p", agent_id=""),
    lambda vb: vb.agents.list(limit=100),
    lambda vb: vb.agents.get(TelephonyProvider.TWILIO),
    lambda vb: vb.agents.update("a", max_call_duration_secs=numpy.int64(60)),
    lambda vb: vb.voicelink.clients.update(10**20, first_name="f"),
]


@pytest.mark.parametrize("call", ALLOWED)
async def test_what_the_server_may_accept_is_passed_on(
    async_client: AsyncVocobase, seen: list[bytes], call: Call
) -> None:
    await call(async_client)
    assert len(seen) == 1


async def test_omitted_and_none_are_different(async_client: AsyncVocobase, seen: list[bytes]) -> None:
    await async_client.agents.update("a", intro_message=None)
    await async_client.agents.update("a", prompt="p")
    assert seen == [b'{"intro_message":null}', b'{"prompt":"p"}']
