"""Decide when calls, sessions and documents are over, and their results final: pure, no I/O and no clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from vocobase._base.errors import DocumentSyncFailedError, LookupFailedError
from vocobase._policy.cadence import SETTLE_SECONDS
from vocobase._policy.states import CALL, DOCUMENT_SYNC, SESSION, Phase
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.call_session import CallSession
from vocobase_raw.models.linked_document import LinkedDocument
from vocobase_raw.models.session import Session

# Members of `sessions.get` that the session of `calls.get` lacks.
_ONLY_IN_SESSION = frozenset({"agent_id", "agent_name"})


def is_ongoing(call: Call | CallDetails) -> bool:
    """Return whether a call has not ended."""
    return CALL.phase(call.status, call.ended_at) is Phase.ONGOING


def connected(call: CallDetails) -> bool:
    """Return whether someone talked in a call that has ended; other calls have no transcript."""
    return CALL.phase(call.status) is Phase.DONE or bool(call.duration_seconds)


def is_final(call: CallDetails) -> bool:
    """Return whether the results of a call that has ended are final.

    The documentation names the flag but not its place, so both places count. A response without it comes from
    an older generation of the API, which has no processing after the call. A completed call without its
    session is not final.
    """
    # Models keep malformed members as they are, so the declared type is not certain.
    session = call.session if isinstance(cast(object, call.session), CallSession) else None
    in_session = session.processing_complete if session else None
    flags = (in_session, call.additional_properties.get("processing_complete"))
    return False not in flags and (session is not None or CALL.phase(call.status) is Phase.FAILED)


def has_ended(session: Session) -> bool:
    """Return whether a session is over: its end decides, as only one value of its status is documented."""
    return session.ended_at is not None or SESSION.phase(session.status) is not Phase.ONGOING


def has_session_id(call: Call | CallDetails) -> bool:
    """Return whether the session of a call can be read."""
    session_id = cast(object, call.session_id)
    return isinstance(session_id, str) and bool(session_id)


def is_processed(session: Session) -> bool:
    """Return whether a session that is read a while after its end reports final results."""
    return has_ended(session) and session.additional_properties.get("processing_complete") in (None, True)


def with_session(call: CallDetails, session: Session) -> CallDetails:
    """Return a call with the results of its processed session, as ``calls.get`` returns it.

    Neither a row of the list nor a session has ``answered_by``, response times or the end of the processing.
    """
    results = {name: value for name, value in session.to_dict().items() if name not in _ONLY_IN_SESSION}
    if results.get("extraction") is None:
        results.pop("extraction", None)
    return CallDetails.from_dict({**call.to_dict(), "session": {**results, "processing_complete": True}})


class SessionSettling:
    """Decide when the results of a session are final.

    A session that does not report whether its processing is complete is final when its content has not
    changed for `SETTLE_SECONDS` after its end.
    """

    def __init__(self) -> None:
        self._content: dict[str, object] | None = None
        self._unchanged_since = 0.0

    def is_final(self, session: Session, now: float) -> bool:
        """Take the session that was read just now; return whether it is final.

        Args:
            session: The session.
            now: Seconds of a monotonic clock.
        """
        content = content_of(session)
        if content != self._content or not has_ended(session):
            self._unchanged_since = now
        self._content = content
        complete = session.additional_properties.get("processing_complete")
        settled = now - self._unchanged_since >= SETTLE_SECONDS if complete is None else bool(complete)
        return has_ended(session) and settled


def content_of(session: Session) -> dict[str, object]:
    """Return the content of a session, without the recording link, which is new in every response."""
    return {name: value for name, value in session.to_dict().items() if name != "recording_url"}


def all_synced(documents: Sequence[LinkedDocument], document_ids: Collection[str]) -> bool:
    """Return whether all documents are in the knowledge base.

    Args:
        documents: Those that are linked.
        document_ids: Those that must be among them.

    Raises:
        LookupFailedError: one of them is not linked.
        DocumentSyncFailedError: the sync of a document failed.
    """
    linked: list[object] = [document.id for document in documents]
    if missing := [document_id for document_id in document_ids if document_id not in linked]:
        raise LookupFailedError(
            f"agents.documents.wait_synced: {len(missing)} of the documents are not linked to the agent "
            f"(such as {min(missing)!r}); link them with agents.documents.link."
        )
    phases = [DOCUMENT_SYNC.phase(document.sync_status) for document in documents]
    if Phase.FAILED in phases:
        failed = documents[phases.index(Phase.FAILED)]
        text = (
            f"agents.documents.wait_synced: the sync of a document is {failed.sync_status}; "
            "see `document` of this error."
        )
        raise DocumentSyncFailedError(text, document=failed, documents=list(documents))
    return Phase.ONGOING not in phases
