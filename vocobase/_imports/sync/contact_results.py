# Derived from vocobase/_imports/aio/contact_results.py by scripts/derive_sync.py; edit that instead.
"""The results of a campaign for each contact, joined from the ledger of its import and the list of calls."""

from __future__ import annotations

import os
from collections.abc import Iterator

from vocobase._base.errors import LookupFailedError
from vocobase._core.sync.core import Core
from vocobase._imports.claims import Claims, ContactResult, Period, Rival, result_of
from vocobase._imports.sent import scope_of
from vocobase._ledger import Ledger, closing_own, open_ledger
from vocobase._policy.pages import MAX_PAGE_SIZE
from vocobase._policy.states import CAMPAIGN, Phase
from vocobase._waiting.matches import CallFilter, digits_of
from vocobase._waiting.sync.calls import wait_for_calls
from vocobase._waiting.sync.recent import filtered
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.api.campaigns import get as campaigns_get
from vocobase_raw.api.campaigns import list_ as campaigns_list
from vocobase_raw.models.call import Call
from vocobase_raw.models.campaign import Campaign

_NAME = "campaigns.results"


def campaign_results(
    core: Core, campaign_id: str, *, ledger: str | os.PathLike[str] | Ledger, timeout: float
) -> Iterator[ContactResult]:
    """Yield the results of the contacts of a campaign; see ``campaigns.results``."""
    core = core.paced()
    run = core.runtime.run_shielded
    campaign = core.call(campaigns_get.build(campaign_id), campaigns_get.parse)
    listed = core.page(campaigns_list.build(), "campaigns", Campaign.from_dict)
    others = [other for other in listed if _is_other(other, campaign)]
    book = run(open_ledger, ledger)
    with closing_own(book, ledger):
        phones = run(_phones_of, book, campaign_id)
        rivals = [run(_rival_of, book, other) for other in others]
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
    for call in filtered(_calls(core), wanted):
        claims.add(call)
    has_ended = period.until is not None or CAMPAIGN.phase(campaign.status) is not Phase.ONGOING
    for result in claims.others(has_ended=has_ended):
        yield result
    certain = claims.certain()
    for found in wait_for_calls(core, certain, timeout=timeout, on_update=None, name=_NAME):
        yield result_of(found, certain)


def _calls(core: Core) -> Iterator[Call]:
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
