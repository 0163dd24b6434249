"""Interrupt work at every instruction at which Python handles signals, one after the other."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from types import CodeType, FrameType
from typing import Any

# Python handles a signal at the beginning of a function, after a call, and when a loop begins again.
BEFORE = {"RESUME", "CALL", "CALL_KW", "CALL_FUNCTION_EX"}
AGAIN = "JUMP_BACKWARD"


@cache
def places_in(code: CodeType) -> frozenset[int]:
    """The offsets of instructions before which Python may run the handler of a signal.

    Python runs it as part of the instruction before, so both must be in the same `try` and `with` blocks.
    """
    listing = dis.Bytecode(code)
    blocks = listing.exception_entries

    def around(offset: int) -> list[int]:
        return [block.target for block in blocks if block.start <= offset < block.end]

    found: set[int] = set()
    for before, after in pairwise(listing):
        if before.opname in BEFORE and around(before.offset) == around(after.offset):
            found.add(after.offset)
        if before.opname == AGAIN and around(before.offset) == around(before.argval):
            found.add(before.argval)
    return frozenset(found)


class Interrupt:
    """Run work, and raise an error at one of its places, as the handler of a signal does.

    Args:
        at: The number of the place, from 1; 0 counts them only.
        within: Parts of the paths of the files whose places count.
        error: The error; by default that of Ctrl-C.

    Attributes:
        passed: How many places the work has passed.
        where: The place of the interruption; empty if the work ended before it.
    """

    def __init__(self, at: int, *within: str, error: type[BaseException] = KeyboardInterrupt) -> None:
        self.passed = 0
        self.where = ""
        self._at, self._within, self._error = at, within, error

    def run(self, work: Callable[[], object]) -> bool:
        """Return whether the work ended with the error."""
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            work()
        except self._error:
            return True
        finally:
            sys.settrace(before)
        return False

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        if not any(part in frame.f_code.co_filename for part in self._within):
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        return self._step

    def _step(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        if event == "opcode" and frame.f_lasti in places_in(frame.f_code):
            self.passed += 1
            if self.passed == self._at:
                self.where = f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}"
                sys.settrace(None)
                raise self._error
        return self._step
