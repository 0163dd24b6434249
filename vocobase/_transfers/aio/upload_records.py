"""The requests of an upload: create a record, confirm its file, delete the record of a failed upload."""

from __future__ import annotations

from typing import Protocol, TypeVar

from vocobase._base.errors import (
    OutcomeUnknownError,
    UploadRejectedError,
    ValidationFailedError,
    VocobaseError,
    one_line,
)
from vocobase._core.aio.core import AsyncCore
from vocobase._transport.exchange import raise_if_interrupted
from vocobase_raw.api.background_audio import create_upload as background_audio_create_upload
from vocobase_raw.api.background_audio import delete as background_audio_delete
from vocobase_raw.api.background_audio import finalize as background_audio_finalize
from vocobase_raw.api.background_audio import list_ as background_audio_list
from vocobase_raw.api.documents import confirm as documents_confirm
from vocobase_raw.api.documents import create_upload as documents_create_upload
from vocobase_raw.api.documents import delete as documents_delete
from vocobase_raw.api.documents import get as documents_get
from vocobase_raw.models.background_audio import BackgroundAudio
from vocobase_raw.models.background_audio_create_upload_request import BackgroundAudioCreateUploadRequest
from vocobase_raw.models.background_audio_upload import BackgroundAudioUpload
from vocobase_raw.models.document import Document
from vocobase_raw.models.document_upload import DocumentUpload
from vocobase_raw.models.documents_create_upload_request import DocumentsCreateUploadRequest

T_co = TypeVar("T_co", covariant=True)


class AsyncRecords(Protocol[T_co]):
    """The operations of one kind of upload.

    Attributes:
        what: The helper, for messages.
        id_member: The member of a created record that holds its id.
    """

    what: str
    id_member: str

    async def create(self, core: AsyncCore) -> DocumentUpload | BackgroundAudioUpload:
        """Create the record, and return its id and a presigned URL."""
        ...

    async def confirm(self, core: AsyncCore, record_id: str) -> T_co:
        """Report that the file is in the object store, and return the usable object."""
        ...

    async def delete(self, core: AsyncCore, record_id: str) -> object:
        """Delete the record."""
        ...


class AsyncDocumentRecords:
    """The operations of the upload of a document."""

    what = "documents.upload"
    id_member = "document_id"

    def __init__(self, name: str, size: int, mime_type: str) -> None:
        self._body = DocumentsCreateUploadRequest(name=name, file_size=size, mime_type=mime_type)

    async def create(self, core: AsyncCore) -> DocumentUpload:
        """Create a document in status uploading."""
        return await core.call(documents_create_upload.build(body=self._body), documents_create_upload.parse)

    async def confirm(self, core: AsyncCore, record_id: str) -> Document:
        """Confirm a document; if the response is lost, read first whether it was confirmed."""
        request = documents_confirm.build(record_id)
        try:
            return await core.call(request, documents_confirm.parse)
        except OutcomeUnknownError as unknown:
            raise_if_interrupted(unknown)
            try:
                found = await core.call(documents_get.build(record_id), documents_get.parse)
            except VocobaseError as error:
                raise unknown from error
            if found.status != "uploading":
                return Document.from_dict(found.to_dict())
            return await core.call(request, documents_confirm.parse)

    async def delete(self, core: AsyncCore, record_id: str) -> object:
        """Delete a document."""
        return await core.call(documents_delete.build(record_id), documents_delete.parse)


class AsyncTrackRecords:
    """The operations of the upload of a background audio track."""

    what = "background_audio.upload"
    id_member = "id"

    def __init__(self, slug: str, label: str, size: int, mime_type: str) -> None:
        self._body = BackgroundAudioCreateUploadRequest(
            slug=slug, label=label, mime_type=mime_type, size_bytes=size
        )

    async def create(self, core: AsyncCore) -> BackgroundAudioUpload:
        """Create a track without a file."""
        request = background_audio_create_upload.build(body=self._body)
        return await core.call(request, background_audio_create_upload.parse)

    async def confirm(self, core: AsyncCore, record_id: str) -> BackgroundAudio:
        """Finalize a track; a file that fails the checks is an error status or a track that is FAILED.

        Raises:
            UploadRejectedError: the server refused the file.
        """
        try:
            track = await self._finalize(core, record_id)
        except ValidationFailedError as error:
            raise self._refused(error.api_message) from error
        if track.status == "FAILED":
            raise self._refused(track.additional_properties.get("error"))
        return track

    def _refused(self, reason: object) -> UploadRejectedError:
        shown = one_line(reason or "the server gave no reason").removesuffix(".")
        return UploadRejectedError(f"{self.what}: the server refused the file: {shown}.")

    async def _finalize(self, core: AsyncCore, record_id: str) -> BackgroundAudio:
        """Finalize a track; if the response is lost, read first whether it was finalized."""
        request = background_audio_finalize.build(record_id)
        try:
            return await core.call(request, background_audio_finalize.parse)
        except OutcomeUnknownError as unknown:
            raise_if_interrupted(unknown)
            try:
                tracks = await core.page(background_audio_list.build(), "assets", BackgroundAudio.from_dict)
            except VocobaseError as error:
                raise unknown from error
            found = next((track for track in tracks if track.id == record_id), None)
            if found is not None and found.status in ("READY", "FAILED"):
                return found
            return await core.call(request, background_audio_finalize.parse)

    async def delete(self, core: AsyncCore, record_id: str) -> object:
        """Delete a track."""
        return await core.call(background_audio_delete.build(record_id), background_audio_delete.parse)
