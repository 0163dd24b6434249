"""Background audio: assets, and the inspection of their files."""

from __future__ import annotations

from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import wav


def object_key(asset_id: str) -> str:
    """Return the key of the object that holds the file of an asset."""
    return f"audio/{asset_id}"


def live(world: World) -> list[Row]:
    """List the assets that are not deleted, newest first."""
    return [row for row in world.store.newest("audio") if not row["deleted_at"]]


def create(world: World, asset_id: str, slug: str, label: str, *, platform: bool) -> Row:
    """Store an asset that has no file yet."""
    row: Row = {
        "id": asset_id,
        "slug": slug,
        "label": label,
        "status": "UPLOADING",
        "is_platform": platform,
        "created_at": world.now,
        "duration_secs": None,
        "sample_rate": None,
        "channels": None,
        "error": None,
        "deleted_at": None,
    }
    return world.store.put("audio", row)


def measure(world: World, row: Row, content: bytes) -> Row:
    """Inspect the file of an asset and store the result: READY, or FAILED with the reason."""
    row = dict(row)
    try:
        info = wav.inspect(content)
    except wav.WavError as error:
        row.update(status="FAILED", error=str(error))
    else:
        row.update(status="READY", error=None, sample_rate=info.sample_rate, channels=info.channels)
        row["duration_secs"] = round(info.seconds, 3)
    return world.store.put("audio", row)
