"""What is logged and traced during a test, and a server that refuses a password."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Callable, Iterator

import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.secrecy.canaries import CANARY, check
from tests.secrecy.sightings import of_log


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Check every record of every test, too."""
    caplog.set_level(logging.DEBUG)
    yield
    # httpcore logs the headers of responses as they come; what a server writes there is not ours to hide.
    ours = [
        record
        for record in caplog.get_records("call")
        if "response_headers.complete" not in record.getMessage()
    ]
    check(of_log(ours))


@pytest.fixture
def spans() -> Iterator[Callable[[], str]]:
    """Let the stock instrumentation trace every transport of httpx; return what it has told."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield lambda: "".join(span.to_json() for span in exporter.get_finished_spans())
    instrumentor.uninstrument()
    provider.shutdown()


@pytest.fixture
def strict_redis() -> Iterator[str]:
    """A Redis server that knows another password; the driver holds ours when it is refused."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while self.request.recv(65536):
                self.request.sendall(b"-WRONGPASS invalid username-password pair\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://:{CANARY}@127.0.0.1:{server.server_address[1]}/0"
        server.shutdown()
