"""Look at the header of a WAV file before anything is sent, as the server will look at it afterwards.

Documented: RIFF/WAVE, PCM or IEEE float, mono, at most 5 minutes. Only the headers of chunks are read.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vocobase._base.errors import UploadRejectedError
from vocobase._transfers.sources import Source

LONGEST_SECONDS = 300
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
# An extensible header names its format by a GUID: two bytes of format, and these.
_GUID_END = bytes.fromhex("000000001000800000aa00389b71")
_UNKNOWN_SIZE = 0xFFFFFFFF


class WavError(ValueError):
    """Why a file cannot be used, in words that follow "the file"."""


@dataclass(frozen=True, slots=True)
class Wav:
    """What the header says.

    Attributes:
        kind: PCM or FLOAT.
        channels: Number of channels.
        rate: Samples a second.
        bits: Bits of a sample.
        seconds: Length.
    """

    kind: int
    channels: int
    rate: int
    bits: int
    seconds: float


def check_wav(source: Source, what: str) -> None:
    """Refuse what the server would refuse, and say how to mend it.

    Raises:
        UploadRejectedError: the source is no mono WAV file of at most 5 minutes.
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
    if found.seconds > LONGEST_SECONDS:
        raise UploadRejectedError(
            f"{what}: the file lasts {found.seconds:.1f} s, at most {LONGEST_SECONDS} s are accepted; "
            f"cut it: {_command(source.path, '-t', str(LONGEST_SECONDS))}"
        )


def _command(path: str, *options: str) -> str:
    """Return the command that mends a file, ready for a shell, on one line."""
    if not path or not path.isprintable():
        path = "in.wav"
    target = Path(path)
    mended = str(target.with_name(f"{target.stem}-mended.wav"))
    return shlex.join(["ffmpeg", "-i", _as_file(path), *options, _as_file(mended)])


def _as_file(path: str) -> str:
    # A leading dash would be read as an option, what is before a colon as a protocol.
    return f"./{path}" if path.startswith("-") or (":" in path and not Path(path).is_absolute()) else path


def read_wav(file: BinaryIO, size: int, start: int = 0) -> Wav:
    """Read the header of a WAV file.

    Args:
        file: Seekable binary file.
        size: Number of bytes.
        start: Position of the first.

    Raises:
        WavError: it is none, or contradicts itself or the size.
        OSError: the file cannot be read.
    """

    def read(offset: int, count: int) -> bytes:
        file.seek(start + offset)
        return file.read(min(count, max(0, size - offset)))

    head = read(0, 12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise WavError("is no RIFF/WAVE file")
    _check_claim("RIFF", _number(head[4:8]), size - 8)
    # What follows the RIFF chunk is no part of the sound.
    size = 8 + _number(head[4:8])
    layout: bytes | None = None
    samples: int | None = None
    offset = 12
    while offset + 8 <= size and (layout is None or samples is None):
        name, claimed = (found := read(offset, 8))[:4], _number(found[4:])
        offset += 8
        _check_claim(_printable(name), claimed, size - offset)
        if name == b"fmt ":
            layout = read(offset, min(claimed, 40))
        elif name == b"data":
            samples = claimed
        # Chunks begin at even positions.
        offset += claimed + claimed % 2
    if layout is None:
        raise WavError(f"has no fmt chunk within the {size:,} bytes that it claims to have")
    if samples is None:
        raise WavError(f"has no data chunk within the {size:,} bytes that it claims to have")
    return _understand(layout, samples)


def _check_claim(name: str, claimed: int, there: int) -> None:
    if claimed == _UNKNOWN_SIZE:
        raise WavError(f"does not say how long its {name} chunk is; write it to a file, not to a pipe")
    if claimed > there:
        raise WavError(
            f"is cut off or damaged: its {name} chunk claims {claimed:,} bytes, {max(0, there):,} are there"
        )


def _understand(layout: bytes, samples: int) -> Wav:
    if len(layout) < 16:
        raise WavError("has a fmt chunk that is too short")
    kind, channels, rate = _number(layout[:2]), _number(layout[2:4]), _number(layout[4:8])
    block, bits = _number(layout[12:14]), _number(layout[14:16])
    if kind == EXTENSIBLE:
        if len(layout) < 40 or layout[26:40] != _GUID_END:
            raise WavError("has an extended fmt chunk that names no known format")
        kind = _number(layout[24:26])
    if kind not in (PCM, FLOAT):
        raise WavError(f"has samples in format {kind}; only PCM (1) and IEEE float (3) are accepted")
    if not (channels and rate and bits) or block != channels * ((bits + 7) // 8):
        raise WavError("has a fmt chunk that contradicts itself")
    if kind == FLOAT and bits not in (32, 64):
        raise WavError(f"has float samples of {bits} bits; 32 and 64 exist")
    if samples < block:
        raise WavError("has no samples")
    return Wav(kind, channels, rate, bits, samples / block / rate)


def _number(text: bytes) -> int:
    return int.from_bytes(text, "little")


def _printable(name: bytes) -> str:
    text = name.decode("ascii", errors="replace").strip()
    return text if text.isascii() and text.isprintable() else "unnamed"
