"""Protect a server on this machine from web pages of other sites."""

from __future__ import annotations

from vocobase_sandbox.kernel.loopback import is_loopback, normal
from vocobase_sandbox.kernel.messages import Request, forbidden


def host_name(authority: str) -> str:
    """Return the host of an authority without its port."""
    if authority.startswith("["):
        return authority[: authority.find("]") + 1].lower()
    return authority.rsplit(":", 1)[0].lower() if ":" in authority else authority.lower()


def check(request: Request, allowed: frozenset[str]) -> None:
    """Reject a foreign Host (DNS rebinding) and a foreign Origin (a page of another site).

    Raises:
        ApiError: 403.
    """
    host = request.headers.get("host", "")
    name = host_name(host)
    if not is_loopback(name) and normal(name) not in allowed:
        raise forbidden("this Host is not allowed; start the sandbox with --allow-host to change that")
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        raise forbidden("requests from other origins are not allowed")
    site = request.headers.get("sec-fetch-site")
    if site == "cross-site":
        raise forbidden("requests from other sites are not allowed")
    if site == "same-site" and request.method not in ("GET", "HEAD"):
        # Every port of this machine is the same site, including the pages of other local programs.
        raise forbidden("only pages of the sandbox itself may change anything")
