"""Browser sessions, and the record of every session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from vocobase._base.arguments import check_callback, check_seconds
from vocobase._base.values import OMIT, Omit, as_dict
from vocobase._resources.aio.resource import AsyncResource
from vocobase._waiting.aio.sessions import wait_for_session
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import Session, WebRTCSession


class AsyncSessions(AsyncResource):
    """Browser sessions, and the record of every session."""

    async def get(self, session_id: str) -> Session:
        """Return one session of a phone or a browser.

        It contains the transcript, the amount used, the variables and a new recording URL.

        Args:
            session_id: Session id, from ``sessions.start_webrtc`` or ``calls.start``.

        Returns:
            The ``Session``.

        Raises:
            NotFoundError: unknown session, or owned by another account.

        Retries: automatic.
        Documentation: Sessions, Get a session.
        """
        return await self._core.call(api.sessions.get.build(session_id), api.sessions.get.parse)

    async def wait(
        self,
        session_id: str,
        *,
        timeout: float = 600.0,
        on_update: Callable[[Session], None] | None = None,
    ) -> Session:
        """Wait until a session has ended and its results are final.

        For phone calls, prefer ``calls.wait``: only a call is documented to report whether its processing is
        over. A session that does not report it counts as final when it has not changed for 5 s after its end.
        This is inferred, as are all states but completed.

        Args:
            session_id: Session id, from sessions.start_webrtc or calls.start.
            timeout: Longest wait in seconds, requests included.
            on_update: Called with the session whenever its status has changed; its exceptions end the wait.

        Returns:
            The completed ``Session``.

        Raises:
            SessionFailedError: it ended as failed; ``session`` holds it.
            WaitTimeoutError: it did not end in time; ``last`` holds it.
            NotFoundError: unknown session, or owned by another account.
            InvalidArgumentError: the timeout is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Sessions, Get a session.
        """
        check_seconds(timeout, "sessions.wait: timeout")
        check_callback(on_update, "sessions.wait: on_update")
        return await wait_for_session(self._core, session_id, timeout=timeout, on_update=on_update)

    async def start_webrtc(
        self, agent_id: str, *, variables: Mapping[str, Any] | Omit = OMIT
    ) -> WebRTCSession:
        """Start a voice session for a browser and return the room URL and a one-time token to join it.

        Args:
            agent_id: Agent that talks.
            variables: Values of declared variables, for the ``{{name}}`` placeholders of the agent. A
                VariablesWarning is issued if the names differ from those that the agent declared when this
                client last saw it.

        Returns:
            The ``WebRTCSession``.

        Raises:
            PermissionDeniedError: balance too low or account suspended.
            NotFoundError: unknown agent, or owned by another account.
            LimitReachedError: more than 10 starts per minute on one key, or the concurrency limit of the key.
            OutcomeUnknownError: no response; a second request starts another session.

        Retries: only if the API certainly did not process the request.
        Documentation: Sessions, Start a browser WebRTC session.
        """
        self._core.declared.check("sessions.start_webrtc", agent_id, variables)
        return await self._core.call(
            api.sessions.start_webrtc.build(
                body=models.SessionsStartWebrtcRequest(agent_id=agent_id, variables=as_dict(variables))
            ),
            api.sessions.start_webrtc.parse,
        )
