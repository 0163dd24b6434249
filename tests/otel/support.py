"""What is collected of spans and metrics, and responses without a server."""

from __future__ import annotations

from typing import Any

import httpx
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

# Put together here, so that source lines in a traceback do not hold it.
CANARY = "".join(["kana", "rie", "7f3a"])
KEY = f"rg_live_{CANARY}"
NUMBER = "+12025550100"


class Telemetry:
    """Collect spans and metrics in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.meters = MeterProvider([self._reader])

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    @property
    def metrics(self) -> dict[str, list[Any]]:
        data = self._reader.get_metrics_data()
        found = [] if data is None else data.resource_metrics
        return {
            metric.name: list(metric.data.data_points)
            for resource in found
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def shown(self) -> str:
        """Return everything that was collected, as text."""
        return "".join(span.to_json() for span in self.spans) + repr(self.metrics)

    def options(self) -> dict[str, Any]:
        return {"tracer_provider": self.tracers, "meter_provider": self.meters}


def ok(**data: Any) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "data": {"id": "a", **data}})
