"""Write docs/reliability.md from the table that the code uses.

python scripts/reliability_table.py [TARGET]
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from pathlib import Path
from string import ascii_uppercase

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "generated")]

from vocobase._base.errors import (  # noqa: E402
    APIError,
    AuthenticationError,
    ConcurrencyLimitError,
    ConflictError,
    ConnectionFailedError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseError,
    ServerError,
    TimeoutExceededError,
    ValidationFailedError,
    VocobaseError,
)
from vocobase._policy.operations import OPERATIONS, PER_MINUTE, WINDOW_SECONDS, Operation, RetrySafety  # noqa: E402
from vocobase._policy.retry import FIRST_DELAY_SECONDS, MAX_DELAY_SECONDS, delay, final_error, is_retryable  # noqa: E402

TEXT = """# Reliability: which requests are retried, and which never are

The API has no documented idempotency key. The client therefore retries a request whose outcome is
unknown only if carrying it out twice has the same result as carrying it out once. For all other requests, it
raises `OutcomeUnknownError`, which says how to verify the outcome. A dial is one of these: a wrong retry
would call a real person twice.

```text
Vocobase(api_key=None, *, timeout=None, max_retries=2, **other)
vb.calls.find_started(agent_id, to_number, *, since, max_calls=500) -> Call | None
```

```python
from datetime import UTC, datetime

from vocobase import OutcomeUnknownError, Vocobase

with Vocobase() as vb:
    agent, since = vb.agents.ensure("Desk", "Be kind.", voice_id=vb.voices.find().id), datetime.now(UTC)
    try:
        call = vb.calls.start(agent.id, "+12025550100", provider="twilio", wait_for_slot=60)
    except OutcomeUnknownError:  # the phone may ring: search for the call before you dial again
        call = vb.calls.find_started(agent.id, "+12025550100", since=since)
```

`make generate` writes this page from the tables that the code uses ({operations} operations, {faults}
kinds of fault); the tests send every kind of fault over a real socket.

## Faults

With `max_retries=2`, a request is sent at most three times, and only while there is time left. The
default timeout (30 s for most operations, see below) is also the limit for one response. If a server stays
silent that long, the request is not retried.

{fault_table}

Between attempts the client waits a random time below a cap that doubles from {first} s to {longest} s. A
`Retry-After` of the server replaces this time, up to {window:g} s: no rate limit lasts longer, and the client
logs a warning if a server asks for more. If the wait does not fit into the remaining time, the error is
raised at once, with `retry_after` set. The timeout covers the whole call, retries included. If a deletion is
retried after a lost response, and finds nothing (404), it counts as done.

## Operations

Budgets are requests per minute for one API key: {budgets}. Seconds are the time limit of a whole call,
unless you set one.

{operation_table}

## Attempts

How many times each operation is sent at most with `max_retries=2`, by the letter of the fault above.

{attempt_table}
"""

# The faults, and the error for each.
FAULTS: tuple[tuple[str, VocobaseError], ...] = (
    ("connection refused, DNS", ConnectionFailedError("", sent=False)),
    ("no connection in time", TimeoutExceededError("", sent=False)),
    ("connection breaks after the request was sent", ConnectionFailedError("", sent=True)),
    ("no response in time", TimeoutExceededError("", sent=True)),
    ("200 with HTML, an empty or damaged body", ResponseError("", status=200)),
    ("redirect 307, 308", ResponseError("", status=307)),
    ("redirect 301, 302, 303", ResponseError("", status=303)),
    ("400", ValidationFailedError("", status=400)),
    ("401", AuthenticationError("", status=401)),
    ("403", PermissionDeniedError("", status=403)),
    ("404", NotFoundError("", status=404)),
    ("408", APIError("", status=408)),
    ("409", ConflictError("", status=409)),
    ("429, rate", RateLimitError("", status=429)),
    ("429, concurrency", ConcurrencyLimitError("", status=429)),
    ("500, 502, 503, 504, 52x", ServerError("", status=500)),
    ("501, 505", ServerError("", status=501)),
)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a Markdown table."""
    cells = [list(head), *(list(row) for row in rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * len(cells[0]), *lines[1:]])


def outcome(operation: Operation, fault: VocobaseError) -> str:
    """Return the error for a fault, and whether the request is retried."""
    name = type(final_error(operation, fault)).__name__
    return f"retried, then `{name}`" if is_retryable(operation, fault) else f"`{name}`"


def attempts(operation: Operation, fault: VocobaseError) -> int:
    """Return how often a request is sent if every attempt has the same fault."""
    number = 1
    while (
        delay(operation, fault, attempt=number, max_retries=2, remaining=math.inf, random=lambda: 0.0)
        is not None
    ):
        number += 1
    return number


def page() -> str:
    """Return the page."""
    safe = next(operation for operation in OPERATIONS.values() if operation.safety is RetrySafety.SAFE)
    look = next(operation for operation in OPERATIONS.values() if operation.safety is RetrySafety.UNSAFE)
    return TEXT.format(
        operations=len(OPERATIONS),
        faults=len(FAULTS),
        first=FIRST_DELAY_SECONDS,
        longest=MAX_DELAY_SECONDS,
        window=WINDOW_SECONDS,
        budgets=", ".join(f"{budget.value} {number}" for budget, number in PER_MINUTE.items()),
        fault_table=table(
            ("", "fault", "safe operations", "operations to verify first"),
            (
                (letter, name, outcome(safe, fault), outcome(look, fault))
                for letter, (name, fault) in zip(ascii_uppercase, FAULTS, strict=False)
            ),
        ),
        operation_table=table(
            ("operation", "retry", "budget", "seconds", "after an unknown outcome"),
            (
                (f"`{o.key}`", o.safety.value, o.budget.value, f"{o.seconds:g}", o.advice)
                for o in OPERATIONS.values()
            ),
        ),
        attempt_table=table(
            ("operation", *ascii_uppercase[: len(FAULTS)]),
            ((f"`{o.key}`", *(str(attempts(o, fault)) for _, fault in FAULTS)) for o in OPERATIONS.values()),
        ),
    )


def write(target: Path) -> None:
    """Write the page to a file."""
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "reliability.md")
