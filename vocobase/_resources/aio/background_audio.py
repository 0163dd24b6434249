"""Tracks that play under the voice of an agent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from vocobase._base.arguments import check_callback, check_id
from vocobase._policy.options import Timeout
from vocobase._policy.pages import Page
from vocobase._resources.aio.resource import AsyncResource
from vocobase._resources.ensured import EnsuredAudio, ensured
from vocobase._transfers.aio.uploads import upload_track
from vocobase._transfers.sources import SourceLike
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase._policy.choices import AudioTypeValue
    from vocobase_raw.models import BackgroundAudio, BackgroundAudioUpload, Confirmation


class AsyncBackgroundAudios(AsyncResource):
    """Tracks that play under the voice of an agent."""

    async def create_upload(
        self, slug: str, label: str, *, mime_type: AudioTypeValue, size_bytes: int
    ) -> BackgroundAudioUpload:
        """Create an asset and return its id with a presigned PUT URL for the WAV file.

        Args:
            slug: Stable identifier that you choose, unique among all assets (pattern
                ``^[a-z0-9][a-z0-9_-]{1,63}$``).
            label: Display name (1 to 80 characters).
            mime_type: Only WAV is accepted in this version; required although the documented sample body
                omits it (one of audio/wav).
            size_bytes: Size of the file in bytes, at most 5 MiB (1 to 5,242,880).

        Returns:
            The ``BackgroundAudioUpload``.

        Raises:
            ConflictError: the slug is taken; the code is plausible, not documented for this operation.
            OutcomeUnknownError: no response; check with ``background_audio.list``, because a retry could
                conflict with the slug of the first request.

        Retries: only if the API certainly did not process the request.
        Documentation: Background Audio, Mint a presigned upload URL.
        """
        return await self._core.call(
            api.background_audio.create_upload.build(
                body=models.BackgroundAudioCreateUploadRequest(
                    slug=slug, label=label, mime_type=mime_type, size_bytes=size_bytes
                )
            ),
            api.background_audio.create_upload.parse,
        )

    async def upload(
        self,
        source: SourceLike,
        *,
        slug: str,
        label: str | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        transfer_timeout: float | Timeout | None = None,
    ) -> BackgroundAudio:
        """Upload a WAV file as a track: presign, PUT, finalize.

        The header of the file is checked before anything is sent; for a stereo file the error message
        contains the command that fixes it. If the upload fails, the unfinished record is deleted and the
        first error is raised.

        Args:
            source: A path, bytes, or a binary file: WAV, mono, PCM or float, at most 5,242,880 bytes and
                5 minutes.
            slug: Stable identifier, unique over all assets (pattern ``^[a-z0-9][a-z0-9_-]{1,63}$``).
            label: Display name (1 to 80 characters); by default the slug.
            on_progress: Called with the bytes sent so far and the size, after every piece.
            transfer_timeout: Seconds for sending the bytes to one URL, including retries; by default 15
                minutes.

        Returns:
            The ``BackgroundAudio``, READY.

        Raises:
            InvalidArgumentError: the source is not a path, bytes or a file.
            UploadRejectedError: not such a WAV file (nothing was sent), or refused by the object store or by
                the server.
            UploadExpiredError: two presigned URLs expired before the transfer was complete.
            UploadError: the source cannot be read, or changed during the upload.
            ConflictError: the slug is taken.

        Retries: you may call it again after an error; after a success, the API refuses the slug.
        Documentation: Background Audio, Mint a presigned upload URL and Finalize an uploaded asset.
        """
        return await upload_track(
            self._core,
            source,
            slug=slug,
            label=label,
            on_progress=on_progress,
            transfer_timeout=transfer_timeout,
        )

    async def ensure(
        self,
        source: SourceLike,
        *,
        slug: str,
        label: str | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        transfer_timeout: float | Timeout | None = None,
    ) -> EnsuredAudio:
        """Upload a WAV file as a track, unless one with this slug is READY.

        The API does not show the bytes of a track, so an existing one is not compared with the file. A track
        with this slug that is not READY, such as an upload that was never finalized, is deleted first.

        Args:
            source: A path, bytes, or a binary file; see ``background_audio.upload``.
            slug: Stable identifier, unique over all assets (pattern ``^[a-z0-9][a-z0-9_-]{1,63}$``).
            label: Display name (1 to 80 characters); by default the slug.
            on_progress: Called with the bytes sent so far and the size, after every piece.
            transfer_timeout: Seconds for sending the bytes to one URL; by default 15 minutes.

        Returns:
            The ``BackgroundAudio``, READY; its ``change`` is ``created`` or ``unchanged``.

        Raises:
            UploadError: see ``background_audio.upload``.
            ConflictError: the slug belongs to an asset that the list does not show.

        Retries: automatic; after an error, call it again: the result is the same.
        Documentation: Background Audio, Mint a presigned upload URL and Finalize an uploaded asset.
        """
        check_callback(on_progress, "background_audio.ensure: on_progress")
        check_id(slug, "background_audio.ensure: slug")
        async for track in self.iter():
            if track.slug != slug:
                continue
            if track.status == "READY" or track.is_platform:
                return ensured(EnsuredAudio, track, "unchanged")
            await self.delete(track.id)
        made = await self.upload(
            source, slug=slug, label=label, on_progress=on_progress, transfer_timeout=transfer_timeout
        )
        return ensured(EnsuredAudio, made, "created")

    async def finalize(self, asset_id: str) -> BackgroundAudio:
        """Have the server check the uploaded WAV file and mark the asset READY or FAILED.

        Args:
            asset_id: Asset id, from ``background_audio.create_upload``.

        Returns:
            The ``BackgroundAudio``.

        Raises:
            ValidationFailedError: the file fails the checks. It is not documented whether the API responds
                with this error, which is likelier, or with an asset that is FAILED.
            NotFoundError: unknown asset, or owned by another account.
            OutcomeUnknownError: no response; check with ``background_audio.list`` before you finalize again.

        Retries: only if the API certainly did not process the request.
        Documentation: Background Audio, Finalize an uploaded asset.
        """
        return await self._core.call(
            api.background_audio.finalize.build(asset_id), api.background_audio.finalize.parse
        )

    async def list(self) -> Page[BackgroundAudio]:
        """Return the assets of the platform and those that the partner uploaded.

        Returns:
            A page of ``BackgroundAudio``.

        Retries: automatic.
        Documentation: Background Audio, List background audio assets.
        """
        return await self._core.page(
            api.background_audio.list_.build(), "assets", models.BackgroundAudio.from_dict
        )

    async def iter(self) -> AsyncIterator[BackgroundAudio]:
        """Iterate over all assets; the API returns them in one response.

        Returns:
            An iterator of ``BackgroundAudio``.

        Retries: automatic.
        Documentation: Background Audio, List background audio assets.
        """
        for track in await self.list():
            yield track

    async def delete(self, asset_id: str) -> Confirmation:
        """Soft-delete an asset and detach it from the agents that use it.

        Args:
            asset_id: Asset id.

        Returns:
            The ``Confirmation``.

        Raises:
            PermissionDeniedError: the asset belongs to the platform; plausible, not documented.
            NotFoundError: unknown asset, or owned by another account.

        Retries: automatic.
        Documentation: Background Audio, Soft-delete a background-audio asset.
        """
        return await self._core.call(
            api.background_audio.delete.build(asset_id), api.background_audio.delete.parse
        )
