"""The input of every writing operation, and where to read the result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.sandbox.contract import DOCUMENT
from tests.sandbox.schema_values import ADDRESSES, BLANK_FREE, PHONES, TEXT, resolve, values
from tests.sandbox.support import EN_VOICE, PRO_VOICE, Api

Row = dict[str, Any]
Known = dict[str, list[Any]]
Read = Callable[[Api, Row], Any]


def answer(path: str = "") -> Read:
    """Read the response of the write."""
    return lambda api, given: given[path] if path else given


def get(template: str, key: str = "id") -> Read:
    """Read the resource itself."""
    return lambda api, given: api.ok("GET", template.format(given[key]))


def listed(path: str, rows: str, member: str = "") -> Read:
    """Find the resource in the list of all."""

    def read(api: Api, given: Row) -> Any:
        key = (given[member] if member else given)["id"]
        return next(row for row in api.ok("GET", path)[rows] if row["id"] == key)

    return read


THE_ANSWER = answer()


@dataclass(frozen=True)
class Write:
    """How to read back the input of an operation."""

    key: str
    read: Read = THE_ANSWER
    values: dict[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    """For members whose rules the document states in words only."""
    secret: frozenset[str] = frozenset()
    """Fields that no response ever shows."""
    unshown: frozenset[str] = frozenset()
    """Members that no documented answer has."""
    complete: bool = False
    """Whether a request needs every member, since which are needed depends on others."""
    update: bool = False
    """Whether what is left out keeps its value."""
    expected: Callable[[Row], Row] = dict
    """What a body becomes."""
    settle: Callable[[Row], Row] = dict
    """Add what the rest of a body asks for."""

    @property
    def schema(self) -> Row:
        method, path = self.key.split(" ")
        operation = DOCUMENT["paths"][path][method.lower()]
        return resolve(operation["requestBody"]["content"]["application/json"]["schema"])

    def bodies(self) -> st.SearchStrategy[Row]:
        needed = set(self.schema["properties"] if self.complete else self.schema.get("required", ()))
        members = {name: self._values(name) for name in self.schema["properties"]}
        bodies = st.fixed_dictionaries(
            {name: value for name, value in members.items() if name in needed},
            optional={name: value for name, value in members.items() if name not in needed},
        )
        return (bodies.filter(bool) if self.update else bodies).map(self.settle)

    def _values(self, name: str) -> st.SearchStrategy[Any]:
        if name in self.secret:
            return st.from_regex(r"secret-[0-9a-f]{12}", fullmatch=True)
        return self.values[name] if name in self.values else values(self.schema["properties"][name])


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def read_member(shown: Row, name: str) -> Any:
    """Read a field under its own name or, as documented for some of agents, in camelCase; absent is null."""
    return shown[name] if name in shown else shown.get(camel(name))


def agent_expected(body: Row) -> Row:
    """An empty text clears, and turning the transfer off clears its settings."""
    clearing = ("intro_message", "voicemail_message", "end_call_message", "end_call_instructions")
    clearing += ("transfer_message", "transfer_instructions")
    expected = {name: None if value == "" and name in clearing else value for name, value in body.items()}
    if body.get("transfer_enabled") is False:
        expected.update(dict.fromkeys(("transfer_number", "transfer_message", "transfer_instructions")))
    if "kb_threshold" in body:
        expected["kb_threshold"] = body["kb_threshold"] or "medium"
    return expected


UNSHOWN_OF_CONNECTIONS = frozenset(
    [
        "account_sid",
        "auth_id",
        "subdomain",
        "caller_id",
        "from_number",
        "sip_host",
        "outbound_username",
        "source_ips",
        "did_number",
        "username",
        "base_url",
        "tata_email",
        "agent_number",
        "exe_number",
    ]
)
CHECKED_OF_CONNECTIONS = ("name", "account_sid", "subdomain", "sip_host", "username", "tata_email")
COMMANDS = {
    "POST /agent/{id}/documents",
    "POST /calls/{id}/extract",
    "POST /calls/{id}/transfer",
    "POST /campaigns/{id}/contacts",
    "POST /document-folders/{id}/documents",
    "POST /phone-numbers/reapply-bindings",
    "POST /phone-numbers/sync",
    "POST /sessions/webrtc",
    "POST /voicelink/call-ready",
    "POST /voicelink/sync",
}
"""Operations with a body that do something, and store no members of it."""


def as_download(body: Row) -> Row:
    """The address of a web link is its download_url."""
    expected = dict(body)
    expected["download_url"] = expected.pop("url")
    return expected


def with_number(body: Row) -> Row:
    """Transfers need a number."""
    return {"transfer_number": "+919876500000", **body} if body.get("transfer_enabled") else body


def number_expected(body: Row) -> Row:
    expected = dict(body)
    if "agent_id" in expected:
        expected["agent"] = expected.pop("agent_id")
    return expected


def read_number(api: Api, given: Row) -> Row:
    """Show the id of the agent in place of the agent."""
    row = listed("/phone-numbers", "phone_numbers")(api, given)
    return {**row, "agent": row["agent"] and row["agent"]["id"]}


def read_dictionaries(api: Api, given: Row) -> Row:
    return {"dictionary_ids": [row["id"] for row in given["dictionaries"]]}


def with_status(body: Row) -> Row:
    expected = dict(body)
    if "is_active" in body:
        expected["status"] = body["is_active"]
    return expected


def within_ten(body: Row) -> Row:
    limit = body.get("concurrency_limit", 1)
    return {**body, "concurrency_limit": min(10, max(1, limit))}


def only(known: Known, *names: str) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.sampled_from(known[name]) for name in names}


def writes(known: Known) -> list[Write]:
    """List the writing operations of a filled account."""
    agent: dict[str, Any] = {
        "agent_name": BLANK_FREE,
        "prompt": BLANK_FREE,
        "voice_id": st.sampled_from([EN_VOICE, PRO_VOICE]),
        "transfer_number": PHONES,
        **only(known, "project_id", "background_audio_id"),
    }
    named = {"name": BLANK_FREE}
    described = {"name": BLANK_FREE, "description": st.none() | BLANK_FREE}
    dictionary = {**described, "terms": st.lists(BLANK_FREE, max_size=4, unique_by=str.lower)}
    agents = {"values": agent, "expected": agent_expected, "settle": with_number, "read": get("/agent/{}")}
    carrier = {"from_number": PHONES, "caller_id": PHONES, "did_number": PHONES}
    remote: dict[str, Any] = {"read": answer("data"), "unshown": frozenset({"connection_id"})}
    voicelink = {"connection_id": st.sampled_from(known["voicelink_connection"]), **only(known, "client_id")}
    spare_did = {"did_id": st.just(9003), "did_number": st.just("912255501203")}
    client = {**remote, "values": voicelink, "secret": frozenset({"password"}), "expected": with_status}
    return [
        Write("POST /agent", **agents),
        Write("PUT /agent/{id}", update=True, **agents),
        Write(
            "PUT /agent/{id}/dictionaries",
            read_dictionaries,
            {"dictionary_ids": st.lists(st.sampled_from(known["dictionary_ids"]), unique=True)},
        ),
        Write(
            "POST /agent/background-audio",
            listed("/agent/background-audio", "assets"),
            unshown=frozenset({"mime_type", "size_bytes"}),
        ),
        Write(
            "POST /calls/start",
            get("/calls/{}", "call_id"),
            {
                "to_number": PHONES,
                "provider": st.sampled_from(["mcube", "twilio", "plivo"]),
                "variables": st.fixed_dictionaries({}, optional={"name": TEXT}),
                **only(known, "agent_id"),
            },
            unshown=frozenset({"variables", "connection_id"}),
            settle=lambda body: {name: value for name, value in body.items() if name != "connection_id"},
        ),
        Write(
            "POST /campaigns",
            get("/campaigns/{}", "campaign_id"),
            {**named, "provider": st.sampled_from(["mcube", "twilio"]), **only(known, "agent_id")},
            expected=within_ten,
        ),
        Write(
            "PUT /config/display-name",
            lambda api, given: api.ok("GET", "/config"),
            {"display_name": BLANK_FREE},
        ),
        Write("POST /config/webhooks", listed("/config/webhooks", "webhooks")),
        Write("PUT /config/webhooks/{id}", listed("/config/webhooks", "webhooks"), update=True),
        Write("PUT /config/webhook", answer()),
        *(
            Write(f"PUT /config/telephony/{name}", answer(), carrier, frozenset(secret.split()))
            for name, secret in (
                ("exotel", "account_sid api_key api_token"),
                ("mcube", "jwt_token"),
                ("plivo", "auth_id auth_token"),
                ("twilio", "account_sid auth_token"),
                ("vobiz", "auth_id auth_token"),
            )
        ),
        Write(
            "PUT /config/telephony/tata-smartflo",
            values={**carrier, "email": values({"type": "string", "format": "email"})},
            secret=frozenset({"password"}),
        ),
        Write(
            "PUT /config/telephony/voicelink",
            values=carrier,
            secret=frozenset({"password"}),
            unshown=frozenset({"base_url"}),
        ),
        Write("POST /dictionaries", get("/dictionaries/{}"), dictionary),
        Write("PATCH /dictionaries/{id}", get("/dictionaries/{}"), dictionary, update=True),
        Write("POST /documents/upload", get("/documents/{}", "document_id")),
        Write("POST /documents/web-link", get("/documents/{}"), expected=as_download),
        Write("PUT /documents/{id}", get("/documents/{}"), update=True),
        Write(
            "PUT /phone-numbers/{id}",
            read_number,
            only(known, "agent_id"),
            update=True,
            expected=number_expected,
        ),
        Write("POST /projects", get("/projects/{}"), named),
        Write("PUT /projects/{id}", get("/projects/{}"), named, update=True),
        Write(
            "POST /telephony/connections",
            listed("/telephony/connections", "connections", "connection"),
            {**carrier, **dict.fromkeys(CHECKED_OF_CONNECTIONS, BLANK_FREE)},
            secret=frozenset(
                {"auth_token", "api_key", "outbound_password", "password", "tata_password", "jwt_token"}
            ),
            unshown=UNSHOWN_OF_CONNECTIONS,
            complete=True,
        ),
        Write(
            "POST /functions",
            answer(),
            {"name": BLANK_FREE, "description": BLANK_FREE, "url": ADDRESSES},
            unshown=frozenset({"headers"}),
            complete=True,
        ),
        Write("POST /document-folders", answer(), named),
        Write("POST /voicelink/clients", **client),
        Write("POST /voicelink/clients/{client_id}", update=True, **client),
        Write(
            "POST /voicelink/dids/map",
            answer("data"),
            {**voicelink, **spare_did},
            unshown=frozenset(
                [
                    "connection_id",
                    "call_recording",
                    "user_status",
                    "user_expiry_date",
                    "description",
                    "client_auto_renew",
                ]
            ),
        ),
        Write("POST /voicelink/bots", values=voicelink, **remote),
        Write("POST /voicelink/bots/{bot_id}", values=voicelink, **remote),
        Write("POST /voicelink/call-routing", values={**voicelink, **spare_did}, complete=True, **remote),
        Write("POST /voicelink/call-routing/{routing_id}", values=voicelink, complete=True, **remote),
    ]
