"""Telemetry in memory, and the stock instrumentor of httpx."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.instrumentation._semconv import _OpenTelemetrySemanticConventionStability as Semconv
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from tests.otel.support import Telemetry


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    found = Telemetry()
    yield found
    found.tracers.shutdown()
    found.meters.shutdown()


@pytest.fixture(params=["", "http", "http/dup"], ids=["old names", "new names", "both"])
def stock(
    request: pytest.FixtureRequest, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Let the stock instrumentor trace every transport of httpx, under its old and new names of attributes."""
    monkeypatch.setenv("OTEL_SEMCONV_STABILITY_OPT_IN", request.param)
    # It reads the variable once in each process.
    monkeypatch.setattr(Semconv, "_initialized", False)
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(**telemetry.options())
    yield
    instrumentor.uninstrument()
    monkeypatch.undo()
    Semconv._initialized = False
