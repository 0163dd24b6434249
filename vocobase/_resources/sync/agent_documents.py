# Derived from vocobase/_resources/aio/agent_documents.py by scripts/derive_sync.py; edit that instead.
"""The documents in the knowledge base of an agent."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from typing import TYPE_CHECKING

from vocobase._base.arguments import as_ids, check_seconds
from vocobase._base.values import as_list
from vocobase._folders.folder_plan import SyncReport, SyncStep
from vocobase._folders.sync.folder_sync import sync_folder
from vocobase._policy.options import Timeout
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase._waiting.sync.documents import wait_for_sync
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import Confirmation, DocumentLinkResult, LinkedDocument


class AgentDocuments(Resource):
    """The documents in the knowledge base of an agent."""

    def link(self, agent_id: str, document_ids: Sequence[str]) -> DocumentLinkResult:
        """Link up to 20 documents to the knowledge base of an agent.

        Args:
            agent_id: Agent id.
            document_ids: Documents to link (1 to 20 entries).

        Returns:
            The ``DocumentLinkResult``.

        Raises:
            ValidationFailedError: no ids, more than 20, or malformed ones.
            NotFoundError: unknown agent or document, or owned by another account.

        Retries: automatic.
        Documentation: Agent Documents, Link documents to an agent.
        """
        return self._core.call(
            api.agents_documents.link.build(
                agent_id, body=models.AgentsDocumentsLinkRequest(document_ids=as_list(document_ids))
            ),
            api.agents_documents.link.parse,
        )

    def list(self, agent_id: str) -> Page[LinkedDocument]:
        """Return all documents that are linked to an agent, with their sync state.

        Args:
            agent_id: Agent id.

        Returns:
            A page of ``LinkedDocument``.

        Raises:
            NotFoundError: unknown agent, or owned by another account.

        Retries: automatic.
        Documentation: Agent Documents, List linked documents.
        """
        return self._core.page(
            api.agents_documents.list_.build(agent_id), "documents", models.LinkedDocument.from_dict
        )

    def iter(self, agent_id: str) -> Iterator[LinkedDocument]:
        """Iterate over the documents that are linked to an agent; the API returns them in one response.

        Args:
            agent_id: Agent id.

        Returns:
            An iterator of ``LinkedDocument``.

        Raises:
            NotFoundError: unknown agent, or owned by another account.

        Retries: automatic.
        Documentation: Agent Documents, List linked documents.
        """
        for item in self.list(agent_id):
            yield item

    def unlink(self, agent_id: str, document_id: str) -> Confirmation:
        """Unlink a document from an agent; the document itself is kept.

        Args:
            agent_id: Agent id.
            document_id: Document to unlink.

        Returns:
            The ``Confirmation``.

        Raises:
            NotFoundError: unknown agent or document, or the document is not linked.

        Retries: automatic.
        Documentation: Agent Documents, Unlink a document from an agent.
        """
        return self._core.call(
            api.agents_documents.unlink.build(agent_id, document_id), api.agents_documents.unlink.parse
        )

    def sync(
        self,
        agent_id: str,
        folder: str | PathLike[str],
        *,
        dry_run: bool = False,
        manifest: str | PathLike[str] | None = None,
        pattern: str = "*",
        on_progress: Callable[[SyncStep], None] | None = None,
        transfer_timeout: float | Timeout | None = None,
    ) -> SyncReport:
        """Bring the knowledge base of an agent in line with a folder: upload and link, rename, remove.

        Files are compared by content (SHA-256) with the documents that earlier runs created, which are
        recorded in a manifest; other documents are never touched. If the manifest is lost, it is rebuilt from
        the descriptions of the documents. New versions are linked before old ones are removed, unless the
        agent would have too many. If a run is interrupted at any point, the next one finishes it without a
        second upload. Subfolders are included and hidden files ignored; links that lead out of the folder and
        unknown types are reported. Run one synchronisation per agent at a time.

        Args:
            agent_id: Agent id.
            folder: The folder.
            dry_run: Only read, and return the plan.
            manifest: File that records the documents; by default ``.vocobase-<agent id>.json`` in the folder.
                Each folder needs its own.
            pattern: Only files whose path in the folder matches, such as ``*.md`` or ``faq/*``; ``*`` matches
                slashes too. Documents of other files stay.
            on_progress: Called with each ``SyncStep`` when it is done.
            transfer_timeout: Seconds for sending the bytes of one file; by default 15 minutes.

        Returns:
            The ``SyncReport``; ``print()`` it, and check ``failed``.

        Raises:
            InvalidArgumentError: the folder or the manifest cannot be read or used, or there would be more
                than 100 documents.
            ConfigurationError: the manifest cannot be written, or another run has written it.
            NotFoundError: unknown agent, or owned by another account.
            OutcomeUnknownError: a response was lost; synchronise again, and the next run finishes the step.

        Retries: automatic.
        Documentation: Agent Documents, Link documents to an agent, and Documents.
        """
        return sync_folder(
            self._core.paced(),
            agent_id,
            folder,
            dry_run=dry_run,
            manifest=manifest,
            pattern=pattern,
            on_progress=on_progress,
            transfer_timeout=transfer_timeout,
        )

    def wait_synced(
        self, agent_id: str, document_ids: Iterable[str] | None = None, *, timeout: float = 300.0
    ) -> builtins.list[LinkedDocument]:
        """Wait until the documents of an agent are in its knowledge base.

        Only the state ``pending`` is documented, so any other counts as settled; ``failed`` and ``error``
        count as failures, which is inferred.

        Args:
            agent_id: Agent id.
            document_ids: Documents to wait for; all that are linked if omitted.
            timeout: Longest wait in seconds, requests included.

        Returns:
            The ``LinkedDocument`` of each document.

        Raises:
            DocumentSyncFailedError: the sync of a document failed; ``document`` holds it.
            LookupFailedError: a document is not linked to the agent.
            WaitTimeoutError: not all were synced in time; ``last`` holds them.
            NotFoundError: no such agent, or it belongs to another account.
            InvalidArgumentError: the timeout or an id is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Agent Documents, List linked documents.
        """
        what = "agents.documents.wait_synced"
        check_seconds(timeout, f"{what}: timeout")
        ids = None if document_ids is None else as_ids(document_ids, f"{what}: document_ids")
        return wait_for_sync(self._core, agent_id, ids, timeout=timeout)
