"""`vocobase.otel` with the raw client, without its package, and in the words of its own page."""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

import httpx
import pytest

from tests.otel.support import KEY, Telemetry, ok
from vocobase import Vocobase, otel


def test_the_raw_client_is_traced_as_well(telemetry: Telemetry) -> None:
    from vocobase_raw.api.agents import get

    with Vocobase(KEY, transport=httpx.MockTransport(lambda _: ok())) as vb:
        get.sync_detailed("a", client=otel.instrument(vb, **telemetry.options()).raw)
    assert [span.name for span in telemetry.spans] == ["agents.get"]


def test_the_example_of_the_module_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOBASE_API_KEY", KEY)
    code = "\n".join(re.findall(r"^    (.*)", otel.__doc__ or "", re.MULTILINE))
    found: dict[str, Any] = {}
    exec(compile(code, "otel", "exec"), found)
    found["vb"].close()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.context", None)
    monkeypatch.delitem(sys.modules, "vocobase.otel")
    with pytest.raises(
        ImportError, match=r"vocobase\.otel needs more packages: run pip install 'opentelemetry-api"
    ):
        importlib.import_module("vocobase.otel")
