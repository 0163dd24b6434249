"""One idempotent call: threads share a key, and the error of a refusal is a value."""

from __future__ import annotations

import threading
import time
from typing import Any

from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS
from vocobase import (
    CallRefusedError,
    VocobaseError,
)
from vocobase._base.errors.root import _rebuild


def test_the_error_of_a_refusal_pickles() -> None:
    error = CallRefusedError("one line", key="k", code="c", reason="r")
    rebuild, arguments = error.__reduce__()
    assert rebuild is _rebuild
    again: VocobaseError = _rebuild(*arguments)
    assert (str(again), again.__dict__) == (str(error), error.__dict__)


def test_threads_with_one_key_dial_once(world: World) -> None:
    # The clock stands still: on a busy machine, those who wait would let the lease of the one that dials expire.
    world.sleep = lambda seconds: time.sleep(0.001)  # type: ignore[method-assign]
    found: list[Any] = []

    def start() -> None:
        try:
            with world.client() as vb:
                found.append(vb.calls.start_once("order-17", world.agent_id, NUMBERS[0], ledger=world.place))
        except BaseException as error:
            found.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and isinstance(found[0], str), found
    assert world.dialled() == {NUMBERS[0]: 1}
