"""The raw client of the Vocobase Partner API, generated from openapi.json; use `vocobase` unless you need this."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import Client

__all__ = ["Client"]


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name != "Client":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from .client import Client

        return Client
