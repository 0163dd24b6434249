"""Deliver events to HTTP servers as Vocobase does: signed, with the documented timeout and retries."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from vocobase import clock
from vocobase.webhooks import SessionCompleted, is_local, sign

# The documented schedule: the pause before each attempt, and the time within which a server must respond.
PAUSES_SECONDS = (0.0, 1.0, 2.0, 4.0)
TIMEOUT_SECONDS = 10.0
EVENTS = ("session.completed",)
_PAIR = re.compile(r"([a-z_]+(?:\.[a-z_]+)+)=(https?:.*)", re.IGNORECASE | re.DOTALL)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\uffff]")


class Target(NamedTuple):
    """A server that receives events.

    Attributes:
        url: Its address.
        event: The event that it receives; empty for all.
    """

    url: str
    event: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver an event; a row of the output.

    Attributes:
        session_id: The session that identifies the event, also when it is delivered again.
        call_id: Its phone call.
        event: Name of the event.
        url: Where it was sent.
        attempt: 1 for the first.
        delivered: Whether the server responded with 2xx.
        status: Status of the response, None if there was none.
        error: The reason of a failure; empty if it succeeded.
        milliseconds: How long it took.
        retry_seconds: When the next attempt follows; None after the last one.
    """

    session_id: str
    call_id: str | None
    event: str
    url: str
    attempt: int
    delivered: bool
    status: int | None
    error: str
    milliseconds: int
    retry_seconds: float | None

    @property
    def is_lost(self) -> bool:
        """Whether this attempt failed and none follows."""
        return not self.delivered and self.retry_seconds is None


def target_of(text: str, *, allow_remote: bool) -> Target:
    """Return the target of ``URL`` or ``EVENT=URL``.

    Raises:
        ValueError: it is not an address, or that of another machine.
    """
    pair = _PAIR.fullmatch(text)
    event, url = (pair[1], pair[2]) if pair else ("", text)
    if event and event not in EVENTS:
        raise ValueError(f"there is no event {event!r}; there is: {', '.join(EVENTS)}")
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or parts.username is not None:
        raise ValueError(f"{url!r} is not an address such as http://localhost:3000/hook")
    if not allow_remote and not is_local(url):
        raise ValueError(
            f"{parts.hostname} is another machine, and events hold phone numbers and transcripts;"
            " add --allow-remote to send them there"
        )
    return Target(url, event)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable and not _UNSAFE.search(url) else None


def body_of(event: SessionCompleted, sent_at: datetime) -> bytes:
    """Return the body of a delivery: a polled event, with the time at which it is sent."""
    timestamp = sent_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"event": event.event, "timestamp": timestamp, **event.raw}).encode()


class Sender:
    """Send events to servers.

    Args:
        targets: The servers.
        secret: Signs the deliveries.
        timeout: Seconds within which a server must respond.
    """

    def __init__(self, targets: Sequence[Target], secret: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._targets = targets
        self._secret = secret
        self._timeout = timeout

    def deliver(self, event: SessionCompleted) -> Iterator[Attempt]:
        """Deliver an event to all its targets; yield each attempt.

        Targets that failed are tried again together, after the first attempt at each of them.
        """
        body = body_of(event, clock.now())
        left = [target for target in self._targets if target.event in ("", event.event)]
        for number, pause in enumerate(PAUSES_SECONDS, 1):
            if left and pause:
                clock.sleep(pause)
            failed: list[Target] = []
            for target in left:
                attempt = self._attempt(event, target.url, body, number)
                failed += [] if attempt.delivered else [target]
                yield attempt
            left = failed

    def _attempt(self, event: SessionCompleted, url: str, body: bytes, number: int) -> Attempt:
        began = clock.monotonic()
        status, error = _post(url, body, sign(body, self._secret), self._timeout)
        is_last = number == len(PAUSES_SECONDS)
        return Attempt(
            session_id=event.session_id,
            call_id=event.call.call_id if event.call else None,
            event=event.event,
            url=url,
            attempt=number,
            delivered=not error,
            status=status,
            error=error,
            milliseconds=round(1000 * (clock.monotonic() - began)),
            retry_seconds=PAUSES_SECONDS[number] if error and not is_last else None,
        )


def _post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int | None, str]:
    """Send a request, never through a proxy and without following redirects; return status and error."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, headers)
        # Closed here: Python ignores every error in the finalizer of a response, and Ctrl-C is one of them.
        with connection.getresponse() as response:
            status = response.status
    except TimeoutError:
        return None, f"no response within {timeout:g} s"
    except http.client.RemoteDisconnected:
        return None, "the server closed the connection"
    except http.client.HTTPException:
        return None, "the response is not HTTP"
    except OSError as error:
        return None, " ".join((error.strerror or str(error)).split())
    finally:
        connection.close()
    return status, "" if 200 <= status < 300 else f"HTTP {status}"
