# Derived from vocobase/_waiting/aio/documents.py by scripts/derive_sync.py; edit that instead.
"""Wait until documents are in the knowledge base of an agent."""

from __future__ import annotations

from collections.abc import Collection

from vocobase._core.sync.core import Core
from vocobase._policy.pages import Page
from vocobase._waiting.call_results import wait_timeout
from vocobase._waiting.finality import all_synced
from vocobase._waiting.sync.schedule import PollSchedule
from vocobase_raw.api.agents_documents import list_ as agents_documents_list
from vocobase_raw.models.linked_document import LinkedDocument


def wait_for_sync(
    core: Core, agent_id: str, document_ids: Collection[str] | None, *, timeout: float
) -> list[LinkedDocument]:
    """Wait for the documents of an agent; see ``agents.documents.wait_synced``."""
    schedule = PollSchedule(core, timeout)
    last: list[LinkedDocument] | None = None

    def read(core: Core) -> Page[LinkedDocument]:
        return core.page(agents_documents_list.build(agent_id), "documents", LinkedDocument.from_dict)

    while (page := schedule.poll(read)) is not None:
        last = [document for document in page if document_ids is None or document.id in document_ids]
        if all_synced(last, document_ids or ()):
            return last
    text = (
        "agents.documents.wait_synced: not all documents are synced; wait longer, or check later with "
        "agents.documents.list."
    )
    raise wait_timeout(text, last=last, cause=schedule.error)
