"""What waiting for several things gives: small values of our own."""

from __future__ import annotations

from dataclasses import dataclass

from vocobase._errors import VocobaseError
from vocobase_raw.models.call_details import CallDetails


@dataclass(frozen=True, slots=True)
class CallResult:
    """How one of several calls went.

    Attributes:
        call_id: The call that was waited for.
        call: The call as it was read last; None when it was never seen.
        error: None for a completed call; else :class:`CallFailed`, :class:`WaitTimeout`, or what the API said
            about this call, such as :class:`NotFound`.
    """

    call_id: str
    call: CallDetails | None
    error: VocobaseError | None = None

    def unwrap(self) -> CallDetails:
        """Return the completed call, or raise the error.

        Raises:
            CallFailed: it ended as failed, no_answer, busy or canceled; ``call`` holds it.
            WaitTimeout: it did not end in time; ``last`` holds it.
            NotFound: no such call.
        """
        if self.error is not None:
            raise self.error
        assert self.call is not None
        return self.call
