"""The operations of openapi.json, and values that often fit a schema."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from tests.sandbox.contract import DOCUMENT

BOUNDED = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, item in DOCUMENT["paths"].items()
    for method in ("get", "post", "put", "patch", "delete")
    if method in item
)
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.0,
    1.5,
    10**20,
    "",
    "a",
    "a_b",
    "x" * 200,
    "+918011223344",
]


VALUES += [
    "medium",
    "twilio",
    [],
    ["a"],
    [1],
    {},
    {"name": "x"},
    {"keys": [{"type": "date"}]},
    [{"phone": 1}],
    [None],
]


def make_value(schema: dict[str, Any], rng: random.Random) -> Any:
    """Make a value that often fits the schema."""
    schemas = DOCUMENT["components"]["schemas"]
    if "$ref" in schema:
        return make_value(schemas[schema["$ref"].rsplit("/", 1)[1]], rng)
    if rng.random() < 0.15:
        return copy.deepcopy(rng.choice(VALUES))
    if "anyOf" in schema:
        return make_value(rng.choice(schema["anyOf"]), rng)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type")
    kind = rng.choice(kind) if isinstance(kind, list) else kind
    if kind == "object":
        names = [name for name in schema.get("properties", {}) if rng.random() < 0.7]
        names += [name for name in schema.get("required", []) if rng.random() < 0.9]
        return {name: make_value(schema["properties"][name], rng) for name in names}
    if kind == "array":
        return [make_value(schema["items"], rng) for _ in range(rng.choice((0, 1, 2, 3, 21)))]
    texts = ["", "a", "ab-c", "x" * 90, "+918011223344"]
    plain: dict[str, list[Any]] = {"string": texts, "boolean": [True, False], "null": [None]}
    return rng.choice(plain.get(kind or "", [0, 1, 5, 60, 3600, 5_000_000, 1.0, 0.5]))
