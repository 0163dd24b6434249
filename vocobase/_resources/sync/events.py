# Derived from vocobase/_resources/aio/events.py by scripts/derive_sync.py; edit that instead.
"""The events of webhooks, for programs that cannot receive them."""

from __future__ import annotations

from datetime import datetime

from vocobase._base.arguments import check_aware, check_id, check_seconds
from vocobase._base.errors import InvalidArgumentError
from vocobase._events.cursor import Cursor
from vocobase._events.sync.poll import EventPoll
from vocobase._events.sync.single import event_of_call
from vocobase._policy.cadence import EVENT_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS
from vocobase._resources.sync.resource import Resource
from vocobase.webhooks._payloads import SessionCompleted


class Events(Resource):
    """The events of webhooks, for programs that cannot receive them."""

    def poll(
        self,
        *,
        cursor: str | None = None,
        since: datetime | None = None,
        interval: float = EVENT_INTERVAL_SECONDS,
        timeout: float | None = None,
    ) -> EventPoll:
        """Poll for the events of phone calls that end, instead of receiving webhooks.

        Store the ``cursor`` of the iterator after you have processed an event, and continue from it after a
        crash: every call that has ended since then is returned at least once. The same event may be returned
        twice, always with the same ``session_id``. No list contains browser sessions, so they have no event
        here.

        Args:
            cursor: The ``cursor`` of an earlier poll, to continue there; None starts now, with the ongoing
                calls.
            since: Start with the calls that were created at this time or later; instead of a cursor.
            interval: Seconds between two polls for new calls, at least 1.
            timeout: Seconds after which the iterator ends, without an error; without it, it never ends.

        Returns:
            An iterator of ``vocobase.webhooks.SessionCompleted``, about eight a minute at most. Their
            ``timestamp`` is None.

        Raises:
            InvalidArgumentError: the cursor, the time or a number of seconds is invalid; nothing was sent.
            VocobaseError: see ``vocobase`` for the errors of every call; temporary ones are not raised.

        Retries: automatic.
        Documentation: Webhooks; Calls, List calls and Get call details; Sessions, Get a session.
        """
        check_seconds(interval, "events.poll: interval", MIN_INTERVAL_SECONDS)
        if timeout is not None:
            check_seconds(timeout, "events.poll: timeout")
        if since is not None:
            check_aware(since, "events.poll: since")
            if cursor is not None:
                raise InvalidArgumentError("events.poll: pass either cursor or since.")
        begin = Cursor.load(cursor) if since is None else Cursor.since(since)
        return EventPoll(self._core, begin, interval=interval, timeout=timeout)

    def of_call(self, call_id: str) -> SessionCompleted:
        """Return the event of one phone call that has ended, as a webhook would deliver it.

        Args:
            call_id: Call id.

        Returns:
            The ``vocobase.webhooks.SessionCompleted``, without its ``timestamp``. Its
            ``processing_complete`` is False while the results of the call are not final.

        Raises:
            LookupFailedError: the call has not ended.
            NotFoundError: unknown call, or owned by another account.
            InvalidArgumentError: the id is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Webhooks; Calls, Get call details; Sessions, Get a session.
        """
        check_id(call_id, "events.of_call: call_id")
        return event_of_call(self._core, call_id)
