"""Webhook events: payload, signature, attempts and their log."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urlsplit

from vocobase_sandbox.kernel.clock import iso, stopwatch, wall_ms
from vocobase_sandbox.kernel.loopback import is_loopback, is_loopback_name, normal
from vocobase_sandbox.kernel.messages import Row, invalid
from vocobase_sandbox.kernel.world import World, action

if TYPE_CHECKING:
    import socket

TIMEOUT_SECONDS = 10.0
RETRY_SECONDS = (1, 2, 4)
_MAX_DELIVERIES = 1000
_MAX_RESPONSE_HEAD = 64 * 1024
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: |\r?\n)")
_BLANK_LINE = re.compile(rb"\n\r?\n")
# Characters that a path or query keeps; all others are percent-encoded, as in browsers.
_SAFE = "!#$%&'()*+,/:;=?@[]~"


def check_url(url: str, named: frozenset[str] = frozenset()) -> None:
    """Reject an address that is neither HTTPS nor plain HTTP to this machine or a named host.

    Raises:
        ApiError: 400.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https"):
        raise invalid("url is not a valid HTTPS address")
    if parts.scheme == "http" and not _is_near(parts, named):
        raise invalid(
            "url must be HTTPS (plain HTTP is accepted for loopback addresses, and for the hosts that"
            " --webhook-host names)"
        )


def _split(url: str) -> SplitResult | None:
    """Split an address; None if it is malformed or has no host."""
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    # urlsplit silently removes some of these characters.
    return parts if usable and not _UNSAFE.search(url) else None


def _is_near(parts: SplitResult | None, named: frozenset[str]) -> bool:
    """Whether an address can only lead to this machine, or to a host that was named."""
    host = (parts.hostname if parts else None) or ""
    return is_loopback(host) or normal(host) in named


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a body as documented: HMAC-SHA256 over timestamp, full stop, raw body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def publish(world: World, event: str, data: Row, delays: tuple[float, ...] = (0,)) -> Row:
    """Create the deliveries of an event for every enabled endpoint, and return the event.

    Args:
        world: The account.
        event: Name of the event.
        data: Data of the event.
        delays: Seconds until each delivery is due; without any, the delivery is lost.
    """
    payload: Row = {"event": event, "timestamp": world.now, "data": data}
    body = json.dumps(payload, separators=(",", ":"))
    for endpoint in world.store.rows("webhooks"):
        if endpoint["enabled"]:
            for delay in delays or (None,):
                _create(world, endpoint, event, data["session_id"], body, delay)
    return payload


def _create(
    world: World, endpoint: Row, event: str, session_id: str, body: str, delay: float | None = 0
) -> Row:
    delivery: Row = {
        "id": world.uuid("delivery"),
        "endpoint_id": endpoint["id"],
        "label": endpoint["label"],
        # Copied, because rotating the secret or deleting the endpoint does not affect existing deliveries.
        "url": endpoint["url"],
        "secret": endpoint["secret"],
        "event": event,
        "session_id": session_id,
        "body": body,
        "status": "lost" if delay is None else "pending",
        "attempts": [],
        "created_at": world.now,
    }
    world.store.put("deliveries", delivery)
    if delay is not None:
        world.schedule(delay, "webhook.attempt", delivery_id=delivery["id"])
    known = world.store.table("deliveries")
    if len(known) > _MAX_DELIVERIES:
        world.store.remove("deliveries", next(iter(known)))
    return delivery


def replay(world: World, delivery: Row) -> Row:
    """Send the payload of a delivery again, to the current address of its endpoint."""
    endpoint = world.store.get("webhooks", delivery["endpoint_id"]) or {
        "id": delivery["endpoint_id"],
        **{name: delivery[name] for name in ("label", "url", "secret")},
    }
    return _create(world, endpoint, delivery["event"], delivery["session_id"], delivery["body"])


def recover(world: World) -> None:
    """Schedule the deliveries whose attempt was interrupted by the end of the process."""
    planned = {row["arguments"].get("delivery_id") for row in world.store.rows("schedule")}
    for delivery in world.store.rows("deliveries"):
        if delivery["status"] == "pending" and delivery["id"] not in planned:
            world.schedule(0, "webhook.attempt", delivery_id=delivery["id"])


@action("webhook.attempt")
def _due(world: World, arguments: Row) -> None:
    world.outbox.append(arguments["delivery_id"])


