"""Packages that only some programs need: the extras of vocobase, and what to say when one is missing."""

from __future__ import annotations

from typing import Final

# As in pyproject.toml.
EXTRAS: Final = {
    "cli": "'click>=8.5.1,<9' 'rich>=13'",
    "contacts": "'phonenumbers>=8.13' tzdata",
    "export": "'duckdb>=1.4'",
    "otel": "'opentelemetry-api>=1.29'",
    "postgres": "'psycopg[binary]>=3.1'",
    "redis": "'redis>=5'",
    "sandbox": "'PyYAML>=6'",
}


def needs(what: str, extra: str) -> str:
    """Return a message, without a period, that names the packages to install.

    The name of this package is not part of the command: on an index it may belong to another one.

    Args:
        what: What needs the packages.
        extra: The extra that has them.
    """
    return f"{what} needs more packages: run pip install {EXTRAS[extra]} (the extra {extra} of vocobase)"
