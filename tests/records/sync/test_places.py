# Derived from tests/records/aio/test_places.py by scripts/derive_sync.py; edit that instead.
"""Reports, exports and archives are methods of a table."""

from __future__ import annotations

from pathlib import Path

from vocobase import Vocobase
from vocobase.records import Records
from vocobase_sandbox import Sandbox


def test_a_table_in_a_file_is_reported_exported_and_archived(
    account: Sandbox, client: Vocobase, tmp_path: Path
) -> None:
    voice = client.voices.list()[0].id
    agent = client.agents.ensure("Desk", "p", voice_id=voice, enable_recording=True)
    client.calls.start(agent.id, "+12025550100", provider="twilio")
    account.clock.advance(700)

    transport = account.transport()
    with (
        Vocobase(account.api_key, base_url=account.base_url, transport=transport) as vb,
        Records.open(tmp_path / "calls.sqlite") as records,
    ):
        assert (records.sync(vb)).pending == 0
        assert (records.report(by="agent")).total.connected == 1
        assert (records.export(tmp_path / "out", format="csv")).rows == 1
        assert (records.archive(vb, tmp_path / "archive")).recordings == 1
