"""A list of the ledger for commands: opened if it exists, as rows, and its jobs by key or number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from decimal import Decimal
from typing import Any

from vocobase import DialList, DialPlan, DialReport, JobResult, LookupFailedError, open_ledger
from vocobase.cli.ledgers import LEDGER
from vocobase.cli.moments import local
from vocobase.cli.output import Card
from vocobase.cli.progress import clock_time
from vocobase.cli.session import Session
from vocobase.cli.stores import shown

# States of a job, in the order of its life.
STATES = ("waiting", "dialling", "started", "finished", "refused", "parked")
LIST_COLUMNS = ("list", "jobs", "waiting", "finished", "parked", "spent", "pause.reason")
COLUMNS = ("to_number", "state", "attempts", "outcome", "cost", "reason")


@contextmanager
def existing_list(session: Session, ledger: str | None, name: str) -> Generator[DialList]:
    """Open a list that has jobs.

    Raises:
        LookupFailedError: there is no such ledger, or no such list in it.
    """
    place = LEDGER.existing(session, ledger)
    with DialList(place, name) as jobs:
        if not size_of(jobs.report()):
            raise LookupFailedError(f"The list {name!r} has no jobs in {shown(place)}.")
        yield jobs


def lists_in(place: str) -> Iterator[dict[str, Any]]:
    """Yield the progress of each list in a ledger."""
    with closing(open_ledger(place)) as ledger:
        for name in DialList(ledger).names():
            yield row_of(name, DialList(ledger, name).report())


def size_of(report: DialReport) -> int:
    """Return the number of jobs of a list."""
    return sum((report.started, report.refused, report.parked, report.waiting, report.dialling))


def row_of(name: str, report: DialReport) -> dict[str, Any]:
    """Return the progress of a list as a row."""
    return {
        "list": name,
        "jobs": size_of(report),
        **{member: value for member, value in vars(report).items() if member not in ("run", "stopped")},
        **({"stopped": report.stopped, "run": report.run} if report.run else {}),
    }


def progress_card(name: str, report: DialReport) -> Card:
    """Return the progress of a list for people."""
    run, pause = report.run, report.pause
    facts = [
        ("Jobs", size_of(report)),
        ("Waiting", report.waiting),
        ("Being dialled", report.dialling),
        ("Dialled", report.started),
        ("Finished", report.finished),
        ("Refused", report.refused),
        ("Parked", report.parked),
        ("Spent", f"{report.spent:,.2f} rupees"),
        ("Next opening", local(report.next_opening)),
        ("Paused", f"{pause.reason} ({pause.code}, {local(pause.since)})" if pause else ""),
        ("This run", f"dialled {run.started}, refused {run.refused}, parked {run.parked}" if run else ""),
        ("Ended by", report.stopped or ""),
    ]
    return Card(f"List {name}", facts)


def plan_card(plan: DialPlan) -> Card:
    """Return a plan for people."""
    facts = [
        ("To dial", f"{plan.to_dial:,} of {len(plan):,} jobs"),
        *((code, f"{count:,}") for code, count in plan.counts.items()),
        ("Next opening", local(plan.next_opening)),
        ("Last dial", _range(map(local, plan.ends_at or ()))),
        ("Dials", _range(f"{each:,}" for each in plan.dials)),
        ("Cost", f"{_range(f'{each:,.2f}' for each in plan.cost)} rupees"),
        ("Estimated by", plan.basis),
        *(("Note", note) for note in plan.notes),
    ]
    return Card(f"Plan of the list {plan.name}", facts)


def _range(limits: Iterable[str]) -> str:
    return " to ".join(dict.fromkeys(limits))


def job_card(job: JobResult) -> Card:
    """Return a job for people: the person, each attempt, and what is known."""
    facts = [
        ("State", job.state),
        ("Number", job.to_number),
        ("Agent", job.agent_id),
        ("Outcome", job.outcome),
        ("Not before", local(job.not_before)),
        ("Reason", job.reason),
        ("Duration", None if job.duration_seconds is None else clock_time(job.duration_seconds)),
        ("Cost", None if job.cost is None else f"{job.cost:,.2f} rupees"),
    ]
    dials = [
        f"{local(each.started_at)}  {each.outcome or 'ongoing'}  {each.call_id or 'no call'}"
        for each in job.dials
    ]
    sections = [
        ("Attempts", dials),
        ("Variables", _pairs(job.variables)),
        ("Extracted", _pairs(job.extraction)),
    ]
    return Card(f"Job {job.key}", facts, [each for each in sections if each[1]])


def _pairs(values: Mapping[str, Any] | None) -> list[str]:
    return [f"{name}: {value}" for name, value in (values or {}).items()]


def jobs_of(jobs: DialList, words: Iterable[str]) -> list[JobResult]:
    """Return the jobs with these keys or numbers.

    Raises:
        LookupFailedError: the list has none of them.
    """
    found = [(word, jobs.get(word)) for word in words]
    numbers = {word for word, job in found if job is None}
    by_number: dict[str, list[JobResult]] = defaultdict(list)
    for job in jobs.results() if numbers else ():
        if job.to_number in numbers:
            by_number[job.to_number].append(job)
    unknown = sorted(numbers - by_number.keys())
    if unknown:
        raise LookupFailedError(f"The list has no job with the key or number {unknown[0]!r}.")
    return [each for word, job in found for each in ([job] if job else by_number[word])]


def outcome_rows(results: Iterable[JobResult]) -> list[dict[str, Any]]:
    """Return how many jobs have each state and outcome, with their attempts, minutes and cost."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for job in results:
        start = {"jobs": 0, "attempts": 0, "minutes": 0.0, "cost": Decimal(0)}
        group = groups.setdefault((job.state, job.outcome or ""), start)
        group["jobs"] += 1
        group["attempts"] += job.attempts
        group["minutes"] += (job.duration_seconds or 0) / 60
        group["cost"] += job.cost or 0
    rows = (
        {"state": state, "outcome": outcome or None, **group, "minutes": round(group["minutes"], 1)}
        for (state, outcome), group in groups.items()
    )
    return sorted(rows, key=lambda row: (STATES.index(row["state"]), -row["jobs"]))
