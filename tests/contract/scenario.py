"""One run through every operation, for both clients: it yields what a method returns and gets the value back."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any

NUMBER = "+919876543210"
Scenario = Generator[Any, Any, None]


def agents(vb: Any, advance: Callable[[float], None]) -> Scenario:
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(
        "Front desk", "Speak with {{name}}.", voice_id=voices[0].id, agent_type="inbound"
    )
    assert agent.agent_name == "Front desk"
    assert agent.id in [found.id for found in (yield vb.agents.list(limit=100))]
    changed = yield vb.agents.update(
        agent.id, variables=["name"], extraction_config={"prompt": "p", "keys": []}
    )
    assert changed.variables == ["name"]
    assert (yield vb.agents.get(agent.id)) == changed
    words = yield vb.dictionaries.create("Words", terms=["Vocobase", "vocobase", " "])
    assert words.terms == ["Vocobase"]
    attached = yield vb.agents.dictionaries.replace(agent.id, [words.id])
    assert [found.id for found in attached] == [words.id]
    assert (yield vb.agents.dictionaries.list(agent.id)) == attached
    assert (yield vb.dictionaries.update(words.id, description="d")).description == "d"
    assert (yield vb.dictionaries.get(words.id)).terms == ["Vocobase"]
    assert len((yield vb.dictionaries.list())) == 1
    yield vb.dictionaries.delete(words.id)
    project = yield vb.projects.create("Client A")
    assert project.id in [found.id for found in (yield vb.projects.list())]
    assert (yield vb.projects.update(project.id, description="d")).description == "d"
    assert (yield vb.projects.get(project.id)).name == "Client A"
    yield vb.projects.delete(project.id)
    function = yield vb.functions.create("look_up", "Looks up.", url="https://example.com/look-up", timeout=5)
    assert function.name == "look_up"
    yield vb.agents.delete(agent.id)


def files(vb: Any, advance: Callable[[float], None]) -> Scenario:
    voices = yield vb.voices.list()
    agent = yield vb.agents.create("Reader", "Read.", voice_id=voices[0].id)
    document = yield vb.documents.upload(b"# Title", name="a.md")
    assert (yield vb.documents.get(document.id)).status == "ready"
    link = yield vb.documents.add_web_link("Site", "https://example.com/")
    assert {found.id for found in (yield vb.documents.list())} == {document.id, link.id}
    assert (yield vb.documents.update(link.id, name="Other")).name == "Other"
    linked = yield vb.agents.documents.link(agent.id, [document.id])
    assert [row.document_id for row in linked.linked] == [document.id]
    assert [row.id for row in (yield vb.agents.documents.list(agent.id))] == [document.id]
    yield vb.agents.documents.unlink(agent.id, document.id)
    folder = yield vb.document_folders.create("Folder")
    yield vb.document_folders.add_document(folder.id, [document.id])
    yield vb.documents.delete(link.id)
    asset = yield vb.background_audio.upload(wav(), slug="tone")
    assert asset.status == "READY"
    assert asset.id in [found.id for found in (yield vb.background_audio.list())]
    yield vb.background_audio.delete(asset.id)


def calls(vb: Any, advance: Callable[[float], None]) -> Scenario:
    voices = yield vb.voices.list()
    agent = yield vb.agents.create(
        "Caller",
        "Call.",
        voice_id=voices[0].id,
        enable_recording=True,
        transfer_enabled=True,
        transfer_number="+919876543211",
    )
    yield vb.agents.update(
        agent.id, extraction_config={"prompt": "p", "keys": [{"name": "mood", "type": "string"}]}
    )
    call = yield vb.calls.start(agent.id, NUMBER, provider="twilio", variables={})
    assert (yield vb.calls.concurrency()).active == 1
    advance(1.0)
    assert (yield vb.calls.transfer(call.call_id)).call_id == call.call_id
    advance(600)
    done = yield vb.calls.get(call.call_id)
    assert done.status == "completed"
    assert done.session.transcript
    assert call.call_id in [found.call_id for found in (yield vb.calls.list())]
    assert (yield vb.calls.recording_url(call.call_id)).recording_url
    assert (yield vb.calls.extract(call.call_id, dry_run=True)).dry_run is True
    assert (yield vb.sessions.get(call.session_id)).status == "completed"
    yield vb.calls.dismiss_stale()
    assert (yield vb.sessions.start_webrtc(agent.id)).daily_token
    campaign = yield vb.campaigns.create("Reminder", agent.id, provider="twilio")
    added = yield vb.campaigns.add_contacts(campaign.campaign_id, [{"phone": NUMBER}, {"phone": NUMBER}])
    assert (added.added, added.duplicates) == (1, 1)
    assert (yield vb.campaigns.start(campaign.campaign_id)).status == "running"
    assert (yield vb.campaigns.pause(campaign.campaign_id)).status == "paused"
    assert (yield vb.campaigns.resume(campaign.campaign_id)).status == "running"
    assert (yield vb.campaigns.stop(campaign.campaign_id)).status == "cancelled"
    assert (yield vb.campaigns.get(campaign.campaign_id)).status == "cancelled"
    assert (yield vb.campaigns.stats(campaign.campaign_id)).total_contacts == 1
    assert [found.campaign_id for found in (yield vb.campaigns.list())] == [campaign.campaign_id]


def account(vb: Any, advance: Callable[[float], None]) -> Scenario:
    assert (yield vb.config.get()).status == "active"
    assert (yield vb.config.update_display_name("Acme")).display_name == "Acme"
    hook = yield vb.config.webhooks.create("prod", "https://example.com/hook")
    assert hook.secret.startswith("whsec_")
    assert (yield vb.config.webhooks.update(hook.id, enabled=False)).enabled is False
    assert (yield vb.config.webhooks.rotate_secret(hook.id)).secret != hook.secret
    assert (yield vb.config.webhooks.set_default("https://example.com/old")).webhook_secret.startswith(
        "whsec_"
    )
    assert {found.label for found in (yield vb.config.webhooks.list())} == {"prod", "default"}
    yield vb.config.webhooks.delete(hook.id)
    telephony = vb.config.telephony
    yield telephony.set_exotel(
        "acme", "key", api_token="token", subdomain="api.exotel.com", caller_id=NUMBER, applet_id="1"
    )
    yield telephony.set_mcube("token", "08012345678")
    yield telephony.set_plivo("MA" + "X" * 18, "t" * 40, from_number=NUMBER)
    yield telephony.set_twilio("AC123456789", "token", from_number=NUMBER)
    yield telephony.set_vobiz("MA_12345678", "token", from_number=NUMBER)
    yield telephony.set_tata_smartflo("a@example.com", "password", from_number=NUMBER)
    yield telephony.set_voicelink("user", "password", did_number=NUMBER)


def numbers(vb: Any, advance: Callable[[float], None]) -> Scenario:
    voices = yield vb.voices.list()
    agent = yield vb.agents.create("Answerer", "Answer.", voice_id=voices[0].id, agent_type="inbound")
    made = yield vb.telephony_connections.create(
        "vobiz", "Vobiz", auth_id="MA_1", auth_token="t", from_number=NUMBER
    )
    assert made.connection_id in [found.connection_id for found in (yield vb.telephony_connections.list())]
    synced = yield vb.phone_numbers.sync("vobiz", numbers=["+918011223344"], connection_id=made.connection_id)
    number = next(found for found in synced if found.phone_number == "+918011223344")
    assert (yield vb.phone_numbers.update(number.id, agent_id=agent.id)).agent.id == agent.id
    assert (yield vb.phone_numbers.update(number.id, agent_id=None)).agent is None
    assert number.id in [found.id for found in (yield vb.phone_numbers.list(provider="vobiz"))]
    yield vb.phone_numbers.reapply_bindings("vobiz")
    yield vb.phone_numbers.delete(number.id)


def voicelink(vb: Any, advance: Callable[[float], None]) -> Scenario:
    link = vb.voicelink
    yield link.clients.create(
        "Asha", "Rao", username="asha", email="a@example.com", password="secret-1", channel_count=2
    )
    clients = yield link.clients.list()
    client = clients[-1].id
    yield link.clients.update(client, phone="1")
    dids = yield link.dids.list_purchased()
    yield link.dids.list_available()
    yield link.dids.map(client, dids[0].did_id, call_recording=0)
    yield link.bots.create("Bot", client)
    bot = (yield link.bots.list())[-1].id
    yield link.bots.update(bot, bot_name="Bot 2", websocket_url="wss://example.com/", status=1)
    yield link.call_routing.create(
        3, 3, did_id=dids[0].did_id, inbound_websocket_bot_id=bot, outbound_websocket_bot_id=bot
    )
    state = yield link.state.sync()
    routing = state.routing[0]["id"]
    yield link.call_routing.update(
        routing,
        for_inbound_call=3,
        for_outbound_call=3,
        status=1,
        inbound_websocket_bot_id=bot,
        outbound_websocket_bot_id=bot,
    )
    assert (yield link.dids.make_call_ready(did_id=dids[0].did_id)).ready is True


def every_operation(vb: Any, advance: Callable[[float], None]) -> Scenario:
    for part in (agents, files, calls, account, numbers, voicelink):
        yield from part(vb, advance)


def run(vb: Any, advance: Callable[[float], None]) -> None:
    """Call every operation of a synchronous client."""
    steps = every_operation(vb, advance)
    value = next(steps)
    with suppress(StopIteration):
        while True:
            value = steps.send(value)


async def run_async(vb: Any, advance: Callable[[float], None]) -> None:
    """Call every operation of an asynchronous client."""
    steps = every_operation(vb, advance)
    value = next(steps)
    with suppress(StopIteration):
        while True:
            value = steps.send(await value)


def wav(seconds: float = 0.1, channels: int = 1) -> bytes:
    """Return a small WAV file."""
    import io
    import wave

    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds) * channels)
    return target.getvalue()
