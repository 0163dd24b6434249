"""Custom functions."""

from __future__ import annotations

from tests.sandbox.support import Api


def test_custom_functions_never_show_header_values(api: Api) -> None:
    body = {
        "name": "lookup",
        "description": "d",
        "url": "https://example.com/f",
        "headers": [{"key": "X-Key", "value": "SECRET"}],
        "input_schema": [{"name": "id", "type": "string", "description": "d", "required": True}],
        "output_schema": [{"name": "ids", "type": "number[]"}],
        "timeout": 5,
        "started_messages": ["One moment"],
        "error_message": "Sorry",
    }
    made = api.ok("POST", "/functions", body)
    assert made["header_keys"] == ["X-Key"] and "SECRET" not in str(made)
    for name in body:
        if name != "headers":
            assert made[name] == body[name]
    for name in ("name", "description", "url"):
        api.fails(400, "POST", "/functions", {key: body[key] for key in body if key != name})
    api.fails(400, "POST", "/functions", {**body, "url": "file://etc/passwd"})
    api.fails(400, "POST", "/functions", {**body, "input_schema": [{"name": "x", "type": "int"}]})
