"""Background audio: presigned uploads, inspection of the WAV files, assets of the platform."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, conflict, forbidden, invalid
from vocobase_sandbox.rules import audio, objects

MIME_TYPE = "audio/wav"
_SHOWN = ("id", "slug", "label", "status", "is_platform", "created_at")
_MEASURED = ("duration_secs", "sample_rate", "channels")


def _view(ctx: Context, row: Row) -> Row:
    shown = {name: row[name] for name in _SHOWN}
    shown.update({name: row[name] for name in _MEASURED if row[name] is not None})
    if row["status"] == "READY":
        shown["preview_url"] = objects.download_url(ctx.world, ctx.origin, audio.object_key(row["id"]))
    if row["error"]:
        shown["error"] = row["error"]
    return shown


@route("POST /agent/background-audio")
def create_upload(ctx: Context) -> Any:
    """Store an asset and presign the upload of its audio."""
    world, given = ctx.world, ctx.body
    if any(row["slug"] == given["slug"] for row in audio.live(world)):
        raise conflict(f"the slug {given['slug']!r} is taken")
    row = audio.create(world, world.uuid("audio"), given["slug"], given["label"], platform=False)
    key, size = audio.object_key(row["id"]), int(given["size_bytes"])
    objects.register_upload(world, key, MIME_TYPE, size)
    return {"id": row["id"], "upload_url": objects.upload_url(world, ctx.origin, key, MIME_TYPE, size)}


@route("POST /agent/background-audio/{id}/finalize")
def finalize(ctx: Context) -> Any:
    """Inspect the uploaded file; an unusable one is refused with the reason, and the asset becomes FAILED."""
    world, row = ctx.world, ctx.row("audio", "asset")
    if row["is_platform"]:
        raise forbidden("this asset belongs to the platform")
    content = world.store.blob(audio.object_key(row["id"]))
    if content is None:
        raise invalid("no file was uploaded for this asset")
    row = audio.measure(world, row, content)
    if row["error"]:
        raise invalid(row["error"])
    return _view(ctx, row)


@route("GET /agent/background-audio")
def list_(ctx: Context) -> Any:
    """List the assets of the platform and of the account."""
    return {"assets": [_view(ctx, row) for row in audio.live(ctx.world)]}


@route("DELETE /agent/background-audio/{id}")
def delete(ctx: Context) -> Any:
    """Mark an asset of the account as deleted and detach it from its agents."""
    world, row = ctx.world, ctx.row("audio", "asset")
    if row["is_platform"]:
        raise forbidden("assets of the platform cannot be deleted")
    world.store.put("audio", {**row, "deleted_at": world.now})
    objects.forget(world, audio.object_key(row["id"]))
    for agent in world.store.rows("agents"):
        if agent["background_audio_id"] == row["id"]:
            world.store.put("agents", {**agent, "background_audio_id": None})
    return {"message": "Background audio deleted successfully"}
