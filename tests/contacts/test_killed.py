"""An import that is killed at any point and run again puts everyone on the campaign once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from vocobase import Ledger, Vocobase, open_ledger
from vocobase.contacts import ImportReport
from vocobase_sandbox import Sandbox

from .support import Freely, mobile

OnServer = Callable[[str], dict[str, Any]]
PEOPLE, CHUNK, KILLS = 40, 14, 200


class Killed(BaseException):
    """Stands for the end of the process: nothing more can be done."""


class Fuse:
    """Let a process live for this many steps."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.used = 0

    def step(self) -> None:
        self.used += 1
        if self.used > self.steps:
            raise Killed


class MortalLedger:
    """A ledger in a process that may end before and after each thing it does."""

    def __init__(self, ledger: Ledger, fuse: Fuse) -> None:
        self._ledger, self._fuse = ledger, fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ledger, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self._fuse.step()
            result = method(*arguments, **options)
            self._fuse.step()
            return result

        return call


def mortal(path: Path, fuse: Fuse) -> Any:
    return MortalLedger(open_ledger(path), fuse)


def load(client: Vocobase, campaign: str, path: Path, ledger: Any) -> ImportReport:
    return client.campaigns.import_contacts(campaign, path, ledger=ledger, chunk_size=CHUNK)


