"""The tests that run without coverage: what they reach in vocobase/, others reach too.

Tracing more than doubles the time of a test. These test other things than vocobase/, or do with it thousands of times what
another test does once. If a row hides a line, `make cov` shows the line.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager

ROWS = (
    "pipeline/",
    "prism/",
    "release/",
    "sandbox/",
    "typing/",
    "client/aio/test_reliability.py::test_a_thousand_failing_calls",
    "client/sync/test_reliability.py::test_a_thousand_failing_calls",
    "client/test_hostile_arguments.py::test_every_argument_of_every_operation",
    "client/test_reliability.py::test_thirty_two",
    "contacts/test_bad_files.py::test_a_huge_line",
    "contacts/test_bad_files.py::test_a_stray_quote_at_the_top",
    "contacts/test_linear.py::test_the_time_for_a_file",
    "contacts/test_phones.py::test_numbers_that_are_told_quickly",
    "dialing/aio/test_gate.py::test_a_thousand_contacts",
    "dialing/sync/test_gate.py::test_a_thousand_contacts",
    "dialing/test_redial_proof.py",
    "dialing/test_two_workers.py",
    "ledger/test_sqlite.py::test_a_hundred_thousand",
    "records/test_exports.py::test_killed_at_any_step",
    "waiting/aio/test_many_calls.py::test_a_thousand",
    "waiting/sync/test_many_calls.py::test_a_thousand",
    "webhooks/test_hostile.py::test_ten_thousand",
)


@contextmanager
def pause(test: str) -> Generator[None]:
    """Stop coverage during a test that has a row.

    Args:
        test: Its id, such as ``tests/sandbox/test_zip.py::test_name[parameter]``.
    """
    tracer, in_threads = sys.gettrace(), threading.gettrace()
    own = test.replace("\\", "/").removeprefix("tests/")
    if not (type(tracer).__module__.startswith("coverage") and own.startswith(ROWS)):
        yield
        return
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type] - None is allowed
    try:
        yield
    finally:
        threading.settrace(in_threads)  # type: ignore[arg-type]
        sys.settrace(tracer)
