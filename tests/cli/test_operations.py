"""Every operation is a command, and works against the sandbox."""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

import vocobase.types
from tests.cli.conftest import Run
from tests.contract import scenario
from tests.signatures import arguments_of
from vocobase import Vocobase
from vocobase._policy.operations import OPERATIONS
from vocobase.cli.app import RESOURCES, program
from vocobase.cli.effects import OPERATION_EFFECTS
from vocobase.cli.operations import COLUMNS, KEYS, USUAL_ROWS, described
from vocobase_sandbox import Sandbox

SECRET = re.compile(r"secret|password|token|api_key")


class Answer(dict[str, Any]):
    """What a command wrote, read as the method returns it."""

    def __getattr__(self, name: str) -> Any:
        # A few members of the API are in camel case, and keep their names in JSON.
        head, *rest = name.split("_")
        return self.get(name, self.get(head + "".join(map(str.title, rest))))


def read(text: str, is_list: bool) -> Any:
    rows = [json.loads(line, object_hook=Answer) for line in text.splitlines()]
    return rows if is_list else rows[0] if rows else None


class Commands:
    """A client whose operations are commands; helpers that are not operations use the real client."""

    def __init__(self, run: Run, client: Any, folder: Path, path: tuple[str, ...] = ()) -> None:
        self.run, self.client, self.folder, self.path = run, client, folder, path
        self.called: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        inner = Commands(self.run, getattr(self.client, name), self.folder, (*self.path, name))
        inner.called = self.called
        return inner

    def __call__(self, *args: Any, **values: Any) -> Any:
        key = ".".join(self.path)
        if key not in OPERATIONS:
            return self.client(*args, **values)
        self.called.add(key)
        signature = inspect.signature(self.client)
        given = {**dict(zip(signature.parameters, args, strict=False)), **values}
        positional = {each.name for each in described(key).arguments if each.positional and not each.secret}
        options = [
            word for name in given if name not in positional for word in self.option(name, given[name])
        ]
        words = [word for name in given if name in positional for word in self.texts(given[name])]
        if key.endswith(".list"):
            options = ["--all"]
        command = key.replace("_", "-").split(".")
        done = self.run("--yes", "--output", "jsonl", *command, *options, "--", *words)
        assert done.exit_status == 0, (command, options, words, done)
        return read(done.stdout, signature.return_annotation.startswith("Page["))

    def option(self, name: str, value: Any) -> list[str]:
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            return [flag if value else f"--no-{flag[2:]}"]
        if SECRET.search(name):
            file = self.folder / name
            file.write_text(value, encoding="utf-8")
            return [f"{flag}=@{file}"]
        return [f"{flag}={text}" for text in self.texts(value)]

    def texts(self, value: Any) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
        return [json.dumps(value)]


def test_every_operation_works_as_a_command(run: Run, account: Sandbox, vb: Vocobase, tmp_path: Path) -> None:
    commands = Commands(run, vb, tmp_path)
    scenario.run(commands, account.clock.advance)
    sound = scenario.wav()
    with httpx.Client(transport=account.transport()) as http:

        def put(url: str, content: bytes, kind: str) -> None:
            assert http.put(url, content=content, headers={"content-type": kind}).is_success

        document = commands.documents.create_upload("a.md", 7, mime_type="text/markdown")
        put(document.upload_url, b"# Title", "text/markdown")
        track = commands.background_audio.create_upload(
            "chime", "Chime", mime_type="audio/wav", size_bytes=len(sound)
        )
        put(track.upload_url, sound, "audio/wav")
    assert commands.documents.confirm(document.document_id).status
    assert commands.background_audio.finalize(track.id).status == "READY"
    assert commands.called == set(OPERATIONS)


Found = tuple[tuple[str, ...], click.Command]