def mortal_client(sandbox: Sandbox, fuse: Fuse, sent: list[int]) -> Vocobase:
    """A client whose process may end before a request, after it, and before its answer."""
    inner = sandbox.transport()

    def handle(request: httpx.Request) -> httpx.Response:
        fuse.step()
        answer = inner.handle_request(request)
        if request.method == "POST":
            sent.append(request.content.count(b'"phone"'))
        fuse.step()
        return answer

    transport = httpx.MockTransport(handle)
    return Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport, pace=Freely())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A list, with a bad row and a duplicate."""
    path = tmp_path / "people.csv"
    rows = [mobile(n) for n in range(PEOPLE)]
    path.write_text("\n".join(["phone", *rows[:20], "12", rows[3], *rows[20:]]))
    return path


@pytest.fixture
def served(sandbox: Sandbox) -> Iterator[str]:
    """The address of the emulator on loopback."""
    with sandbox.serve() as server:
        yield server.base_url


def test_an_import_that_ends_at_any_step_is_completed_by_the_next(
    sandbox: Sandbox, vb: Vocobase, campaign: str, on_server: OnServer, path: Path, tmp_path: Path
) -> None:
    agent = vb.campaigns.get(campaign).agent_id
    endless = Fuse(10**9)
    with mortal_client(sandbox, endless, []) as client:
        load(client, campaign, path, mortal(tmp_path / "0", endless))
    chosen = random.Random(7)
    kills = number = 0
    while kills < KILLS:
        # Each step once; then several in a row, so that the next run is ended as well.
        steps = [number] if number < endless.used else chosen.sample(range(endless.used), 4)
        number += 1
        campaign = vb.campaigns.create(f"C{number}", agent, provider="twilio").campaign_id
        ledger = tmp_path / str(number)
        sent: list[int] = []
        for fuse in [*map(Fuse, steps), Fuse(10**9)]:
            with mortal_client(sandbox, fuse, sent) as client:
                try:
                    load(client, campaign, path, mortal(ledger, fuse))
                except Killed:
                    kills += 1
        assert list(on_server(campaign)) == [mobile(n) for n in range(PEOPLE)]
        assert open_ledger(ledger).counts(f"import:{campaign}")["done"] == PEOPLE
        # Only a chunk of unknown outcome is sent again.
        assert sum(sent) <= PEOPLE + CHUNK * len(steps)


class Imports:
    """Imports of one file, in processes that can be killed."""

    def __init__(self, served: str, sandbox: Sandbox, path: Path, chunk: int) -> None:
        script = str(Path(__file__).with_name("importer.py"))
        command = [sys.executable, script, served, sandbox.api_key, str(path), str(chunk)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, campaign: str, ledger: Path) -> int:
        """Return the number of a process that has begun to import."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{campaign} {ledger}\n")
        self._process.stdin.flush()
        return int(self.line())

    def line(self) -> str:
        """Return what was told next."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def close(self) -> None:
        self._process.communicate()


def killed(imports: Imports, campaign: str, ledger: Path, chosen: random.Random) -> bool:
    """Kill an import between two of its steps, or in one; return False when it was faster."""
    number = imports.start(campaign, ledger)
    # By its own steps, as a busy machine takes long for each of them.
    for _ in range(chosen.randrange(14)):
        if (line := imports.line()).startswith("ended"):
            assert line == "ended 0\n"
            return False
    time.sleep(chosen.uniform(0, 0.004))
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
    while not (line := imports.line()).startswith("ended"):
        pass
    assert line in ("ended 0\n", f"ended {-signal.SIGKILL}\n")
    return line != "ended 0\n"


def test_imports_that_are_killed_two_hundred_times_lose_and_double_nobody(
    served: str, sandbox: Sandbox, vb: Vocobase, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    people = [mobile(n) for n in range(100)]
    path.write_text("\n".join(["phone", *people]))
    agent = vb.campaigns.get(campaign).agent_id
    chosen = random.Random(11)
    kills = 0
    found: set[int] = set()
    with closing(Imports(served, sandbox, path, 10)) as imports:
        while kills < KILLS:
            campaign = vb.campaigns.create(f"C{kills}", agent, provider="twilio").campaign_id
            ledger = tmp_path / campaign
            repeated = 0
            while killed(imports, campaign, ledger, chosen):
                repeated += 1
                found.add(len(on_server(campaign)))
            kills += repeated
            assert list(on_server(campaign)) == people
            assert open_ledger(ledger).counts(f"import:{campaign}")["done"] == len(people)
            route = f"/api/v2/campaigns/{campaign}/contacts"
            sent = sum(row.get("path") == route for row in sandbox.events)
            assert 10 <= sent <= 10 + repeated, "only a chunk of unknown outcome is sent again"
    assert len(found) >= 8, "the kills came at different points"


def test_two_processes_at_once_lose_and_double_nobody(
    served: str, sandbox: Sandbox, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    both: list[Imports] = []
    with ExitStack() as stack:
        for first, last in ((0, 1_500), (1_000, 2_500)):
            path = tmp_path / f"{first}.csv"
            path.write_text("\n".join(["phone", *(mobile(n) for n in range(first, last))]))
            both.append(stack.enter_context(closing(Imports(served, sandbox, path, 25))))
        for imports in both:
            imports.start(campaign, ledger)
        for imports in both:
            while not (line := imports.line()).startswith("ended"):
                pass
            assert line == "ended 0\n"
    assert set(on_server(campaign)) == {mobile(n) for n in range(2_500)}
    counts = open_ledger(ledger).counts(f"import:{campaign}")
    assert counts["waiting"] == counts["claimed"] == 0
    # What one had taken over from the other at the end may be parked; all of it is on the campaign.
    assert counts["done"] + counts["parked"] == 2_500


def test_the_list_may_change_between_two_runs(
    sandbox: Sandbox, campaign: str, on_server: OnServer, path: Path, tmp_path: Path
) -> None:
    ledger, fuse = tmp_path / "ledger.sqlite", Fuse(15)
    with mortal_client(sandbox, fuse, []) as client, pytest.raises(Killed):
        load(client, campaign, path, mortal(ledger, fuse))
    before = set(on_server(campaign))
    assert 0 < len(before) < PEOPLE
    removed = [mobile(n) for n in range(PEOPLE) if mobile(n) not in before][:3]
    lines = [line for line in path.read_text().split("\n")[1:] if line not in removed]
    random.Random(3).shuffle(lines)
    path.write_text("\n".join(["Mobile", mobile(900), *lines]))
    with mortal_client(sandbox, Fuse(10**9), []) as client:
        report = load(client, campaign, path, ledger)
    assert set(on_server(campaign)) == {mobile(900)} | {mobile(n) for n in range(PEOPLE)} - set(removed)
    assert report.added == PEOPLE + 1 - len(removed) - len(before)
