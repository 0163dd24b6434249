"""Refuse path parameters that would reach another endpoint."""

from __future__ import annotations

from urllib.parse import unquote

from vocobase._errors import ConfigurationError


def check_path(path: str, operation: str) -> None:
    """Refuse a filled-in path with an empty or dotted segment, however it is encoded.

    Raises:
        ConfigurationError: an identifier is empty, or is ``.`` or ``..``; nothing was sent.
    """
    for segment in path.split("/")[1:]:
        plain = segment
        # Servers and proxies may decode more than once.
        for _ in range(3):
            plain = unquote(plain)
        if plain.strip() in {"", ".", ".."} or any(ord(sign) < 32 or sign in "/\\" for sign in plain):
            raise ConfigurationError(
                f"{operation}: {plain!r} cannot be an identifier; give the id of the object."
            )