def commands_in(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[Found]:
    """Yield every command below a group with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None, (*path, name)
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from commands_in(found, (*path, name))


def test_every_operation_has_a_command_with_an_option_for_each_argument(vb: Vocobase) -> None:
    found = dict(commands_in(program()))
    for words, key in KEYS.items():
        method = functools.reduce(getattr, key.split("."), vb)
        assert {each.name for each in found[words].params} >= set(arguments_of(method))
        assert all(each.help for each in described(key).arguments)
    assert {words[0] for words in KEYS} == set(RESOURCES)
    assert set(OPERATION_EFFECTS) <= set(OPERATIONS)


def test_resources_have_the_summaries_of_the_client() -> None:
    for name, summary in RESOURCES.items():
        assert vars(Vocobase)[name.replace("-", "_")].__doc__ == summary


def test_the_columns_of_tables_are_members(vb: Vocobase) -> None:
    for resource, columns in COLUMNS.items():
        listed = inspect.signature(getattr(vb, resource).list).return_annotation
        model = getattr(vocobase.types, listed[5:-1])
        members = {row[1] for row in model._members}
        assert {column.partition(".")[0] for column in columns} <= members, resource


@pytest.fixture
def documents(vb: Vocobase, account: Sandbox) -> list[str]:
    """As many documents as need a second page, newest first."""
    for number in range(105):
        vb.documents.add_web_link(f"Page {number}", f"https://example.com/{number}")
    return [document.id for document in vb.documents.iter()]


def test_a_list_shows_the_usual_number_a_limit_or_everything(run: Run, documents: list[str]) -> None:
    def ids(*options: str) -> list[str]:
        return run("documents", "list", "--quiet", *options).stdout.split()

    assert ids() == documents[:USUAL_ROWS]
    assert ids("--limit", "3") == documents[:3]
    assert ids("--limit", "0") == []
    assert ids("--limit", "103") == documents[:103]
    assert ids("--limit", "102", "--offset", "2") == documents[2:104]
    assert ids("--offset", "103") == documents[103:]
    assert ids("--all") == documents
    assert run("documents", "list").stderr == f"{USUAL_ROWS} of 105 rows; --all shows all of them.\n"
    assert run("documents", "list", "--limit", "3").stderr == ""
    assert len(run("voices", "list", "--limit", "2").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["agents", "delete", "a1"], "agents delete a1: Soft-delete an agent"),
        (["calls", "start", "a1", "+12025550100"], "calls start a1 +12025550100: Start an outbound"),
        (["config", "webhooks", "rotate-secret", "h1"], "config webhooks rotate-secret h1: "),
        (["api", "post", "/calls/x/hold"], "POST /calls/x/hold may change the account."),
    ],
)
def test_a_dangerous_command_asks_on_a_terminal_and_needs_yes_elsewhere(
    run: Run, account: Sandbox, arguments: list[str], text: str
) -> None:
    refused = run(*arguments)
    assert (refused.exit_status, refused.stdout) == (2, "") and "--yes" in refused.stderr
    declined = run(*arguments, tty=True, input="no\n")
    assert declined.exit_status == 130 and text in declined.stderr and "nothing was done" in declined.stderr
    assert run(*arguments, tty=True, input="y\n").exit_status in (1, 3)
    assert run(*arguments, "--yes").exit_status in (1, 3)


def test_a_secret_is_never_an_argument(run: Run, account: Sandbox, tmp_path: Path) -> None:
    command = ("config", "telephony", "set-mcube", "08012345678", "--yes")
    argument = run(*command, "--jwt-token", "hidden-token")
    assert argument.exit_status == 2 and "must not be an argument" in argument.stderr
    assert "hidden-token" not in argument.stderr
    missing = run(*command)
    assert missing.exit_status == 2 and "--jwt-token @FILE" in missing.stderr
    assert run(*command, "--jwt-token", "@-", input="hidden-token\n").exit_status == 0
    assert run(*command, tty=True, secret="hidden-token").exit_status == 0


def test_null_clears_and_an_omitted_option_is_not_sent(run: Run, account: Sandbox, vb: Vocobase) -> None:
    made = vb.dictionaries.create("Words", terms=["a", "b"], description="old")
    assert run("dictionaries", "update", made.id, "--name", "Other").exit_status == 0
    assert vb.dictionaries.get(made.id).description == "old"
    run("dictionaries", "update", made.id, "--description", "null")
    changed = vb.dictionaries.get(made.id)
    assert (changed.name, changed.description, changed.terms) == ("Other", None, ["a", "b"])


def test_values_come_from_files(run: Run, account: Sandbox, vb: Vocobase, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Vocobase\n\n ringing \n", encoding="utf-8")
    made = json.loads(
        run("dictionaries", "create", "Words", "--terms", f"@{words}", "--terms", "@@home").stdout
    )
    assert vb.dictionaries.get(made["id"]).terms == ["Vocobase", "ringing", "@home"]
    more = ("dictionaries", "update", made["id"], "--terms")
    run(*more, '["x", "y"]')
    assert vb.dictionaries.get(made["id"]).terms == ["x", "y"]
    config = tmp_path / "extraction.json"
    config.write_text('\ufeff{"prompt": "p", "keys": []}', encoding="utf-8")
    agent = vb.agents.create("A", "Hi.", voice_id=vb.voices.list()[0].id)
    run("agents", "update", agent.id, "--extraction-config", f"@{config}", "--max-call-duration-secs", "null")
    assert vb.agents.get(agent.id).max_call_duration_secs is None
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"\xff\xfe\x00")
    for value, text in [
        ("@missing.txt", "missing.txt: no such file"),
        (f"@{bad}", "not a text file in UTF-8"),
        ("[1", "Expecting ',' delimiter"),
    ]:
        done = run(*more, value)
        assert done.exit_status == 2 and text in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["campaigns", "add-contacts", "c1", "[1"], "not JSON"),
        (
            ["campaigns", "create", "n", "a", "--provider", "twilio", "--concurrency-limit", "x"],
            "not a whole",
        ),
        (["calls", "start", "a", "+12025550100", "--yes", "--wait-for-slot", "x"], "'x' is not a number"),
        (["agents", "update", "a1", "--max-call-duration-secs", "5"], "must be at least 60"),
        (["api", "get", "/agent/voices", "--query", "x"], "NAME=VALUE"),
        (["api", "get", "agent"], "pass a method and a path"),
    ],
)
def test_a_wrong_value_is_one_line(run: Run, account: Sandbox, arguments: list[str], text: str) -> None:
    done = run(*arguments)
    assert done.exit_status == 2 and text in done.stderr and done.stderr.count("\n") == 1


def test_any_route_is_reachable(run: Run, account: Sandbox) -> None:
    voices = run("api", "get", "/agent/voices", "--output", "json", "--fields", "voices")
    assert json.loads(voices.stdout)["voices"]
    page = run("api", "GET", "/agent", "--query", "limit=1")
    assert json.loads(page.stdout)["limit"] == 1
    named = run("api", "post", "/projects", "--data", '{"name": "Client A"}', "--yes")
    assert json.loads(named.stdout)["name"] == "Client A"


def test_names_with_underscores_are_understood(run: Run, account: Sandbox) -> None:
    done = run("phone_numbers", "list")
    assert done.exit_status == 0
