"""Headers of WAV files."""

from __future__ import annotations

import struct

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
