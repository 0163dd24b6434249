# Derived from tests/client/aio/test_reliability.py by scripts/derive_sync.py; edit that instead.
"""The figures that the SDK promises to both clients: failing calls, bombs, secrets in logs."""

from __future__ import annotations

import gc
import gzip
import itertools
import logging
import os
import sys
import threading
import tracemalloc

import pytest

import vocobase
from tests.transport.server import Server, answer, error, reset
from vocobase import Vocobase

KEY = "rg_live_canary_0123456789"


def client(server: Server) -> Vocobase:
    return Vocobase(KEY, base_url=server.url, max_retries=0)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def traced() -> int:
    """Return the memory in use; coverage keeps something for each thread that the server ever had."""
    snapshot = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(False, "*/coverage/*")])
    return sum(trace.size for trace in snapshot.traces)


def fail(vb: Vocobase, server: Server, times: int) -> None:
    for _ in range(times):
        with pytest.raises(vocobase.VocobaseError):
            vb.agents.get("a")
        server.requests.clear()


def test_a_thousand_failing_calls_leave_no_socket_and_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # httpcore looks for it at every request, and pytest's import hook grows with every search that fails.
    monkeypatch.setitem(sys.modules, "sniffio", None)
    faults = itertools.cycle([error(500), reset, answer(200, b"<html>"), error(404)])
    with Server([lambda peer: next(faults)(peer)]) as server:
        closed = descriptors()
        tracemalloc.start()
        try:
            with client(server) as vb:
                # What is loaded at the first failures stays, and is no leak.
                fail(vb, server, 100)
                gc.collect()
                before, opened = traced(), descriptors()
                fail(vb, server, 1000)
                gc.collect()
                assert traced() - before < 256 * 1024
                assert descriptors() <= opened + 2
        finally:
            tracemalloc.stop()
        # The threads of the server close their ends when they see that ours is closed.
        for _ in range(200):
            if descriptors() <= closed:
                break
            threading.Event().wait(0.01)
        assert descriptors() <= closed


def test_a_bomb_of_200_mib_is_refused_within_64_mib() -> None:
    bomb = gzip.compress(b" " * (200 * 1024 * 1024), compresslevel=1)
    with Server([answer(200, bomb, Content_Encoding="gzip")]) as server:
        with client(server) as vb:
            tracemalloc.start()
            try:
                with pytest.raises(vocobase.ResponseError, match="larger than the limit"):
                    vb.agents.get("a")
                assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
            finally:
                tracemalloc.stop()


def test_the_key_is_in_no_line_of_any_log_at_debug_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Server([error(500, "X", f"echo {KEY}"), answer(200, {"id": "a"})]) as server:
        with client(server) as vb:
            with pytest.raises(vocobase.ServerError):
                vb.agents.get("a")
            vb.agents.get("a")
    assert {"vocobase", "httpcore.http11"} <= {record.name for record in caplog.records}
    formatter = logging.Formatter()
    assert [record.name for record in caplog.records if KEY in formatter.format(record)] == []
