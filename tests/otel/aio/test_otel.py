"""`vocobase.otel`: one span for each operation and metrics; beside the stock instrumentor, nothing secret shows."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.fake_time import AsyncFakeRuntime, FakeClock
from tests.otel.support import CANARY, KEY, NUMBER, Telemetry, ok
from tests.transport.server import Server, answer
from vocobase import AsyncVocobase, Budget, LocalPacer, otel
from vocobase._policy.pacers import account_of


async def async_run(call: Callable[[Any], Any], telemetry: Telemetry, **options: Any) -> Any:
    """Return what a call gives with a client that is instrumented."""
    async with AsyncVocobase(KEY, **options) as vb, options.get("http_client") or nullcontext():
        return await call(otel.instrument(vb, **telemetry.options()))


def on(clock: FakeClock, *responses: httpx.Response) -> dict[str, Any]:
    """Return options that send nothing, and on which time passes at once."""
    left = [*responses]
    runtime = AsyncFakeRuntime(clock, clock.sleep)
    return {"transport": httpx.MockTransport(lambda _: left.pop(0)), "runtime": runtime}


async def test_an_operation_is_one_span_with_its_route_and_attempts(telemetry: Telemetry) -> None:
    options = on(FakeClock(), httpx.Response(503), ok())
    await async_run(
        lambda vb: vb.agents.get("secret-id"), telemetry, base_url="https://api.example/v1", **options
    )
    [span] = telemetry.spans
    assert span.name == "agents.get"
    assert span.kind.name == "CLIENT"
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "server.address": "api.example",
        "url.template": "/agent/{id}",
        "http.response.status_code": 200,
        "vocobase.attempts": 2,
    }
    assert span.status.is_unset
    assert "secret-id" not in telemetry.shown()


async def test_a_failed_operation_shows_the_class_of_its_error_and_nothing_that_the_server_said(
    telemetry: Telemetry,
) -> None:
    said = {"success": False, "error": {"code": "NOT_FOUND", "message": f"{NUMBER} is unknown"}}
    options = on(FakeClock(), httpx.Response(404, json=said))
    with pytest.raises(vocobase.NotFoundError):
        await async_run(lambda vb: vb.agents.get("a"), telemetry, **options)
    [span] = telemetry.spans
    assert (span.status.status_code.name, span.status.description) == ("ERROR", "NotFoundError")
    attributes = span.attributes or {}
    assert (attributes["error.type"], attributes["http.response.status_code"]) == ("NotFoundError", 404)
    assert span.events == ()
    assert NUMBER not in telemetry.shown()


async def test_a_success_that_cannot_be_read_is_a_failed_span(telemetry: Telemetry) -> None:
    with pytest.raises(vocobase.ResponseError):
        await async_run(
            lambda vb: vb.agents.get("a"),
            telemetry,
            **on(FakeClock(), httpx.Response(200, content=b"{")),
        )
    [span] = telemetry.spans
    assert (span.attributes or {})["error.type"] == "ResponseError"


async def test_a_wait_for_a_permit_is_in_the_span_and_in_the_metrics(telemetry: Telemetry) -> None:
    clock = FakeClock()
    pacer = LocalPacer(clock.monotonic)
    while not pacer.try_acquire(Budget.GENERAL, account_of(KEY)):
        pass
    await async_run(lambda vb: vb.agents.get("a"), telemetry, pace=pacer, **on(clock, ok()))
    [span] = telemetry.spans
    assert (span.attributes or {})["vocobase.permit.wait"] == 60.0
    [point] = telemetry.metrics["vocobase.permit.wait"]
    assert (point.sum, dict(point.attributes)) == (60.0, {"vocobase.operation": "agents.get"})


async def test_metrics_count_time_and_retries(telemetry: Telemetry) -> None:
    clock = FakeClock()
    options = on(clock, httpx.Response(503), httpx.Response(503), ok())
    await async_run(lambda vb: vb.agents.get("a"), telemetry, **options)
    metrics = telemetry.metrics
    [duration], [retries] = metrics["vocobase.operation.duration"], metrics["vocobase.retries"]
    assert duration.sum == pytest.approx(clock.elapsed)
    assert dict(duration.attributes) == {"vocobase.operation": "agents.get", "http.response.status_code": 200}
    assert (retries.value, dict(retries.attributes)) == (2, {"vocobase.operation": "agents.get"})
    assert "vocobase.permit.wait" not in metrics


async def test_an_instrumented_client_is_the_same_one_and_twice_is_once(telemetry: Telemetry) -> None:
    async with AsyncVocobase(KEY, **on(FakeClock(), *(ok() for _ in range(4)))) as vb:
        agents = vb.agents
        assert otel.instrument(vb, **telemetry.options()) is vb
        otel.instrument(vb, **telemetry.options())
        await agents.get("a")
        await vb.with_options(max_retries=0).agents.get("a")
        await vb.request("GET", f"/numbers/{NUMBER}")
        assert otel.uninstrument(vb) is vb
        await agents.get("a")
    assert [span.name for span in telemetry.spans] == ["agents.get", "agents.get", "GET (custom)"]
    assert (telemetry.spans[2].attributes or {})["url.template"] == "(custom)"


async def test_a_span_that_is_not_recorded_gets_no_attributes(telemetry: Telemetry) -> None:
    async with AsyncVocobase(KEY, **on(FakeClock(), ok())) as vb:
        await otel.instrument(vb).agents.get("a")
    assert telemetry.spans == []


TRANSFERS: dict[str, Callable[[Any, Path], Any]] = {
    "documents.upload": lambda vb, _: vb.documents.upload(b"hello", name="a.md"),
    "documents.download": lambda vb, folder: vb.documents.download("x", folder / "a"),
    "calls.download_recording": lambda vb, folder: vb.calls.download_recording("c1", folder / "b"),
}


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize("fault", [200, 403, 500])
@pytest.mark.parametrize("own", [False, True], ids=["own connections", "http_client"])
@pytest.mark.parametrize("name", TRANSFERS)
async def test_with_the_stock_instrumentor_nothing_shows_a_signature_or_the_key(
    name: str,
    own: bool,
    fault: int,
    telemetry: Telemetry,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # The records of httpcore at level DEBUG are those of its developers: see docs/security.md.
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "httpcore")
    with Server([answer(fault, b"data")]) as store:
        url = f"{store.url}/o?X-Amz-Credential=c&X-Amz-Signature={CANARY}"
        links = dict.fromkeys(("upload_url", "download_url", "recording_url"), url)
        data = {"id": "x", "document_id": "x", "status": "ready", "file_size": 4, "mime_type": "text/plain"}
        with Server([answer(200, {**data, **links})]) as api:
            options: dict[str, Any] = {"base_url": api.url, "max_retries": 0}
            if own:
                options["http_client"] = httpx.AsyncClient()
            try:
                await async_run(lambda vb: TRANSFERS[name](vb, tmp_path), telemetry, **options)
            except vocobase.VocobaseError:
                assert fault != 200
    assert store.requests
    assert CANARY.encode() in b"".join(map(bytes_of, store.requests))
    shown = telemetry.shown() + caplog.text
    assert "/o?***" in telemetry.shown()
    assert CANARY not in shown
    assert KEY not in shown


def bytes_of(request: Any) -> bytes:
    return request if isinstance(request, bytes) else repr(request).encode()


@pytest.mark.usefixtures("stock")
async def test_the_span_of_a_request_is_a_child_of_that_of_its_operation(telemetry: Telemetry) -> None:
    with Server([answer(200, {"id": "a"})]) as api:
        await async_run(lambda vb: vb.agents.get("a"), telemetry, base_url=api.url)
    request, operation = telemetry.spans
    assert (request.name, operation.name) == ("GET", "agents.get")
    assert request.parent is not None
    assert operation.context is not None
    assert request.parent.span_id == operation.context.span_id
    assert json.loads(operation.to_json())["parent_id"] is None


async def test_the_requests_of_a_transfer_have_a_span_without_an_address(
    telemetry: Telemetry, tmp_path: Path
) -> None:
    link = {
        "download_url": "https://store.example/o?X-Amz-Signature=s",
        "mime_type": "text/plain",
        "file_size": 4,
    }
    options = on(FakeClock(), ok(**link), httpx.Response(500), httpx.Response(500), httpx.Response(500))
    with pytest.raises(vocobase.ResponseError):
        await async_run(lambda vb: vb.documents.download("x", tmp_path / "a"), telemetry, **options)
    presigning, transfer = telemetry.spans
    assert (presigning.name, transfer.name) == ("documents.get", "documents.download")
    attributes = transfer.attributes or {}
    assert attributes["url.template"] == "(presigned URL)"
    assert (attributes["error.type"], attributes["http.response.status_code"]) == ("ResponseError", 500)
    assert attributes["vocobase.attempts"] == 3
    assert "store.example" not in telemetry.shown()
