"""A loopback server in a process of its own that gives fixed answers as fast as it can."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

CALL = {
    "call_id": "0f4b2c9e-6f0e-4c69-9a4e-0d6f1c1f7c11",
    "agent_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    "session_id": "7b6e6b0e-52a3-4a86-9d3c-1a2b3c4d5e6f",
    "direction": "outbound",
    "from_number": "+12025550181",
    "to_number": "+919876543210",
    "status": "completed",
    "provider": "twilio",
    "duration_seconds": 27,
    "error_message": None,
    "started_at": "2026-05-01T10:00:00.000Z",
    "ended_at": "2026-05-01T10:00:27.000Z",
    "created_at": "2026-05-01T09:59:58.000Z",
    "disposition": "completed",
}


def payload(items: int) -> dict[str, Any]:
    """Return the body of a list of calls."""
    return {"success": True, "data": {"calls": [CALL] * items, "total": items, "limit": 100, "offset": 0}}


class Answering(asyncio.Protocol):
    """Answer every request head at once."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self.answers = answers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer; requests of the benchmark come in one piece."""
        path = data.split(b" ", 2)[1].split(b"?")[0].rsplit(b"/", 2)[-2]
        self.transport.write(self.answers[path])


async def serve() -> None:
    """Print the port and serve until killed."""
    answers: dict[bytes, bytes] = {}
    for items in (1, 20):
        body = json.dumps(payload(items)).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        answers[str(items).encode()] = head.encode() + body
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def running() -> Generator[str]:
    """Run the server and yield its address."""
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve())
