"""Uploads work against the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

import vocobase
from tests.contract.scenario import wav
from tests.transfers.support import no_pauses  # noqa: F401
from vocobase import Vocobase
from vocobase_sandbox import Sandbox


def test_the_sandbox_refuses_a_stereo_track(vb: Vocobase) -> None:
    with pytest.raises(vocobase.VocobaseError, match=r"(?i)mono|stereo|channel"):
        vb.background_audio.upload(wav(channels=2), slug="stereo")
    assert "stereo" not in [asset.slug for asset in vb.background_audio.list()]


def test_uploads_work_against_the_sandbox_over_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Title")
    with Sandbox(seed=1) as sandbox, sandbox.serve() as server:
        with Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
            assert vb.documents.upload(path).status == "ready"
            assert vb.background_audio.upload(wav(), slug="tone").status == "READY"
