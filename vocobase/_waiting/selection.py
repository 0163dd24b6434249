"""Pick from lists: pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from vocobase._base.arguments import is_number
from vocobase._base.errors import LookupFailedError
from vocobase._policy.states import CALL, SESSION, Phase
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_concurrency import CallConcurrency
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.call_session import CallSession
from vocobase_raw.models.session import Session
from vocobase_raw.models.voice import Voice

# The clocks of server and caller are not the same.
CLOCK_SKEW = timedelta(seconds=30)


def connected(call: CallDetails) -> bool:
    """Tell whether somebody talked in a call that has ended; the others have no transcript."""
    return CALL.phase(call.status) is Phase.DONE or bool(call.duration_seconds)


def is_settled(call: CallDetails) -> bool:
    """Tell whether a call that has ended is final.

    The documentation names the flag without its place, so it is looked for in both. Where it is absent the
    answer belongs to an older generation, which knows no processing after the call; but a completed call
    without its session is not final.
    """
    # Models keep what is no session, so the declared type is a hope.
    session = call.session if isinstance(cast(object, call.session), CallSession) else None
    in_session = session.processing_complete if session else None
    flags = (in_session, call.additional_properties.get("processing_complete"))
    if False in flags or True in flags:
        return False not in flags
    return session is not None or CALL.phase(call.status) is Phase.FAILED


def has_ended(session: Session) -> bool:
    """Tell whether a session is over: by its end, as only one value of its status is documented."""
    return session.ended_at is not None or SESSION.phase(session.status) is not Phase.ONGOING


def has_room(room: CallConcurrency) -> bool:
    """Tell whether one more call may be tried: only a clear no is one, the start itself tells for certain."""
    remaining = cast(object, room.remaining)
    # 0 is how the API is told that an account has no limit.
    return room.limit == 0 or not is_number(remaining) or remaining > 0


def content_of(session: Session) -> dict[str, object]:
    """Return what a session holds, without the link that is made anew at every read."""
    return {name: value for name, value in session.to_dict().items() if name != "recording_url"}


def is_started_call(call: Call, agent_id: str, to_number: str, since: datetime) -> bool:
    """Tell whether a call may be the one that was started; its agent may be left out of the answer."""
    fits = call.agent_id in (agent_id, None) and digits_of(call.to_number) == digits_of(to_number)
    return fits and not was_made_before(call, since)


def digits_of(number: object) -> str:
    """Return the digits of a number: a server may write it without its plus sign."""
    return re.sub(r"\D", "", str(number))


def was_made_before(call: Call, since: datetime) -> bool:
    """Tell whether a call is certainly too old; lists come newest first, so looking can end there."""
    made = _made(call)
    return made is not None and since - made > CLOCK_SKEW


def was_made_after(call: Call, until: datetime) -> bool:
    """Tell whether a call is certainly too new."""
    made = _made(call)
    return made is not None and made - until > CLOCK_SKEW


def _made(call: Call) -> datetime | None:
    return _moment(call.created_at) or _moment(call.started_at)


def _moment(value: object) -> datetime | None:
    # Models keep what they cannot read as a time, so the declared type is a hope.
    return value if isinstance(value, datetime) else None


def first_voice(
    voices: Iterable[Voice], *, language: str | None, gender: str | None, tier: str | None
) -> Voice:
    """Return the first voice that fits.

    Raises:
        LookupFailedError: none fits; the message says which values there are.
    """
    catalog = list(voices)
    wanted = {"language": language, "gender": gender, "tier": tier}
    wishes = {name: value.lower().replace("_", "-") for name, value in wanted.items() if value is not None}
    for voice in catalog:
        if all(_fits(name, wish, getattr(voice, name)) for name, wish in wishes.items()):
            return voice
    asked = ", ".join(f"{name}={wish!r}" for name, wish in wishes.items()) or "any voice"
    there = "; ".join(f"{name}: {_values(catalog, name)}" for name in wishes)
    raise LookupFailedError(
        f"voices.find: no voice for {asked}"
        + (f" (there is {there})." if catalog else "; the catalog is empty.")
    )


def _fits(name: str, wish: str, found: object) -> bool:
    value = str(found or "").lower().replace("_", "-")
    return value == wish or (name == "language" and value.startswith(wish + "-"))


def _values(catalog: Iterable[Voice], name: str) -> str:
    return ", ".join(sorted({str(getattr(voice, name) or "none") for voice in catalog}))
