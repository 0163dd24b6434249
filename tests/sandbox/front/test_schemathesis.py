"""Schemathesis over a real socket finds no response that openapi.json does not document.

Every operation gets boundary values, generated valid values and generated invalid values; a state machine
follows identifiers from one response into the next request. Seed and number of examples are fixed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import ensure_resource_availability

from tests.sandbox.contract import BASE_PATH, DOCUMENT
from tests.sandbox.filled import Known, fill
from vocobase_sandbox import Sandbox

CONFORMANCE = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
]
ACROSS_REQUESTS = ["use_after_free", "ensure_resource_availability"]
# Its body names another object, and the 404 for one that is unknown is no sign that the folder is lost.
NAMES_ANOTHER = "POST /document-folders/{id}/documents"
EVERY_HEALTH_CHECK = list(HealthCheck)


def adapted(document: dict[str, Any], known: Known) -> dict[str, Any]:
    """Tell schemathesis the rules that the document expresses outside JSON Schema; nothing else is weakened.

    - Ids are opaque: where the document says `format: uuid`, any text is a well-formed id, perhaps unknown.
    - Fields and path parameters that identify an object can have an existing id, or any other value.
    """
    document = copy.deepcopy(document)
    del document["webhooks"]  # events that the sandbox sends, no operations that it answers
    document["servers"] = [{"url": BASE_PATH}]
    for path, item in document["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    before = path[: path.index("{" + parameter["name"])]
                    parameter["schema"] = _one_of(known.paths[before], parameter["schema"])
    for name, schema in document["components"]["schemas"].items():
        for member, value in schema.get("properties", {}).items() if name.endswith("Request") else ():
            if member in known.members:
                schema["properties"][member] = _one_of(known.members[member], value)
    _relax(document)
    return document


def _one_of(known: list[Any], schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("type") == "array":
        return {**schema, "items": _one_of(known, schema["items"])}
    return {"anyOf": [{"enum": known}, schema]}


def _relax(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("format") == "uuid":
            del node["format"]
        for value in node.values():
            _relax(value)
    elif isinstance(node, list):
        for value in node:
            _relax(value)


def bounded(examples: int, **more: Any) -> settings:
    """Run the same limited set of examples every time."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=EVERY_HEALTH_CHECK,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        **more,
    )


class Account:
    """An account with one of everything, and the document for it."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(
            seed=1, clock="manual", rate_limits=False, concurrency=0, balance=1e6, agent_limit=100_000
        )
        self.schema = schemathesis.openapi.from_dict(adapted(DOCUMENT, fill(self.sandbox)))
        self.start = self.sandbox.snapshot()
        self.tested = ""
        config = self.schema.config
        config.seed = 1
        config.generation.update(with_security_parameters=False)
        config.checks.update(included_check_names=[*CONFORMANCE, *ACROSS_REQUESTS])
        rejection = config.checks.negative_data_rejection
        rejection.expected_statuses = [*rejection.expected_statuses, "413"]

    def restore(self) -> None:
        self.sandbox.restore(self.start)

    def begin(self, operation: str) -> None:
        """Restore the account before the first request of each operation."""
        if operation != self.tested:
            self.restore()
            self.tested = operation


@pytest.fixture(scope="module")
def account() -> Account:
    load_all_checks()
    return Account()


@pytest.fixture
def schema(account: Account, request: pytest.FixtureRequest) -> Any:
    # Schemathesis adds the operation to it; pytest 9.2 has no such attribute.
    request.node._nodeid = request.node.nodeid
    return account.schema


@pytest.fixture(scope="module")
def arguments(account: Account) -> Iterator[dict[str, Any]]:
    """Serve the sandbox; return the arguments of every request."""
    with account.sandbox, account.sandbox.serve() as server, requests.Session() as session:
        session.trust_env = False  # looking for proxies took a tenth of the time
        headers = {"authorization": f"Bearer {account.sandbox.api_key}"}
        yield {"base_url": server.base_url, "session": session, "headers": headers}


# From a fixture, and not from a module: every worker that collects tests would draw the examples of all operations.
@schemathesis.pytest.from_fixture("schema").parametrize()
@bounded(6)
def test_every_response_is_one_that_the_document_promises(
    case: schemathesis.Case, account: Account, arguments: dict[str, Any]
) -> None:
    account.begin(case.operation.label)
    case.call_and_validate(**arguments)


def test_identifiers_can_be_followed_from_response_to_request(
    account: Account, arguments: dict[str, Any]
) -> None:
    answered: set[str] = set()

    class Journey(account.schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            account.restore()

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return arguments

        def validate_response(
            self, response: Any, case: schemathesis.Case, *_: Any, **transport: Any
        ) -> None:
            excluded = [ensure_resource_availability] if case.operation.label == NAMES_ANOTHER else []
            case.validate_response(response, excluded_checks=excluded, transport_kwargs=transport)

        def after_call(self, response: Any, case: schemathesis.Case) -> None:
            super().after_call(response, case)
            account.sandbox.clock.advance(0.5)  # calls and campaigns continue meanwhile
            if response.status_code < 300:
                answered.add(case.operation.label)

    Journey.run(settings=bounded(25, stateful_step_count=15))
    assert len(answered) >= 30, "most requests were refused, so little was followed"
