"""A client that checks every response against openapi.json, and a fake webhook receiver."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from vocobase_sandbox import Sandbox

from . import contract

EN_VOICE = "5b0c0de0-0000-4000-8000-000000000001"
PRO_VOICE = "5b0c0de0-0000-4000-8000-000000000006"


@dataclass
class Delivery:
    """One webhook request that the sandbox sent."""

    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads(self.body)
        return payload


@dataclass
class Receiver:
    """A replacement for the HTTP client of webhook delivery."""

    answers: list[int | OSError] = field(default_factory=list[int | OSError])
    received: list[Delivery] = field(default_factory=list[Delivery])

    def __call__(self, url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        self.received.append(Delivery(url, headers, body))
        contract.check_event(json.loads(body))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, OSError):
            raise answer
        return answer


class Api:
    """A client of a sandbox; every response is checked, `ok` and `fails` unwrap it."""

    def __init__(self, sandbox: Sandbox, receiver: Receiver) -> None:
        self.sandbox = sandbox
        self.receiver = receiver
        self.bare = httpx.Client(transport=sandbox.transport())
        self.client = httpx.Client(
            transport=sandbox.transport(),
            base_url=sandbox.base_url,
            headers={"authorization": f"Bearer {sandbox.api_key}"},
            event_hooks={"response": [check_response]},
        )

    def send(self, method: str, path: str, json: Any = None, **arguments: Any) -> httpx.Response:
        return self.client.request(method, path, json=json, **arguments)

    def ok(self, method: str, path: str, json: Any = None, **arguments: Any) -> Any:
        response = self.send(method, path, json, **arguments)
        assert response.is_success, response.text
        return response.json()["data"]

    def fails(self, status: int, method: str, path: str, json: Any = None, **arguments: Any) -> Any:
        response = self.send(method, path, json, **arguments)
        assert response.status_code == status, response.text
        return response.json()["error"]

    def advance(self, seconds: float) -> None:
        self.sandbox.clock.advance(seconds)

    def agent(self, **settings: Any) -> Any:
        number = len(self.sandbox.world.store.table("agents"))
        body = {
            "agent_name": f"Agent {number}",
            "prompt": "You sell shoes. Be kind.",
            "voice_id": EN_VOICE,
            "agent_type": "outbound",
        }
        later = {name: settings.pop(name) for name in ("variables", "extraction_config") if name in settings}
        agent = self.ok("POST", "/agent", {**body, **settings})
        return self.ok("PUT", f"/agent/{agent['id']}", later) if later else agent

    def document(
        self, content: bytes = b"# Notes", mime_type: str = "text/markdown", name: str = "notes.md"
    ) -> Any:
        upload = self.ok(
            "POST", "/documents/upload", {"name": name, "file_size": len(content), "mime_type": mime_type}
        )
        stored = self.bare.put(upload["upload_url"], content=content, headers={"content-type": mime_type})
        assert stored.status_code == 200, stored.text
        return self.ok("POST", f"/documents/{upload['document_id']}/confirm")

    def call(self, agent_id: str, to_number: str = "+919876543210", **fields: Any) -> Any:
        return self.ok("POST", "/calls/start", {"agent_id": agent_id, "to_number": to_number, **fields})

    def webhook(self, label: str = "main", url: str = "https://example.com/hook") -> Any:
        return self.ok("POST", "/config/webhooks", {"label": label, "url": url})


def check_response(response: httpx.Response) -> None:
    """Check a response of the API before a test gets it."""
    if response.request.url.path.startswith(contract.BASE_PATH):
        response.read()
        contract.check_response(
            response.request.method, response.request.url.path, response.status_code, response.json()
        )
