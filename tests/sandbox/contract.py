"""Check responses against openapi.json, more strictly than the document itself.

The document requires almost nothing in responses. Here every documented field must be present unless it is
listed as optional, and no other field is allowed unless it is listed as extra: a misspelt one would go unnoticed.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import Any

import jsonschema

from tests.documented import OURS, known

DOCUMENT: dict[str, Any] = known()
BASE_PATH = "/api/v2"
GENERAL_ERRORS = {400, 401, 403, 404, 405, 413, 429, 500}

OPTIONAL: dict[str, set[str]] = {
    "Agent": {"transferNumber", "transferMessage", "endCallMessage"},
    "BackgroundAudio": {"duration_secs", "sample_rate", "channels", "preview_url"},
    "CallSession": {"latency", "extraction"},
    "CustomFunction": set(),
    "Document": {"agent_count"},
    "ExotelCredentials": set(),
    "ExtractionConfig": {"prompt", "keys", "includeToolLogs"},
    "ExtractionKey": {"name", "type", "description"},
    "FunctionParameter": {"name", "type", "description", "required"},
    "LinkedDocument": {"file_size"},
    "SessionCompletedData": {"extraction", "latency", "call"},
    "TranscriptTurn": {"latency_ms"},
    "VoiceLinkCredentials": {"did_number"},
    "VoiceLinkStep": {"data"},
    "VoiceLinkRemoteDid": {"client_id"},
    "VoiceLinkDid": {"client_id"},
}
EXTRA: dict[str, set[str]] = {"BackgroundAudio": {"error"}, "SessionCompletedData": {"transfer"}}


@cache
def hardened() -> dict[str, Any]:
    """Return the document with strict component schemas."""
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    for name, schema in document["components"]["schemas"].items():
        if name.endswith(("Request", "Input")) or "properties" not in schema:
            continue
        if OURS:  # a publisher may be ahead of the sandbox
            schema["required"] = sorted(set(schema["properties"]) - OPTIONAL.get(name, set()))
        for extra in EXTRA.get(name, ()):
            schema["properties"].setdefault(extra, {})
        schema.setdefault("additionalProperties", False)
    return document


@cache
def validator(pointer: str) -> Any:
    """Return a validator for one schema of the document."""
    root = {**hardened(), "$ref": "#" + pointer}
    kind = jsonschema.Draft202012Validator
    return kind(root, format_checker=kind.FORMAT_CHECKER)


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    literal_first = sorted(DOCUMENT["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in literal_first]


def template_of(method: str, path: str) -> str | None:
    """Return the path template of a request, or None."""
    for pattern, template in _templates():
        if pattern.fullmatch(path) and method.lower() in DOCUMENT["paths"][template]:
            return template
    return None


def check_response(method: str, path: str, status: int, payload: Any) -> None:
    """Fail if an API response does not conform to the document."""
    template = template_of(method, path.removeprefix(BASE_PATH))
    responses = DOCUMENT["paths"][template][method.lower()]["responses"] if template else {}
    if str(status) in responses and status < 400:
        place = template.replace("~", "~0").replace("/", "~1") if template else ""
        place = place.replace("{", "%7B").replace("}", "%7D")
        check(f"/paths/{place}/{method.lower()}/responses/{status}/content/application~1json/schema", payload)
        assert payload["success"] is True
        return
    documented = {int(code) for code in responses} | GENERAL_ERRORS
    assert status in documented, f"{method} {path} answered {status}"
    check("/components/schemas/Error", payload)
    assert payload["success"] is False
    assert re.fullmatch(r"[A-Z_]+", payload["error"]["code"]) and payload["error"]["message"]


def check(pointer: str, payload: Any) -> None:
    """Fail if a payload does not match a schema of the document."""
    errors = [f"{error.json_path}: {error.message}" for error in validator(pointer).iter_errors(payload)]
    assert not errors, "\n".join(errors)


def check_event(payload: Any) -> None:
    """Fail if a webhook body is not the documented event."""
    check("/components/schemas/SessionCompletedEvent", payload)
