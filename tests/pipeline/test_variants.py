"""The names of the client do not depend on how the publisher writes the document."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prepare_spec import prepare

from spec_tools import diff
from spec_tools.document import SpecError
from spec_tools.surface import Surface, compare, surface
from tests.pipeline import variants
from tests.pipeline.generator import NAMING, Generator, contents, without_docstrings
from tests.pipeline.variants import EQUIVALENT, HOSTILE, MOVED, Json, document


def meaning(spec: Json) -> Any:
    """Return the prepared document without descriptions."""

    def change(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: change(value)
                for key, value in node.items()
                if key != "description" or not isinstance(value, str)
            }
        return [change(item) for item in node] if isinstance(node, list) else node

    return change(prepare(spec, NAMING).document)


@pytest.fixture(scope="module")
def meant() -> Any:
    return meaning(document())


@pytest.mark.parametrize("variant", EQUIVALENT.values(), ids=EQUIVALENT)
def test_equivalent_documents_are_prepared_alike(variant: Callable[[Json], Json], meant: Any) -> None:
    assert meaning(variant(document())) == meant


def test_the_committed_client_is_what_the_generator_writes(generator: Generator, committed: Path) -> None:
    assert contents(generator(document())) == contents(committed)


@pytest.mark.parametrize("name", ["all_inline", "foreign_components", "everything_at_once"])
def test_equivalent_documents_give_the_same_public_names(
    name: str, generator: Generator, names: Surface
) -> None:
    assert surface(generator(EQUIVALENT[name](document()))) == names


@pytest.mark.parametrize(
    "name", ["all_inline", "foreign_components", "without_operation_ids", "shuffled_operation_ids"]
)
def test_operation_ids_and_components_leave_the_code_unchanged(
    name: str, generator: Generator, committed: Path
) -> None:
    assert without_docstrings(generator(EQUIVALENT[name](document()))) == without_docstrings(committed)


def test_a_moved_route_changes_method_and_path_only(generator: Generator, names: Surface) -> None:
    changes = compare(names, surface(generator(variants.moved_routes(document()))))
    assert {change.name.rpartition("/")[2] for change in changes} == {
        "dismiss_stale:METHOD",
        "dismiss_stale:PATH",
        "stats:PATH",
        "update_display_name:METHOD",
    }
    paths = {change.after for change in changes if change.name.endswith(":PATH")}
    assert paths == {
        f"Final = {MOVED[old][1]!r}" for old in ("/calls/dismiss-stale", "/campaigns/{id}/stats")
    }
    assert not any(change.breaking for change in changes)


def test_closed_lists_give_the_same_client(generator: Generator, committed: Path) -> None:
    """Enums of the client are open, whatever the publisher writes."""
    assert contents(generator(variants.closed_lists(document()))) == contents(committed)


def test_a_list_that_is_open_for_times_only_is_no_list() -> None:
    spec = document()
    agent = spec["components"]["schemas"]["Agent"]["properties"]
    agent["since"] = {"anyOf": [{"enum": ["never"]}, {"type": "string", "format": "date-time"}]}
    prepared = prepare(spec, NAMING).document
    assert prepared["components"]["schemas"]["Agent"]["properties"]["since"] == {"type": "string"}


def test_a_type_next_to_alternatives_opens_no_list_and_loses_no_members() -> None:
    spec = document()
    agent = spec["components"]["schemas"]["Agent"]["properties"]
    agent["mood"] = {"type": "string", "anyOf": [{"enum": ["good"]}, {"enum": ["bad"]}]}
    agent["pair"] = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    }
    changed = copy.deepcopy(spec)
    changed["components"]["schemas"]["Agent"]["properties"]["mood"]["anyOf"].append({"type": "string"})
    kinds = {(item.member, item.kind) for item in diff.compare(spec, changed, NAMING)}
    assert ("mood", "no longer limited to listed values") in kinds
    schemas = prepare(spec, NAMING).document["components"]["schemas"]
    assert schemas["AgentMood"]["enum"] == ["good", "bad"]
    assert set(schemas["AgentPair"]["properties"]) == {"a", "b"}


ADDITIONS = (
    "extra_operations",
    "extra_enum_values",
    "extra_response_members",
    "recursive_schema",
    "odd_enums",
)


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_leaves_prepared_operations_and_members_alone(name: str, meant: Any) -> None:
    after = meaning(getattr(variants, name)(document()))
    assert after != meant
    for path, item in meant["paths"].items():
        assert {method: after["paths"][path][method] for method in item} == item
    for model, schema in meant["components"]["schemas"].items():
        properties = after["components"]["schemas"][model].get("properties", {})
        assert {key: properties[key] for key in schema.get("properties", {})} == schema.get("properties", {})


def test_additions_change_no_public_name(generator: Generator, names: Surface) -> None:
    changes = compare(names, surface(generator(variants.every_addition(document()))))
    assert len(changes) > 100
    assert [change for change in changes if change.before is not None] == []


def test_an_operation_without_a_row_is_named_and_reported() -> None:
    found = prepare(variants.extra_operations(document()), NAMING)
    prepared, warnings = found.document, found.warnings
    known = prepare(document(), NAMING).warnings
    new = [warning for warning in warnings if warning not in known]
    assert sum("has no row in naming.operations" in warning for warning in new) == 4
    keys = {operation["summary"] for item in prepared["paths"].values() for operation in item.values()}
    assert {
        "calls.put_a_call_on_hold",
        "tickets.get_a_ticket",
        "agents.import",
        "other.get_untitled_a_b",
    } <= keys


def test_arguments_of_an_unlisted_route_do_not_clash_with_those_of_every_function() -> None:
    prepared = prepare(variants.extra_operations(document()), NAMING).document
    assert "/tickets/{value_client}/{id}" in prepared["paths"]
    assert "/untitled/{a_b}" in prepared["paths"]


def test_path_parameters_that_are_not_declared_are_read_from_the_path() -> None:
    prepared = prepare(variants.undeclared_path_parameters(document()), NAMING).document
    (parameter,) = prepared["paths"]["/calls/{id}"]["get"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("id", "path", True)


def test_an_unlisted_member_never_takes_the_name_of_another_model() -> None:
    prepared = prepare(variants.extra_response_members(document()), NAMING).document
    schemas = prepared["components"]["schemas"]
    assert "deep" not in schemas["CallDetails"]["properties"]
    assert "deep" in schemas["CallDetailsValue"]["properties"]
    assert "y" not in schemas["AgentList"]["properties"]


def test_members_that_disappear_are_the_only_change(generator: Generator, names: Surface) -> None:
    changes = compare(names, surface(generator(variants.removed_response_members(document()))))
    assert {change.name for change in changes if change.after is None} >= {
        "models/call:Call.duration_seconds",
        "models/call:Call.disposition",
    }
    assert all(change.after is None for change in changes)


def test_a_member_that_looks_like_another_does_not_displace_it() -> None:
    spec = document()
    spec["components"]["schemas"]["Agent"]["properties"]["AgentName"] = {"type": "integer"}
    found = prepare(spec, NAMING)
    prepared, warnings = found.document, found.warnings
    assert prepared["components"]["schemas"]["Agent"]["properties"]["agent_name"]["type"] == "string"
    assert any("'AgentName' cannot be an attribute" in warning for warning in warnings)


def test_a_recursive_schema_ends_at_its_repetition() -> None:
    prepared = prepare(variants.recursive_schema(document()), NAMING).document
    children = prepared["components"]["schemas"]["Agent"]["properties"]["children"]
    assert children == {"type": "array", "items": {}}


def test_similar_enum_values_get_names_of_their_own() -> None:
    prepared = prepare(variants.odd_enums(document()), NAMING).document
    enum = prepared["components"]["schemas"]["AgentLetterCase"]
    assert enum["enum"] == ["active", "ACTIVE", "Active", "act-ive", "act_ive"]
    assert len(set(enum["x-enum-varnames"])) == 5


def test_bodies_that_are_not_json_are_left_out_and_reported() -> None:
    found = prepare(variants.binary_answer(document()), NAMING)
    prepared, warnings = found.document, found.warnings
    assert any("projects.create" in warning and "not JSON" in warning for warning in warnings)
    answer = prepared["paths"]["/calls/{id}/recording-url"]["get"]["responses"]["2XX"]
    assert answer["content"]["application/json"]["schema"] == {}


def test_hostile_strings_stay_data(generator: Generator, names: Surface) -> None:
    package = generator(variants.hostile_strings(document()))
    allowed = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.AnnAssign)
    allowed_too = (ast.Assign, ast.If)
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        compile(tree, str(path), "exec", dont_inherit=True)
        for node in tree.body:
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            assert docstring or isinstance(node, (*allowed, *allowed_too)), (path, ast.unparse(node))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not calls & {"os.system", "__import__", "__import__('os').getcwd"}, path
        targets = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not targets & {"INJECTED", "os"}, path
    after = surface(package)
    assert [change for change in compare(names, after) if change.before is not None] == []


def test_members_that_would_replace_the_code_of_a_model_are_left_untyped(generator: Generator) -> None:
    after = surface(generator(variants.hostile_strings(document())))
    taken = ("field", "define", "from_dict", "load_enum", "absent", "additional_properties")
    assert not {f"models/agent:Agent.{name}" for name in taken} & after.keys()
    assert "models/agent:Agent.absent" not in after
    assert "api/calls/list_:build(client)" not in after
    assert after["api/calls/list_:sync(client)"] == "Client"


def test_hostile_enum_values_keep_their_meaning(generator: Generator) -> None:
    package = generator(variants.hostile_strings(document()))
    tree = ast.parse((package / "models" / "agent_hostile.py").read_text(encoding="utf-8"))
    values = [ast.literal_eval(node.value) for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    plain = [text for text in HOSTILE if text.isprintable()]
    assert len(values) == len(HOSTILE)
    assert set(plain) <= set(values)


def test_hostile_names_become_files_of_bearable_length(generator: Generator) -> None:
    package = generator(variants.hostile_strings(document()))
    assert max(len(path.name) for path in package.rglob("*")) < 200


@pytest.mark.parametrize("seed", range(25))
def test_a_damaged_document_is_refused_in_words(seed: int) -> None:
    """Replace one random node by junk: the result is a document or a SpecError, nothing else."""
    choice = random.Random(seed)
    spec = document()
    for _ in range(3):
        node: Any = spec
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = choice.choice(keys)
            inner = node[key]
            if not isinstance(inner, (dict, list)) or not inner or choice.random() < 0.15:
                node[key] = choice.choice(
                    [None, 7, "junk", [], {}, ["x", 1], {"$ref": "#/nowhere"}, {"$ref": 3}, True]
                )
                break
            node = inner
    try:
        prepared = prepare(spec, NAMING).document if isinstance(spec.get("paths"), dict) else {}
    except SpecError as error:
        assert str(error)
    else:
        assert isinstance(prepared, dict)


def test_references_that_multiply_are_refused() -> None:
    spec = document()
    schemas = spec["components"]["schemas"]
    for level in range(40):
        reference = {"$ref": f"#/components/schemas/Bomb{level + 1}"}
        schemas[f"Bomb{level}"] = {"type": "object", "properties": {"a": reference, "b": dict(reference)}}
    schemas["Bomb40"] = {"type": "string"}
    schemas["Agent"]["properties"]["bomb"] = {"$ref": "#/components/schemas/Bomb0"}
    with pytest.raises(SpecError, match="expands to more than"):
        prepare(spec, NAMING)


def test_a_schema_nested_beyond_reason_is_refused() -> None:
    spec = document()
    schema: Json = {"type": "string"}
    for _ in range(3000):
        schema = {"type": "object", "properties": {"x": schema}}
    spec["components"]["schemas"]["Agent"]["properties"]["deep"] = schema
    with pytest.raises(SpecError, match=r"levels|deeply"):
        prepare(spec, NAMING)
