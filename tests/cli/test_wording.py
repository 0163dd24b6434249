"""Messages of the SDK, in the words of the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vocobase._policy.operations import OPERATIONS
from vocobase.cli.wording import FLAGS, translated
from vocobase_sandbox import Sandbox


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pass delimiter=';' or write", "pass --delimiter ';' or write"),
        ("this looks like UTF-16; pass encoding='utf-16-le' or 'utf-16-be'.",
         "this looks like UTF-16; pass --encoding 'utf-16-le' or 'utf-16-be'."),
        ("write it as +..., or pass region=", "write it as +..., or pass --region"),
        ("send it again; with import_dids=False it changes nothing.",
         "send it again; with --no-import-dids it changes nothing."),
        ("wait longer, or check later with calls.get.", "wait longer, or check later with vocobase calls get."),
        ("calls.get: 404 NOT_FOUND: call not found.", "calls.get: 404 NOT_FOUND: call not found."),
        ("check with calls.find_started before dialling again",
         "check with vocobase calls --to NUMBER --since 10m before dialling again"),
        ("check with config.webhooks.list; if it exists", "check with vocobase config webhooks list; if it exists"),
        ("see example.com", "see example.com"),
        ("the transfer took longer than 60 s; pass transfer_timeout=.", "the transfer took longer than 60 s."),
        ("change the list: DialList.change.", "change the list: vocobase dial change."),
        ("list those with x=1 or y=2", "list those with x=1 or y=2"),
    ],
)  # fmt: skip
def test_arguments_and_methods_become_options_and_commands(text: str, wanted: str) -> None:
    assert translated(text) == wanted


def test_every_translated_argument_is_an_option(run: Run) -> None:
    names = set(re.findall(r'"(--[a-z-]+)"', run("--map=json").stdout))
    for flag in FLAGS:
        assert f"--{flag.replace('_', '-')}" in names


def test_the_advice_of_every_operation_names_commands() -> None:
    for operation in OPERATIONS.values():
        assert not re.search(r"\b[a-z_]+\.[a-z_]+|[a-z]=", translated(operation.advice)), operation.advice


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"a,b\n1,2\n", "name it with --column phone=HEADER; add a header if there is none"),
        ("phone,name\n+12025550100,Asha\n".encode("utf-16-le"), "--encoding"),
        (b"\x1f\x8b\x08\x00", "decompress it first"),
        (b"phone,mobile\n+12025550100,+12025550101\n", "say which with --column phone=HEADER"),
        (b"phone\n2025550100\n", "--region"),
    ],
)
def test_a_file_that_cannot_be_read_names_options(
    run: Run, tmp_path: Path, content: bytes, wanted: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    done = run("contacts", "check", str(file))
    assert wanted in done.stdout + done.stderr
    assert not re.search(r"[a-z]=(?!HEADER)", done.stdout + done.stderr)


def test_a_route_that_the_api_does_not_have_names_the_doctor(run: Run, account: Sandbox) -> None:
    account.faults.add("html", "campaigns.stop", status=404)
    done = run("campaigns", "stop", "c1", "--yes")
    assert "vocobase doctor --spec" in done.stderr and "routes=" not in done.stderr
    shown = json.loads(run("campaigns", "stop", "c1", "--yes", "--output", "json").stderr)
    assert "vocobase doctor --spec" in shown["hint"] and "VOCOBASE_ROUTES" in shown["error"]


def test_without_a_key_the_message_names_the_login(run: Run) -> None:
    done = run("agents", "list")
    assert "vocobase login" in done.stderr and "api_key" not in done.stderr
