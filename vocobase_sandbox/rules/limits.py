"""Documented limits: requests per minute, live calls and open sessions."""

from __future__ import annotations

from vocobase_sandbox.kernel.messages import Row, limit_reached
from vocobase_sandbox.kernel.world import World

LIVE_STATUSES = ("pending", "ringing", "in_progress")
DEFAULT_CONCURRENCY = 5
_WINDOW_MS = 60_000
_BUDGETS = {"general": 60, "calls": 10, "webrtc": 10}


class RateLimiter:
    """Limit the requests of one key in fixed windows of a minute; the first request opens a window."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[int, int]] = {}

    def check(self, method: str, path: str, now_ms: int) -> None:
        """Count one request.

        Raises:
            ApiError: 429 if its budget is used up; a rejected request does not count.
        """
        name = scope(method, path)
        opened, count = self._windows.get(name, (now_ms, 0))
        if now_ms - opened >= _WINDOW_MS:
            opened, count = now_ms, 0
        if count >= _BUDGETS[name]:
            raise limit_reached(f"rate limit of {_BUDGETS[name]} requests per minute exceeded ({name})")
        self._windows[name] = (opened, count + 1)

    def reset(self) -> None:
        """Remove all windows."""
        self._windows.clear()


def scope(method: str, path: str) -> str:
    """Return the budget of a request; the list of calls itself is a general route."""
    if path.startswith("/calls/"):
        return "calls"
    return "webrtc" if (method, path) == ("POST", "/sessions/webrtc") else "general"


def live_calls(world: World) -> list[Row]:
    """List the outbound calls that occupy a slot."""
    calls = (world.store.get("calls", key) for key in list(world.store.table("live_calls")))
    return [row for row in calls if row is not None and row["direction"] == "outbound"]


def concurrency_cap(world: World) -> int | None:
    """Return the limit on live calls; None means no limit."""
    override: int | None = world.account["concurrency"]
    return DEFAULT_CONCURRENCY if override is None else override or None


def require_slot(world: World) -> None:
    """Reject a new call if every slot is taken.

    Raises:
        ApiError: 429, the same code as for the rate limit.
    """
    cap = concurrency_cap(world)
    if cap is not None and len(live_calls(world)) >= cap:
        raise limit_reached(f"concurrency limit of {cap} live calls reached")


def require_web_slot(world: World) -> None:
    """Reject a new browser session if the limit of open ones is reached.

    Raises:
        ApiError: 429.
    """
    cap = concurrency_cap(world)
    open_sessions = [row for row in world.store.rows("live_sessions")]
    if cap is not None and len(open_sessions) >= cap:
        raise limit_reached(f"concurrency limit of {cap} open sessions reached")
