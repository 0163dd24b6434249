"""OpenTelemetry: one span for each operation of a client, and metrics.

    from vocobase import Vocobase, otel

    vb = otel.instrument(Vocobase())

Needs the extra ``otel``, which installs only opentelemetry-api; your application brings the SDK and the
exporter. A span is named after the operation (``calls.start``) and has the method, the route without values
(``/calls/{call_id}``), the status, the number of attempts and the seconds spent waiting for a permit. No span
or metric contains a body, a query, a header, an error message or the values of a path.

Spans: ``http.request.method``, ``url.template``, ``server.address``, ``http.response.status_code``,
``error.type``, ``vocobase.attempts``, ``vocobase.permit.wait``. Metrics: ``vocobase.operation.duration`` and
``vocobase.permit.wait`` (histograms, in seconds), ``vocobase.retries`` (a counter).
"""

from __future__ import annotations

from contextvars import Token
from types import TracebackType
from typing import TypeVar
from urllib.parse import urlsplit

from vocobase._base.extras import needs

try:
    from opentelemetry.context import Context, attach, detach
    from opentelemetry.metrics import MeterProvider, get_meter
    from opentelemetry.trace import (
        Span,
        SpanKind,
        StatusCode,
        TracerProvider,
        get_tracer,
        set_span_in_context,
    )
except ImportError as _error:
    raise ImportError(f"{needs('vocobase.otel', 'otel')}.") from _error

from vocobase._base.runtime import OnClock
from vocobase._client.aio.client import AsyncVocobase
from vocobase._client.sync.client import Vocobase
from vocobase._policy.tracing import Trace
from vocobase._version import __version__

__all__ = ["instrument", "uninstrument"]

C = TypeVar("C", Vocobase, AsyncVocobase)


def instrument(
    client: C, *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
) -> C:
    """Trace every operation of a client, and of the views that are created from it later.

    Args:
        client: The client, which is changed; instrumenting it again has no further effect.
        tracer_provider: Where spans go; by default the global provider.
        meter_provider: Where metrics go; by default the global provider.

    Returns:
        The same client.
    """
    telemetry = _Telemetry(urlsplit(client.base_url).hostname or "", tracer_provider, meter_provider)
    core = client._core  # pyright: ignore[reportPrivateUsage] - instrumentors change the client itself
    core.observe(lambda trace: _Operation(telemetry, trace, core.runtime))
    return client


def uninstrument(client: C) -> C:
    """End the tracing of a client, and return it."""
    client._core.observe(None)  # pyright: ignore[reportPrivateUsage] - see above
    return client


class _Telemetry:
    """The tracer and the instruments of one client."""

    def __init__(self, host: str, tracers: TracerProvider | None, meters: MeterProvider | None) -> None:
        self.host = host
        self.tracer = get_tracer("vocobase", __version__, tracers)
        meter = get_meter("vocobase", __version__, meters)
        self.duration = meter.create_histogram(
            "vocobase.operation.duration", "s", "Duration of operations, including retries and waits"
        )
        self.waits = meter.create_histogram(
            "vocobase.permit.wait", "s", "Time spent waiting for a rate-limit permit"
        )
        self.retries = meter.create_counter("vocobase.retries", "{retry}", "Requests that were retried")


class _Operation:
    """The context of one operation: its span is current while the operation runs."""

    __slots__ = ("_runtime", "_span", "_started", "_telemetry", "_token", "_trace")
    _span: Span
    _token: Token[Context]

    def __init__(self, telemetry: _Telemetry, trace: Trace, runtime: OnClock) -> None:
        self._telemetry, self._trace, self._runtime = telemetry, trace, runtime

    def __enter__(self) -> None:
        trace, telemetry = self._trace, self._telemetry
        self._started = self._runtime.monotonic()
        self._span = telemetry.tracer.start_span(
            trace.operation,
            kind=SpanKind.CLIENT,
            attributes={"http.request.method": trace.method, "server.address": telemetry.host},
        )
        self._token = attach(set_span_in_context(self._span))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        detach(self._token)
        trace, telemetry = self._trace, self._telemetry
        fault = trace.error if kind is None else kind.__name__
        result: dict[str, str | int | float] = {}
        if trace.status is not None:
            result["http.response.status_code"] = trace.status
        if fault is not None:
            result["error.type"] = fault
        name = {"vocobase.operation": trace.operation}
        telemetry.duration.record(self._runtime.monotonic() - self._started, {**name, **result})
        if trace.waited:
            telemetry.waits.record(trace.waited, name)
            result["vocobase.permit.wait"] = trace.waited
        if trace.attempts > 1:
            telemetry.retries.add(trace.attempts - 1, name)
        if self._span.is_recording():
            self._span.set_attributes(
                {**result, "url.template": trace.path, "vocobase.attempts": trace.attempts}
            )
            if fault is not None:
                self._span.set_status(StatusCode.ERROR, fault)
        self._span.end()
