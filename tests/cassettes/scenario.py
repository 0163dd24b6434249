"""What is recorded: every operation and the main failures, for both clients.

Each part is a generator that yields what a method returns and gets the result (or the error) back, so that
the same lines drive the synchronous and the asynchronous client. They run while recording and while replaying.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

import pytest

from tests.cassettes.scrub import CALLEE, TAG, UNKNOWN
from vocobase import (
    AuthenticationError,
    ConcurrencyLimitError,
    ConflictError,
    InsufficientBalanceError,
    NotFoundError,
    Page,
    RateLimitError,
    ValidationFailedError,
    VocobaseError,
)
from vocobase import types as t

T = TypeVar("T")
Script = Generator[Any, Any, None]
CALLER = "+12025550110"
COLLEAGUE = "+12025550111"
LINE = "02025550112"
"""A line in national format, as one carrier wants it."""
TOKEN = "scrubbed" + "x" * 32
"""Stands for the secret of a carrier: long enough for each, and what the scrubber makes of any."""


class Need(Enum):
    """What a part needs before it may run against a real account."""

    CALLS = "it would dial"
    LASTING = "it would leave behind or overwrite what cannot be undone"
    SANDBOX = "only the sandbox fails on demand"


@dataclass(frozen=True)
class Stage:
    """Where a part plays."""

    vb: Any
    stranger: Any
    """A client with a key that the API does not know."""
    tag: str = TAG
    callee: str = CALLEE
    advance: Callable[[float], None] = lambda seconds: None

    def name(self, text: str) -> str:
        """Return a name that no one else uses on the account."""
        return f"{text} {self.tag}"


@dataclass(frozen=True)
class Part:
    """One cassette."""

    name: str
    run: Callable[[Stage], Script]
    needs: frozenset[Need] = frozenset()
    sandbox: dict[str, Any] = field(default_factory=dict[str, Any])
    """How the sandbox differs from an ordinary account."""


def is_a(value: Any, kind: type[T]) -> T:
    """Return a value that is of exactly one type."""
    assert type(value) is kind, f"{type(value).__name__} instead of {kind.__name__}"
    return value


def items_of(page: Any, kind: type[T]) -> list[T]:
    """Return the items of a page, all of one type."""
    assert isinstance(page, Page)
    return [is_a(item, kind) for item in page]


def aware(value: Any) -> bool:
    """Return whether a value is an instant with its time zone."""
    return isinstance(value, datetime) and value.utcoffset() is not None


def agents(stage: Stage) -> Script:
    vb = stage.vb
    voices = items_of((yield vb.voices.list()), t.Voice)
    voice = next(voice for voice in voices if voice.language == "en")
    made = is_a(
        (
            yield vb.agents.create(
                stage.name("Front desk"), "Greet {{name}} – नमस्ते.", voice_id=voice.id, agent_type="inbound"
            )
        ),
        t.Agent,
    )
    assert made.prompt == "Greet {{name}} – नमस्ते."
    assert made.agent_type is t.AgentType.INBOUND
    assert aware(made.created_at)
    changed = is_a(
        (
            yield vb.agents.update(
                made.id,
                variables=["name"],
                extraction_config={"prompt": "Judge.", "keys": [{"name": "mood", "type": "string"}]},
                transfer_enabled=True,
                transfer_number=COLLEAGUE,
            )
        ),
        t.Agent,
    )
    assert changed.variables == ["name"]
    assert [key.name for key in changed.extraction_config.keys] == ["mood"]
    assert changed.transfer_number == COLLEAGUE
    assert (yield vb.agents.get(made.id)) == changed
    page = yield vb.agents.list(limit=1, offset=0)
    assert items_of(page, t.Agent) == [changed]
    assert (page.limit, page.offset) == (1, 0)
    cleared = yield vb.agents.update(made.id, variables=None)
    assert not cleared.variables
    is_a((yield vb.agents.delete(made.id)), t.Confirmation)
    with pytest.raises(NotFoundError):
        yield vb.agents.get(made.id)


def dictionaries(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(stage.name("Listener"), "Listen.", voice_id=voices[0].id)
    made = is_a((yield vb.dictionaries.create(stage.name("Names"), terms=["Asha", "Rao"])), t.Dictionary)
    assert made.terms == ["Asha", "Rao"]
    changed = is_a((yield vb.dictionaries.update(made.id, description="People")), t.Dictionary)
    assert (changed.description, changed.terms) == ("People", ["Asha", "Rao"])
    assert (yield vb.dictionaries.get(made.id)) == changed
    attached = yield vb.agents.dictionaries.replace(agent.id, [made.id])
    assert [found.id for found in items_of(attached, t.AttachedDictionary)] == [made.id]
    assert (yield vb.agents.dictionaries.list(agent.id)) == attached
    known = {found.id: found for found in items_of((yield vb.dictionaries.list()), t.DictionarySummary)}
    assert known[made.id].term_count == 2
    with pytest.raises(ConflictError) as taken:
        yield vb.dictionaries.create(stage.name("Names"), terms=["Asha"])
    assert (taken.value.status, taken.value.code) == (409, "CONFLICT")
    assert len((yield vb.agents.dictionaries.replace(agent.id, []))) == 0
    is_a((yield vb.dictionaries.delete(made.id)), t.Confirmation)
    yield vb.agents.delete(agent.id)


def projects(stage: Stage) -> Script:
    vb = stage.vb
    made = is_a((yield vb.projects.create(stage.name("Client"))), t.Project)
    changed = is_a((yield vb.projects.update(made.id, description="North")), t.Project)
    assert changed.description == "North"
    assert (yield vb.projects.get(made.id)).name == stage.name("Client")
    assert made.id in [found.id for found in items_of((yield vb.projects.list()), t.Project)]
    is_a((yield vb.projects.delete(made.id)), t.Confirmation)


def documents(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(stage.name("Reader"), "Read.", voice_id=voices[0].id)
    hours = f"hours-{stage.tag}.md"
    # Three requests: presign, PUT to the object store, confirm.
    made = is_a((yield vb.documents.upload(b"# Opening hours\n\nNine to five.\n", name=hours)), t.Document)
    assert made.status is t.DocumentStatus.READY
    details = is_a((yield vb.documents.get(made.id)), t.DocumentDetails)
    assert (details.name, details.mime_type) == (hours, "text/markdown")
    link = is_a((yield vb.documents.add_web_link(stage.name("Site"), "https://example.com/")), t.Document)
    renamed = is_a((yield vb.documents.update(link.id, name=stage.name("Home"))), t.Document)
    assert renamed.name == stage.name("Home")
    linked = is_a((yield vb.agents.documents.link(agent.id, [made.id, link.id])), t.DocumentLinkResult)
    assert {row.document_id for row in linked.linked} == {made.id, link.id}
    rows = items_of((yield vb.agents.documents.list(agent.id)), t.LinkedDocument)
    assert {row.id for row in rows} == {made.id, link.id}
    is_a((yield vb.agents.documents.unlink(agent.id, link.id)), t.Confirmation)
    page = yield vb.documents.list(limit=1, offset=1)
    assert [found.id for found in items_of(page, t.Document)] == [made.id]
    # Left unconfirmed, to be refused: a document is confirmed after its file arrived, not before.
    ticket = is_a(
        (yield vb.documents.create_upload(f"late-{stage.tag}.md", 5, mime_type="text/markdown")),
        t.DocumentUpload,
    )
    with pytest.raises(ValidationFailedError) as early:
        yield vb.documents.confirm(ticket.document_id)
    assert early.value.operation == "documents.confirm"
    for number in (ticket.document_id, link.id, made.id):
        is_a((yield vb.documents.delete(number)), t.Confirmation)
    yield vb.agents.delete(agent.id)


def background_audio(stage: Stage) -> Script:
    vb = stage.vb
    slug = f"hum-{stage.tag}"
    made = is_a((yield vb.background_audio.upload(tone(), slug=slug, label="Hum")), t.BackgroundAudio)
    assert made.status is t.BackgroundAudioStatus.READY
    assert (made.slug, made.sample_rate, made.channels) == (slug, 8000, 1)
    with pytest.raises(ConflictError):
        yield vb.background_audio.create_upload(slug, "Hum", mime_type="audio/wav", size_bytes=200)
    assert made.id in [found.id for found in items_of((yield vb.background_audio.list()), t.BackgroundAudio)]
    is_a((yield vb.background_audio.delete(made.id)), t.Confirmation)


def webhooks(stage: Stage) -> Script:
    hooks = stage.vb.config.webhooks
    made = is_a(
        (yield hooks.create(f"prod-{stage.tag}", "https://example.com/hook")), t.CreatedWebhookEndpoint
    )
    assert made.secret.startswith("whsec_")
    changed = is_a((yield hooks.update(made.id, enabled=False)), t.WebhookEndpoint)
    assert changed.enabled is False
    rotated = is_a((yield hooks.rotate_secret(made.id)), t.RotatedWebhookSecret)
    assert rotated.secret.startswith("whsec_")
    assert rotated.secret != made.secret
    assert f"prod-{stage.tag}" in [found.label for found in items_of((yield hooks.list()), t.WebhookEndpoint)]
    is_a((yield hooks.delete(made.id)), t.Confirmation)


def config(stage: Stage) -> Script:
    vb = stage.vb
    before = is_a((yield vb.config.get()), t.PartnerConfig)
    assert before.status is t.PartnerStatus.ACTIVE
    try:
        changed = is_a((yield vb.config.update_display_name(stage.name("Acme"))), t.PartnerDisplayName)
        assert changed.display_name == stage.name("Acme")
    finally:
        yield vb.config.update_display_name(before.display_name)


def carriers(stage: Stage) -> Script:
    default = is_a((yield stage.vb.config.webhooks.set_default("https://example.com/old")), t.DefaultWebhook)
    assert default.webhook_secret.startswith("whsec_")
    telephony = stage.vb.config.telephony
    exotel = yield telephony.set_exotel(
        "acme", TOKEN, api_token=TOKEN, subdomain="api.exotel.com", caller_id=CALLER, applet_id="1"
    )
    is_a(exotel, t.ExotelCredentials)
    is_a((yield telephony.set_mcube(TOKEN, LINE)), t.McubeCredentials)
    plivo = yield telephony.set_plivo("MA" + "X" * 18, TOKEN, from_number=CALLER)
    is_a(plivo, t.PlivoCredentials)
    twilio = yield telephony.set_twilio("AC123456789", TOKEN, from_number=CALLER)
    is_a(twilio, t.TwilioCredentials)
    vobiz = yield telephony.set_vobiz("MA_12345678", TOKEN, from_number=CALLER)
    is_a(vobiz, t.VobizCredentials)
    smartflo = yield telephony.set_tata_smartflo("a@example.com", TOKEN, from_number=CALLER)
    is_a(smartflo, t.TataSmartfloCredentials)
    voicelink_account = yield telephony.set_voicelink("user", TOKEN, did_number=CALLER)
    is_a(voicelink_account, t.VoiceLinkCredentials)
    configured = is_a((yield stage.vb.config.get()), t.PartnerConfig)
    assert configured.webhook.url == "https://example.com/old"


def calls(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(
        stage.name("Caller"),
        "Remind {{name}}.",
        voice_id=voices[0].id,
        enable_recording=True,
        transfer_enabled=True,
        transfer_number=COLLEAGUE,
    )
    yield vb.agents.update(
        agent.id,
        variables=["name"],
        extraction_config={"prompt": "Judge.", "keys": [{"name": "mood", "type": "string"}]},
    )
    started = is_a(
        (yield vb.calls.start(agent.id, stage.callee, provider="twilio", variables={"name": "Asha"})),
        t.StartedCall,
    )
    assert started.status is t.CallStatus.PENDING
    assert started.to_number == stage.callee
    room = is_a((yield vb.calls.concurrency()), t.CallConcurrency)
    assert room.active == 1
    with pytest.raises(ValidationFailedError) as early:
        yield vb.calls.transfer(started.call_id)
    assert (early.value.status, early.value.code) == (400, "VALIDATION_ERROR")
    stage.advance(1)
    moved = is_a((yield vb.calls.transfer(started.call_id)), t.CallTransfer)
    assert (moved.call_id, moved.session_id) == (started.call_id, started.session_id)
    stage.advance(120)
    done = is_a((yield vb.calls.get(started.call_id)), t.CallDetails)
    assert done.status is t.CallStatus.COMPLETED
    assert done.session.variables == {"name": "Asha"}
    assert [is_a(turn, t.TranscriptTurn).role for turn in done.session.transcript][:1] == ["bot"]
    assert aware(done.started_at)
    assert aware(done.ended_at)
    page = yield vb.calls.list(limit=1, status="completed")
    assert [found.call_id for found in items_of(page, t.Call)] == [started.call_id]
    link = is_a((yield vb.calls.recording_url(started.call_id)), t.RecordingLink)
    assert link.recording_url.startswith("http")
    judged = is_a((yield vb.calls.extract(started.call_id, dry_run=True)), t.CallExtraction)
    assert judged.dry_run is True
    session = is_a((yield vb.sessions.get(started.session_id)), t.Session)
    assert session.status is t.SessionStatus.COMPLETED
    assert session.duration_seconds == done.duration_seconds
    yield vb.agents.delete(agent.id)


def stale_calls(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(stage.name("Patient"), "Wait.", voice_id=voices[0].id)
    started = yield vb.calls.start(agent.id, stage.callee, provider="twilio")
    is_a((yield vb.calls.dismiss_stale()), t.Confirmation)
    stage.advance(5)
    assert (yield vb.calls.get(started.call_id)).status is t.CallStatus.CANCELED
    yield vb.agents.delete(agent.id)


def browser_sessions(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(stage.name("Host"), "Chat.", voice_id=voices[0].id)
    opened = is_a((yield vb.sessions.start_webrtc(agent.id)), t.WebRTCSession)
    assert opened.daily_token
    stage.advance(120)
    session = is_a((yield vb.sessions.get(opened.session_id)), t.Session)
    assert session.agent_id == agent.id
    yield vb.agents.delete(agent.id)


def campaigns(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(stage.name("Reminder"), "Remind.", voice_id=voices[0].id)
    made = is_a(
        (yield vb.campaigns.create(stage.name("Monday"), agent.id, provider="twilio", concurrency_limit=2)),
        t.Campaign,
    )
    number = made.campaign_id
    assert made.status is t.CampaignStatus.DRAFT
    with pytest.raises(ValidationFailedError) as empty:
        yield vb.campaigns.start(number)
    assert empty.value.operation == "campaigns.start"
    contacts = [{"phone": stage.callee, "name": "Asha"}, {"phone": stage.callee}]
    added = is_a((yield vb.campaigns.add_contacts(number, contacts)), t.AddedContacts)
    assert (added.added, added.duplicates) == (1, 1)
    assert is_a((yield vb.campaigns.start(number)), t.Campaign).status is t.CampaignStatus.RUNNING
    assert (yield vb.campaigns.pause(number)).status is t.CampaignStatus.PAUSED
    assert (yield vb.campaigns.resume(number)).status is t.CampaignStatus.RUNNING
    assert (yield vb.campaigns.stop(number)).status is t.CampaignStatus.CANCELLED
    with pytest.raises(ValidationFailedError):
        yield vb.campaigns.resume(number)
    assert aware((yield vb.campaigns.get(number)).completed_at)
    assert is_a((yield vb.campaigns.stats(number)), t.CampaignStats).total_contacts == 1
    assert number in [found.campaign_id for found in items_of((yield vb.campaigns.list()), t.Campaign)]
    yield vb.agents.delete(agent.id)


def numbers(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(
        stage.name("Answerer"), "Answer.", voice_id=voices[0].id, agent_type="inbound"
    )
    made = is_a(
        (
            yield vb.telephony_connections.create(
                "vobiz", stage.name("Vobiz"), auth_id="MA_1", auth_token=TOKEN, from_number=CALLER
            )
        ),
        t.TelephonyConnection,
    )
    known = items_of((yield vb.telephony_connections.list(provider="vobiz")), t.TelephonyConnection)
    assert made.connection_id in [found.connection_id for found in known]
    synced = yield vb.phone_numbers.sync("vobiz", numbers=[COLLEAGUE], connection_id=made.connection_id)
    number = next(found for found in items_of(synced, t.PhoneNumber) if found.phone_number == COLLEAGUE)
    bound = is_a((yield vb.phone_numbers.update(number.id, agent_id=agent.id)), t.PhoneNumber)
    assert bound.agent.id == agent.id
    freed = yield vb.phone_numbers.update(number.id, agent_id=None, friendly_name="Desk")
    assert (freed.agent, freed.friendly_name) == (None, "Desk")
    listed = items_of((yield vb.phone_numbers.list(provider="vobiz")), t.PhoneNumber)
    assert number.id in [found.id for found in listed]
    yield vb.phone_numbers.reapply_bindings("vobiz")
    is_a((yield vb.phone_numbers.delete(number.id)), t.Confirmation)
    yield vb.agents.delete(agent.id)


def functions(stage: Stage) -> Script:
    vb = stage.vb
    made = is_a(
        (
            yield vb.functions.create(
                f"look_up_{stage.tag}",
                "Look an order up.",
                url="https://example.com/look-up",
                timeout=5,
                input_schema=[{"name": "order", "type": "string", "description": "Number", "required": True}],
            )
        ),
        t.CustomFunction,
    )
    assert made.name == f"look_up_{stage.tag}"
    document = yield vb.documents.add_web_link(stage.name("Site"), "https://example.com/")
    folder = is_a((yield vb.document_folders.create(stage.name("Folder"))), t.DocumentFolder)
    yield vb.document_folders.add_document(folder.id, [document.id])
    yield vb.documents.delete(document.id)


def voicelink(stage: Stage) -> Script:
    link = stage.vb.voicelink
    yield stage.vb.config.telephony.set_voicelink("user", TOKEN, did_number=CALLER)
    yield link.clients.create(
        "Asha", "Rao", username="asha", email="a@example.com", password=TOKEN, channel_count=2
    )
    client = items_of((yield link.clients.list(per_page=100)), t.VoiceLinkClient)[-1].id
    yield link.clients.update(client, phone=CALLER)
    dids = items_of((yield link.dids.list_purchased()), t.VoiceLinkDid)
    assert isinstance((yield link.dids.list_available()), Page)
    yield link.dids.map(client, dids[0].did_id, call_recording=0)
    yield link.bots.create(stage.name("Bot"), client)
    bot = items_of((yield link.bots.list(client_id=client)), t.VoiceLinkBot)[-1].id
    yield link.bots.update(bot, bot_name="Bot 2", websocket_url="wss://example.com/", status=1)
    bots = {"inbound_websocket_bot_id": bot, "outbound_websocket_bot_id": bot}
    yield link.call_routing.create(3, 3, did_id=dids[0].did_id, **bots)
    state = is_a((yield link.state.sync()), t.VoiceLinkState)
    routing = state.routing[0]["id"]
    yield link.call_routing.update(routing, for_inbound_call=3, for_outbound_call=3, status=1, **bots)
    ready = is_a((yield link.dids.make_call_ready(did_id=dids[0].did_id)), t.VoiceLinkCallReady)
    assert ready.ready is True


def failures(stage: Stage) -> Script:
    vb = stage.vb
    with pytest.raises(AuthenticationError) as unknown_key:
        yield stage.stranger.voices.list()
    assert (unknown_key.value.status, unknown_key.value.code) == (401, "UNAUTHORIZED")
    with pytest.raises(NotFoundError) as missing:
        yield vb.agents.get(UNKNOWN)
    assert (missing.value.status, missing.value.code) == (404, "NOT_FOUND")
    assert (missing.value.method, missing.value.path) == ("GET", "/agent/{id}")
    with pytest.raises(ValidationFailedError) as refused:
        yield vb.agents.create(stage.name("Mute"), "Say nothing.", voice_id=UNKNOWN)
    assert (refused.value.status, refused.value.code) == (400, "VALIDATION_ERROR")
    assert refused.value.api_message in str(refused.value)
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(stage.name("Twin"), "Speak.", voice_id=voices[0].id)
    with pytest.raises(ConflictError) as taken:
        yield vb.agents.create(stage.name("Twin"), "Speak.", voice_id=voices[0].id)
    assert (taken.value.status, taken.value.code) == (409, "CONFLICT")
    yield vb.agents.delete(agent.id)


def limits(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(stage.name("Caller"), "Call.", voice_id=voices[0].id)
    yield vb.calls.start(agent.id, stage.callee, provider="twilio")
    with pytest.raises(ConcurrencyLimitError) as full:
        yield vb.calls.start(agent.id, stage.callee, provider="twilio")
    assert (full.value.status, full.value.code) == (429, "LIMIT_REACHED")
    stage.advance(120)
    with pytest.raises(InsufficientBalanceError) as poor:
        yield vb.calls.start(agent.id, stage.callee, provider="twilio")
    assert (poor.value.status, poor.value.code) == (403, "FORBIDDEN")
    for _ in range(9):
        yield vb.calls.concurrency()
    with pytest.raises(RateLimitError) as fast:
        yield vb.calls.concurrency()
    assert (fast.value.status, fast.value.code) == (429, "LIMIT_REACHED")


_CALLS, _LASTING, _SANDBOX = (frozenset({need}) for need in Need)
PARTS = (
    Part("agents", agents),
    Part("dictionaries", dictionaries),
    Part("projects", projects),
    Part("documents", documents),
    Part("background_audio", background_audio),
    Part("webhooks", webhooks),
    Part("config", config),
    Part("failures", failures),
    Part("carriers", carriers, _LASTING),
    Part("numbers", numbers, _LASTING),
    Part("functions", functions, _LASTING),
    Part("voicelink", voicelink, _LASTING),
    Part("calls", calls, _CALLS),
    Part("browser_sessions", browser_sessions, _CALLS),
    # A campaign cannot be deleted, and dismissing cancels the calls of everyone on the account.
    Part("campaigns", campaigns, _CALLS | _LASTING),
    Part("stale_calls", stale_calls, _CALLS | _LASTING),
    Part("limits", limits, _CALLS | _SANDBOX, {"rate_limits": True, "concurrency": 1, "balance": 0.5}),
)


def play(part: Part, stage: Stage) -> list[Any]:
    """Run a part with a synchronous client; return all results."""
    script, results = part.run(stage), list[Any]()
    try:
        # A synchronous method runs when it is called, so its errors are raised inside the script.
        results.append(next(script))
        while True:
            results.append(script.send(results[-1]))
    except StopIteration:
        return results


async def play_async(part: Part, stage: Stage) -> list[Any]:
    """Run a part with an asynchronous client; return all results."""
    script, results = part.run(stage), list[Any]()
    try:
        pending: Awaitable[Any] = next(script)
        while True:
            try:
                results.append(await pending)
            except VocobaseError as error:
                pending = script.throw(error)
            else:
                pending = script.send(results[-1])
    except StopIteration:
        return results


def tone(seconds: float = 0.01) -> bytes:
    """Return a short and silent WAV file."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return target.getvalue()
