"""Serve operations under other routes, to test clients against an API that moved them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vocobase_sandbox.front.router import Route, Router, fits, published
from vocobase_sandbox.handlers.keys import KEYS
from vocobase_sandbox.kernel.messages import ApiError, NoRoute

_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) /((?:[\w.~-]+|{\w+})(?:/(?:[\w.~-]+|{\w+}))*)", re.ASCII)


class MovedRouter(Router):
    """Find operations under their new routes; the documented routes respond like a gateway that has none.

    Args:
        routes: The documented routes.
        moves: New route of each moved operation, such as `{"campaigns.stop": "POST /campaigns/{id}/cancel"}`.

    Raises:
        ValueError: if an operation does not exist, or cannot have its route.
    """

    def __init__(self, routes: list[Route], moves: Mapping[str, str]) -> None:
        moved = {id(route): _moved(route, text) for route, text in _pairs(routes, moves)}
        self.routes = [moved.get(id(route), route) for route in routes]
        self._gone = [route for route in routes if id(route) in moved]
        self._index()

    def find(self, method: str, path: str) -> tuple[Route, dict[str, Any]]:
        """Return the route of a path below the base path and its decoded parameters.

        Raises:
            NoRoute: the documented route of a moved operation.
            ApiError: 404 for an unknown path, 405 for a known path with another method.
        """
        try:
            return super().find(method, path)
        except ApiError as error:
            segments = path[1:].split("/")
            for route in self._gone:
                same_length = len(route.segments) == len(segments)
                if route.method == method and same_length and fits(route.segments, segments):
                    raise NoRoute(error.status) from None
            raise


def router_of(moves: Mapping[str, str]) -> Router:
    """Return the router of a sandbox: the shared one, unless operations were moved.

    Raises:
        ValueError: if an operation does not exist, or cannot have its route.
    """
    return MovedRouter(published().routes, moves) if moves else published()


def _pairs(routes: list[Route], moves: Mapping[str, str]) -> list[tuple[Route, str]]:
    known = {KEYS[route.key]: route for route in routes if route.key in KEYS}
    for name in moves:
        if name not in known:
            raise ValueError(f"routes: {name!r} is not an operation; use one such as 'campaigns.stop'")
    return [(known[name], text) for name, text in moves.items()]


def _moved(route: Route, text: str) -> Route:
    found = _ROUTE.fullmatch(text)
    if found is None:
        raise ValueError(f"routes: {text!r} is not a route; use one such as 'POST /campaigns/{{id}}/cancel'")
    segments = tuple(found[2].split("/"))
    given = sorted(part for part in segments if part[0] == "{")
    if given != sorted(part for part in route.segments if part[0] == "{"):
        raise ValueError(f"routes: {text!r} must have the placeholders of {route.key!r}")
    return replace(route, method=found[1], segments=segments)
