"""An account with one row of every kind, for requests that must get past the first check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.sandbox.handlers.test_background_audio import upload, wav
from tests.sandbox.support import EN_VOICE, Api, Receiver
from vocobase_sandbox import Sandbox

NUMBER = "+918011223344"
CLIENT = {
    "first_name": "A",
    "last_name": "B",
    "username": "ab",
    "email": "a@b.in",
    "password": "p",
    "channel_count": 1,
}


@dataclass(frozen=True)
class Known:
    """Values that exist in a filled account."""

    paths: dict[str, list[Any]]
    """By the part of a path in front of the parameter."""
    members: dict[str, list[Any]]
    """By the name of a field of a request."""


def fill(sandbox: Sandbox) -> Known:
    """Fill an account under a manual clock and return what exists in it."""
    api = Api(sandbox, Receiver())
    with api.client, api.bare:
        return _fill(api)


def _fill(api: Api) -> Known:
    voicelink = {"username": "u", "password": "p", "did_number": "+912255501201"}
    api.ok("PUT", "/config/telephony/voicelink", voicelink)
    api.ok("PUT", "/config/telephony/plivo", {"auth_id": "MA1", "auth_token": "t", "from_number": NUMBER})
    connections = [row["id"] for row in api.ok("GET", "/telephony/connections")["connections"]]
    numbers = [row["id"] for row in api.ok("GET", "/phone-numbers")["phone_numbers"]]
    project = api.ok("POST", "/projects", {"name": "Project"})["id"]
    dictionary = api.ok("POST", "/dictionaries", {"name": "Dictionary", "terms": ["one"]})["id"]
    documents = [api.document()["id"], api.document(b"# Other")["id"]]
    folder = api.ok("POST", "/document-folders", {"name": "Folder"})["id"]
    endpoint = api.webhook()["id"]
    audio = upload(api, wav(0.1))
    api.ok("POST", f"/agent/background-audio/{audio}/finalize")
    agent = api.agent(
        variables=["name"],
        extraction_config={"keys": [{"name": "k"}]},
        enable_recording=True,
        transfer_enabled=True,
        transfer_number="+919876500000",
    )["id"]
    api.ok("POST", f"/agent/{agent}/documents", {"document_ids": documents[:1]})
    done, live = api.call(agent), api.call(agent, "+12025550109")
    api.advance(10)
    browser = api.ok("POST", "/sessions/webrtc", {"agent_id": agent})["session_id"]
    campaigns = [_campaign(api, agent, name) for name in ("draft", "running")]
    api.ok("POST", f"/campaigns/{campaigns[1]}/start")
    client = api.ok("POST", "/voicelink/clients", CLIENT)["data"]["id"]
    bot = api.ok("POST", "/voicelink/bots", {"bot_name": "Bot", "client_id": client})["data"]["id"]
    did = api.ok("GET", "/voicelink/dids/purchased")["data"][0]["did_id"]
    routing = api.ok(
        "POST",
        "/voicelink/call-routing",
        {"did_id": did, "for_inbound_call": 0, "for_outbound_call": 0},
    )["data"]["id"]
    phones = ["+919876543210", "+12025550101"]
    return Known(
        paths={
            "/agent/": [agent],
            "/agent/{id}/documents/": documents,
            "/agent/background-audio/": [audio],
            "/calls/": [done["call_id"], live["call_id"]],
            "/campaigns/": campaigns,
            "/config/webhooks/": [endpoint],
            "/dictionaries/": [dictionary],
            "/documents/": documents,
            "/phone-numbers/": numbers,
            "/projects/": [project],
            "/sessions/": [done["session_id"], live["session_id"], browser],
            "/document-folders/": [folder],
            "/voicelink/clients/": [client],
            "/voicelink/bots/": [bot],
            "/voicelink/call-routing/": [routing],
        },
        members={
            "agent_id": [agent],
            "background_audio_id": [audio],
            "client_id": [client],
            "connection_id": connections,
            "dictionary_ids": [dictionary],
            "did_id": [did],
            "document_ids": documents,
            "phone": phones,
            "project_id": [project],
            "to": phones,
            "to_number": phones,
            "transfer_number": phones,
            "voice_id": [EN_VOICE],
            "voicelink_connection": [
                row["id"] for row in api.ok("GET", "/telephony/connections?provider=voicelink")["connections"]
            ],
        },
    )


def _campaign(api: Api, agent: str, name: str) -> str:
    made = api.ok("POST", "/campaigns", {"name": name, "agent_id": agent, "provider": "twilio"})
    path = f"/campaigns/{made['campaign_id']}/contacts"
    api.ok("POST", path, {"contacts": [{"phone": "+919876543210"}, {"phone": "+12025550109"}]})
    return str(made["campaign_id"])
