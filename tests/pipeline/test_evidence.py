"""How a route is known goes from the document into the client, and a publisher need not say."""

from __future__ import annotations

from typing import Any

import pytest
from prepare_spec import prepare

from spec_tools.evidence import LEVELS, is_transcription, level, marks
from tests.pipeline.generator import NAMING
from tests.pipeline.published import published
from tests.pipeline.variants import HOSTILE, Json, document, each_operation, other_placeholders


def routes(spec: Json) -> dict[str, tuple[str, str, str]]:
    space: dict[str, Any] = {}
    exec(prepare(spec, NAMING).modules["routes.py"], space)
    found: dict[str, tuple[str, str, str]] = space["ROUTES"]
    return found


def with_evidence(route: Any) -> Json:
    spec = document()
    for _, _, operation in each_operation(spec):
        operation["x-evidence"] = {"route": route, "request": "reference", "response": "guide"}
    return spec


@pytest.mark.parametrize("known", LEVELS)
def test_the_level_of_a_route_is_that_of_the_document(known: str) -> None:
    assert {row[2] for row in routes(with_evidence(known)).values()} == {known}


@pytest.mark.parametrize("odd", [None, 5, [], {}, "Inferred", "other", *HOSTILE])
def test_any_other_level_is_none(odd: Any) -> None:
    assert {row[2] for row in routes(with_evidence(odd)).values()} == {"published"}


@pytest.mark.parametrize("odd", [None, "inferred", [], 5])
def test_marks_that_are_not_an_object_are_none(odd: Any) -> None:
    assert (marks({"x-evidence": odd}), level({"x-evidence": odd}, "route")) == ({}, "published")


def test_everything_in_a_published_document_is_published() -> None:
    spec = published()
    assert not is_transcription(spec)
    assert {row[2] for row in routes(spec).values()} == {"published"}


def test_one_mark_makes_a_document_our_transcription() -> None:
    spec = published()
    spec["paths"]["/calls"]["get"]["x-evidence"] = {"route": "reference"}
    assert is_transcription(spec)
    assert not is_transcription({"paths": {"/x": None, "/y": {"get": None}, "/z": {"get": {}}}})


def test_placeholders_have_the_names_of_the_rows() -> None:
    assert routes(other_placeholders(document())) == routes(document())
