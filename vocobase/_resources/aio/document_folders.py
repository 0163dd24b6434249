"""Groups of documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vocobase._base.values import OMIT, Omit, as_list
from vocobase._resources.aio.resource import AsyncResource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import DocumentFolder


class AsyncDocumentFolders(AsyncResource):
    """Groups of documents."""

    async def create(self, name: str, *, description: str | Omit = OMIT) -> DocumentFolder:
        """Create a folder that groups documents and can be linked to agents as a whole.

        Args:
            name: Name, unique per account; that it is required is inferred (at most 100 characters).
            description: Free text.

        Returns:
            The ``DocumentFolder``.

        Raises:
            ConflictError: another folder of the account has this name.
            OutcomeUnknownError: no response; retry, and a ConflictError means that the folder was created.

        Retries: only if the API certainly did not process the request.
        Documentation: Document Folders, Create a document folder.
        """
        return await self._core.call(
            api.document_folders.create.build(
                body=models.DocumentFoldersCreateRequest(name=name, description=description)
            ),
            api.document_folders.create.parse,
        )

    async def add_document(self, folder_id: str, document_ids: Sequence[str]) -> Any:
        """Add one or more documents to a folder.

        Args:
            folder_id: Folder id.
            document_ids: Documents to add.

        Returns:
            The data of the response; its members are not documented.

        Raises:
            NotFoundError: unknown folder or document.
            OutcomeUnknownError: no response; adding the documents again should be harmless, which is not
                documented.

        Retries: only if the API certainly did not process the request.
        Documentation: Document Folders, Add documents to a folder.
        """
        return await self._core.call(
            api.document_folders.add_document.build(
                folder_id, body=models.DocumentFoldersAddDocumentRequest(document_ids=as_list(document_ids))
            ),
            api.document_folders.add_document.parse,
        )
