"""The documents in the knowledge base of an agent."""

from __future__ import annotations

from collections.abc import Sequence

from vocobase._async.resource import AsyncResource
from vocobase._pagination import Page
from vocobase._values import as_list
from vocobase_raw.api.agents_documents import link as agents_documents_link
from vocobase_raw.api.agents_documents import list_ as agents_documents_list
from vocobase_raw.api.agents_documents import unlink as agents_documents_unlink
from vocobase_raw.models.agents_documents_link_request import AgentsDocumentsLinkRequest
from vocobase_raw.models.confirmation import Confirmation
from vocobase_raw.models.document_link_result import DocumentLinkResult
from vocobase_raw.models.linked_document import LinkedDocument


class AsyncAgentDocuments(AsyncResource):
    """The documents in the knowledge base of an agent."""

    async def link(self, agent_id: str, document_ids: Sequence[str]) -> DocumentLinkResult:
        """Attach up to 20 documents to the knowledge base of an agent.

        Args:
            agent_id: Agent id.
            document_ids: Documents to link (at most 20 entries).

        Returns:
            The :class:`DocumentLinkResult`.

        Raises:
            ValidationFailed: no ids, more than 20 ids, or malformed ids.
            NotFound: unknown agent or document, or owned by another account.
            VocobaseError: see :mod:`vocobase` for what every call can raise.

        Repeat: safe; the client does it by itself.
        Documentation: Agent Documents, Link documents to an agent.
        """
        return await self._call(
            agents_documents_link.build(
                agent_id, body=AgentsDocumentsLinkRequest(document_ids=as_list(document_ids))
            ),
            agents_documents_link.parse,
        )

    async def list(self, agent_id: str) -> Page[LinkedDocument]:
        """List all documents linked to an agent with their sync state.

        Args:
            agent_id: Agent id.

        Returns:
            A page of :class:`LinkedDocument`.

        Raises:
            NotFound: no such agent, or it belongs to another account.
            VocobaseError: see :mod:`vocobase` for what every call can raise.

        Repeat: safe; the client does it by itself.
        Documentation: Agent Documents, List linked documents.
        """
        return await self._page(agents_documents_list.build(agent_id), "documents", LinkedDocument.from_dict)

    async def unlink(self, agent_id: str, document_id: str) -> Confirmation:
        """Remove the link between a document and an agent; the document stays.

        Args:
            agent_id: Agent id.
            document_id: Document to unlink.

        Returns:
            The confirmation text.

        Raises:
            NotFound: unknown agent or document, or no such link.
            VocobaseError: see :mod:`vocobase` for what every call can raise.

        Repeat: safe; the client does it by itself.
        Documentation: Agent Documents, Unlink a document from an agent.
        """
        return await self._call(
            agents_documents_unlink.build(agent_id, document_id), agents_documents_unlink.parse
        )
