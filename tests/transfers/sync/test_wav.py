# Derived from tests/transfers/aio/test_wav.py by scripts/derive_sync.py; edit that instead.
"""A track is looked at before anything is sent: what is wrong with it is said in one line."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import vocobase
from tests.transfers.support import api
from tests.transfers.sync.support import run
from tests.transfers.wavs import GOOD, PCM_GUID, SAMPLES, chunk, extended, layout, riff

WRONG = {
    "empty": (b"", "not a RIFF/WAVE"),
    "text": (b"hello, this is text", "not a RIFF/WAVE"),
    "big endian": (b"RIFX" + GOOD[4:], "not a RIFF/WAVE"),
    "not wave": (GOOD[:8] + b"AVI " + GOOD[12:], "not a RIFF/WAVE"),
    "cut off": (GOOD[:100], "declares 1,636 bytes, but only 92 are there"),
    "riff lies": (riff(chunk(b"fmt ", layout()), SAMPLES, claimed=9999), "RIFF chunk declares 9,999"),
    "riff too short": (
        riff(chunk(b"fmt ", layout()), SAMPLES, claimed=36),
        "data chunk declares 1,600 bytes, but only 0 are",
    ),
    "riff of nothing": (
        riff(chunk(b"fmt ", layout()), SAMPLES, claimed=0),
        "no fmt chunk within the 8 bytes",
    ),
    "rf64": (b"RF64" + GOOD[4:], "not a RIFF/WAVE"),
    "riff streamed": (riff(chunk(b"fmt ", layout()), SAMPLES, claimed=0xFFFFFFFF), "the size of its RIFF"),
    "data lies": (riff(chunk(b"fmt ", layout()), chunk(b"data", b"ab", 3000)), "data chunk declares 3,000"),
    "data streamed": (
        riff(chunk(b"fmt ", layout()), chunk(b"data", b"ab", 0xFFFFFFFF)),
        "the size of its data",
    ),
    "fmt lies": (riff(chunk(b"fmt ", layout(), 9999)), "fmt chunk declares 9,999"),
    "strange chunk lies": (riff(chunk(b"\n\xff\0 ", b"", 9999)), "unnamed chunk declares 9,999"),
    "no fmt": (riff(SAMPLES), "no fmt chunk"),
    "no data": (riff(chunk(b"fmt ", layout())), "no data chunk"),
    "only riff": (riff(), "no fmt chunk"),
    "short fmt": (riff(chunk(b"fmt ", layout()[:14]), SAMPLES), "too short"),
    "no samples": (riff(chunk(b"fmt ", layout()), chunk(b"data", b"")), "no samples"),
    "half a sample": (riff(chunk(b"fmt ", layout()), chunk(b"data", b"x")), "no samples"),
    "zero rate": (riff(chunk(b"fmt ", layout(rate=0)), SAMPLES), "contradicts itself"),
    "zero channels": (riff(chunk(b"fmt ", layout(channels=0)), SAMPLES), "contradicts itself"),
    "zero bits": (riff(chunk(b"fmt ", layout(bits=0)), SAMPLES), "contradicts itself"),
    "wrong block": (riff(chunk(b"fmt ", layout(block=7)), SAMPLES), "contradicts itself"),
    "mu-law": (riff(chunk(b"fmt ", layout(7, bits=8)), SAMPLES), "format 7"),
    "half float": (riff(chunk(b"fmt ", layout(3, bits=16)), SAMPLES), "float samples of 16 bits"),
    "unknown guid": (riff(chunk(b"fmt ", extended(guid=b"x" * 16)), SAMPLES), "of an unknown format"),
    "short extension": (riff(chunk(b"fmt ", extended()[:30]), SAMPLES), "of an unknown format"),
    "extensible mu-law": (
        riff(chunk(b"fmt ", extended(guid=b"\7\0" + PCM_GUID[2:])), SAMPLES),
        "format 7",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_header_is_refused_before_anything_is_sent(case: str) -> None:
    content, words = WRONG[case]
    transport = api()
    with pytest.raises(vocobase.UploadRejectedError, match=words if content else "empty") as caught:
        run(transport, lambda vb: vb.background_audio.upload(content, slug="tone"))
    assert transport.seen == []
    assert "\n" not in str(caught.value)


def test_a_long_or_large_track_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long one.wav"
    path.write_bytes(riff(chunk(b"fmt ", layout(bits=8)), chunk(b"data", bytes(8000 * 301))))
    with pytest.raises(vocobase.UploadRejectedError, match=r"lasts 301\.0 s, at most 300 s.* -t 300 "):
        run(api(), lambda vb: vb.background_audio.upload(path, slug="tone"))
    with pytest.raises(vocobase.UploadRejectedError, match="at most 5,242,880"):
        run(api(), lambda vb: vb.background_audio.upload(bytes(5_242_881), slug="tone"))


NAMES = [
    "music.wav",
    "it's; rm -rf $HOME.wav",
    "-i.wav",
    "with space",
    "über.wav",
    "12:30 call.wav",
    "data:x.wav",
]
STEREO = riff(chunk(b"fmt ", layout(channels=2)), SAMPLES)


@pytest.mark.parametrize("name", NAMES)
def test_a_stereo_track_is_refused_with_the_command_that_mends_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(STEREO)
    transport = api()
    with pytest.raises(vocobase.UploadRejectedError, match="2 channels, only mono") as caught:
        run(transport, lambda vb: vb.background_audio.upload(name, slug="tone"))
    assert transport.seen == []
    command = shlex.split(str(caught.value).partition("downmix it: ")[2])
    assert (command[0], command[1], command[3:5]) == ("ffmpeg", "-i", ["-ac", "1"])
    assert Path(command[2]).samefile(name)
    assert not command[2].startswith("-")
    # Before a colon ffmpeg reads a protocol.
    assert all("/" in part.partition(":")[0] for part in (command[2], command[5]) if ":" in part)
    assert command[5].endswith(".wav")
    assert not command[5].startswith("-")
    assert not Path(command[5]).exists()


def test_a_name_that_needs_more_than_a_line_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.wav"
    path.write_bytes(STEREO)
    for source in (path, STEREO):
        with pytest.raises(vocobase.UploadRejectedError) as caught:
            run(api(), lambda vb, given=source: vb.background_audio.upload(given, slug="tone"))
        assert str(caught.value).endswith("ffmpeg -i in.wav -ac 1 in-fixed.wav")
