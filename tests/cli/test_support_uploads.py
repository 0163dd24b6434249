"""Upload documents and audio, synchronise a folder, and apply dictionaries."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.contract import scenario
from vocobase import Vocobase
from vocobase.types import Agent
from vocobase_sandbox import Sandbox


@pytest.fixture
def agent(account: Sandbox, vb: Vocobase) -> Agent:
    return vb.agents.create("Front desk", "Say hello.", voice_id=vb.voices.list()[0].id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "kb"
    made.mkdir()
    for name in ("hours", "prices"):
        (made / f"{name}.md").write_text(f"# {name}", encoding="utf-8")
    return made


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_documents_are_uploaded_together(run: Run, account: Sandbox, vb: Vocobase, folder: Path) -> None:
    files = [str(folder / "hours.md"), str(folder / "prices.md")]
    done = run("documents", "upload", *files)
    assert done.exit_status == 0
    assert [row["path"] for row in rows(done.stdout)] == files
    assert {row["document_id"] for row in rows(done.stdout)} == {each.id for each in vb.documents.list()}
    table = run("documents", "upload", *files, "--concurrency", "1", tty=True)
    assert table.exit_status == 0 and "document_id" in table.stdout


def test_a_file_that_fails_has_its_error_and_the_others_are_uploaded(
    run: Run, account: Sandbox, vb: Vocobase, folder: Path
) -> None:
    bad = folder / "tool.exe"
    bad.write_bytes(b"MZ")
    words = ("documents", "upload", str(bad), str(folder / "hours.md"), str(folder / "missing.md"))
    done = run(*words)
    assert done.exit_status == 1 and done.stderr.count("\n") == 1
    statuses = [(row["status"] == "failed", bool(row["error"])) for row in rows(done.stdout)]
    assert statuses == [(True, True), (False, False), (True, True)]
    quiet = run(*words, "--quiet")
    assert quiet.stdout.split() == [vb.documents.list()[0].id]


def test_audio_is_uploaded_under_the_name_of_its_file(run: Run, account: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "Office Hum (1).wav"
    file.write_bytes(scenario.wav())
    made = json.loads(run("audio", "upload", str(file)).stdout)
    assert (made["slug"], made["status"]) == ("office-hum-1", "READY")
    assert run("audio", "upload", str(file)).exit_status == 1
    other = run("audio", "upload", str(file), "--slug", "hum", "--label", "Hum")
    assert json.loads(other.stdout)["label"] == "Hum"
    unnamed = tmp_path / "é.wav"
    unnamed.write_bytes(file.read_bytes())
    assert "pass --slug" in run("audio", "upload", str(unnamed)).stderr
    text = tmp_path / "text.wav"
    text.write_text("hello", encoding="utf-8")
    refused = run("audio", "upload", str(text))
    assert refused.exit_status == 1 and refused.stderr.count("\n") == 1


def test_a_folder_is_planned_synchronised_and_then_in_line(
    run: Run, agent: Agent, vb: Vocobase, folder: Path
) -> None:
    words = ("kb", "sync", str(folder), "--agent", "Front desk")
    plan = run(*words, "--dry-run")
    assert [(row["verb"], row["path"]) for row in rows(plan.stdout)] == [
        ("upload", "hours.md"),
        ("upload", "prices.md"),
    ]
    assert plan.stderr == "Plan: 2 upload.\n" and list(vb.documents.list()) == []
    done = run(*words)
    assert done.exit_status == 0 and done.stderr.endswith("Done: 2 upload.\n")
    assert len(vb.agents.documents.list(agent.id)) == 2
    again = run(*words)
    assert (again.exit_status, again.stdout, again.stderr) == (0, "", "Plan: 2 keep.\n")


def test_documents_are_removed_only_after_a_question(
    run: Run, agent: Agent, vb: Vocobase, folder: Path
) -> None:
    words = ("kb", "sync", str(folder), "--agent", agent.id)
    run(*words)
    (folder / "hours.md").unlink()
    refused = run(*words)
    assert refused.exit_status == 2 and "--yes" in refused.stderr
    declined = run(*words, tty=True, input="n\n")
    assert declined.exit_status == 130 and "remove  hours.md" in declined.stderr
    assert len(vb.agents.documents.list(agent.id)) == 2
    assert run(*words, "--yes").exit_status == 0
    assert len(vb.agents.documents.list(agent.id)) == 1
    empty = folder / "empty"
    empty.mkdir()
    assert run("kb", "sync", str(empty), "--agent", agent.id).stderr == "Plan: nothing.\n"


def test_files_that_fail_make_a_synchronisation_fail(
    run: Run, agent: Agent, account: Sandbox, folder: Path
) -> None:
    account.faults.add("status", "documents.confirm", status=422, count=1)
    done = run("kb", "sync", str(folder), "--agent", agent.id)
    assert done.exit_status == 1 and "run it again" in done.stderr
    assert run("kb", "sync", str(folder), "--agent", agent.id).exit_status == 0


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("Brands.txt", "Vocobase\n\n  two  words \nVocobase\n", {"Brands": ["Vocobase", "two words"]}),
        ("Brands.csv", "Vocobase\nringing\n", {"Brands": ["Vocobase", "ringing"]}),
        ("Brands.csv", "term;note\nVocobase;x\n", {"Brands": ["Vocobase"]}),
        (
            "all.csv",
            "dictionary,term\nBrands,Vocobase\nCities,Pune\n,other\n",
            {"Brands": ["Vocobase"], "Cities": ["Pune"], "all": ["other"]},
        ),
        ("Brands.json", '["Vocobase"]', {"Brands": ["Vocobase"]}),
        ("x.json", '{"name": "Brands", "terms": ["Vocobase"], "description": "b"}', {"Brands": ["Vocobase"]}),
        (
            "x.json",
            '[{"name": "Brands", "terms": ["Vocobase"]}, {"name": "Cities", "terms": ["Pune"]}]',
            {"Brands": ["Vocobase"], "Cities": ["Pune"]},
        ),
    ],
)
def test_every_form_of_a_file_is_applied(
    run: Run,
    account: Sandbox,
    vb: Vocobase,
    tmp_path: Path,
    name: str,
    content: str,
    wanted: dict[str, list[str]],
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    done = run("dictionaries", "apply", str(file))
    assert done.exit_status == 0 and {row["change"] for row in rows(done.stdout)} == {"created"}
    assert {each.name: vb.dictionaries.get(each.id).terms for each in vb.dictionaries.iter()} == wanted
    again = run("dictionaries", "apply", str(file))
    assert {row["change"] for row in rows(again.stdout)} == {"unchanged"}


def test_a_changed_file_shows_its_difference_and_asks_before_terms_go(
    run: Run, account: Sandbox, vb: Vocobase, tmp_path: Path
) -> None:
    file = tmp_path / "words.txt"
    file.write_text("one\ntwo\n", encoding="utf-8")
    words = ("dictionaries", "apply", str(file), "--name", "Brands")
    made = vb.dictionaries.create("Brands", terms=["one"])
    assert run(*words, "--dry-run").stderr == "Brands: changed\n+ two\n"
    assert run(*words).exit_status == 0
    file.write_text("two\n", encoding="utf-8")
    refused = run(*words)
    assert refused.exit_status == 2 and "1 term will be removed." in refused.stderr
    assert "\n- one\n" in refused.stderr and vb.dictionaries.get(made.id).terms == ["one", "two"]
    assert json.loads(run(*words, "--yes").stdout)["removed"] == ["one"]
    assert vb.dictionaries.get(made.id).terms == ["two"]
    assert re.search(r"Brands +unchanged +1 +0 +0", run(*words, tty=True).stdout)
    described = tmp_path / "words.json"
    described.write_text('{"terms": ["two"], "description": "Our brands"}', encoding="utf-8")
    assert json.loads(run(*words[:2], str(described), *words[3:]).stdout)["change"] == "changed"
    assert vb.dictionaries.get(made.id).description == "Our brands"


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", b"\xff\xfe\x00", "not a text file in UTF-8"),
        ("a.txt", b"a\x00b", "not a text file in UTF-8"),
        ("a.txt", b"\n\n", "has no terms"),
        ("a.csv", b"", "has no terms"),
        ("a.csv", b"word,note\na,b\n", "no column is called term"),
        ("a.csv", b'term\n"open\n', "unexpected end of data"),
        ("a.json", b"{", "Expecting property name"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"[1]", "pass a list of terms"),
        ("a.json", b'{"terms": "x"}', "pass a list of terms"),
        ("a.json", b'{"terms": [], "name": 5}', "pass a list of terms"),
        ("a.csv", b"dictionary,term\na,b\nc,d\n", "omit --name"),
    ],
)
def test_a_wrong_file_of_terms_is_one_line(
    run: Run, account: Sandbox, tmp_path: Path, name: str, content: bytes, text: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    done = run("dictionaries", "apply", str(file), "--name", "Brands")
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (2, "", 1) and text in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["dictionaries", "apply", "missing.txt"], 1, "missing.txt: no such file"),
        (["documents", "upload"], 2, "Missing argument"),
        (["documents", "upload", "x", "--concurrency", "99"], 2, "1<=x<=16"),
        (["kb", "sync", "missing", "--agent", "Front desk"], 2, "missing"),
        (["kb", "sync", ".", "--agent", "Frnt desk"], 3, "Did you mean 'Front desk'?"),
    ],
)
def test_bad_input_is_one_line(run: Run, agent: Agent, arguments: list[str], status: int, text: str) -> None:
    done = run(*arguments)
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (status, "", 1) and text in done.stderr


def test_a_file_cannot_steer_the_terminal(run: Run, account: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("one\n", encoding="utf-8")
    run("dictionaries", "apply", str(file))
    file.write_text("one\n\x1b[2Jtwo\n", encoding="utf-8")
    done = run("dictionaries", "apply", str(file), "--dry-run", tty=True)
    assert "\x1b" not in done.stderr and "+  [2Jtwo" in done.stderr
