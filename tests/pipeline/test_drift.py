"""The drift check as a command: sources, formats, exit codes, and replacing the snapshot."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import drift
import pytest
import update_spec

from spec_tools.fetch import Limits
from spec_tools.report import FORMATS, Report, clean, render
from spec_tools.validate import check_references, complaints
from tests.ledger.servers import free_port
from tests.pipeline.server import Publisher, publishing
from tests.pipeline.variants import HOSTILE, ROOT, closed_lists, document, extra_operations, hostile_strings

SNAPSHOT = ROOT / "openapi.json"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as server:
        yield server


@pytest.fixture(autouse=True)
def no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may meet the real address."""
    monkeypatch.setenv("VOCOBASE_SPEC_URL", f"http://127.0.0.1:{free_port()}/nothing")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the validator, which takes seconds and has tests of its own."""
    monkeypatch.setattr(drift, "complaints", lambda path: [])


def report_on(spec: Any, folder: Path) -> Report:
    source = folder / "published.json"
    source.write_text(json.dumps(spec), encoding="utf-8")
    return drift.check(str(source), SNAPSHOT, Limits())[0]


@pytest.fixture(scope="module")
def additive(tmp_path_factory: pytest.TempPathFactory, interpreter: Path) -> Report:
    spec = extra_operations(document())
    spec["components"]["schemas"]["Agent"]["properties"]["`shiny|<b>@x"] = {"type": "string"}
    spec["components"]["schemas"]["Agent"]["properties"]["shiny"] = {"type": "string"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drift, "complaints", lambda path: [])
        patch.setattr(sys, "executable", str(interpreter))
        return report_on(spec, tmp_path_factory.mktemp("additive"))


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory, interpreter: Path) -> Report:
    spec = document()
    del spec["components"]["schemas"]["Agent"]["properties"]["agent_name"]
    spec["paths"]["/calls/dismiss"] = spec["paths"].pop("/calls/dismiss-stale")
    spec["paths"]["/calls"]["get"]["responses"]["200"].pop("description")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", str(interpreter))
        return report_on(spec, tmp_path_factory.mktemp("breaking"))


@pytest.mark.usefixtures("quick")
def test_a_published_document_with_closed_lists_is_reported_and_changes_no_name(tmp_path: Path) -> None:
    report = report_on(closed_lists(document()), tmp_path)
    assert (report.problem, report.sdk_problem, report.names) == (None, "", ())
    assert {change.kind for change in report.changes} == {"limited to listed values"}
    text = render(report, "text")
    assert "calls.start: request provider: limited to listed values (mcube, twilio" in text
    assert "others are not documented; enums stay open" in text


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "scripts/drift.py", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=env)


def test_the_snapshot_served_over_http_means_the_same(publisher: Publisher) -> None:
    publisher.documents["/openapi.json"] = SNAPSHOT.read_bytes()
    done = run(VOCOBASE_SPEC_URL=f"{publisher.address}/openapi.json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("The published document means the same as the snapshot.\n")
    assert done.stdout.count("\n") == 1


def test_nobody_there_is_exit_3_in_one_line() -> None:
    done = run()
    assert (done.returncode, done.stderr) == (3, "")
    assert "unreachable" in done.stdout
    assert done.stdout.count("\n") == 1


def test_a_wrong_command_line_is_not_taken_for_a_breaking_change() -> None:
    done = run("--format", "xml")
    assert done.returncode == 3
    assert "invalid choice" in done.stderr


def test_additions_are_exit_1(additive: Report) -> None:
    assert additive.exit_code == 1
    assert {change.kind for change in additive.changes} == {"operation added", "member added"}
    added = {name.name for name in additive.names if name.before is None}
    assert {"models/agent:Agent.shiny", "api/calls/put_a_call_on_hold"} <= added
    assert not [name for name in additive.names if name.before is not None]
    assert any("has no row in naming.operations" in warning for warning in additive.warnings)


def test_generated_code_is_parsed_in_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    # The parser of Python 3.11 raises SystemError now and then when two threads use it.
    threads: list[int] = []

    def surface(folder: Path) -> dict[str, str]:
        threads.append(threading.get_ident())
        return {}

    monkeypatch.setattr(drift, "generate", lambda spec, target: "")
    monkeypatch.setattr(drift, "surface", surface)
    report_on(extra_operations(document()), tmp_path)
    assert threads == [threading.get_ident()] * 2


def test_breaking_changes_are_exit_2(breaking: Report) -> None:
    assert breaking.exit_code == 2
    assert {"member removed", "route moved"} <= {change.kind for change in breaking.changes}
    removed = {name.name for name in breaking.names if name.breaking}
    assert removed == {"models/agent:Agent.agent_name"}


def test_complaints_of_the_validator_do_not_stop_the_comparison(breaking: Report) -> None:
    # The validator has two engines, which quote and frame the same complaint differently.
    found = [
        re.search(r"""(["'])description\1 is a required property""", line) for line in breaking.complaints
    ]
    assert any(found), breaking.complaints
    assert all("\n" not in line for line in breaking.complaints)


