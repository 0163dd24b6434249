"""Lists of calls, and calls that are dialled once: the methods of `calls` that keep a ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from vocobase._resources.aio.resource import AsyncResource

if TYPE_CHECKING:
    from vocobase._dialing.gate import ConsentSource, DoNotCallSources
    from vocobase._dialing.guards import Amount, CircuitBreaker, SpendCap
    from vocobase._dialing.jobs import CallJob, JobUpdate
    from vocobase._dialing.opt_out import OptOut
    from vocobase._dialing.plan import DialPlan
    from vocobase._dialing.redial import PersonCap, Redial
    from vocobase._dialing.report import DialReport
    from vocobase._dialing.stopping import Stop
    from vocobase._dialing.windows import CallWindow
    from vocobase._ledger import Ledger
    from vocobase._policy.choices import ProviderValue
    from vocobase.records.row import CallRecord


class AsyncCallLists(AsyncResource):
    """Lists of calls."""

    async def start_many(
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
        """Dial a list of jobs by its rules, within slots, budgets and hours; see docs/dialing.md.

        The list is kept in a ledger, so a second run continues where the first one stopped, even after a
        crash, and several processes or machines may work on one list. A start whose outcome is not known is
        verified, never retried: without a call the job is parked for a person, see ``DialList``.

        Args:
            jobs: What to dial; jobs that are already in the list are not added again. Empty to work on those
                only.
            ledger: Path of a file, the address of Redis or PostgreSQL, or an open ``Ledger``.
            name: Name of the list in the ledger; calls belong to one account, so use one for each.
            concurrency: Limit on live calls, at most that of the account; ``auto`` for the limit of the
                account.
            window: Hours in which jobs without hours of their own may be dialled; by default 09:00 to 20:00
                in the local time of the number. ``CallWindow.any_time`` lets phones ring at night.
            redial: Which outcomes are dialled again, and when. The ledger keeps it for all workers, as it
                keeps ``person_cap``, ``opt_out``, ``budget`` and ``circuit_breaker``.
            person_cap: Limit on the attempts to one number, over all lists of the ledger.
            do_not_call: Who must not be called, in addition to the ``DoNotCall`` list of the ledger, which is
                always checked: the list of another ledger, a set of numbers, a function that returns True or
                a reason for such a number, or a list of these. All are checked immediately before each dial.
            consent: Who may be called: a ``ConsentList``, a mapping of numbers to ``Consent``
                objects, or a function that returns the one of a number. Not checked by default.
            opt_out: Which outcomes and extracted values add a number to the ``DoNotCall`` list.
            budget: The rupees that the list may spend: a number, or a ``SpendCap`` with the worst case
                of one call (46.00 rupees by default).
            circuit_breaker: When too many failures pause the list.
            wait_for_windows: Whether to stay until closed windows open; if not, the report says when they do.
            wait_for_outcomes: Whether to stay until the outcome of every call is known, as a list with
                redial, a budget or a circuit breaker always does.
            until: Time with a zone after which no job is started.
            on_update: Called with a ``JobUpdate`` whenever a job was started, finished, requeued after a
                known outcome, refused or parked; its exceptions end the run.

        Returns:
            The ``DialReport`` of the whole list, with this run in ``run`` and the reason for its end in
            ``stopped``.

        Raises:
            InvalidArgumentError: a job or an option cannot be used; nothing was dialled.
            ConfigurationError: a setting differs from the one that the list has, or a package is missing.
            PermissionDeniedError: balance too low or account suspended; the job stays in the list.
            GateError: a function of ``do_not_call`` or ``consent`` failed; the job stays in the list.
            LedgerError: the ledger cannot be used.
            LedgerLostError: it was emptied, replaced or restored from an older copy; nothing more is dialled.

        Retries: run it again with the same ledger; a job that was dialled is never dialled again.
        Documentation: Calls, Start an outbound call.
        """
        from vocobase._dialing.aio.dialer import start_many
        from vocobase._dialing.list_settings import ListSettings

        return await start_many(
            self._core,
            jobs,
            ledger=ledger,
            name=name,
            concurrency=concurrency,
            window=window,
            settings=ListSettings.of(
                "calls.start_many", redial, person_cap, budget, circuit_breaker, opt_out
            ),
            do_not_call=do_not_call,
            consent=consent,
            wait_for_windows=wait_for_windows,
            wait_for_outcomes=wait_for_outcomes,
            until=until,
            on_update=on_update,
        )

    async def plan_many(
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
        records: Iterable[CallRecord] = (),
    ) -> DialPlan:
        """Return what ``start_many`` would do with the same arguments, with its duration and cost.

        Nothing is dialled, and nothing is written to the ledger; a file that does not exist is not created.
        The plan makes the same checks as a run, in simulated time: hours, caps, and the functions of
        ``do_not_call`` and ``consent``. It reads each agent once, and the concurrency of the account.

        Args:
            jobs: As in ``start_many``; jobs that it would reject become rows.
            ledger: As in ``start_many``.
            name: As in ``start_many``.
            concurrency: As in ``start_many``.
            window: As in ``start_many``.
            redial: As in ``start_many``.
            person_cap: As in ``start_many``.
            do_not_call: As in ``start_many``.
            consent: As in ``start_many``.
            opt_out: As in ``start_many``.
            budget: As in ``start_many``.
            circuit_breaker: As in ``start_many``.
            records: Past calls of the table of records from which costs and times are estimated, in addition
                to those of the list. Without past calls, the assumptions are in ``basis`` of the plan.

        Returns:
            The ``DialPlan``; print it to read it.

        Raises:
            InvalidArgumentError: an option cannot be used.
            ConfigurationError: a rule differs from the one that the list has, or a package is missing.
            GateError: a function of ``do_not_call`` or ``consent`` failed.
            LedgerError: the ledger cannot be used.

        Retries: automatic.
        Documentation: Agents, Get an agent; Calls, Get current call concurrency.
        """
        from vocobase._dialing.aio.plan import plan_many
        from vocobase._dialing.list_settings import ListSettings

        return await plan_many(
            self._core,
            jobs,
            ledger=ledger,
            name=name,
            concurrency=concurrency,
            window=window,
            settings=ListSettings.of("calls.plan_many", redial, person_cap, budget, circuit_breaker, opt_out),
            do_not_call=do_not_call,
            consent=consent,
            records=records,
        )

    async def work(
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

        It keeps running when no job is due, outside calling hours, and while the list is paused or its budget
        is spent. If the balance of the account is too low, it pauses the list with that reason. SIGTERM and
        SIGINT stop it if it runs in the main thread; the former handlers are restored afterwards. A stopped
        worker dials no further job, completes the request that it has sent, and requeues what was not sent.

        Args:
            ledger: As in ``start_many``.
            name: As in ``start_many``.
            concurrency: As in ``start_many``.
            redial: As in ``start_many``.
            person_cap: As in ``start_many``.
            do_not_call: As in ``start_many``.
            consent: As in ``start_many``.
            opt_out: As in ``start_many``.
            budget: As in ``start_many``.
            circuit_breaker: As in ``start_many``.
            stop: An event of ``threading`` or ``asyncio``, or a function that returns whether to stop; it is
                checked at least once a second while the worker waits.
            on_update: As in ``start_many``.

        Returns:
            The ``DialReport`` of the whole list, once the worker was stopped.

        Raises:
            InvalidArgumentError: an option cannot be used; nothing was dialled.
            ConfigurationError: a setting differs from the one that the list has.
            GateError: a function of ``do_not_call`` or ``consent`` failed; the job stays in the list.
            PermissionDeniedError: the account is suspended; the job stays in the list.
            LedgerError: the ledger cannot be used.
            LedgerLostError: it was emptied, replaced or restored from an older copy; nothing more is dialled.

        Retries: start it again; a job that was dialled is never dialled again.
        Documentation: Calls, Start an outbound call.
        """
        from vocobase._dialing.aio.working import work
        from vocobase._dialing.list_settings import ListSettings

        return await work(
            self._core,
            ledger=ledger,
            name=name,
            concurrency=concurrency,
            settings=ListSettings.of("calls.work", redial, person_cap, budget, circuit_breaker, opt_out),
            do_not_call=do_not_call,
            consent=consent,
            stop=stop,
            on_update=on_update,
        )

    async def start_once(
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
        The call is claimed in the ledger before it is dialled, as those of ``start_many`` are. If another
        process is starting it, or died while starting it, this one waits until its outcome is known. Like
        ``start``, it dials at any hour, but never a number in the ``DoNotCall`` list of the ledger.

        Args:
            key: Identifies the call (1 to 512 characters), such as the number of an order.
            agent_id: Agent that talks.
            to_number: Number to dial, in E.164 form such as ``+12025550100``.
            ledger: As in ``start_many``.
            name: Name of the list in the ledger that keeps the calls.
            variables: Map of declared variable name to value.
            provider: Carrier; see ``start``.
            connection_id: Telephony connection; see ``start``.
            wait_for_slot: Longest wait in seconds for a free concurrency slot, a permit, or another process
                (1 second to one day).

        Returns:
            Identifier of the call, for ``calls.wait``.

        Raises:
            InvalidArgumentError: an argument cannot be used, or the key belongs to a call to another number,
                by another agent, or with other variables; nothing was dialled.
            CallRefusedError: the call is refused; it is not dialled, now or later.
            OutcomeUnknownError: it may have been dialled, and no call was found; a person decides with
                ``DialList``.
            WaitTimeoutError: it was not dialled in time; run it again.
            PermissionDeniedError: balance too low or account suspended; run it again later.
            LedgerError: the ledger cannot be used.
            LedgerLostError: it was emptied, replaced or restored from an older copy.

        Retries: run it again with the same key; a call that was dialled is never dialled again.
        Documentation: Calls, Start an outbound call.
        """
        from vocobase._dialing.aio.once import start_once
        from vocobase._dialing.jobs import CallJob

        job = CallJob(
            agent_id,
            to_number,
            variables=variables,
            provider=provider,
            connection_id=connection_id,
            key=key,
        )
        return await start_once(self._core, job, ledger=ledger, name=name, wait_for_slot=wait_for_slot)
