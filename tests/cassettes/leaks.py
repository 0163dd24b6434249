"""Look for what must never be in a cassette; written apart from the scrubber, so that each checks the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

# Numbers that can never belong to anyone: +1 NPA 555 0100 to 0199 and +44 7700 900100 to 900199.
_FICTIONAL = re.compile(r"\+?1?\d{3}55501\d\d|\+?4477009001\d\d|0\d{3}55501\d\d")
_PLACEHOLDER = re.compile(r"scrubbed[x-]*")
_OURS = re.compile(r"([\w-]+\.)*example\.(com|org|net)")

_PHONE = re.compile(r"(?<![\w.#-])\+?\d{10,15}(?![\w-])|\+\d[\d ()-]{7,18}\d")
_SECRET_MEMBER = re.compile(
    r'"(\w*(?:password|token|secret|api_?key|auth_?key|private_key))"\s*:\s*"([^"]*)"', re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_ADDRESS = re.compile(r"https?://([^/\s\"'?]+)([^\s\"']*)")
_PATTERNS = {
    "a header with credentials": re.compile(r"(?i)\b(authorization|cookie|x-api-key)\b\s*:|\bBearer\s+\S"),
    "an API key": re.compile(r"\brg_[a-z]+_(?!scrubbed\b)\w+"),
    "a webhook secret": re.compile(r"\bwhsec_(?!scrubbed_\d{4}\b)\S+"),
    "an account of a carrier": re.compile(r"\b(AC|SK)[0-9a-f]{32}\b"),
    "a signed token": re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}"),
    "a signature": re.compile(r"(?i)(x-amz-(?!none)\w+|awsaccesskeyid|googleaccessid)[=%]"),
    "an address of a machine": re.compile(r"\b(127\.0\.0\.1|localhost|0\.0\.0\.0|192\.168\.\d+\.\d+)\b"),
    "a folder of a machine": re.compile(r"(?<![\w/.])/(home|root|Users|tmp|var)/"),
}


def find_leaks(text: str) -> list[str]:
    """Return what has leaked into the text of a cassette; each finding names its line, never the secret."""
    found = [
        f"line {number}: {what}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what in _leaks_of(unquote(line))
    ]
    return sorted(set(found), key=found.index)


def _leaks_of(line: str) -> Iterator[str]:
    for what, pattern in _PATTERNS.items():
        if pattern.search(line):
            yield what
    for match in _PHONE.finditer(line):
        if not _FICTIONAL.fullmatch(re.sub(r"[ ()-]", "", match[0])):
            yield "a phone number that may belong to somebody"
    for match in _SECRET_MEMBER.finditer(line):
        harmless = _PLACEHOLDER.fullmatch(match[2]) or match[2].startswith("whsec_scrubbed_")
        if match[2] and not harmless:
            yield f"the value of {match[1]}"
    for match in _EMAIL.finditer(line):
        if not _OURS.fullmatch(match[1]):
            yield "a mail address"
    for match in _ADDRESS.finditer(line):
        query = match[2].partition("?")[2]
        # The API itself takes its key from a header; what it is asked in a query is no secret.
        if query and match[1] != "api.vocobase.com" and query != "signature=scrubbed":
            yield "the query of an address, which may be presigned"
