"""The events of webhooks, for programs that cannot receive them."""

from __future__ import annotations

from vocobase._base.arguments import check_seconds
from vocobase._events.aio.poll import AsyncEventPoll
from vocobase._events.cursor import Cursor
from vocobase._policy.cadence import EVENT_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS
from vocobase._resources.aio.resource import AsyncResource


class AsyncEvents(AsyncResource):
    """The events of webhooks, for programs that cannot receive them."""

    def poll(
        self,
        *,
        cursor: str | None = None,
        interval: float = EVENT_INTERVAL_SECONDS,
        timeout: float | None = None,
    ) -> AsyncEventPoll:
        """Poll for the events of phone calls that end, instead of receiving webhooks.

        Store the ``cursor`` of the iterator after the work on an event, and continue from it after a crash:
        every call that has ended since then comes at least once. The same event may come twice, always with
        the same ``session_id``. No list contains browser sessions, so they have no event here.

        Args:
            cursor: The ``cursor`` of an earlier poll, to continue there; None begins now, with the calls that
                are ongoing.
            interval: Seconds between two polls for new calls, at least 1.
            timeout: Seconds after which the iterator ends, without an error; without it, it never ends.

        Returns:
            An iterator of :class:`vocobase.webhooks.SessionCompleted`, about eight a minute at most. Their
            ``timestamp`` is None.

        Raises:
            InvalidArgumentError: the cursor or a number of seconds is invalid; nothing was sent.
            VocobaseError: see :mod:`vocobase` for the errors of every call; temporary ones are not raised.

        Retries: automatic.
        Documentation: Webhooks; Calls, List calls and Get call details; Sessions, Get a session.
        """
        check_seconds(interval, "events.poll: interval", MIN_INTERVAL_SECONDS)
        if timeout is not None:
            check_seconds(timeout, "events.poll: timeout")
        return AsyncEventPoll(self._core, Cursor.load(cursor), interval=interval, timeout=timeout)
