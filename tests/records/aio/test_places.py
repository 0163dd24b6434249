"""Reports, exports and archives are methods of a table."""

from __future__ import annotations

from pathlib import Path

from vocobase import AsyncVocobase, Vocobase
from vocobase.records import AsyncRecords
from vocobase_sandbox import Sandbox


async def test_a_table_in_a_file_is_reported_exported_and_archived(
    account: Sandbox, client: Vocobase, tmp_path: Path
) -> None:
    voice = client.voices.list()[0].id
    agent = client.agents.ensure("Desk", "p", voice_id=voice, enable_recording=True)
    client.calls.start(agent.id, "+12025550100", provider="twilio")
    account.clock.advance(700)

    transport = account.async_transport()
    async with (
        AsyncVocobase(account.api_key, base_url=account.base_url, transport=transport) as vb,
        AsyncRecords.open(tmp_path / "calls.sqlite") as records,
    ):
        assert (await records.sync(vb)).pending == 0
        assert (await records.report(by="agent")).total.connected == 1
        assert (await records.export(tmp_path / "out", format="csv")).rows == 1
        assert (await records.archive(vb, tmp_path / "archive")).recordings == 1
