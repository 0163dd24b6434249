"""One idempotent call: a list of jobs of which this run dials only the one with its key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from vocobase._base.arguments import check_seconds
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.aio.dialer import AsyncDialer
from vocobase._dialing.jobs import CallJob, item_of
from vocobase._dialing.once import call_of, check_same
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.settings import ListSettings
from vocobase._ledger import Entry, Ledger, closing_own, open_ledger
from vocobase._ledger.base import check_key
from vocobase._policy.cadence import MAX_SLEEP_SECONDS


async def start_once(
    core: AsyncCore,
    job: CallJob,
    *,
    ledger: str | os.PathLike[str] | Ledger,
    name: str,
    wait_for_slot: float,
) -> str:
    """Dial the job unless its key was dialled before; see ``calls.start_once``."""
    check_key(job.key)
    key, payload = item_of(job, None, 0, "calls.start_once")
    scope_of(name, "calls.start_once")
    check_seconds(wait_for_slot, "calls.start_once: wait_for_slot", 1.0)
    opened = await core.runtime.run_shielded(open_ledger, ledger)
    with closing_own(opened, ledger):
        now = moment(await core.runtime.run_shielded(opened.now))
        dialer = AsyncOnceDialer(
            core,
            opened,
            name,
            cap=None,
            settings=ListSettings(),
            wait_for_windows=False,
            until=now + timedelta(seconds=min(wait_for_slot, MAX_SLEEP_SECONDS)),
            on_update=None,
        )
        return call_of(await dialer.dial(key, payload), name)


class AsyncOnceDialer(AsyncDialer):
    """A dialer of one job; it leaves the others of its list alone."""

    async def dial(self, key: str, payload: Mapping[str, Any]) -> Entry:
        """Enter the job, dial it unless it was dialled before, and return it."""
        self._only = key
        await self._run(self._ledger.enter, self._scope, [(key, payload)])
        check_same(await self._run(self._job), payload)
        await self._work()
        return await self._run(self._job)

    def _job(self) -> Entry:
        entry = self._ledger.get(self._scope, self._only or "")
        assert entry is not None, "no entry is ever removed"
        return entry

    def _outlook(self) -> tuple[float | None, int]:
        entry = self._job()
        due = max(0.0, entry.not_before - self._ledger.now()) if entry.state == "waiting" else None
        return due, int(entry.state == "claimed")
