"""The map of all commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.cli.conftest import Run
from vocobase._policy.operations import OPERATIONS
from vocobase.cli.app import COMMANDS
from vocobase.cli.effects import ASKS, EFFECTS
from vocobase.cli.operations import words_of


def flat(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from flat(node.get("commands", []))


def test_the_map_has_every_command_with_its_effect(run: Run) -> None:
    done = run("--map=json")
    content = json.loads(done.stdout)
    found = {node["command"]: node for node in flat(content["commands"])}
    assert {" ".join(words_of(key)) for key in OPERATIONS} | set(COMMANDS) <= set(found)
    runnable = [node for node in found.values() if "effect" in node]
    assert all(node["effect"] in EFFECTS and node["asks"] is (node["effect"] in ASKS) for node in runnable)
    assert found["calls start"]["effect"] == "rings" and found["agents list"]["effect"] == "reads"
    assert (
        found["login"]["effect"] == "overwrites"
        and found["profiles"]["commands"][0]["command"] == "profiles use"
    )
    assert "--no-pii" in [option["name"] for option in content["options"]]


def test_the_map_has_types_and_known_values(run: Run) -> None:
    nodes = flat(json.loads(run("--map", "json").stdout)["commands"])
    start = next(node for node in nodes if node["command"] == "calls start")
    assert [each["name"] for each in start["arguments"]] == ["agent_id", "to_number"]
    options = {each["name"]: each for each in start["options"]}
    assert options["--variables"]["type"] == "JSON" and "twilio" in options["--provider"]["values"]
    assert not options["--provider"]["required"] and not options["--provider"]["several"]


def test_every_command_says_what_it_does(run: Run) -> None:
    nodes = list(flat(json.loads(run("--map", "json").stdout)["commands"]))
    assert [node["command"] for node in nodes if not node["summary"]] == []
