"""Start a call and wait for its signed webhook: the app of compose.yaml.

docker compose --file examples/compose/compose.yaml up --build --exit-code-from app
"""

from __future__ import annotations

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import cast
from urllib.parse import urlsplit

from vocobase import Vocobase
from vocobase.webhooks import SessionCompleted, WebhookError, WebhookReceiver

NUMBER = "+12025550100"  # reserved for fiction
SECONDS = 60


class Endpoint(HTTPServer):
    """Receive deliveries until one of them is the end of the call."""

    def __init__(self, port: int, secret: str) -> None:
        super().__init__(("", port), Handler)
        self.receiver = WebhookReceiver(secret)
        self.completed: SessionCompleted | None = None
        self.timeout = SECONDS


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        endpoint = cast(Endpoint, self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            event = endpoint.receiver.receive(body, self.headers.items())
        except WebhookError as error:
            print(f"refused a delivery: {error.reason}")
            self.send_response(400)
        else:
            if isinstance(event, SessionCompleted):
                endpoint.completed = event
            self.send_response(204)
        self.end_headers()


def main() -> int:
    """Return the exit code: 0 once a verified webhook arrived."""
    url = os.environ["WEBHOOK_URL"]
    with Vocobase() as vb:
        hook = vb.config.webhooks.create("compose", url)
        with Endpoint(urlsplit(url).port or 80, hook.secret) as endpoint:
            voice = vb.voices.find(language="en")
            agent = vb.agents.ensure("Front desk", "You are the front desk of a clinic.", voice_id=voice.id)
            call = vb.calls.start(agent.id, NUMBER, provider="twilio")
            print(f"call {call.call_id} started", flush=True)
            endpoint.handle_request()
            if endpoint.completed is None:
                print(f"no verified webhook within {SECONDS} seconds")
                return 1
            print(f"verified webhook: session {endpoint.completed.session_id}", flush=True)
            return 0


if __name__ == "__main__":
    sys.exit(main())
