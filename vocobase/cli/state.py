"""Where commands keep their state between runs: one folder for each account."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from vocobase.cli.profiles import KEY_VARIABLE, Profile

BASE_URL_VARIABLE = "VOCOBASE_BASE_URL"


def folder_of(profile: Profile, environment: Mapping[str, str]) -> Path:
    """Return the folder of an account; it may not exist yet.

    Args:
        profile: The profile of the run. The accounts of two keys in the environment have two folders.
        environment: The variables of the process.
    """
    root = environment.get("XDG_STATE_HOME") or environment.get("LOCALAPPDATA")
    place = Path(root) if root else Path.home() / ".local" / "state"
    if profile.name:
        # The prefix also keeps names such as ".." inside the folder.
        return place / "vocobase" / f"profile-{quote(profile.name, safe='')}"
    facts = (environment.get(BASE_URL_VARIABLE, ""), environment.get(KEY_VARIABLE, ""))
    return place / "vocobase" / f"key-{hashlib.sha256(repr(facts).encode()).hexdigest()[:12]}"


def make_folder(path: Path) -> Path:
    """Create a folder that only its owner can read, unless it exists; return it.

    Raises:
        OSError: it cannot be created.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
