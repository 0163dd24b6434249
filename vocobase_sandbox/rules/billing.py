"""Prices: 15-second buckets in paise, so that amounts are never rounded."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.kernel.messages import forbidden

BUCKET_SECONDS = 15
_PAISE_PER_BUCKET = {"va-1": 90, "va-1-pro": 115}
CAMPAIGN_FLOOR_PAISE = 30


def cost_paise(seconds: float, tier: str) -> int:
    """Return the price of a session; a session that never connected is free."""
    buckets = -(-seconds // BUCKET_SECONDS) if seconds > 0 else 0
    return int(buckets) * _PAISE_PER_BUCKET.get(tier, _PAISE_PER_BUCKET["va-1"])


def rupees(paise: int) -> float:
    """Convert to rupees, which the API shows."""
    return paise / 100


def charge(account: dict[str, Any], paise: int) -> None:
    """Charge the price of a session; the last session can overdraw the balance."""
    account["balance_paise"] -= paise


def require_balance(account: dict[str, Any], floor_paise: int = 1) -> None:
    """Reject the start of anything that costs money if the balance is too low.

    Raises:
        ApiError: 403 if the balance is below the floor.
    """
    if account["balance_paise"] < floor_paise:
        raise forbidden("balance too low")
