"""Uploads and downloads: what is sent where, what happens when it fails."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.contract.scenario import wav
from tests.fake_time import FakeClock, fake_time
from tests.transfers.aio.support import async_run
from tests.transfers.support import DOCUMENT, REMOVED, api, broken, down, expired, no_pauses, ok, refused  # noqa: F401
from tests.transfers.transports import Hasty, Swallowing


@pytest.mark.parametrize("form", ["path", "bytes", "file", "offset"])
async def test_a_document_goes_to_the_store_with_exactly_its_headers(form: str, tmp_path: Path) -> None:
    content = b"x" * 200_000
    path = tmp_path / "guide.md"
    path.write_bytes(content)
    told: list[tuple[int, int]] = []
    transport = api()
    file = io.BytesIO(b"skipped" + content)
    file.seek(7)
    source: Any = {"path": path, "bytes": content, "offset": file}.get(form) or path.open("rb")
    document = await async_run(
        transport,
        lambda vb: vb.documents.upload(
            source,
            name=None if form in {"path", "file"} else "a.md",
            on_progress=lambda *now: told.append(now),
        ),
    )
    assert document.status == "ready"
    assert transport.seen == DOCUMENT
    [put] = transport.stored
    assert transport.bodies[1] == content
    assert {name: put.headers[name] for name in put.headers if name != "host"} == {
        "content-type": "text/markdown",
        "content-length": "200000",
    }
    assert told[0] == (65_536, 200_000)
    assert told[-1] == (200_000, 200_000)
    if form == "file":
        assert not source.closed
        source.close()


async def test_a_broken_transfer_starts_over_at_the_first_byte() -> None:
    transport = api(broken, down, ok)
    await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert [body for body in transport.bodies if body == b"hello"] == [b"hello"] * 3
    assert transport.seen == DOCUMENT


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (broken, vocobase.ConnectionFailedError),
        (down, vocobase.UploadRejectedError),
        (refused, vocobase.UploadRejectedError),
    ],
)
async def test_a_failed_transfer_removes_the_record_and_keeps_the_error(
    fault: Any, kind: type[Exception]
) -> None:
    transport = api(fault, DELETE_documents_d1=httpx.Response(500))
    with pytest.raises(kind) as caught:
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert set(transport.seen) == set(REMOVED)
    assert "canary" not in str(caught.value)


async def test_an_expired_url_is_renewed_once() -> None:
    transport = api(expired, ok)
    await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert transport.seen == [*REMOVED, *DOCUMENT]
    transport = api(expired)
    with pytest.raises(vocobase.UploadExpiredError):
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert transport.seen == REMOVED * 2


async def test_a_lost_confirmation_is_verified() -> None:
    lost = httpx.ReadError("reset")
    transport = api(POST_documents_d1_confirm=lost)
    assert (
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    ).status == "ready"
    transport = api(
        POST_documents_d1_confirm=[lost, {"id": "d1", "status": "ready"}],
        GET_documents_d1={"id": "d1", "status": "uploading"},
    )
    assert (
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    ).status == "ready"


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        (b"", {"name": "a.md"}, "empty"),
        (b"x" * (50 * 1024 * 1024 + 1), {"name": "a.md"}, "at most 52,428,800"),
        (b"x", {}, "pass name="),
        (b"x", {"name": "a" * 101 + ".md"}, "characters"),
        (b"x", {"name": "a.exe"}, "mime_type"),
        (b"x", {"name": "unknown"}, "is unknown"),
        (b"x", {"name": "a.md", "mime_type": "video/mp4"}, "not accepted"),
        ("/does/not/exist.md", {}, "cannot be read"),
        ("/", {}, "cannot be read"),
        (io.StringIO("text"), {"name": "a.md"}, "text mode"),
    ],
    ids=["empty", "large", "nameless", "long", "exe", "unknown", "mime", "missing", "folder", "text"],
)
async def test_an_unusable_document_is_refused_before_anything_is_sent(
    source: Any, options: Any, words: str
) -> None:
    transport = api()
    with pytest.raises(vocobase.UploadError, match=words) as caught:
        await async_run(transport, lambda vb: vb.documents.upload(source, **options))
    assert transport.seen == []
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file_name", "name", "kind"),
    [
        ("tmpq8j2x1", "invoice.pdf", "application/pdf"),
        ("upload.tmp", "Invoice.PDF", "application/pdf"),
        ("cache.bin", "notes.md", "text/markdown"),
        ("page.txt", "notes.md", "text/markdown"),
        ("invoice.pdf", "Invoice no. 7", "application/pdf"),
        ("invoice.pdf", "Our brochure", "application/pdf"),
        ("invoice.pdf", "movie.mp4", "application/pdf"),
        ("invoice.pdf", None, "application/pdf"),
    ],
)
async def test_the_given_name_shows_the_type_or_else_the_name_of_the_file(
    file_name: str, name: str | None, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / file_name
    path.write_bytes(b"x")
    with path.open("rb") as file:
        for source in (path, file):
            transport = api()
            await async_run(transport, lambda vb, source=source: vb.documents.upload(source, name=name))
            assert json.loads(transport.bodies[0])["mime_type"] == kind
            assert transport.stored[0].headers["content-type"] == kind


async def test_temporary_files_are_uploaded_under_the_given_name() -> None:
    for create in (tempfile.NamedTemporaryFile, tempfile.TemporaryFile, tempfile.SpooledTemporaryFile):
        with create() as file:
            file.write(b"x")
            transport = api()
            upload = lambda vb, file=file: vb.documents.upload(file, name="invoice.pdf")  # noqa: E731
            with pytest.raises(vocobase.UploadRejectedError, match=r"empty after position 1; call seek\(0\)"):
                await async_run(transport, upload)
            file.seek(0)
            await async_run(transport, upload)
            body = json.loads(transport.bodies[0])
            assert (body["name"], body["mime_type"]) == ("invoice.pdf", "application/pdf")


async def test_a_track_is_finalized_and_a_refused_one_is_removed() -> None:
    transport = api()
    assert (
        await async_run(transport, lambda vb: vb.background_audio.upload(wav(), slug="tone"))
    ).status == "READY"
    transport = api(
        POST_agent_background_audio_b1_finalize={"id": "b1", "status": "FAILED", "error": "stereo"}
    )
    with pytest.raises(vocobase.UploadRejectedError, match="stereo"):
        await async_run(transport, lambda vb: vb.background_audio.upload(wav(), slug="tone"))
    assert transport.seen[-1] == "DELETE /agent/background-audio/b1"


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    ("text", "shown"),
    [("only mono is allowed.", "refused the file: only mono is allowed."), ("", "gave no reason")],
)
async def test_a_file_that_is_refused_with_an_error_status_is_an_upload_error_too(
    status: int, text: str, shown: str
) -> None:
    error = {"success": False, "error": {"code": "VALIDATION_ERROR", "message": text}}
    transport = api(POST_agent_background_audio_b1_finalize=httpx.Response(status, json=error))
    with pytest.raises(vocobase.UploadRejectedError, match=shown) as caught:
        await async_run(transport, lambda vb: vb.background_audio.upload(wav(), slug="tone"))
    assert isinstance(caught.value.__cause__, vocobase.ValidationFailedError)
    assert transport.seen[-1] == "DELETE /agent/background-audio/b1"


async def test_a_lost_finalization_is_verified() -> None:
    lost = httpx.ReadError("reset")
    ready = {"id": "b1", "status": "READY"}
    transport = api(
        POST_agent_background_audio_b1_finalize=lost,
        GET_agent_background_audio={"assets": [{"id": "b0"}, ready]},
    )
    assert (
        await async_run(transport, lambda vb: vb.background_audio.upload(wav(), slug="tone"))
    ).status == "READY"
    assert "DELETE /agent/background-audio/b1" not in transport.seen
    transport = api(
        POST_agent_background_audio_b1_finalize=[lost, ready], GET_agent_background_audio={"assets": []}
    )
    assert (
        await async_run(transport, lambda vb: vb.background_audio.upload(wav(), slug="tone"))
    ).status == "READY"


async def test_a_recording_keeps_the_mode_of_the_file_and_refuses_a_folder(tmp_path: Path) -> None:
    def whole(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"RIFF")

    usual = tmp_path / "usual"
    usual.write_bytes(b"")
    target = tmp_path / "a.wav"
    await async_run(api(whole), lambda vb: vb.calls.download_recording("c1", target))
    assert target.stat().st_mode == usual.stat().st_mode
    target.chmod(0o640)
    await async_run(api(whole), lambda vb: vb.calls.download_recording("c1", target))
    assert target.stat().st_mode & 0o777 == 0o640
    with pytest.raises(vocobase.InvalidArgumentError, match="folder"):
        await async_run(api(whole), lambda vb: vb.calls.download_recording("c1", tmp_path))


async def test_a_recording_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "new" / "call.wav"

    def whole(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        return httpx.Response(200, content=b"RIFF")

    assert await async_run(api(whole), lambda vb: vb.calls.download_recording("c1", target)) == target
    assert target.read_bytes() == b"RIFF"
    for fault in (
        refused,
        broken,
        lambda request: httpx.Response(200, headers={"content-length": "9"}, content=b"RIFF"),
    ):
        with pytest.raises(vocobase.VocobaseError) as caught:
            await async_run(api(fault), lambda vb: vb.calls.download_recording("c1", target))
        assert "canary" not in str(caught.value)
        assert [path.name for path in target.parent.iterdir()] == ["call.wav"]
        assert target.read_bytes() == b"RIFF"


@pytest.mark.parametrize("form", ["path", "bytes"])
async def test_a_timeout_of_the_transfer_is_not_an_unreadable_file(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("hello")

    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    with pytest.raises(vocobase.TimeoutExceededError):
        await async_run(
            api(slow), lambda vb: vb.documents.upload(path if form == "path" else b"hello", name="a.md")
        )
    with pytest.raises(vocobase.UploadError, match="cannot be read"):
        await async_run(api(), lambda vb: vb.documents.upload("a\0b.md"))


async def test_a_source_that_shrinks_while_it_is_sent_is_an_upload_error() -> None:
    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"" if self.tell() else super().read(5)

    with pytest.raises(vocobase.UploadError, match="shorter"):
        await async_run(api(), lambda vb: vb.documents.upload(Shrinking(b"0123456789"), name="a.md"))


async def test_a_transfer_that_outlives_its_url_is_aborted() -> None:
    clock = FakeClock()

    def slow(sent: int, size: int) -> None:
        clock.elapsed += 500

    transport = api()
    with fake_time(clock), pytest.raises(vocobase.TimeoutExceededError):
        await async_run(
            transport, lambda vb: vb.documents.upload(b"x" * 200_000, name="a.md", on_progress=slow)
        )
    assert transport.seen[-1] == "DELETE /documents/d1"


async def test_a_response_without_its_url_is_a_response_error(tmp_path: Path) -> None:
    with pytest.raises(vocobase.ResponseError, match="upload_url"):
        await async_run(
            api(POST_documents_upload={"document_id": "d1"}),
            lambda vb: vb.documents.upload(b"x", name="a.md"),
        )
    with pytest.raises(vocobase.ResponseError, match="upload_url"):
        await async_run(
            api(POST_agent_background_audio={"id": "b1"}),
            lambda vb: vb.background_audio.upload(wav(), slug="tone"),
        )
    with pytest.raises(vocobase.ResponseError, match="recording_url"):
        await async_run(
            api(GET_calls_c1_recording_url={"call_id": "c1"}),
            lambda vb: vb.calls.download_recording("c1", tmp_path / "a"),
        )


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_the_error_has_the_status_of_a_store_that_stays_down(status: int) -> None:
    transport = api(lambda request: httpx.Response(status, text="<Error><Code>SlowDown</Code></Error>"))
    with pytest.raises(vocobase.UploadRejectedError, match=f"{status} SlowDown") as caught:
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert caught.value.status == status
    assert len(transport.stored) == 3


async def test_a_temporary_error_of_s3_is_retried() -> None:
    def idle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, text="<Error><Code>RequestTimeout</Code></Error>")

    transport = api(idle, ok)
    assert (
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    ).status == "ready"
    assert transport.seen == DOCUMENT


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"),
        (403, "<Error><Code>AccessDenied</Code><Message>Request has Expired.</Message></Error>"),
        (400, "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"),
        (403, "<Error><Code>ExpiredToken</Code></Error>"),
    ],
)
async def test_expiry_is_recognised_in_the_forms_that_stores_give_it(status: int, body: str) -> None:
    transport = api(lambda request: httpx.Response(status, text=body), ok)
    await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert transport.seen == [*REMOVED, *DOCUMENT]


@pytest.mark.parametrize(
    "body",
    [
        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
        "<Error><Code>AccessDenied</Code><Resource>/expired</Resource></Error>",
        "",
    ],
)
async def test_another_refusal_is_not_taken_for_expiry(body: str) -> None:
    transport = api(lambda request: httpx.Response(403, text=body))
    with pytest.raises(vocobase.UploadRejectedError):
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert transport.seen == REMOVED


async def test_an_interrupted_transfer_removes_its_record() -> None:
    def interrupt(sent: int, size: int) -> None:
        raise KeyboardInterrupt

    transport = api()
    with pytest.raises(KeyboardInterrupt):
        await async_run(
            transport, lambda vb: vb.documents.upload(b"hello", name="a.md", on_progress=interrupt)
        )
    assert transport.seen == REMOVED


async def test_a_wrong_time_limit_or_name_is_refused_before_anything_is_sent() -> None:
    transport = api()
    for limit in (-1, 0, float("nan")):
        with pytest.raises(vocobase.ConfigurationError, match="positive"):
            await async_run(
                transport,
                lambda vb, limit=limit: vb.documents.upload(b"x", name="a.md", transfer_timeout=limit),
            )
        with pytest.raises(vocobase.ConfigurationError, match="positive"):
            await async_run(
                transport,
                lambda vb, limit=limit: vb.background_audio.upload(
                    wav(), slug="tone", transfer_timeout=limit
                ),
            )
    for name in (5, Path("a.md"), b"a.md"):
        with pytest.raises(vocobase.InvalidArgumentError, match="name must be a string"):
            await async_run(transport, lambda vb, name=name: vb.documents.upload(b"x", name=name))
    assert transport.seen == []


async def test_a_compressed_file_does_not_have_the_type_of_its_content(tmp_path: Path) -> None:
    for name in ("notes.txt.gz", "handbook.pdf.bz2"):
        path = tmp_path / name
        path.write_bytes(b"packed")
        transport = api()
        with pytest.raises(vocobase.UploadRejectedError, match=r"is of type (gzip|bzip2)"):
            await async_run(transport, lambda vb, path=path: vb.documents.upload(path))
        assert transport.seen == []


async def test_a_lost_confirmation_stays_the_error_if_it_cannot_be_verified() -> None:
    lost, down = httpx.ReadError("reset"), httpx.ConnectError("down")
    transport = api(POST_documents_d1_confirm=lost, GET_documents_d1=down)
    with pytest.raises(vocobase.OutcomeUnknownError, match=r"documents\.confirm") as caught:
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert isinstance(caught.value.__cause__, vocobase.ConnectionFailedError)
    assert transport.seen[-1] == "DELETE /documents/d1"
    transport = api(POST_agent_background_audio_b1_finalize=lost, GET_agent_background_audio=down)
    with pytest.raises(vocobase.OutcomeUnknownError, match=r"background_audio\.finalize"):
        await async_run(transport, lambda vb: vb.background_audio.upload(wav(), slug="tone"))
    assert transport.seen[-1] == "DELETE /agent/background-audio/b1"


@pytest.mark.parametrize(
    "code", ["Bad\nThing", "\x1b[31m", "see https://store.example/x?signature=canary", "x" * 300]
)
async def test_an_invalid_error_code_is_not_shown(code: str) -> None:
    transport = api(lambda request: httpx.Response(403, text=f"<Error><Code>{code}</Code></Error>"))
    with pytest.raises(vocobase.UploadRejectedError) as caught:
        await async_run(transport, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    assert str(caught.value) == "documents.upload: the object store responded with HTTP 403."


@pytest.mark.parametrize("url", ["/object?canary", "//store.example/o?canary", "ftp://store.example/?canary"])
async def test_an_invalid_url_is_a_response_error(url: str, tmp_path: Path) -> None:
    transport = api(
        POST_documents_upload={"document_id": "d1", "upload_url": url},
        GET_documents_d1={"id": "d1", "status": "ready", "file_size": 4, "download_url": url},
        GET_calls_c1_recording_url={"recording_url": url},
    )
    calls: list[Callable[[Any], Any]] = [
        lambda vb: vb.documents.upload(b"x", name="a.md"),
        lambda vb: vb.documents.download("d1", tmp_path / "a"),
        lambda vb: vb.calls.download_recording("c1", tmp_path / "a"),
    ]
    for call in calls:
        with pytest.raises(
            vocobase.ResponseError, match=r"_url of the response is not an http\(s\) URL"
        ) as caught:
            await async_run(transport, call)
        assert "canary" not in str(caught.value)
    assert transport.seen[:2] == REMOVED
    assert list(tmp_path.iterdir()) == []


async def test_an_error_of_the_callback_counts_even_if_the_transport_hides_it() -> None:
    def fail(sent: int, size: int) -> None:
        raise ZeroDivisionError

    table = api()
    with pytest.raises(ZeroDivisionError):
        await async_run(
            Swallowing(table), lambda vb: vb.documents.upload(b"hello", name="a.md", on_progress=fail)
        )
    assert table.seen == REMOVED


async def test_a_success_before_all_was_taken_is_a_broken_transfer() -> None:
    content = b"x" * 200_000
    table = api()
    await async_run(Hasty(table, 2), lambda vb: vb.documents.upload(content, name="a.md"))
    assert table.bodies[1] == content
    assert table.seen == DOCUMENT
    table = api()
    with pytest.raises(vocobase.ConnectionFailedError, match="responded after 0 of 200,000 bytes"):
        await async_run(Hasty(table, 9), lambda vb: vb.documents.upload(content, name="a.md"))
    assert table.seen == REMOVED


@pytest.mark.parametrize("lives", [900, 0.5, None, 0, -1, "900", True])
async def test_a_transfer_that_breaks_when_its_url_has_run_out_gets_a_new_one(lives: Any) -> None:
    clock = FakeClock(random=0.0)

    def late(request: httpx.Request) -> httpx.Response:
        clock.elapsed += 901
        raise httpx.ReadError("reset")

    ticket = {**api().answers["POST_documents_upload"], "expires_in": lives}
    transport = api(late, ok, POST_documents_upload=ticket)
    with fake_time(clock):
        await async_run(
            transport, lambda vb: vb.documents.upload(b"hello", name="a.md", transfer_timeout=2000)
        )
    assert transport.seen == ([*REMOVED, *DOCUMENT] if lives in (900, 0.5) else DOCUMENT)
    assert len(transport.stored) == 2


@pytest.mark.parametrize(
    "error",
    [
        BrokenPipeError(32, "Broken pipe"),
        TimeoutError("of the caller"),
        vocobase.ConnectionFailedError("of the caller", sent=True),
        httpx.ReadError("of the caller"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_error_of_the_callback_is_not_an_error_of_the_network(error: Exception) -> None:
    told: list[int] = []

    def fail(sent: int, size: int) -> None:
        told.append(sent)
        raise error

    for upload in (
        lambda vb: vb.documents.upload(b"hello", name="a.md", on_progress=fail),
        lambda vb: vb.background_audio.upload(wav(), slug="tone", on_progress=fail),
    ):
        told.clear()
        transport = api()
        with pytest.raises(type(error)) as caught:
            await async_run(transport, upload)
        assert caught.value is error
        assert caught.traceback[-1].name == "fail"
        assert len(told) == 1
        assert transport.seen[-1].startswith("DELETE ")
