"""The raw client of the Vocobase Partner API, generated from openapi.json; use `vocobase` unless you need this."""

from .client import Client

__all__ = ["Client"]
