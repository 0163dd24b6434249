# Derived from tests/transfers/aio/test_faults.py by scripts/derive_sync.py; edit that instead.
"""Every fault of the sandbox at every step of a transfer: all is done, or a clear error and nothing left."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.contract.scenario import wav
from tests.transfers.support import no_pauses  # noqa: F401
from tests.transfers.sync.support import run
from vocobase import Vocobase
from vocobase_sandbox import Sandbox

KINDS: dict[str, dict[str, Any]] = {
    "status": {"status": 503},
    "html": {"status": 502},
    "empty": {},
    "malformed_json": {},
    "latency": {"seconds": 0.0},
    "slow_body": {"seconds": 0.0},
    "truncated": {},
    "reset_before_headers": {},
    "reset_after_headers": {},
    "expired_presign": {},
}
# If the response is lost, the record cannot be removed: its id never arrived.
LOSES_RESPONSE = {"empty", "malformed_json", "truncated", "reset_before_headers", "reset_after_headers"}
DOCUMENT = ("POST /documents/upload", "PUT /_objects", "POST /documents/{id}/confirm")
TRACK = ("POST /agent/background-audio", "PUT /_objects", "POST /agent/background-audio/{id}/finalize")


def transfer(sandbox: Sandbox, call: Callable[[Any], Any]) -> Any:
    return run(sandbox.transport(), call, api_key=sandbox.api_key, base_url=sandbox.base_url)


@pytest.mark.parametrize("times", [1, None])
@pytest.mark.parametrize("step", DOCUMENT)
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_ready_or_gone(
    kind: str, step: str, times: int | None, sandbox: Sandbox, vb: Vocobase
) -> None:
    sandbox.faults.add(kind, step, count=times, **KINDS[kind])
    try:
        done = transfer(sandbox, lambda vb: vb.documents.upload(b"hello", name="a.md"))
    except vocobase.VocobaseError as error:
        assert "\n" not in str(error)
        assert "X-Amz" not in str(error)
        sandbox.faults.clear()
        left = [str(row.status) for row in vb.documents.iter()]
        assert left == (["uploading"] if step == DOCUMENT[0] and kind in LOSES_RESPONSE else [])
    else:
        sandbox.faults.clear()
        assert [(row.id, str(row.status)) for row in vb.documents.iter()] == [(done.id, "ready")]


@pytest.mark.parametrize("times", [1, None])
@pytest.mark.parametrize("step", TRACK)
@pytest.mark.parametrize("kind", KINDS)
def test_a_track_is_ready_or_gone(
    kind: str, step: str, times: int | None, sandbox: Sandbox, vb: Vocobase
) -> None:
    sandbox.faults.add(kind, step, count=times, **KINDS[kind])
    try:
        transfer(sandbox, lambda vb: vb.background_audio.upload(wav(), slug="tone"))
        expected = ["READY"]
    except vocobase.VocobaseError as error:
        assert "\n" not in str(error)
        assert "X-Amz" not in str(error)
        expected = []
    sandbox.faults.clear()
    found = [asset for asset in vb.background_audio.list() if asset.slug == "tone"]
    if step == TRACK[0] and kind in LOSES_RESPONSE:
        assert "READY" not in [str(asset.status) for asset in found]
    else:
        assert [str(asset.status) for asset in found] == expected


@pytest.mark.parametrize("times", [1, None])
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        *(("GET /documents/{id}", kind) for kind in KINDS),
        # Wrong content of the right length cannot be detected.
        *(("GET /_objects", kind) for kind in KINDS if kind not in {"empty", "malformed_json"}),
    ],
)
def test_a_download_is_whole_or_not_there(
    step: str, kind: str, times: int | None, sandbox: Sandbox, vb: Vocobase, tmp_path: Path
) -> None:
    content = os.urandom(100_000)
    made = vb.documents.upload(content, name="a.pdf").id
    sandbox.faults.add(kind, step, count=times, **KINDS[kind])
    try:
        transfer(sandbox, lambda vb: vb.documents.download(made, tmp_path / "a.pdf"))
    except vocobase.VocobaseError as error:
        assert "X-Amz" not in str(error)
        assert os.listdir(tmp_path) == []
    else:
        assert (tmp_path / "a.pdf").read_bytes() == content
