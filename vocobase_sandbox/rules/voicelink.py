"""The simulated VoiceLink account behind the pass-through routes."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.kernel.messages import Row, not_found
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import carriers

DEFAULT_BOT_URL = "wss://pipecat.sandbox.example/voicelink"
_DIDS = ("912255501201", "912255501202", "912255501203")
_ACTIVE, _TO_BOT = 1, 3
_ADVICE = {
    "NOT_MAPPED": "Map the number to a client",
    "NO_BOT": "Create a WebSocket bot for the client",
    "ROUTING_MISSING": "Create call routing that sends outbound calls to the bot",
    "NO_VOCOBASE_AGENT": "Assign an agent to the imported number",
}


def connection(world: World, connection_id: str | None) -> Row:
    """Return the connection of a request.

    Raises:
        ApiError: 403 if there is none, 400 if it is ambiguous, 404 if the given one is unknown.
    """
    if connection_id is None:
        return carriers.only_connection(world, "voicelink")
    row = world.store.get("connections", connection_id)
    if row is None or row["provider"] != "voicelink":
        raise not_found("VoiceLink connection")
    return row


def prepare(world: World) -> None:
    """Add the purchased numbers to a fresh account."""
    if "voicelink" in world.account:
        return
    world.account["voicelink"] = True
    world.save_account()
    for number in _DIDS:
        key = world.ids.next("voicelink did")
        row = {
            "id": str(key),
            "number": 500 + key,
            "did_id": 9000 + key,
            "did_number": number,
            "client_id": None,
        }
        world.store.put("vl_dids", {**row, "status": "purchased", "expired": False})


def add(world: World, table: str, values: Row) -> Row:
    """Store a record of VoiceLink under the next integer id."""
    return world.store.put(table, {"id": str(world.ids.next(table)), **values})


def find(world: World, table: str, number: Any, what: str) -> Row:
    """Return a record by its integer id.

    Raises:
        ApiError: 404.
    """
    row = world.store.get(table, str(int(number)))
    if row is None:
        raise not_found(what)
    return row


def show(row: Row) -> Row:
    """Show a record as VoiceLink does, with an integer id."""
    hidden = ("id", "password")
    return {"id": int(row["id"]), **{name: value for name, value in row.items() if name not in hidden}}


def show_did(row: Row) -> Row:
    """Show a number as the lists of VoiceLink do."""
    shown = {
        "id": row["number"],
        "did_id": row["did_id"],
        "did_number": row["did_number"],
        "status": row["status"],
    }
    return shown if row["client_id"] is None else {**shown, "client_id": row["client_id"]}


def find_did(world: World, did_id: Any, did_number: str | None) -> Row:
    """Return a purchased number by id or digits.

    Raises:
        ApiError: 404 if the number was not purchased.
    """
    digits = (did_number or "").lstrip("+")
    for row in world.store.rows("vl_dids"):
        if (did_id is None or row["did_id"] == did_id) and (not digits or row["did_number"] == digits):
            return row
    raise not_found("VoiceLink number")


def map_did(world: World, did: Row, client: Row, values: Row) -> Row:
    """Assign a number to a client."""
    return world.store.put("vl_dids", {**did, **values, "client_id": int(client["id"]), "status": "assigned"})


def routing_of(world: World, did: Row) -> Row | None:
    """Return the only routing record of a number."""
    return next((row for row in world.store.rows("vl_routing") if row["did_id"] == did["did_id"]), None)


def bot_of(world: World, did: Row) -> Row | None:
    """Return the first active bot of the client to which a number is assigned."""
    if did["client_id"] is None:
        return None
    rows = (row for row in world.store.rows("vl_bots") if row["client_id"] == did["client_id"])
    return next((row for row in rows if row["status"] == _ACTIVE), None)


def local_number(world: World, did: Row) -> Row | None:
    """Return the imported number that belongs to a remote one."""
    phone = "+" + did["did_number"]
    rows = (row for row in world.store.rows("numbers") if row["provider"] == "voicelink")
    return next((row for row in rows if row["phone_number"] == phone), None)


def remote(did: Row) -> Row:
    """Show a number as the readiness report does."""
    shown = show_did(did)
    return {**shown, "phone_number": "+" + did["did_number"], "is_expired": did["expired"], "raw": shown}


def readiness(world: World, did: Row) -> Row:
    """Report the steps that a number still needs before it can make calls."""
    routing, bot, local = routing_of(world, did), bot_of(world, did), local_number(world, did)
    issues = [
        *(["NOT_MAPPED"] if did["client_id"] is None else []),
        *(["NO_BOT"] if bot is None else []),
        *(["ROUTING_MISSING"] if routing is None or routing["for_outbound_call"] != _TO_BOT else []),
        *(["NO_VOCOBASE_AGENT"] if local is None or local["agent_id"] is None else []),
    ]
    blocking = [issue for issue in issues if issue != "NO_VOCOBASE_AGENT"]
    return {
        "key": did["did_number"],
        "phone_number": "+" + did["did_number"],
        "state": blocking[0] if blocking else "READY",
        "issues": issues,
        "remote_did": remote(did),
        "local_phone_number": {"id": local["id"], "agent_id": local["agent_id"]} if local else None,
        "routing": show(routing) if routing else None,
        "bot": show(bot) if bot else None,
        "actions": [_ADVICE[issue] for issue in issues],
        "action_items": [{"code": issue, "label": _ADVICE[issue]} for issue in issues],
    }


def ensure_routing(world: World, did: Row, bot: Row) -> Row:
    """Route the outbound calls of a number to a bot; the inbound routing stays."""
    outbound = {"for_outbound_call": _TO_BOT, "outbound_websocket_bot_id": int(bot["id"]), "status": _ACTIVE}
    present = routing_of(world, did)
    if present is not None:
        return world.store.put("vl_routing", {**present, **outbound})
    inbound = {"for_inbound_call": _TO_BOT, "inbound_websocket_bot_id": int(bot["id"])}
    return add(
        world, "vl_routing", {"did_id": did["did_id"], "did_number": did["did_number"], **inbound, **outbound}
    )
