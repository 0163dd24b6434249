"""A loopback server in a process of its own: the API's part of an upload, and a store that forgets."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager


async def serve() -> None:
    """Print the port and serve until killed."""
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await server.serve_forever()


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    port = writer.get_extra_info("sockname")[1]
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, path, _ = head.split(" ", 2)
            left = next(
                int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")
            )
            while left:
                left -= len(await reader.read(min(left, 1 << 20)))
            writer.write(answer(method, path, port))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def answer(method: str, path: str, port: int) -> bytes:
    """Return what an upload needs next."""
    data = {
        "document_id": "d1",
        "id": "d1",
        "status": "ready",
        "upload_url": f"http://127.0.0.1:{port}/store",
        "expires_in": 900,
    }
    body = b"" if method == "PUT" else json.dumps({"success": True, "data": data}).encode()
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


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
        if process.stdout is not None:
            process.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve())
