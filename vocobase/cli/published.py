"""Read a published OpenAPI document, which is not trusted, and compare its routes with those of the SDK."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vocobase import ConfigurationError, LookupFailedError, ResponseError, Timeout
from vocobase._base.runtime import Deadline, current_runtime
from vocobase._policy.messages import Request
from vocobase._policy.published import RouteDifference, differences

# That of the API has a quarter of a megabyte.
MAX_BYTES = 8 * 1024 * 1024
SECONDS = 30.0


@dataclass(frozen=True)
class Comparison:
    """The routes that differ.

    Attributes:
        differences: The operations.
    """

    differences: Sequence[RouteDifference]

    @property
    def routes(self) -> dict[str, str]:
        """The routes of the document, as ``Vocobase(routes=)`` takes them."""
        return {each.operation: each.published for each in self.differences if each.published}

    def rows(self) -> list[dict[str, str]]:
        """Return the rows that are shown."""
        return [
            {
                "operation": each.operation,
                "ours": each.ours,
                "published": each.published or "(not in the document)",
                "evidence": each.evidence,
            }
            for each in self.differences
        ]


def compare(source: str, address: str) -> Comparison:
    """Compare a document with the routes of the SDK.

    Args:
        source: A path or an https address.
        address: The address of the API.

    Raises:
        ConfigurationError: it is not an OpenAPI document.
        VocobaseError: it cannot be fetched.
        OSError: it cannot be read.
    """
    content = _fetched(source) if "://" in source else _read(Path(source))
    try:
        return Comparison(differences(json.loads(content), urlsplit(address).path))
    except (ValueError, RecursionError) as error:
        reason = "it is not JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else error
        raise ConfigurationError(f"{source}: {reason}; give the OpenAPI document of the API.") from error


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ConfigurationError(f"{path} is larger than {MAX_BYTES:,} bytes; it is not the document.")
    return content


def _fetched(url: str) -> bytes:
    """Fetch an address without the key."""
    # Lazy, because it loads httpx.
    from vocobase._transport.pool import Pool

    pool = Pool(address=url)
    try:
        request = Request("GET", url, {"accept": "application/json"}, name="doctor --spec")
        response = pool.send(request, Timeout(SECONDS), Deadline(current_runtime().clock, SECONDS))
    finally:
        pool.close()
    if response.status == 404:
        raise LookupFailedError(f"{url}: there is no document (HTTP 404).")
    if response.status != 200:
        raise ResponseError(f"{url}: unexpected response (HTTP {response.status}).", status=response.status)
    return response.body
