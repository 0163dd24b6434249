"""Invalid settings are rejected immediately."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vocobase_sandbox import Sandbox


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ("strict", "no"),
        ("rate_limits", "no"),
        ("allow_remote", 1),
        ("concurrency", "5"),
        ("concurrency", 1.5),
        ("concurrency", True),
        ("balance", "500"),
        ("balance", None),
        ("agent_limit", -1),
        ("pace", "x"),
        ("pace", -1),
        ("ring_seconds", float("inf")),
        ("processing_seconds", -0.1),
    ],
)
def test_an_invalid_setting_is_rejected_immediately(choice: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{choice} must be"):
        Sandbox(**{choice: value})


@pytest.mark.parametrize("key", ["", "a b", "schlüssel", "a\n", b"rg_live_x"])
def test_a_key_that_no_client_could_send_is_rejected_and_leaves_the_state_file_unchanged(
    tmp_path: Path, key: Any
) -> None:
    with pytest.raises(ValueError, match="the API key must be a string"):
        Sandbox(state=tmp_path / "state.sqlite", api_key=key)
    with Sandbox(state=tmp_path / "state.sqlite", api_key="rg_live_mine") as sandbox:
        assert sandbox.api_key == "rg_live_mine"


@pytest.mark.parametrize("choice", ["allowed_hosts", "webhook_hosts"])
@pytest.mark.parametrize(
    "value", ["app", True, None, {"app:9000"}, {"http://app"}, {"*"}, {"*.example"}, {""}, {5}]
)
def test_hosts_are_named_one_by_one(choice: str, value: Any) -> None:
    """A text would be read as its letters, a port would never match, and a pattern would match too much."""
    with pytest.raises(ValueError, match=f"{choice} must be a set of host names without ports"):
        Sandbox(**{choice: value})


def test_hosts_are_compared_without_case_and_final_dot() -> None:
    with Sandbox(allowed_hosts=["My_App.", "[FD00::1]"]) as sandbox:
        assert sandbox.settings.allowed_hosts == {"my_app", "fd00::1"}
