"""Measure the cost of a call, compared with a bare `httpx.Client().get(url).json()`.

    make bench-call

Both sides talk to the same loopback server in alternating blocks of one process, so that both see the same
machine; figures are medians over blocks of the mean per call, in microseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import platform
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import httpx
from loopback import running

from vocobase import AsyncVocobase, Vocobase


def blocks(
    one: Callable[[], object], other: Callable[[], object], rounds: int, size: int
) -> list[list[float]]:
    """Time both in alternating blocks; return microseconds per call, per block."""
    figures: list[list[float]] = [[], []]
    for number in range(rounds + 2):
        for index, function in enumerate((one, other) if number % 2 else (other, one)):
            gc.collect()
            gc.disable()
            started = time.perf_counter()
            for _ in range(size):
                function()
            elapsed = time.perf_counter() - started
            gc.enable()
            if number >= 2:
                figures[index if number % 2 else 1 - index].append(elapsed / size * 1e6)
    return figures


async def async_blocks(
    one: Callable[[], Awaitable[object]], other: Callable[[], Awaitable[object]], rounds: int, size: int
) -> list[list[float]]:
    """Time both in alternating blocks, on one event loop."""
    figures: list[list[float]] = [[], []]
    for number in range(rounds + 2):
        for index, function in enumerate((one, other) if number % 2 else (other, one)):
            gc.collect()
            gc.disable()
            started = time.perf_counter()
            for _ in range(size):
                await function()
            elapsed = time.perf_counter() - started
            gc.enable()
            if number >= 2:
                figures[index if number % 2 else 1 - index].append(elapsed / size * 1e6)
    return figures


def fetch(client: httpx.Client, url: str) -> object:
    """Fetch with bare httpx, the baseline."""
    return client.get(url).json()


async def compare(base: str, url: str, rounds: int, size: int) -> list[list[float]]:
    """Time the asynchronous client and httpx.AsyncClient."""
    async with AsyncVocobase("rg_live_bench", base_url=base) as vb, httpx.AsyncClient() as bare:

        async def plain() -> object:
            return (await bare.get(url)).json()

        return await async_blocks(vb.calls.list, plain, rounds, size)


def summary(name: str, figures: list[list[float]]) -> dict[str, object]:
    """Bring the figures of one comparison into one row."""
    ours, bare = figures
    differences = [a - b for a, b in zip(ours, bare, strict=True)]
    row: dict[str, object] = {
        "case": name,
        "vocobase_us": round(statistics.median(ours), 1),
        "httpx_us": round(statistics.median(bare), 1),
        "difference_us": round(statistics.median(differences), 1),
        "difference_min_us": round(min(differences), 1),
        "difference_max_us": round(max(differences), 1),
    }
    text = "{case:<16} vocobase {vocobase_us:>7} us  httpx {httpx_us:>7} us  difference {difference_us:>7} us"
    print(text.format(**row))
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare a call of the SDK with a bare httpx.Client.")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--size", type=int, default=200, help="calls in a block")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    rows: list[dict[str, object]] = []
    with running() as address:
        for items in (1, 20):
            url, base = f"{address}/{items}/calls", f"{address}/{items}"
            with Vocobase("rg_live_bench", base_url=base) as vb, httpx.Client() as bare:
                plain = partial(fetch, bare, url)
                figures = blocks(vb.calls.list, plain, options.rounds, options.size)
            rows.append(summary(f"sync, {items} items", figures))

            figures = asyncio.run(compare(base, url, options.rounds, options.size))
            rows.append(summary(f"async, {items} items", figures))
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "httpx": httpx.__version__,
        }
        text = json.dumps(
            {"machine": machine, "rounds": options.rounds, "size": options.size, "rows": rows}, indent=2
        )
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
