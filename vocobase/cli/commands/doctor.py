"""Check key, connection, account and this machine."""

from __future__ import annotations

import json
import os
import platform
import ssl
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from vocobase import (
    AuthenticationError,
    CertificateError,
    ConfigurationError,
    PermissionDeniedError,
    ResponseInfo,
    VocobaseError,
    __version__,
    clock,
)
from vocobase.cli import checks
from vocobase.cli.checks import FAILED, OK, Finding, failed
from vocobase.cli.failures import failure_of
from vocobase.cli.files import export
from vocobase.cli.frame import command
from vocobase.cli.output import Card
from vocobase.cli.session import Session
from vocobase.cli.wording import counted, translated
from vocobase.diagnostics import RouteComparison, RouteDifference, compare_routes, find_proxy

ROUTES_VARIABLE = "VOCOBASE_ROUTES"
# Whatever works responds within this time, and a person is waiting.
SECONDS = 15.0
CERTIFICATES = (
    "If your company inspects TLS, set SSL_CERT_FILE to the file with its certificates (PEM), which your"
    " administrators have."
)
NETWORK = "Check the network, and HTTPS_PROXY if this machine needs a proxy."
KEY = "Run vocobase login with a key from the dashboard."


@command()
@click.option("--spec", metavar="FILE|URL", help="Compare the routes of a published OpenAPI document.")
@click.option("--save", is_flag=True, help="With --spec: use the routes that differ in this profile.")
@click.option("--routes", type=click.Path(path_type=Path), metavar="FILE", help="With --spec: write them.")
def doctor(session: Session, spec: str | None, save: bool, routes: Path | None) -> None:
    """Check key, connection, account and this machine.

    Each line is ok, a warning or failed, and says what to do; the exit status is that of the first failure.
    With --spec, only the routes of a published document are compared with those of this version. --save makes
    the profile use those that differ; --routes writes a file for VOCOBASE_ROUTES or Vocobase(routes=).
    """
    if spec is not None:
        _compare(session, spec, save, routes)
        return
    if save or routes:
        raise click.UsageError("--save and --routes need --spec.")
    findings = list(examine(session))
    _emit(session, findings)
    worst = next((each.exit_status for each in findings if each.status == FAILED), 0)
    if worst:
        raise click.exceptions.Exit(worst)


def _emit(session: Session, findings: list[Finding]) -> None:
    rows = [each.row() for each in findings]
    if not session.is_for_people:
        session.emit(rows, id_field="check")
        return
    facts = [(each.check, f"{each.status}: {each.detail} {each.advice}".rstrip()) for each in findings]
    session.emit_one({"checks": rows}, card=Card("", facts))


def examine(session: Session) -> Iterator[Finding]:
    """Run the checks in order; stop where the next ones cannot work."""
    yield Finding(
        "versions",
        OK,
        f"vocobase {__version__}, Python {platform.python_version()}, httpx {version('httpx')},"
        f" {ssl.OPENSSL_VERSION}.",
    )
    headers: dict[str, str] = {}

    def keep(response: ResponseInfo) -> None:
        headers.clear()
        headers.update(response.headers)

    try:
        profile = session.profile
        client = session.client.with_options(timeout=SECONDS, max_retries=1, on_response=keep)
    except ConfigurationError as error:
        yield failed("settings", translated(str(error)), exit_status=failure_of(error).exit_status)
        return
    yield Finding("profile", OK, f"{profile.name or 'None'}; the key is in the {profile.place}.")
    yield Finding("proxy", OK, _proxy(client.base_url))
    yield Finding("certificates", OK, _certificates())
    try:
        config = client.config.get()
    except VocobaseError as error:
        yield from _unreachable(error, client.base_url)
        return
    yield Finding("API", OK, f"{client.base_url} responds.")
    yield Finding("key", OK, "The API accepts it.")
    yield checks.of_clock(headers.get("date"), clock.now())
    yield checks.of_budgets(headers)
    yield from checks.of_account(config)
    yield checks.of_carriers(config)
    try:
        yield checks.of_slots(client.calls.concurrency())
    except VocobaseError as error:
        yield Finding("calls at once", checks.WARNING, translated(str(error)))
    yield from checks.of_webhooks(config)


def _unreachable(error: VocobaseError, address: str) -> Iterator[Finding]:
    status = failure_of(error).exit_status
    if isinstance(error, CertificateError):
        yield failed("certificates", translated(str(error)), CERTIFICATES, status)
    elif isinstance(error, AuthenticationError | PermissionDeniedError):
        yield Finding("API", OK, f"{address} responds.")
        yield failed("key", translated(str(error)), KEY, status)
    else:
        yield failed("API", translated(str(error)), NETWORK, status)


def _proxy(address: str) -> str:
    found = find_proxy(address)
    return f"{found.host}, from {found.variable}." if found else "None."


def _certificates() -> str:
    named = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), "")
    return f"Those of {named} ({os.environ[named]})." if named else "Those of the package certifi."


def _compare(session: Session, source: str, save: bool, target: Path | None) -> None:
    found = compare_routes(source, base_url=_address(session))
    rows = [_row(each) for each in found.differences]
    session.emit(rows, columns=("operation", "ours", "published"), id_field="operation")
    if not found.differences:
        session.hint("No route differs.")
        return
    if not save and target is None:
        session.hint("--save uses them in this profile; --routes FILE writes them to a file.")
        raise click.exceptions.Exit(1)
    found.check()
    if target is not None:
        _write(session, target, found)
    if save:
        _store(session, found)


def _address(session: Session) -> str:
    """Return the address of the API; a comparison needs no key, as in CI."""
    if session.profiles.has_key(session.profile_name, os.environ):
        return session.client.base_url
    with session.open({"api_key": "none"}) as client:
        return client.base_url


def _row(each: RouteDifference) -> dict[str, str]:
    return {
        "operation": each.operation,
        "ours": each.ours,
        "published": each.published or "(not in the document)",
        "evidence": each.evidence,
    }


def _write(session: Session, target: Path, found: RouteComparison) -> None:
    export(session, target, json.dumps(found.routes, indent=2) + "\n")
    count = counted(len(found.routes), "route is", "routes are")
    session.hint(f"{count} in {target}; set {ROUTES_VARIABLE}={target} to use them.")


def _store(session: Session, found: RouteComparison) -> None:
    profile = session.profile
    if not profile.name:
        raise click.UsageError("The key comes from the environment, not from a profile: pass --routes.")
    routes: dict[str, Any] = {**profile.routes, **found.routes}
    session.profiles.with_profile(replace(profile, routes=routes)).write()
    count = counted(len(found.routes), "other route", "other routes")
    session.hint(f"The profile {profile.name} uses {count} now.")
