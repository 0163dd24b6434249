"""The figures that the SDK promises: threads, hostile identifiers, failing calls, bombs, secrets."""

from __future__ import annotations

import gzip
import importlib
import inspect
import logging
import os
import random
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.facade.server import Server, answer, error, reset
from vocobase import Vocobase
from vocobase._operations import OPERATIONS
from vocobase._paths import check_path

KEY = "rg_live_canary_0123456789"


def test_thirty_two_threads_with_two_hundred_calls_each_share_one_pool() -> None:
    with Server([answer(200, {"id": "a"})]) as server, Vocobase(KEY, base_url=server.url) as vb:
        wrong: list[object] = []

        def work() -> None:
            for _ in range(200):
                if vb.agents.get("a").id != "a":
                    wrong.append("answer")

        threads = [threading.Thread(target=work) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert len(server.requests) == 6400
        # One pool reuses its connections; a pool for each thread or call would open more.
        assert server.connections <= 32


def hostile_identifiers() -> list[str]:
    source = random.Random(7)
    alphabet = [
        *list("./\\%?#&;:@!$'()*+,=~ aZ09-_é\u202e\x00\x1f\x7f\n\r\t"),
        "%2f",
        "%2F",
        "%2e",
        "%5c",
        "%00",
        "..",
    ]
    fixed = [
        "",
        ".",
        "..",
        "...",
        "%2e%2e",
        "%252e%252e",
        "../agent",
        "a/../b",
        "a%2f..%2fb",
        "//",
        "\\..\\",
        "?x=1",
        "#x",
    ]
    return fixed + [
        "".join(source.choices(alphabet, k=source.randint(1, 12))) for _ in range(200 - len(fixed))
    ]


def path_of(key: str, identifier: str) -> tuple[str, str] | None:
    """Return the template and the filled path of an operation that takes identifiers."""
    resource, _, verb = key.rpartition(".")
    name = verb + "_" if verb in {"list", "map"} else verb
    module: Any = importlib.import_module(f"vocobase_raw.api.{resource.replace('.', '_')}.{name}")
    parameters = inspect.signature(module.build).parameters.values()
    count = sum(parameter.kind is parameter.POSITIONAL_OR_KEYWORD for parameter in parameters)
    if count == 0:
        return None
    keyword = {"body": {}} if "body" in inspect.signature(module.build).parameters else {}
    return module.PATH, module.build(*[identifier] * count, **keyword)["url"]


@pytest.mark.parametrize("key", OPERATIONS)
def test_two_hundred_hostile_identifiers_reach_no_other_route(key: str) -> None:
    for identifier in hostile_identifiers():
        found = path_of(key, identifier)
        if found is None:
            return
        template, path = found
        try:
            check_path(path, key)
        except vocobase.InvalidArgument:
            continue
        assert path.count("/") == template.count("/")
        assert not set(path) & set("?#\\ \n\r\t\x00")


def test_a_thousand_failing_calls_leave_no_socket_and_no_memory() -> None:
    with Server([error(500), reset, answer(200, b"<html>"), error(404)]) as server:
        with Vocobase(KEY, base_url=server.url, max_retries=0) as vb:

            def fail(times: int) -> None:
                for _ in range(times):
                    with pytest.raises(vocobase.VocobaseError):
                        vb.agents.get("a")

            fail(100)
            tracemalloc.start()
            before, descriptors = tracemalloc.get_traced_memory()[0], len(os.listdir("/proc/self/fd"))
            server.requests.clear()
            fail(1000)
            server.requests.clear()
            grown = tracemalloc.get_traced_memory()[0] - before
            tracemalloc.stop()
            assert len(os.listdir("/proc/self/fd")) <= descriptors + 2
        assert grown < 1024 * 1024


def test_a_bomb_of_200_mib_is_refused_within_64_mib() -> None:
    bomb = gzip.compress(b" " * (200 * 1024 * 1024), compresslevel=1)
    with Server([answer(200, bomb, Content_Encoding="gzip")]) as server:
        with Vocobase(KEY, base_url=server.url) as vb:
            tracemalloc.start()
            with pytest.raises(vocobase.ResponseError, match="larger than the limit"):
                vb.agents.get("a")
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


def test_the_key_is_in_no_line_of_our_log_at_debug_level(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    with Server([error(500, "X", f"echo {KEY}"), answer(200, {"id": "a"})]) as server:
        with Vocobase(KEY, base_url=server.url) as vb:
            vb.agents.get("a")
            with pytest.raises(vocobase.UploadError):
                vb.documents.upload(b"", name="a.md")
    assert caplog.records
    assert [
        record.getMessage()
        for record in caplog.records
        if record.name == "vocobase" and KEY in record.getMessage()
    ] == []
