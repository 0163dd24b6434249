"""Stores and budgets that take several files at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx


class Store(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Count concurrent transfers; `on_put` receives the content of each PUT, and may respond or raise.

    Threads wait for each other until ``meet`` of them transfer a file.
    """

    def __init__(self, on_put: Callable[[bytes], Any] = lambda content: None, meet: int = 1) -> None:
        self.together = threading.Barrier(meet)
        self.on_put = on_put
        self.lock = threading.Lock()
        self.records: dict[str, str] = {}
        self.busy = self.most = self.made = 0

    def api(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v2")
        with self.lock:
            if request.method == "DELETE":
                del self.records[path.rpartition("/")[2]]
                return httpx.Response(200, json={"success": True, "data": {"message": "gone"}})
            if path == "/documents/upload":
                self.made += 1
                key = f"d{self.made}"
                self.records[key] = "uploading"
                data = {"document_id": key, "upload_url": f"https://store.example/{key}?canary"}
                return httpx.Response(200, json={"success": True, "data": data})
            key = path.split("/")[2]
            self.records[key] = "ready"
            return httpx.Response(200, json={"success": True, "data": {"id": key, "status": "ready"}})

    def begin(self) -> None:
        with self.lock:
            self.busy += 1
            self.most = max(self.most, self.busy)

    def end(self) -> None:
        with self.lock:
            self.busy -= 1

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example":
            request.read()
            return self.api(request)
        self.begin()
        try:
            content = b"".join(request.stream)  # type: ignore[arg-type]
            self.together.wait(timeout=10)
            return self.on_put(content) or httpx.Response(200)
        finally:
            self.end()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example":
            await request.aread()
            return self.api(request)
        self.begin()
        try:
            content = b"".join([piece async for piece in request.stream])  # type: ignore[union-attr]
            await asyncio.sleep(0.01)
            return self.on_put(content) or httpx.Response(200)
        finally:
            self.end()


def make_files(folder: Path, count: int, size: int = 100) -> list[Path]:
    paths = [folder / f"{number:02}.md" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(b"%02d" % number + b"x" * (size - 2))
    return paths


class Full:
    """A budget with some places, and none for a long time afterwards."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.asked = threading.Event()

    def try_acquire(self, budget: Any, account: str) -> float:
        self.places -= 1
        if self.places >= 0:
            return 0.0
        self.asked.set()
        return 60.0
