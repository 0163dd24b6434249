"""The contents of a fresh account."""

from __future__ import annotations

import re

from vocobase_sandbox.kernel.settings import Settings
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import audio, carriers, catalog, objects, projects, wav

KEY_PREFIX = "rg_live_sandbox_"
_CALLERS = {
    "mcube": "+12025550180",
    "twilio": "+12025550181",
    "exotel": "+12025550182",
    "plivo": "+12025550183",
    "vobiz": "+12025550184",
    "sip": "+12025550185",
    "voicelink": "+12025550186",
    "tata_smartflo": "+12025550187",
}


def bootstrap(world: World, api_key: str | None) -> None:
    """Fill an empty world; a world loaded from a file keeps everything except for an explicit key."""
    account = world.account
    if "api_key" not in account:
        _create(world, world.settings)
    if api_key is not None:
        account["api_key"] = _checked(api_key)
    world.save_account()


def _checked(api_key: object) -> str:
    # A client could not send any other key.
    if not isinstance(api_key, str) or not re.fullmatch("[!-~]+", api_key):
        raise ValueError("the API key must be a string of printable ASCII characters without spaces")
    return api_key


def _create(world: World, settings: Settings) -> None:
    account = world.account
    account.update(
        api_key=KEY_PREFIX + world.token("api key", 32),
        name="sandbox",
        display_name="Sandbox",
        status="active",
        agent_limit=settings.agent_limit,
        balance_paise=round(settings.balance * 100),
        concurrency=settings.concurrency,
        allowed_providers=list(catalog.CARRIERS),
        default_project_id=projects.create(world, "Default", None, default=True)["id"],
    )
    for carrier in settings.carriers:
        carriers.create(world, carrier, "Default", {}, _CALLERS[carrier], default=True)
    for asset in catalog.PLATFORM_AUDIO:
        row = audio.create(world, asset["id"], asset["slug"], asset["label"], platform=True)
        sound = wav.render([], asset["seconds"])
        objects.register_upload(world, audio.object_key(asset["id"]), "audio/wav", len(sound))
        world.store.put_blob(audio.object_key(asset["id"]), sound)
        audio.measure(world, row, sound)
