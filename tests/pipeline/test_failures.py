"""A document or configuration that cannot be used is refused with one clear line, never with a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from prepare_spec import main
from ruamel.yaml import YAML

from tests.pipeline.variants import ROOT, Json, document

CONFIG = ROOT / "generator-config.yaml"


@pytest.fixture
def refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs prepare_spec and returns what it says."""

    def run(text: str | None, config: Path = CONFIG) -> str:
        source, target = tmp_path / "spec.json", tmp_path / "prepared.json"
        if text is not None:
            source.write_text(text, encoding="utf-8")
        assert main([str(source), str(target), "--config", str(config)]) == 2
        assert not target.exists()
        return capsys.readouterr().err

    return run


def without(path: str, method: str) -> str:
    spec = document()
    del spec["paths"][path][method]
    return json.dumps(spec)


def changed(change: Callable[[Json], object]) -> str:
    spec = document()
    change(spec)
    return json.dumps(spec)


def test_a_row_without_an_operation_names_row_candidates_and_remedy(refusal: Callable[..., str]) -> None:
    spec = document()
    spec["paths"]["/calls/launch"] = {"post": spec["paths"].pop("/calls/start")["post"]}
    spec["paths"]["/calls/launch"]["post"]["summary"] = "Launch an outgoing call"
    message = refusal(json.dumps(spec))
    assert message.count("\n") == 1
    for part in ("calls.start", "'Start an outbound call'", "POST /calls/start", "'Launch an outgoing call'"):
        assert part in message
    assert "Correct tag, summary, method or path of this row in generator-config.yaml" in message


def test_every_missing_operation_has_its_line(refusal: Callable[..., str]) -> None:
    spec = document()
    del spec["paths"]["/calls/start"]["post"], spec["paths"]["/projects"]["get"]
    message = refusal(json.dumps(spec))
    assert [line.split()[2] for line in message.splitlines()] == ["calls.start:", "projects.list:"]


def test_the_document_of_another_api_gives_a_few_lines_only(refusal: Callable[..., str]) -> None:
    message = refusal('{"openapi": "3.0.0", "paths": {}}')
    assert len(message.splitlines()) == 6
    assert "84 more rows" in message


CASES = {
    "missing file": (None, "cannot be read: No such file"),
    "not JSON": ("<html>", "not JSON"),
    "empty": ("", "not JSON"),
    "not a number": ('{"openapi": NaN}', "NaN is not a JSON value"),
    "half a character": ('{"openapi": "\\ud800"}', "not JSON"),
    "nested too deeply": ("[" * 100_000, "not JSON"),
    "an array": ("[]", "the top level is list"),
    "Swagger 2.0": ('{"swagger": "2.0", "paths": {}}', "`swagger` is '2.0'; only OpenAPI 3.0 and 3.1"),
    "OpenAPI 4": ('{"openapi": "4.0.0", "paths": {}}', "`openapi` is '4.0.0'"),
    "no paths": ('{"openapi": "3.1.0"}', "`paths` is missing"),
    "broken reference": (
        changed(lambda spec: spec["components"]["schemas"].pop("CallList")),
        "GET /calls): 200.data: $ref '#/components/schemas/CallList': 'CallList' does not exist",
    ),
    "reference elsewhere": (
        changed(lambda spec: spec["components"]["schemas"].update(Agent={"$ref": "other.json#/Agent"})),
        "only references inside the document are followed",
    ),
    "endless reference": (
        changed(lambda spec: spec["components"]["responses"].update(A={"$ref": "#/components/responses/A"})
                or spec["paths"]["/calls"]["get"]["responses"].update({"200": {"$ref": "#/components/responses/A"}})),
        "the $ref chain does not end",
    ),
    "wrong placeholder count": (
        changed(lambda spec: spec["paths"].update({"/calls/{a}/{b}": spec["paths"].pop("/calls/{id}")})),
        "calls.get: the document's GET /calls/{a}/{b} has the path parameters ['a', 'b'], the row has ['id']",
    ),
    "unpaired braces": (
        changed(lambda spec: spec["paths"].update({"/x/{id": {"get": {}}})),
        "GET /x/{id: the braces of the path do not pair",
    ),
    "two names for one route": (
        changed(lambda spec: spec["paths"].update({"/calls/{other}": spec["paths"]["/calls/{id}"]})),
        "are one route",
    ),
    "unknown type": (
        changed(lambda spec: spec["components"]["schemas"]["Agent"]["properties"].update(x={"type": "file"})),
        "unknown type 'file'",
    ),
    "too many operations": (
        changed(lambda spec: spec["paths"].update({f"/x/{i}": {"get": {}} for i in range(1000)})),
        "more than 1000 operations",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_is_no_usable_document_is_refused_in_one_line(
    text: str | None, expected: str, refusal: Callable[..., str]
) -> None:
    message = refusal(text)
    assert expected in message
    assert message.count("\n") == 1
    assert message.startswith("prepare_spec: ")


CONFIGS = {
    "no naming": "field_prefix: x\n",
    "row without a path": "naming: {base_path: /, members: {}, operations: [{key: a.b, tag: A, summary: B, method: GET}]}\n",
    "row with an unknown member": "naming: {base_path: /, members: {}, operations: [{kee: a.b}]}\n",
    "not YAML": "naming: [\n",
    "empty": "",
    "fix without a reason": "naming: {base_path: /, members: {}, operations: []}\nfixes: [{at: A.b}]\n",
}


@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS)
def test_a_configuration_without_usable_naming_is_refused(
    text: str, refusal: Callable[..., str], tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(text)
    assert "`naming` is not as expected" in refusal(json.dumps(document()), config)


def test_a_missing_configuration_is_refused(refusal: Callable[..., str], tmp_path: Path) -> None:
    assert "cannot be read" in refusal(json.dumps(document()), tmp_path / "none.yaml")


def test_a_fix_of_a_member_that_is_gone_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = document()
    del spec["components"]["schemas"]["AgentList"]["properties"]["total"]
    source = tmp_path / "spec.json"
    source.write_text(json.dumps(spec))
    assert main([str(source), str(tmp_path / "prepared.json")]) == 0
    assert "fixes: AgentList.total: the member no longer exists; delete the row" in capsys.readouterr().err


def test_the_generator_reads_nothing_of_our_own_sections() -> None:
    text = CONFIG.read_text(encoding="utf-8").partition("# --- naming")[0]
    assert not {"naming", "fixes", "drift"} & YAML(typ="safe").load(text).keys()
