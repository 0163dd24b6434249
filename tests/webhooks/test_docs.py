"""docs/webhooks.md says what is so."""

from __future__ import annotations

import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from vocobase.webhooks import MemoryDedupe, RedisDedupe, SessionCompleted, SQLiteDedupe, WebhookReceiver, sign
from vocobase.webhooks._reasons import STATUS

from . import django_site
from .support import SECRET, encode, post_asgi

TEXT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
BODY = encode()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("VOCOBASE_WEBHOOK_SECRET", SECRET)
    monkeypatch.chdir(tmp_path)

    def run(marker: str, **names: Any) -> dict[str, Any]:
        (block,) = [block for block in BLOCKS if marker in block]
        space: dict[str, Any] = {"__name__": "example", "WebhookReceiver": WebhookReceiver, **names}
        exec(compile(block, "docs/webhooks.md", "exec"), space)
        return space

    return run


def test_the_fastapi_example_works(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    app = run('app.post("/vocobase")(webhook_endpoint')["app"]
    for _ in range(2):
        assert post_asgi(app, "/vocobase", BODY, sign(BODY, SECRET)).status_code == 200
    assert post_asgi(app, "/vocobase", BODY, sign(BODY, "whsec_x")).status_code == 400
    assert capsys.readouterr().out.count("42.5 2") == 1


def test_the_fastapi_example_with_a_dependency_works(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    app = run("webhook_event(receiver)")["app"]
    for _ in range(2):
        assert post_asgi(app, "/vocobase", BODY, sign(BODY, SECRET)).status_code == 200
    assert post_asgi(app, "/vocobase", BODY, sign(BODY, "whsec_x")).status_code == 400
    assert capsys.readouterr().out.count("42.5 2") == 1


def test_the_flask_example_works(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    client = run("Flask(__name__)")["app"].test_client()
    for _ in range(2):
        assert client.post("/vocobase", data=BODY, headers=sign(BODY, SECRET)).status_code == 200
    assert client.post("/vocobase", data=BODY, headers=sign(BODY, "whsec_x")).status_code == 400
    assert capsys.readouterr().out.count("42.5 2") == 1


def test_the_django_example_works(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (route,) = run("urlpatterns")["urlpatterns"]
    django_site.mount(route.callback)
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        headers = sign(BODY, SECRET)
        response = client.post("/hook", BODY, content_type="application/json", headers=headers)
        assert response.status_code == 200
    assert capsys.readouterr().out.count("42.5 2") == 1


def test_the_plain_example_works(run: Any) -> None:
    on_request = run("def on_request")["on_request"]
    assert on_request(BODY, sign(BODY, "whsec_...")) == 200
    assert on_request(BODY, sign(BODY, SECRET)) == 400


def test_the_example_of_a_block_works(run: Any) -> None:
    saved: list[Any] = []
    receiver = WebhookReceiver(SECRET, dedupe=MemoryDedupe())
    run("def work(", receiver=receiver, save=saved.append)["work"](BODY, sign(BODY, SECRET))
    assert isinstance(saved[0], SessionCompleted)


def test_the_example_of_an_async_block_works(run: Any) -> None:
    saved: list[Any] = []

    async def save(event: Any) -> None:
        saved.append(event)

    receiver = WebhookReceiver(SECRET, dedupe=MemoryDedupe())
    asyncio.run(run("async_work", receiver=receiver, save=save)["async_work"](BODY, sign(BODY, SECRET)))
    assert isinstance(saved[0], SessionCompleted)


def test_the_examples_of_several_secrets_work(run: Any) -> None:
    for secret in ("whsec_new", "whsec_old"):
        run("whsec_old")["receiver"].receive(BODY, sign(BODY, secret))
    lazy = run("load_secrets", load_secrets=lambda: [SECRET])["receiver"]
    lazy.receive(BODY, sign(BODY, SECRET))


def test_the_example_of_a_test_works(run: Any) -> None:
    run("whsec_test")


def test_every_reason_is_documented_with_the_response_of_the_adapters() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| .* \| (\d+) \|$", TEXT, re.MULTILINE)
    assert {reason: int(status) for reason, status in rows} == STATUS


def test_every_member_of_an_event_is_documented() -> None:
    names = set(inspect.signature(SessionCompleted).parameters)
    assert all(f"`{name}`" in TEXT for name in names)


def test_defaults_are_as_documented() -> None:
    options = inspect.signature(WebhookReceiver).parameters
    assert (options["tolerance"].default, options["lease"].default) == (300, 3)
    assert options["max_body"].default == 8 * 1024 * 1024
    assert options["dedupe"].default is None
    assert inspect.signature(MemoryDedupe).parameters["size"].default == 10_000
    for store in (MemoryDedupe, SQLiteDedupe, RedisDedupe):
        assert inspect.signature(store).parameters["ttl"].default == 86_400
