"""agents.documents.sync: documents that others own, use, change or remove."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.folders.aio.support import synchronise
from tests.folders.support import Account, Forgetful, Wire, write
from tests.transfers.support import no_pauses  # noqa: F401


async def test_documents_of_others_are_never_touched(account: Account) -> None:
    write(account.folder, faq_md="not ours")
    await synchronise(account)
    assert account.documents() == ["faq.md", "faq.md"]
    (account.folder / "faq.md").unlink()
    await synchronise(account)
    with account.client() as vb:
        assert [row.id for row in vb.documents.iter()] == [account.foreign]


async def test_changes_on_the_server_are_repaired(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b", c_md="c")
    await synchronise(account)
    with account.client() as vb:
        ids = {row.name: row.id for row in vb.agents.documents.list(account.agent)}
        vb.documents.delete(ids["a.md"])
        vb.agents.documents.unlink(account.agent, ids["b.md"])
    report = await synchronise(account)
    assert (report.paths("upload"), report.paths("link")) == (["a.md"], ["b.md"])
    assert account.documents() == ["a.md", "b.md", "c.md", "faq.md"]


async def test_a_document_that_another_agent_uses_is_only_unlinked(account: Account) -> None:
    write(account.folder, a_md="a")
    await synchronise(account)
    with account.client() as vb:
        other = vb.agents.create("Other", "p", voice_id=vb.voices.find().id).id
        [ours] = [row.id for row in vb.agents.documents.list(account.agent) if row.name == "a.md"]
        vb.agents.documents.link(other, [ours])
    (account.folder / "a.md").unlink()
    await synchronise(account)
    with account.client() as vb:
        assert vb.documents.get(ours).status == "ready"
        assert [row.id for row in vb.agents.documents.list(other)] == [ours]
    assert account.documents() == ["faq.md"]


async def test_a_document_that_is_gone_before_its_removal_is_not_an_error(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    await synchronise(account)
    (account.folder / "a.md").unlink()
    (account.folder / "b.md").unlink()

    class Race(Wire):
        """Another program deletes documents during the run."""

        def _before(self, request: httpx.Request) -> bool:
            lost = super()._before(request)
            if self.seen[-1].startswith("GET /documents/"):
                with account.client() as vb:
                    vb.documents.delete(self.seen[-1].rpartition("/")[2])
            return lost

    report = await synchronise(account, Race(account.sandbox))
    assert report.paths("remove") == ["a.md", "b.md"]
    assert not (await synchronise(account)).changed


@pytest.mark.parametrize("member", ["file_size", "mime_type"])
async def test_a_document_with_missing_members_is_still_ours(member: str, account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    await synchronise(account)
    data = json.loads(account.manifest().read_text())
    data["documents"][0]["state"] = "uploading"
    account.manifest().write_text(json.dumps(data))
    assert not (await synchronise(account, Forgetful(account.sandbox, member))).changed
    (account.folder / "a.md").unlink()
    await synchronise(account, Forgetful(account.sandbox, member))
    assert account.documents() == ["b.md", "faq.md"]
    assert len(account.state()) == 2


@pytest.mark.parametrize("agents", ["missing", None, "x", {"a": 1}, [None], [5], [{}], [{"id": None}]])
async def test_a_document_whose_agents_are_unknown_is_only_unlinked(agents: Any, account: Account) -> None:
    write(account.folder, a_md="a")
    await synchronise(account)
    (account.folder / "a.md").unlink()
    members = {} if agents == "missing" else {"agents": agents}
    await synchronise(account, Forgetful(account.sandbox, "agents", **members))
    assert account.documents() == ["faq.md"]
    assert [row[0] for row in account.state()] == ["a.md", "faq.md"]
