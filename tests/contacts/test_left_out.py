"""Contacts that must not be called are left out of an import, with the reasons."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.contacts.support import mobile, people, posts
from vocobase import DoNotCall, Vocobase
from vocobase.contacts import ImportReport
from vocobase_sandbox import Sandbox


def test_an_async_function_is_awaited_by_the_async_client(sandbox: Sandbox, campaign: str) -> None:
    from vocobase import AsyncVocobase

    async def registry(number: str) -> bool:
        await asyncio.sleep(0)
        return number == mobile(1)

    async def work() -> ImportReport:
        transport = sandbox.async_transport()
        async with AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as client:
            return await client.campaigns.import_contacts(campaign, people(3), do_not_call=registry)

    assert asyncio.run(work()) == ImportReport(rows=3, added=2, do_not_call=1)


def test_a_lost_list_sends_nothing(vb: Vocobase, sandbox: Sandbox, campaign: str, tmp_path: Path) -> None:
    from vocobase import LedgerError

    place = tmp_path / "ledger.sqlite"
    with DoNotCall(place) as listed:
        listed.add(mobile(1))
        place.unlink()
        with pytest.raises(LedgerError):
            vb.campaigns.import_contacts(campaign, people(3), do_not_call=listed)
    assert posts(sandbox) == 0