def test_text_names_operations_changes_and_their_meaning(breaking: Report) -> None:
    text = render(breaking, "text")
    assert "breaking changes" in text
    assert "agents.create, agents.get, agents.update: response agent_name: member removed (string)" in text
    assert "calls.dismiss_stale: route moved (POST /calls/dismiss-stale -> POST /calls/dismiss)" in text
    assert "breaking  models/agent:Agent.agent_name: removed" in text
    assert "validator: " in text


def test_json_has_everything(breaking: Report) -> None:
    data = json.loads(render(breaking, "json"))
    assert (data["exit_code"], data["severity"], data["problem"]) == (2, "breaking", None)
    assert len(data["wire"]) == len(breaking.changes)
    assert {row["severity"] for row in data["wire"]} == {"breaking"}
    assert len(data["sdk"]["names"]) == len(breaking.names)
    assert data["validator"]


def test_markdown_shows_published_text_as_code_only(additive: Report) -> None:
    text = render(additive, "markdown")
    assert text.startswith("## Drift of the published document\n")
    rows = [line for line in text.splitlines() if "shiny" in line and "<b>" in line]
    assert rows
    for row in rows:
        outside = "".join(row.split("`")[::2])
        assert "<b>" not in outside
        assert "@x" not in outside
        if row.startswith("|"):
            assert row.count("|") == 5


def test_a_row_without_an_operation_says_why_there_is_no_client(tmp_path: Path, quick: None) -> None:
    spec = document()
    del spec["paths"]["/calls/start"]
    report = report_on(spec, tmp_path)
    assert report.exit_code == 2
    assert report.sdk_problem.startswith("naming.operations: calls.start: the document has no operation")
    for format_ in FORMATS:
        assert "the document has no operation" in render(report, format_)


UNUSABLE = {
    "HTML": (b"<html><body>Welcome</body></html>", "not JSON"),
    "Swagger": (b'{"swagger": "2.0", "paths": {}}', "only OpenAPI 3.0 and 3.1"),
    "nothing": (b"", "not JSON"),
    "nested": (b"[" * 1_000_000, "not JSON"),
    "reference to a file": (
        b'{"openapi": "3.1.0", "paths": {"/a": {"$ref": "file:///etc/passwd"}}}',
        "only references inside the document are followed",
    ),
    "broken reference": (
        b'{"openapi": "3.1.0", "paths": {"/a": {"$ref": "#/nowhere"}}}',
        "'nowhere' does not exist",
    ),
}


