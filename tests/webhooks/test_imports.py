"""The exports of the package, and the cost of its import."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import vocobase
from vocobase import webhooks

HEAVY = {
    "httpx",
    "attr",
    "attrs",
    "anyio",
    "dateutil",
    "redis",
    "sqlite3",
    "starlette",
    "flask",
    "django",
    "dataclasses",
}


def loaded_by(code: str) -> set[str]:
    """Run code in a fresh interpreter and return the modules it has loaded."""
    result = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return set(result.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import vocobase.webhooks")
    assert not loaded & HEAVY
    assert not any(name.startswith(("vocobase_raw", "vocobase.webhooks._")) for name in loaded)


def test_verifying_needs_neither_client_nor_models() -> None:
    loaded = loaded_by("from vocobase.webhooks import sign, verify\nverify(b'', sign(b'', 's'), 's')")
    assert not loaded & HEAVY
    assert not any(name.startswith("vocobase_raw") for name in loaded)


def test_receiving_loads_models_but_no_client() -> None:
    body = '{"event":"session.completed","data":{"session_id":"s","transcript":[{}],"call":{}}}'
    loaded = loaded_by(
        "from vocobase.webhooks import WebhookReceiver, sign\n"
        f"print(WebhookReceiver('s').receive({body!r}.encode(), sign({body!r}.encode(), 's')))"
    )
    assert "vocobase_raw.models.transcript_turn" in loaded
    assert not loaded & {"anyio", "dateutil", "redis", "sqlite3", "vocobase._transport"}
    assert not any(name.startswith("vocobase_raw.api") for name in loaded)


def test_every_public_name_is_there_and_no_other() -> None:
    assert sorted(webhooks.__all__) == dir(webhooks)
    for name in webhooks.__all__:
        assert getattr(webhooks, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = webhooks.Nothing
    assert webhooks.WebhookError is vocobase.WebhookError
