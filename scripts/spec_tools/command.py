"""Run a script so that its exit code has the documented meaning, whatever happens."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from spec_tools.document import SpecError
from spec_tools.text import clean


def guarded(name: str, failure: int, body: Callable[[], int]) -> int:
    """Return the exit code of ``body``; every failure is reported on standard error and returns ``failure``.

    Python itself ends with 1 after a traceback, which means something else in each of the scripts.
    """
    try:
        return body()
    except SpecError as error:
        for line in str(error).splitlines():
            print(f"{name}: {line}", file=sys.stderr)
    except Exception as error:  # noqa: BLE001 - see above
        print(f"{name}: unexpected {_described(error)}; please report it", file=sys.stderr)
    return failure


def _described(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}: {clean(str(error))}"
