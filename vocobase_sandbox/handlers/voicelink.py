"""VoiceLink management: routes that pass the responses of VoiceLink through."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, invalid
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import carriers, voicelink


def _begin(ctx: Context) -> tuple[World, Row]:
    """Check the connection; return the account and the connection."""
    voicelink.prepare(ctx.world)
    given = {**ctx.query, **ctx.body}
    return ctx.world, voicelink.connection(ctx.world, given.get("connection_id"))


def _page(ctx: Context, rows: list[Row]) -> Row:
    size, number = ctx.query.get("per_page", 100), ctx.query.get("page", 1)
    return {"data": rows[(number - 1) * size : number * size]}


def _values(given: Row) -> Row:
    return {name: value for name, value in given.items() if name != "connection_id"}


@route("GET /voicelink/clients")
def list_clients(ctx: Context) -> Any:
    """List the clients."""
    world, _ = _begin(ctx)
    shown = ("id", "first_name", "last_name", "username", "email", "status", "channel_count")
    rows = [voicelink.show(row) for row in world.store.rows("vl_clients")]
    wanted = ctx.query.get("status")
    return _page(
        ctx, [{name: row[name] for name in shown} for row in rows if wanted in (None, row["status"])]
    )


@route("POST /voicelink/clients")
def create_client(ctx: Context) -> Any:
    """Create a client."""
    world, _ = _begin(ctx)
    if any(row["username"] == ctx.body["username"] for row in world.store.rows("vl_clients")):
        raise invalid("the username is taken")
    status = ctx.body.get("is_active", 1)
    row = voicelink.add(world, "vl_clients", {**_values(ctx.body), "status": status})
    return {"message": "Client created", "data": voicelink.show(row)}


@route("POST /voicelink/clients/{client_id}")
def update_client(ctx: Context) -> Any:
    """Change the fields of a client that are in the request."""
    world, _ = _begin(ctx)
    row = voicelink.find(world, "vl_clients", ctx.path["client_id"], "VoiceLink client")
    changed = {**row, **_values(ctx.body)}
    changed["status"] = changed.get("is_active", row["status"])
    return {"message": "Client updated", "data": voicelink.show(world.store.put("vl_clients", changed))}


@route("GET /voicelink/dids/purchased")
def list_purchased(ctx: Context) -> Any:
    """List the numbers of the account."""
    world, _ = _begin(ctx)
    rows = [voicelink.show_did(row) for row in world.store.rows("vl_dids")]
    for name in ("status", "client_id"):
        if name in ctx.query:
            rows = [row for row in rows if row.get(name) == ctx.query[name]]
    return _page(ctx, rows)


@route("GET /voicelink/dids/available")
def list_available(ctx: Context) -> Any:
    """List numbers that are for sale."""
    _begin(ctx)
    return {"data": [{"did_id": 9901, "did_number": "912255501299", "monthly_price": 300}]}


@route("POST /voicelink/dids/map")
def map_did(ctx: Context) -> Any:
    """Assign a number to a client."""
    world, _ = _begin(ctx)
    client = voicelink.find(world, "vl_clients", ctx.body["client_id"], "VoiceLink client")
    did = voicelink.find_did(world, ctx.body["did_id"], None)
    values = {name: value for name, value in _values(ctx.body).items() if name not in ("client_id", "did_id")}
    return {
        "message": "Number mapped",
        "data": voicelink.show_did(voicelink.map_did(world, did, client, values)),
    }


@route("GET /voicelink/bots")
def list_bots(ctx: Context) -> Any:
    """List the bots."""
    world, _ = _begin(ctx)
    shown = ("id", "bot_name", "client_id", "websocket_url", "status")
    rows = [voicelink.show(row) for row in world.store.rows("vl_bots")]
    for name in ("status", "client_id"):
        if name in ctx.query:
            rows = [row for row in rows if row[name] == ctx.query[name]]
    return _page(ctx, [{name: row[name] for name in shown} for row in rows])


@route("POST /voicelink/bots")
def create_bot(ctx: Context) -> Any:
    """Create a bot of a client."""
    world, _ = _begin(ctx)
    voicelink.find(world, "vl_clients", ctx.body["client_id"], "VoiceLink client")
    values = {"websocket_url": voicelink.DEFAULT_BOT_URL, "status": 1, **_values(ctx.body)}
    return {"message": "Bot created", "data": voicelink.show(voicelink.add(world, "vl_bots", values))}


@route("POST /voicelink/bots/{bot_id}")
def update_bot(ctx: Context) -> Any:
    """Replace a bot; omitted fields are lost."""
    world, _ = _begin(ctx)
    row = voicelink.find(world, "vl_bots", ctx.path["bot_id"], "VoiceLink bot")
    replaced = {"id": row["id"], "client_id": row["client_id"], **_values(ctx.body)}
    return {"message": "Bot updated", "data": voicelink.show(world.store.put("vl_bots", replaced))}


@route("POST /voicelink/call-routing")
def create_routing(ctx: Context) -> Any:
    """Create the only routing record of a number."""
    world, _ = _begin(ctx)
    did = voicelink.find_did(world, ctx.body.get("did_id"), ctx.body.get("did_number"))
    if voicelink.routing_of(world, did) is not None:
        raise invalid("the number has a routing record already")
    values = {"status": 1, **_values(ctx.body), "did_id": did["did_id"], "did_number": did["did_number"]}
    return {
        "message": "Routing created",
        "data": voicelink.show(voicelink.add(world, "vl_routing", values)),
    }


@route("POST /voicelink/call-routing/{routing_id}")
def update_routing(ctx: Context) -> Any:
    """Replace a routing record; omitted fields are lost."""
    world, _ = _begin(ctx)
    row = voicelink.find(world, "vl_routing", ctx.path["routing_id"], "VoiceLink routing")
    kept = {name: row[name] for name in ("id", "did_id", "did_number")}
    replaced = world.store.put("vl_routing", {**_values(ctx.body), **kept})
    return {"message": "Routing updated", "data": voicelink.show(replaced)}


@route("POST /voicelink/sync")
def sync(ctx: Context) -> Any:
    """Report the state of every number, and import the missing ones."""
    world, connection = _begin(ctx)
    dids = list(world.store.rows("vl_dids"))
    if ctx.body.get("import_dids", True):
        for did in dids:
            carriers.add_number(world, connection, "+" + did["did_number"])
    local = [row for row in world.store.rows("numbers") if row["provider"] == "voicelink"]
    return {
        "clients": [voicelink.show(row) for row in world.store.rows("vl_clients")],
        "dids": [voicelink.remote(did) for did in dids],
        "available_dids": list_available(ctx)["data"],
        "bots": [voicelink.show(row) for row in world.store.rows("vl_bots")],
        "routing": [voicelink.show(row) for row in world.store.rows("vl_routing")],
        "local_phone_numbers": [
            {name: row[name] for name in ("id", "phone_number", "agent_id", "status")} for row in local
        ],
        "readiness": [voicelink.readiness(world, did) for did in dids],
        "drift": [],
    }


@route("POST /voicelink/call-ready")
def make_call_ready(ctx: Context) -> Any:
    """Make a number ready to dial, step by step."""
    world, connection = _begin(ctx)
    did = voicelink.find_did(world, ctx.body.get("did_id"), ctx.body.get("did_number"))
    agent = ctx.row("agents", "agent", ctx.body["agent_id"]) if ctx.body.get("agent_id") else None
    before = voicelink.readiness(world, did)
    steps = [_step("resolve_did", f"found +{did['did_number']}", voicelink.show_did(did))]
    number = carriers.add_number(world, connection, "+" + did["did_number"])
    if agent is not None:
        number = world.store.put("numbers", {**number, "agent_id": agent["id"]})
    steps.append(_step("import_number", "imported", {"id": number["id"]}))
    did = _ensure_mapping(ctx, did, steps)
    if did["client_id"] is not None:
        bot = voicelink.bot_of(world, did) or _new_bot(ctx, did)
        steps.append(_step("ensure_bot", "bot is active", {"bot_id": int(bot["id"])}))
        routing = voicelink.ensure_routing(world, did, bot)
        steps.append(
            _step("ensure_routing", "outbound calls go to the bot", {"routing_id": int(routing["id"])})
        )
    after, key = voicelink.readiness(world, did), did["did_number"]
    return {
        "phone_number": "+" + key,
        "key": key,
        "ready": after["state"] == "READY",
        "steps": steps,
        "readiness_before": before,
        "readiness": after,
    }


def _step(name: str, detail: str, data: Row) -> Row:
    return {"step": name, "status": "done", "detail": detail, "data": data}


def _ensure_mapping(ctx: Context, did: Row, steps: list[Row]) -> Row:
    wanted = ctx.body.get("client_id")
    if did["client_id"] is None and wanted is not None:
        client = voicelink.find(ctx.world, "vl_clients", wanted, "VoiceLink client")
        did = voicelink.map_did(ctx.world, did, client, {"call_recording": 0})
        steps.append(_step("map_client", "mapped to the client", {"client_id": did["client_id"]}))
    return did


def _new_bot(ctx: Context, did: Row) -> Row:
    name = ctx.body.get("bot_name") or f"Bot {did['did_number']}"
    values = {
        "bot_name": name,
        "client_id": did["client_id"],
        "websocket_url": voicelink.DEFAULT_BOT_URL,
        "status": 1,
    }
    return voicelink.add(ctx.world, "vl_bots", values)
