"""Put a list of people on a campaign: read all of it, then send what the ledger does not have as sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias
from uuid import uuid4

from vocobase._base.arguments import check_callback, check_whole
from vocobase._base.errors import APIError, InvalidArgumentError
from vocobase._base.runtime import AsyncRuntime
from vocobase._base.values import whole_number
from vocobase._ledger import Entry, Ledger, State, closing_own, open_ledger
from vocobase.contacts._report import ImportProgress, ImportReport
from vocobase.contacts._spool import Sendable, Spool
from vocobase.contacts._types import BadRow, Contact

if TYPE_CHECKING:
    from vocobase._resources.aio.campaigns import AsyncCampaigns

Rows: TypeAlias = Generator[Contact | BadRow, None, None]
Progress: TypeAlias = Callable[[ImportProgress], None]

LARGEST_CHUNK = 10_000
# No limit is documented; ours is well below what servers usually take.
LARGEST_BODY = 4 * 1024 * 1024
TOO_LARGE = 413
# A lease in seconds that is over at once, also when the clock is set back by years between two runs.
OVER = -10 * 365 * 86_400.0


async def import_contacts(
    runtime: AsyncRuntime,
    campaigns: AsyncCampaigns,
    campaign_id: str,
    rows: Rows,
    *,
    ledger: str | os.PathLike[str] | Ledger | None,
    on_progress: Progress | None,
    chunk_size: int,
) -> ImportReport:
    """Import contacts; see ``campaigns.import_contacts``."""
    check_whole(chunk_size, "campaigns.import_contacts: chunk_size", 1, LARGEST_CHUNK)
    check_callback(on_progress, "campaigns.import_contacts: on_progress")
    campaign = await campaigns.get(campaign_id)
    if campaign.status and campaign.status != "draft":
        text = (
            f"campaigns.import_contacts: the campaign is {campaign.status}, and only a draft takes contacts."
        )
        raise InvalidArgumentError(f"{text} Create another campaign; nothing was sent.")
    tell: Progress = on_progress or (lambda progress: None)
    with _told_of_errors(rows), Spool() as spool:
        sender = AsyncSender(runtime, campaigns, campaign_id, spool, tell, chunk_size)
        if ledger is None:
            await _fill(spool, rows, tell, runtime)
            await sender.send_all()
        else:
            # First, so that a wrong address costs no time.
            book = await runtime.run_shielded(open_ledger, ledger)
            with closing_own(book, ledger):
                await _fill(spool, rows, tell, runtime)
                await AsyncOnce(runtime, sender, spool, book, f"import:{campaign_id}", chunk_size).send_all()
        return ImportReport(
            rows=spool.rows,
            added=sender.added,
            skipped=sender.skipped,
            known=spool.contacts - sender.sent,
            duplicates=spool.duplicates,
            bad=spool.bad,
            uncounted=sender.uncounted,
        )


@contextmanager
def _told_of_errors(rows: Rows) -> Generator[None]:
    """End the reading with the error of the import, or it would take what it has for the whole list."""
    try:
        yield
    except BaseException as error:
        with suppress(BaseException):
            rows.throw(error)
        raise


async def _fill(spool: Spool, rows: Rows, tell: Progress, runtime: AsyncRuntime) -> None:
    while await runtime.run_shielded(spool.fill, rows, LARGEST_CHUNK):
        tell(ImportProgress("reading", spool.rows))


class AsyncSender:
    """Send the contacts of a spool, in chunks within every limit."""

    def __init__(
        self,
        runtime: AsyncRuntime,
        campaigns: AsyncCampaigns,
        campaign_id: str,
        spool: Spool,
        tell: Progress,
        chunk_size: int,
    ) -> None:
        self._run = runtime.run_shielded
        self._campaigns = campaigns
        self._campaign_id = campaign_id
        self._spool = spool
        self._tell = tell
        self._chunk_size = chunk_size
        self.added = self.skipped = self.uncounted = self.sent = 0

    async def send_all(self) -> None:
        """Send every contact."""
        done, phones = await self._run(self._spool.chunk, 0, self._chunk_size)
        while phones:
            await self.send(phones)
            self.progress(done)
            done, phones = await self._run(self._spool.chunk, done, self._chunk_size)

    async def send(self, phones: list[str]) -> None:
        """Send those of the numbers that are in the spool and were not sent."""
        parts = self._spool.parts(phones, LARGEST_BODY)
        while part := await self._run(next, parts, None):
            await self._post(part)

    async def _post(self, part: list[Sendable]) -> None:
        try:
            response = await self._campaigns.add_contacts(self._campaign_id, part)
        except APIError as error:
            if error.status != TOO_LARGE or len(part) == 1:
                raise
            half = len(part) // 2
            await self._post(part[:half])
            await self._post(part[half:])
            return
        # Numbers that cannot be counted nobody.
        added = min(max(0, whole_number(response.added) or 0), len(part))
        skipped = min(max(0, whole_number(response.duplicates) or 0), len(part) - added)
        self.added += added
        self.skipped += skipped
        self.uncounted += len(part) - added - skipped
        self.sent += len(part)
        await self._run(self._spool.mark, [contact["phone"] for contact in part])

    def progress(self, done: int) -> None:
        """Tell how many contacts are handled."""
        self._tell(ImportProgress("sending", done, self._spool.contacts))


class AsyncOnce:
    """Send what a ledger does not have as sent.

    The ledger knows numbers, not places in a file. An entry is ``done`` when the API has taken it,
    ``claimed`` while it is sent, and ``parked`` when it was to be sent and a source has to name it again: so
    what a broken run has left behind and is no longer in the list is called by nobody. Leases are over at
    once: sending twice is harmless, as the API skips numbers that it has; waiting for a run that was killed
    is not.
    """

    def __init__(
        self,
        runtime: AsyncRuntime,
        sender: AsyncSender,
        spool: Spool,
        ledger: Ledger,
        scope: str,
        chunk_size: int,
    ) -> None:
        self._run = runtime.run_shielded
        self._sender = sender
        self._spool = spool
        self._ledger = ledger
        self._scope = scope
        self._chunk_size = chunk_size
        self._owner = uuid4().hex

    async def send_all(self) -> None:
        """Send every contact that is not done; first what a run that was killed had in its hands."""
        await self._drain(partial(self._ledger.take_over, lease=OVER))
        done, phones = await self._run(self._spool.chunk, 0, self._chunk_size)
        while phones:
            new = await self._run(self._ledger.enter, self._scope, [(phone, {}) for phone in phones])
            if new < len(phones):
                await self._revive(phones)
            await self._drain(partial(self._ledger.claim, lease=OVER))
            self._sender.progress(done)
            done, phones = await self._run(self._spool.chunk, done, self._chunk_size)
        await self._drain(partial(self._ledger.take_over, lease=OVER))
        while parked := await self._run(self._left_behind):
            await self._revive(parked)
            await self._drain(partial(self._ledger.claim, lease=OVER))
            # Another run may have claimed them in between, to find that they are not in its list.
            await self._drain(partial(self._ledger.take_over, lease=OVER))

    async def _revive(self, phones: list[str]) -> None:
        await self._run(self._ledger.revise, self._scope, phones, "waiting", was="parked")

    async def _drain(self, take: Callable[[str, str, int], list[Entry]]) -> None:
        while entries := await self._run(take, self._scope, self._owner, self._chunk_size):
            phones = [entry.key for entry in entries]
            try:
                await self._sender.send(phones)
            finally:
                await self._settle(phones)

    async def _settle(self, phones: list[str]) -> None:
        sent = await self._run(self._spool.sent, phones)
        outcomes: dict[State, set[str]] = {"done": sent, "parked": set(phones) - sent}
        for state, keys in outcomes.items():
            if keys:
                await self._run(self._ledger.settle, self._scope, keys, state, owner=self._owner)

    def _left_behind(self) -> list[str]:
        """Return numbers of this list that another run has parked meanwhile."""
        parked = self._ledger.entries(self._scope, "parked")
        while batch := [entry.key for entry in islice(parked, LARGEST_CHUNK)]:
            if wanted := self._spool.unsent(batch):
                return [phone for phone, _, _ in wanted]
        return []
