# Derived from vocobase/_waiting/aio/sessions.py by scripts/derive_sync.py; edit that instead.
"""Wait for a session."""

from __future__ import annotations

from collections.abc import Callable

from vocobase._base.errors import SessionFailedError
from vocobase._core.sync.core import Core
from vocobase._policy.states import SESSION, Phase
from vocobase._waiting.call_results import wait_timeout
from vocobase._waiting.finality import SessionSettling
from vocobase._waiting.sync.schedule import PollSchedule
from vocobase_raw.api.sessions import get as sessions_get
from vocobase_raw.models.session import Session


def wait_for_session(
    core: Core, session_id: str, *, timeout: float, on_update: Callable[[Session], None] | None
) -> Session:
    """Wait for a session; see ``sessions.wait``."""
    schedule = PollSchedule(core, timeout)
    settling = SessionSettling()
    last: Session | None = None

    def read(core: Core) -> Session:
        return core.call(sessions_get.build(session_id), sessions_get.parse)

    while (session := schedule.poll(read)) is not None:
        if on_update is not None and (last is None or last.status != session.status):
            on_update(session)
        last = session
        if settling.is_final(session, schedule.now()):
            break
    if last is not None and SESSION.phase(last.status) is Phase.FAILED:
        text = f"sessions.wait: the session ended as {last.status}; see `session` of this error."
        raise SessionFailedError(text, session=last)
    if session is not None:
        return session
    state = "was not seen" if last is None else f"is {last.status}, and its results are not final"
    text = f"sessions.wait: the session {state}; wait longer, or check later with sessions.get."
    raise wait_timeout(text, last=last, cause=schedule.error)
