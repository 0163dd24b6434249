"""The doctor: what it finds, what it advises, and which routes of a published document differ."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Result, Run
from vocobase import Vocobase
from vocobase._policy.published import MAX_OPERATIONS, differences
from vocobase.cli import checks
from vocobase.cli.checks import FAILED, OK, WARNING
from vocobase.diagnostics import MAX_BYTES, compare_routes
from vocobase.types import CallConcurrency, PartnerConfig
from vocobase_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
Handle = Callable[[httpx.Request], httpx.Response]


def found(done: Result) -> dict[str, dict[str, str]]:
    return {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}


def answering(handle: Handle) -> dict[str, Any]:
    return {"transport": httpx.MockTransport(handle)}


def test_a_sound_account_has_no_failure(run: Run, account: Sandbox) -> None:
    done = run("doctor")
    rows = found(done)
    assert done.exit_status == 0 and done.stderr == ""
    assert {row["status"] for row in rows.values()} == {OK}
    assert {"versions", "profile", "proxy", "certificates", "API", "key", "requests", "balance"} <= set(rows)
    assert rows["profile"]["detail"] == "None; the key is in the environment."
    assert account.api_key not in done.stdout
    assert "mcube, twilio" in rows["carriers"]["detail"] and "at most 5" in rows["calls at once"]["detail"]


def test_a_terminal_shows_every_advice_in_its_width(run: Run, account: Sandbox, vb: Vocobase) -> None:
    vb.config.webhooks.update(vb.config.webhooks.create("crm", "https://example.com/hook").id, enabled=False)
    shown = run("doctor", tty=True).stdout
    assert "webhook crm" in shown and "warning: https://example.com/hook is disabled" in shown
    assert "--enabled" in shown
    assert run("doctor", "--quiet", tty=True).stdout.splitlines()[0] == "versions"


def test_without_a_key_only_the_machine_is_examined(run: Run) -> None:
    done = run("doctor")
    rows = found(done)
    assert done.exit_status == 2 and list(rows) == ["versions", "settings"]
    assert "vocobase login" in rows["settings"]["detail"]


def test_a_refused_key_is_exit_status_4(run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOBASE_API_KEY", "another-key")
    done = run("doctor")
    rows = found(done)
    assert done.exit_status == 4 and "vocobase login" in rows["key"]["advice"]
    assert (rows["API"]["status"], rows["key"]["status"]) == (OK, FAILED)


def test_without_a_network_the_advice_names_the_proxy(run: Run, account: Sandbox) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host")

    done = run("doctor", options=answering(refuse))
    assert done.exit_status == 6 and "HTTPS_PROXY" in found(done)["API"]["advice"]


def test_a_proxy_that_answers_html_is_reported(run: Run, account: Sandbox) -> None:
    page = httpx.Response(200, html="<html>Please sign in</html>")
    done = run("doctor", options=answering(lambda request: page))
    assert done.exit_status == 6 and found(done)["API"]["status"] == FAILED


def test_company_certificates_say_what_to_set(
    run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        fault = ssl.SSLCertVerificationError("certificate verify failed: self-signed certificate in chain")
        raise httpx.ConnectError("failed") from fault

    done = run("doctor", options=answering(refuse))
    row = [json.loads(line) for line in done.stdout.splitlines()][-1]
    assert done.exit_status == 6
    assert (row["check"], row["status"]) == ("certificates", FAILED)
    assert "SSL_CERT_FILE" in row["advice"]
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "company.pem"))
    assert "SSL_CERT_FILE" in found(run("doctor"))["certificates"]["detail"]


def test_the_proxy_is_shown_without_its_password(
    run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOCOBASE_BASE_URL", "https://api.example.com/api/v2")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hidden@proxy.example.com:3128")
    done = run("doctor")
    assert found(done)["proxy"]["detail"] == "proxy.example.com:3128, from HTTPS_PROXY."
    assert "hidden" not in done.stdout


def test_calls_at_once_that_cannot_be_read_are_a_warning(run: Run, account: Sandbox) -> None:
    account.faults.add("status", "calls.concurrency", status=500)
    done = run("doctor")
    assert done.exit_status == 0 and found(done)["calls at once"]["status"] == WARNING


@pytest.mark.parametrize(
    ("date", "status", "text"),
    [
        ("Sat, 28 Nov 2026 12:00:10 GMT", OK, "10 s behind"),
        ("Sat, 28 Nov 2026 11:59:00 GMT", WARNING, "60 s ahead"),
        ("Sat, 28 Nov 2026 11:50:00 GMT", FAILED, "600 s ahead"),
        (None, OK, "does not say"),
        ("soon", OK, "does not say"),
    ],
)
def test_the_clock_is_compared_with_that_of_the_api(date: str | None, status: str, text: str) -> None:
    finding = checks.of_clock(date, NOW)
    assert finding.status == status and text in finding.detail


def test_a_wrong_clock_fails_the_command(run: Run, account: Sandbox) -> None:
    inner = account.transport()

    def late(request: httpx.Request) -> httpx.Response:
        response = inner.handle_request(request)
        response.headers["date"] = "Sat, 28 Nov 2020 12:00:00 GMT"
        return response

    assert run("doctor", options=answering(late)).exit_status == 1


def config_of(**members: Any) -> PartnerConfig:
    base: dict[str, Any] = {
        "name": "acme",
        "display_name": "Acme",
        "agent_limit": 10,
        "current_agent_count": 1,
        "allowed_telephony_providers": ["twilio"],
        "status": "active",
        "telephony": {"twilio": {"configured": True}},
        "webhook": {"configured": False},
        "webhooks": [],
        "credits": 500.0,
    }
    return PartnerConfig.from_dict({**base, **members})


@pytest.mark.parametrize(
    ("members", "check", "status", "text"),
    [
        ({"status": "suspended"}, "account", FAILED, "suspended"),
        ({"credits": None}, "balance", OK, "see the dashboard"),
        ({"credits": 0}, "balance", FAILED, "0.00 rupees"),
        ({"credits": 50}, "balance", WARNING, "50.00 rupees"),
        ({"credits": 5000}, "balance", OK, "5,000.00 rupees"),
        ({"current_agent_count": 10}, "agents", WARNING, "10 of 10"),
    ],
)
def test_the_account_is_examined(members: dict[str, Any], check: str, status: str, text: str) -> None:
    finding = next(each for each in checks.of_account(config_of(**members)) if each.check == check)
    assert finding.status == status and text in finding.detail


def test_members_that_are_missing_are_not_faults() -> None:
    bare = PartnerConfig.from_dict({})
    found = [*checks.of_account(bare), checks.of_carriers(bare), *checks.of_webhooks(bare)]
    assert [each.status for each in found if each.check != "carriers"] == [OK] * 4
    assert checks.of_slots(CallConcurrency.from_dict({})).status == OK


def test_an_account_without_a_usable_carrier_is_warned() -> None:
    finding = checks.of_carriers(config_of(telephony={"exotel": {"configured": True}}))
    assert finding.status == WARNING and "set" not in finding.detail
    assert checks.of_carriers(config_of()).status == OK


@pytest.mark.parametrize(
    ("delivery", "status"),
    [(None, OK), ("success", OK), ("200", OK), ("failed", WARNING), ("timeout", WARNING)],
)
def test_the_last_delivery_of_an_endpoint_is_shown(delivery: str | None, status: str) -> None:
    endpoint = {
        "id": "e1",
        "label": "crm",
        "url": "https://example.com/hook",
        "enabled": True,
        "last_delivery_at": "2026-11-28T11:00:00Z",
        "last_delivery_status": delivery,
    }
    [finding] = checks.of_webhooks(config_of(webhooks=[endpoint]))
    assert finding.status == status and (delivery or "unknown") in finding.detail
    [number] = checks.of_webhooks(config_of(webhooks=[{**endpoint, "last_delivery_status": 200}]))
    assert number.status == OK and "200" in number.detail
    [new] = checks.of_webhooks(config_of(webhooks=[{**endpoint, "last_delivery_at": None}]))
    assert new.status == OK and "nothing has been delivered yet" in new.detail


def test_the_default_webhook_is_shown() -> None:
    [finding] = checks.of_webhooks(config_of(webhook={"configured": True, "url": "https://example.com/old"}))
    assert "https://example.com/old" in finding.detail
    [finding] = checks.of_webhooks(config_of())
    assert "There is no endpoint" in finding.detail


@pytest.mark.parametrize(("limit", "remaining", "status"), [(None, None, OK), (5, 2, OK), (5, 0, WARNING)])
def test_calls_at_once_warn_if_none_is_left(limit: int | None, remaining: int | None, status: str) -> None:
    slots = CallConcurrency.from_dict({"limit": limit, "active": 3, "remaining": remaining})
    assert checks.of_slots(slots).status == status


def test_requests_that_are_left_are_shown_if_the_api_says_so() -> None:
    assert "are left" not in checks.of_budgets({}).detail
    assert "41 are left" in checks.of_budgets({"x-ratelimit-remaining": "41"}).detail


def document() -> dict[str, Any]:
    return json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))


def moved() -> dict[str, Any]:
    """The document with one moved route, one renamed placeholder, and one operation less."""
    changed = document()
    paths = changed["paths"]
    paths["/campaigns/{campaignId}/cancel"] = paths.pop("/campaigns/{id}/stop")
    paths["/campaigns/{campaignId}/pause"] = paths.pop("/campaigns/{id}/pause")
    del paths["/calls/dismiss-stale"]
    return changed


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "published.json"
    file.write_text(json.dumps(moved()), encoding="utf-8")
    return file


def test_the_routes_of_a_published_document_are_compared(run: Run, account: Sandbox, spec: Path) -> None:
    same = run("doctor", "--spec", str(ROOT / "openapi.json"))
    assert (same.exit_status, same.stdout, same.stderr) == (0, "", "No route differs.\n")
    done = run("doctor", "--spec", str(spec))
    rows = {row["operation"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert done.exit_status == 1 and "--save" in done.stderr
    assert set(rows) == {"campaigns.stop", "calls.dismiss_stale"}
    assert rows["campaigns.stop"]["published"] == "POST /campaigns/{id}/cancel"
    assert rows["calls.dismiss_stale"]["published"] == "(not in the document)"


def test_routes_are_compared_without_a_key(
    run: Run, account: Sandbox, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VOCOBASE_API_KEY")
    assert run("doctor", "--spec", str(spec), "--quiet").stdout.split() == [
        "calls.dismiss_stale",
        "campaigns.stop",
    ]
    saved = run("doctor", "--spec", str(spec), "--save", "--quiet")
    assert saved.exit_status != 0 and "vocobase login" in saved.stderr
    unknown = run("--profile", "shop", "doctor", "--spec", str(spec))
    assert unknown.exit_status == 2 and "no profile 'shop'" in unknown.stderr


def test_routes_that_differ_are_saved_and_used(
    run: Run, account: Sandbox, spec: Path, tmp_path: Path
) -> None:
    target = tmp_path / "routes.json"
    words = ("doctor", "--spec", str(spec), "--routes", str(target))
    assert run(*words).exit_status == 0
    assert json.loads(target.read_text()) == {"campaigns.stop": "POST /campaigns/{id}/cancel"}
    assert "exists and will be replaced" in run(*words).stderr
    assert run(*words, "--yes").exit_status == 0
    without = run("doctor", "--spec", str(spec), "--save")
    assert without.exit_status == 2 and "pass --routes" in without.stderr


def test_routes_that_differ_belong_to_a_profile(
    run: Run, account: Sandbox, spec: Path, monkeypatch: pytest.MonkeyPatch, own_profiles: Path
) -> None:
    run("login", "--store", "file", tty=True, secret=account.api_key)
    monkeypatch.delenv("VOCOBASE_API_KEY")
    assert run("doctor", "--spec", str(spec), "--save").exit_status == 0
    stored = json.loads(own_profiles.read_text())["profiles"]["default"]
    assert stored["routes"] == {"campaigns.stop": "POST /campaigns/{id}/cancel"}
    stopped = run("campaigns", "stop", "c1", "--yes")
    assert "cancel" in {each.path.rpartition("/")[2] for each in account.requests} and stopped.exit_status


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\x00\xff", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "not an OpenAPI 3 document"),
        (b'{"openapi": "3.1.0", "paths": []}', "not an OpenAPI 3 document"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_a_wrong_document_is_one_line(
    run: Run, account: Sandbox, tmp_path: Path, content: bytes, text: str
) -> None:
    file = tmp_path / "spec.json"
    file.write_bytes(content)
    done = run("doctor", "--spec", str(file))
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (2, "", 1) and text in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["--spec", "missing.json"], 1, "missing.json: no such file"),
        (["--save"], 2, "--save and --routes need --spec"),
        (["--routes", "x.json"], 2, "--save and --routes need --spec"),
        (["--spec", "http://example.com/openapi.json"], 2, "http"),
    ],
)
def test_wrong_arguments_are_one_line(
    run: Run, account: Sandbox, arguments: list[str], status: int, text: str
) -> None:
    done = run("doctor", *arguments)
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (status, "", 1) and text in done.stderr


def test_a_document_without_usable_routes_saves_nothing(run: Run, account: Sandbox, tmp_path: Path) -> None:
    file, target = tmp_path / "spec.json", tmp_path / "routes.json"
    file.write_text('{"openapi": "3.1.0", "paths": {}}', encoding="utf-8")
    done = run("doctor", "--spec", str(file), "--routes", str(target), "--quiet")
    assert done.exit_status == 2 and "no other route" in done.stderr and not target.exists()


def test_a_document_is_fetched_without_the_key(run: Run, account: Sandbox) -> None:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(str(self.headers))
            known = {"/spec": 200, "/moved": 302}
            self.send_response(known.get(self.path, 404))
            self.end_headers()
            self.wfile.write(json.dumps(moved()).encode() if self.path == "/spec" else b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        done = run("doctor", "--spec", f"{address}/spec", "--quiet")
        assert done.stdout.split() == ["calls.dismiss_stale", "campaigns.stop"] and done.exit_status == 1
        assert run("doctor", "--spec", f"{address}/none").exit_status == 3
        assert run("doctor", "--spec", f"{address}/moved").exit_status == 6
        server.shutdown()
    assert seen and not any(account.api_key in each for each in seen)


def test_programs_compare_routes_too(spec: Path) -> None:
    found = compare_routes(spec)
    assert found.routes == {"campaigns.stop": "POST /campaigns/{id}/cancel"}
    found.check()
    with Vocobase("vb_test_1", routes=found.routes):
        pass
    assert compare_routes(ROOT / "openapi.json").routes == {}


def test_a_route_is_found_by_title_then_by_route() -> None:
    changed = document()
    changed["servers"] = [{"url": "https://api.example.com"}]
    changed["paths"] = {f"/api/v2{path}": item for path, item in changed["paths"].items()}
    changed["paths"]["/api/v2/calls/start"]["post"]["summary"] = "Ring somebody"
    changed["paths"]["/api/v2/other"] = {"post": {"tags": ["Campaigns"], "summary": "create a campaign!"}}
    assert differences(changed, "/api/v2") == []


def test_a_route_with_other_placeholders_is_named_as_it_is() -> None:
    changed = document()
    changed["paths"]["/campaigns/{id}/stop/{reason}"] = changed["paths"].pop("/campaigns/{id}/stop")
    [only] = differences(changed, "/api/v2")
    assert only.published == "POST /campaigns/{id}/stop/{reason}"


@pytest.mark.parametrize("servers", [None, [], "x", [1], [{"url": 1}], [{"url": "https://[x"}]])
def test_a_hostile_document_has_no_operations(servers: Any) -> None:
    hostile = {"openapi": "3.0.0", "servers": servers, "paths": {"/a": 1, "/b": {"get": 2, "x": 3}}}
    assert all(each.published == "" for each in differences(hostile, "/api/v2"))


def test_a_document_has_a_limit() -> None:
    paths: dict[str, Any] = {f"/{number}": {"get": {}} for number in range(MAX_OPERATIONS + 1)}
    with pytest.raises(ValueError, match="more than"):
        differences({"openapi": "3.0.0", "paths": paths}, "")
