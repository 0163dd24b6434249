"""No secret shows in an error, an object, a span or a log, whatever fails and whatever tool looks."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import re
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import vocobase
from tests.secrecy.sightings import of_error, of_log, of_object
from tests.transport.server import Behaviour, Server, answer, error, reset, silence
from vocobase import AsyncVocobase, Timeout, Vocobase
from vocobase._base.secrets import SENSITIVE_PARAMETERS, Secret
from vocobase._policy.messages import Request
from vocobase._transport.routes import QuietProxy, Routes
from vocobase.webhooks import WebhookReceiver, sign, verify
from vocobase_raw import models
from vocobase_raw.api.config_telephony import set_twilio
from vocobase_raw.client import Client
from vocobase_raw.models.config_telephony_set_twilio_request import ConfigTelephonySetTwilioRequest
from vocobase_raw.types import Response

# Put together here, so that source lines in a traceback do not hold it.
CANARY = "".join(["kana", "rie", "7f3a"])
KEY = f"rg_live_{CANARY}"
HOOK = f"https://user:{CANARY}@hooks.example/{CANARY}?token={CANARY}"
HEADERS = {"X-Api-Key": CANARY, "Proxy-Token": f"Bearer {CANARY}"}
LONE = "\ud800"

Call = Callable[[Any], Any]

# Every operation that sends a secret or an address; the second call of each pair is wrong in another argument.
WRITES: dict[str, tuple[Call, Call]] = {
    "twilio": (
        lambda vb: vb.config.telephony.set_twilio("AC1", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_twilio("AC1", CANARY, from_number=LONE),
    ),
    "plivo": (
        lambda vb: vb.config.telephony.set_plivo("MA1", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_plivo("MA1", CANARY, from_number=5),
    ),
    "vobiz": (
        lambda vb: vb.config.telephony.set_vobiz("MA_1", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_vobiz("MA_1", CANARY, from_number={5}),
    ),
    "exotel": (
        lambda vb: vb.config.telephony.set_exotel(
            "s", CANARY, api_token=CANARY, subdomain="d", caller_id="+919876543210", applet_id="1"
        ),
        lambda vb: vb.config.telephony.set_exotel(
            "s", CANARY, api_token=CANARY, subdomain="d", caller_id="+919876543210", applet_id=LONE
        ),
    ),
    "mcube": (
        lambda vb: vb.config.telephony.set_mcube(CANARY, "919876543210"),
        lambda vb: vb.config.telephony.set_mcube(CANARY, "x"),
    ),
    "smartflo": (
        lambda vb: vb.config.telephony.set_tata_smartflo("a@b.example", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_tata_smartflo("a@b.example", CANARY, from_number=None),
    ),
    "voicelink": (
        lambda vb: vb.config.telephony.set_voicelink("u", CANARY, base_url=HOOK),
        lambda vb: vb.config.telephony.set_voicelink(["u"], CANARY, base_url=HOOK),
    ),
    "connection": (
        lambda vb: vb.telephony_connections.create("sip", "n", **credentials()),
        lambda vb: vb.telephony_connections.create("sip", "", **credentials()),
    ),
    "voicelink client": (
        lambda vb: vb.voicelink.clients.create(
            "a", "b", username="u", email="e", password=CANARY, channel_count=1
        ),
        lambda vb: vb.voicelink.clients.create(
            "a", "b", username="u", email="e", password=CANARY, channel_count=0
        ),
    ),
    "voicelink client update": (
        lambda vb: vb.voicelink.clients.update(1, password=CANARY),
        lambda vb: vb.voicelink.clients.update(1, password=CANARY, channel_count=-1),
    ),
    "webhook": (
        lambda vb: vb.config.webhooks.create("main", HOOK),
        lambda vb: vb.config.webhooks.create("MAIN", HOOK),
    ),
    "webhook update": (
        lambda vb: vb.config.webhooks.update("w1", url=HOOK),
        lambda vb: vb.config.webhooks.update("..", url=HOOK),
    ),
    "webhook ensure": (
        lambda vb: vb.config.webhooks.ensure("main", HOOK),
        lambda vb: vb.config.webhooks.ensure("M", HOOK),
    ),
    "default webhook": (
        lambda vb: vb.config.webhooks.set_default(HOOK),
        lambda vb: vb.config.webhooks.set_default(HOOK + LONE),
    ),
    "function": (
        lambda vb: vb.functions.create(
            "n", "d", url=HOOK, headers=[{"key": "Authorization", "value": CANARY}]
        ),
        lambda vb: vb.functions.create("n", 5, url=HOOK, headers=[{"key": "Authorization", "value": CANARY}]),
    ),
    "web link": (
        lambda vb: vb.documents.add_web_link("n", HOOK),
        lambda vb: vb.documents.add_web_link(LONE, HOOK),
    ),
    "own request": (
        lambda vb: vb.request("POST", "/own", params={"token": CANARY}, json={"auth_token": CANARY}),
        lambda vb: vb.request(
            "POST", "no path", params={"token": CANARY}, json={"auth_token": CANARY, "b": {5}}
        ),
    ),
    "own request that JSON cannot express": (
        lambda vb: vb.request("PUT", "/own", json={"auth_token": CANARY}),
        lambda vb: vb.request("PUT", "/own", json={"auth_token": CANARY, "b": LONE}),
    ),
    "own request with a query that UTF-8 cannot express": (
        lambda vb: vb.request("GET", "/own", params={"token": CANARY}),
        lambda vb: vb.request("GET", "/own", params={"token": CANARY, "b": LONE}),
    ),
    "raw": (
        lambda vb: raw(vb, "+919876543210"),
        lambda vb: raw(vb, 5),
    ),
}
# Operations whose responses hold secrets.
READS: dict[str, Call] = {
    "rotate": lambda vb: vb.config.webhooks.rotate_secret("w1"),
    "browser session": lambda vb: vb.sessions.start_webrtc("a1"),
    "recording": lambda vb: vb.calls.recording_url("c1"),
    "upload": lambda vb: vb.documents.create_upload("a.md", 5, mime_type="text/markdown"),
    "session": lambda vb: vb.sessions.get("s1"),
    "any": lambda vb: vb.request("GET", "/own"),
    "page": lambda vb: vb.config.webhooks.list(),
}


def credentials() -> dict[str, str]:
    names = ("auth_token", "api_key", "outbound_password", "password", "tata_password", "jwt_token")
    return {**dict.fromkeys(names, CANARY), "base_url": HOOK}


def raw(vb: Any, number: Any) -> Any:
    send = set_twilio.asyncio if isinstance(vb, AsyncVocobase) else set_twilio.sync
    return send(
        client=vb.raw,
        body=ConfigTelephonySetTwilioRequest(account_sid="AC1", auth_token=CANARY, from_number=number),
    )


def cut(peer: socket.socket) -> None:
    """Break the connection within a body that holds secrets."""
    body = json.dumps({"success": True, "data": payload()})
    peer.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nX-Key: {CANARY}\r\n\r\n{body}".encode())
    # The peer must have read the part before the reset discards what it has not.
    time.sleep(0.05)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def stall(peer: socket.socket) -> None:
    """Send a part of a body that holds secrets, and no more."""
    body = json.dumps({"success": True, "data": payload()})
    peer.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nX-Key: {CANARY}\r\n\r\n{body}".encode())
    silence(peer)


def payload() -> dict[str, Any]:
    signed = f"https://store.example/o?X-Amz-Signature={CANARY}"
    members = ("secret", "webhook_secret", "daily_token")
    links = ("upload_url", "download_url", "recording_url", "daily_room_url", "url", "webhook_url")
    return {"id": "x1", **dict.fromkeys(members, CANARY), **dict.fromkeys(links, signed)}


FAULTS: dict[str, list[Behaviour]] = {
    "reset": [reset],
    "reset in the body": [cut],
    "time limit": [silence],
    "time limit in the body": [stall],
    "400": [error(400, "VALIDATION_ERROR", "no")],
    "401": [error(401, "UNAUTHORIZED", "no")],
    "500": [error(500, "INTERNAL", "no")],
    "redirect": [answer(302, b"", Location=f"https://store.example/o?X-Amz-Signature={CANARY}")],
    "not JSON": [answer(200, f"{{ {CANARY}".encode())],
    "not UTF-8": [answer(200, f'{{"secret": "{CANARY}'.encode() + b'\xff"}')],
    "not an object": [answer(200, {"success": True, "data": [payload()]})],
    "failed": [answer(200, {"success": False, "data": payload(), "error": {"code": "X", "message": "no"}})],
    "odd encoding": [answer(200, payload(), Content_Encoding="br")],
    "damaged encoding": [answer(200, payload(), Content_Encoding="gzip")],
}


def run_sync(call: Call, **options: Any) -> Any:
    with Vocobase(KEY, headers=HEADERS, **options) as vb, options.get("http_client") or nullcontext():
        return call(vb)


def run_async(call: Call, **options: Any) -> Any:
    async def main() -> Any:
        async with AsyncVocobase(KEY, headers=HEADERS, **options) as vb:
            async with options.get("http_client") or nullcontext():
                return await call(vb)

    return asyncio.run(main())


both = pytest.mark.parametrize("run", [run_sync, run_async])
Run = Callable[..., Any]
FAST = {"timeout": Timeout(total=0.3, read=0.2), "max_retries": 0}


def caught(act: Callable[[], Any]) -> BaseException:
    try:
        act()
    except BaseException as error:
        return error
    raise AssertionError("it did not fail")


def check(shown: str) -> None:
    """Refuse a text that holds a canary; what is around it tells where."""
    found = [shown[max(0, match.start() - 200) : match.end() + 50] for match in re.finditer(CANARY, shown)]
    assert not found, f"{len(found)} sightings, the first: {found[0]}"


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


# What waits for a time limit is tried with one of each way that a secret takes.
WAYS = ("twilio", "raw", "own request", "rotate")


@both
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_request_shows_no_secret(run: Run, fault: str) -> None:
    calls = {**{name: pair[0] for name, pair in WRITES.items()}, **READS}
    if "time" in fault or "body" in fault:
        calls = {name: calls[name] for name in WAYS}
    if fault.startswith("not"):
        # Errors of the raw client hold the body, as documented.
        del calls["raw"]
    with Server(FAULTS[fault]) as server:
        for call in calls.values():
            try:
                run(call, base_url=server.url, **FAST)
            except vocobase.VocobaseError as error:
                check(of_error(error))
    assert server.requests


@both
def test_a_wrong_argument_beside_a_secret_shows_no_secret(run: Run) -> None:
    with Server([error(400, "VALIDATION_ERROR", "no")]) as server:
        for _, call in WRITES.values():
            check(of_error(caught(lambda call=call: run(call, base_url=server.url, **FAST))))
            for wrong in (
                lambda vb: vb.config.telephony.set_twilio("AC1", auth_tokn=CANARY, from_number="1"),
            ):
                check(of_error(caught(lambda wrong=wrong: run(wrong, base_url=server.url, **FAST))))


@both
def test_an_unreachable_server_or_a_closed_client_shows_no_secret(run: Run) -> None:
    for name in WAYS:
        call = WRITES[name][0] if name in WRITES else READS[name]
        check(of_error(caught(lambda call=call: run(call, base_url="http://127.0.0.1:1", **FAST))))
    sync = Vocobase(KEY, headers=HEADERS, base_url="http://127.0.0.1:1")
    sync.close()
    check(of_error(caught(lambda: WRITES["twilio"][0](sync))))


async def cancelled(call: Call, url: str) -> BaseException:
    async with AsyncVocobase(KEY, headers=HEADERS, base_url=url) as vb:
        task = asyncio.ensure_future(call(vb))
        await asyncio.sleep(0.1)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as error:
            return error
        raise AssertionError("it was not cancelled")


def test_a_cancelled_or_interrupted_call_shows_no_secret(tmp_path: Path) -> None:
    class Interrupted(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise KeyboardInterrupt

    with Server([silence]) as server:
        for name in WAYS:
            call = WRITES[name][0] if name in WRITES else READS[name]
            check(of_error(asyncio.run(cancelled(call, server.url))))
            with Vocobase(KEY, headers=HEADERS, base_url=server.url, transport=Interrupted()) as vb:
                check(of_error(caught(lambda call=call, vb=vb: call(vb))))
    with Server([silence]) as store:
        with Server([ticket(f"{store.url}/o?X-Amz-Signature={CANARY}")]) as api:
            for call in transfers(tmp_path):
                check(of_error(asyncio.run(cancelled(call, api.url))))


@pytest.mark.parametrize("make", [Vocobase, AsyncVocobase])
@pytest.mark.parametrize(
    "options",
    [
        {"timeout": -1},
        {"max_retries": "2"},
        {"on_response": 5},
        {"transport": 5},
        {"base_url": f"https://user:{CANARY}@api.example"},
        {"base_url": f"https://api.example:{CANARY}"},
        {"base_url": f"https://api.example/?{CANARY}"},
        {"headers": {"X-Api-Key": CANARY, "b": 5}},
        {"headers": {f"X-Api-Key: {CANARY}": ""}},
        {"headers": {"X-Api-Key": f"{CANARY}\n"}},
        {"headers": [CANARY]},
        {"proxy": f"ftp://user:{CANARY}@proxy.example"},
        {"proxy": f"http://user:{CANARY}@proxy.example:port"},
        {"proxy": [f"http://user:{CANARY}@proxy.example"]},
        {"proxy": httpx.URL(f"socks4://user:{CANARY}@proxy.example")},
        {"pace": f"redis://:{CANARY}@127.0.0.1:port"},
        {"api_kee": CANARY},
    ],
    ids=lambda options: next(iter(options)),
)
def test_a_client_that_cannot_be_made_shows_no_secret(
    make: Any, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = {
        "base_url": "http://localhost/api/v2",
        "headers": HEADERS,
        "proxy": f"http://user:{CANARY}@127.0.0.1:1",
        **options,
    }
    check(of_error(caught(lambda: make(KEY, **rest))))
    monkeypatch.setenv("VOCOBASE_API_KEY", KEY)
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{CANARY}@127.0.0.1:port")
    check(of_error(caught(lambda: make(**{**rest, "proxy": options.get("proxy")}))))
    monkeypatch.setenv("VOCOBASE_API_KEY", f"{KEY} ")
    check(of_error(caught(lambda: make(**rest))))
    with_options = {name: value for name, value in options.items() if name in ("headers", "timeout", "pace")}
    if with_options:
        monkeypatch.delenv("HTTPS_PROXY")
        vb = make(lambda: KEY, base_url="http://localhost")
        given = {"headers": HEADERS, **with_options}
        check(of_error(caught(lambda: vb.with_options(**given))))


@both
def test_a_key_that_cannot_be_asked_for_shows_no_other_secret(run: Run) -> None:
    def ask() -> str:
        raise KeyError("no vault")

    def main(vb: Any) -> Any:
        vb._core._key = ask
        return WRITES["twilio"][0](vb)

    check(of_error(caught(lambda: run(main, base_url="http://127.0.0.1:1"))))


@both
def test_a_proxy_that_refuses_shows_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server([answer(407)]) as refuses, Server([reset]) as breaks:
        for url in (refuses.url, breaks.url, "http://127.0.0.1:1"):
            proxy = url.replace("//", f"//user:{CANARY}@")
            for base_url in ("https://api.example", "http://api.localhost"):
                options = {"base_url": base_url, **FAST}
                check(of_error(caught(lambda o=options, p=proxy: run(WRITES["twilio"][0], proxy=p, **o))))
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            options = {"base_url": "https://api.example", **FAST}
            check(of_error(caught(lambda o=options: run(WRITES["twilio"][0], **o))))


def test_what_httpcore_logs_of_a_socks_proxy_shows_no_password() -> None:
    """It logs user and password as it is given them, so all proxies are given in a form that does not show."""
    made: list[Any] = []
    Routes(made.append, Secret(f"socks5://u:{CANARY}@proxy.example"))
    Routes(made.append, Secret(httpx.Proxy("http://proxy.example", auth=("u", CANARY))))
    proxies = [proxy for proxy in made if proxy is not None]
    assert [proxy.raw_auth for proxy in proxies] == [(b"u", CANARY.encode())] * 2
    check("".join(repr(proxy.raw_auth) + repr(proxy) for proxy in proxies))
    assert QuietProxy.of("http://proxy.example").raw_auth is None


def ticket(url: str) -> Behaviour:
    """Answer every request for an address of the store with this one."""
    members = dict.fromkeys(("upload_url", "download_url", "recording_url"), url)
    return answer(200, {"id": "x", "document_id": "x", "file_size": 4, "mime_type": "text/plain", **members})


def transfers(folder: Path) -> list[Call]:
    return [
        lambda vb: vb.documents.upload(b"hello", name="a.md", transfer_timeout=0.3),
        lambda vb: vb.documents.download("x", folder / "a", transfer_timeout=0.3),
        lambda vb: vb.calls.download_recording("c1", folder / "b", transfer_timeout=0.3),
    ]


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


@both
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("fault", ["reset", "time limit", "401", "500", "redirect", "ok"])
def test_a_presigned_address_is_in_no_error_span_or_log(
    run: Run, fault: str, own: bool, tmp_path: Path, spans: Callable[[], str]
) -> None:
    faults = {**FAULTS, "ok": [answer(200, b"data")]}
    with Server(faults[fault]) as store:
        with Server([ticket(f"{store.url}/o?X-Amz-Signature={CANARY}")]) as api:
            for call in transfers(tmp_path):
                options: dict[str, Any] = {"base_url": api.url, "max_retries": 0}
                if own:
                    options["http_client"] = httpx.Client() if run is run_sync else httpx.AsyncClient()
                try:
                    run(call, **options)
                except vocobase.VocobaseError as error:
                    check(of_error(error))
                else:
                    assert fault == "ok"
    assert store.requests
    assert "/o?***" in spans()
    check(spans())


@both
def test_a_presigned_address_with_a_password_is_refused_and_not_shown(run: Run, tmp_path: Path) -> None:
    with Server([ticket(f"http://u:{CANARY}@127.0.0.1:1/o?X-Amz-Signature={CANARY}")]) as api:
        for call in transfers(tmp_path):
            with pytest.raises(vocobase.VocobaseError) as caught:
                run(call, base_url=api.url, max_retries=0)
            check(of_error(caught.value))


MODELS = {
    "webhook": models.CreatedWebhookEndpoint,
    "rotated": models.RotatedWebhookSecret,
    "default": models.DefaultWebhook,
    "listed": models.WebhookEndpoint,
    "session": models.WebRTCSession,
    "upload": models.DocumentUpload,
    "document": models.DocumentDetails,
    "recording": models.RecordingLink,
    "call session": models.Session,
    "unknown members": models.Agent,
    "request": models.ConfigWebhooksCreateRequest,
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_model_shows_no_secret_and_gives_it_when_asked(model: Any) -> None:
    nested = {"more": {"password": CANARY, "list": [{"callback": HOOK}]}, "headers": [{"value": CANARY}]}
    made = model.from_dict({**payload(), "url": HOOK, "webhook_url": HOOK, **nested})
    check(of_object(made))
    check(of_object([made, {"a": made}]))
    assert json.loads(json.dumps(made.to_dict()))["secret"] == CANARY
    assert getattr(made, "secret", CANARY) == CANARY
    if hasattr(made, "url"):
        assert made.url == HOOK


def test_what_a_model_may_show_is_listed() -> None:
    listed = dir(
        models.CreatedWebhookEndpoint.from_dict({"id": "w1", "label": "main", "url": HOOK, "secret": "s"})
    )
    assert {"id", "label", "to_dict"} <= set(listed)
    assert not {"secret", "url"} & set(listed)
    assert "additional_properties" in dir(models.Agent.from_dict({"id": "a"}))


def test_clients_receivers_and_requests_show_no_secret() -> None:
    raw_client = Client(token=CANARY, headers=HEADERS, httpx_args={"auth": ("u", CANARY)})
    signed = f"https://store.example/o?{CANARY}"
    with Vocobase(KEY, headers=HEADERS, proxy=f"http://u:{CANARY}@127.0.0.1:1") as vb:
        for each in (vb, vb.config, vb.raw, raw_client, WebhookReceiver([CANARY]), vb._core.options):
            check(of_object(each))
    for each in (
        Request("GET", signed, HEADERS, CANARY.encode(), "x"),
        Response(200, CANARY.encode(), HEADERS, None),
        vocobase.ResponseInfo("a", "GET", "/a", 302, {"location": signed}, None, 1, 0.1),
    ):
        check(repr(each) + str(each))


BODY = b"{}"


@pytest.mark.parametrize(
    "act",
    [
        lambda: sign(BODY, CANARY, timestamp=5),  # type: ignore[arg-type]
        lambda: sign("text", CANARY),  # type: ignore[arg-type]
        lambda: sign(BODY, f"{CANARY} "),
        lambda: sign(BODY, f"{CANARY}{LONE}"),
        lambda: sign(BODY, [CANARY, 5]),  # type: ignore[arg-type]
        lambda: verify(BODY, {}, CANARY),
        lambda: verify(BODY, {}, CANARY, tolerance="x"),  # type: ignore[arg-type]
        lambda: verify(BODY, sign(BODY, "other"), [CANARY, CANARY]),
        lambda: verify(BODY, sign(BODY, "other"), lambda: broken_vault()),
        lambda: verify(BODY, sign(BODY, "other"), [CANARY], tolerans=5),  # type: ignore[call-arg]
        lambda: WebhookReceiver([CANARY, ""]),
        lambda: WebhookReceiver(broken_vault()),
        lambda: WebhookReceiver(CANARY, lease=-1),
        lambda: WebhookReceiver(CANARY, dedupe=5),  # type: ignore[arg-type]
        lambda: WebhookReceiver([CANARY]).receive(BODY, sign(BODY, "other")),
        lambda: WebhookReceiver(broken_vault).receive(BODY, sign(BODY, "other")),
    ],
)
def test_refused_webhooks_and_arguments_show_no_secret(act: Callable[[], Any]) -> None:
    check(of_error(caught(act)))


def broken_vault() -> Iterator[str]:
    yield CANARY
    raise OSError("the vault is closed")


@both
@pytest.mark.parametrize(
    "address",
    [
        f"redis://:{CANARY}@127.0.0.1:1/0",
        f"redis://:{CANARY}@127.0.0.1:port",
        f"postgresql://user:{CANARY}@127.0.0.1:1/db",
        f"postgresql://user:{CANARY}@127.0.0.1:port/db",
        f"mysql://user:{CANARY}@127.0.0.1/db",
    ],
)
def test_the_address_of_a_ledger_shows_no_password(run: Run, address: str) -> None:
    for act in (lambda: vocobase.open_ledger(address), lambda: vocobase.DialList(address)):
        check(of_error(caught(act)))
    for call in (
        lambda vb: vb.calls.start_many([], ledger=address),
        lambda vb: vb.campaigns.import_contacts("c", [{"phone": "+919876543210"}], ledger=address),
    ):
        check(of_error(caught(lambda call=call: run(call, base_url="http://127.0.0.1:1", **FAST))))


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


def test_a_redis_server_that_refuses_the_password_does_not_show_it(strict_redis: str) -> None:
    options = {"base_url": "http://127.0.0.1:1", **FAST}
    for act in (
        partial(run_sync, WRITES["twilio"][0], pace=strict_redis, **options),
        partial(run_async, WRITES["twilio"][0], pace=strict_redis, **options),
        partial(vocobase.open_ledger, strict_redis),
    ):
        shown = of_error(caught(act))
        assert "Redis" in shown
        check(shown)


def test_an_error_that_was_being_handled_keeps_its_frames() -> None:
    try:
        raise ValueError("of the caller")
    except ValueError as first:
        with pytest.raises(vocobase.VocobaseError) as failed:
            run_sync(READS["any"], base_url="http://127.0.0.1:1", **FAST)
        assert first.__traceback__ is not None
        assert failed.value.__context__ is not None


def test_a_secret_gives_its_value_only_when_asked() -> None:
    secret: Any = Secret(CANARY)
    check(
        f"{secret} {secret!r} {secret!s} {secret:>5} %s" % secret + repr([secret]) + repr(vars(type(secret)))
    )
    check(of_object(secret))
    assert secret.reveal() == CANARY
    assert secret == Secret(CANARY)
    assert secret != Secret("other")
    assert secret != CANARY
    for refused in (json.dumps, pickle.dumps, copy.copy, copy.deepcopy, hash):
        with pytest.raises(TypeError):
            refused(secret)


def test_every_member_that_sounds_secret_is_shielded() -> None:
    """A parameter of that name is a secret from the argument on, whichever operation has it."""
    schemas = json.loads(Path("openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    names = {
        name
        for title, schema in schemas.items()
        if title.endswith("Request")
        for name in schema.get("properties", {})
    }
    secret = {
        name for name in names if re.search(r"secret|password|token|api_?key|url$|jwt|credential", name)
    }
    assert len(secret) >= 10
    assert {name for name in secret if not SENSITIVE_PARAMETERS.search(name)} == set()
