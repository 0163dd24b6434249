# Derived from tests/secrecy/aio/test_secrets.py by scripts/derive_sync.py; edit that instead.
"""No secret shows in an error, a span or a log, whatever fails and whatever tool looks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.secrecy.canaries import (
    CANARY,
    FAST,
    FAULTS,
    HEADERS,
    KEY,
    READS,
    WAYS,
    WRITES,
    Call,
    caught,
    check,
    ticket,
    transfers,
)
from tests.secrecy.sightings import of_error
from tests.transport.server import Server, answer, error, reset
from vocobase import Vocobase


def run(call: Call, **options: Any) -> Any:
    with Vocobase(KEY, headers=HEADERS, **options) as vb:
        with options.get("http_client") or nullcontext():
            return call(vb)


def failure(call: Call, **options: Any) -> BaseException:
    try:
        run(call, **options)
    except BaseException as error:
        return error
    raise AssertionError("it did not fail")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_request_shows_no_secret(fault: str) -> None:
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


def test_a_wrong_argument_beside_a_secret_shows_no_secret() -> None:
    with Server([error(400, "VALIDATION_ERROR", "no")]) as server:
        for _, call in WRITES.values():
            check(of_error(failure(call, base_url=server.url, **FAST)))
            for wrong in (
                lambda vb: vb.config.telephony.set_twilio("AC1", auth_tokn=CANARY, from_number="1"),
            ):
                check(of_error(failure(wrong, base_url=server.url, **FAST)))


def test_an_unreachable_server_or_a_closed_client_shows_no_secret() -> None:
    for name in WAYS:
        call = WRITES[name][0] if name in WRITES else READS[name]
        check(of_error(failure(call, base_url="http://127.0.0.1:1", **FAST)))
    vb = Vocobase(KEY, headers=HEADERS, base_url="http://127.0.0.1:1")
    vb.close()
    with pytest.raises(vocobase.ConfigurationError) as failed:
        WRITES["twilio"][0](vb)
    check(of_error(failed.value))


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
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = {
        "base_url": "http://localhost/api/v2",
        "headers": HEADERS,
        "proxy": f"http://user:{CANARY}@127.0.0.1:1",
        **options,
    }
    check(of_error(caught(lambda: Vocobase(KEY, **rest))))
    monkeypatch.setenv("VOCOBASE_API_KEY", KEY)
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{CANARY}@127.0.0.1:port")
    check(of_error(caught(lambda: Vocobase(**{**rest, "proxy": options.get("proxy")}))))
    monkeypatch.setenv("VOCOBASE_API_KEY", f"{KEY} ")
    check(of_error(caught(lambda: Vocobase(**rest))))
    with_options = {name: value for name, value in options.items() if name in ("headers", "timeout", "pace")}
    if with_options:
        monkeypatch.delenv("HTTPS_PROXY")
        vb = Vocobase(lambda: KEY, base_url="http://localhost")
        given = {"headers": HEADERS, **with_options}
        check(of_error(caught(lambda: vb.with_options(**given))))


def test_a_key_that_cannot_be_asked_for_shows_no_other_secret() -> None:
    def ask() -> str:
        raise KeyError("no vault")

    def main(vb: Any) -> Any:
        vb._core._key = ask
        return WRITES["twilio"][0](vb)

    check(of_error(failure(main, base_url="http://127.0.0.1:1")))


def test_a_proxy_that_refuses_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server([answer(407)]) as refuses, Server([reset]) as breaks:
        for url in (refuses.url, breaks.url, "http://127.0.0.1:1"):
            proxy = url.replace("//", f"//user:{CANARY}@")
            for base_url in ("https://api.example", "http://api.localhost"):
                options = {"base_url": base_url, **FAST}
                check(of_error(failure(WRITES["twilio"][0], proxy=proxy, **options)))
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            options = {"base_url": "https://api.example", **FAST}
            check(of_error(failure(WRITES["twilio"][0], **options)))


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("fault", ["reset", "time limit", "401", "500", "redirect", "ok"])
def test_a_presigned_address_is_in_no_error_span_or_log(
    fault: str, own: bool, tmp_path: Path, spans: Callable[[], str]
) -> None:
    faults = {**FAULTS, "ok": [answer(200, b"data")]}
    with Server(faults[fault]) as store:
        with Server([ticket(f"{store.url}/o?X-Amz-Signature={CANARY}")]) as api:
            for call in transfers(tmp_path):
                options: dict[str, Any] = {"base_url": api.url, "max_retries": 0}
                if own:
                    options["http_client"] = httpx.Client()
                try:
                    run(call, **options)
                except vocobase.VocobaseError as error:
                    check(of_error(error))
                else:
                    assert fault == "ok"
    assert store.requests
    assert "/o?***" in spans()
    check(spans())


def test_a_presigned_address_with_a_password_is_refused_and_not_shown(tmp_path: Path) -> None:
    with Server([ticket(f"http://u:{CANARY}@127.0.0.1:1/o?X-Amz-Signature={CANARY}")]) as api:
        for call in transfers(tmp_path):
            with pytest.raises(vocobase.VocobaseError) as caught:
                run(call, base_url=api.url, max_retries=0)
            check(of_error(caught.value))


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
def test_the_address_of_a_ledger_shows_no_password(address: str) -> None:
    for act in (lambda: vocobase.open_ledger(address), lambda: vocobase.DialList(address)):
        check(of_error(caught(act)))
    for call in (
        lambda vb: vb.calls.start_many([], ledger=address),
        lambda vb: vb.campaigns.import_contacts("c", [{"phone": "+919876543210"}], ledger=address),
    ):
        check(of_error(failure(call, base_url="http://127.0.0.1:1", **FAST)))


def test_a_redis_server_that_refuses_the_password_does_not_show_it(strict_redis: str) -> None:
    options: dict[str, Any] = {"base_url": "http://127.0.0.1:1", **FAST}
    for refused in (
        failure(WRITES["twilio"][0], pace=strict_redis, **options),
        caught(lambda: vocobase.open_ledger(strict_redis)),
    ):
        shown = of_error(refused)
        assert "Redis" in shown
        check(shown)


def test_an_error_that_was_being_handled_keeps_its_frames() -> None:
    try:
        raise ValueError("of the caller")
    except ValueError as first:
        with pytest.raises(vocobase.VocobaseError) as failed:
            run(READS["any"], base_url="http://127.0.0.1:1", **FAST)
        assert first.__traceback__ is not None
        assert failed.value.__context__ is not None
