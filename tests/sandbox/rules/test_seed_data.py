"""Unusable seed data is reported in one line that names the entry, without wasting time or memory."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.support import EN_VOICE, Api
from vocobase_sandbox import Sandbox
from vocobase_sandbox.__main__ import EXIT_UNUSABLE, main

LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 15)
)
MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))
FILES: dict[str, bytes] = {
    "empty.yaml": b"",
    "comment.yaml": b"# nothing\n",
    "empty.json": b"",
    "date as a name.yaml": b"projects:\n- name: 2024-01-02\n",
    "time.yaml": b"projects:\n- name: 2024-01-02T03:04:05Z\n",
    "impossible date.yaml": b"projects:\n- name: 2024-99-99\n",
    "deep flow.yaml": b"a: " + b"[" * 5000,
    "deep.json": b'{"agents": ' + b"[" * 100_000,
    "deep and closed.json": b'{"agents": ' + b"[" * 900 + b"]" * 900 + b"}",
    "deep block.yaml": b"".join(b" " * n + b"a:\n" for n in range(200)),
    "laughs.yaml": LAUGHS.encode(),
    "merges.yaml": MERGES.encode(),
    "cycle.yaml": b"agents: &a\n- *a\n",
    "cycle of mappings.yaml": b"&a\nagents: *a\n",
    "long tag.yaml": b"agents: !" + b"x" * 100_000 + b" y\n",
    "set.yaml": b"agents: !!set {a, b}\n",
    "binary.yaml": b"agents: !!binary aGVsbG8=\n",
    "bad binary.yaml": b"agents: !!binary '*'\n",
    "python.yaml": b"agents: !!python/object/apply:os.system [ls]\n",
    "bad tag of time.yaml": b"agents: !!timestamp nonsense\n",
    "bad tag of bool.yaml": b"agents: !!bool nonsense\n",
    "bad tag of int.yaml": b"agents: !!int ''\n",
    "not text as a name.yaml": b"1: x\n",
    "yes as a name.yaml": b"yes: x\n",
    "list as a name.yaml": b"? [a]\n: x\n",
    "null as a name.yaml": b"~: x\n",
    "control character.yaml": b"agents: \x01\n",
    "tab.yaml": b"agents:\n\t- x\n",
    "two documents.yaml": b"a: 1\n---\nb: 2\n",
    "unknown alias.yaml": b"agents: *none\n",
    "member twice.yaml": b"agents: []\nagents: []\n",
    "member twice.json": b'{"agents": [], "agents": []}',
    "latin-1.yaml": b"projects:\n- name: caf\xe9\n",
    "latin-1.json": b'{"projects": [{"name": "caf\xe9"}]}',
    "utf-16.json": '{"projects": []}'.encode("utf-16"),
    "huge integer.json": b'{"account": {"balance": ' + b"9" * 5000 + b"}}",
    "large integer.json": b'{"account": {"balance": ' + b"9" * 400 + b"}}",
    "huge integer.yaml": b"account:\n  balance: " + b"9" * 5000,
    "hexadecimal.yaml": b"account:\n  balance: 0x" + b"f" * 300,
    "base sixty.yaml": b"account:\n  balance: 1" + b":59" * 300_000,
    "not a number.json": b'{"account": {"balance": NaN}}',
    "infinite.json": b'{"account": {"balance": 1e999}}',
    "not a number.yaml": b"account:\n  balance: .nan\n",
    "half a character.json": b'{"projects": [{"name": "\\ud800"}]}',
    "a list.json": b"[1]",
    "a text.yaml": b"hello",
    "too large.json": b" " * (8 * 1024 * 1024 + 1),
    "too large.yaml": b"#" * (1024 * 1024 + 1),
    "too many.json": b'{"agents": [' + b"0," * 300_000 + b"0]}",
}


@pytest.mark.parametrize("name", FILES)
def test_an_unusable_file_is_one_line_and_an_exit_code(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name.replace(" ", "-")
    path.write_bytes(FILES[name])
    state = tmp_path / "state"
    assert main(["--data", str(path), "--state", str(state), "--port", "0"]) == EXIT_UNUSABLE
    written = capsys.readouterr()
    [line] = written.err.splitlines()
    assert line.startswith("vocobase_sandbox: ") and len(line) < 600 and written.out == ""
    # The state file is as fresh as it was.
    with Sandbox(state=state, clock="manual", data={"projects": [{"name": "p"}]}) as sandbox:
        assert any(row["name"] == "p" for row in sandbox.world.store.rows("projects"))


@pytest.mark.parametrize("kind", ["folder", "nothing", "forbidden", "nul"])
def test_an_unreadable_file_is_one_line(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "seed.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "forbidden":
        if os.geteuid() == 0:
            pytest.skip("root may read everything")
        path.touch(mode=0)
    shown = "a\0b" if kind == "nul" else str(path)
    assert main(["--data", shown, "--port", "0"]) == EXIT_UNUSABLE
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("vocobase_sandbox: cannot read")


@pytest.mark.parametrize(
    "name", ["date as a name.yaml", "laughs.yaml", "merges.yaml", "deep.json", "cycle.yaml"]
)
def test_the_process_prints_no_traceback(name: str, tmp_path: Path) -> None:
    path = tmp_path / ("seed" + Path(name).suffix)
    path.write_bytes(FILES[name])
    command = [sys.executable, "-m", "vocobase_sandbox", "--port", "0", "--data", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (EXIT_UNUSABLE, "", 1)


CYCLE: dict[str, Any] = {}
CYCLE["agents"] = [CYCLE]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"projects": [{"name": date(2024, 1, 2)}]}, r"projects\[0\]\.name: .*type date .*put it in quotes"),
        ({"projects": [{"name": math.nan}]}, "must be finite"),
        ({"projects": [{"name": 2**70}]}, "too large"),
        ({"projects": [{"name": {1, 2}}]}, "type set"),
        ({"projects": [{"name": ["p"]}]}, r"projects\[0\]: name"),
        ({"projects": [{}]}, r"projects\[0\]: name is required"),
        ({"projects": {"name": "p"}}, "projects must be a list"),
        ({"projects": "p"}, "projects must be a list"),
        ({"projects": 5}, "projects must be a list"),
        ({1: []}, "a name must be a string"),
        ({"projects": [{2: "p"}]}, r"projects\[0\]: a name must be a string"),
        (CYCLE, "levels deep"),
        ({"agents": [{"project": ["p"]}]}, "there is no project named"),
        ({"agents": [{"documents": "Site"}]}, "must be a list"),
        ({"agents": [{"documents": 5}]}, "must be a list"),
        ({"agents": [{"dictionaries": [{"a": 1}]}]}, "there is no dictionary named"),
        ({"account": []}, None),
        ({"account": ["x"]}, "account must be a mapping"),
        ({"account": "x"}, "account must be a mapping"),
        ({"account": {"balance": "x"}}, r"account\.balance must be a number"),
        ({"account": {"balance": True}}, r"account\.balance must be a number"),
        ({"account": {"balance": None}}, r"account\.balance must be a number"),
        ({"account": {"balance_paise": 0.5}}, r"account\.balance_paise must be a whole number"),
        ({"account": {"concurrency": "many"}}, r"account\.concurrency must be a whole number"),
        ({"account": {"concurrency": -1}}, r"account\.concurrency must be a whole number"),
        ({"account": {"agent_limit": 1.5}}, r"account\.agent_limit must be a whole number"),
        ({"account": {"status": "sleepy"}}, r"account\.status must be active or suspended or pending"),
        ({"account": {"status": ["active"]}}, r"account\.status must be"),
        (
            {"account": {"allowed_providers": "twilio"}},
            r"account\.allowed_providers must be a list of strings",
        ),
        ({"account": {"allowed_providers": [1]}}, r"account\.allowed_providers must be a list of strings"),
        ({"account": {"display_name": 1}}, r"account\.display_name must be a string"),
        (
            {"documents": [{"name": "a", "url": "https://x/"}] * 2, "agents": [{"documents": ["a"]}]},
            "there are 2 of document",
        ),
    ],
)
def test_every_wrong_value_is_named_with_its_place(data: Any, reason: str | None) -> None:
    if reason is None:
        Sandbox(data=data, clock="manual").close()
        return
    with pytest.raises(ValueError, match=reason) as caught:
        Sandbox(data=data, clock="manual")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_aliases_and_merges_of_an_ordinary_size_are_fine(build: Callable[..., Api], tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(
        "projects:\n- &p {name: A, description: same}\n- {<<: *p, name: B}\n- {<<: [*p], name: C}\n",
        "utf-8-sig",
    )
    names = {row["name"] for row in build(data=path).ok("GET", "/projects")["projects"]}
    assert {"A", "B", "C"} <= names


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "url",
                    "label",
                    "documents",
                    "project",
                    "variables",
                    "agent_name",
                    "prompt",
                    "words",
                    1,
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
sections = st.sampled_from(
    ["account", "projects", "dictionaries", "documents", "connections", "agents", "webhooks", "robots"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(sections, json_like, max_size=3))
def test_any_mapping_loads_or_is_rejected_in_one_line(data: dict[str, Any]) -> None:
    try:
        Sandbox(data=data, clock="manual").close()
    except ValueError as error:
        assert "\n" not in str(error) and "has a bug" not in str(error)


def test_seed_data_is_copied(build: Callable[..., Api]) -> None:
    data: dict[str, Any] = {"projects": [{"name": "p"}]}
    api = build(data=data)
    data["projects"].append({"name": 5})
    api.sandbox.reset()
    assert json.dumps(api.ok("GET", "/projects")).count('"p"') == 1


DATA: dict[str, Any] = {
    "account": {"balance": 12.5, "concurrency": 2},
    "projects": [{"name": "Client A"}],
    "dictionaries": [{"name": "Products", "terms": ["Vocobase"]}],
    "documents": [{"name": "Site", "url": "https://example.com/"}],
    "agents": [
        {
            "agent_name": "Support",
            "prompt": "Help.",
            "voice_id": EN_VOICE,
            "agent_type": "inbound",
            "variables": ["name"],
            "project": "Client A",
            "documents": ["Site"],
            "dictionaries": ["Products"],
        }
    ],
    "webhooks": [{"label": "main", "url": "https://example.com/hook"}],
}


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_seed_data_fills_a_fresh_account(build: Callable[..., Api], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"seed{suffix}"
    path.write_text(json.dumps(DATA))  # JSON is YAML as well
    api = build(data=path, rate_limits=True)
    agent = api.ok("GET", "/agent")["agents"][0]
    assert (agent["agent_name"], agent["document_count"], agent["variables"]) == ("Support", 1, ["name"])
    assert api.ok("GET", f"/projects/{agent['project_id']}")["name"] == "Client A"
    assert len(api.ok("GET", f"/agent/{agent['id']}/dictionaries")["dictionaries"]) == 1
    assert api.ok("GET", "/calls/concurrency")["limit"] == 2
    api.sandbox.reset()
    assert api.ok("GET", "/agent")["total"] == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"agents": [{"agent_name": "x"}]}, r"agents\[0\]: prompt is required"),
        ({"agents": [{"project": "none"}]}, "no project named 'none'"),
        ({"robots": []}, "unknown sections: robots"),
        ({"account": {"colour": 1}}, "unknown settings"),
        ({"agents": ["x"]}, "must be a mapping"),
    ],
)
def test_the_error_for_bad_seed_data_names_the_entry(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Sandbox(data=data, clock="manual")


def test_bad_seed_data_leaves_a_state_file_unchanged(build: Callable[..., Api], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="prompt is required"):
        Sandbox(data={"agents": [{"agent_name": "x"}]}, state=tmp_path / "s", clock="manual")
    assert build(data=DATA, state=tmp_path / "s").ok("GET", "/agent")["total"] == 1


@pytest.mark.parametrize("content", ["[1]", "{", None])
def test_unreadable_seed_files_are_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "seed.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match=r"seed\.json"):
        Sandbox(data=path, clock="manual")


def test_yaml_needs_its_library_and_the_right_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("a: [")
    with pytest.raises(ValueError, match=r"seed\.yaml"):
        Sandbox(data=path, clock="manual")
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ValueError, match="PyYAML"):
        Sandbox(data=path, clock="manual")


def test_an_agent_of_seed_data_needs_no_extras() -> None:
    agent = {"agent_name": "x", "prompt": "p", "voice_id": EN_VOICE, "agent_type": "inbound"}
    with Sandbox(data={"agents": [agent]}, clock="manual", api_key="rg_live_x") as sandbox:
        assert sandbox.api_key == "rg_live_x" and len(sandbox.world.store.table("agents")) == 1
