"""Errors of waits, of searches, and of calls with a key."""

from __future__ import annotations

from typing import Any

from vocobase._base.errors.root import VocobaseError


class LookupFailedError(VocobaseError, LookupError):
    """Nothing matches what you asked for."""


class WaitTimeoutError(VocobaseError, TimeoutError):
    """A wait ended before the awaited state.

    Attributes:
        last: The object as last read, None if it was never read.
    """

    last: Any = None


class CallFailedError(VocobaseError):
    """An awaited call ended without being completed.

    Attributes:
        call: The call as last read.
    """

    call: Any = None


class CallRefusedError(VocobaseError):
    """The call with this key was not dialled, and will not be unless a person decides otherwise.

    Attributes:
        key: Key of the call.
        code: The reason as one word, such as ``do_not_call`` or the code of the API.
        reason: The reason as a sentence.
    """

    key: str = ""
    code: str = ""
    reason: str = ""


class SessionFailedError(VocobaseError):
    """An awaited session ended without being completed.

    Attributes:
        session: The session as last read.
    """

    session: Any = None


class CampaignFailedError(VocobaseError):
    """A watched campaign was cancelled, or has no credit to continue.

    Attributes:
        campaign: The campaign as last read.
    """

    campaign: Any = None


class DocumentSyncFailedError(VocobaseError):
    """A document did not reach the knowledge base of an agent (which states mean that is inferred).

    Attributes:
        document: The first document that failed.
        documents: All awaited documents, as last read.
    """

    document: Any = None
    documents: Any = None
