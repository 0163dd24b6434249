"""openapi.json, the rows and the committed list of keys agree, and every operation is told in full."""

from __future__ import annotations

import json
import re

import pytest

from spec_tools.additions import checklist, new_row
from spec_tools.config import load_naming
from spec_tools.document import operations
from spec_tools.evidence import LEVELS, MARK
from spec_tools.matching import match
from spec_tools.validate import complaints
from tests import documented
from tests.pipeline.variants import EQUIVALENT, ROOT, Json, document, each_operation, open_lists

PLACEHOLDERS = re.compile(r"\b(todo|tbd|fixme|xxx|lorem|placeholder text|description here)\b", re.IGNORECASE)
OPERATIONS = [pytest.param(body, id=f"{method} {path}") for path, method, body in each_operation(document())]


def test_the_document_is_valid_openapi() -> None:
    assert complaints(ROOT / "openapi.json") == []


def test_the_version_30_variant_is_valid_openapi_too(tmp_path) -> None:
    """Otherwise the tests with that variant would prove nothing."""
    place = tmp_path / "3.0.json"
    place.write_text(json.dumps(EQUIVALENT["as_version_30"](document())))
    assert complaints(place) == []


def test_every_documented_operation_is_described() -> None:
    assert len(OPERATIONS) >= len(documented.KEYS) == len(load_naming().rows)


def test_every_operation_has_a_row() -> None:
    """The one test that fails when the publisher adds an operation; it says what to do."""
    needed = [
        "\n".join([f"{found.operation.route} has no row: make new-operation KEY={found.row.key}", *lines])
        for found in documented.matches(listed=False)
        for lines in [checklist(new_row(found, found.row.key), found.operation.route)]
    ]
    assert not needed, "\n\n".join(["", *needed])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_says_what_it_is(operation: Json) -> None:
    assert operation["tags"][0].strip()
    assert operation["summary"].strip()


@pytest.mark.skipif(not documented.OURS, reason="the publisher wrote the document, so it needs no evidence")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_of_our_transcription_says_how_it_is_known(operation: Json) -> None:
    assert len(operation["description"]) > 15
    evidence = operation["x-evidence"]
    assert set(evidence) - {"reason"} == {"route", "request", "response"}
    assert {evidence[part] for part in ("route", "request", "response")} <= set(LEVELS)
    if evidence["route"] == "inferred":
        assert evidence["reason"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_success_is_an_envelope(operation: Json) -> None:
    (status,) = [status for status in operation["responses"] if status.startswith("2")]
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    assert set(schema["required"]) == {"success", "data"}
    assert schema["properties"].keys() == {"success", "data"}


def test_nothing_but_the_evidence_is_private() -> None:
    """What limits a value is said in the words of JSON Schema, for every consumer."""
    found: set[str] = set()

    def gather(node: object) -> None:
        if isinstance(node, dict):
            found.update(key for key in node if key.startswith("x-"))
            for value in node.values():
                gather(value)
        elif isinstance(node, list):
            for value in node:
                gather(value)

    gather(document())
    assert found == ({MARK} if documented.OURS else set())


def test_an_open_list_is_its_known_values_or_any_string() -> None:
    any_string, null = {"type": "string"}, {"type": "null"}
    found = list(open_lists(document()))
    for node in found:
        listed = node["anyOf"][0]
        assert node["anyOf"] in ([listed, any_string], [listed, any_string, null])
        assert set(listed) == {"type", "enum"}
        assert "type" not in node
    assert len(found) >= 40


def test_no_description_is_a_placeholder() -> None:
    texts: list[str] = []

    def gather(node: object) -> None:
        if isinstance(node, dict):
            texts.extend(
                value for key, value in node.items() if key == "description" and isinstance(value, str)
            )
            for value in node.values():
                gather(value)
        elif isinstance(node, list):
            for value in node:
                gather(value)

    gather(document())
    assert len(texts) > 500
    assert [text for text in texts if not text.strip() or PLACEHOLDERS.search(text)] == []


def test_operation_ids_and_titles_are_unique() -> None:
    every = [body for _, _, body in each_operation(document())]
    assert len({body["operationId"] for body in every}) == len(every)
    assert len({(body["tags"][0], body["summary"]) for body in every}) == len(every)


def test_each_row_names_an_operation_by_title_and_by_route() -> None:
    naming = load_naming()
    found = match(naming.rows, operations(document(), naming.base_path))
    listed = [item for item in found if item.listed]
    assert [item.operation.route for item in listed] == [f"{row.method} {row.path}" for row in naming.rows]
    assert [item.operation.summary for item in listed] == [row.summary for row in naming.rows]


def test_the_committed_keys_are_those_of_the_rows() -> None:
    keys = (ROOT / "tests" / "contract" / "keys.txt").read_text(encoding="utf-8").split()
    assert keys == sorted(row.key for row in load_naming().rows)
    assert len(keys) >= 89
