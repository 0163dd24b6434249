"""docs/waiting.md says what is so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.waiting.support import Clock
from vocobase._policy import cadence
from vocobase._policy.states import CALL, CAMPAIGN, DOCUMENT_SYNC, SESSION, Phase, States
from vocobase_sandbox import Sandbox

TEXT = Path("docs/waiting.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=1, clock="manual", balance=10_000) as running:
        yield running


@pytest.fixture
def run(
    sandbox: Sandbox, stack: ExitStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> Iterator[Any]:
    monkeypatch.chdir(tmp_path)
    Clock(stack, sandbox)
    with sandbox.serve() as server:
        monkeypatch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
        monkeypatch.setenv("VOCOBASE_BASE_URL", server.base_url)

        def run(marker: str, **replaced: str) -> str:
            (block,) = [block for block in BLOCKS if marker in block]
            for old, new in replaced.items():
                block = block.replace(old, new)
            exec(compile(block, "docs/waiting.md", "exec"), {"__name__": "example"})
            return capsys.readouterr().out

        yield run


def test_the_example_of_one_call_works(run: Any) -> None:
    told = run("on_update=")
    assert told.startswith("pending\n")
    assert "bot: " in told


def test_the_example_of_many_calls_works(run: Any) -> None:
    told = run("wait_all")
    assert len(told.splitlines()) == 3
    assert "the call ended as busy" in told
    assert "voicemail" in told


def test_the_example_of_events_works_and_continues(run: Any) -> None:
    first = run("events.poll")
    assert int(first.split()[-1]) > 1
    again = run("events.poll", Desk="Desk 2")
    assert len(again.splitlines()) == 1
    assert again.split()[0] != first.split()[0]


def test_the_example_of_events_keeps_its_place_in_a_run_without_events(run: Any, sandbox: Sandbox) -> None:
    assert run("events.poll", **{"timeout=60": "timeout=0"}) == ""
    sandbox.clock.advance(60)  # the call of that run has ended before the next one
    told = run("events.poll", Desk="Desk 2")
    assert len(told.splitlines()) == 2
    assert [path.name for path in Path().iterdir()] == ["cursor.txt"]


def test_the_example_of_the_others_works(run: Any) -> None:
    told = run("wait_synced").splitlines()
    assert "bot: " in told[0]
    assert told[-1] == "completed 1 1 0"


def test_the_table_of_states_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `([^|]*)` \| (.*) \| (.*) \| `\w+`: (.*) \| (.*) \|$", TEXT, re.MULTILINE)
    told = {
        name: States(*(frozenset(cell.split(", ")) for cell in cells), otherwise=other)
        for name, *cells, other in rows
    }
    meant = {Phase.ONGOING: "continues", Phase.DONE: "succeeds"}
    code = {
        "calls.wait`, `calls.wait_all": CALL,
        "sessions.wait": SESSION,
        "campaigns.watch": CAMPAIGN,
        "agents.documents.wait_synced": DOCUMENT_SYNC,
    }
    assert {name: (s.ongoing, s.done, s.failed, s.otherwise) for name, s in told.items()} == {
        name: (s.ongoing, s.done, s.failed, meant[s.otherwise]) for name, s in code.items()
    }


def test_numbers_are_as_documented() -> None:
    assert f"for {cadence.SETTLE_SECONDS:g} seconds after its end" in " ".join(TEXT.split())
    assert f"({cadence.MAX_OPEN_CALLS} at most" in TEXT
    assert cadence.OVERLAP_SECONDS == 5 * 60
    assert cadence.MAX_PROCESSING_SECONDS == 10 * 60
    assert 60 / cadence.CALLS_INTERVAL_SECONDS == 8
    assert cadence.LAST_READ_SECONDS == 1
    a_minute = {
        "calls.get": 60 / cadence.CALLS_INTERVAL_SECONDS,
        "sessions.get": 60 / cadence.SESSIONS_INTERVAL_SECONDS,
    }
    for route, reads in a_minute.items():
        assert f"| `{route}` | {reads:.0f}, " in TEXT
    assert f"once, {sum(a_minute.values()):.0f} a minute" in TEXT
    assert f"at least {cadence.SESSION_FINAL_SECONDS:.0f} seconds ago" in TEXT
