"""Reports, exports and archives work wherever the table is kept."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from vocobase import Vocobase
from vocobase.records import Records
from vocobase_sandbox import Sandbox


def lines(folder: Path) -> list[str]:
    return [line for file in folder.rglob("*.jsonl") for line in file.read_text("utf-8").splitlines()]


def test_a_table_is_reported_exported_and_archived_in_every_place(
    account: Sandbox, client: Vocobase, place: str, tmp_path: Path
) -> None:
    project = client.projects.ensure("Client A")
    voice = client.voices.list()[0].id
    agent = client.agents.ensure("Desk", "p", voice_id=voice, enable_recording=True, project_id=project.id)
    before = Decimal(str(client.config.get().credits))
    for number in ("+12025550100", "+12025550101", "+12025550103", "+12025550120"):
        client.calls.start(agent.id, number, provider="twilio")
    account.clock.advance(700)
    with Records.open(place) as records:
        assert records.sync(client).pending == 0
        spent = before - Decimal(str(client.config.get().credits))
        by_day = records.report(by="day")
        assert (by_day.total.attempted, by_day.total.connected) == (4, 3)
        assert round(by_day.total.cost - spent, 6) == 0
        [row] = records.report(by="project", prices={project.id: 9}).rows
        assert row.margin is not None and row.revenue == row.margin + row.cost

        assert records.export(tmp_path / "out").rows == 4
        assert records.export(tmp_path / "out").rows == 0
        assert len(lines(tmp_path / "out")) == 4
        archived = records.archive(client, tmp_path / "archive")
        assert (archived.recordings, archived.transcripts, archived.failed) == (3, 3, ())
        assert records.archive(client, tmp_path / "archive").recordings == 0

        assert records.forget("+12025550100") == 1
        assert records.export(tmp_path / "out").rows == 3
        assert "+12025550100" not in {json.loads(line)["person"] for line in lines(tmp_path / "out")}
