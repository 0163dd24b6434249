"""One call by key: a list of jobs of which this run dials only the one with its key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from vocobase._base.arguments import check_seconds
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.aio.dialer import AsyncDialer
from vocobase._dialing.jobs import CallJob, item_of
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.marks import marks_of
from vocobase._dialing.once import call_of, check_same, job_of
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Ledger, closing_own, open_ledger
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
    key, payload = item_of(job, CallWindow.any_time(), 0, "calls.start_once")
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
            only=key,
        )
        await dialer.dial(key, payload)

        def result() -> str:
            return call_of(job_of(opened, name, key), name, marks_of(opened, name).pause)

        return await core.runtime.run_shielded(result)


class AsyncOnceDialer(AsyncDialer):
    """A dialer of one job; it leaves the others of its list alone."""

    what = "calls.start_once"

    async def dial(self, key: str, payload: Mapping[str, Any]) -> None:
        """Enter the job, and dial it unless it was dialled before."""
        await self._run(self._ledger.enter, self._scope, [(key, payload)])
        check_same(await self._run(job_of, self._ledger, self._name, key), payload)
        await self._work()

    def _outlook(self) -> tuple[float | None, int]:
        entry = job_of(self._ledger, self._name, self._claims.only or "")
        due = max(0.0, entry.not_before - self._ledger.now()) if entry.state == "waiting" else None
        return due, int(entry.state == "claimed")
