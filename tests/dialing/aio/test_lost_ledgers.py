"""A ledger that is lost in the middle of a run ends it with an error, and no phone rings after that."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress

import pytest

from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import NUMBERS
from tests.ledger.losses import place_of
from tests.ledger.test_identity import loss, wipe
from vocobase import (
    CallJob,
    CallWindow,
    CircuitBreaker,
    DialList,
    JobUpdate,
    LedgerError,
    LedgerLostError,
    SpendCap,
    open_ledger,
)

__all__ = ["loss"]
JOBS = 4


def jobs(world: AsyncWorld) -> list[CallJob]:
    # The servers have clocks of their own: it may be night there.
    return [CallJob(world.agent_id, number, window=CallWindow.any_time()) for number in NUMBERS[:JOBS]]


async def dial_until(
    world: AsyncWorld, place: str, number: int, act: Callable[[], object]
) -> LedgerLostError:
    """Dial a list, let something happen after some calls, and return the error that ends the run."""
    updates: list[JobUpdate] = []

    def tell(update: JobUpdate) -> None:
        updates.append(update)
        if len(updates) == number:
            act()

    with pytest.raises(LedgerLostError) as error:
        await world.dial(jobs(world), ledger=place, on_update=tell)
    assert [update.state for update in updates] == ["started"] * number
    return error.value


@pytest.fixture
def place(address: str) -> str:
    """Where a ledger may be kept, with the whole budget of a minute."""
    wipe(address)
    return address


@pytest.fixture
def free(make_world: Callable[..., AsyncWorld]) -> AsyncWorld:
    return make_world(concurrency=0, rate_limits=False)


@pytest.mark.parametrize("watched", [False, True], ids=["", "opened by others"])
async def test_nothing_is_dialled_after_a_ledger_was_lost(
    free: AsyncWorld, loss: tuple[str, str], watched: bool
) -> None:
    place, name = loss

    def lose() -> None:
        place_of(place).losses()[name]()
        if watched:
            with suppress(LedgerError), DialList(place) as monitor:
                monitor.report()

    error = await dial_until(free, place, 1, lose)
    assert free.dialled() == {NUMBERS[0]: 1}
    assert error.waiting == JOBS - 1
    assert "3 jobs" in str(error)
    assert "calls.list" in str(error)
    assert "\n" not in str(error)


async def test_nothing_is_dialled_after_an_older_copy_was_restored(free: AsyncWorld, place: str) -> None:
    """The copy was made before the claim of the second job, which would ring again."""
    copies: list[Callable[[], object]] = []

    def restore() -> None:
        copies[0]()
        with DialList(place) as monitor:
            assert monitor.report().waiting == JOBS - 1

    updates: list[JobUpdate] = []

    def tell(update: JobUpdate) -> None:
        updates.append(update)
        if len(updates) == 1:
            copies.append(place_of(place).copy())
        else:
            restore()

    with pytest.raises(LedgerLostError, match="older copy") as error:
        await free.dial(jobs(free), ledger=place, on_update=tell)
    assert free.dialled() == dict.fromkeys(NUMBERS[:2], 1)
    assert error.value.waiting == JOBS - 2


async def test_a_copy_from_before_the_run_is_no_ledger_of_this_run(free: AsyncWorld, place: str) -> None:
    with closing(open_ledger(place)):
        restore = place_of(place).copy()
    await dial_until(free, place, 1, restore)
    assert free.dialled() == {NUMBERS[0]: 1}


async def test_a_call_that_was_sent_when_its_ledger_was_lost_is_the_last(
    free: AsyncWorld, loss: tuple[str, str]
) -> None:
    """The loss comes while the start is under way, so its outcome cannot be recorded."""
    place, name = loss
    lost: list[str] = []

    def lose(row: object) -> None:
        if not lost and free.dialled():
            lost.append(name)
            place_of(place).losses()[name]()
            with suppress(LedgerError), DialList(place) as monitor:
                monitor.report()

    free.options["on_response"] = lose
    with pytest.raises(LedgerLostError):
        await free.dial(jobs(free), ledger=place)
    assert lost
    assert free.dialled() == {NUMBERS[0]: 1}


async def test_a_ledger_that_was_lost_before_the_run_dials_nothing(free: AsyncWorld, place: str) -> None:
    ledger = open_ledger(place)
    next(iter(place_of(place).losses().values()))()
    with suppress(LedgerError), DialList(place) as monitor:
        monitor.report()
    with pytest.raises(LedgerLostError, match="its jobs were waiting") as error:
        await free.dial(jobs(free), ledger=ledger)
    assert error.value.waiting is None
    assert free.dialled() == {}
    ledger.close()


async def test_a_guard_of_a_ledger_that_was_lost_lets_no_call_begin(
    free: AsyncWorld, loss: tuple[str, str]
) -> None:
    place, name = loss

    def dial(update: JobUpdate) -> None:
        place_of(place).losses()[name]()

    budget, breaker = SpendCap(500), CircuitBreaker()
    with pytest.raises(LedgerLostError):
        await free.dial(jobs(free), ledger=place, budget=budget, circuit_breaker=breaker, on_update=dial)
    assert sum(free.dialled().values()) == 1


async def test_a_run_whose_list_is_watched_all_the_time_ends_well(free: AsyncWorld, place: str) -> None:
    def watch(update: JobUpdate) -> None:
        with DialList(place) as monitor:
            assert monitor.report().parked == 0
        place_of(place).copy()

    report = await free.dial(jobs(free), ledger=place, on_update=watch)
    assert report.started == JOBS
    assert free.dialled() == dict.fromkeys(NUMBERS[:JOBS], 1)


async def test_two_runs_at_once_on_one_ledger_end_well(free: AsyncWorld, place: str) -> None:
    def other_run(update: JobUpdate) -> None:
        with free.client() as vb:
            vb.calls.start_many(jobs(free), ledger=place)

    assert (await free.dial(jobs(free), ledger=place, on_update=other_run)).started == JOBS
    assert free.dialled() == dict.fromkeys(NUMBERS[:JOBS], 1)
