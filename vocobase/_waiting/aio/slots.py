"""Wait for sessions and documents, watch campaigns, and start calls when there is room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection

from vocobase._base.errors import (
    CampaignFailedError,
    ConnectionFailedError,
    DocumentSyncFailedError,
    LimitReachedError,
    LookupFailedError,
    SessionFailedError,
    VocobaseError,
)
from vocobase._core.aio.core import AsyncCore
from vocobase._policy.cadence import MAX_SLOT_INTERVAL_SECONDS, SETTLE_SECONDS, SLOT_INTERVAL_SECONDS
from vocobase._policy.operations import Budget
from vocobase._policy.pages import AsyncRead
from vocobase._policy.states import CAMPAIGN, DOCUMENT_SYNC, SESSION, Phase
from vocobase._resources.aio.agent_documents import AsyncAgentDocuments
from vocobase._resources.aio.calls import AsyncCalls
from vocobase._resources.aio.campaigns import AsyncCampaigns
from vocobase._resources.aio.sessions import AsyncSessions
from vocobase._waiting.aio.schedule import AsyncPollSchedule, OutOfTime
from vocobase._waiting.results import CampaignProgress
from vocobase._waiting.selection import content_of, has_ended, has_room
from vocobase_raw.models.call_concurrency import CallConcurrency
from vocobase_raw.models.campaign import Campaign
from vocobase_raw.models.linked_document import LinkedDocument
from vocobase_raw.models.session import Session
from vocobase_raw.models.started_call import StartedCall


async def wait_for_session(
    core: AsyncCore, session_id: str, *, timeout: float, on_update: Callable[[Session], None] | None
) -> Session:
    """Wait for a session; see ``sessions.wait``."""
    schedule = AsyncPollSchedule(core, timeout)
    last: Session | None = None
    since = schedule.now()
    while (session := await schedule.next(lambda core: AsyncSessions(core).get(session_id))) is not None:
        if on_update is not None and (last is None or last.status != session.status):
            on_update(session)
        if last is None or not has_ended(session) or content_of(last) != content_of(session):
            since = schedule.now()
        last = session
        final = session.additional_properties.get("processing_complete")
        if has_ended(session) and (final or (final is None and schedule.now() - since >= SETTLE_SECONDS)):
            break
    if last is not None and SESSION.phase(last.status) is Phase.FAILED:
        text = f"sessions.wait: the session ended as {last.status}; see `session` of this error."
        raise SessionFailedError(text, session=last)
    if session is not None:
        return session
    state = "was not seen" if last is None else f"is {last.status}, and its results are not final"
    raise schedule.too_late(
        f"sessions.wait: the session {state}; wait longer, or look again with sessions.get.", last
    )


async def watch_campaign(
    core: AsyncCore, campaign_id: str, *, timeout: float | None, interval: float
) -> AsyncIterator[CampaignProgress]:
    """Watch a campaign; see ``campaigns.watch``."""
    schedule = AsyncPollSchedule(core, timeout, interval=interval, longest=interval)
    last: Campaign | None = None
    seen: CampaignProgress | None = None
    while (campaign := await schedule.next(lambda core: AsyncCampaigns(core).get(campaign_id))) is not None:
        last, progress = campaign, CampaignProgress.of(campaign)
        if progress != seen:
            seen = progress
            yield progress
        phase = CAMPAIGN.phase(campaign.status, campaign.completed_at)
        if phase is Phase.FAILED:
            text = f"campaigns.watch: the campaign is {campaign.status}; see `campaign` of this error."
            raise CampaignFailedError(text, campaign=campaign)
        if phase is Phase.DONE:
            return
    state = "was not seen" if last is None else f"is still {last.status}"
    raise schedule.too_late(
        f"campaigns.watch: the campaign {state}; watch longer, or look again with campaigns.get.", last
    )


async def wait_for_sync(
    core: AsyncCore, agent_id: str, document_ids: Collection[str] | None, *, timeout: float
) -> list[LinkedDocument]:
    """Wait for the documents of an agent; see ``agents.documents.wait_synced``."""
    schedule = AsyncPollSchedule(core, timeout)
    last: list[LinkedDocument] | None = None
    while (page := await schedule.next(lambda core: AsyncAgentDocuments(core).list(agent_id))) is not None:
        last = [document for document in page if document_ids is None or document.id in document_ids]
        found: list[object] = [document.id for document in last]
        if missing := [document_id for document_id in document_ids or () if document_id not in found]:
            raise LookupFailedError(
                f"agents.documents.wait_synced: {len(missing)} of the documents are not linked to the agent "
                f"(such as {min(missing)!r}); link them with agents.documents.link."
            )
        phases = [DOCUMENT_SYNC.phase(document.sync_status) for document in last]
        if Phase.FAILED in phases:
            failed = last[phases.index(Phase.FAILED)]
            text = (
                f"agents.documents.wait_synced: the sync of a document is {failed.sync_status}; "
                "see `document` of this error."
            )
            raise DocumentSyncFailedError(text, document=failed, documents=last)
        if Phase.ONGOING not in phases:
            return last
    raise schedule.too_late(
        "agents.documents.wait_synced: not all documents are synced; wait longer, or look again with "
        "agents.documents.list.",
        last,
    )


async def start_when_free(
    core: AsyncCore, start: AsyncRead[AsyncCore, StartedCall], *, seconds: float
) -> StartedCall:
    """Start a call as soon as there is a slot; see ``calls.start``.

    A start is sent again only after a refusal that is certain; what is unknown goes to the caller.
    """
    schedule = AsyncPollSchedule(
        core, seconds, interval=SLOT_INTERVAL_SECONDS, longest=MAX_SLOT_INTERVAL_SECONDS
    )
    room: CallConcurrency | None = None
    refusal: VocobaseError | None = None
    unsent = 0
    try:
        while True:
            try:
                await schedule.place(Budget.CALLS)
                # It keeps the time limit of the client: cut short, its outcome would be unknown.
                return await start(core.view(max_retries=0, pacer=None))
            except LimitReachedError as error:
                schedule.error = refusal = error
            except ConnectionFailedError as error:
                # Raised only for a start that certainly was not sent.
                unsent += 1
                if unsent > core.options.max_retries:
                    raise
                schedule.error = refusal = error
            while True:
                await schedule.pause(schedule.soon(spread=0.5) - schedule.now())
                try:
                    await schedule.place(Budget.CALLS)
                    room = await AsyncCalls(schedule.core()).concurrency()
                except VocobaseError as error:
                    schedule.tolerate(error)
                    continue
                # What a refusal asks for was done.
                schedule.error = None
                if has_room(room):
                    break
    except OutOfTime:
        text = f"calls.start: no slot was free within {seconds:g} s; nothing was dialled. Try again later."
        raise schedule.too_late(text, room) from schedule.error or refusal
