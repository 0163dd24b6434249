"""The HTTP server: ordinary clients, hostile bytes, foreign pages."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from vocobase_sandbox import Sandbox
from vocobase_sandbox.front.server import RunningServer
from vocobase_sandbox.handlers.context import HANDLERS


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with Sandbox(clock="manual", rate_limits=False) as sandbox, sandbox.serve() as running:
        yield running


def raw(server: RunningServer, data: bytes, *more: bytes) -> bytes:
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(data)
        for part in more:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def auth(server: RunningServer) -> dict[str, str]:
    return {"authorization": f"Bearer {server.sandbox.api_key}"}


def test_it_serves_the_api_to_an_ordinary_client(server: RunningServer) -> None:
    with httpx.Client(base_url=server.base_url, headers=auth(server)) as client:
        for _ in range(3):
            assert client.get("/agent/voices").json()["success"] is True
        assert client.get("/agent/unknown").status_code == 404


def test_uploads_go_to_the_address_the_client_used(server: RunningServer) -> None:
    content = bytes(range(256)) * 4096
    with httpx.Client(base_url=server.base_url, headers=auth(server)) as client:
        body = {"name": "a.pdf", "file_size": len(content), "mime_type": "application/pdf"}
        upload = client.post("/documents/upload", json=body).json()["data"]
        assert upload["upload_url"].startswith(server.url + "/")
        stored = httpx.put(upload["upload_url"], content=content, headers={"content-type": "application/pdf"})
        assert stored.status_code == 200
        confirmed = client.post(f"/documents/{upload['document_id']}/confirm").json()["data"]
        assert confirmed["file_size"] == len(content)


def test_chunked_bodies_are_read(server: RunningServer) -> None:
    body = json.dumps({"name": "chunked"}).encode()
    headers = {**auth(server), "content-type": "application/json"}
    with httpx.Client(base_url=server.base_url, headers=headers) as client:
        made = client.post("/projects", content=iter([body[:5], body[5:]]))
        assert made.status_code == 201


def test_chunked_uploads_to_the_store_are_not_implemented(server: RunningServer) -> None:
    answer = raw(server, b"PUT /_objects/x HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 501") and b"<Code>NotImplemented</Code>" in answer


def test_pipelined_requests_are_answered_in_order(server: RunningServer) -> None:
    one = b"GET /api/v2/a HTTP/1.1\r\nhost: localhost\r\n\r\n"
    two = b"GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    answer = raw(server, one + two)
    assert answer.index(b"401 Unauthorized") < answer.index(b"404 Not Found")


def test_a_client_that_expects_100_continue_gets_it(server: RunningServer) -> None:
    head = b"POST /api/v2/projects HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\nexpect: 100-continue"
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"{}")
        assert connection.recv(65536).startswith(b"HTTP/1.1 401")


CHUNKED = b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
HOSTILE = [
    (b"GARBAGE\r\n\r\n", b"400"),
    (b"GET / HTTP/2.0\r\nhost: localhost\r\n\r\n", b"505"),
    (b"GET / HTTP/1.1\r\n\r\n", b"400"),
    (b"GET x HTTP/1.1\r\nhost: localhost\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nhost: localhost\r\nx: a\x00b\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil\r\n\r\n", b"400"),
    (b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n", b"400"),
    (b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", b"400"),
    (
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        b"400",
    ),
    (b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n\r\n", b"501"),
    (CHUNKED + b"zz\r\n", b"400"),
    (CHUNKED + b"0\r\n" + b"x: " + b"a" * 70_000, b"431"),
    (CHUNKED + b"a" * 70_000, b"400"),
    (CHUNKED + b"ffffff\r\n", b"413"),
    (b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 999999999999\r\n\r\n", b"413"),
    (b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 70_000, b"431"),
    (b"GET / HTTP/1.1\r\nhost: evil.example\r\n\r\n", b"403"),
    (b"GET / HTTP/1.1\r\nhost: localhost.evil.example\r\n\r\n", b"403"),
    (b"GET / HTTP/1.1\r\nhost: localhost\r\norigin: https://evil.example\r\n\r\n", b"403"),
    (b"GET / HTTP/1.1\r\nhost: localhost\r\norigin: null\r\n\r\n", b"403"),
    (b"GET / HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: cross-site\r\n\r\n", b"403"),
]


@pytest.mark.parametrize(("data", "status"), HOSTILE)
def test_hostile_requests_get_a_clean_rejection(server: RunningServer, data: bytes, status: bytes) -> None:
    answer = raw(server, data)
    assert answer.startswith(b"HTTP/1.1 " + status), answer[:200]
    assert b"Traceback" not in answer
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert body["success"] is False


def test_no_response_allows_other_origins(server: RunningServer) -> None:
    answer = httpx.get(server.base_url + "/agent/voices", headers=auth(server))
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_port_in_use_is_an_os_error(server: RunningServer) -> None:
    with pytest.raises(OSError, match="in use"), Sandbox().serve(server.port):
        pass


def test_closing_frees_the_port_and_drops_connections() -> None:
    with Sandbox(clock="manual") as sandbox:
        with (
            sandbox.serve() as first,
            socket.create_connection((first.host, first.port), timeout=5) as connection,
        ):
            connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
            assert connection.recv(65536)
            port = first.port
            first.close()
            assert connection.recv(10) == b""
        with sandbox.serve(port) as second:
            assert second.port == port


def test_requests_arrive_in_any_pieces(server: RunningServer) -> None:
    head = b"POST /api/v2/x HTTP/1.1\r\nhost: [::1]\r\nx: 1\r\nx: 2\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    whole = head + b"3;name=value\r\nabc\r\n1\r\nd\r\n0\r\ntrailer: x\r\n\r\n"
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(len(whole)):
            connection.sendall(whole[index : index + 1])
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 401")


def test_a_client_that_goes_on_sending_while_it_waits_is_served_in_order(server: RunningServer) -> None:
    server.sandbox.faults.add("latency", "GET /agent/voices", seconds=0.05, count=1)
    key = f"authorization: Bearer {server.sandbox.api_key}\r\n".encode()
    first = b"GET /api/v2/agent/voices HTTP/1.1\r\nhost: localhost\r\n" + key + b"\r\n"
    second = b"GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    answer = raw(server, first, second[:20], second[20:])
    assert answer.index(b"200 OK") < answer.index(b"404 Not Found")


def test_a_bug_of_the_sandbox_is_an_error_response(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(ctx: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setitem(HANDLERS, "GET /agent/voices", broken)
    answer = httpx.get(server.base_url + "/agent/voices", headers=auth(server))
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert "ZeroDivisionError" in caplog.text and "ZeroDivisionError" not in answer.text


@pytest.mark.parametrize(
    "host",
    ["127.0.0.2", "localhost.", "api.localhost:80", "[::ffff:127.0.0.1]:80", "sandbox:8484", "SANDBOX."],
)
def test_this_machine_in_any_form_and_named_hosts_are_accepted(host: str) -> None:
    with Sandbox(clock="manual", allowed_hosts=frozenset({"sandbox"})) as sandbox, sandbox.serve() as running:
        request = f"GET /_sandbox/state HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        assert raw(running, request.encode()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "host", ["app", "sandbox.example", "127.0.0.1.", "127.0.0.1.example", "0.0.0.0", "", "[::2]"]
)
def test_no_other_host_is_accepted(host: str) -> None:
    with Sandbox(clock="manual", allowed_hosts=frozenset({"sandbox"})) as sandbox, sandbox.serve() as running:
        request = f"GET /_sandbox/state HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        assert raw(running, request.encode()).startswith(b"HTTP/1.1 403")
