"""Plan a run on a list: read and decide as it would, without dialling or changing anything."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from vocobase._base.errors import NotFoundError
from vocobase._base.secrets import reveal
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.aio.gate import AsyncGate
from vocobase._dialing.decisions import Postpone, Refuse, first
from vocobase._dialing.estimate import Basis, basis_of
from vocobase._dialing.forecast import Forecast, Pace, Simulation
from vocobase._dialing.gate import ConsentSource, DoNotCallSources, GateAnswers, GateRules, rules_of
from vocobase._dialing.jobs import CallJob
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.person_caps import check_cap
from vocobase._dialing.plan import NOW, DialPlan, PlanRow, counts_of
from vocobase._dialing.redial import Redial
from vocobase._dialing.rules import (
    CHECKS,
    NOT_YET,
    OUTSIDE_HOURS,
    Slots,
    check_concurrency,
    moment,
    tolerating,
)
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.survey import WHAT, Survey, survey_of
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Entry, Ledger
from vocobase._ledger.opening import open_existing
from vocobase.records.row import CallRecord
from vocobase_raw.api.agents import get as agents_get
from vocobase_raw.api.calls import concurrency as calls_concurrency


async def plan_many(
    core: AsyncCore,
    jobs: Iterable[CallJob],
    *,
    ledger: str | os.PathLike[str] | Ledger,
    name: str,
    concurrency: object,
    window: CallWindow | None,
    settings: ListSettings,
    do_not_call: DoNotCallSources,
    consent: ConsentSource | None,
    records: Iterable[CallRecord],
) -> DialPlan:
    """Plan a run on a list; see ``calls.plan_many``."""
    slots = Slots(check_concurrency(concurrency, WHAT))
    scope_of(name, WHAT)
    rules = rules_of(do_not_call, consent, WHAT, awaited=core.runtime.awaits)
    run = core.runtime.run_shielded
    opened = await run(open_existing, ledger)
    try:
        survey = await run(survey_of, opened, name, jobs, window, settings, records)
        planner = AsyncPlanner(core, name, survey, slots)
        return await planner.plan(opened, rules)
    finally:
        if opened is not None and opened is not reveal(ledger):
            await run(opened.close)


class AsyncPlanner:
    """Decide what a run would do with the jobs of a survey."""

    def __init__(self, core: AsyncCore, name: str, survey: Survey, slots: Slots) -> None:
        self._core = core.paced()
        self._run = core.runtime.run_shielded
        self._name = name
        self._survey = survey
        self._slots = slots
        self._answers = GateAnswers({}, {}, None)
        self._unknown_agents: dict[str, Refuse] = {}

    async def plan(self, ledger: Ledger | None, rules: GateRules) -> DialPlan:
        """Return the plan."""
        survey = self._survey
        numbers = list({entry.payload["to_number"]: None for entry in survey.entries.values()})
        self._answers = await AsyncGate(self._core.runtime, rules, ledger, WHAT).answers(numbers)
        for agent_id in {entry.payload["agent_id"]: None for entry in survey.entries.values()}:
            await self._read_agent(agent_id)
        with tolerating():
            found = await self._core.call(calls_concurrency.build(), calls_concurrency.parse)
            self._slots.learn(found.limit, found.active, 0)
        return await self._run(self._decide)

    async def _read_agent(self, agent_id: str) -> None:
        """Read the variables that an agent declares; the API refuses calls of an unknown agent."""
        try:
            await self._core.call(agents_get.build(agent_id), agents_get.parse)
        except NotFoundError as error:
            self._unknown_agents[agent_id] = Refuse(error.code or "", error.message)

    def _decide(self) -> DialPlan:
        survey, redial = self._survey, self._survey.settings.redial
        basis = basis_of(survey.past, redial)
        fastest, slowest = self._paces(basis, redial)
        least = self._forecast(fastest)
        most = least if fastest == slowest else self._forecast(slowest)
        waits = {key: wait for key, entry in survey.entries.items() if (wait := self._wait(entry))}
        rows = tuple(self._rows(least, waits))
        low, high = basis.cost(least.dials, most.dials)
        openings = (wait.until for wait in waits.values() if wait.code == OUTSIDE_HOURS)
        return DialPlan(
            self._name,
            moment(survey.now),
            rows,
            counts_of(rows),
            min(openings, default=None),
            (least.dials, most.dials),
            (moment(least.ends_at), moment(max(least.ends_at, most.ends_at))) if least.dials else None,
            (low, high),
            basis.text,
            tuple(self._notes(high)),
        )

    def _free_slots(self) -> int | None:
        """Return how many calls of the list may be live; calls of others are expected to end."""
        limit = None if self._slots.limit is None else max(1, self._slots.limit - self._slots.others)
        known = [number for number in (self._slots.cap, limit) if number is not None]
        return min(known, default=None)

    def _paces(self, basis: Basis, redial: Redial | None) -> tuple[Pace, Pace]:
        """Return the fastest and the slowest possible run."""
        slots = self._free_slots()
        # Without a limit of slots, the length of calls does not matter.
        shortest, longest = (0.0, 0.0) if slots is None else basis.seconds
        if redial is None:
            return Pace(slots, shortest), Pace(slots, longest)
        delay = redial.longest_delay.total_seconds()
        return Pace(slots, shortest), Pace(slots, longest, basis.redials[1], redial.max_attempts, delay)

    def _forecast(self, pace: Pace) -> Forecast:
        survey = self._survey
        cap = survey.settings.person_cap
        return Simulation(survey.entries.values(), self._refusal, cap, survey.dials, pace).run(survey.now)

    def _refusal(self, entry: Entry, now: datetime) -> Refuse | None:
        refusal = self._answers.decide(entry.payload["to_number"], now)
        return refusal or self._unknown_agents.get(entry.payload["agent_id"])

    def _rows(self, forecast: Forecast, waits: Mapping[str, Postpone]) -> Iterable[PlanRow]:
        rest = dict(self._survey.entries)
        for row in self._survey.rows:
            yield row if isinstance(row, PlanRow) else self._row(rest.pop(row), forecast, waits)
        for entry in rest.values():
            yield self._row(entry, forecast, waits)

    def _row(self, entry: Entry, forecast: Forecast, waits: Mapping[str, Postpone]) -> PlanRow:
        agent_id, number = entry.payload["agent_id"], entry.payload["to_number"]
        fate = forecast.fates[entry.key]
        if isinstance(fate, Refuse):
            return PlanRow(entry.key, agent_id, number, fate.code, fate.reason)
        wait = waits.get(entry.key)
        code, reason = (wait.code, wait.reason) if wait else (NOW, None)
        unknown = self._core.declared.difference(agent_id, entry.payload.get("variables")) or None
        return PlanRow(entry.key, agent_id, number, code, reason, moment(fate), unknown)

    def _wait(self, entry: Entry) -> Postpone | None:
        """Return why a job cannot be dialled now."""
        now, cap = moment(self._survey.now), self._survey.settings.person_cap
        dials = self._survey.dials.get(entry.payload["to_number"], ())
        decision = first(CHECKS, entry, now) or check_cap(cap, entry, dials, now)
        if isinstance(decision, Postpone):
            return decision
        until = moment(entry.not_before)
        return Postpone(until, NOT_YET, "the list has postponed it") if until > now else None

    def _notes(self, high: Decimal) -> Iterable[str]:
        pause, budget = self._survey.pause, self._survey.settings.budget
        if pause is not None:
            yield f"the list is paused, so a run dials nothing: {pause.reason}"
        if budget is not None and high > Decimal(budget.rupees):
            yield f"the budget of {budget.rupees} rupees may end the run before all jobs are dialled"
        if self._slots.limit is not None and self._slots.others >= self._slots.limit:
            yield "all concurrency slots are taken now"
