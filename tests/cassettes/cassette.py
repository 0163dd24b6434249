"""What a cassette file holds: exchanges, written as YAML that people can read and vcrpy can replay."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "recorded"
OF_SANDBOX = "# Recorded against the sandbox by scripts/record.py.\n"
OF_API = "# Recorded against the real API by scripts/record.py.\n"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the answer to it."""

    method: str
    url: str
    status: int
    reason: str
    request_type: str = ""
    request_body: str | bytes = ""
    response_headers: dict[str, str] = field(default_factory=dict[str, str])
    response_body: str | bytes = ""


def path_of(name: str) -> Path:
    """Return the file of a part."""
    return FOLDER / f"{name}.yaml"


def readable(body: bytes) -> str | bytes:
    """Return a body as indented JSON, as text, or as it is; vcrpy compares JSON bodies by their meaning."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def dump(exchanges: list[Exchange]) -> str:
    """Write exchanges in the format of vcrpy.

    Where they come from goes into a comment, not into vcrpy's `metadata`: pytest-recording cannot load that.
    """
    interactions = [
        {
            "request": {
                "method": exchange.method,
                "uri": exchange.url,
                "headers": {"content-type": [exchange.request_type]} if exchange.request_type else {},
                "body": exchange.request_body,
            },
            "response": {
                "status": {"code": exchange.status, "message": exchange.reason},
                "headers": {name: [value] for name, value in exchange.response_headers.items()},
                "body": {"string": exchange.response_body},
            },
        }
        for exchange in exchanges
    ]
    document = {"version": 1, "interactions": interactions}
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def load(text: str) -> list[Exchange]:
    """Read what `dump` wrote."""
    return [
        _exchange(row["request"], row["response"]) for row in yaml.load(text, Loader=_Loader)["interactions"]
    ]


def _exchange(request: dict[str, Any], response: dict[str, Any]) -> Exchange:
    return Exchange(
        method=request["method"],
        url=request["uri"],
        status=response["status"]["code"],
        reason=response["status"]["message"],
        request_type=request["headers"].get("content-type", [""])[0],
        request_body=request["body"],
        response_headers={name: values[0] for name, values in response["headers"].items()},
        response_body=response["body"]["string"],
    )


# The parser in C, where PyYAML has it: ten times as fast.
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Write texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)
