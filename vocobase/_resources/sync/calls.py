# Derived from vocobase/_resources/aio/calls.py by scripts/derive_sync.py; edit that instead.
"""Outbound phone calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vocobase._base.arguments import as_ids, check_aware, check_callback, check_id, check_seconds, check_whole
from vocobase._base.values import OMIT, Omit, as_dict
from vocobase._policy.choices import CallStatusValue, ProviderValue
from vocobase._policy.limits import check_members
from vocobase._policy.options import Timeout
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase._waiting.matches import CallFilter, is_started_call, was_created_before
from vocobase._waiting.sync.recent import filtered
from vocobase_raw.api.calls import concurrency as calls_concurrency
from vocobase_raw.api.calls import dismiss_stale as calls_dismiss_stale
from vocobase_raw.api.calls import extract as calls_extract
from vocobase_raw.api.calls import get as calls_get
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.api.calls import recording_url as calls_recording_url
from vocobase_raw.api.calls import start as calls_start
from vocobase_raw.api.calls import transfer as calls_transfer
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_concurrency import CallConcurrency
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.call_extraction import CallExtraction
from vocobase_raw.models.call_transfer import CallTransfer
from vocobase_raw.models.calls_extract_request import CallsExtractRequest
from vocobase_raw.models.calls_start_request import CallsStartRequest
from vocobase_raw.models.calls_transfer_request import CallsTransferRequest
from vocobase_raw.models.confirmation import Confirmation
from vocobase_raw.models.recording_link import RecordingLink
from vocobase_raw.models.started_call import StartedCall

if TYPE_CHECKING:
    from vocobase._dialing.gate import ConsentSource, DoNotCallSources
    from vocobase._dialing.guards import Amount, CircuitBreaker, SpendCap
    from vocobase._dialing.jobs import CallJob, JobUpdate
    from vocobase._dialing.opt_out import OptOut
    from vocobase._dialing.redial import PersonCap, Redial
    from vocobase._dialing.report import DialReport
    from vocobase._dialing.stopping import Stop
    from vocobase._dialing.windows import CallWindow
    from vocobase._ledger import Ledger
    from vocobase._waiting.results import CallResult, FinishedCall

# Methods import waits, lists and transfers when they are called: all programs start, and few need them all.


class Calls(Resource):
    """Outbound phone calls."""

    def start(
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
            The :class:`StartedCall`.

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
        request = calls_start.build(
            body=CallsStartRequest(
                agent_id=agent_id,
                to_number=to_number,
                provider=provider,
                variables=as_dict(variables),
                connection_id=connection_id,
            )
        )
        if wait_for_slot is None:
            return self._core.call(request, calls_start.parse)
        check_seconds(wait_for_slot, "calls.start: wait_for_slot")
        from vocobase._waiting.sync.slots import SlotWait

        return SlotWait(self._core, wait_for_slot).start(request)

    def start_many(
        self,
        jobs: Iterable[CallJob],
        *,
        ledger: str | PathLike[str] | Ledger,
        name: str = "calls",
        concurrency: int | Literal["auto"] = "auto",
        window: CallWindow | None = None,
        redial: Redial | None = None,
        person_cap: PersonCap | None = None,
        do_not_call: DoNotCallSources = (),
        consent: ConsentSource | None = None,
        opt_out: OptOut | None = None,
        budget: SpendCap | Amount | None = None,
        circuit_breaker: CircuitBreaker | None = None,
        wait_for_windows: bool = True,
        wait_for_outcomes: bool = False,
        until: datetime | None = None,
        on_update: Callable[[JobUpdate], None] | None = None,
    ) -> DialReport:
        """Dial a list of jobs, each once, within slots, budgets and calling hours; see docs/dialing.md.

        The list is kept in a ledger, so a second run, after a crash too, goes on where the first one stopped,
        and several processes or machines may work on one list. A start whose outcome is not known is checked
        up, never repeated: without a call the job is parked for a person, see :class:`DialList`.

        Args:
            jobs: What to dial; jobs that the list knows already are not added again. Empty to work on what is
                there.
            ledger: Path of a file, the address of Redis or PostgreSQL, or an open :class:`Ledger`.
            name: Name of the list in the ledger; calls belong to one account, so use one for each.
            concurrency: How many calls may be live at once, at most as many as the account may have;
                ``auto`` for as many as that.
            window: Hours in which jobs without hours of their own may be dialled; by default 09:00 to 20:00
                by the clock where the number is. :meth:`CallWindow.any_time` lets phones ring at night.
            redial: Which outcomes are dialled again, and when; kept in the ledger, as are the next three.
            person_cap: How often one number is dialled at most, over all lists of the ledger.
            do_not_call: Who must not be called, besides the :class:`DoNotCall` list of the ledger, which is
                always asked: that of another ledger, a set of numbers, a function that returns True or a
                reason for such a number, or a list of these. All are asked in the instant before each dial.
            consent: Who may be called: a :class:`ConsentList`, a mapping of numbers to :class:`Consent`
                objects, or a function that returns the one of a number. By default it is not asked.
            opt_out: Which outcomes and extracted values add a number to the :class:`DoNotCall` list; kept in
                the ledger.
            budget: The rupees that the list may spend: a number, or a :class:`SpendCap` with the worst case
                of one call (46.00 rupees by default).
            circuit_breaker: When too many failures pause the list.
            wait_for_windows: Whether to stay until closed windows open; if not, the report tells when.
            wait_for_outcomes: Whether to stay until the outcome of every call is known, as a list with
                redial, a budget or a circuit breaker does in any case.
            until: Aware time after which no job is begun.
            on_update: Called with a :class:`JobUpdate` whenever a job was started, refused or parked; what
                it raises goes to the caller.

        Returns:
            The :class:`DialReport` of the whole list, with this run in ``run`` and the reason for its end in
            ``stopped``.

        Raises:
            InvalidArgumentError: a job or an option cannot be used; nothing was dialled.
            PermissionDeniedError: balance too low or account suspended; the job stays in the list.
            GateError: a function of ``do_not_call`` or ``consent`` failed; the job stays in the list.
            LedgerError: the ledger cannot be used.
            LedgerLostError: it was emptied, replaced or restored from an older copy; nothing more is dialled.

        Retries: run it again with the same ledger; a job that was dialled is never dialled again.
        Documentation: Calls, Start an outbound call.
        """
        from vocobase._dialing.guards import spend_cap_of
        from vocobase._dialing.settings import ListSettings
        from vocobase._dialing.sync.dialer import start_many

        return start_many(
            self._core,
            jobs,
            ledger=ledger,
            name=name,
            concurrency=concurrency,
            window=window,
            settings=ListSettings(redial, person_cap, spend_cap_of(budget), circuit_breaker, opt_out),
            do_not_call=do_not_call,
            consent=consent,
            wait_for_windows=wait_for_windows,
            wait_for_outcomes=wait_for_outcomes,
            until=until,
            on_update=on_update,
        )

    def work(
        self,
        *,
        ledger: str | PathLike[str] | Ledger,
        name: str = "calls",
        concurrency: int | Literal["auto"] = "auto",
        redial: Redial | None = None,
        person_cap: PersonCap | None = None,
        do_not_call: DoNotCallSources = (),
        consent: ConsentSource | None = None,
        opt_out: OptOut | None = None,
        budget: SpendCap | Amount | None = None,
        circuit_breaker: CircuitBreaker | None = None,
        stop: Stop | None = None,
        on_update: Callable[[JobUpdate], None] | None = None,
    ) -> DialReport:
        """Dial the jobs of a list that others add, until the worker is stopped; see docs/dialing.md.

        It stays when no job waits, when their hours are over, and while the list is paused or its budget is
        spent. If the balance of the account is too low, it pauses the list with that reason. SIGTERM and
        SIGINT stop it if it runs in the main thread; the former handlers are restored afterwards. A stopped
        worker dials no further job, completes the request that it has sent, and requeues what was not sent.

        Args:
            ledger: As in :meth:`start_many`.
            name: As in :meth:`start_many`.
            concurrency: As in :meth:`start_many`.
            redial: As in :meth:`start_many`.
            person_cap: As in :meth:`start_many`.
            do_not_call: As in :meth:`start_many`.
            consent: As in :meth:`start_many`.
            opt_out: As in :meth:`start_many`.
            budget: As in :meth:`start_many`.
            circuit_breaker: As in :meth:`start_many`.
            stop: An event of ``threading`` or ``asyncio``, or a function that returns whether to stop; it is
                asked at least once a second while the worker waits.
            on_update: As in :meth:`start_many`.

        Returns:
            The :class:`DialReport` of the whole list, once the worker was stopped.

        Raises:
            InvalidArgumentError: an option cannot be used; nothing was dialled.
            PermissionDeniedError: the account is suspended; the job stays in the list.
            LedgerError: the ledger cannot be used.
            LedgerLostError: it was emptied, replaced or restored from an older copy; nothing more is dialled.

        Retries: start it again; a job that was dialled is never dialled again.
        Documentation: Calls, Start an outbound call.
        """
        from vocobase._dialing.guards import spend_cap_of
        from vocobase._dialing.settings import ListSettings
        from vocobase._dialing.sync.working import work

        return work(
            self._core,
            ledger=ledger,
            name=name,
            concurrency=concurrency,
            settings=ListSettings(redial, person_cap, spend_cap_of(budget), circuit_breaker, opt_out),
            do_not_call=do_not_call,
            consent=consent,
            stop=stop,
            on_update=on_update,
        )

    def start_once(
        self,
        key: str,
        agent_id: str,
        to_number: str,
        *,
        ledger: str | PathLike[str] | Ledger,
        name: str = "once",
        variables: Mapping[str, Any] | None = None,
        provider: ProviderValue | None = None,
        connection_id: str | None = None,
        wait_for_slot: float = 300.0,
    ) -> str:
        """Start a call unless one with this key was started before; return its id in both cases.

        For tasks that a queue may deliver twice: run it again after any error or crash, with the same key.
        The call is claimed in the ledger before it is dialled, as those of :meth:`start_many` are. If another
        process is starting it, or died while it did, this one waits until its outcome is known.

        Args:
            key: Identifies the call (1 to 512 characters), such as the number of an order.
            agent_id: Agent that talks.
            to_number: Number to dial, in E.164 form such as ``+12025550100``.
            ledger: As in :meth:`start_many`.
            name: Name of the list in the ledger that keeps the calls.
            variables: Map of declared variable name to value.
            provider: Carrier; see :meth:`start`.
            connection_id: Telephony connection; see :meth:`start`.
            wait_for_slot: Longest wait in seconds for a free concurrency slot, a permit, or another process
                (1 second to one day).

        Returns:
            Identifier of the call, such as ``calls.wait`` takes.

        Raises:
            InvalidArgumentError: an argument cannot be used, or the key belongs to a call to another number,
                by another agent, or with other variables; nothing was dialled.
            CallRefusedError: the call is refused; it is not dialled, now or later.
            OutcomeUnknownError: it may have been dialled, and no call was found; a person decides with
                :class:`DialList`.
            WaitTimeoutError: it was not dialled in time; run it again.
            PermissionDeniedError: balance too low or account suspended; run it again later.
            LedgerError: the ledger cannot be used.
            LedgerLostError: it was emptied, replaced or restored from an older copy.

        Retries: run it again with the same key; a call that was dialled is never dialled again.
        Documentation: Calls, Start an outbound call.
        """
        from vocobase._dialing.jobs import CallJob
        from vocobase._dialing.sync.once import start_once

        job = CallJob(
            agent_id,
            to_number,
            variables=variables,
            provider=provider,
            connection_id=connection_id,
            key=key,
        )
        return start_once(self._core, job, ledger=ledger, name=name, wait_for_slot=wait_for_slot)

    def list(
        self, *, limit: int | Omit = OMIT, offset: int | Omit = OMIT, status: CallStatusValue | Omit = OMIT
    ) -> Page[Call]:
        """Return one page of the partner's calls, newest first, optionally of one status only.

        Args:
            limit: Page size (1 to 100; default 10).
            offset: Rows to skip (at least 0; default 0).
            status: Only calls in this status, in any case (one of pending, ringing, in_progress, completed,
                failed, no_answer, busy, canceled).

        Returns:
            A page of :class:`Call`.

        Retries: automatic.
        Documentation: Calls, List calls.
        """
        return self._core.page(
            calls_list.build(limit=limit, offset=offset, status=status), "calls", Call.from_dict
        )

    def iter(
        self,
        *,
        page_size: int = 100,
        status: CallStatusValue | Omit = OMIT,
        since: datetime | None = None,
        until: datetime | None = None,
        agent_id: str | None = None,
    ) -> Iterator[Call]:
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
            An iterator of :class:`Call`.

        Raises:
            InvalidArgumentError: a time has no time zone; nothing was sent.

        Retries: automatic.
        Documentation: Calls, List calls.
        """
        for name, time in (("since", since), ("until", until)):
            if time is not None:
                check_aware(time, f"calls.iter: {name}")
        calls = self._core.walk(
            lambda offset: calls_list.build(limit=page_size, offset=offset, status=status),
            "calls",
            Call.from_dict,
            lambda call: call.call_id,
        )
        return filtered(calls, CallFilter(since, until, agent_id))

    def find_started(
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
            The newest :class:`Call` that matches, or None.

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
        checked = 0
        for call in self.iter():
            if is_started_call(call, agent_id, to_number, since):
                return call
            checked += 1
            if checked >= max_calls or was_created_before(call, since):
                break
        return None

    def wait(
        self,
        call_id: str,
        *,
        timeout: float = 600.0,
        on_update: Callable[[CallDetails], None] | None = None,
    ) -> FinishedCall:
        """Wait until a call has ended and its transcript and extraction are final.

        Polls within the requests a minute, and continues after temporary errors.

        Args:
            call_id: Call id.
            timeout: Longest wait in seconds, requests included.
            on_update: Called with the call whenever its status has changed; its exceptions end the wait.

        Returns:
            The completed call, whose ``session`` is there.

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
        from vocobase._waiting.sync.calls import wait_for_call

        return wait_for_call(self._core, call_id, timeout=timeout, on_update=on_update)

    def wait_all(
        self,
        call_ids: Iterable[str],
        *,
        timeout: float = 1800.0,
        on_update: Callable[[CallDetails], None] | None = None,
    ) -> Iterator[CallResult]:
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
            :class:`CallCompleted`, or a :class:`CallNotCompleted` with its ``error``.

        Raises:
            InvalidArgumentError: the timeout or an id is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Calls, List calls and Get call details; Sessions, Get a session.
        """
        check_seconds(timeout, "calls.wait_all: timeout")
        ids = as_ids(call_ids, "calls.wait_all: call_ids")
        check_callback(on_update, "calls.wait_all: on_update")
        from vocobase._waiting.sync.calls import wait_for_calls

        return wait_for_calls(self._core, ids, timeout=timeout, on_update=on_update)

    def download_recording(
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
            InvalidArgumentError: ``dest`` is not a path, or leads to a folder or anything else but a file.
            NotFoundError: there is no recording.
            DownloadError: the file cannot be written; no part of it stays behind.
            ResponseError: the object store refused, or the body is damaged.

        Retries: automatic.
        Documentation: Calls, Get a fresh recording URL.
        """
        from vocobase._transfers.sync.downloads import download_recording

        return download_recording(self._core, call_id, dest, transfer_timeout)

    def get(self, call_id: str) -> CallDetails:
        """Return one call with its session: transcript, amount used and a temporary recording URL.

        Args:
            call_id: Call id.

        Returns:
            The :class:`CallDetails`.

        Raises:
            NotFoundError: unknown call, or owned by another account.

        Retries: automatic.
        Documentation: Calls, Get call details.
        """
        return self._core.call(calls_get.build(call_id), calls_get.parse)

    def concurrency(self) -> CallConcurrency:
        """Return the number of live calls, the limit, and how many more calls may start.

        Returns:
            The :class:`CallConcurrency`.

        Retries: automatic.
        Documentation: Calls, Get current call concurrency.
        """
        return self._core.call(calls_concurrency.build(), calls_concurrency.parse)

    def recording_url(self, call_id: str) -> RecordingLink:
        """Create a new signed download URL for the recording of a call.

        Args:
            call_id: Call id.

        Returns:
            The :class:`RecordingLink`.

        Raises:
            NotFoundError: unknown call, or no recording; the second case is plausible, not documented.

        Retries: automatic.
        Documentation: Calls, Get a fresh recording URL.
        """
        return self._core.call(calls_recording_url.build(call_id), calls_recording_url.parse)

    def transfer(self, call_id: str, *, to: str | Omit = OMIT) -> CallTransfer:
        """Transfer a call in progress to a person's phone number after the bot has announced it.

        Args:
            call_id: Call id.
            to: Destination, in E.164 form; by default the transferNumber of the agent.

        Returns:
            The :class:`CallTransfer`.

        Raises:
            ValidationFailedError: the call is not in progress, the agent does not allow transfers, or it
                has no destination; the code is plausible, not documented.
            NotFoundError: unknown call.
            LimitReachedError: more than 10 requests per minute on /calls/*.
            OutcomeUnknownError: no response; check with ``calls.get`` before you transfer again.

        Retries: only if the API certainly did not process the request.
        Documentation: Calls, Transfer a live call to a human.
        """
        return self._core.call(
            calls_transfer.build(call_id, body=CallsTransferRequest(to=to)), calls_transfer.parse
        )

    def extract(self, call_id: str, *, dry_run: bool | Omit = OMIT) -> CallExtraction:
        """Run the agent's current extraction config again, over the transcript of a finished call.

        Args:
            call_id: Call id.
            dry_run: Only return the values, without saving them (default false).

        Returns:
            The :class:`CallExtraction`.

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
        return self._core.call(
            calls_extract.build(call_id, body=CallsExtractRequest(dry_run=dry_run)), calls_extract.parse
        )

    def dismiss_stale(self) -> Confirmation:
        """Cancel every call of the partner that is still pending or ringing.

        Returns:
            The :class:`Confirmation`.

        Raises:
            LimitReachedError: more than 10 requests per minute on /calls/*.
            OutcomeUnknownError: no response; check with ``calls.list``, because a second request also cancels
                calls that were started since then.

        Retries: only if the API certainly did not process the request.
        Documentation: Calls, Dismiss stale calls.
        """
        return self._core.call(calls_dismiss_stale.build(), calls_dismiss_stale.parse)
