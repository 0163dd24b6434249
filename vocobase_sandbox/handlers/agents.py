"""Agents and the voice catalog."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, page, route
from vocobase_sandbox.kernel.messages import Row, conflict, forbidden, invalid
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import catalog

_DEFAULTS: Row = {
    "intro_message": None,
    "voicemail_detection_enabled": False,
    "voicemail_message": None,
    "enable_recording": False,
    "kb_threshold": "medium",
    "kb_include_summaries": False,
    "kb_result_format": "",
    "kb_enable_llm_processing": False,
    "kb_llm_system_prompt": "",
    "variables": None,
    "extraction_config": None,
    "end_call_enabled": True,
    "end_call_message": None,
    "end_call_instructions": None,
    "transfer_enabled": False,
    "transfer_number": None,
    "transfer_message": None,
    "transfer_instructions": None,
    "max_call_duration_secs": 600,
    "background_audio_id": None,
    "background_audio_volume": 0.5,
}
_REQUIRED = ("agent_name", "prompt", "voice_id", "agent_type")
_WRITABLE = (*_REQUIRED, *_DEFAULTS, "project_id")
_ONLY_IN_UPDATES = ("variables", "extraction_config")
_EMPTY_CLEARS = (
    "intro_message",
    "voicemail_message",
    "end_call_message",
    "end_call_instructions",
    "transfer_number",
    "transfer_message",
    "transfer_instructions",
)
_CAMEL = {
    "transfer_enabled": "transferEnabled",
    "transfer_number": "transferNumber",
    "transfer_message": "transferMessage",
    "end_call_enabled": "endCallEnabled",
    "end_call_message": "endCallMessage",
}
_NULL_MEANS_ABSENT = ("transferNumber", "transferMessage", "endCallMessage")
_HIDDEN = ("created_ms", "deleted_at")


def live(world: World) -> list[Row]:
    """List the agents that are not deleted, newest first."""
    return [agent for agent in world.store.newest("agents") if not agent["deleted_at"]]


def view(world: World, agent: Row) -> Row:
    """Show an agent with the field names that responses use."""
    shown: Row = {_CAMEL.get(name, name): value for name, value in agent.items() if name not in _HIDDEN}
    for name in _NULL_MEANS_ABSENT:
        if shown[name] is None:
            del shown[name]
    shown["language"] = catalog.VOICES[agent["voice_id"]]["language"]
    shown["document_count"] = sum(link["agent_id"] == agent["id"] for link in world.store.rows("links"))
    shown["status"] = "active"
    return shown


@route("GET /agent/voices")
def voices(ctx: Context) -> Any:
    """Return the catalog."""
    return {"voices": list(catalog.VOICES.values())}


@route("POST /agent")
def create(ctx: Context) -> Any:
    """Store a new agent."""
    world, given = ctx.world, ctx.body
    if len(live(world)) >= world.account["agent_limit"]:
        raise forbidden(f"the account may have at most {world.account['agent_limit']} agents")
    agent: Row = {**_DEFAULTS, "project_id": world.account["default_project_id"]}
    _apply(ctx, agent, {name: value for name, value in given.items() if name not in _ONLY_IN_UPDATES})
    agent = {
        "id": world.uuid("agent"),
        **agent,
        "created_at": world.now,
        "updated_at": world.now,
        "deleted_at": None,
    }
    world.store.put("agents", agent)
    return view(world, agent)


@route("GET /agent")
def list_(ctx: Context) -> Any:
    """Page through the agents."""
    return page(live(ctx.world), ctx.query, "agents", lambda row: view(ctx.world, row))


@route("GET /agent/{id}")
def get(ctx: Context) -> Any:
    """Show one agent."""
    return view(ctx.world, ctx.row("agents", "agent"))


@route("PUT /agent/{id}")
def update(ctx: Context) -> Any:
    """Change only the settings in the request."""
    stored = ctx.row("agents", "agent")
    agent = dict(stored)
    _apply(ctx, agent, ctx.body)
    agent["updated_at"] = ctx.world.now
    ctx.world.store.put("agents", agent)
    return view(ctx.world, agent)


@route("DELETE /agent/{id}")
def delete(ctx: Context) -> Any:
    """Mark an agent as deleted and remove its links."""
    world, agent = ctx.world, ctx.row("agents", "agent")
    agent["deleted_at"] = world.now
    world.store.put("agents", agent)
    for link in world.store.rows("links"):
        if link["agent_id"] == agent["id"]:
            world.store.remove("links", link["id"])
    world.store.remove("agent_dictionaries", agent["id"])
    for number in world.store.rows("numbers"):
        if number["agent_id"] == agent["id"]:
            world.store.put("numbers", {**number, "agent_id": None})
    return {"message": "Agent deleted successfully"}


def _apply(ctx: Context, agent: Row, given: Row) -> None:
    world = ctx.world
    for name in _WRITABLE:
        if name in given:
            agent[name] = None if given[name] == "" and name in _EMPTY_CLEARS else given[name]
    if "agent_name" in given:
        _check_name(world, agent)
    if "voice_id" in given and agent["voice_id"] not in catalog.VOICES:
        raise invalid("voice_id is not in the voice catalog")
    if agent["kb_threshold"] is None:
        agent["kb_threshold"] = "medium"
    if agent["project_id"] is None:
        agent["project_id"] = world.account["default_project_id"]
    if world.store.get("projects", agent["project_id"]) is None:
        raise invalid("project_id names no project of this account")
    _check_audio(world, agent, given)
    _check_transfer(agent, given)


def _check_name(world: World, agent: Row) -> None:
    name = agent["agent_name"]
    if any(other["agent_name"] == name and other["id"] != agent.get("id") for other in live(world)):
        raise conflict(f"an agent named {name!r} already exists")


def _check_audio(world: World, agent: Row, given: Row) -> None:
    if "background_audio_id" not in given:
        return
    asset = world.store.get("audio", agent["background_audio_id"])
    if asset is None or asset["deleted_at"]:
        raise invalid("background_audio_id names no asset")
    if asset["status"] != "READY":
        raise invalid("the background audio is not READY")


def _check_transfer(agent: Row, given: Row) -> None:
    if given.get("transfer_enabled") is False:
        for name in ("transfer_number", "transfer_message", "transfer_instructions"):
            agent[name] = None
    elif agent["transfer_enabled"] and not agent["transfer_number"]:
        raise invalid("transfer_number is required when transfer_enabled is true")
