"""A document as a publisher would write it: no marks of ours, other names, one more member and one more operation."""

from __future__ import annotations

import random
from typing import Any

from tests.pipeline.variants import Json, document, each_operation

ADDED_KEY = "calls.mute_a_call"
ADDED_ROUTE = ("post", "/calls/{call_id}/mute")
ADDED_MEMBER = "time_zone"
ADDED_OPERATION: Json = {
    "tags": ["CALLS"],
    "operationId": "CallController_mute",
    "summary": "Mute a call",
    "parameters": [
        {"name": "call_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    ],
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"seconds": {"type": "integer", "maximum": 60}},
                }
            }
        }
    },
    "responses": {
        "200": {
            "description": "OK",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["success", "data"],
                        "properties": {
                            "success": {"type": "boolean"},
                            "data": {
                                "type": "object",
                                "properties": {"call_id": {"type": "string"}, "muted": {"type": "boolean"}},
                            },
                        },
                    }
                }
            },
        }
    },
}


def published() -> Json:
    """Return the document of the publisher, made from the snapshot."""
    spec = _plain(document())
    for number, (_, _, operation) in enumerate(each_operation(spec)):
        operation["operationId"] = f"PartnerController_{number}"
        operation["tags"] = [tag.upper() for tag in operation["tags"]]
    spec["components"]["schemas"]["Agent"]["properties"][ADDED_MEMBER] = {"type": "string"}
    method, path = ADDED_ROUTE
    spec["paths"].setdefault(path, {})[method] = ADDED_OPERATION
    spec["info"] = {"title": "Partner API", "version": "2.4.1"}
    spec["tags"] = []
    spec["paths"] = _shuffled(spec["paths"])
    spec["components"]["schemas"] = _shuffled(spec["components"]["schemas"])
    return spec


def _shuffled(items: Json) -> Json:
    names = sorted(items)
    random.Random(1).shuffle(names)
    return {name: items[name] for name in names}


def _plain(node: Any) -> Any:
    """Drop the private members of a document, and write other descriptions."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"{value} See the guides." if key == "description" and isinstance(value, str) else _plain(value)
        for key, value in node.items()
        if not key.startswith("x-")
    }
