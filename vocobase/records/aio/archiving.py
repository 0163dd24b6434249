"""Archive recordings and transcripts of finished sessions, one at a time: download, hash, store, record."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from vocobase._base.arguments import as_path, check_callback, check_flag, check_methods
from vocobase._base.errors import LookupFailedError, NotFoundError, ResponseError
from vocobase._core.aio.core import AsyncCore
from vocobase._transfers.aio.downloads import download
from vocobase._transfers.links import store_url
from vocobase.records.archive import (
    CANDIDATES,
    MAGIC_BYTES,
    WHAT,
    ArchiveFailure,
    ArchiveKind,
    ArchiveResult,
    Candidate,
    FolderSink,
    Manifest,
    Sink,
    file_name,
    suffix_of,
    work_folder,
)
from vocobase.records.days import day_of, zone_of
from vocobase.records.exports import Source, identity_of
from vocobase.records.filters import Condition, condition_of
from vocobase.records.folders import disk, exclusive
from vocobase_raw.api.sessions import get as sessions_get

LOCK = ".vocobase-archive.lock"


async def archive_to(
    store: Source,
    core: AsyncCore,
    folder: str | os.PathLike[str],
    *,
    sink: Sink | None = None,
    recordings: bool = True,
    transcripts: bool = True,
    tz: str = "UTC",
    filters: Mapping[str, Any] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> ArchiveResult:
    """Archive the files that a folder does not have yet; see ``records.archive``.

    Args:
        store: The table of calls.
        core: The core of the client that downloads.
        folder: The folder of the archive, with its manifest; created if it does not exist.
        sink: Where the files go instead of the folder.
        recordings: Whether to archive recordings.
        transcripts: Whether to archive transcripts.
        tz: Time zone of the dates in names.
        filters: A selection of sessions; see ``Filters``. Only those that are final are archived.
        on_progress: Called after each session with the number examined so far, and the total.

    Raises:
        InvalidArgumentError: an argument cannot be used; nothing was archived.
        ExportError: the folder cannot be written, another run is writing it, or it has another archive.
    """
    place = as_path(folder, f"{WHAT}: folder")
    if sink is not None:
        check_methods(sink, f"{WHAT}: sink", "an object with a method put(name, content)", "put")
    kinds: dict[ArchiveKind, bool] = {"recording": recordings, "transcript": transcripts}
    for kind, is_wanted in kinds.items():
        check_flag(is_wanted, f"{WHAT}: {kind}s")
    zone = zone_of(tz, WHAT)
    check_callback(on_progress, f"{WHAT}: on_progress")
    condition = condition_of(WHAT, {**(filters or {}), "is_final": True})
    with exclusive(place, LOCK, WHAT):
        with disk(place, WHAT):
            manifest = Manifest(place, await core.runtime.run_blocking(identity_of, store))
            work = work_folder(place)
        run = _Archiving(core, work, sink or FolderSink(place), manifest, zone)
        wanted: list[ArchiveKind] = [kind for kind, is_wanted in kinds.items() if is_wanted]
        return await run.archive(store, condition, wanted, on_progress)


class _Archiving:
    """One run over an archive that it holds."""

    def __init__(self, core: AsyncCore, work: Path, sink: Sink, manifest: Manifest, zone: ZoneInfo) -> None:
        # Within the requests per minute: an archive may have thousands of recordings.
        self._core, self._work = core.paced(), work
        self._sink, self._manifest, self._zone = sink, manifest, zone
        self._failed: list[ArchiveFailure] = []

    async def archive(
        self,
        store: Source,
        condition: Condition,
        kinds: Sequence[ArchiveKind],
        on_progress: Callable[[int, int], None] | None,
    ) -> ArchiveResult:
        """Archive the files of all sessions that match a condition."""
        counts: Counter[ArchiveKind] = Counter()
        query = f"SELECT COUNT(*) FROM {{calls}} WHERE {condition.sql}"  # noqa: S608 - constants
        ((total,),) = await self._core.runtime.run_blocking(store.query, query, condition.parameters)
        examined = 0
        async for candidate in self._candidates(store, condition):
            for kind in kinds:
                counts[kind] += await self._archived(candidate, kind)
            examined += 1
            if on_progress is not None:
                on_progress(examined, max(examined, total))
        return ArchiveResult(counts["recording"], counts["transcript"], tuple(self._failed))

    async def _candidates(self, store: Source, condition: Condition) -> AsyncIterator[Candidate]:
        query, last = CANDIDATES.format(condition=condition.sql, calls="{calls}"), ""
        while True:
            found = await self._core.runtime.run_blocking(store.query, query, (*condition.parameters, last))
            for row in found:
                yield Candidate(*row)
            if not found:
                return
            last = found[-1][0]

    async def _archived(self, candidate: Candidate, kind: ArchiveKind) -> bool:
        """Archive a file if there is one that the archive does not have; return whether it did."""
        if not candidate.has(kind) or self._manifest.has(candidate.session_id, kind):
            return False
        if kind == "transcript":
            await self._put(candidate, kind, ".transcript.json", BytesIO(candidate.document()))
            return True
        try:
            path = await self._download(candidate.session_id)
        except (LookupFailedError, NotFoundError, ResponseError) as error:
            # Others may be there. An error of the disk or the connection would affect all of them.
            self._failed.append(ArchiveFailure(candidate.session_id, error))
            return False
        with path.open("rb") as file:
            suffix = suffix_of(file.read(MAGIC_BYTES))
            file.seek(0)
            await self._put(candidate, kind, suffix, file)
        path.unlink()
        return True

    async def _put(self, candidate: Candidate, kind: ArchiveKind, suffix: str, content: BinaryIO) -> None:
        day = "unknown" if candidate.created_at is None else day_of(candidate.created_at, self._zone)
        name = file_name(day, candidate.session_id, suffix)
        entry = self._manifest.entry(candidate.session_id, kind, name)
        # In one piece: a cancelled task would not know whether it was stored.
        await self._core.runtime.run_shielded(self._manifest.store, self._sink, entry, content)

    async def _download(self, session_id: str) -> Path:
        """Download a recording over a fresh link."""

        async def presign() -> str:
            found = await self._core.call(sessions_get.build(session_id), sessions_get.parse)
            if not found.recording_url:
                raise LookupFailedError(f"{WHAT}: session {session_id!r} has no recording.")
            return store_url(found.recording_url, "recording_url", WHAT, self._core.pool.http_hosts)

        return await download(self._core, presign, self._work / "recording", WHAT, None)
