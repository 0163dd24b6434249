"""The table of calls, as a program uses it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Self, Unpack

from vocobase._base.arguments import (
    check_aware,
    check_callback,
    check_flag,
    check_id,
    check_whole,
    is_storable,
)
from vocobase._base.runtime import AsyncRuntime, async_current_runtime
from vocobase._base.secrets import takes_secrets
from vocobase._base.short_repr import ShortRepr
from vocobase._ledger import Ledger, closing_own, open_ledger
from vocobase.records.aio.archiving import archive_to
from vocobase.records.aio.syncing import AsyncHasCore, AsyncSync, async_core_of
from vocobase.records.archive import ArchiveResult, Sink
from vocobase.records.exports import ExportFormat, ExportResult, OnCount, export_to
from vocobase.records.figures import By
from vocobase.records.filters import AFTER, NEWEST_FIRST, Condition, Filters, condition_of
from vocobase.records.observed import observed_event
from vocobase.records.places import open_store
from vocobase.records.prices import Prices
from vocobase.records.removal import check_number, end_of
from vocobase.records.report_query import Goal, ReportFilters, report_of
from vocobase.records.reports import Report
from vocobase.records.row import CallRecord, stored
from vocobase.records.store import SQLStore
from vocobase.records.syncing import OnProgress, SyncResult
from vocobase.webhooks._payloads import SessionCompleted

_BATCH = 500


class AsyncRecords(ShortRepr):
    """One table of calls and browser sessions, one record for each, in a file or in PostgreSQL.

    Use ``open``. Several programs may use one table at the same time.
    """

    def __init__(self, store: SQLStore, runtime: AsyncRuntime | None = None) -> None:
        self._store = store
        self._runtime = runtime or async_current_runtime()

    def _about(self) -> str:
        return repr(self._store)

    @classmethod
    @takes_secrets("place")
    def open(cls, place: str | os.PathLike[str]) -> Self:
        """Open a table; it is created if it does not exist.

        The file or the server is opened at the beginning of a ``with`` block, or at the first use.

        Args:
            place: Path of a file, which only its owner can read, or ``postgresql://...`` (needs
                the extra ``postgres``).

        Raises:
            ConfigurationError: the place is neither, or a package is missing.
            RecordsError: it cannot be used, belongs to another program, or is of a newer version.
        """
        return cls(open_store(place))

    async def receive(self, event: SessionCompleted) -> CallRecord | None:
        """Record an event, from a webhook or from ``events.poll``.

        A duplicate event changes nothing.

        Args:
            event: The event.

        Returns:
            The record with everything that is known of the call; None if it was removed with ``forget`` or
            ``purge``, and so is not recorded.

        Raises:
            RecordsError: it was not stored; respond to the webhook with an error, so that it is sent again.
        """
        seen = observed_event(event)
        await self._runtime.run_shielded(self._store.put, [seen], self._runtime.now())
        return await self.get(seen.session_id)

    @takes_secrets("ledger")
    async def sync(
        self,
        vb: AsyncHasCore,
        *,
        since: datetime | None = None,
        ledger: str | os.PathLike[str] | Ledger | None = None,
        on_progress: OnProgress | None = None,
    ) -> SyncResult:
        """Read the new calls of an account, and those that were not final yet.

        Each page and each session is stored before the next request. If a sync is interrupted, call it again:
        it continues. It makes at most 60 requests per minute, about one for each call that connected.
        No list contains browser sessions: only their events add them.

        Args:
            vb: The client.
            since: Read only calls that were created at this time or later.
            ledger: The ledger of ``calls.start_many``, as passed there: calls that its lists have started get
                the name of their list, the key of their job and the number of the attempt.
            on_progress: Called with a ``SyncProgress`` after every request.

        Raises:
            RecordsError: the table cannot be used.
            LedgerError: the ledger cannot be used; what was read before stays.
        """
        core = async_core_of(vb, "records.sync")
        if since is not None:
            check_aware(since, "records.sync: since")
        check_callback(on_progress, "records.sync: on_progress")
        if ledger is None:
            return await AsyncSync(core, self._store, since, None, on_progress).run()
        opened = await self._runtime.run_shielded(open_ledger, ledger)
        with closing_own(opened, ledger):
            return await AsyncSync(core, self._store, since, opened, on_progress).run()

    async def forget(self, number: str) -> int:
        """Remove every call of a person, and the number from the texts of all others.

        No byte of it stays in the file or its log; a PostgreSQL server may have it in backups and logs. A
        sync does not add the calls again; later calls are recorded.

        Args:
            number: The number in E.164 form, such as ``+12025550100``.

        Returns:
            How many calls were removed.

        Raises:
            RecordsError: the table cannot be used, or another program that is reading keeps the old bytes.
        """
        check_number(number)
        return await self._runtime.run_shielded(self._store.forget, number, self._runtime.now())

    async def purge(self, *, older_than: timedelta | datetime) -> int:
        """Permanently remove every call and browser session that is older.

        Args:
            older_than: An age, or a time.

        Returns:
            How many were removed.

        Raises:
            RecordsError: the table cannot be used, or another program that is reading keeps the old bytes.
        """
        end = end_of(older_than, self._runtime.now())
        return await self._runtime.run_shielded(
            self._store.remove, "created_at < ?", (stored("created_at", end),)
        )

    def calls(self, *, limit: int | None = None, **filters: Unpack[Filters]) -> AsyncIterator[CallRecord]:
        """Iterate over the records, newest first.

        Args:
            limit: How many at most.
            filters: See ``Filters``.
        """
        if limit is not None:
            check_whole(limit, "records.calls: limit", 0)
        return self._iterate(condition_of("records.calls", filters), limit)

    async def count(self, **filters: Unpack[Filters]) -> int:
        """Return how many records there are.

        Args:
            filters: See ``Filters``.
        """
        condition = condition_of("records.count", filters)
        query = f"SELECT count(*) FROM {{calls}} WHERE {condition.sql}"  # noqa: S608 - constants
        rows = await self._runtime.run_blocking(self._store.query, query, condition.parameters)
        return int(rows[0][0])

    async def get(self, identifier: str) -> CallRecord | None:
        """Return the record of a session or a call, or None.

        Args:
            identifier: Identifier of the session or the call.
        """
        check_id(identifier, "records.get: identifier")
        if not is_storable(identifier):
            return None
        found = await self._runtime.run_blocking(
            self._store.rows, "session_id = ? OR call_id = ? LIMIT 1", (identifier, identifier)
        )
        return found[0] if found else None

    async def to_dicts(
        self, *, flat: bool = True, limit: int | None = None, **filters: Unpack[Filters]
    ) -> list[dict[str, Any]]:
        """Return the records as dictionaries, for tables such as ``pandas.DataFrame``.

        Args:
            flat: Spread variables and extraction over columns ``variables.name`` and ``extraction.name``, and
                leave out transcript and raw.
            limit: How many at most.
            filters: See ``Filters``.
        """
        check_flag(flat, "records.to_dicts: flat")
        return [record.to_dict(flat=flat) async for record in self.calls(limit=limit, **filters)]

    async def report(
        self,
        *,
        by: By = "day",
        tz: str = "Asia/Kolkata",
        since: datetime | date | None = None,
        until: datetime | date | None = None,
        goal: Goal | None = None,
        prices: Prices | None = None,
        **filters: Unpack[ReportFilters],
    ) -> Report:
        """Sum up calls by group.

        Args:
            by: What to group by; a call belongs to the day and hour in which it was created.
            tz: Time zone of the days and hours.
            since: First time, or first day in ``tz``.
            until: The end: the first time, or the first day in ``tz``, that is not part of the report.
            goal: Name of an extracted value that is True when the goal is reached, or its name and the value.
            prices: Rupees per minute, or a ``Price``, for each project; None stands for calls without
                one.
            filters: See ``ReportFilters``.

        Raises:
            InvalidArgumentError: an argument cannot be used, or a project has no price.
        """
        asked: dict[str, Any] = {"since": since, "until": until, "goal": goal, "prices": prices, **filters}
        return await self._runtime.run_blocking(report_of, self._store, by=by, tz=tz, **asked)

    async def export(
        self,
        folder: str | os.PathLike[str],
        *,
        format: ExportFormat = "jsonl",
        tz: str = "UTC",
        on_progress: OnCount | None = None,
    ) -> ExportResult:
        """Write the records into a folder, one file for each day; later runs write the days that have
        changed.

        A reader of all files sees each record once, as it was at the last export. If an export is
        interrupted, call it again: it continues. Records that were removed disappear from the folder too.

        Args:
            folder: A folder for this export only; it is created if it does not exist.
            format: ``jsonl``, ``csv`` or ``parquet`` (needs the extra ``export``).
            tz: Time zone of the days.
            on_progress: Called after each file with the rows written and the rows to write; from another
                thread if this is ``AsyncRecords``.

        Returns:
            The ``ExportResult``.

        Raises:
            ExportError: the folder cannot be written, another run is writing it, or it has another export.
            RecordsError: the table cannot be used.
        """
        return await self._runtime.run_shielded(
            export_to, self._store, folder, format=format, tz=tz, on_progress=on_progress
        )

    async def archive(
        self,
        vb: AsyncHasCore,
        folder: str | os.PathLike[str],
        *,
        sink: Sink | None = None,
        recordings: bool = True,
        transcripts: bool = True,
        tz: str = "UTC",
        on_progress: OnCount | None = None,
        **filters: Unpack[Filters],
    ) -> ArchiveResult:
        """Store the recordings and transcripts of final records as files in folders by date, each once.

        The folder has a manifest with the name, size and SHA-256 hash of every file. If a run is interrupted,
        call it again: it continues. Each recording takes one request, for a fresh link to it.

        Args:
            vb: The client that downloads.
            folder: A folder for this archive only; it is created if it does not exist.
            sink: Where the files go instead, such as a bucket; the folder then has only the manifest. Its
                method is called in a thread if this is ``AsyncRecords``.
            recordings: Whether to archive recordings.
            transcripts: Whether to archive transcripts.
            tz: Time zone of the dates.
            on_progress: Called after each record with the number examined so far, and the total.
            filters: See ``Filters``.

        Returns:
            The ``ArchiveResult``; ``failed`` lists recordings that the next run tries again.

        Raises:
            ExportError: the folder cannot be written, another run is writing it, or it has another archive.
            RecordsError: the table cannot be used.
        """
        return await archive_to(
            self._store,
            async_core_of(vb, "records.archive"),
            folder,
            sink=sink,
            recordings=recordings,
            transcripts=transcripts,
            tz=tz,
            filters=filters,
            on_progress=on_progress,
        )

    async def close(self) -> None:
        """Close the file or the connection; the next use opens it again."""
        await self._runtime.run_shielded(self._store.close)

    async def __aenter__(self) -> Self:
        await self._runtime.run_shielded(self._store.open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _iterate(self, condition: Condition, limit: int | None) -> AsyncIterator[CallRecord]:
        sql, parameters = condition.sql, condition.parameters
        last: tuple[Any, ...] = ()
        left = limit
        while left is None or left > 0:
            size = _BATCH if left is None else min(_BATCH, left)
            found = await self._runtime.run_blocking(
                self._store.rows,
                sql + (AFTER if last else "") + NEWEST_FIRST,
                (*parameters, *last, size),
            )
            for record in found:
                yield record
            if len(found) < size:
                return
            created = stored("created_at", found[-1].created_at)
            last = (created, created, found[-1].session_id)
            left = None if left is None else left - size
