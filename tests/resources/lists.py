"""The lists of the SDK."""

from __future__ import annotations

from typing import Any

import httpx

from vocobase._client.sync.client import Vocobase as SyncClient


def lists() -> list[str]:
    """Return the resources with a `list` method, such as ``agents.documents``."""
    with SyncClient("rg_live_x", transport=httpx.MockTransport(lambda _: httpx.Response(500))) as vb:
        found: list[str] = []

        def search(holder: Any, path: str) -> None:
            for name in [name for name in dir(holder) if not name.startswith("_")]:
                value = getattr(holder, name)
                if type(value).__module__.startswith("vocobase._resources"):
                    inner = f"{path}.{name}".strip(".")
                    found.extend([inner] if hasattr(value, "list") else [])
                    search(value, inner)

        search(vb, "")
        return found


# The paging of VoiceLink is not documented.
LISTS = [path for path in lists() if not path.startswith("voicelink")]
