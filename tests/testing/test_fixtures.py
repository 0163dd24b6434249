"""The fixtures that users get for their own tests."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from vocobase import AsyncVocobase, InsufficientBalanceError, PermissionDeniedError, Vocobase
from vocobase.testing import plugin
from vocobase_sandbox import Sandbox


def test_a_call_of_the_example_completes_when_the_clock_moves(
    vocobase: Vocobase, vocobase_sandbox: Sandbox
) -> None:
    agent = vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id)
    call = vocobase.calls.start(agent.id, "+919876543210", provider="twilio")
    assert vocobase.calls.get(call.call_id).status == "pending"
    vocobase_sandbox.clock.advance(60)
    assert vocobase.calls.get(call.call_id).status == "completed"


def test_the_clock_shows_when_something_is_due(vocobase: Vocobase, vocobase_sandbox: Sandbox) -> None:
    clock = vocobase_sandbox.clock
    assert clock.next_due is None
    agent = vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id)
    vocobase.calls.start(agent.id, "+12025550100", provider="twilio")
    while (due := clock.next_due) is not None:
        assert due >= clock.now
        clock.advance((due - clock.now).total_seconds())
    assert vocobase.calls.list()[0].status == "completed"


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


def test_a_wrong_option_of_the_marker_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "test_user.py").write_text(
        "import pytest\n"
        "@pytest.mark.vocobase(balence=5)\ndef test_name(vocobase): ...\n"
        "@pytest.mark.vocobase(balance='much')\ndef test_value(vocobase): ...\n"
        "@pytest.mark.vocobase(5)\ndef test_position(vocobase): ...\n"
        "@pytest.mark.vocobase(data='missing.json')\ndef test_file(vocobase): ...\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:recording", "--color=no", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "@pytest.mark.vocobase: Sandbox has no option 'balence'; did you mean balance?" in done.stdout
    assert "@pytest.mark.vocobase: balance must be a number of rupees" in done.stdout
    assert "@pytest.mark.vocobase: pass the options by name, such as balance=5" in done.stdout
    assert "@pytest.mark.vocobase: " in done.stdout.split("test_file")[1]
    assert "Traceback" not in done.stdout and "plugin.py" not in done.stdout, done.stdout


def test_the_requests_of_a_sandbox_are_a_sequence(vocobase: Vocobase, vocobase_sandbox: Sandbox) -> None:
    assert list(vocobase_sandbox.requests) == [] and not vocobase_sandbox.requests
    agent = vocobase.agents.create("Desk", "p", voice_id=vocobase.voices.find().id)
    vocobase.calls.start(agent.id, "+12025550100", provider="twilio", variables={})
    requests = vocobase_sandbox.requests
    assert [request.operation for request in requests] == ["voices.list", "agents.create", "calls.start"]
    assert [request.operation for request in requests[1:]] == ["agents.create", "calls.start"]
    assert (requests[-1].json["to_number"], requests[-1].status, len(requests)) == ("+12025550100", 201, 3)
    assert requests[0].json is None and requests[0].method == "GET"
    with pytest.raises(IndexError):
        requests[3]


def test_a_request_whose_body_is_no_json_or_too_long_is_kept_without(vocobase_sandbox: Sandbox) -> None:
    with httpx.Client(transport=vocobase_sandbox.transport(), base_url=vocobase_sandbox.base_url) as client:
        client.post("/calls/start", content=b"{")
        client.post("/calls/start", content=b"x" * 70_000)
        client.get("/nowhere", params={"a": "1"})
    assert [request.json for request in vocobase_sandbox.requests] == [None] * 3
    assert [request.body for request in vocobase_sandbox.requests] == [b"{", None, b""]
    assert [request.operation for request in vocobase_sandbox.requests] == ["calls.start"] * 2 + [None]
    assert vocobase_sandbox.requests[-1].query == "a=1"


def test_the_calls_of_a_sandbox_can_be_read_without_a_client(
    vocobase: Vocobase, vocobase_sandbox: Sandbox
) -> None:
    agent = vocobase.agents.create("Desk", "Hi {{name}}.", voice_id=vocobase.voices.find().id)
    vocobase.agents.update(agent.id, variables=["name"])
    started = vocobase.calls.start(agent.id, "+12025550100", provider="twilio", variables={"name": "Asha"})
    vocobase.calls.wait(started.call_id)
    [call] = vocobase_sandbox.calls
    assert (call["call_id"], call["to_number"], call["status"]) == (
        started.call_id,
        "+12025550100",
        "completed",
    )
    assert call["variables"] == {"name": "Asha"} and call["transcript"][0]["role"] == "bot"
    assert call["credits_used"] > 0


@pytest.mark.parametrize("route", ["calls.start", "calls.*", "POST /calls/start", "POST /calls/*", "*"])
def test_a_fault_is_named_like_the_operation(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, route: str
) -> None:
    agent = vocobase.agents.create("Desk", "p", voice_id=vocobase.voices.find().id)
    vocobase_sandbox.faults.add("status", route, status=403, count=1)
    with pytest.raises(PermissionDeniedError):
        vocobase.calls.start(agent.id, "+12025550100", provider="twilio")
    assert vocobase_sandbox.requests[-1].fault == "status"


@pytest.mark.parametrize(
    ("route", "hint"),
    [
        ("calls.strat", "did you mean 'calls.start'?"),
        ("callsStart", "did you mean 'calls.start'?"),
        ("POST /call/start", "did you mean 'POST /calls/start'?"),
        ("post /calls/start", "matches no operation"),
        ("", "matches no operation"),
    ],
)
def test_a_fault_of_no_operation_is_refused(vocobase_sandbox: Sandbox, route: str, hint: str) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z") as caught:
        vocobase_sandbox.faults.add("status", route)
    assert hint in str(caught.value)
    with pytest.raises(ValueError, match="count must be at least 1"):
        vocobase_sandbox.faults.add("status", count=0)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (pytest.mark.vocobase(5), "pass the options by name, such as balance=5"),
        (pytest.mark.vocobase(balence=5), "did you mean balance?"),
        (pytest.mark.vocobase(balance="much"), "balance must be a number"),
    ],
)
def test_the_plugin_refuses_a_wrong_marker(mark: pytest.MarkDecorator, said: str) -> None:
    with pytest.raises(pytest.fail.Exception) as caught:
        plugin._sandbox(mark.mark)
    assert str(caught.value).startswith("@pytest.mark.vocobase: ") and said in str(caught.value)


@pytest.mark.parametrize(
    ("names", "library", "skips"),
    [([], "trio", False), (["anyio_backend"], "trio", True), (["anyio_backend"], "asyncio", False)],
)
def test_the_asynchronous_client_runs_on_asyncio_only(names: list[str], library: str, skips: bool) -> None:
    request: Any = SimpleNamespace(fixturenames=names, getfixturevalue=lambda name: library)
    with pytest.raises(pytest.skip.Exception) if skips else nullcontext():
        plugin._skip_other_libraries(request)
