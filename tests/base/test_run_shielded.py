"""Work that must not be abandoned runs in a thread, which ends before a cancellation is raised."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from vocobase._base.runtime import AsyncRuntime, Runtime

async_run, run = AsyncRuntime().run_shielded, Runtime().run_shielded


def test_both_do_the_work_and_pass_errors_on() -> None:
    assert run(divmod, 7, 2) == asyncio.run(async_run(divmod, 7, 2)) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        run(divmod, 7, 0)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(async_run(divmod, 7, 0))


@pytest.mark.parametrize("fails", [False, True])
def test_a_cancelled_task_ends_after_its_work_has(fails: bool) -> None:
    begun, go, order = threading.Event(), threading.Event(), []

    def work() -> None:
        begun.set()
        go.wait(5)
        order.append("work")
        if fails:
            raise OSError("after the cancellation")

    async def main() -> None:
        task = asyncio.create_task(async_run(work))
        await asyncio.to_thread(begun.wait, 5)
        task.cancel()
        await asyncio.sleep(0.01)
        assert not task.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        order.append("task")

    asyncio.run(main())
    assert order == ["work", "task"]


def test_a_task_that_is_cancelled_again_and_again_ends_after_its_work_has() -> None:
    begun, go, order = threading.Event(), threading.Event(), []

    def work() -> None:
        begun.set()
        go.wait(5)
        order.append("work")

    async def main() -> None:
        task = asyncio.create_task(async_run(work))
        await asyncio.to_thread(begun.wait, 5)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0.01)
            assert not task.done()
        # What the end of a loop does, after a second Ctrl-C for one.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for other in others:
            other.cancel()
        await asyncio.sleep(0.01)
        assert not task.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        order.append("task")

    asyncio.run(main())
    assert order == ["work", "task"]


def test_the_work_sees_the_context_of_its_task() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")

    async def main() -> str:
        variable.set("seen")
        return await async_run(variable.get)

    assert asyncio.run(main()) == "seen"
