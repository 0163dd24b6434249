"""The asynchronous client runs on asyncio only, and says so before anything is sent."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from vocobase import AsyncVocobase, ConfigurationError
from vocobase._base.runtime import AsyncRuntime
from vocobase.testing import sandbox_time
from vocobase.webhooks import WebhookReceiver, sign
from vocobase_raw.api.agents import get as agents_get
from vocobase_sandbox import Sandbox

SECRET = "whsec_" + "a" * 64
NUMBER = "+12025550100"


def by_hand(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine without any event loop."""
    try:
        work().send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits for something")


def on_trio(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    trio = pytest.importorskip("trio")
    return trio.run(work)


runs = pytest.mark.parametrize("run", [by_hand, on_trio])


async def first(items: Any) -> Any:
    return [item async for item in items]


WORKS: dict[str, Callable[[Any, Path], Any]] = {
    "agents.get": lambda vb, _: vb.agents.get("a"),
    "agents.iter": lambda vb, _: first(vb.agents.iter()),
    "agents.ensure": lambda vb, _: vb.agents.ensure("a", "b", voice_id="v"),
    "calls.start": lambda vb, _: vb.calls.start("a", NUMBER),
    "calls.start, waiting": lambda vb, _: vb.calls.start("a", NUMBER, wait_for_slot=60),
    "calls.wait": lambda vb, _: vb.calls.wait("c"),
    "calls.start_many": lambda vb, folder: vb.calls.start_many(
        [vocobase.CallJob("a", NUMBER)], ledger=folder / "list.sqlite", window=vocobase.CallWindow.any_time()
    ),
    "calls.download_recording": lambda vb, folder: vb.calls.download_recording("c", folder / "a"),
    "campaigns.import_contacts": lambda vb, _: vb.campaigns.import_contacts("c", [{"phone": NUMBER}]),
    "documents.upload": lambda vb, _: vb.documents.upload(b"# T", name="a.md"),
    "documents.upload_many": lambda vb, folder: vb.documents.upload_many([folder / "a.md"]),
    "events.poll": lambda vb, _: first(vb.events.poll(timeout=1)),
    "sessions.wait": lambda vb, _: vb.sessions.wait("s"),
    "request": lambda vb, _: vb.request("GET", "/config"),
    "raw": lambda vb, _: agents_get.asyncio("a", client=vb.raw),
}


@runs
@pytest.mark.parametrize("pace", [None, True])
@pytest.mark.parametrize("name", WORKS)
def test_every_kind_of_method_says_so_and_sends_nothing(
    name: str, pace: bool | None, run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("# T")
    sent: list[httpx.Request] = []
    transport = httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(200))  # type: ignore[func-returns-value]

    async def main() -> None:
        async with AsyncVocobase("rg_live_x", transport=transport, pace=pace) as vb:
            await WORKS[name](vb, tmp_path)

    with pytest.raises(ConfigurationError, match=r"runs on asyncio only.* trio\.to_thread\.run_sync"):
        run(main)
    assert sent == []


@runs
def test_every_method_of_the_runtime_says_so(run: Callable[..., Any]) -> None:
    runtime = AsyncRuntime()

    async def work(_: int = 0) -> None:
        raise AssertionError

    async def main() -> None:
        waits: list[Callable[[], Any]] = [
            lambda: runtime.sleep(0),
            lambda: runtime.run_blocking(int),
            lambda: runtime.run_shielded(int),
            lambda: runtime.shield(work()),
            lambda: runtime.gather(work, 1, 1, lambda: None),
        ]
        for wait in waits:
            with pytest.raises(ConfigurationError, match="runs on asyncio only"):
                await wait()

    run(main)


def test_an_awaitable_that_is_not_a_coroutine_is_left_alone() -> None:
    class Later:
        def __await__(self) -> Any:
            raise AssertionError

    async def main() -> None:
        with pytest.raises(ConfigurationError, match="runs on asyncio only"):
            await AsyncRuntime().shield(Later())

    by_hand(main)


@runs
def test_the_time_of_a_sandbox_says_so(run: Callable[..., Any]) -> None:
    with Sandbox(clock="manual") as sandbox, sandbox_time(sandbox):
        vb = AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.async_transport())

        async def main() -> None:
            await vb._core.runtime.sleep(1)

        with pytest.raises(ConfigurationError, match="runs on asyncio only"):
            run(main)


@runs
def test_an_event_is_not_handled_where_it_could_not_be_confirmed(run: Callable[..., Any]) -> None:
    body = (
        b'{"event": "session.completed", "timestamp": "2026-01-01T00:00:00Z", "data": {"session_id": "s1"}}'
    )
    receiver = WebhookReceiver(SECRET)

    async def main() -> None:
        async with receiver.claim(body, sign(body, SECRET)):
            raise AssertionError("the event is handled")

    with pytest.raises(ConfigurationError, match="async with a claim runs on asyncio only"):
        run(main)


def test_the_documented_test_passes_with_trio_installed(tmp_path: Path) -> None:
    """As it is printed, and without the choice of a library."""
    pytest.importorskip("trio")
    page = Path("docs/testing.md").read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "anyio" in block)
    bare = "import pytest\n\n\n" + code[code.index("@pytest.mark.anyio") :]
    (tmp_path / "test_chosen.py").write_text(code)
    (tmp_path / "test_bare.py").write_text(bare)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
    )
    assert re.search(r"\b2 passed, 1 skipped", done.stdout), done.stdout


def test_on_asyncio_nothing_is_different() -> None:
    assert asyncio.run(AsyncRuntime().run_blocking(int)) == 0
