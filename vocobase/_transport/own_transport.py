"""The transport of a synchronous client: that of httpx, with deadlines, and safe from interruptions."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from vocobase._policy.messages import Request
from vocobase._transport.deadline import Backend
from vocobase._transport.inside import lock_of, take_unused, use_backend, use_lock


class OwnTransport(httpx.HTTPTransport):
    """The transport of httpx, over sockets that keep to the deadline of a request.

    An interrupted request leaves no connection busy: Ctrl-C, or the error of a signal handler, as Celery
    raises it at its time limits, may come between two steps in which httpcore cleans up. After a hundred of
    them no request could be sent.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        use_backend(self, Backend())
        use_lock(self)

    def forget(self, request: Request) -> None:
        """Close the connection of an interrupted request, and every other one that no request uses.

        Idle ones as well: the lock of one of them may have been acquired permanently.
        """
        # The interruption must continue, whatever becomes of the pool and of unused connections.
        with suppress(Exception):
            with lock_of(self):
                unused = take_unused(self, request, with_idle=True)
            for connection in unused:
                with suppress(Exception):
                    connection.close()
