"""A first call loads what it runs, and nothing else: all programs start, and few use all of the SDK."""

from __future__ import annotations

import subprocess
import sys

from tests.transport.server import Server, answer

FIRST_CALL = """
import sys
from vocobase import Vocobase
with Vocobase("rg_live_x", base_url=sys.argv[1]) as vb:
    assert vb.calls.list().items[0].call_id == "c"
print(*sys.modules)
"""
WITH_HTTPX = """
import sys, httpx
with httpx.Client() as client:
    assert client.get(sys.argv[1]).json()
print(*sys.modules)
"""
# The modules of a first call by package. A new row or name costs every program time.
EXPECTED = {
    "vocobase": "_version",
    "vocobase._base": "arguments clock errors nesting runtime secrets values",
    "vocobase._base.errors": "requests root",
    "vocobase._client": "pacing",
    "vocobase._client.sync": "client",
    "vocobase._core": "",
    "vocobase._core.sync": "core permits",
    "vocobase._policy": (
        "hosts limits messages operations options overrides pacers pages paths responses retry tracing variables"
    ),
    "vocobase._resources": "",
    "vocobase._resources.sync": "call_lists calls resource",
    "vocobase._transport": (
        "attempt bodies deadline exchange inside line own_transport pool proxies routes tls"
    ),
    "vocobase_raw": "constraints types",
    "vocobase_raw.api": "",
    "vocobase_raw.api.calls": "list_",
    "vocobase_raw.models": "call call_direction call_disposition call_list call_status telephony_provider",
}
# What the SDK needs besides httpx.
OTHERS = {"attr", "attrs", "encodings"}


def loaded(program: str) -> set[str]:
    """Return the modules that a program loads for its first response."""
    page = {"calls": [{"call_id": "c"}], "total": 1}
    with Server([answer(200, page)]) as server:
        done = subprocess.run(
            [sys.executable, "-c", program, server.url], capture_output=True, text=True, check=True
        )
    return set(done.stdout.split())


def test_a_first_call_loads_only_the_modules_that_it_runs() -> None:
    expected = set(EXPECTED) | {
        f"{package}.{name}" for package, names in EXPECTED.items() for name in names.split()
    }
    found = {name for name in loaded(FIRST_CALL) if name.partition(".")[0] in {"vocobase", "vocobase_raw"}}
    assert sorted(found - expected) == [], "load them where they are needed"
    assert sorted(expected - found) == [], "no longer loaded; take them off the list"


def test_a_first_call_loads_no_other_package_than_httpx_does() -> None:
    more = loaded(FIRST_CALL) - loaded(WITH_HTTPX)
    roots = {name.partition(".")[0] for name in more}
    assert roots <= {"vocobase", "vocobase_raw", *OTHERS}
