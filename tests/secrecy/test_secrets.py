"""No object shows a secret, nor an error of what is cancelled or refused; aio/ has the requests."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.secrecy.canaries import (
    CANARY,
    HEADERS,
    HOOK,
    KEY,
    LONE,
    READS,
    WAYS,
    WRITES,
    Call,
    caught,
    check,
    payload,
    ticket,
    transfers,
)
from tests.secrecy.sightings import of_error, of_object
from tests.transport.server import Server, silence
from vocobase import AsyncVocobase, Vocobase
from vocobase._base.secrets import SENSITIVE_PARAMETERS, Secret
from vocobase._policy.messages import Request
from vocobase._transport.routes import QuietProxy, Routes
from vocobase.webhooks import WebhookReceiver, sign, verify
from vocobase_raw import models
from vocobase_raw.client import Client
from vocobase_raw.types import Response


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


def test_what_httpcore_logs_of_a_socks_proxy_shows_no_password() -> None:
    """It logs user and password as it is given them, so all proxies are given in a form that does not show."""
    made: list[Any] = []
    Routes(made.append, Secret(f"socks5://u:{CANARY}@proxy.example"))
    Routes(made.append, Secret(httpx.Proxy("http://proxy.example", auth=("u", CANARY))))
    proxies = [proxy for proxy in made if proxy is not None]
    assert [proxy.raw_auth for proxy in proxies] == [(b"u", CANARY.encode())] * 2
    check("".join(repr(proxy.raw_auth) + repr(proxy) for proxy in proxies))
    assert QuietProxy.of("http://proxy.example").raw_auth is None


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
