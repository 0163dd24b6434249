# Derived from tests/transfers/aio/test_downloads.py by scripts/derive_sync.py; edit that instead.
"""Downloads: a file appears when it is complete and right, or not at all."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import re
import socket
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.transfers.support import api, broken, down, expired, no_pauses, ok, refused  # noqa: F401
from tests.transfers.sync.support import run
from tests.transfers.transports import Passing, encoded
from tests.transport.server import Server, answer, reset

LINK = "GET /calls/c1/recording-url"
FILE = "GET /documents/d1"


def whole(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"RIFF")


def recording(dest: Any, **options: Any) -> Callable[[Any], Any]:
    return lambda vb: vb.calls.download_recording("c1", dest, **options)


def document(dest: Any, **options: Any) -> Callable[[Any], Any]:
    return lambda vb: vb.documents.download("d1", dest, **options)


@pytest.mark.parametrize("fetch", [recording, document])
def test_it_is_written_without_the_key(fetch: Any, tmp_path: Path) -> None:
    def check(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        assert request.headers["accept-encoding"] == "identity"
        return whole(request)

    target = tmp_path / "new" / "file"
    assert run(api(check), fetch(str(target))) == target
    assert target.read_bytes() == b"RIFF"
    assert os.listdir(target.parent) == ["file"]


@pytest.mark.parametrize(("fetch", "link"), [(recording, LINK), (document, FILE)])
def test_an_expired_link_is_renewed_once(fetch: Any, link: str, tmp_path: Path) -> None:
    transport = api(expired, whole)
    run(transport, fetch(tmp_path / "a"))
    assert transport.seen == [link, link]
    google = httpx.Response(400, text="<Error><Code>ExpiredToken</Code></Error>")
    transport = api(lambda request: google, whole)
    run(transport, fetch(tmp_path / "a"))
    assert transport.seen == [link, link]
    transport = api(expired)
    with pytest.raises(vocobase.ResponseError, match="403 AccessDenied") as caught:
        run(transport, fetch(tmp_path / "b"))
    assert caught.value.status == 403
    assert transport.seen == [link, link]
    assert os.listdir(tmp_path) == ["a"]


def test_a_broken_transfer_starts_over_with_the_same_link(tmp_path: Path) -> None:
    transport = api(broken, down, whole)
    run(transport, recording(tmp_path / "a"))
    assert transport.seen == [LINK]
    assert len(transport.stored) == 3
    transport = api(broken)
    with pytest.raises(vocobase.ConnectionFailedError):
        run(transport, recording(tmp_path / "b"))
    assert len(transport.stored) == 3
    transport = api(down)
    with pytest.raises(vocobase.ResponseError, match="503") as caught:
        run(transport, recording(tmp_path / "b"))
    assert caught.value.status == 503
    assert os.listdir(tmp_path) == ["a"]


def test_a_refusal_is_not_retried(tmp_path: Path) -> None:
    transport = api(lambda request: httpx.Response(404, text="<Error><Code>NoSuchKey</Code></Error>"))
    with pytest.raises(vocobase.ResponseError, match="404 NoSuchKey"):
        run(transport, recording(tmp_path / "a"))
    assert len(transport.stored) == 1
    for status in (204, 206, 302):
        with pytest.raises(vocobase.ResponseError, match=str(status)):
            run(api(lambda request, status=status: httpx.Response(status)), recording(tmp_path / "a"))
    transport = api(refused)
    with pytest.raises(vocobase.ResponseError, match="SignatureDoesNotMatch") as caught:
        run(transport, recording(tmp_path / "a"))
    assert "canary" not in str(caught.value)
    assert os.listdir(tmp_path) == []


def test_a_body_that_broke_off_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def short(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-length": "1234"}, content=b"RIFF")

    with pytest.raises(vocobase.ResponseError, match="4 of 1,234 bytes"):
        run(api(short), recording(target))
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_body_that_is_encoded_despite_identity_is_decoded(tmp_path: Path) -> None:
    content = os.urandom(200_000) + bytes(2_000_000)
    for encoding, packed in (("gzip", gzip.compress(content)), ("deflate", zlib.compress(content))):
        run(api(encoded(encoding, packed[:1000], packed[1000:], b"")), recording(tmp_path / "a"))
        assert (tmp_path / "a").read_bytes() == content


def test_a_body_that_cannot_be_decoded_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(5000))
    for store, words in (
        (encoded("gzip", packed[:-100]), "is incomplete"),
        (encoded("gzip", b"no gzip at all"), "cannot be decoded"),
        (encoded("br", b"x"), "'br', which was not requested"),
    ):
        with pytest.raises(vocobase.ResponseError, match=words):
            run(api(store), recording(tmp_path / "a"))
        assert os.listdir(tmp_path) == []


def test_a_full_disk_leaves_nothing_behind_and_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = open

    class Full:
        """A file on a full disk; the call of `at` reveals it."""

        def __init__(self, file: Any, at: str) -> None:
            self.file, self.at = file, at

        def __getattr__(self, name: str) -> Any:
            def call(*arguments: Any) -> Any:
                result = getattr(self.file, name)(*arguments)
                if name == self.at:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return result

            return call

    (tmp_path / "a").write_bytes(b"old")
    for at in ("write", "close", "truncate"):
        monkeypatch.setattr(
            "builtins.open",
            lambda path, mode="r", *options, at=at, **named: Full(
                real(path, mode, *options, **named), at if mode == "xb" else ""
            ),
        )
        transport = api(whole)
        with pytest.raises(vocobase.DownloadError, match="No space left on device") as caught:
            run(transport, recording(tmp_path / "a"))
        assert isinstance(caught.value.__cause__, OSError)
        assert "\n" not in str(caught.value)
        assert len(transport.stored) == 1
        assert os.listdir(tmp_path) == ["a"]
        assert (tmp_path / "a").read_bytes() == b"old"


def test_an_unwritable_destination_is_detected_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for dest in (
        tmp_path / "file" / "a",
        f"{tmp_path}/a\0b",
        tmp_path / ("x" * 300) / "a",
        tmp_path / ("x" * 300),
    ):
        transport = api(whole)
        with pytest.raises(vocobase.DownloadError, match="cannot be written") as caught:
            run(transport, recording(dest))
        assert transport.seen == []
        assert len(str(caught.value)) < 400
    with pytest.raises(vocobase.InvalidArgumentError, match="is a folder"):
        run(api(whole), recording(tmp_path))


def test_the_time_limit_is_that_of_the_transfer_not_that_of_the_client(tmp_path: Path) -> None:
    limits: list[Any] = []

    def look(request: httpx.Request) -> httpx.Response:
        limits.append(request.extensions["timeout"]["read"])
        return whole(request) if request.method == "GET" else httpx.Response(200)

    run(api(look), recording(tmp_path / "a"), timeout=2)
    run(api(look), recording(tmp_path / "a", transfer_timeout=20), timeout=2)
    run(api(look), document(tmp_path / "a", transfer_timeout=vocobase.Timeout(read=7)), timeout=2)
    run(api(look), lambda vb: vb.documents.upload(b"x", name="a.md"), timeout=2)
    run(api(look), lambda vb: vb.documents.upload(b"x", name="a.md", transfer_timeout=3), timeout=2)
    assert [round(limit) for limit in limits] == [60, 20, 7, 60, 3]
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(vocobase.ConfigurationError, match="positive"):
            run(api(), recording(tmp_path / "a", transfer_timeout=wrong))


def test_a_transfer_that_takes_too_long_is_aborted(tmp_path: Path) -> None:
    pause = threading.Event()

    def drip(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(OSError):
            while not pause.wait(0.02):
                peer.sendall(b"x")

    with Server([drip]) as store:
        transport = api()
        link = {"recording_url": f"{store.url}/x?canary"}
        with Server([answer(200, link)]) as server:
            # On a busy machine, the first time may be over before anything was sent.
            for seconds in (0.3, 3.0, 30.0):
                with pytest.raises(vocobase.TimeoutExceededError) as caught:
                    run(
                        None,
                        recording(tmp_path / "a", transfer_timeout=seconds),
                        base_url=server.url,
                        max_retries=5,
                    )
                if store.requests:
                    break
        pause.set()
        assert len(store.requests) == 1
    assert "canary" not in str(caught.value)
    assert transport.seen == []
    assert os.listdir(tmp_path) == []


def test_a_download_that_breaks_in_the_body_starts_over(tmp_path: Path) -> None:
    def half(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000)
        reset(peer)

    with Server([half, half, answer(200, b"y" * 10_000)]) as store:
        with Server([answer(200, {"recording_url": f"{store.url}/x?canary"})]) as server:
            run(None, recording(tmp_path / "a"), base_url=server.url)
        assert len(store.requests) == 3
    assert (tmp_path / "a").read_bytes() == b"y" * 10_000


@pytest.mark.parametrize(
    ("found", "kind", "words"),
    [
        ({"status": "ready", "download_url": "https://example.com/"}, vocobase.LookupFailedError, "web link"),
        (
            {"status": "uploading", "file_size": 5, "mime_type": "text/plain"},
            vocobase.LookupFailedError,
            "confirmed",
        ),
        ({"status": "ready", "file_size": 5}, vocobase.ResponseError, "download_url"),
    ],
)
def test_a_document_without_a_file_is_not_fetched(
    found: Any, kind: type[Exception], words: str, tmp_path: Path
) -> None:
    transport = api(GET_documents_d1={"id": "d1", **found})
    with pytest.raises(kind, match=words):
        run(transport, document(tmp_path / "a"))
    assert transport.stored == []
    assert os.listdir(tmp_path) == []


def test_links_are_in_no_log_and_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for store in (whole, broken, expired, down):
        with contextlib.suppress(vocobase.VocobaseError):
            run(api(store), recording(tmp_path / "a"))
        with contextlib.suppress(vocobase.VocobaseError):
            run(api(store), lambda vb: vb.documents.upload(b"x", name="a.md"))
    ours = [record.getMessage() for record in caplog.records if record.name == "vocobase"]
    assert ours
    assert not re.search("canary|store.example", "".join(ours))


def variables(error: BaseException | None) -> str:
    """Return what tools that report errors would print: the variables of all frames but those of tests."""
    told = ""
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            if "/tests/" not in trace.tb_frame.f_code.co_filename:
                told += f"{trace.tb_frame.f_code.co_qualname} {trace.tb_frame.f_locals!r}\n"
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
    return told


@pytest.mark.parametrize("failing", ["store", "source", "callback", "terminal", "disk", "broken", "expired"])
def test_links_are_in_no_variable_of_a_traceback(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"" if self.tell() else super().read(5)

    def callback(sent: int, size: int) -> None:
        raise ZeroDivisionError if failing == "callback" else BrokenPipeError

    stores = {"broken": broken, "expired": expired, "store": refused}
    source = Shrinking(b"0123456789") if failing == "source" else b"0123456789"
    with Server([answer(200)]) as server:
        options = {"on_progress": callback} if failing in {"callback", "terminal"} else {}
        url = f"{server.url}/object?signature=canary"
        table = api(stores.get(failing, ok), POST_documents_upload={"document_id": "d1", "upload_url": url})
        if failing in stores or failing == "disk":
            table = api(stores.get(failing, whole))
        if failing != "disk":
            with pytest.raises(Exception) as caught:
                run(Passing(table), lambda vb: vb.documents.upload(source, name="a.md", **options))
            assert "canary" not in variables(caught.value)
            assert caught.traceback[-1].name == "callback" or not options
        if failing in stores or failing == "disk":
            (tmp_path / "file").touch()
            with pytest.raises(vocobase.VocobaseError) as error:
                target = tmp_path / "file" / "a" if failing == "disk" else tmp_path / "a"
                run(table, recording(target))
            assert "canary" not in variables(error.value)


def test_only_a_regular_file_is_replaced(tmp_path: Path) -> None:
    fifo, device = tmp_path / "pipe", tmp_path / "null"
    os.mkfifo(fifo)
    device.symlink_to(os.devnull)
    for dest, words in (
        (fifo, "not a regular file"),
        (device, "not a regular file"),
        (f"{tmp_path}/new/", "is a folder"),
        (None, "not NoneType"),
        (b"a.wav", "not bytes"),
    ):
        transport = api(whole)
        for fetch in (recording, document):
            with pytest.raises(vocobase.InvalidArgumentError, match=words):
                run(transport, fetch(dest))
        assert transport.seen == []
    assert fifo.is_fifo()
    assert device.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["null", "pipe"]


def test_a_link_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "latest").symlink_to("old")
    (tmp_path / "lost").symlink_to("nowhere")
    for name in ("latest", "lost"):
        run(api(whole), recording(tmp_path / name))
        assert (tmp_path / name).read_bytes() == b"RIFF"
        assert not (tmp_path / name).is_symlink()
    assert (tmp_path / "old").read_bytes() == b"old"


def test_a_destination_that_can_no_longer_be_replaced_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def busy(path: Path, new: Path) -> Path:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(vocobase.DownloadError, match="cannot be written: Device or resource busy"):
        run(api(whole), recording(target))
    assert os.listdir(tmp_path) == ["a"]
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("cut", [0, 1, 30, 1000])
def test_a_body_of_several_encoded_parts_is_decoded_whole(cut: int, tmp_path: Path) -> None:
    one, two = os.urandom(100_000), bytes(1_000_000)
    parts = [gzip.compress(one), gzip.compress(two)]
    body = b"".join(parts)
    at = len(parts[0]) + cut
    run(api(encoded("gzip", body[:at], body[at:])), recording(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == one + two
    for wrong in (body + b"no gzip", body[: at + 1]):
        with pytest.raises(vocobase.ResponseError, match=r"cannot be decoded|is incomplete"):
            run(api(encoded("gzip", wrong)), recording(tmp_path / "b"))
    assert os.listdir(tmp_path) == ["a"]
