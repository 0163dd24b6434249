"""Prism between a client and the sandbox: it validates each request and each response against the document."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import httpx

from tests.programs import running
from tests.sandbox.contract import template_of
from vocobase import VocobaseError

ROOT = Path(__file__).resolve().parents[2]
PRISM = ROOT / ".venv" / "prism" / "node_modules" / ".bin" / "prism"
START_SECONDS = 60
ALLOWED: dict[str, str] = {}
"""Violations in which Prism is wrong, as `Traffic` words them, each with the reason."""


def missing() -> str | None:
    """Return why Prism cannot run here, or None."""
    if shutil.which("node") is None:
        return "node is not installed (apt-get install nodejs npm, then make prism)"
    return None if PRISM.exists() else "Prism is not installed (make prism)"


@contextmanager
def prism(document: Path, upstream: str) -> Iterator[str]:
    """Run Prism on a free port and yield its address; it refuses what the document does not allow."""
    command = [str(PRISM), "proxy", str(document), upstream, "--errors", "--port", "0"]
    address: Queue[str | None] = Queue()
    printed: list[str] = []

    def read(lines: Iterable[str]) -> None:
        # Read to the end: a full pipe would stop Prism.
        for line in lines:
            printed.append(line)
            found = re.search(r"listening on (http://\S+)", line)
            if found:
                address.put(found.group(1))
        address.put(None)

    with running(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        reader = Thread(target=read, args=(process.stdout,), daemon=True)
        reader.start()
        url: str | None = None
        try:
            with suppress(Empty):
                url = address.get(timeout=START_SECONDS)
            assert url, "Prism did not start:\n" + "".join(printed)
            yield url
        finally:
            process.terminate()
            reader.join()


class Traffic(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Send requests and keep what Prism found wrong with them and with the responses."""

    def __init__(self, proxy: str) -> None:
        self.proxy = httpx.URL(proxy)
        self.direct, self.async_direct = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()
        self.operations: set[tuple[str, str]] = set()
        self.violations: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.direct.handle_request(request)
        response.read()
        self._note(request, response)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.async_direct.handle_async_request(request)
        await response.aread()
        self._note(request, response)
        return response

    def close(self) -> None:
        self.direct.close()

    async def aclose(self) -> None:
        await self.async_direct.aclose()

    def _note(self, request: httpx.Request, response: httpx.Response) -> None:
        if request.url.netloc != self.proxy.netloc:
            return  # an upload, which goes to storage and is not an operation of the API
        template = template_of(request.method, request.url.path) or request.url.path
        self.operations.add((request.method, template))
        found = [_worded(violation) for violation in json.loads(response.headers.get("sl-violations", "[]"))]
        if not found and "problem+json" in response.headers.get("content-type", ""):
            found = [f"{response.status_code} of Prism itself: {response.text}"]
        every = (f"{request.method} {template}: {one}" for one in found)
        self.violations += [one for one in every if one not in ALLOWED]

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Fail with the violations, also when the first of them has ended what is inside."""
        try:
            yield
        except VocobaseError as error:
            if self.violations:
                raise AssertionError("\n".join(self.violations)) from error
            raise
        assert self.violations == []


def _worded(violation: dict[str, object]) -> str:
    location = violation.get("location")
    where = ".".join(map(str, location)) if isinstance(location, list) else ""
    return f"{where}: {violation.get('code')}: {violation.get('message')}"
