"""Settings of the partner."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers import webhook_endpoints
from vocobase_sandbox.handlers.agents import live
from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import billing, carriers, catalog


@route("GET /config")
def get(ctx: Context) -> Any:
    """Show settings, limits, webhooks and carriers."""
    world, account = ctx.world, ctx.world.account
    return {
        "name": account["name"],
        "display_name": account["display_name"],
        "agent_limit": account["agent_limit"],
        "current_agent_count": len(live(world)),
        "allowed_voices": list(catalog.VOICES),
        "allowed_languages": sorted({voice["language"] for voice in catalog.VOICES.values()}),
        "allowed_telephony_providers": account["allowed_providers"],
        "status": account["status"],
        "credits": billing.rupees(account["balance_paise"]),
        "webhook": _legacy_webhook(world),
        "webhooks": [webhook_endpoints.view(row) for row in world.store.rows("webhooks")],
        "telephony": {provider: _carrier(world, provider) for provider in catalog.CARRIERS},
    }


def _legacy_webhook(world: World) -> Row:
    labelled = (row for row in world.store.rows("webhooks") if row["label"] == webhook_endpoints.LEGACY_LABEL)
    row = next(labelled, None)
    if row is None:
        return {"configured": False, "url": None, "secret": None}
    return {"configured": True, "url": row["url"], "secret": carriers.mask(row["secret"])}


def _carrier(world: World, provider: str) -> Row:
    connection = carriers.default_connection(world, provider)
    return {
        "configured": connection is not None,
        "from_number": connection["from_number"] if connection else None,
    }


@route("PUT /config/display-name")
def update_display_name(ctx: Context) -> Any:
    """Change the display name."""
    name: str = ctx.body["display_name"]
    ctx.world.account["display_name"] = name
    ctx.world.save_account()
    return {"display_name": name, "message": "Display name updated successfully"}


_FIRST_IS_CALLER = {"caller_id", "from_number", "did_number", "exe_number"}


def _set(ctx: Context, provider: str, masked: tuple[str, ...], shown: tuple[str, ...]) -> Row:
    given = ctx.body
    caller = next((given[name] for name in given if name in _FIRST_IS_CALLER), None)
    carriers.set_default(ctx.world, provider, given, caller)
    response: Row = {name: carriers.mask(given[name]) for name in masked}
    response.update({name: given[name] for name in shown if name in given})
    return {**response, "message": f"{provider} credentials saved"}


@route("PUT /config/telephony/exotel")
def set_exotel(ctx: Context) -> Any:
    """Save the default Exotel connection."""
    return _set(ctx, "exotel", ("account_sid",), ("subdomain", "caller_id", "applet_id"))


@route("PUT /config/telephony/mcube")
def set_mcube(ctx: Context) -> Any:
    """Save the default MCube connection."""
    return _set(ctx, "mcube", (), ("exe_number",))


@route("PUT /config/telephony/plivo")
def set_plivo(ctx: Context) -> Any:
    """Save the default Plivo connection."""
    return _set(ctx, "plivo", ("auth_id",), ("from_number",))


@route("PUT /config/telephony/twilio")
def set_twilio(ctx: Context) -> Any:
    """Save the default Twilio connection."""
    return _set(ctx, "twilio", ("account_sid",), ("from_number",))


@route("PUT /config/telephony/vobiz")
def set_vobiz(ctx: Context) -> Any:
    """Save the default Vobiz connection."""
    return _set(ctx, "vobiz", ("auth_id",), ("from_number",))


@route("PUT /config/telephony/tata-smartflo")
def set_tata_smartflo(ctx: Context) -> Any:
    """Save the default Tata Smartflo connection."""
    response = _set(ctx, "tata_smartflo", (), ("email", "from_number", "base_url"))
    base = response.pop("base_url", "https://api-smartflo.tatateleservices.com")
    return {**response, "base_url": base, "agent_number": ctx.body.get("agent_number")}


@route("PUT /config/telephony/voicelink")
def set_voicelink(ctx: Context) -> Any:
    """Save the default VoiceLink connection."""
    return _set(ctx, "voicelink", (), ("username", "did_number"))
