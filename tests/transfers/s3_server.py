"""An S3 server that checks real signatures: the S3 face and the users of OpenStack Swift, over a dict.

Run as a program: it prints its port. Swift checks the signature (AWS Signature Version 4), the signed headers and
the expiry; only the shelf behind it is ours.
"""

from __future__ import annotations

import hashlib
import warnings
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

warnings.simplefilter("ignore")

from swift.common.middleware.s3api.s3api import filter_factory as s3_face  # noqa: E402
from swift.common.middleware.tempauth import filter_factory as users  # noqa: E402
from swift.common.swob import Request, Response  # noqa: E402


class Shelf:
    """Keep objects by their path, for whom Swift's users are allowed."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        return self.answer(Request(environ))(environ, start)

    def answer(self, request: Any) -> Any:
        refused = request.environ["swift.authorize"](request)
        if refused is not None:
            return refused
        if request.path.count("/") < 4:
            counts = {"X-Container-Object-Count": "0", "X-Container-Bytes-Used": "0"}
            return Response(status=204, headers=counts, request=request)
        if request.method == "PUT":
            body = request.environ["wsgi.input"].read(request.content_length)
            self.objects[request.path] = body, request.headers["Content-Type"]
            return Response(status=201, headers=etag(body), request=request)
        if request.path not in self.objects:
            return Response(status=404, request=request)
        body, kind = self.objects[request.path]
        return Response(status=200, body=body, content_type=kind, headers=etag(body), request=request)


def etag(body: bytes) -> dict[str, str]:
    return {"Etag": hashlib.md5(body).hexdigest(), "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}


class Quiet(WSGIRequestHandler):
    """Write no log, and leave out the length that wsgiref invents if there is none."""

    def get_environ(self) -> dict[str, Any]:
        environ = super().get_environ()
        if not environ.get("CONTENT_LENGTH"):
            environ.pop("CONTENT_LENGTH", None)
        return environ

    def log_message(self, format: str, *args: Any) -> None:
        pass


def main() -> None:
    application = users({}, user_account_key="secret .admin")(Shelf())
    options = {"location": "us-east-1", "auth_pipeline_check": "false", "s3_acl": "false"}
    server = make_server("127.0.0.1", 0, s3_face({}, **options)(application), handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
