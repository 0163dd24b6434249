"""`campaigns.results`: one result for each contact, and "unknown" where two campaigns could claim a call."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vocobase._imports.claims import Period
from vocobase.types import Campaign


@pytest.mark.parametrize(
    ("status", "period"),
    [("draft", False), ("completed", True), ("cancelled", True), ("running", False)],
)
def test_a_campaign_that_has_ended_without_a_start_dialled_since_its_creation(
    status: str, period: bool
) -> None:
    created = datetime(2026, 11, 1, tzinfo=UTC)
    campaign = Campaign.from_dict({"status": status, "created_at": created.isoformat(), "started_at": 5})
    assert Period.of(campaign) == (Period(created, None) if period else None)
