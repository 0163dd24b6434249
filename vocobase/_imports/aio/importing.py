"""Import contacts into a campaign: read the whole list, then send the contacts that were not sent before."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Generator
from contextlib import closing, nullcontext, suppress
from typing import TYPE_CHECKING

from vocobase._base.arguments import check_callback, check_id, check_whole
from vocobase._base.errors import APIError, InvalidArgumentError, VocobaseError
from vocobase._base.values import given
from vocobase._core.aio.core import AsyncCore
from vocobase._ledger import Ledger, closing_own, open_ledger
from vocobase_raw.api.agents import get as agents_get
from vocobase_raw.api.campaigns import add_contacts as campaigns_add_contacts
from vocobase_raw.api.campaigns import get as campaigns_get

if TYPE_CHECKING:
    from vocobase._dialing.aio.gate import AsyncGate
    from vocobase._dialing.gate import ConsentSource, DoNotCallSources
    from vocobase._imports.chunks import Line
    from vocobase._imports.sent import SentNumbers
    from vocobase._imports.spool import Batch
    from vocobase._imports.tally import Tally
    from vocobase.contacts import Columns, ContactSource, Format, ImportProgress, ImportReport, LineType

_NAME = "campaigns.import_contacts"
MAX_CHUNK_CONTACTS = 10_000
# No limit is documented; ours is far below what servers usually accept.
MAX_BODY_BYTES = 4 * 1024 * 1024
BATCH_ROWS = 10_000
# Rows that are in memory while the gate checks them.
GATE_ROWS = 500


async def import_contacts(
    core: AsyncCore,
    campaign_id: str,
    source: ContactSource,
    *,
    region: str | None,
    columns: Columns | None,
    format: Format | None,
    encoding: str | None,
    delimiter: str | None,
    line_types: Collection[LineType] | None,
    do_not_call: DoNotCallSources,
    consent: ConsentSource | None,
    ledger: str | os.PathLike[str] | Ledger | None,
    rejects: str | os.PathLike[str] | None,
    on_progress: Callable[[ImportProgress], None] | None,
    chunk_size: int,
) -> ImportReport:
    """Import contacts; see ``campaigns.import_contacts``."""
    # Loaded with the first import, not with every client: reading needs csv, sqlite3 and tempfile.
    from vocobase._dialing.aio.gate import AsyncGate
    from vocobase._dialing.gate import rules_of
    from vocobase._imports.chunks import chunks
    from vocobase._imports.sent import SentNumbers, scope_of
    from vocobase._imports.spool import Spool
    from vocobase._imports.tally import Tally
    from vocobase.contacts._read import Trail, read_rows
    from vocobase.contacts._rejects import Rejects, check_apart
    from vocobase.contacts._report import ImportProgress
    from vocobase.contacts._types import FileForm

    check_id(campaign_id, f"{_NAME}: campaign_id")
    check_whole(chunk_size, f"{_NAME}: chunk_size", 1, MAX_CHUNK_CONTACTS)
    check_callback(on_progress, f"{_NAME}: on_progress")
    check_apart(rejects, ledger, _NAME)
    rules = rules_of(do_not_call, consent, _NAME, awaited=core.runtime.awaits)
    form = FileForm()
    trail: Trail | None = None if ledger is None and rules.is_empty else []
    rows = read_rows(source, form, region, columns, format, encoding, delimiter, line_types, trail)
    rejected = Rejects(rejects, source, form)
    core = core.paced()
    await check_draft(core, campaign_id)
    await read_agent(core, campaign_id)
    supplied = core.declared.supplied(campaign_id)
    run = core.runtime.run_shielded
    report: Callable[[ImportProgress], None] = on_progress or (lambda progress: None)
    # Before the list is read, so that a wrong address costs no time.
    book = None if ledger is None else await run(open_ledger, ledger)
    with nullcontext() if book is None else closing_own(book, ledger), Spool() as spool:
        if trail is None:
            with closing(spool.fill(rows, rejected, BATCH_ROWS, supplied)) as reading:
                while count := await run(next, reading, 0):
                    report(ImportProgress("reading", count))
        else:
            gate = AsyncGate(core.runtime, rules, book, _NAME)
            with closing(spool.sift(rows, trail, rejected, GATE_ROWS, supplied)) as batches:
                await sift(gate, scope_of(campaign_id), batches, report)
        # Beyond this function, the method of the resource, and what keeps secrets out of its traceback.
        supplied.warn(_NAME, stacklevel=4)
        tally = Tally()
        sender = AsyncSender(core, campaign_id, SentNumbers(book, campaign_id), tally)
        ready = chunks(spool.lines(), chunk_size, MAX_BODY_BYTES)
        while chunk := await run(next, ready, None):
            await sender.send(chunk)
            report(tally.progress(spool.contacts))
        return tally.report(spool)


async def sift(
    gate: AsyncGate,
    name: str,
    batches: Generator[Batch, None, None],
    report: Callable[[ImportProgress], None],
) -> None:
    """Leave out the contacts that must not be called, and log them; report every ``BATCH_ROWS`` rows."""
    from vocobase.contacts._report import ImportProgress

    read = reported = 0
    while batch := await gate.run(next, batches, None):
        now = await gate.now()
        batch.refused = await gate.refusals(batch.numbers, now)
        await gate.log_all(name, batch.refused, now)
        read += len(batch.rows)
        if read - reported >= BATCH_ROWS:
            reported = read
            report(ImportProgress("reading", read))
    if read > reported:
        report(ImportProgress("reading", read))


async def check_draft(core: AsyncCore, campaign_id: str) -> None:
    """Require a campaign that accepts contacts."""
    campaign = await core.call(campaigns_get.build(campaign_id), campaigns_get.parse)
    if campaign.status and campaign.status != "draft":
        raise InvalidArgumentError(
            f"{_NAME}: the campaign is {campaign.status}, and only a draft accepts contacts. Create another"
            " campaign; nothing was sent."
        )


async def read_agent(core: AsyncCore, campaign_id: str) -> None:
    """Read the agent of a campaign unless its variables are known; an import does not fail without them."""
    agent_id = core.declared.unknown_agent(campaign_id)
    if agent_id is not None:
        with suppress(VocobaseError):
            await core.call(agents_get.build(agent_id), agents_get.parse)


class AsyncSender:
    """Send chunks of contacts to one campaign, except numbers that were sent before."""

    def __init__(self, core: AsyncCore, campaign_id: str, sent: SentNumbers, tally: Tally) -> None:
        self._core = core
        self._campaign_id = campaign_id
        self._sent = sent
        self._tally = tally

    async def send(self, chunk: list[Line]) -> None:
        """Send a chunk, in smaller ones if it is too large for the server."""
        from vocobase._imports.chunks import body_of, smaller

        run = self._core.runtime.run_shielded
        unsent = await run(self._sent.unsent, chunk)
        self._tally.known += len(chunk) - len(unsent)
        waiting = [unsent] if unsent else []
        while waiting:
            part = waiting.pop(0)
            request = campaigns_add_contacts.build(self._campaign_id, body=given(body_of(part)))
            try:
                response = await self._core.call(request, campaigns_add_contacts.parse)
            except APIError as error:
                halves = smaller(part, error.status)
                if not halves:
                    raise
                waiting[:0] = halves
                continue
            self._tally.count(len(part), response.added, response.duplicates)
            await run(self._sent.record, part)
