"""HTTP servers on this machine that receive webhooks and verify their signatures."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from vocobase.webhooks import SessionCompleted, WebhookError, WebhookReceiver


class Receiver:
    """What a server has received.

    Attributes:
        url: Its address.
        secret: The secret that it knows; a test sets it.
        events: The events with a valid signature.
        refused: The reasons for all others.
        statuses: What it responds with, one for each request; then 200.
    """

    def __init__(self, secret: str = "", statuses: Sequence[int] = ()) -> None:
        self.url = ""
        self.secret = secret
        self.statuses = list(statuses)
        self.events: list[SessionCompleted] = []
        self.refused: list[str] = []

    @property
    def sessions(self) -> list[str]:
        return [event.session_id for event in self.events]

    def take(self, body: bytes, headers: list[tuple[str, str]]) -> int:
        status = self.statuses.pop(0) if self.statuses else 200
        try:
            event = WebhookReceiver(self.secret).receive(body, headers)
        except WebhookError as error:
            self.refused.append(error.reason)
            return 400
        assert isinstance(event, SessionCompleted)
        if status == 200:
            self.events.append(event)
        return status


@contextmanager
def serving(receiver: Receiver, port: int = 0) -> Generator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(receiver.take(body, self.headers.items()))
            self.send_header("location", "http://127.0.0.1:9/")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
