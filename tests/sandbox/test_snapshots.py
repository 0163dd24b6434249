"""Snapshots and reset."""

from __future__ import annotations

from tests.sandbox.support import Api


def test_snapshots_restore_everything(api: Api) -> None:
    agent = api.agent()
    call = api.call(agent["id"])
    snapshot = api.sandbox.snapshot()
    before = api.ok("GET", "/agent")
    api.agent()
    api.advance(60)
    assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"
    for _ in range(2):
        api.sandbox.restore(snapshot)
        assert api.ok("GET", "/agent") == before
        assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "pending"
        api.advance(60)
        assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"


def test_reset_restarts_the_identifiers(api: Api) -> None:
    first = api.agent()
    api.advance(100)
    api.sandbox.faults.add("status")
    api.sandbox.reset()
    assert api.ok("GET", "/agent")["total"] == 0
    assert api.agent() == first
