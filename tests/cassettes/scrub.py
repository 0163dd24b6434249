"""Make recorded exchanges fit for publishing, and the same whenever they are recorded again."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tests.cassettes.cassette import Exchange, readable

API = "https://api.vocobase.com/api/v2"
FILES = "https://files.example.com"
UNKNOWN = "00000000-0000-4000-8000-999999999999"
"""An identifier that no account has; it stays as it is."""
CALLEE = "+12025550100"
"""The number that every recorded call goes to; no one has it."""
TAG = "cassette"
"""Part of every recorded name; on a real account another one takes its place."""

KEPT_HEADERS = ("content-type", "retry-after")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_WEBHOOK_SECRET = re.compile(r"\bwhsec_[^\s\"']+")
_KEY = re.compile(r"\brg_[a-z]+_[\w-]+")
_SECRET_MEMBER = re.compile(r"(?:password|token|secret|api_?key|auth_?key|private_key)$", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.-])\+\d{8,15}(?![\w-])|\A\d{10,15}\Z")
_FICTIONAL = re.compile(r"\+?1\d{3}55501\d\d|\+?4477009001\d\d|0\d{3}55501\d\d")
_EMAIL = re.compile(r"[\w.+-]+@(?!example\.com\b)[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(r"https?://[^\s\"']+")


class Scrubber:
    """Scrub the exchanges of one cassette; the same value always gets the same stand-in.

    Args:
        api: Address of the API that was recorded.
        replacements: Texts that stand for something else in the cassette: the key, the tag, the number called.
    """

    def __init__(self, api: str, replacements: dict[str, str]) -> None:
        self._api = api.rstrip("/")
        self._replacements = replacements
        self._stand_ins: dict[str, dict[str, str]] = {"id": {UNKNOWN: UNKNOWN}, "secret": {}, "phone": {}}

    def exchange(self, raw: Exchange) -> Exchange:
        """Return an exchange without anything secret or random."""
        return Exchange(
            method=raw.method,
            url=self._request_url(raw.url),
            status=raw.status,
            reason=raw.reason,
            request_type=raw.request_type,
            request_body=self._body(raw.request_body),
            response_headers={
                name.lower(): value
                for name, value in sorted(raw.response_headers.items())
                if name.lower() in KEPT_HEADERS
            },
            response_body=self._body(raw.response_body),
        )

    def _request_url(self, url: str) -> str:
        if url.startswith(self._api + "/"):
            return API + self._text(url.removeprefix(self._api))
        return self._text(url)

    def _body(self, body: str | bytes) -> str | bytes:
        raw = body.encode() if isinstance(body, str) else body
        try:
            data: Any = json.loads(raw)
        except ValueError:
            text = readable(raw)
            return self._text(text) if isinstance(text, str) else text
        return json.dumps(self._value(data), indent=2, ensure_ascii=False)

    def _value(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {self._text(key): self._value(item, key) for key, item in _items(value)}
        if isinstance(value, list):
            return [self._value(item, name) for item in _elements(value)]
        if not isinstance(value, str):
            return value
        if _SECRET_MEMBER.search(name) and value and not _WEBHOOK_SECRET.search(value):
            return ("scrubbed" + "x" * len(value))[: max(8, len(value))]
        return self._text(value)

    def _text(self, text: str) -> str:
        for secret, instead in self._replacements.items():
            text = text.replace(secret, instead)
        text = _ADDRESS.sub(lambda found: self._address(found[0]), text)
        text = _UUID.sub(lambda found: self._stand_in("id", found[0]), text)
        text = _WEBHOOK_SECRET.sub(lambda found: self._stand_in("secret", found[0]), text)
        text = _KEY.sub("rg_live_scrubbed", text)
        text = _EMAIL.sub("somebody@example.com", text)
        return _PHONE.sub(lambda found: self._phone(found[0]), text)

    def _address(self, url: str) -> str:
        parts = urlsplit(url)
        local = parts.hostname in {"127.0.0.1", "localhost"}
        if not (local or parts.query) or url.startswith(API):
            return url
        return FILES + parts.path + ("?signature=scrubbed" if parts.query else "")

    def _phone(self, number: str) -> str:
        if _FICTIONAL.fullmatch(number):
            return number
        plus = "+" if number.startswith("+") else ""
        return plus + self._stand_in("phone", number.removeprefix("+"))

    def _stand_in(self, kind: str, value: str) -> str:
        known = self._stand_ins[kind]
        if value not in known:
            count = len(known) + 1
            if kind == "phone":
                # 0150 to 0199: the lower ones are the sandbox's, where they choose how a call goes.
                known[value] = f"120255501{50 + count % 50}"
            elif kind == "secret":
                known[value] = f"whsec_scrubbed_{count:04d}"
            else:
                known[value] = f"00000000-0000-4000-8000-{count - 1:012d}"
        return known[value]


def _items(value: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(value.items())


def _elements(value: list[Any]) -> list[Any]:
    return value
