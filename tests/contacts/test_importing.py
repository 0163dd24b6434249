"""A list of any length is added to a campaign, once."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contacts.support import people
from tests.fake_time import FakeClock, fake_time
from vocobase import (
    AsyncVocobase,
    Vocobase,
    open_ledger,
)
from vocobase.contacts import ImportReport
from vocobase_sandbox import Sandbox

_SPEC = importlib.util.spec_from_file_location("bench_contacts", "benchmarks/bench_contacts.py")
bench = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(bench)


def test_the_report_reads_well() -> None:
    assert repr(ImportReport(rows=3, added=2, bad=1)) == (
        "ImportReport(rows=3, added=2, skipped=0, known=0, duplicates=0, bad=1, uncounted=0,"
        " do_not_call=0, no_consent=0, consent_expired=0)"
    )


@pytest.mark.parametrize(
    ("data", "counts"),
    [
        ({}, {"uncounted": 5}),
        ({"added": None, "duplicates": None}, {"uncounted": 5}),
        ({"added": 3, "duplicates": 1}, {"added": 3, "skipped": 1, "uncounted": 1}),
        ({"imported": 4, "invalid": 1}, {"uncounted": 5}),
        ({"added": 4.0, "duplicates": 1}, {"added": 4, "skipped": 1}),
        ({"added": "4", "duplicates": [1]}, {"uncounted": 5}),
        ({"added": -1, "duplicates": 5}, {"skipped": 5}),
        ({"added": 4, "duplicates": 70}, {"added": 4, "skipped": 1}),
        ({"added": 70, "duplicates": 1}, {"added": 5}),
    ],
)
def test_the_report_stays_a_sum_whatever_the_server_counts(
    sandbox: Sandbox, campaign: str, data: dict[str, Any], counts: dict[str, int]
) -> None:
    inner = sandbox.transport()

    def handle(request: httpx.Request) -> httpx.Response:
        answer = inner.handle_request(request)
        return (
            answer if request.method == "GET" else httpx.Response(200, json={"success": True, "data": data})
        )

    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=httpx.MockTransport(handle)) as vb:
        report = vb.campaigns.import_contacts(campaign, people(5))
    assert report == ImportReport(rows=5, **counts)
    assert all(type(value) is int for value in dataclasses.astuple(report))


def test_an_import_paces_itself(sandbox: Sandbox, campaign: str) -> None:
    clock = FakeClock()
    with (
        fake_time(clock),
        Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb,
    ):
        vb.campaigns.import_contacts(campaign, people(62), chunk_size=1)
    assert clock.pauses == [60.0]


def test_a_cancelled_import_records_nothing_as_sent(sandbox: Sandbox, campaign: str, tmp_path: Path) -> None:
    inner = sandbox.async_transport()
    arrived = asyncio.Event()

    async def handle(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            arrived.set()
            await asyncio.sleep(60)
        return await inner.handle_async_request(request)

    async def work() -> None:
        transport = httpx.MockTransport(handle)
        async with AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as vb:
            task = asyncio.create_task(
                vb.campaigns.import_contacts(campaign, people(5), ledger=tmp_path / "ledger.sqlite")
            )
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(work())
    assert not any(open_ledger(tmp_path / "ledger.sqlite").counts(f"import:{campaign}").values())


def test_a_client_loads_nothing_of_contacts_until_they_are_imported() -> None:
    code = (
        "import sys; from vocobase import Vocobase; Vocobase('rg_live_x').campaigns;"
        "print([name for name in sys.modules if 'contacts' in name and name.startswith('vocobase.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_memory_stays_the_same_for_longer_lists(tmp_path: Path) -> None:
    def peak(rows: int) -> float:
        path = tmp_path / f"{rows}.csv"
        bench.write(path, rows, bench.FORMS[bench.PLAIN][1])
        found = bench.run("import with a ledger", path, address, rows)
        return float(found["peak_mib"])

    with bench.running() as address:
        small, large = peak(15_000), peak(60_000)
    assert large - small < 8
    assert large < 150
