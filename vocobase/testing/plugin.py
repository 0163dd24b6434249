"""The pytest plugin; it loads the client and the sandbox only when a test uses them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vocobase._client.aio.client import AsyncVocobase
    from vocobase._client.sync.client import Vocobase
    from vocobase_sandbox import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    """Announce the marker, so that strict test suites accept it."""
    line = "vocobase(**options): options of the emulated account, see vocobase_sandbox.Sandbox"
    config.addinivalue_line("markers", line)


@pytest.fixture
def vocobase_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Return an emulated account, whose clock moves when a client waits, or with ``clock.advance``."""
    from vocobase.testing._time import sandbox_time

    sandbox = _sandbox(request.node.get_closest_marker("vocobase"))
    with sandbox, sandbox_time(sandbox) if sandbox.clock.manual else nullcontext():
        yield sandbox


def _sandbox(marker: pytest.Mark | None) -> Sandbox:
    from vocobase_sandbox import Sandbox

    options: dict[str, Any] = {"seed": 0, "clock": "manual", "rate_limits": False}
    try:
        if marker is not None and marker.args:
            raise TypeError("pass the options by name, such as balance=5")
        return Sandbox(**{**options, **(marker.kwargs if marker is not None else {})})
    except (TypeError, ValueError, OSError) as error:
        pytest.fail(f"@pytest.mark.vocobase: {error}", pytrace=False)


@pytest.fixture
def vocobase(vocobase_sandbox: Sandbox) -> Iterator[Vocobase]:
    """Return a client of the emulated account."""
    from vocobase._client.sync.client import Vocobase

    with Vocobase(
        vocobase_sandbox.api_key,
        base_url=vocobase_sandbox.base_url,
        transport=vocobase_sandbox.transport(),
    ) as client:
        yield client


@pytest.fixture
def async_vocobase(vocobase_sandbox: Sandbox, request: pytest.FixtureRequest) -> AsyncVocobase:
    """Return the asynchronous client of the emulated account; it has no connection to close.

    The plugin of anyio runs a test on every library that it finds; runs on others than asyncio are skipped.
    """
    _skip_other_libraries(request)
    from vocobase._client.aio.client import AsyncVocobase

    return AsyncVocobase(
        vocobase_sandbox.api_key,
        base_url=vocobase_sandbox.base_url,
        transport=vocobase_sandbox.async_transport(),
    )


def _skip_other_libraries(request: pytest.FixtureRequest) -> None:
    if "anyio_backend" in request.fixturenames and request.getfixturevalue("anyio_backend_name") != "asyncio":
        pytest.skip("AsyncVocobase runs on asyncio only")
