# Derived from tests/waiting/aio/test_documents.py by scripts/derive_sync.py; edit that instead.
"""Waiting until documents are in a knowledge base."""

from __future__ import annotations

import pickle
from contextlib import ExitStack
from typing import Any

import pytest

import vocobase
from tests.waiting.support import Clock, responses
from tests.waiting.sync.clients import client_for
from vocobase import Vocobase
from vocobase_sandbox import Sandbox


def test_documents_are_returned_when_all_are_synced(sandbox: Sandbox, vb: Vocobase, agent_id: str) -> None:
    with client_for(sandbox) as client:
        assert client.agents.documents.wait_synced(agent_id) == []
        ids = [vb.documents.add_web_link(f"d{n}", "https://example.com").id for n in range(3)]
        vb.agents.documents.link(agent_id, ids)
        some = client.agents.documents.wait_synced(agent_id, ids[:2])
        assert {document.id for document in some} == set(ids[:2])
        found = client.agents.documents.wait_synced(agent_id)
        assert {document.id for document in found} == set(ids)
        assert all(document.sync_status == "synced" for document in found)
        with pytest.raises(vocobase.LookupFailedError, match="'other'"):
            client.agents.documents.wait_synced(agent_id, [*ids, "other"])
        with pytest.raises(vocobase.NotFoundError):
            client.agents.documents.wait_synced("nobody")


def test_documents_settle_in_any_state_but_pending(stack: ExitStack) -> None:
    Clock(stack)

    def linked(*states: str) -> dict[str, Any]:
        return {"documents": [{"id": str(n), "sync_status": state} for n, state in enumerate(states)]}

    with client_for(respond=responses(linked("pending", "synced"), 500, linked("odd", "synced"))) as client:
        found = client.agents.documents.wait_synced("a")
    assert [str(document.sync_status) for document in found] == ["odd", "synced"]
    odd = {"documents": [{"id": ["x"], "sync_status": {"x": 1}}, {"id": "d", "sync_status": "synced"}]}
    with client_for(respond=responses(odd)) as client:
        (document,) = client.agents.documents.wait_synced("a", ["d"])
        assert document.id == "d"
        with pytest.raises(vocobase.LookupFailedError, match="'other'"):
            client.agents.documents.wait_synced("a", ["d", "other"])
    for state in ("failed", "ERROR"):
        with client_for(respond=responses(linked("pending", state))) as client:
            with pytest.raises(vocobase.DocumentSyncFailedError, match=state) as caught:
                client.agents.documents.wait_synced("a")
        error = pickle.loads(pickle.dumps(caught.value))
        assert (error.document.id, len(error.documents)) == ("1", 2)
    with client_for(respond=responses(linked("pending"))) as client:
        with pytest.raises(vocobase.WaitTimeoutError) as late:
            client.agents.documents.wait_synced("a", timeout=7)
    assert [document.id for document in late.value.last] == ["0"]
