"""Every block of Python in the README and in docs/ type-checks, as notebooks do, and a program runs twice against one
account."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.scenario import wav
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox

ROOT = Path.cwd()
PAGES = ("README.md", *sorted(str(path) for path in Path("docs").rglob("*.md")))
# What a block of a page takes from the text around it.
PRELUDES = {
    "docs/sandbox.md": "from vocobase_sandbox import Sandbox\nsandbox = Sandbox()",
    "docs/webhooks.md": """
from typing import Any
from vocobase.webhooks import Event, WebhookReceiver
receiver = WebhookReceiver("whsec_...")
def save(event: Event) -> Any: ...
def load_secrets() -> list[str]: ...
""",
}
# Fixtures and handlers are shown without annotations, so what follows from them is unknown.
RULES = {
    "typeCheckingMode": "strict",
    **dict.fromkeys(
        (
            "reportMissingParameterType",
            "reportUnknownParameterType",
            "reportUnknownMemberType",
            "reportUnknownVariableType",
            "reportUnknownArgumentType",
            "reportUnusedImport",
            # Packages without types, such as celery.
            "reportMissingTypeStubs",
            "reportUntypedFunctionDecorator",
        ),
        "none",
    ),
}
FICTION = re.compile(r"\+1[2-9]\d\d55501\d\d|\+447700900\d\d\d")


def blocks(page: str) -> list[str]:
    return re.findall(
        r"^```python\n(.*?)^```", Path(page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def cells(notebook: Path) -> str:
    """Return the code of a notebook as a module; the last line of a cell may be a value to show."""
    rows = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(row["source"]) for row in rows if row["cell_type"] == "code"]
    return "\n".join(["# pyright: reportUnusedExpression=false", *code])


def test_every_block_type_checks(tmp_path: Path) -> None:
    count = 0
    for page in PAGES:
        for number, code in enumerate(blocks(page)):
            prelude = PRELUDES.get(page, "")
            name = re.sub(r"\W", "_", page.removesuffix(".md")) + f"_{number}.py"
            (tmp_path / name).write_text(f"{prelude}\n{code}", encoding="utf-8")
            count += 1
    for notebook in Path("examples").rglob("*.ipynb"):
        (tmp_path / f"{notebook.stem}.py").write_text(cells(notebook), encoding="utf-8")
    settings = {"extraPaths": [str(ROOT), str(ROOT / "generated")], "pythonVersion": "3.11", **RULES}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "-p", str(tmp_path), "--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert count > 40


# Pages whose every block is a program. Elsewhere, a block that creates a client is one; the others are tests, or
# belong to the text around them.
WHOLE = re.compile(
    r"docs/(guides/.*|reference/.*|deploy|index|limits|reliability|security|spec|tutorial)\.md"
)
# These have tests of their own, under a clock that suits them.
ELSEWHERE = ("docs/dialing.md", "docs/testing.md")
# A reader at a real clock would wait as long; no page asks for more.
MAX_WAIT = timedelta(hours=1)
PROGRAMS = {
    page: [
        code
        for code in blocks(page)
        if WHOLE.fullmatch(page) or ("Vocobase() as vb" in code and "def test" not in code)
    ]
    for page in PAGES
    if page not in PRELUDES and page not in ELSEWHERE
}


@dataclass(frozen=True)
class Account:
    """A sandbox that outlives the programs, and the variables that name it."""

    sandbox: Sandbox
    variables: dict[str, str]


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """Yield an account whose waits take no time; without `mcube`, so that a program names its carrier."""
    with (
        Sandbox(clock="manual", rate_limits=False, carriers=("twilio",)) as sandbox,
        sandbox_time(sandbox),
        sandbox.serve() as server,
    ):
        variables = {
            "VOCOBASE_BASE_URL": server.base_url,
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_WEBHOOK_SECRET": "whsec_test",
        }
        yield Account(sandbox, variables)


@pytest.mark.parametrize("page", [page for page, programs in PROGRAMS.items() if programs])
def test_every_program_of_a_page_runs_twice_against_one_account_within_an_hour(
    page: str,
    account: Account,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    shutil.copy("examples/files/clinic-handbook.md", tmp_path / "handbook.md")
    shutil.copy("openapi.json", tmp_path)
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "prices.md").write_text("# Prices\n")
    (tmp_path / "music.wav").write_bytes(wav())
    (tmp_path / "people.csv").write_text("Mobile,Name\n(202) 555-0123,Asha\n")
    monkeypatch.chdir(tmp_path)
    for name, value in account.variables.items():
        monkeypatch.setenv(name, value)
    handler = signal.getsignal(signal.SIGTERM)
    request.addfinalizer(lambda: signal.signal(signal.SIGTERM, handler) and None)
    for time in (1, 2):
        for code in PROGRAMS[page]:
            began = account.sandbox.clock.now
            exec(compile(code, f"{page}, run {time}", "exec"), {"__name__": "__main__"})
            assert account.sandbox.clock.now - began < MAX_WAIT
            printed = capsys.readouterr().out
            if time == 2 and "start_many" in code:
                assert "JobUpdate" not in printed, "the second run dials no one"
                assert "DialReport(started=2" in printed or "print(report)" not in code


def test_all_programs_were_found() -> None:
    assert sum(len(programs) for programs in PROGRAMS.values()) >= 18


TEXTS = [*PAGES, *map(str, Path("examples").rglob("*.py")), *map(str, Path("vocobase").rglob("*.py"))]


@pytest.mark.parametrize("page", TEXTS)
def test_examples_dial_only_numbers_that_are_reserved_for_fiction(page: str) -> None:
    text = Path(page).read_text(encoding="utf-8")
    found = re.findall(r"(?<![\w.])\+\d{8,15}\b", text)
    assert [number for number in found if not FICTION.fullmatch(number)] == []
