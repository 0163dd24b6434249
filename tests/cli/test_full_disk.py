"""A full disk: one line, exit status 1, and no file that is half-written."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from vocobase import CallJob, ConfigurationError, DialList, LookupFailedError, Vocobase
from vocobase.cli.failures import failure_of, report
from vocobase.cli.files import export
from vocobase.cli.session import Session
from vocobase.records import Records
from vocobase_sandbox import Sandbox

resource = pytest.importorskip("resource")
FULL = Path("/dev/full")
# More than the index of a write-ahead log of SQLite, less than what the commands write.
MAX_BYTES = 40_000
LONG = "x" * 60_000


@pytest.fixture
def environment(sandbox: Sandbox, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a process; a local table and a ledger whose exports are larger than the limit."""
    with sandbox.serve(0) as server, Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
        agent = vb.agents.create(
            "Front desk", "Hello {{note}}.", voice_id=vb.voices.list()[0].id, enable_recording=True
        )
        vb.agents.update(agent.id, variables=["note"])
        call = vb.calls.start(agent.id, "+12025550100", provider="twilio", variables={"note": LONG})
        sandbox.clock.advance(600)
        with Records.open(tmp_path / "records.sqlite") as records:
            records.sync(vb)
        with DialList(str(tmp_path / "ledger.sqlite"), "due") as jobs:
            jobs.add([CallJob(agent.id, "+12025550100", variables={"note": LONG})])
        (tmp_path / "people.csv").write_text(f"phone,name\n12,{LONG}\n")
        (tmp_path / "spec.json").write_text(json.dumps(moved()))
        yield {
            **{name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
            # A compiled module would be cut at the limit too, and stay so for every later test.
            "PYTHONDONTWRITEBYTECODE": "1",
            "CALL": call.call_id,
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_BASE_URL": server.base_url,
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }


def moved() -> dict[str, object]:
    """The document of the API with a longer path for every operation."""
    document = json.loads(Path("openapi.json").read_text(encoding="utf-8"))
    return {**document, "paths": {f"/{'v' * 900}{path}": item for path, item in document["paths"].items()}}


def run(
    words: str, environment: dict[str, str], folder: Path, limit: int | None, stdout: object = subprocess.PIPE
) -> tuple[int, str]:
    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    before: Callable[[], None] | None = restrict if limit else None
    command = [sys.executable, "-m", "vocobase.cli", *words.replace("CALL", environment["CALL"]).split()]
    done = subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=folder,
        env={**environment, "PYTHONPATH": str(Path.cwd())}, preexec_fn=before, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_the_class_of_an_error_does_not_hide_that_the_disk_is_full() -> None:
    error = ConfigurationError("x cannot be written.")
    assert failure_of(error).exit_status == 2
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert failure_of(error).exit_status == 1


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"page\.html"):
        export(Session(), tmp_path / "missing" / "page.html", "text")


class FullStream(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_error_after_output_that_cannot_be_written_keeps_its_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with redirect_stdout(FullStream()):
        assert report(LookupFailedError("There is none."), Session()) == 3
        assert not isinstance(sys.stdout, FullStream)
        sys.stdout.close()
    assert capsys.readouterr().err == "vocobase: There is none.\n"


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        "voices list --output json",
        "voices list --output csv",
        "voices list --output table",
        "calls show CALL",
        "--help",
        "--map=json",
        "completion zsh",
    ],
)
def test_a_full_standard_output_is_one_line(words: str, environment: dict[str, str], tmp_path: Path) -> None:
    with FULL.open("w") as full:
        code, error = run(words, environment, tmp_path, None, full)
    assert (code, error.count("\n")) == (1, 1) and "no space left on device." in error, error


@pytest.mark.parametrize(
    ("words", "old"),
    [
        # Into a folder that is there.
        ("records export out --db records.sqlite", None),
        ("records export out --format csv --db records.sqlite", None),
        *(
            (words, old)
            for words in (
                "dial report due --csv out --yes --ledger ledger.sqlite",
                "recording CALL --to out --yes",
                "contacts check people.csv --rejects out --yes",
                "doctor --spec spec.json --routes out --yes",
            )
            for old in (None, "old")
        ),
    ],
)
def test_an_export_is_whole_or_absent(
    words: str, old: str | None, environment: dict[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "out"
    if words.startswith("records"):
        target.mkdir()
    elif old:
        target.write_text(old)
    code, error = run(words, environment, tmp_path, MAX_BYTES)
    assert (code, error.count("vocobase: ")) == (1, 1) and "ile too large" in error, error
    if target.is_dir():
        assert [each for each in target.rglob("*part*") if each.is_file()] == []
    else:
        assert (target.read_text() if target.exists() else None) == old
    assert [each.name for each in tmp_path.glob("*out*") if each != target] == []
