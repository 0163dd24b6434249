"""Webhook endpoints and the legacy single webhook."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, conflict, invalid
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules.webhooks import check_url

MAX_ENDPOINTS = 5
LEGACY_LABEL = "default"
_SAVE_IT = "Save this secret now; it will not be shown again."


def view(row: Row) -> Row:
    """Show an endpoint without its secret."""
    return {name: value for name, value in row.items() if name != "secret"}


def _new_secret(world: World) -> str:
    return "whsec_" + world.token("webhook secret", 48)


def _by_label(world: World, label: str) -> Row | None:
    return next((row for row in world.store.rows("webhooks") if row["label"] == label), None)


def _check_limit(world: World) -> None:
    if len(world.store.table("webhooks")) >= MAX_ENDPOINTS:
        raise invalid(f"at most {MAX_ENDPOINTS} webhook endpoints are allowed")


def _check_label(world: World, label: str, own_id: str | None) -> None:
    taken = _by_label(world, label)
    if taken is not None and taken["id"] == own_id:
        return
    if label == LEGACY_LABEL:
        raise invalid("the label default is reserved for PUT /config/webhook")
    if taken is not None:
        raise conflict(f"an endpoint labelled {label!r} already exists")


def _new(world: World, label: str, url: str, *, enabled: bool) -> Row:
    row = {
        "id": world.uuid("webhook"),
        "label": label,
        "url": url,
        "enabled": enabled,
        "last_delivery_at": None,
        "last_delivery_status": None,
        "created_at": world.now,
        "updated_at": world.now,
        "secret": _new_secret(world),
    }
    return world.store.put("webhooks", row)


@route("POST /config/webhooks")
def create(ctx: Context) -> Any:
    """Create an endpoint and show its secret once."""
    world, given = ctx.world, ctx.body
    check_url(given["url"], world.settings.webhook_hosts)
    _check_label(world, given["label"], None)
    _check_limit(world)
    return {
        **_new(world, given["label"], given["url"], enabled=given.get("enabled", True)),
        "message": _SAVE_IT,
    }


@route("GET /config/webhooks")
def list_(ctx: Context) -> Any:
    """List the endpoints."""
    return {"webhooks": [view(row) for row in ctx.world.store.rows("webhooks")]}


@route("PUT /config/webhooks/{id}")
def update(ctx: Context) -> Any:
    """Change label, address or enabled state."""
    world, row = ctx.world, ctx.row("webhooks", "webhook endpoint")
    if "url" in ctx.body:
        check_url(ctx.body["url"], world.settings.webhook_hosts)
    if "label" in ctx.body:
        _check_label(world, ctx.body["label"], row["id"])
    changed: Row = {name: ctx.body[name] for name in ("label", "url", "enabled") if name in ctx.body}
    return view(world.store.put("webhooks", {**row, **changed, "updated_at": world.now}))


@route("DELETE /config/webhooks/{id}")
def delete(ctx: Context) -> Any:
    """Delete an endpoint; pending deliveries are still sent."""
    ctx.world.store.remove("webhooks", ctx.row("webhooks", "webhook endpoint")["id"])
    return {"message": "Webhook endpoint deleted successfully"}


@route("POST /config/webhooks/{id}/rotate-secret")
def rotate(ctx: Context) -> Any:
    """Replace a secret and show the new one once."""
    world, row = ctx.world, ctx.row("webhooks", "webhook endpoint")
    row = world.store.put("webhooks", {**row, "secret": _new_secret(world), "updated_at": world.now})
    return {"id": row["id"], "label": row["label"], "secret": row["secret"], "message": _SAVE_IT}


@route("PUT /config/webhook")
def set_default(ctx: Context) -> Any:
    """Create or replace the endpoint labelled default, with a new secret each time."""
    world, url = ctx.world, ctx.body["webhook_url"]
    check_url(url, world.settings.webhook_hosts)
    row = _by_label(world, LEGACY_LABEL)
    if row is None:
        _check_limit(world)
        row = _new(world, LEGACY_LABEL, url, enabled=True)
    else:
        changed = {"url": url, "secret": _new_secret(world), "updated_at": world.now}
        row = world.store.put("webhooks", {**row, **changed})
    return {"webhook_url": url, "webhook_secret": row["secret"], "message": _SAVE_IT}
