"""Measure what tracing adds to a call, through the API of OpenTelemetry alone, and through its SDK.

    make bench-otel

All clients talk to the same loopback server in alternating blocks of one process. The figures are medians
over blocks of the mean per call. The exporter throws spans away, on a thread of its own, as that of an
application would send them. One span and one metric, written by hand around a call of an untraced client,
show what the SDK of OpenTelemetry itself takes. A busy program keeps one trace of a hundred.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from loopback import running
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import SpanKind

from vocobase import Vocobase, otel

TARGET_US = 20
ATTRIBUTES: dict[str, str | int] = {
    "http.request.method": "GET",
    "server.address": "127.0.0.1",
    "url.template": "/calls",
    "http.response.status_code": 200,
    "vocobase.attempts": 1,
}
LABELS: dict[str, str | int] = {"vocobase.operation": "calls.list", "http.response.status_code": 200}


class Nowhere(SpanExporter):
    """Throw spans away."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Report success."""
        return SpanExportResult.SUCCESS


def measure(calls: dict[str, Callable[[], object]], rounds: int, size: int) -> dict[str, list[float]]:
    """Time all in turn, in changing order; return microseconds per call, per block."""
    figures: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    for number in range(rounds + 1):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            gc.collect()
            gc.disable()
            started = time.perf_counter()
            for _ in range(size):
                calls[name]()
            elapsed = time.perf_counter() - started
            gc.enable()
            if number:
                figures[name].append(elapsed / size * 1e6)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what tracing adds to a call.")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--size", type=int, default=100, help="calls in a block")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    before = os.getloadavg()
    meters = MeterProvider([InMemoryMetricReader()])
    tracers, sampled = TracerProvider(), TracerProvider(TraceIdRatioBased(0.01))
    for provider in (tracers, sampled):
        provider.add_span_processor(BatchSpanProcessor(Nowhere()))
    with running() as address, ExitStack() as stack:
        plain, api, few, sdk = (
            stack.enter_context(Vocobase("rg_live_bench", base_url=f"{address}/1")) for _ in range(4)
        )
        otel.instrument(api)
        otel.instrument(few, tracer_provider=sampled, meter_provider=NoOpMeterProvider())
        otel.instrument(sdk, tracer_provider=tracers, meter_provider=meters)
        tracer, meter = tracers.get_tracer("by hand"), meters.get_meter("by hand")
        histogram = meter.create_histogram("duration")

        def by_hand() -> None:
            started = time.perf_counter()
            with tracer.start_as_current_span("calls.list", kind=SpanKind.CLIENT, attributes=ATTRIBUTES):
                plain.calls.list()
            histogram.record(time.perf_counter() - started, LABELS)

        calls: dict[str, Callable[[], object]] = {
            "off": plain.calls.list,
            "on, OpenTelemetry API alone": api.calls.list,
            "by hand, one span and one metric through the SDK": by_hand,
            "on, spans of one trace in a hundred through the SDK": few.calls.list,
            "on, spans and metrics through the SDK": sdk.calls.list,
        }
        figures = measure(calls, options.rounds, options.size)
    tracers.shutdown()
    sampled.shutdown()
    meters.shutdown()
    rows: list[dict[str, object]] = []
    for name, found in figures.items():
        added = statistics.median(a - b for a, b in zip(found, figures["off"], strict=True))
        target = TARGET_US if name.startswith("on") else 0
        verdict = "" if not target else "pass" if added <= target else "miss"
        rows.append(
            {
                "case": name,
                "call_us": round(statistics.median(found), 1),
                "added_us": round(added, 1),
                "at_most_us": target,
                "verdict": verdict,
            }
        )
        print(f"{name:<52} {statistics.median(found):>8.1f} us  added {added:>6.1f} us  {verdict}")
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "load_average_before": before,
            "load_average_after": os.getloadavg(),
        }
        text = json.dumps(
            {"machine": machine, "rounds": options.rounds, "size": options.size, "rows": rows}, indent=2
        )
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
