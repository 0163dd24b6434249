"""What a dead worker, a late session or a faulty callback leaves is read nevertheless."""

from __future__ import annotations

import pytest

from vocobase._dialing.endings import is_settled
from vocobase_raw.models.call import Call


@pytest.mark.parametrize(
    ("status", "disposition", "settled"),
    [
        ("completed", None, False),
        ("completed", "voicemail", True),
        ("busy", None, True),
        ("ringing", None, False),
    ],
)
def test_a_row_is_kept_for_later_only_if_its_outcome_is_final(
    status: str, disposition: str | None, settled: bool
) -> None:
    row = {"call_id": "c", "session_id": "s", "status": status, "disposition": disposition}
    assert is_settled(Call.from_dict(row)) is settled
