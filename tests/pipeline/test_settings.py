"""Agent settings reach the user through generation alone."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from typing import Any

import pytest
from prepare_spec import prepare

from tests.pipeline.generator import NAMING, Generator
from tests.pipeline.variants import ROOT, Json, document


def members(spec: Json, path: str, method: str) -> Json:
    body: Json = spec["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    while "$ref" in body:
        body = spec["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    properties: Json = body["properties"]
    return properties


def settings(**added: Any) -> ast.ClassDef:
    """Return the class AgentSettings that a document with more settings gives."""
    spec = document()
    members(spec, "/agent/{id}", "put").update(added)
    tree = ast.parse(prepare(spec, NAMING).modules["settings.py"])
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "AgentSettings"]
    return found


def types(node: ast.ClassDef) -> dict[str, str]:
    return {
        ast.unparse(child.target): ast.unparse(child.annotation)
        for child in node.body
        if isinstance(child, ast.AnnAssign)
    }


def test_the_committed_settings_are_those_of_the_document() -> None:
    committed = ROOT / "generated" / "vocobase_raw" / "settings.py"
    assert prepare(document(), NAMING).modules["settings.py"] == committed.read_text(encoding="utf-8")


KINDS = {
    "a text": ({"type": "string", "maxLength": 5}, "str | Unset"),
    "a text or null": ({"type": ["string", "null"]}, "str | None | Unset"),
    "a count": ({"type": "integer"}, "int | Unset"),
    "a number": ({"type": "number"}, "float | Unset"),
    "a time": ({"type": "string", "format": "date-time"}, "datetime.datetime | Unset"),
    "a list": ({"type": "array", "items": {"type": "integer"}}, "Sequence[int] | Unset"),
    "a free object": ({"type": "object"}, "Mapping[str, Any] | Unset"),
    "an object": (
        {"type": "object", "properties": {"x": {"type": "string"}}},
        "AgentsUpdateRequestAmbience | Mapping[str, Any] | Unset",
    ),
    "anything": ({}, "Any | Unset"),
}


@pytest.mark.parametrize(("schema", "expected"), KINDS.values(), ids=KINDS)
def test_a_new_setting_is_declared_with_its_type(schema: Json, expected: str) -> None:
    assert types(settings(ambience=schema))["ambience"] == expected


LIMITS = {
    "a range": ({"type": "integer", "minimum": 1, "maximum": 2000, "default": 5}, "(1 to 2,000; default 5)"),
    "a least value": ({"type": "integer", "minimum": 1}, "(at least 1)"),
    "a length": ({"type": "string", "maxLength": 120000}, "(at most 120,000 characters)"),
    "values": ({"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "string"}]}, "(one of a, b)"),
    "entries": ({"type": "array", "items": {"type": "string"}, "maxItems": 3}, "(at most 3 entries)"),
    "a switch": ({"type": "boolean", "default": True}, "(default true)"),
}


@pytest.mark.parametrize(("schema", "expected"), LIMITS.values(), ids=LIMITS)
def test_the_docstring_of_a_new_setting_gives_its_text_and_its_limits(schema: Json, expected: str) -> None:
    text = ast.get_docstring(settings(ambience={**schema, "description": "Noise in the room."})) or ""
    assert f"ambience: Noise in the room {expected}." in " ".join(text.split())


@pytest.mark.parametrize(
    "name", ["class", "print", "voiceTone", "a.b", "__init__", "self", "a__b", "datetime"]
)
def test_a_name_that_python_spells_otherwise_is_left_out(name: str) -> None:
    assert types(settings(**{name: {"type": "string"}})) == types(settings())


def test_the_members_in_the_signatures_of_methods_are_apart() -> None:
    assert not {"agent_name", "prompt", "voice_id", "agent_type"} & types(settings()).keys()


@pytest.mark.parametrize("text", ['"""', "\\", '\\"""', 'x"', "a\nb", "\x00", "\u202e", "{}", "\\N{DASH}"])
def test_no_text_ends_the_docstring(text: str) -> None:
    found = settings(ambience={"type": "string", "description": text})
    assert types(found).keys() - types(settings()).keys() == {"ambience"}


USE = """
import json, httpx
from vocobase import InvalidArgumentError, Vocobase

def answer(request):
    if request.content:
        print(json.dumps(json.loads(request.content).get("ambience")))
    data = {"id": "a", "agents": [], "total": 0}
    return httpx.Response(200, json={"success": True, "data": data})

with Vocobase("rg_live_x", transport=httpx.MockTransport(answer)) as vb:
    vb.agents.create("n", "p", voice_id="v", ambience=("rain",))
    vb.agents.update("a", ambience=("wind",))
    vb.agents.ensure("n", "p", voice_id="v", ambience={"storm"})
    try:
        vb.agents.create("n", "p", voice_id="v", ambience=["much too long"])
    except InvalidArgumentError as error:
        print(error)
"""


def test_a_new_setting_reaches_the_user_through_generation_alone(generator: Generator) -> None:
    spec = document()
    for path, method in (("/agent", "post"), ("/agent/{id}", "put")):
        items = {"type": "string", "maxLength": 5}
        members(spec, path, method)["ambience"] = {"type": "array", "items": items}
    folders = os.pathsep.join(map(str, (generator(spec).parent, ROOT)))
    done = subprocess.run(
        [sys.executable, "-B", "-c", USE],
        env={**os.environ, "PYTHONPATH": folders},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        '["rain"]',
        '["wind"]',
        "null",
        '["storm"]',
        "agents.create: ambience[0] must be at most 5 characters long; nothing was sent.",
    ], done.stderr
