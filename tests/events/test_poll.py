"""An event is built whatever the session in a call is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.events.rows import ended
from vocobase._events.event import event_of
from vocobase.types import CallDetails


@pytest.mark.parametrize("odd", ["text", [1], 5, True])
def test_an_event_is_built_although_the_session_in_a_call_is_malformed(odd: Any) -> None:
    event = event_of("c1", CallDetails.from_dict(ended(1, session=odd, session_id=None)), None)
    assert (event.session_id, event.call and event.call.call_id) == ("c1", "c1")
