"""A track is looked at before anything is sent: what is wrong with it is said in one line."""

from __future__ import annotations

import io
import re
import shlex
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vocobase
from tests.transfers.support import Run, api, both
from vocobase._transfers.sources import Source
from vocobase._transfers.wav import FLOAT, PCM, Wav, WavError, check_wav, read_wav
from vocobase_sandbox.rules import wav as sandbox_wav

PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")


def chunk(name: bytes, content: bytes, claimed: int | None = None) -> bytes:
    size = len(content) if claimed is None else claimed
    return name + struct.pack("<I", size) + content + b"\0" * (len(content) % 2)


def layout(
    kind: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16, block: int | None = None
) -> bytes:
    width = channels * ((bits + 7) // 8) if block is None else block
    return struct.pack("<HHIIHH", kind, channels, rate, rate * width % 2**32, width, bits)


def extended(channels: int = 1, guid: bytes = PCM_GUID) -> bytes:
    return layout(0xFFFE, channels) + struct.pack("<HHI", 22, 16, 4) + guid


def riff(*chunks: bytes, claimed: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if claimed is None else claimed) + body


SAMPLES = chunk(b"data", bytes(1600))
GOOD = riff(chunk(b"fmt ", layout()), SAMPLES)


def read(content: bytes) -> Wav:
    return read_wav(io.BytesIO(content), len(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOD, Wav(PCM, 1, 8000, 16, 0.1)),
        (riff(chunk(b"fmt ", layout(3, 1, 8000, 32)), SAMPLES), Wav(FLOAT, 1, 8000, 32, 0.05)),
        (riff(chunk(b"fmt ", layout(1, 2)), SAMPLES), Wav(PCM, 2, 8000, 16, 0.05)),
        (riff(chunk(b"fmt ", extended()), SAMPLES), Wav(PCM, 1, 8000, 16, 0.1)),
        (riff(chunk(b"LIST", b"odd"), chunk(b"fmt ", layout()), SAMPLES), Wav(PCM, 1, 8000, 16, 0.1)),
        (riff(SAMPLES, chunk(b"fmt ", layout())), Wav(PCM, 1, 8000, 16, 0.1)),
        (GOOD + b"trailing tags of some players", Wav(PCM, 1, 8000, 16, 0.1)),
    ],
    ids=["pcm", "float", "stereo", "extensible", "tagged", "data first", "trailing"],
)
def test_a_header_is_read(content: bytes, expected: Wav) -> None:
    assert read(content) == expected
    behind = b"skipped" + content
    assert read_wav(io.BytesIO(behind), len(content), 7) == expected


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


@both
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_header_is_refused_before_anything_is_sent(run: Run, case: str) -> None:
    content, words = WRONG[case]
    transport = api()
    with pytest.raises(vocobase.UploadRejectedError, match=words if content else "empty") as caught:
        run(transport, lambda vb: vb.background_audio.upload(content, slug="tone"))
    assert transport.seen == []
    assert "\n" not in str(caught.value)


@both
def test_a_long_or_large_track_is_refused(run: Run, tmp_path: Path) -> None:
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


@both
@pytest.mark.parametrize("name", NAMES)
def test_a_stereo_track_is_refused_with_the_command_that_mends_it(
    run: Run, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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


@both
def test_a_name_that_needs_more_than_a_line_is_not_quoted(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a\nb.wav"
    path.write_bytes(STEREO)
    for source in (path, STEREO):
        with pytest.raises(vocobase.UploadRejectedError) as caught:
            run(api(), lambda vb, given=source: vb.background_audio.upload(given, slug="tone"))
        assert str(caught.value).endswith("ffmpeg -i in.wav -ac 1 in-fixed.wav")


def test_a_file_that_cannot_be_read_is_refused() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(vocobase.UploadRejectedError, match=r"cannot be read: .*Input/output"):
        check_wav(Source(Broken(GOOD), len(GOOD)), "background_audio.upload")
    closed = io.BytesIO(GOOD)
    closed.close()
    with pytest.raises(
        vocobase.UploadRejectedError, match=r"cannot be read: I/O operation on closed file\.$"
    ):
        check_wav(Source(closed, len(GOOD)), "background_audio.upload")


@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=100).map(lambda tail: GOOD[:44] + tail),
        st.tuples(st.integers(0, 60), st.binary(min_size=1, max_size=8)).map(
            lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + len(change[1]) :]
        ),
        st.integers(0, len(GOOD)).map(lambda length: GOOD[:length]),
        st.lists(
            st.tuples(st.sampled_from([b"fmt ", b"data", b"LIST"]), st.binary(max_size=50)), max_size=5
        ).map(lambda parts: riff(*(chunk(*part) for part in parts))),
    )
)
def test_whatever_is_in_the_header_it_is_read_or_refused_in_one_line(content: bytes) -> None:
    try:
        found = read(content)
    except WavError as error:
        assert "\n" not in str(error)
        assert str(error).isprintable()
    else:
        assert found.kind in (PCM, FLOAT)
        assert found.seconds > 0
        assert found.channels and found.rate


@given(
    st.tuples(st.integers(0, 60), st.binary(min_size=1, max_size=4)).map(
        lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + len(change[1]) :]
    )
)
def test_a_file_that_passes_here_passes_the_check_of_the_server(content: bytes) -> None:
    try:
        check_wav(Source(io.BytesIO(content), len(content)), "x")
    except vocobase.UploadRejectedError:
        return
    sandbox_wav.inspect(content)


def test_the_limits_are_those_of_the_documentation() -> None:
    text = Path("openapi.json").read_text(encoding="utf-8")
    assert re.search(r"5242880", text)
    limits: Any = (sandbox_wav.MAX_SECONDS, sandbox_wav.MAX_BYTES)
    from vocobase._transfers.sources import MAX_AUDIO_BYTES
    from vocobase._transfers.wav import MAX_TRACK_SECONDS

    assert limits == (MAX_TRACK_SECONDS, MAX_AUDIO_BYTES)
