"""Claims: hold an event while it is handled, so that it is neither lost nor handled twice at once."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, ParamSpec, TypeVar

from vocobase._base.errors import ConfigurationError, WebhookError
from vocobase._base.forks import PerProcess
from vocobase._base.runtime import current_runtime, running_loop
from vocobase._base.short_repr import ShortRepr
from vocobase.webhooks._dedupe import Dedupe
from vocobase.webhooks._payloads import Event, SessionCompleted
from vocobase.webhooks._reasons import refusal
from vocobase.webhooks._responses import log

# The last attempt arrives 4 s after the third one has failed. If a process dies during the third attempt, its
# claim must have expired by then, or the event is lost.
DEFAULT_LEASE_SECONDS: Final = 3.0

# The methods that a store of handled events must have.
METHODS: Final = ("claim", "renew", "confirm", "release")

_MAX_READABLE_KEY_LENGTH: Final = 128

P = ParamSpec("P")
T = TypeVar("T")


def dedupe_key(event: Event) -> str | None:
    """Return the key under which an event is remembered, None if it cannot be identified."""
    if not isinstance(event, SessionCompleted):
        # Nothing is documented that identifies such an event, and dropping a new one would lose it.
        return None
    key = f"{event.event}:{event.session_id}"
    if len(key) <= _MAX_READABLE_KEY_LENGTH and key.isascii() and key.isprintable():
        return key
    return f"{event.event}:sha256:{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()}"


class Claim(ShortRepr):
    """An event that belongs to this handler; `WebhookReceiver.claim` returns it.

    As a context manager, with ``with`` or ``async with``, it renews the claim while the block runs. It
    confirms the event at the end, or releases it if the block raises. ``async with`` then calls the store in
    a thread. Without a store of handled events it does nothing.

    Attributes:
        event: The event.
    """

    def __init__(self, event: Event, dedupe: Dedupe | None, lease: float) -> None:
        self.event = event
        self._key = dedupe_key(event) or ""
        self._dedupe = dedupe if self._key else None
        self._token = os.urandom(16).hex()
        self._lease = lease
        self._over = threading.Event()

    def _about(self) -> str:
        return repr(self._key or self.event.event)

    def take(self) -> None:
        """Claim the event; `WebhookReceiver.claim` has done so.

        Raises:
            WebhookError: ``duplicate``, ``in-progress``, or ``unavailable`` if the store fails.
        """
        if self._dedupe is None:
            return
        if current_runtime().clock.simulated:
            # Their leases may have passed in an instant of real time, in which no thread has renewed them.
            for claim in list(_kept.get()):
                claim._extend()
        outcome = _ask(self._dedupe.claim, self._key, self._token, self._lease)
        if outcome != "claimed":
            raise refusal("duplicate" if outcome == "done" else "in-progress")

    def confirm(self) -> None:
        """Record that the event was handled; duplicates are refused from now on.

        Raises:
            WebhookError: ``unavailable`` if the store fails.
        """
        self._end()
        if self._dedupe is not None:
            _ask(self._dedupe.confirm, self._key)

    def release(self) -> None:
        """Release the event without handling it; the next attempt is accepted at once.

        Raises:
            WebhookError: ``unavailable`` if the store fails; the claim then ends with its lease.
        """
        self._end()
        if self._dedupe is not None:
            _ask(self._dedupe.release, self._key, self._token)

    def keep(self) -> None:
        """Renew the claim in the background until it is confirmed or released, or the process ends."""
        if self._dedupe is None:
            return
        _kept.get().add(self)
        # If no thread can be started, the claim still lasts for its lease, which is enough for most handlers.
        with suppress(RuntimeError):
            threading.Thread(target=self._renew, name="vocobase-webhook-claim", daemon=True).start()

    def finish(self, *, handled: bool) -> None:
        """Confirm or release. If the store fails, log it: the work is done, or its own error matters more.

        Args:
            handled: Whether the work on the event is done.
        """
        try:
            if handled:
                self.confirm()
            else:
                self.release()
        except WebhookError:
            log().exception("could not record whether a webhook event was handled")

    def __enter__(self) -> Event:
        self.keep()
        return self.event

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.finish(handled=kind is None)

    async def __aenter__(self) -> Event:
        try:
            # Now, not when the work is done: the event could no longer be confirmed.
            running_loop("async with a claim", "`with` in trio.to_thread.run_sync")
        except ConfigurationError:
            self.finish(handled=False)
            raise
        return self.__enter__()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # Imported here because synchronous receivers start faster without it.
        import asyncio

        # A store may take seconds; a second cancellation meanwhile must not interrupt it.
        await asyncio.shield(asyncio.to_thread(self.finish, handled=kind is None))

    def _end(self) -> None:
        self._over.set()
        _kept.get().discard(self)

    def _renew(self) -> None:
        while not self._over.wait(self._lease / 3) and self._extend():
            pass

    def _extend(self) -> bool:
        """Extend the claim by its lease; return False if it is lost."""
        # A store that fails now may work again before the lease ends.
        with suppress(Exception):
            return self._dedupe is not None and self._dedupe.renew(self._key, self._token, self._lease)
        return True


# The claims of this process that `Claim.keep` renews.
_kept: Final[PerProcess[set[Claim]]] = PerProcess(set)


def _ask(method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return method(*args, **kwargs)
    except Exception as error:
        raise refusal("unavailable", "The store of handled events failed") from error
