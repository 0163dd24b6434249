"""An emulated account with a folder, and transports that fail or change responses, for both clients."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from vocobase import Vocobase
from vocobase_sandbox import Sandbox


class Free:
    """A budget without end, so that no test waits for a minute."""

    def try_acquire(self, budget: Any, account: str) -> float:
        return 0.0


class Killed(BaseException):
    """What a process that is killed never sees."""


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that dies at one request, before or after it was carried out, and stays dead."""

    def __init__(self, sandbox: Sandbox, dies_at: int = 0, *, carried_out: bool = False) -> None:
        self.sync, self.asyn = sandbox.transport(), sandbox.async_transport()
        self.dies_at, self.carried_out = dies_at, carried_out
        self.seen: list[str] = []

    def _before(self, request: httpx.Request) -> bool:
        """Record a request; return whether its response is lost."""
        if self.dies_at and len(self.seen) >= self.dies_at:
            raise Killed
        self.seen.append(f"{request.method} {request.url.path.removeprefix('/api/v2')}")
        last = len(self.seen) == self.dies_at
        if last and not self.carried_out:
            raise Killed
        return last

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        lost = self._before(request)
        answer = self.sync.handle_request(request)
        if lost:
            raise Killed
        return answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        lost = self._before(request)
        answer = await self.asyn.handle_async_request(request)
        if lost:
            raise Killed
        return answer


class Account:
    """An emulated account with an agent, a document of someone else, and a folder."""

    def __init__(self, folder: Path) -> None:
        self.sandbox = Sandbox(seed=1, clock="manual", rate_limits=False)
        self.folder = folder
        with self.client() as vb:
            self.agent = vb.agents.create("Reader", "Read.", voice_id=vb.voices.find().id).id
            self.foreign = vb.documents.upload(b"not ours", name="faq.md").id
            vb.agents.documents.link(self.agent, [self.foreign])

    def client(self) -> Vocobase:
        return Vocobase(transport=self.sandbox.transport(), **self.options())

    def options(self) -> dict[str, Any]:
        """Return what a client of the account needs, except a transport."""
        return {"api_key": self.sandbox.api_key, "base_url": self.sandbox.base_url, "pace": Free()}

    def state(self) -> list[Any]:
        """Return all documents, linked ones marked, without what differs from run to run."""
        with self.client() as vb:
            linked = {row.id for row in vb.agents.documents.list(self.agent)}
            return sorted(
                (row.name, row.file_size, row.mime_type, str(row.status), row.id in linked)
                for row in vb.documents.iter()
            )

    def documents(self) -> list[str]:
        with self.client() as vb:
            return sorted(row.name for row in vb.agents.documents.list(self.agent))

    def manifest(self) -> Path:
        return self.folder / f".vocobase-{self.agent}.json"


def another_run(account: Account) -> None:
    """Synchronise while a run of the test, of either client, waits for a response."""
    with account.client() as vb:
        vb.agents.documents.sync(account.agent, account.folder)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def first(folder: Path) -> None:
    write(
        folder,
        faq_md="faq",
        prices_md="old prices",
        sub__gone_txt="gone",
        sub__moves_md="it moves",
        copy_md="faq",
    )


def second(folder: Path) -> None:
    write(folder, prices_md="new prices", new_md="it is new")
    (folder / "sub" / "gone.txt").unlink()
    (folder / "sub" / "moves.md").rename(folder / "moved.md")


class Forgetful(Wire):
    """A server that leaves members out of documents, or changes them."""

    def __init__(self, sandbox: Sandbox, *members: str, **others: Any) -> None:
        super().__init__(sandbox)
        self.members, self.others = members, others

    def _cut(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if request.method != "GET" or answer.status_code != 200 or "/_objects/" in request.url.path:
            return answer
        data = answer.json()
        for row in (data["data"], *data["data"].get("documents", ())):
            for member in self.members:
                row.pop(member, None)
            row.update(self.others)
        return httpx.Response(200, json=data)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        answer.read()
        return self._cut(request, answer)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        await answer.aread()
        return self._cut(request, answer)


class Meddler(Wire):
    """Act once after a request was carried out, before its response arrives."""

    def __init__(self, sandbox: Sandbox, at: str, meddle: Callable[[], Any]) -> None:
        super().__init__(sandbox)
        self.at, self.meddle = at, meddle

    def _after(self) -> None:
        if self.seen[-1].startswith(self.at):
            self.at = "never again"
            self.meddle()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        self._after()
        return answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        self._after()
        return answer


class Refusing(Wire):
    """A server that accepts no new name."""

    def _refusal(self, request: httpx.Request) -> httpx.Response | None:
        if request.method != "PUT" or "/api/v2/documents/" not in request.url.path:
            return None
        error = {"code": "VALIDATION_ERROR", "message": "no such name"}
        return httpx.Response(400, json={"success": False, "error": error})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._refusal(request) or super().handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._refusal(request) or await super().handle_async_request(request)
