"""Background audio: upload, inspection of real WAV files, use by agents."""

from __future__ import annotations

import io
import struct
import wave

import pytest

from tests.sandbox.support import Api
from vocobase_sandbox.rules.wav import MAX_BYTES, WavError, inspect


def wav(seconds: float = 1.0, channels: int = 1, rate: int = 8000, width: int = 2) -> bytes:
    """Write a file with the standard library, so that the parser is not tested against itself."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(int(seconds * rate) * channels * width))
    return target.getvalue()


def float_wav() -> bytes:
    samples = struct.pack("<4f", 0, 0.5, -0.5, 0) * 1000
    fmt = struct.pack("<HHIIHH", 3, 1, 16000, 64000, 4, 32)
    chunks = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def upload(api: Api, content: bytes, slug: str = "rain") -> str:
    body = {"slug": slug, "label": "Rain", "mime_type": "audio/wav", "size_bytes": len(content)}
    made = api.ok("POST", "/agent/background-audio", body)
    assert (
        api.bare.put(made["upload_url"], content=content, headers={"content-type": "audio/wav"}).status_code
        == 200
    )
    return str(made["id"])


def test_a_good_file_becomes_ready_with_what_was_measured(api: Api) -> None:
    asset = api.ok("POST", f"/agent/background-audio/{upload(api, wav(1.5))}/finalize")
    assert (asset["status"], asset["duration_secs"], asset["sample_rate"], asset["channels"]) == (
        "READY",
        1.5,
        8000,
        1,
    )
    assert asset["is_platform"] is False
    assert api.bare.get(asset["preview_url"]).content == wav(1.5)


def test_float_samples_are_accepted(api: Api) -> None:
    asset = api.ok("POST", f"/agent/background-audio/{upload(api, float_wav())}/finalize")
    assert (asset["status"], asset["duration_secs"]) == ("READY", 0.25)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (wav(channels=2), "mono"),
        (wav(seconds=301, rate=2000, width=1), "300"),
        (b"ID3" + bytes(100), "RIFF"),
        (wav()[:20], "fmt"),
        (wav()[:36], "data"),
        (wav(seconds=0), "no samples"),
        (wav().replace(struct.pack("<HH", 1, 1), struct.pack("<HH", 7, 1), 1), "format 7"),
        (wav().replace(struct.pack("<I", 8000), struct.pack("<I", 0), 1), "contradicts"),
    ],
)
def test_a_bad_file_fails_with_a_readable_reason(api: Api, content: bytes, reason: str) -> None:
    key = upload(api, content)
    for _ in range(2):
        error = api.fails(400, "POST", f"/agent/background-audio/{key}/finalize")
        assert error["code"] == "VALIDATION_ERROR" and reason in error["message"]
    listed = {row["id"]: row for row in api.ok("GET", "/agent/background-audio")["assets"]}
    assert listed[key]["status"] == "FAILED" and reason in listed[key]["error"]


def test_cutting_a_file_anywhere_never_breaks_the_parser() -> None:
    whole = wav(0.01)
    for size in range(len(whole)):
        try:
            info = inspect(whole[:size])
        except WavError:
            continue
        assert 0 < info.seconds <= 0.01


def test_finalizing_needs_a_file(api: Api) -> None:
    body = {"slug": "rain", "label": "Rain", "mime_type": "audio/wav", "size_bytes": 10}
    made = api.ok("POST", "/agent/background-audio", body)
    api.fails(400, "POST", f"/agent/background-audio/{made['id']}/finalize")
    api.fails(404, "POST", "/agent/background-audio/unknown/finalize")


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "Rain"},
        {"slug": "r"},
        {"slug": "x" * 65},
        {"slug": "-rain"},
        {"slug": "rain\n"},
        {"label": ""},
        {"label": "x" * 81},
        {"mime_type": "audio/mpeg"},
        {"size_bytes": 5_242_881},
        {"size_bytes": 0},
    ],
)
def test_uploads_outside_the_limits_are_rejected(api: Api, change: dict[str, object]) -> None:
    body = {"slug": "rain", "label": "Rain", "mime_type": "audio/wav", "size_bytes": 10}
    api.fails(400, "POST", "/agent/background-audio", {**body, **change})


def test_slugs_are_unique_over_all_assets(api: Api) -> None:
    upload(api, wav())
    for slug in ("rain", "office-hum"):
        body = {"slug": slug, "label": "x", "mime_type": "audio/wav", "size_bytes": 10}
        api.fails(409, "POST", "/agent/background-audio", body)


def test_deleting_an_asset_detaches_it_from_agents(api: Api) -> None:
    key = upload(api, wav())
    error = api.fails(400, "PUT", f"/agent/{api.agent()['id']}", {"background_audio_id": key})
    assert "READY" in error["message"]
    api.ok("POST", f"/agent/background-audio/{key}/finalize")
    agent = api.agent(background_audio_id=key)
    assert agent["background_audio_id"] == key
    api.ok("DELETE", f"/agent/background-audio/{key}")
    assert api.ok("GET", f"/agent/{agent['id']}")["background_audio_id"] is None
    assert key not in [row["id"] for row in api.ok("GET", "/agent/background-audio")["assets"]]


def test_platform_assets_can_be_played_but_not_changed(api: Api) -> None:
    assets = api.ok("GET", "/agent/background-audio")["assets"]
    platform = [row for row in assets if row["is_platform"]]
    assert len(platform) == 2
    with wave.open(io.BytesIO(api.bare.get(platform[0]["preview_url"]).content)) as sound:
        assert sound.getnchannels() == 1
    api.fails(403, "DELETE", f"/agent/background-audio/{platform[0]['id']}")
    api.fails(403, "POST", f"/agent/background-audio/{platform[0]['id']}/finalize")


def test_extensible_headers_are_read_and_huge_files_rejected() -> None:
    plain = wav(0.5)
    extension = struct.pack("<HHIH", 22, 16, 0, 1) + bytes(14)
    fmt = struct.pack("<H", 0xFFFE) + plain[22:36] + extension
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + plain[36:]
    info = inspect(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert (info.seconds, info.channels) == (0.5, 1)
    with pytest.raises(WavError, match="at most 5242880"):
        inspect(bytes(MAX_BYTES + 1))
