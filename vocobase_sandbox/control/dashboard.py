"""Serve the dashboard: a page that shows and controls the sandbox through the control API."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from vocobase_sandbox.kernel.messages import Request, Response, method_not_allowed, not_found
from vocobase_sandbox.kernel.package_data import read
from vocobase_sandbox.kernel.paths import DASHBOARD as PATH

_FILES = (
    "api.js",
    "app.js",
    "calls.js",
    "controls.js",
    "dom.js",
    "icon.svg",
    "index.html",
    "message.js",
    "style.css",
    "views.js",
)
_METHODS = ("GET", "HEAD")
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    # Names and prompts are untrusted text. Even if one became markup, it could not load, run or post.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
}


def serves(path: str) -> bool:
    """Whether a path belongs to the dashboard."""
    return path in ("/", PATH) or path.startswith(PATH + "/")


def handle(request: Request) -> Response:
    """Handle a request for the page or one of its files.

    Raises:
        ApiError: 404 or 405.
    """
    if request.method not in _METHODS:
        raise method_not_allowed(_METHODS)
    if request.path in ("/", PATH + "/"):
        return Response(302, headers={"location": PATH})
    name = request.path[len(PATH) + 1 :] or "index.html"
    content = _files().get(name)
    if content is None:
        raise not_found("file")
    kind = _TYPES[Path(name).suffix]
    return Response(200, content, {"content-type": f"{kind}; charset=utf-8", **_HEADERS})


@cache
def _files() -> dict[str, bytes]:
    """Read the files on the first request; no other name can be requested."""
    return {name: read(f"control/static/{name}") for name in _FILES}
