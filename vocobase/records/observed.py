"""Convert what the API sent to observations: pure, no I/O."""

from __future__ import annotations

from vocobase._base.arguments import is_id
from vocobase._base.errors import InvalidArgumentError
from vocobase.records.facts import Source
from vocobase.records.merge import Observation
from vocobase.webhooks._payloads import SessionCompleted


def observed_event(event: object) -> Observation:
    """Convert an event to an observation.

    Raises:
        InvalidArgumentError: it is not an event of a session.
    """
    if not isinstance(event, SessionCompleted):
        raise InvalidArgumentError(
            f"records.receive: event must be a SessionCompleted, not {type(event).__name__}; nothing was"
            " stored."
        )
    if not is_id(event.session_id):
        raise InvalidArgumentError("records.receive: the event has no usable session_id; nothing was stored.")
    # Only a delivery contains the time at which it was sent.
    source: Source = "webhook" if "timestamp" in event.raw else "poll"
    return Observation(event.session_id, source, event.raw)
