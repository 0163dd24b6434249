"""An object store with presigned URLs, as strict as the real ones.

The URLs look like those of S3, and so do the XML errors. The signature covers method, key, time,
lifetime and, for uploads, type and length; it is our own HMAC, not AWS Signature Version 4.
"""

from __future__ import annotations

import calendar
import hashlib
import hmac
import re
import time
from urllib.parse import parse_qsl, quote, urlencode

from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.messages import Request, Response, Row, escape_markup
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import wav

UPLOAD_SECONDS = 900
RECORDING_SECONDS = 7 * 24 * 3600
_METHODS = ("GET", "PUT")
_ALGORITHM = "AWS4-HMAC-SHA256"
_STAMP = "%Y%m%dT%H%M%SZ"
# A key ends before the next one; otherwise many keys without a question mark would take quadratic time.
_URL_KEY = re.compile(rf'{paths.OBJECTS}((?:(?!{paths.OBJECTS})[^?"])+)\?')
_RANGE = r"bytes=([0-9]{0,15})-([0-9]{0,15})"


def upload_url(world: World, origin: str, key: str, content_type: str, length: int) -> str:
    """Presign a PUT for exactly one object, type and length."""
    return _presign(world, origin, "PUT", key, UPLOAD_SECONDS, f"{content_type}\n{length}")


def download_url(world: World, origin: str, key: str, seconds: int = UPLOAD_SECONDS) -> str:
    """Presign a GET."""
    return _presign(world, origin, "GET", key, seconds, "")


def register_upload(world: World, key: str, content_type: str, length: int) -> None:
    """Store the announced type and length of an upload."""
    world.store.put("uploads", {"id": key, "content_type": content_type, "length": length})


def forget(world: World, key: str) -> None:
    """Remove an object and its announcement."""
    world.store.remove("uploads", key)
    world.store.put_blob(key, None)


def expire_urls(world: World, text: str) -> None:
    """Expire every presigned URL in a text."""
    for match in _URL_KEY.finditer(text):
        world.store.put("expired_urls", {"id": match[1], "before": world.now_ms})


def handle(world: World, request: Request) -> Response:
    """Handle a request for the object store."""
    if request.method not in _METHODS:
        response = _error(
            405, "MethodNotAllowed", "The specified method is not allowed against this resource."
        )
        response.headers["allow"] = ", ".join(_METHODS)
        return response
    key = request.path[len(paths.OBJECTS) :]
    query = dict(parse_qsl(request.query))
    if "authorization" in request.headers:
        return _error(400, "InvalidArgument", "Only one auth mechanism allowed")
    if "transfer-encoding" in request.headers:
        text = "A header you provided implies functionality that is not implemented"
        return _error(501, "NotImplemented", text)
    refused = _verify(world, request, key, query)
    return refused or (_put(world, key, request) if request.method == "PUT" else _get(world, key, request))


def _verify(world: World, request: Request, key: str, query: dict[str, str]) -> Response | None:
    stamp, lifetime = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
    if query.get("X-Amz-Algorithm") != _ALGORITHM or "X-Amz-Signature" not in query:
        return _error(403, "AccessDenied", "Access Denied")
    bound = ""
    if request.method == "PUT":
        bound = f"{request.headers.get('content-type', '')}\n{request.headers.get('content-length', '')}"
    expected = _signature(world, request.method, key, stamp, lifetime, bound)
    if not hmac.compare_digest(expected.encode(), query["X-Amz-Signature"].encode()):
        text = "The request signature we calculated does not match the signature you provided."
        return _error(403, "SignatureDoesNotMatch", text)
    # Both values are signed, so they have the form that `_presign` gave them.
    minted = calendar.timegm(time.strptime(stamp, _STAMP))
    expired = world.store.get("expired_urls", key)
    if world.now_ms >= (minted + int(lifetime)) * 1000 or (expired and minted * 1000 <= expired["before"]):
        return _error(403, "AccessDenied", "Request has expired")
    return None


def _put(world: World, key: str, request: Request) -> Response:
    if world.store.get("uploads", key) is None:
        return _error(404, "NoSuchUpload", "The specified upload does not exist.")
    world.store.put_blob(key, request.body)
    world.record("object.put", key=key, size=len(request.body))
    return Response(
        200, headers={"etag": f'"{hashlib.md5(request.body, usedforsecurity=False).hexdigest()}"'}
    )


def _get(world: World, key: str, request: Request) -> Response:
    found = _recording(world, key) if key.startswith("recordings/") else _stored(world, key)
    if found is None:
        return _error(404, "NoSuchKey", "The specified key does not exist.")
    content, content_type = found
    # A stored file is untrusted content; a browser must never run it on this origin.
    headers = {
        "content-type": content_type,
        "content-security-policy": "sandbox; default-src 'none'; media-src 'self'",
        "accept-ranges": "bytes",
    }
    return _part(content, request.headers.get("range", ""), headers) or Response(200, content, headers)


def _part(content: bytes, wanted: str, headers: dict[str, str]) -> Response | None:
    """Return one range of an object, which players need for seeking; None for the whole object."""
    match = re.fullmatch(_RANGE, wanted) if wanted else None
    if match is None or match[1] == match[2] == "":
        return None
    size = len(content)
    if match[1]:
        first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    else:
        first, last = max(0, size - int(match[2])), size - 1
    if first >= size or last < first:
        return _error(416, "InvalidRange", "The requested range is not satisfiable")
    headers["content-range"] = f"bytes {first}-{last}/{size}"
    return Response(206, content[first : last + 1], headers)


def _stored(world: World, key: str) -> tuple[bytes, str] | None:
    content, upload = world.store.blob(key), world.store.get("uploads", key)
    return None if content is None or upload is None else (content, upload["content_type"])


def _recording(world: World, key: str) -> tuple[bytes, str] | None:
    session: Row | None = world.store.get("sessions", key.removeprefix("recordings/").removesuffix(".wav"))
    if session is None or not session["recorded"]:
        return None
    return wav.render(session["talk"], session["duration_seconds"]), "audio/wav"


def _presign(world: World, origin: str, method: str, key: str, seconds: int, bound: str) -> str:
    stamp = time.strftime(_STAMP, time.gmtime(world.now_ms // 1000))
    query = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"SANDBOX/{stamp[:8]}/local/s3/aws4_request",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "content-length;content-type;host" if method == "PUT" else "host",
        "X-Amz-Signature": _signature(world, method, key, stamp, str(seconds), bound),
    }
    return f"{origin}{paths.OBJECTS}{quote(key)}?{urlencode(query)}"


def _signature(world: World, method: str, key: str, stamp: str, lifetime: str, bound: str) -> str:
    text = "\n".join((method, key, stamp, lifetime, bound))
    return hmac.new(
        world.ids.digest("object store"), text.encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


def _error(status: int, code: str, message: str) -> Response:
    error = f"<Error><Code>{code}</Code><Message>{escape_markup(message)}</Message></Error>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{error}'
    return Response(status, body.encode(), {"content-type": "application/xml"})
