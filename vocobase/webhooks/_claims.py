"""Holding an event while it is being handled, so that it is neither lost nor handled twice at once."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from vocobase._base.errors import WebhookError
from vocobase.webhooks._payloads import Event, SessionCompleted
from vocobase.webhooks._reasons import refusal
from vocobase.webhooks._responses import log

if TYPE_CHECKING:
    from vocobase.webhooks._dedupe import Dedupe

# The last attempt comes 4 s after the one before it has failed; when a process dies in that one, its claim
# must be void by then, or the event is lost.
DEFAULT_LEASE: Final = 3.0

# What a store of handled events must have.
METHODS: Final = ("claim", "renew", "confirm", "release")

_LONGEST_READABLE_KEY: Final = 128

P = ParamSpec("P")
T = TypeVar("T")


def dedupe_key(event: Event) -> str | None:
    """Return what makes an event the same as another, or None when nothing does."""
    if not isinstance(event, SessionCompleted):
        # What may repeat in an event that is not documented is not known; dropping one would lose it.
        return None
    key = f"{event.event}:{event.session_id}"
    if len(key) <= _LONGEST_READABLE_KEY and key.isascii() and key.isprintable():
        return key
    return f"{event.event}:sha256:{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()}"


class Claim:
    """An event that this handler may work on; made by `WebhookReceiver.claim`.

    As a context manager, with ``with`` or ``async with``, it renews itself while the block runs, then
    confirms the event, or releases it when the block raises. At the end of ``async with`` the store is asked
    in a thread. Without a store of handled events it does nothing.

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

    def take(self) -> None:
        """Take the event; `WebhookReceiver.claim` has done so.

        Raises:
            WebhookError: ``duplicate``, ``in-progress``, or ``unavailable`` when the store fails.
        """
        if self._dedupe is None:
            return
        outcome = _ask(self._dedupe.claim, self._key, self._token, self._lease)
        if outcome != "claimed":
            raise refusal("duplicate" if outcome == "done" else "in-progress")

    def confirm(self) -> None:
        """Say that the event was handled; repetitions are refused from now on.

        Raises:
            WebhookError: ``unavailable`` when the store fails.
        """
        self._over.set()
        if self._dedupe is not None:
            _ask(self._dedupe.confirm, self._key)

    def release(self) -> None:
        """Say that the event was not handled; a repetition is welcome at once.

        Raises:
            WebhookError: ``unavailable`` when the store fails; the claim then ends with its lease.
        """
        self._over.set()
        if self._dedupe is not None:
            _ask(self._dedupe.release, self._key, self._token)

    def keep(self) -> None:
        """Renew the claim in the background until it is confirmed or released, or the process ends."""
        if self._dedupe is None:
            return
        # Without a thread the claim still lasts for its lease, which is enough for most handlers.
        with suppress(RuntimeError):
            threading.Thread(
                target=self._renew, args=(self._dedupe,), name="vocobase-webhook-claim", daemon=True
            ).start()

    def finish(self, *, handled: bool) -> None:
        """Confirm or release; a store that fails is logged: the work is done, or its own error matters more.

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
        return self.__enter__()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        import asyncio

        # A store may take seconds; who is cancelled once more meanwhile must not keep it from its work.
        await asyncio.shield(asyncio.to_thread(self.finish, handled=kind is None))

    def _renew(self, dedupe: Dedupe) -> None:
        held = True
        while held and not self._over.wait(self._lease / 3):
            # A store that fails now may work in time before the lease ends.
            with suppress(Exception):
                held = dedupe.renew(self._key, self._token, self._lease)


def _ask(method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return method(*args, **kwargs)
    except Exception as error:
        raise refusal("unavailable", "The store of handled events failed") from error
