"""Groups of documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vocobase._base.values import OMIT, Omit, as_list
from vocobase._resources.aio.resource import AsyncResource
from vocobase_raw.api.document_folders import add_document as document_folders_add_document
from vocobase_raw.api.document_folders import create as document_folders_create
from vocobase_raw.models.document_folder import DocumentFolder
from vocobase_raw.models.document_folders_add_document_request import DocumentFoldersAddDocumentRequest
from vocobase_raw.models.document_folders_create_request import DocumentFoldersCreateRequest


class AsyncDocumentFolders(AsyncResource):
    """Groups of documents."""

    async def create(self, name: str, *, description: str | Omit = OMIT) -> DocumentFolder:
        """Create a folder that groups documents and can be linked to agents as a whole.

        Args:
            name: Unique per account; required is inferred (at most 100 characters).
            description: Free text.

        Returns:
            The :class:`DocumentFolder`.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            ConflictError: another folder of the account has this name.
            OutcomeUnknownError: no response; repeat; if it exists, the answer is a ConflictError.

        Retries: only if the API certainly did not process the request.
        Documentation: Document Folders, Create a document folder.
        """
        return await self._core.call(
            document_folders_create.build(
                body=DocumentFoldersCreateRequest(name=name, description=description)
            ),
            document_folders_create.parse,
        )

    async def add_document(self, folder_id: str, document_ids: Sequence[str]) -> Any:
        """Put documents into a folder.

        Args:
            folder_id: Folder id.
            document_ids: Documents to add; several at once although the facade verb is singular.

        Returns:
            Whatever the server sends; its members are not documented.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            NotFoundError: unknown folder or document.
            OutcomeUnknownError: no response; adding again is expected to do no harm, though that is not
                documented.

        Retries: only if the API certainly did not process the request.
        Documentation: Document Folders, Add documents to a folder.
        """
        return await self._core.call(
            document_folders_add_document.build(
                folder_id, body=DocumentFoldersAddDocumentRequest(document_ids=as_list(document_ids))
            ),
            document_folders_add_document.parse,
        )
