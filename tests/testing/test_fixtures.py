"""The fixtures that users get for their own tests."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from vocobase import AsyncVocobase, InsufficientBalanceError, PermissionDeniedError, Vocobase
from vocobase_sandbox import Sandbox


def test_a_call_of_the_example_completes_when_the_clock_moves(
    vocobase: Vocobase, vocobase_sandbox: Sandbox
) -> None:
    agent = vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id)
    call = vocobase.calls.start(agent.id, "+919876543210", provider="twilio")
    assert vocobase.calls.get(call.call_id).status == "pending"
    vocobase_sandbox.clock.advance(60)
    assert vocobase.calls.get(call.call_id).status == "completed"


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_an_account_of_its_own(vocobase: Vocobase, turn: int) -> None:
    assert len(vocobase.agents.list()) == 0
    vocobase.agents.create("Desk", "p", voice_id=vocobase.voices.find().id)


@pytest.mark.vocobase(balance=0)
def test_a_marker_changes_the_account(vocobase: Vocobase) -> None:
    agent = vocobase.agents.create("Desk", "p", voice_id=vocobase.voices.find().id)
    with pytest.raises(PermissionDeniedError) as caught:
        vocobase.calls.start(agent.id, "+919876543210", provider="twilio")
    assert isinstance(caught.value, InsufficientBalanceError)


def test_the_async_client_sees_the_same_account(vocobase: Vocobase, async_vocobase: AsyncVocobase) -> None:
    agent = vocobase.agents.create("Desk", "p", voice_id=vocobase.voices.find().id)

    async def main() -> str:
        return (await async_vocobase.agents.get(agent.id)).agent_name

    assert asyncio.run(main()) == "Desk"


def test_the_installed_package_is_a_plugin_and_costs_nothing_unasked(tmp_path: Path) -> None:
    (tmp_path / "test_user.py").write_text(
        "import sys\n"
        "def test_unasked():\n    assert 'httpx' not in sys.modules and 'vocobase_sandbox' not in sys.modules\n"
        "def test_asked(vocobase):\n    assert len(vocobase.voices.list()) > 0\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "no:recording", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "2 passed" in done.stdout, done.stdout
