"""The header of a track is read in one way, here and in the sandbox."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vocobase
from tests.transfers.wavs import GOOD, SAMPLES, chunk, extended, layout, riff
from vocobase._transfers.sources import Source
from vocobase._transfers.wav import FLOAT, PCM, Wav, WavError, check_wav, read_wav
from vocobase_sandbox.rules import wav as sandbox_wav


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