@pytest.mark.parametrize(("content", "message"), UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_what_is_no_document_is_exit_3(
    content: bytes, message: str, format_: str, publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.documents["/openapi.json"] = content
    assert drift.main(["--source", f"{publisher.address}/openapi.json", "--format", format_]) == 3
    said = capsys.readouterr().out
    assert message in said
    assert "unusable" in said


@pytest.mark.parametrize(
    "target",
    ["data:application/json,{}", "http://127.0.0.1:99999/x", "https://xn--/x", "javascript:x", "http:x"],
)
def test_a_redirect_that_leads_nowhere_is_exit_3_in_one_line(
    target: str, publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.redirects["/openapi.json"] = target
    assert drift.main(["--source", f"{publisher.address}/openapi.json"]) == 3
    said = capsys.readouterr()
    assert said.err == ""
    assert "unreachable" in said.out
    assert said.out.count("\n") == 1


UNREADABLE = {
    "another encoding": '{"openapi": "3.1.0"}'.encode("cp037"),
    "half of UTF-16": '{"openapi": "3.1.0", "paths": {}}'.encode("utf-16")[:-1],
    "bytes that are not text": b'{"openapi": "\xff"}',
    "packed": b"\x1f\x8b\x08\x00" + bytes(100),
    "cut off": SNAPSHOT.read_bytes()[:100_000],
    "two documents": b"{}{}",
    "NaN": b'{"openapi": "3.1.0", "paths": {"/a": {"x": NaN}}}',
    "an infinite number": b'{"openapi": "3.1.0", "paths": {"/a": {"x": 1e999}}}',
    "too many digits": b'{"openapi": "3.1.0", "paths": {"/a": {"x": ' + b"9" * 5000 + b"}}}",
    "a name twice": b'{"openapi": "3.1.0", "paths": {}, "paths": {}}',
    "half a character": b'{"openapi": "3.1.0", "paths": {"/\\ud800": {}}}',
    "deep inside": b'{"openapi": "3.1.0", "paths": {"/a": ' + b'{"x":' * 900 + b"1" + b"}" * 900 + b"}}",
    "lines": b'{"openapi": "3.0\\n::error::x", "paths": {"x\\n::error::y": {"get": {}}}}',
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_exit_3_in_one_line(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], quick: None
) -> None:
    source = tmp_path / "published.json"
    source.write_bytes(content)
    assert drift.main(["--source", str(source)]) == 3
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.count("\n") == 1
    assert said.out.rstrip("\n").isprintable()


def test_whatever_else_fails_is_exit_3_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    def broken(*arguments: object) -> None:
        raise KeyError("a\n::error::b")

    source = str(SNAPSHOT)
    assert drift.main(["--source", source, "--output", str(tmp_path / "none" / "report")]) == 3
    assert "FileNotFoundError" in capsys.readouterr().err
    monkeypatch.setattr(drift, "compare", broken)
    for main in (drift.main, update_spec.main):
        assert main(["--source", source]) == 3
        said = capsys.readouterr().err
        assert "unexpected KeyError at test_drift.py:" in said
        assert said.count("\n") == 1


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0", "x", "1e400"])
def test_a_time_limit_that_is_none_is_a_wrong_command_line(seconds: str) -> None:
    with pytest.raises(SystemExit) as caught:
        drift.main([f"--seconds={seconds}"])
    assert caught.value.code == 3


def test_a_terminal_that_knows_ascii_only_changes_no_exit_code(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "\N{SNOWMAN}.json"
    source.write_bytes(SNAPSHOT.read_bytes())
    screen = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(screen, encoding="ascii"))
    assert drift.main(["--source", str(source)]) == 0
    assert b"\\u2603.json" in screen.getvalue()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("path", "kind"), [("/garbage", "unusable"), ("/slow", "unreachable"), ("/none", "unreachable")]
)
def test_an_outage_is_told_apart_from_a_document_that_cannot_be_used(
    path: str, kind: str, publisher: Publisher, tmp_path: Path
) -> None:
    output = tmp_path / "report.json"
    arguments = [
        "--source",
        publisher.address + path,
        "--seconds",
        "1",
        "--format",
        "json",
        "--output",
        str(output),
    ]
    assert drift.main(arguments) == 3
    report = json.loads(output.read_text(encoding="utf-8"))
    assert report["problem"]["kind"] == kind
    assert report["severity"] is None


def test_a_configuration_without_an_address_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("naming: {}\n")
    monkeypatch.delenv("VOCOBASE_SPEC_URL")
    address = drift.published_at
    monkeypatch.setattr(drift, "published_at", lambda: address(config))
    assert drift.main([]) == 3
    assert "`drift` is not as expected" in capsys.readouterr().out


def test_the_configured_address_is_used_without_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOCOBASE_SPEC_URL")
    assert drift.published_at() == "https://docs.vocobase.com/openapi.json"


def test_hostile_text_reaches_no_line_of_its_own(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "_with_names", lambda report, *rest: report)
    report = report_on(hostile_strings(document()), tmp_path)
    text = render(report, "text") + render(report, "markdown")
    assert report.exit_code == 1
    assert all(line.isprintable() for line in text.splitlines())
    assert not [line for line in text.splitlines() if line.startswith(("::", "INJECTED", "import"))]
    assert max(len(line) for line in text.splitlines()) < 1500


@pytest.mark.parametrize("text", HOSTILE)
def test_shown_text_is_one_short_printable_line(text: str) -> None:
    assert clean(text * 50).isprintable()
    assert len(clean(text * 50)) <= 303


def test_code_of_a_published_document_is_never_imported(additive: Report) -> None:
    assert not [name for name in sys.modules if "put_a_call_on_hold" in name]


def test_a_validation_without_end_is_ended(tmp_path: Path) -> None:
    assert complaints(SNAPSHOT, seconds=0.05) == ["the validation did not end within 0.05 s"]


def test_only_references_inside_the_document_pass() -> None:
    check_references(document(), "the snapshot")


class TestUpdating:
    @pytest.fixture
    def snapshot(self, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(drift, "_with_names", lambda report, *rest: report)
        place = tmp_path / "openapi.json"
        place.write_bytes(SNAPSHOT.read_bytes())
        return place

    @pytest.fixture
    def update(self, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str]]:
        def run(source: str) -> tuple[int, str]:
            code = update_spec.main(["--source", source, "--snapshot", str(snapshot)])
            return code, capsys.readouterr().out

        return run

    def test_the_report_comes_first_and_the_document_replaces_the_snapshot(
        self, update: Callable[[str], tuple[int, str]], snapshot: Path, tmp_path: Path
    ) -> None:
        spec = extra_operations(document())
        published = tmp_path / "published.json"
        published.write_text(json.dumps(spec), encoding="utf-8")
        code, said = update(str(published))
        assert code == 0
        assert said.index("operation added") < said.index("Run `make generate`")
        assert json.loads(snapshot.read_bytes()) == spec
        assert snapshot.read_text(encoding="utf-8") == json.dumps(spec, indent=2, ensure_ascii=False) + "\n"
        assert not list(tmp_path.glob("*.new"))
        assert "is already the published document" in update(str(published))[1]

    def test_what_cannot_be_used_replaces_nothing(
        self, update: Callable[[str], tuple[int, str]], snapshot: Path, publisher: Publisher
    ) -> None:
        publisher.documents["/openapi.json"] = b"<html>"
        for path in ("/openapi.json", "/none"):
            assert update(publisher.address + path)[0] == 3
        assert snapshot.read_bytes() == SNAPSHOT.read_bytes()

    def test_the_committed_snapshot_is_written_as_the_update_writes(self) -> None:
        assert drift.as_text(document()) == SNAPSHOT.read_text(encoding="utf-8")

    def test_the_fetched_document_and_a_second_report_can_be_kept(
        self, snapshot: Path, tmp_path: Path
    ) -> None:
        kept, page = tmp_path / "kept.json", tmp_path / "report.md"
        options = ["--save", str(kept), "--markdown", str(page), "--output", str(tmp_path / "r")]
        assert drift.main(["--source", str(snapshot), *options]) == 0
        assert kept.read_bytes() == SNAPSHOT.read_bytes()
        assert page.read_text(encoding="utf-8").startswith("## Drift of the published document")
