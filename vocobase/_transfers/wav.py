"""Check the header of a WAV file before anything is sent, as the server checks it afterwards.

Documented: RIFF/WAVE, PCM or IEEE float, mono, at most 5 minutes. Only the headers of chunks are read.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vocobase._base.errors import UploadRejectedError
from vocobase._transfers.sources import Source

MAX_TRACK_SECONDS = 300
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
# An extensible header identifies its format by a GUID: two bytes of format, and these.
_GUID_END = bytes.fromhex("000000001000800000aa00389b71")
_UNKNOWN_SIZE = 0xFFFFFFFF


class WavError(ValueError):
    """Why a file cannot be used, in words that follow "the file "."""


@dataclass(frozen=True, slots=True)
class Wav:
    """The header of a WAV file.

    Attributes:
        kind: PCM or FLOAT.
        channels: Number of channels.
        rate: Samples per second.
        bits: Bits per sample.
        seconds: Duration.
    """

    kind: int
    channels: int
    rate: int
    bits: int
    seconds: float


def check_wav(source: Source, what: str) -> None:
    """Refuse a file that the server would refuse; the message says how to fix it.

    Raises:
        UploadRejectedError: the source is not a mono WAV file of at most 5 minutes.
    """
    try:
        found = read_wav(source.file, source.size, source.start)
    except WavError as error:
        raise UploadRejectedError(f"{what}: the file {error}.") from error
    except (OSError, ValueError) as error:
        raise UploadRejectedError(f"{what}: the file cannot be read: {str(error).rstrip('.')}.") from error
    if found.channels != 1:
        raise UploadRejectedError(
            f"{what}: the file has {found.channels} channels, only mono is accepted; "
            f"downmix it: {_command(source.path, '-ac', '1')}"
        )
    if found.seconds > MAX_TRACK_SECONDS:
        raise UploadRejectedError(
            f"{what}: the file lasts {found.seconds:.1f} s, at most {MAX_TRACK_SECONDS} s are accepted; "
            f"cut it: {_command(source.path, '-t', str(MAX_TRACK_SECONDS))}"
        )


def _command(path: str, *options: str) -> str:
    """Return the command that fixes a file, quoted for a shell, on one line."""
    if not path or not path.isprintable():
        path = "in.wav"
    target = Path(path)
    fixed = str(target.with_name(f"{target.stem}-fixed.wav"))
    return shlex.join(["ffmpeg", "-i", _as_file(path), *options, _as_file(fixed)])


def _as_file(path: str) -> str:
    # ffmpeg reads a leading dash as an option, and text before a colon as a protocol.
    return f"./{path}" if path.startswith("-") or (":" in path and not Path(path).is_absolute()) else path


def read_wav(file: BinaryIO, size: int, start: int = 0) -> Wav:
    """Read the header of a WAV file.

    Args:
        file: Seekable binary file.
        size: Number of bytes.
        start: Position of the first byte.

    Raises:
        WavError: it is not a WAV file, or contradicts itself or the size.
        OSError: the file cannot be read.
    """

    def read(offset: int, count: int) -> bytes:
        file.seek(start + offset)
        return file.read(min(count, max(0, size - offset)))

    head = read(0, 12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise WavError("is not a RIFF/WAVE file")
    _check_size("RIFF", _number(head[4:8]), size - 8)
    # Bytes after the RIFF chunk are not part of the audio.
    size = 8 + _number(head[4:8])
    layout: bytes | None = None
    samples: int | None = None
    offset = 12
    while offset + 8 <= size and (layout is None or samples is None):
        name, declared = (found := read(offset, 8))[:4], _number(found[4:])
        offset += 8
        _check_size(_printable(name), declared, size - offset)
        if name == b"fmt ":
            layout = read(offset, min(declared, 40))
        elif name == b"data":
            samples = declared
        # Chunks start at even positions.
        offset += declared + declared % 2
    if layout is None:
        raise WavError(f"has no fmt chunk within the {size:,} bytes that it declares")
    if samples is None:
        raise WavError(f"has no data chunk within the {size:,} bytes that it declares")
    return _parse(layout, samples)


def _check_size(name: str, declared: int, there: int) -> None:
    if declared == _UNKNOWN_SIZE:
        raise WavError(f"does not declare the size of its {name} chunk; write it to a file, not to a pipe")
    if declared > there:
        raise WavError(
            f"is cut off or damaged: its {name} chunk declares {declared:,} bytes, but only "
            f"{max(0, there):,} are there"
        )


def _parse(layout: bytes, samples: int) -> Wav:
    if len(layout) < 16:
        raise WavError("has a fmt chunk that is too short")
    kind, channels, rate = _number(layout[:2]), _number(layout[2:4]), _number(layout[4:8])
    block, bits = _number(layout[12:14]), _number(layout[14:16])
    if kind == EXTENSIBLE:
        if len(layout) < 40 or layout[26:40] != _GUID_END:
            raise WavError("has an extensible fmt chunk of an unknown format")
        kind = _number(layout[24:26])
    if kind not in (PCM, FLOAT):
        raise WavError(f"has samples in format {kind}; only PCM (1) and IEEE float (3) are accepted")
    if not (channels and rate and bits) or block != channels * ((bits + 7) // 8):
        raise WavError("has a fmt chunk that contradicts itself")
    if kind == FLOAT and bits not in (32, 64):
        raise WavError(f"has float samples of {bits} bits; only 32 and 64 are valid")
    if samples < block:
        raise WavError("has no samples")
    return Wav(kind, channels, rate, bits, samples / block / rate)


def _number(text: bytes) -> int:
    return int.from_bytes(text, "little")


def _printable(name: bytes) -> str:
    text = name.decode("ascii", errors="replace").strip()
    return text if text.isascii() and text.isprintable() else "unnamed"
