"""Encoded contacts, and their grouping into requests within the limits of the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from vocobase._base.values import EncodedJSON
from vocobase._policy.limits import write_json

if TYPE_CHECKING:
    # Every client loads this module, for the results of campaigns.
    from vocobase.contacts._types import Contact

# The JSON of one contact.
Line = bytes

_BEGIN, _BETWEEN, _END = b'{"contacts":[', b",", b"]}"
_TOO_LARGE_STATUS = 413


def encode(contact: Contact) -> Line:
    """Return a contact that ``contacts.read`` returned, hence a valid one, as JSON on one line."""
    return write_json("campaigns.import_contacts", contact.to_dict())


def phone_of(line: Line) -> str:
    """Return the number of an encoded contact."""
    return line.split(b'"', 4)[3].decode()


def chunks(lines: Iterable[Line], max_contacts: int, max_bytes: int) -> Iterator[list[Line]]:
    """Group contacts into the bodies of requests; a contact beyond ``max_bytes`` is alone in its own."""
    chunk: list[Line] = []
    size = 0
    for line in lines:
        needed = len(line) + len(_BETWEEN)
        if not chunk or len(chunk) == max_contacts or size + needed > max_bytes:
            if chunk:
                yield chunk
            chunk, size = [], len(_BEGIN) + len(_END) - len(_BETWEEN)
        chunk.append(line)
        size += needed
    if chunk:
        yield chunk


def body_of(chunk: Sequence[Line]) -> EncodedJSON:
    """Return the body of the request that adds these contacts."""
    return EncodedJSON(_BEGIN + _BETWEEN.join(chunk) + _END)


def smaller(chunk: list[Line], status: int | None) -> list[list[Line]]:
    """Return the halves of a rejected chunk if its size may be the reason, else an empty list."""
    middle = len(chunk) // 2
    return [chunk[:middle], chunk[middle:]] if middle and status == _TOO_LARGE_STATUS else []
