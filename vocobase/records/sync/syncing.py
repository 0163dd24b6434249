# Derived from vocobase/records/aio/syncing.py by scripts/derive_sync.py; edit that instead.
"""Read the calls of an account into the table: new ones from the list, results from their sessions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from vocobase._base.arguments import is_id
from vocobase._base.errors import InvalidArgumentError, NotFoundError, ValidationFailedError
from vocobase._core.sync.core import Core
from vocobase._ledger import Ledger
from vocobase._policy.pages import MAX_PAGE_SIZE, Page
from vocobase.records.facts import Raw
from vocobase.records.merge import Observation
from vocobase.records.origins import UNJOINED, origins
from vocobase.records.row import CallRecord, stored
from vocobase.records.store import BATCH as STORE_BATCH
from vocobase.records.store import SQLStore
from vocobase.records.syncing import (
    BETWEEN,
    CURSOR,
    LIVE,
    PENDING,
    UNREAD,
    OnProgress,
    SyncProgress,
    SyncResult,
    created_ms,
    known_projects,
    observed_call,
    observed_session,
)
from vocobase.records.walk import ListWalk, load_spans, moved
from vocobase_raw.api.agents import get as agents_get
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.api.sessions import get as sessions_get
from vocobase_raw.types import expect_object

# Records whose sessions are read before the table is queried again.
_BATCH = 100


class HasCore(Protocol):
    """A client; this package lies below it, and needs only its core."""

    _core: Core


class Sync:
    """One sync.

    Each page and each session is stored before the next request, so an interrupted sync can continue.

    Args:
        core: The core of a client.
        store: The table.
        since: Read only calls that were created at this time or later.
        ledger: The ledger of lists that have started calls.
        on_progress: Called after every request.
    """

    def __init__(
        self,
        core: Core,
        store: SQLStore,
        since: datetime | None,
        ledger: Ledger | None,
        on_progress: OnProgress | None,
    ) -> None:
        self._core = core.paced()
        self._runtime = core.runtime
        self._store = store
        self._floor: int = 0 if since is None else max(0, stored("created_at", since))
        self._ledger = ledger
        self._on_progress = on_progress
        self._read = 0
        self._changed = 0
        self._pending = 0
        self._projects: dict[str, str | None] = {}

    def run(self) -> SyncResult:
        """Read the new calls, then the results of those that are not final."""
        self._read_list()
        if self._ledger is not None:
            self._join_lists(self._ledger)
        self._read_sessions()
        return SyncResult(self._read, self._changed, self._pending)

    def _read_list(self) -> None:
        cursor = self._runtime.run_blocking(self._store.get_meta, CURSOR)
        live = self._runtime.run_blocking(self._store.query, LIVE, (self._floor,))
        walk = ListWalk(load_spans(cursor), [row[0] for row in live], self._floor)
        while walk.offset is not None:
            request = calls_list.build(limit=MAX_PAGE_SIZE, offset=walk.offset)
            self._take(walk, self._core.page(request, "calls", dict[str, Any]))
            if walk.jump is not None:
                rows = self._runtime.run_blocking(self._store.query, BETWEEN, walk.jump)
                walk.land(rows[0][0])

    def _take(self, walk: ListWalk, page: Page[dict[str, Any]]) -> None:
        rows = [row for row in page if is_id(row.get("call_id"))]
        times = [time for row in rows if (time := created_ms(row)) is not None]
        span = walk.advance(times, [row.get("call_id") for row in page], page.has_next)
        seen = self._with_projects([observed_call(row) for row in rows])
        changed = self._runtime.run_shielded(
            self._store.put, seen, self._runtime.now(), cursor=CURSOR, move=lambda text: moved(text, span)
        )
        self._pending = self._count_pending()
        self._report(len(seen), len(changed))

    def _with_projects(self, seen: list[Observation]) -> list[Observation]:
        """Add the projects to the calls whose project is not in the table yet."""
        identifiers = [each.session_id for each in seen]
        rows = self._runtime.run_blocking(self._store.query, known_projects(len(seen)), identifiers)
        known = {row[0] for row in rows}
        return [
            each
            if each.session_id in known
            else replace(each, added={"project_id": self._project_of(each.raw.get("agent_id"))})
            for each in seen
        ]

    def _project_of(self, agent_id: object) -> str | None:
        """Return the project of an agent, which calls do not name; one request for each agent of a sync."""
        if not isinstance(agent_id, str) or not is_id(agent_id):
            return None
        if agent_id not in self._projects:
            project: object = None
            # Deleted agents cannot be read, and their calls stay.
            with suppress(NotFoundError, ValidationFailedError, InvalidArgumentError):
                raw: Raw = self._core.call(agents_get.build(agent_id), expect_object)
                project = raw.get("project_id")
            self._projects[agent_id] = project if isinstance(project, str) else None
        return self._projects[agent_id]

    def _join_lists(self, ledger: Ledger) -> None:
        """Record which lists started the calls for which that is not known yet."""
        last = ""
        while True:
            rows = self._runtime.run_blocking(self._store.query, UNJOINED, (self._floor, last, STORE_BATCH))
            known = self._runtime.run_blocking(origins, ledger, rows)
            now = self._runtime.now()
            self._report(0, self._runtime.run_shielded(self._store.annotate, known, now))
            if len(rows) < STORE_BATCH:
                return
            last = rows[-1][0]

    def _read_sessions(self) -> None:
        self._pending = self._count_pending()
        before: tuple[object, ...] = ()
        while True:
            condition = UNREAD + (
                " AND (created_at < ? OR (created_at = ? AND session_id < ?))" if before else ""
            )
            found = self._runtime.run_blocking(
                self._store.rows,
                condition + " ORDER BY created_at DESC, session_id DESC LIMIT ?",
                (self._floor, *before, _BATCH),
            )
            for record in found:
                self._read_session(record)
            if len(found) < _BATCH:
                return
            created = stored("created_at", found[-1].created_at)
            before = (created, created, found[-1].session_id)

    def _read_session(self, record: CallRecord) -> None:
        raw: Raw
        try:
            # As received: a model would write times in its own form.
            raw = self._core.call(sessions_get.build(record.session_id), expect_object)
        except (NotFoundError, ValidationFailedError, InvalidArgumentError):
            raw = {}
        now = self._runtime.now()
        seen: Observation = observed_session(record, raw, now)
        changed = self._runtime.run_shielded(self._store.put, [seen], now)
        self._pending -= sum(each.is_final for each in changed)
        self._report(1, len(changed))

    def _count_pending(self) -> int:
        rows = self._runtime.run_blocking(self._store.query, PENDING, (self._floor,))
        return int(rows[0][0])

    def _report(self, read: int, changed: int) -> None:
        self._read += read
        self._changed += changed
        if self._on_progress is not None:
            self._on_progress(SyncProgress(self._read, self._changed, self._pending))


def core_of(client: object, what: str) -> Core:
    """Return the core of a client.

    Args:
        client: The client.
        what: The method, for messages.

    Raises:
        InvalidArgumentError: it is not a client of this kind.
    """
    core = getattr(client, "_core", None)
    if not isinstance(core, Core):
        # The client itself lies above this package.
        wanted = Core.__name__.replace("Core", "Vocobase")
        raise InvalidArgumentError(
            f"{what}: vb must be a client of the class {wanted}, not {type(client).__name__}; nothing"
            " was sent."
        )
    return core
