"""Downloads work against the sandbox, and their errors have the reason of the system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import vocobase
from tests.transfers.support import no_pauses  # noqa: F401
from vocobase import Vocobase
from vocobase._transfers.destinations import FileSink
from vocobase_sandbox import Sandbox


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a device of Linux")
def test_the_error_has_the_reason_of_the_system(tmp_path: Path) -> None:
    with open("/dev/full", "wb", buffering=0) as file:
        with pytest.raises(
            vocobase.DownloadError, match=r"'.*a' cannot be written: No space left on device\.$"
        ):
            FileSink(file, tmp_path / "a", "calls.download_recording").feed(b"x")


def test_a_document_comes_back_byte_for_byte_from_the_sandbox(
    sandbox: Sandbox, vb: Vocobase, tmp_path: Path
) -> None:
    content = os.urandom(500_000)
    made = vb.documents.upload(content, name="a.pdf")
    assert vb.documents.download(made.id, tmp_path / "b.pdf").read_bytes() == content
    web = vb.documents.add_web_link("Site", "https://example.com/")
    with pytest.raises(vocobase.LookupFailedError):
        vb.documents.download(web.id, tmp_path / "site")
    sandbox.faults.add("expired_presign", "GET /_objects", count=1)
    assert vb.documents.download(made.id, tmp_path / "c.pdf").read_bytes() == content
    assert sorted(os.listdir(tmp_path)) == ["b.pdf", "c.pdf"]
