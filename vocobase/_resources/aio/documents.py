"""Files and web links for knowledge bases."""

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator, Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from vocobase._base.values import OMIT, Omit
from vocobase._policy.options import Timeout
from vocobase._policy.pages import Page
from vocobase._resources.aio.resource import AsyncResource
from vocobase._transfers.aio.download_many import download_documents
from vocobase._transfers.aio.downloads import download_document
from vocobase._transfers.aio.upload_many import upload_documents
from vocobase._transfers.aio.uploads import upload_document
from vocobase._transfers.sources import SourceLike
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase._policy.choices import DocumentTypeValue
    from vocobase_raw.models import Confirmation, Document, DocumentDetails, DocumentUpload


class AsyncDocuments(AsyncResource):
    """Files and web links for knowledge bases."""

    async def create_upload(
        self, name: str, file_size: int, *, mime_type: DocumentTypeValue
    ) -> DocumentUpload:
        """Create a document record and return a presigned PUT URL for its file.

        Args:
            name: Display name (1 to 100 characters).
            file_size: Size of the file in bytes, at most 50 MiB (1 to 52,428,800).
            mime_type: MIME type; the later PUT must have the same Content-Type (one of application/pdf,
                application/vnd.openxmlformats-officedocument.wordprocessingml.document, text/plain,
                text/markdown, image/png, image/jpeg, image/gif, image/webp).

        Returns:
            The ``DocumentUpload``.

        Raises:
            ValidationFailedError: size or MIME type not accepted, or a value is missing.
            OutcomeUnknownError: no response; check with ``documents.list``, because a second request creates
                another record.

        Retries: only if the API certainly did not process the request.
        Documentation: Documents, Get presigned upload URL.
        """
        return await self._core.call(
            api.documents.create_upload.build(
                body=models.DocumentsCreateUploadRequest(name=name, file_size=file_size, mime_type=mime_type)
            ),
            api.documents.create_upload.parse,
        )

    async def upload(
        self,
        source: SourceLike,
        *,
        name: str | None = None,
        mime_type: DocumentTypeValue | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        transfer_timeout: float | Timeout | None = None,
    ) -> Document:
        """Upload a file as a document: presign, PUT, confirm.

        Size and type are checked before anything is sent. A broken transfer starts over; if the URL expires,
        a new record with a new URL is created once. If the upload fails, the unfinished record is deleted and
        the first error is raised.

        Args:
            source: A path, bytes, or a binary file, which is read from its current position (at most
                52,428,800 bytes).
            name: Display name (1 to 100 characters); by default the file name.
            mime_type: Type of the file; by default detected from ``name``, or else from the file name.
            on_progress: Called with the bytes sent so far and the size, after every piece.
            transfer_timeout: Seconds for sending the bytes to one URL, including retries; by default 15
                minutes, the lifetime of a URL. The client's own timeout applies to its other requests.

        Returns:
            The ``Document``, ready to be linked.

        Raises:
            InvalidArgumentError: the source is not a path, bytes or a file, or the name is not a string.
            UploadRejectedError: wrong type or size (nothing was sent), or refused by the object store, in
                which case ``status`` is set.
            UploadExpiredError: two presigned URLs expired before the transfer was complete.
            UploadError: the source cannot be read, or changed during the upload.

        Retries: you may call it again after an error; after a success, that creates a second document.
        Documentation: Documents, Get presigned upload URL and Confirm document upload.
        """
        return await upload_document(
            self._core,
            source,
            name=name,
            mime_type=mime_type,
            on_progress=on_progress,
            transfer_timeout=transfer_timeout,
        )

    async def upload_many(
        self,
        paths: Iterable[str | PathLike[str]],
        *,
        concurrency: int = 4,
        on_progress: Callable[[int, int], None] | None = None,
        transfer_timeout: float | Timeout | None = None,
    ) -> list[Document]:
        """Upload several files concurrently, under their own names.

        A failure does not stop the other files, unless the key or account was refused. Each file takes two of
        the 60 requests per minute, and the method stays within that limit. Ctrl-C or a cancellation ends the
        transfers and deletes their unfinished records; complete documents stay.

        Args:
            paths: Paths of files.
            concurrency: Number of files that are sent at the same time (1 to 16).
            on_progress: Called with the bytes sent so far and the size of all files together, by one thread
                at a time. The bytes of a transfer that starts over no longer count.
            transfer_timeout: Seconds for sending the bytes of one file; by default 15 minutes.

        Returns:
            The documents, in the order of the paths.

        Raises:
            UploadsFailedError: some files were not uploaded; ``results`` has the document or the error of
                each.
            InvalidArgumentError: not a list of paths; nothing was sent.

        Retries: after an error, call it again with the paths whose result has an ``error``.
        Documentation: Documents, Get presigned upload URL and Confirm document upload.
        """
        return await upload_documents(
            self._core.paced(),
            paths,
            concurrency=concurrency,
            on_progress=on_progress,
            transfer_timeout=transfer_timeout,
        )

    async def download(
        self,
        document_id: str,
        dest: str | PathLike[str],
        *,
        transfer_timeout: float | Timeout | None = None,
    ) -> Path:
        """Download the file of a document.

        The file appears under its name only when it is complete. A broken transfer starts over; an expired
        URL is replaced once.

        Args:
            document_id: Document id.
            dest: Path of the file. An existing file is replaced; so is a symbolic link, not its target.
            transfer_timeout: Seconds for the transfer, including retries; by default 15 minutes.

        Returns:
            The path.

        Raises:
            InvalidArgumentError: ``dest`` is not a path, or leads to a folder or something else that is not a
                file.
            NotFoundError: unknown document, or owned by another account.
            LookupFailedError: the document has no file: it is a web link, or its upload was never confirmed.
            DownloadError: the file cannot be written; no part of it stays behind.
            ResponseError: the object store refused, or the body is damaged.

        Retries: automatic.
        Documentation: Documents, Get a document.
        """
        return await download_document(self._core, document_id, dest, transfer_timeout)

    async def download_all(
        self,
        folder: str | PathLike[str],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        transfer_timeout: float | Timeout | None = None,
    ) -> builtins.list[Path]:
        """Download the files of all documents into one folder.

        A document may have any name, so its file gets a safe one (see ``vocobase.safe_filename``): no name
        leaves the folder. Of documents with the same name, ignoring case, the oldest keeps it; to the
        others a part of the id is added. Each file appears only when it is complete. Web links and unfinished
        uploads are skipped. A failure does not stop the other files, unless the key or account was refused.
        The method stays within 60 requests per minute, so 60 files take about a minute.

        Args:
            folder: The folder, which is created if it does not exist. Files with the same names are replaced.
            on_progress: Called after each document with the number of documents so far, and of all.
            transfer_timeout: Seconds for the transfer of one file, including retries; by default 15 minutes.

        Returns:
            The paths, in the order of ``list``: newest document first.

        Raises:
            DownloadsFailedError: some files were not downloaded; ``results`` has the path or the error of
                each.
            InvalidArgumentError: ``folder`` is not a path, or leads to a file; nothing was sent.

        Retries: automatic; you may call it again after an error.
        Documentation: Documents, List documents and Get a document.
        """
        return await download_documents(
            self._core.paced(), folder, on_progress=on_progress, transfer_timeout=transfer_timeout
        )

    def iter(self, *, page_size: int = 100) -> AsyncIterator[Document]:
        """Iterate over all documents, newest first; a row that shifts between pages is returned once.

        Args:
            page_size: Documents per request (1 to 100).

        Returns:
            An iterator of ``Document``.

        Retries: automatic.
        Documentation: Documents, List documents.
        """
        return self._core.walk(
            lambda offset: api.documents.list_.build(limit=page_size, offset=offset),
            "documents",
            models.Document.from_dict,
            lambda document: document.id,
        )

    async def confirm(self, document_id: str) -> Document:
        """Confirm that the file was uploaded; the server checks it and makes the document ready.

        Args:
            document_id: Document id.

        Returns:
            The ``Document``.

        Raises:
            ValidationFailedError: no file at the upload location; the code is plausible, not documented.
            NotFoundError: unknown document.
            OutcomeUnknownError: no response; check with ``documents.get``: the status ready means that it was
                confirmed.

        Retries: only if the API certainly did not process the request.
        Documentation: Documents, Confirm document upload.
        """
        return await self._core.call(api.documents.confirm.build(document_id), api.documents.confirm.parse)

    async def add_web_link(self, name: str, url: str, *, description: str | Omit | None = OMIT) -> Document:
        """Create a document from a web page.

        Args:
            name: Display name; the argument and its limits are inferred (1 to 100 characters).
            url: Address of the page.
            description: Free text.

        Returns:
            The ``Document``.

        Raises:
            OutcomeUnknownError: no response; check with ``documents.list``, because a second request creates
                another record.

        Retries: only if the API certainly did not process the request.
        Documentation: Documents, Add a web link document.
        """
        return await self._core.call(
            api.documents.add_web_link.build(
                body=models.DocumentsAddWebLinkRequest(name=name, url=url, description=description)
            ),
            api.documents.add_web_link.parse,
        )

    async def list(self, *, limit: int | Omit = OMIT, offset: int | Omit = OMIT) -> Page[Document]:
        """Return one page of the partner's documents, newest first.

        Args:
            limit: Page size (1 to 100; default 10).
            offset: Rows to skip (at least 0; default 0).

        Returns:
            A page of ``Document``.

        Retries: automatic.
        Documentation: Documents, List documents.
        """
        return await self._core.page(
            api.documents.list_.build(limit=limit, offset=offset), "documents", models.Document.from_dict
        )

    async def get(self, document_id: str) -> DocumentDetails:
        """Return one document with a download URL and the agents to which it is linked.

        Args:
            document_id: Document id.

        Returns:
            The ``DocumentDetails``.

        Raises:
            NotFoundError: unknown document, or owned by another account.

        Retries: automatic.
        Documentation: Documents, Get a document.
        """
        return await self._core.call(api.documents.get.build(document_id), api.documents.get.parse)

    async def update(
        self, document_id: str, *, name: str | Omit = OMIT, description: str | Omit | None = OMIT
    ) -> Document:
        """Change the name or the description of a document, or both.

        Args:
            document_id: Document id.
            name: New display name; limits from create_upload (1 to 100 characters).
            description: Free text.

        Returns:
            The ``Document``.

        Raises:
            ValidationFailedError: neither name nor description.
            NotFoundError: unknown document.

        Retries: automatic.
        Documentation: Documents, Update a document.
        """
        return await self._core.call(
            api.documents.update.build(
                document_id, body=models.DocumentsUpdateRequest(name=name, description=description)
            ),
            api.documents.update.parse,
        )

    async def delete(self, document_id: str) -> Confirmation:
        """Delete a document and its file permanently, and unlink it from all agents.

        Args:
            document_id: Document id.

        Returns:
            The ``Confirmation``.

        Raises:
            NotFoundError: unknown document.

        Retries: automatic.
        Documentation: Documents, Delete a document.
        """
        return await self._core.call(api.documents.delete.build(document_id), api.documents.delete.parse)
