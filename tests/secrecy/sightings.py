"""Everything that tools which report errors could show of an error or an object, as one text."""

from __future__ import annotations

import io
import logging
import pickle
import pprint
from collections.abc import Iterator, Mapping
from pathlib import Path
from traceback import TracebackException
from types import FrameType, TracebackType
from typing import Any

import rich
from rich.console import Console
from rich.traceback import Traceback

from vocobase import VocobaseError

TESTS = str(Path(__file__).resolve().parents[1])


def rendered(show: Any) -> str:
    """Return what rich prints; wide, as a secret that is broken into lines would not be found."""
    console = Console(file=io.StringIO(), width=2000, color_system=None)
    show(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def of_object(value: Any) -> str:
    """Return what is shown of an object."""
    return "\n".join(
        [
            repr(value),
            str(value),
            pprint.pformat(value),
            rendered(lambda console: console.print([value])),
            rendered(lambda console: rich.inspect(value, console=console, private=True)),
        ]
    )


def of_error(error: BaseException) -> str:
    """Return what is shown of an error: all frames, causes and contexts, suppressed ones included."""
    found = []
    for each in chain(error):
        each.__traceback__ = without_tests(each.__traceback__)
        found += [repr(each), str(each), repr(each.args), *map(repr, deep(vars(each)))]
        trace = each.__traceback__
        while trace is not None:
            found += variables(trace.tb_frame)
            trace = trace.tb_next
        shown = TracebackException(type(each), each, each.__traceback__, capture_locals=True)
        found += shown.format()
        found += pictured(each)
    if isinstance(error, VocobaseError):
        found += [repr(pickle.dumps(error)), of_object(error)]
    return "\n".join(found)


def pictured(error: BaseException) -> Iterator[str]:
    """Yield the variables as rich shows them beside the lines of code, whose colours would take most of the time."""
    trace = Traceback.extract(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_length=10_000,
        locals_max_string=100_000,
    )
    for stack in trace.stacks:
        for frame in stack.frames:
            yield from (f"{name} = {value}" for name, value in (frame.locals or {}).items())


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that led to it."""
    left: list[BaseException | None] = [error]
    seen: set[int] = set()
    while left:
        each = left.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]


def without_tests(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the frames of tests, which know the secrets."""
    if trace is None:
        return None
    rest = without_tests(trace.tb_next)
    if trace.tb_frame.f_code.co_filename.startswith(TESTS):
        return rest
    return TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def variables(frame: FrameType) -> list[str]:
    """Return the variables of a frame."""
    return [f"{frame.f_code.co_qualname}: {value!r}" for value in deep(frame.f_locals)]


def deep(value: Any, depth: int = 6) -> Iterator[Any]:
    """Yield a value and what containers in it hold."""
    yield value
    if depth and isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if depth and isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from deep(item, depth - 1)


def of_log(records: list[logging.LogRecord]) -> str:
    """Return what is shown of log records."""
    found = []
    for record in records:
        found += [record.getMessage(), *map(repr, deep(record.args))]
        if record.exc_info and record.exc_info[1] is not None:
            found.append(of_error(record.exc_info[1]))
    return "\n".join(found)
