"""Record the cassettes in tests/cassettes again.

Without a key they are recorded against the sandbox, the same bytes every time. With VOCOBASE_API_KEY set they
are recorded against the real API: take the key of an account that is for tests only. Then only parts run that
clean up after themselves; two more consents are needed for the others:

  RECORD_CALLS=1      dial: calls, transfers, campaigns, browser sessions. Rings RECORD_CALLEE, costs money.
  RECORD_LASTING=1    do what cannot be undone: carrier credentials, numbers, functions, VoiceLink, campaigns.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.cassettes.cassette import OF_API, OF_SANDBOX, Exchange, dump, path_of, readable
from tests.cassettes.leaks import find_leaks
from tests.cassettes.scenario import PARTS, Need, Part, Stage, play
from tests.cassettes.scrub import CALLEE, TAG, Scrubber
from vocobase import Vocobase, VocobaseError
from vocobase_sandbox import Sandbox

KEY, URL, CALLS, LASTING, NUMBER = (
    "VOCOBASE_API_KEY",
    "VOCOBASE_BASE_URL",
    "RECORD_CALLS",
    "RECORD_LASTING",
    "RECORD_CALLEE",
)
CONSENTS = {Need.CALLS: CALLS, Need.LASTING: LASTING}
WRONG_KEY = "rg_live_unknown"
# Where the clock of the recorded sandbox begins, so that recording again gives the same bytes.
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
# Operations that ring a phone or open a paid session, by what their address ends with.
DIALS = {
    "calls.start": re.compile(r"/calls/start$"),
    "calls.transfer": re.compile(r"/calls/[^/]+/transfer$"),
    "campaigns.start": re.compile(r"/campaigns/[^/]+/start$"),
    "campaigns.resume": re.compile(r"/campaigns/[^/]+/resume$"),
    "sessions.start_webrtc": re.compile(r"/sessions/webrtc$"),
}
# Slightly more than 60 and 10 requests a minute require.
PAUSE, PAUSE_OF_CALLS = 1.1, 6.2
# People take longer to answer a phone than the sandbox does.
TIME_TO_ANSWER = 20.0


class Refused(Exception):
    """A request would dial, and that was not allowed."""


def dialling(method: str, url: str) -> str | None:
    """Return the operation when a request would dial."""
    path = urlsplit(url).path.rstrip("/")
    found = (name for name, pattern in DIALS.items() if pattern.search(path))
    return next(found, None) if method.upper() == "POST" else None


class Recorder(httpx.BaseTransport):
    """Send requests, keep the traffic, and block everything that dials without consent."""

    def __init__(self, *, may_dial: bool, pace: Callable[[str], None] = lambda url: None) -> None:
        self.exchanges: list[Exchange] = []
        self.recording = True
        self._may_dial = may_dial
        self._pace = pace
        self._inner = httpx.HTTPTransport(verify=httpx.create_ssl_context())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        url = str(request.url)
        operation = dialling(request.method, url)
        if operation and not self._may_dial:
            raise Refused(f"{operation} would dial; set {CALLS}=1 to allow that")
        self._pace(url)
        # Recordings should be readable.
        request.headers["accept-encoding"] = "identity"
        content = request.read()
        response = self._inner.handle_request(request)
        body = response.read()
        response.close()
        if self.recording:
            self.exchanges.append(
                Exchange(
                    method=request.method,
                    url=url,
                    status=response.status_code,
                    reason=response.reason_phrase,
                    request_type=request.headers.get("content-type", ""),
                    request_body=readable(content),
                    response_headers=dict(response.headers),
                    response_body=readable(body),
                )
            )
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(body))

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


@dataclass(frozen=True)
class Account:
    """The account to record."""

    key: str
    base_url: str | None
    tag: str = TAG
    callee: str = CALLEE
    may_dial: bool = True
    advance: Callable[[float], None] = time.sleep
    pace: Callable[[str], None] = lambda url: None


def record(part: Part, account: Account, *, clean: bool = False) -> str:
    """Run a part, and return its cassette.

    Args:
        part: The part to record.
        account: The account.
        clean: Whether to delete what the part created and did not delete, for instance because it failed.

    Raises:
        Refused: the part would dial without consent.
        ValueError: a secret is left after scrubbing.
    """
    recorder = Recorder(may_dial=account.may_dial, pace=account.pace)
    options: dict[str, Any] = {"base_url": account.base_url, "max_retries": 0, "transport": recorder}
    with Vocobase(account.key, **options) as vb:
        stranger = Vocobase(WRONG_KEY, **options)
        stage = Stage(vb, stranger, account.tag, account.callee, account.advance)
        try:
            play(part, stage)
        finally:
            recorder.recording = False
            if clean:
                sweep(vb, account.tag)
            stranger.close()
        base_url = vb.base_url
    replacements = {account.key: "rg_live_scrubbed", account.tag: TAG, account.callee: CALLEE}
    scrubber = Scrubber(base_url, replacements)
    text = dump([scrubber.exchange(exchange) for exchange in recorder.exchanges])
    leaks = find_leaks(text)
    if leaks:
        raise ValueError(f"not written, as secrets may be left in it: {'; '.join(leaks[:5])}")
    return text


def record_in_sandbox(part: Part) -> str:
    """Record a part against a fresh sandbox over a real socket."""
    choices: dict[str, Any] = {"rate_limits": False, **part.sandbox}
    with Sandbox(seed=1, clock="manual", start=START, **choices) as sandbox, sandbox.serve() as server:
        account = Account(sandbox.api_key, server.base_url, advance=sandbox.clock.advance)
        return OF_SANDBOX + record(part, account)


def sweep(vb: Vocobase, tag: str) -> None:
    """Delete everything that carries the tag of this run."""
    _delete_tagged(vb.agents, "agent_name", tag)
    _delete_tagged(vb.dictionaries, "name", tag)
    _delete_tagged(vb.projects, "name", tag)
    _delete_tagged(vb.documents, "name", tag)
    _delete_tagged(vb.background_audio, "slug", tag)
    _delete_tagged(vb.config.webhooks, "label", tag)


def _delete_tagged(resource: Any, name: str, tag: str) -> None:
    with suppress(VocobaseError):
        for found in list(resource.iter() if hasattr(resource, "iter") else resource.list()):
            if tag in str(getattr(found, name)):
                with suppress(VocobaseError):
                    resource.delete(found.id)


def refusal(part: Part, environment: Mapping[str, str]) -> str | None:
    """Return in one line why a part must not run against a real account, or None."""
    if Need.SANDBOX in part.needs:
        return f"{part.name}: not recorded, {Need.SANDBOX.value}"
    for need, variable in CONSENTS.items():
        if need in part.needs and environment.get(variable) != "1":
            return f"{part.name}: not recorded, {need.value}; set {variable}=1 to allow that"
    if Need.CALLS in part.needs and not environment.get(NUMBER):
        return f"{part.name}: not recorded, no phone to ring; set {NUMBER} to a number that expects the call"
    return None


def pace(url: str) -> None:
    """Wait long enough to stay within the limits of the API."""
    path = urlsplit(url).path
    time.sleep(PAUSE_OF_CALLS if "/calls/" in path or path.endswith("/webrtc") else PAUSE)


def wait_for_people(seconds: float) -> None:
    """Let a real call continue."""
    time.sleep(max(seconds, TIME_TO_ANSWER))


def record_live(
    parts: Iterable[Part],
    environment: Mapping[str, str],
    say: Callable[[str], None],
    *,
    folder: Path | None = None,
    wait: Callable[[str], None] = pace,
    advance: Callable[[float], None] = wait_for_people,
) -> int:
    """Record the parts that are allowed against a real account; return the exit status."""
    tag = "t" + secrets.token_hex(4)
    account = Account(
        key=environment[KEY],
        base_url=environment.get(URL),
        tag=tag,
        callee=environment.get(NUMBER) or CALLEE,
        may_dial=environment.get(CALLS) == "1",
        advance=advance,
        pace=wait,
    )
    say(f"recording against {account.base_url or 'the public API'} with the key of {KEY}")
    failed = 0
    for part in parts:
        reason = refusal(part, environment)
        if reason:
            say(reason)
            continue
        try:
            _write(part, OF_API + record(part, account, clean=True), say, folder)
        except Exception as error:  # noqa: BLE001 - the other parts and the other cassettes are worth having
            # Errors of the SDK hold no secret; a failed assertion may show one.
            what = (
                str(error)
                if isinstance(error, (VocobaseError, Refused, ValueError))
                else type(error).__name__
            )
            say(f"{part.name}: not recorded, {what}")
            failed = 1
    return failed


def _write(part: Part, text: str, say: Callable[[str], None], folder: Path | None = None) -> None:
    path = path_of(part.name)
    path = folder / path.name if folder else path
    same = path.exists() and path.read_text(encoding="utf-8") == text
    if not same:
        path.write_text(text, encoding="utf-8", newline="\n")
    say(f"{part.name}: {'unchanged' if same else 'recorded'}")


def check(parts: Iterable[Part], say: Callable[[str], None]) -> int:
    """Compare every cassette with a fresh recording against the sandbox; return the exit status."""
    failed = 0
    for part in parts:
        path = path_of(part.name)
        same = path.exists() and path.read_text(encoding="utf-8") == record_in_sandbox(part)
        failed |= not same
        say(f"{part.name}: {'current' if same else 'differs; run make record'}")
    return int(failed)


def main(
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] = os.environ,
    say: Callable[[str], None] = print,
) -> int:
    """Record; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="record", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [part.name for part in PARTS]
    parser.add_argument("part", nargs="*", help=f"parts to record, all by default:  {', '.join(names)}")
    parser.add_argument("--check", action="store_true", help="compare with the sandbox and write nothing")
    options = parser.parse_args(arguments)
    unknown = set(options.part) - set(names)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    parts = [part for part in PARTS if part.name in options.part or not options.part]
    key = environment.get(KEY)

    def tell(text: str) -> None:
        say(text.replace(key, "***") if key else text)

    if options.check:
        return check(parts, tell)
    if key:
        return record_live(parts, environment, tell)
    for part in parts:
        _write(part, record_in_sandbox(part), tell)
    return 0


if __name__ == "__main__":
    sys.exit(main())