def prepare(world: World, delivery_id: str) -> Callable[[], int] | None:
    """Return a function that sends the next request, or None if it must not leave this machine."""
    delivery = world.store.get("deliveries", delivery_id)
    if delivery is None:
        return None
    settings = world.settings
    sender = world.app or settings.sender
    is_near = _is_near(_split(delivery["url"]), settings.webhook_hosts)
    if not (is_near or settings.allow_remote or sender):
        reason = "not a loopback address; start with --webhook-host NAME or --allow-remote"
        _conclude(world, delivery, "suppressed", None, reason)
        return None
    # Receivers compare the header with their own clock. An application in this process uses that of the
    # machine, unless it shares ours; other receivers share ours under a manual clock.
    shared = world.clock.shared if world.app else world.clock.manual
    timestamp = world.now if shared else iso(wall_ms())
    body: bytes = delivery["body"].encode()
    headers = {
        "Content-Type": "application/json",
        "X-Webhook-Signature": sign(delivery["secret"], timestamp, body),
        "X-Webhook-Timestamp": timestamp,
    }
    return partial(_send, partial(sender or send_http, delivery["url"], headers, body, TIMEOUT_SECONDS))


def conclude(world: World, delivery_id: str, status: int | None, error: str | None) -> None:
    """Record the result of an attempt; schedule the next one if it failed."""
    delivery = world.store.get("deliveries", delivery_id)
    if delivery is None:
        return
    if status is not None and 200 <= status < 300:
        _conclude(world, delivery, "delivered", status, None)
        return
    done = len(delivery["attempts"])
    final = done >= len(RETRY_SECONDS)
    _conclude(world, delivery, "failed" if final else "pending", status, error)
    if not final:
        world.schedule(RETRY_SECONDS[done], "webhook.attempt", delivery_id=delivery_id)


def _conclude(world: World, delivery: Row, state: str, status: int | None, error: str | None) -> None:
    delivery["status"] = state
    delivery["attempts"].append({"at": world.now, "status": status, "error": error})
    world.store.put("deliveries", delivery)
    world.record(
        "webhook.attempt",
        delivery_id=delivery["id"],
        endpoint=delivery["label"],
        session_id=delivery["session_id"],
        attempt=len(delivery["attempts"]),
        status=status,
        result=state,
    )
    endpoint = world.store.get("webhooks", delivery["endpoint_id"])
    if endpoint is not None:
        endpoint["last_delivery_at"] = world.now
        endpoint["last_delivery_status"] = "success" if state == "delivered" else "failed"
        world.store.put("webhooks", endpoint)


def _send(request: Callable[[], object]) -> int:
    # A user's sender can return anything, whatever its annotation says.
    status = request()
    if not isinstance(status, int):
        raise TypeError(f"sender must return the status as int, not {type(status).__name__}")
    return status


def send_http(url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
    """Post a body and return the status; redirects are not followed.

    Raises:
        OSError: if the address cannot be used or no complete response arrives in time.
    """
    import http.client  # takes 10 ms that a sandbox without webhooks never needs

    end = stopwatch() + timeout
    parts = _split(url)
    if parts is None:
        raise OSError("the address cannot be used")
    host = parts.hostname or ""
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    if parts.scheme == "http" and is_loopback_name(host):
        # Not every name server knows that names below localhost are this machine.
        host, headers = "localhost", {"Host": parts.netloc.rpartition("@")[2], **headers}
    try:
        connection = kind(host, parts.port, timeout=timeout)
        try:
            target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_SAFE)
            connection.request("POST", target, body, headers)
            return _read_status(connection.sock, end)
        finally:
            connection.close()
    except (http.client.HTTPException, ValueError) as error:  # a host name that IDNA does not know
        raise OSError(f"{type(error).__name__}: {error}") from error


def _read_status(connection: socket.socket, end: float) -> int:
    """Read the final status within a deadline, which http.client does not support for slow responses."""
    data, received = b"", 0
    while True:
        blank = _BLANK_LINE.search(data)
        if blank is not None:
            line = _STATUS_LINE.match(data)
            if line is None:
                raise OSError("the response is not HTTP")
            if not line[1].startswith(b"1"):
                return int(line[1])
            data = data[blank.end() :]
            continue
        left = end - stopwatch()
        if left <= 0:
            raise TimeoutError("the response did not arrive in time")
        connection.settimeout(left)
        part = connection.recv(4096)
        received += len(part)
        if not part:
            raise ConnectionError("the connection was closed before the response was complete")
        if received > _MAX_RESPONSE_HEAD:
            raise OSError("the head of the response is too large")
        data += part


def view(delivery: Row) -> dict[str, Any]:
    """Show the current state of a delivery, without its secret."""
    shown = {name: value for name, value in delivery.items() if name != "secret"}
    return {**shown, "attempts": list(delivery["attempts"])}
