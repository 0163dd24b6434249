"""Interrupt work at every instruction at which Python handles signals, one after the other."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from functools import cache
from types import CodeType, FrameType
from typing import Any

# Python handles a signal at the beginning of a function, after a call, and when a loop begins again.
BEFORE = {"RESUME", "CALL", "CALL_KW", "CALL_FUNCTION_EX"}
AGAIN = "JUMP_BACKWARD"


@cache
def places_in(code: CodeType) -> frozenset[int]:
    """The offsets of instructions before which Python may run the handler of a signal."""
    found: set[int] = set()
    previous = ""
    for instruction in dis.get_instructions(code):
        found |= {instruction.offset} if previous in BEFORE else set()
        found |= {instruction.argval} if instruction.opname == AGAIN else set()
        previous = instruction.opname
    return frozenset(found)


class Interrupt:
    """Run work, and raise KeyboardInterrupt at one of its places.

    Args:
        at: The number of the place, from 1; 0 counts them only.
        within: Parts of the paths of the files whose places count.

    Attributes:
        passed: How many places the work has passed.
        where: The place of the interruption; empty if the work ended before it.
    """

    def __init__(self, at: int, *within: str) -> None:
        self.passed = 0
        self.where = ""
        self._at, self._within = at, within

    def run(self, work: Callable[[], object]) -> bool:
        """Return whether the work ended with KeyboardInterrupt."""
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            work()
        except KeyboardInterrupt:
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
                raise KeyboardInterrupt
        return self._step
