"""Outbound phone calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocobase._base.arguments import as_ids, check_aware, check_callback, check_id, check_seconds, check_whole
from vocobase._base.values import OMIT, Omit, as_dict
from vocobase._policy.limits import check_members
from vocobase._policy.options import Timeout
from vocobase._policy.pages import Page
from vocobase._resources.aio.call_lists import AsyncCallLists
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase._policy.choices import CallStatusValue, ProviderValue
    from vocobase._waiting.call_results import CallResult, FinishedCall
    from vocobase_raw.models import (
        Call,
        CallConcurrency,
        CallDetails,
        CallExtraction,
        CallTransfer,
        Confirmation,
        RecordingLink,
        StartedCall,
    )

# Methods import waits, searches and transfers when they are called: few programs need them all.


class AsyncCalls(AsyncCallLists):
    """Outbound phone calls."""

    async def start(
        self,
        agent_id: str,
        to_number: str,
        *,
        provider: ProviderValue | Omit = OMIT,
        variables: Mapping[str, Any] | Omit = OMIT,
        connection_id: str | Omit = OMIT,
        wait_for_slot: float | None = None,
    ) -> StartedCall:
        """Start an outbound phone call with one agent.

        Returns immediately; the API dials in the background.

        Args:
            agent_id: Agent that talks.
            to_number: Number to dial, in E.164 form such as +12025550100.
            provider: Carrier; must be one of the partner's allowed_telephony_providers and have credentials
                (known values: mcube, twilio, exotel, plivo, vobiz, sip, voicelink, tata_smartflo; default
                mcube).
            variables: Values by the names of declared variables; strings in the samples, other values are
                converted to strings. A VariablesWarning is issued if the names differ from those that the
                agent declared when this client last saw it.
            connection_id: Selects a telephony connection if several active ones share the provider; not
                listed on the reference page of this operation.
            wait_for_slot: Longest wait in seconds for a free concurrency slot; without it, an account without
                a free slot raises ConcurrencyLimitError. The start itself has its own time limit.

        Returns:
            The ``StartedCall``.

        Raises:
            WaitTimeoutError: no slot was free within ``wait_for_slot``; nothing was dialled.
            PermissionDeniedError: balance too low, account suspended, or partner not approved yet.
            NotFoundError: unknown agent, or owned by another account.
            LimitReachedError: more than 10 requests per minute on /calls/*, or no free concurrency slot.
            OutcomeUnknownError: no response; check with ``calls.find_started`` before you dial again, because
                a second call would ring the same person.

        Retries: only if the API certainly did not process the request.
        Documentation: Calls, Start an outbound call.
        """
        self._core.declared.check("calls.start", agent_id, variables)
        request = api.calls.start.build(
            body=models.CallsStartRequest(
                agent_id=agent_id,
                to_number=to_number,
                provider=provider,
                variables=as_dict(variables),
                connection_id=connection_id,
            )
        )
        if wait_for_slot is None:
            return await self._core.call(request, api.calls.start.parse)
        check_seconds(wait_for_slot, "calls.start: wait_for_slot")
        from vocobase._waiting.aio.slot_waits import AsyncSlotWait

        return await AsyncSlotWait(self._core, wait_for_slot).start(request)

    async def list(
        self, *, limit: int | Omit = OMIT, offset: int | Omit = OMIT, status: CallStatusValue | Omit = OMIT
    ) -> Page[Call]:
        """Return one page of the partner's calls, newest first, optionally of one status only.

        Args:
            limit: Page size (1 to 100; default 10).
            offset: Rows to skip (at least 0; default 0).
            status: Only calls in this status, in any case (one of pending, ringing, in_progress, completed,
                failed, no_answer, busy, canceled).

        Returns:
            A page of ``Call``.

        Retries: automatic.
        Documentation: Calls, List calls.
        """
        return await self._core.page(
            api.calls.list_.build(limit=limit, offset=offset, status=status), "calls", models.Call.from_dict
        )

    def iter(
        self,
        *,
        page_size: int = 100,
        status: CallStatusValue | Omit = OMIT,
        since: datetime | None = None,
        until: datetime | None = None,
        agent_id: str | None = None,
    ) -> AsyncIterator[Call]:
        """Iterate over the calls, newest first; a row that shifts between pages is returned once.

        The API filters by status only. The iterator skips calls outside the period and of other agents, and
        stops at the first call that is older than ``since`` by more than five minutes.

        Args:
            page_size: Calls per request (1 to 100).
            status: Only calls in this status.
            since: Time with a zone; only calls that were created then or later.
            until: Time with a zone; only calls that were created before it.
            agent_id: Only calls of this agent.

        Returns:
            An iterator of ``Call``.

        Raises:
            InvalidArgumentError: a time has no time zone, or ``agent_id`` is not an identifier; nothing was
                sent.

        Retries: automatic.
        Documentation: Calls, List calls.
        """
        for name, time in (("since", since), ("until", until)):
            if time is not None:
                check_aware(time, f"calls.iter: {name}")
        if agent_id is not None:
            check_id(agent_id, "calls.iter: agent_id")
        from vocobase._waiting.aio.recent import filtered
        from vocobase._waiting.matches import CallFilter

        calls = self._core.walk(
            lambda offset: api.calls.list_.build(limit=page_size, offset=offset, status=status),
            "calls",
            models.Call.from_dict,
            lambda call: call.call_id,
        )
        return filtered(calls, CallFilter(since, until, agent_id))

    async def find_started(
        self, agent_id: str, to_number: str, *, since: datetime, max_calls: int = 500
    ) -> Call | None:
        """Find a call whose start had an unknown outcome.

        No idempotency key is documented, so a call is identified by agent, number and time. None does not
        prove that the call does not exist: wait a few seconds and check again before you dial.

        Args:
            agent_id: Agent of the call.
            to_number: Number of the call, in E.164 form.
            since: Time with a zone, taken just before ``calls.start``; clocks may differ by 30 s.
            max_calls: How many of the newest calls to check (at least 1).

        Returns:
            The newest ``Call`` that matches, or None.

        Raises:
            InvalidArgumentError: ``since`` has no time zone, or the number is not in E.164 form; nothing was
                sent.

        Retries: automatic.
        Documentation: Calls, List calls.
        """
        wanted = {"agent_id": agent_id, "to_number": to_number}
        check_members("calls.find_started", wanted, limits_of="calls.start")
        check_aware(since, "calls.find_started: since")
        check_whole(max_calls, "calls.find_started: max_calls", 1)
        from vocobase._waiting.matches import is_started_call, was_created_before

        checked = 0
        async for call in self.iter():
            if is_started_call(call, agent_id, to_number, since):
                return call
            checked += 1
            if checked >= max_calls or was_created_before(call, since):
                break
        return None

    async def wait(
        self,
        call_id: str,
        *,
        timeout: float = 600.0,
        on_update: Callable[[CallDetails], None] | None = None,
    ) -> FinishedCall:
        """Wait until a call has ended and its transcript and extraction are final.

        Polls within the rate limits, and continues after temporary errors.

        Args:
            call_id: Call id.
            timeout: Longest wait in seconds, requests included.
            on_update: Called with the call whenever its status has changed; its exceptions end the wait.

        Returns:
            The completed call, with its ``session``.

        Raises:
            CallFailedError: it ended as failed, no_answer, busy or canceled; ``call`` holds it.
            WaitTimeoutError: it did not end in time; ``last`` holds it.
            NotFoundError: no such call, or not owned by the caller.
            InvalidArgumentError: the timeout or the id is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Calls, List calls and Get call details.
        """
        check_seconds(timeout, "calls.wait: timeout")
        check_id(call_id, "calls.wait: call_id")
        check_callback(on_update, "calls.wait: on_update")
        from vocobase._waiting.aio.calls import wait_for_call

        return await wait_for_call(self._core, call_id, timeout=timeout, on_update=on_update)

    def wait_all(
        self,
        call_ids: Iterable[str],
        *,
        timeout: float = 1800.0,
        on_update: Callable[[CallDetails], None] | None = None,
    ) -> AsyncIterator[CallResult]:
        """Wait for several calls at once, and yield each as soon as it is over.

        One request reports the states of a hundred calls. The results of calls that connected are read one by
        one, 58 a minute: eight with ``calls.get``, the others with ``sessions.get`` a minute after the end of
        the call or later; those lack ``answered_by``, response times and the end of the processing. A call
        that failed, is unknown or takes too long is a result like the others, with its ``error``.

        Args:
            call_ids: Call ids; duplicates are waited for once.
            timeout: Longest wait in seconds for all of them, from the first step of the iterator on; allow
                2 s for each call that connects.
            on_update: Called with a call whenever its status has changed; its exceptions end the wait.

        Returns:
            An iterator with one result for each call, in the order in which they end: a
            ``CallCompleted``, or a ``CallNotCompleted`` with its ``error``.

        Raises:
            InvalidArgumentError: the timeout or an id is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Calls, List calls and Get call details; Sessions, Get a session.
        """
        check_seconds(timeout, "calls.wait_all: timeout")
        ids = as_ids(call_ids, "calls.wait_all: call_ids")
        check_callback(on_update, "calls.wait_all: on_update")
        from vocobase._waiting.aio.calls import wait_for_calls

        return wait_for_calls(self._core, ids, timeout=timeout, on_update=on_update)

    async def download_recording(
        self, call_id: str, dest: str | PathLike[str], *, transfer_timeout: float | Timeout | None = None
    ) -> Path:
        """Download the recording of a call into a file.

        The file appears under its name only when it is complete. A broken transfer starts over; an expired
        URL is replaced once.

        Args:
            call_id: Call id.
            dest: Path of the file. An existing file is replaced; so is a symbolic link, not its target.
            transfer_timeout: Seconds for the transfer, including retries; by default 15 minutes.

        Returns:
            The path.

        Raises:
            InvalidArgumentError: ``dest`` is not a path, or leads to a folder or something else that is not a
                file.
            NotFoundError: there is no recording.
            DownloadError: the file cannot be written; no part of it stays behind.
            ResponseError: the object store refused, or the body is damaged.

        Retries: automatic.
        Documentation: Calls, Get a fresh recording URL.
        """
        from vocobase._transfers.aio.downloads import download_recording

        return await download_recording(self._core, call_id, dest, transfer_timeout)

    async def get(self, call_id: str) -> CallDetails:
        """Return one call with its session: transcript, amount used and a temporary recording URL.

        Args:
            call_id: Call id.

        Returns:
            The ``CallDetails``.

        Raises:
            NotFoundError: unknown call, or owned by another account.

        Retries: automatic.
        Documentation: Calls, Get call details.
        """
        return await self._core.call(api.calls.get.build(call_id), api.calls.get.parse)

    async def concurrency(self) -> CallConcurrency:
        """Return the number of live calls, the limit, and how many more calls may start.

        Returns:
            The ``CallConcurrency``.

        Retries: automatic.
        Documentation: Calls, Get current call concurrency.
        """
        return await self._core.call(api.calls.concurrency.build(), api.calls.concurrency.parse)

    async def recording_url(self, call_id: str) -> RecordingLink:
        """Create a new signed download URL for the recording of a call.

        Args:
            call_id: Call id.

        Returns:
            The ``RecordingLink``.

        Raises:
            NotFoundError: unknown call, or no recording; the second case is plausible, not documented.

        Retries: automatic.
        Documentation: Calls, Get a fresh recording URL.
        """
        return await self._core.call(api.calls.recording_url.build(call_id), api.calls.recording_url.parse)

    async def transfer(self, call_id: str, *, to: str | Omit = OMIT) -> CallTransfer:
        """Transfer a call in progress to a person's phone number after the bot has announced it.

        Args:
            call_id: Call id.
            to: Destination, in E.164 form; by default the transferNumber of the agent.

        Returns:
            The ``CallTransfer``.

        Raises:
            ValidationFailedError: the call is not in progress, the agent does not allow transfers, or it
                has no destination; the code is plausible, not documented.
            NotFoundError: unknown call.
            LimitReachedError: more than 10 requests per minute on /calls/*.
            OutcomeUnknownError: no response; check with ``calls.get`` before you transfer again.

        Retries: only if the API certainly did not process the request.
        Documentation: Calls, Transfer a live call to a human.
        """
        return await self._core.call(
            api.calls.transfer.build(call_id, body=models.CallsTransferRequest(to=to)),
            api.calls.transfer.parse,
        )

    async def extract(self, call_id: str, *, dry_run: bool | Omit = OMIT) -> CallExtraction:
        """Run the agent's current extraction config again, over the transcript of a finished call.

        Args:
            call_id: Call id.
            dry_run: Only return the values, without saving them (default false).

        Returns:
            The ``CallExtraction``.

        Raises:
            ValidationFailedError: the agent has no extraction_config; the code string is not documented
                (VALIDATION_ERROR is expected).
            NotFoundError: unknown call.
            LimitReachedError: more than 10 requests per minute on /calls/*; ``calls.start`` counts too.
            OutcomeUnknownError: no response; check the session, because a second request runs the extraction
                again.

        Retries: only if the API certainly did not process the request.
        Documentation: Calls, Run post-call extraction (Test Analysis / replay).
        """
        return await self._core.call(
            api.calls.extract.build(call_id, body=models.CallsExtractRequest(dry_run=dry_run)),
            api.calls.extract.parse,
        )

    async def dismiss_stale(self) -> Confirmation:
        """Cancel every call of the partner that is still pending or ringing.

        Returns:
            The ``Confirmation``.

        Raises:
            LimitReachedError: more than 10 requests per minute on /calls/*.
            OutcomeUnknownError: no response; check with ``calls.list``, because a second request also cancels
                calls that were started since then.

        Retries: only if the API certainly did not process the request.
        Documentation: Calls, Dismiss stale calls.
        """
        return await self._core.call(api.calls.dismiss_stale.build(), api.calls.dismiss_stale.parse)
