"""Read the header of uploaded WAV files and render the recordings of simulated calls."""

from __future__ import annotations

import math
import struct
from typing import Any, NamedTuple

MAX_BYTES = 5_242_880
MAX_SECONDS = 300
SAMPLE_RATE = 8000
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_CHUNK_SECONDS = 0.1
_TONES = {"bot": 440, "user": 320}


class WavError(ValueError):
    """A file cannot be used; the message says why in one sentence."""


class WavInfo(NamedTuple):
    """The format and the duration of a WAV file."""

    sample_rate: int
    channels: int
    seconds: float


def inspect(content: bytes) -> WavInfo:
    """Parse a RIFF/WAVE file and apply the documented limits.

    Raises:
        WavError: if it is not a mono PCM or float WAV file of at most 5 MiB and 5 minutes.
    """
    if len(content) > MAX_BYTES:
        raise WavError(f"the file has {len(content)} bytes, at most {MAX_BYTES} are allowed")
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise WavError("the file is not a RIFF/WAVE file")
    chunks = _chunks(content)
    if b"fmt " not in chunks or chunks[b"fmt "][1] < 16:
        raise WavError("the file has no usable fmt chunk")
    if b"data" not in chunks:
        raise WavError("the file has no data chunk")
    info = _read(content, chunks)
    if info.channels != 1:
        raise WavError(f"the file has {info.channels} channels, only mono is allowed: downmix it first")
    if info.seconds > MAX_SECONDS:
        raise WavError(f"the file lasts {info.seconds:.1f} seconds, at most {MAX_SECONDS} are allowed")
    if info.seconds <= 0:
        raise WavError("the file has no samples")
    return info


def _chunks(content: bytes) -> dict[bytes, tuple[int, int]]:
    found: dict[bytes, tuple[int, int]] = {}
    offset = 12
    while offset + 8 <= len(content):
        name, size = content[offset : offset + 4], int.from_bytes(content[offset + 4 : offset + 8], "little")
        begin = offset + 8
        found.setdefault(name, (begin, min(size, len(content) - begin)))
        offset = begin + size + (size & 1)
    return found


def _read(content: bytes, chunks: dict[bytes, tuple[int, int]]) -> WavInfo:
    begin, size = chunks[b"fmt "]
    kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", content, begin)
    if kind == _EXTENSIBLE and size >= 26:
        kind = struct.unpack_from("<H", content, begin + 24)[0]
    if kind not in (_PCM, _FLOAT):
        raise WavError(f"the samples have format {kind}, only PCM (1) and IEEE float (3) are allowed")
    if not (channels and rate and block and bits) or block != channels * ((bits + 7) // 8):
        raise WavError("the fmt chunk contradicts itself")
    return WavInfo(rate, channels, chunks[b"data"][1] / block / rate)


def render(talk: list[dict[str, Any]], seconds: float) -> bytes:
    """Render a mono recording in which each party has its own tone.

    Args:
        talk: Turns with `role`, `start` and `length` in seconds.
        seconds: Duration of the whole recording.
    """
    samples = bytearray(_silence(seconds))
    for turn in talk:
        begin = int(turn["start"] / _CHUNK_SECONDS) * len(_silence(_CHUNK_SECONDS))
        sound = _tone(_TONES.get(turn["role"], 380)) * max(1, int(turn["length"] / _CHUNK_SECONDS))
        sound = sound[: max(0, len(samples) - begin)]
        samples[begin : begin + len(sound)] = sound
    return header(len(samples)) + bytes(samples)


def header(data_bytes: int, *, rate: int = SAMPLE_RATE, channels: int = 1, bits: int = 16) -> bytes:
    """Build the header of a PCM file."""
    block = channels * bits // 8
    fmt = struct.pack("<HHIIHH", _PCM, channels, rate, rate * block, block, bits)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + data_bytes)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + fmt
        + (b"data" + struct.pack("<I", data_bytes))
    )


def _silence(seconds: float) -> bytes:
    return bytes(2 * int(SAMPLE_RATE * seconds))


def _tone(frequency: int) -> bytes:
    count = int(SAMPLE_RATE * _CHUNK_SECONDS)
    # Faded at both ends, so that repeated chunks do not click.
    values = (
        int(6000 * math.sin(2 * math.pi * frequency * n / SAMPLE_RATE) * math.sin(math.pi * n / count))
        for n in range(count)
    )
    return struct.pack(f"<{count}h", *values)
