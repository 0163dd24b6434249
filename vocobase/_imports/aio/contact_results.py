"""The results of a campaign for each contact, joined from the ledger of its import and the list of calls."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

from vocobase._base.errors import LookupFailedError
from vocobase._core.aio.core import AsyncCore
from vocobase._imports.claims import Claims, ContactResult, Period, Rival, result_of
from vocobase._imports.sent import scope_of
from vocobase._ledger import Ledger, closing_own, open_ledger
from vocobase._policy.pages import MAX_PAGE_SIZE
from vocobase._policy.states import CAMPAIGN, Phase
from vocobase._waiting.aio.calls import wait_for_calls
from vocobase._waiting.aio.recent import filtered
from vocobase._waiting.matches import CallFilter, digits_of
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.api.campaigns import get as campaigns_get
from vocobase_raw.api.campaigns import list_ as campaigns_list
from vocobase_raw.models.call import Call
from vocobase_raw.models.campaign import Campaign

_NAME = "campaigns.results"


async def campaign_results(
    core: AsyncCore, campaign_id: str, *, ledger: str | os.PathLike[str] | Ledger, timeout: float
) -> AsyncIterator[ContactResult]:
    """Yield the results of the contacts of a campaign; see ``campaigns.results``."""
    core = core.paced()
    run = core.runtime.run_shielded
    campaign = await core.call(campaigns_get.build(campaign_id), campaigns_get.parse)
    listed = await core.page(campaigns_list.build(), "campaigns", Campaign.from_dict)
    others = [other for other in listed if _is_other(other, campaign)]
    book = await run(open_ledger, ledger)
    with closing_own(book, ledger):
        phones = await run(_phones_of, book, campaign_id)
        rivals = [await run(_rival_of, book, other) for other in others]
    if not phones:
        raise LookupFailedError(
            f"{_NAME}: the ledger has no number of this campaign; pass the ledger of import_contacts."
        )
    period = Period.of(campaign)
    if period is None:
        for phone in phones:
            yield ContactResult(phone, "waiting")
        return
    claims = Claims(phones, period, [rival for rival in rivals if rival is not None])
    wanted = CallFilter(since=period.since, agent_id=campaign.agent_id)
    async for call in filtered(_calls(core), wanted):
        claims.add(call)
    has_ended = period.until is not None or CAMPAIGN.phase(campaign.status) is not Phase.ONGOING
    for result in claims.others(has_ended=has_ended):
        yield result
    certain = claims.certain()
    async for found in wait_for_calls(core, certain, timeout=timeout, on_update=None, name=_NAME):
        yield result_of(found, certain)


def _calls(core: AsyncCore) -> AsyncIterator[Call]:
    return core.walk(
        lambda offset: calls_list.build(limit=MAX_PAGE_SIZE, offset=offset),
        "calls",
        Call.from_dict,
        lambda call: call.call_id,
    )


def _is_other(other: Campaign, campaign: Campaign) -> bool:
    return other.campaign_id != campaign.campaign_id and other.agent_id in (campaign.agent_id, None)


def _phones_of(book: Ledger, campaign_id: str) -> list[str]:
    """Return the numbers that were imported into a campaign."""
    return [entry.key for entry in book.entries(scope_of(campaign_id), "done")]


def _rival_of(book: Ledger, campaign: Campaign) -> Rival | None:
    """Return another campaign as a rival for calls, or None if it was not started."""
    period = Period.of(campaign)
    if period is None:
        return None
    # A campaign that was filled without this ledger may have any number.
    phones = frozenset(map(digits_of, _phones_of(book, campaign.campaign_id)))
    return Rival(period, phones or None)
