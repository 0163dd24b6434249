"""Identifiers and secrets that depend only on the seed and a counter."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping


class Ids:
    """Generate reproducible values; the counters live in the caller's mapping, which can be persisted."""

    def __init__(self, seed: int | str, counters: MutableMapping[str, int]) -> None:
        self._seed = str(seed)
        self._counters = counters

    def next(self, kind: str) -> int:
        """Return the next number of a kind, starting at 1."""
        number = self._counters.get(kind, 0) + 1
        self._counters[kind] = number
        return number

    def digest(self, *parts: object) -> bytes:
        """Hash the seed and the parts into 32 bytes."""
        text = "\x1f".join((self._seed, *map(str, parts)))
        return hashlib.blake2b(text.encode(), digest_size=32).digest()

    def uuid(self, kind: str) -> str:
        """Generate the next uuid of a kind, in the format of version 4."""
        return as_uuid(self.digest("uuid", kind, self.next(kind)))

    def token(self, kind: str, length: int = 32) -> str:
        """Generate the next lower-case hexadecimal token of a kind."""
        return self.digest("token", kind, self.next(f"token.{kind}")).hex()[:length]

    def fraction(self, *parts: object) -> float:
        """Return a reproducible number in [0, 1) for the given parts."""
        return int.from_bytes(self.digest("fraction", *parts)[:6], "big") / 2**48


def as_uuid(raw: bytes) -> str:
    """Format 16 bytes as a version 4 uuid."""
    value = bytearray(raw[:16])
    value[6] = value[6] & 0x0F | 0x40
    value[8] = value[8] & 0x3F | 0x80
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
