"""Run commands in this process, against an emulated account, with a terminal or without."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from vocobase.cli.app import run as run_program
from vocobase.cli.session import Session
from vocobase_sandbox import Sandbox


class Result(NamedTuple):
    """The end of a command."""

    exit_status: int
    stdout: str
    stderr: str


class Stream(io.TextIOWrapper):
    """A stream that is, or is not, a terminal."""

    def __init__(self, content: bytes = b"", tty: bool = False, encoding: str = "utf-8") -> None:
        self.raw_bytes = io.BytesIO(content)
        super().__init__(self.raw_bytes, encoding=encoding, newline="", write_through=True)
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def text(self) -> str:
        return self.raw_bytes.getvalue().decode(self.encoding)


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def own_profiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep the user's profiles, terminal settings and keyring out of the tests; return the file of profiles."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("VOCOBASE_PROFILE", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    return tmp_path / "config" / "vocobase" / "profiles.json"


@pytest.fixture
def account(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Name the key and the address of the emulated account in the environment."""
    monkeypatch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
    monkeypatch.setenv("VOCOBASE_BASE_URL", sandbox.base_url)
    return sandbox


@pytest.fixture
def run(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run ``vocobase`` with arguments: ``run("agents", "list", input="y\\n", tty=True)``.

    The client reaches the sandbox without a socket; the fixture `account` also gives it the key. More arguments:
    `secret` is typed where a secret is asked for, `encoding` is that of the terminal, `options` are those of the client.
    """

    def run(
        *argv: str,
        input: str | bytes | None = None,
        tty: bool = False,
        secret: str = "",
        encoding: str = "utf-8",
        options: dict[str, Any] | None = None,
    ) -> Result:
        content = input.encode() if isinstance(input, str) else input or b""
        stdin, stdout, stderr = Stream(content, tty), Stream(tty=tty, encoding=encoding), Stream(tty=tty)
        client = {"transport": sandbox.transport()} if options is None else options
        with ExitStack() as stack:
            stack.enter_context(monkeypatch.context()).setattr("sys.stdin", stdin)
            stack.enter_context(redirect_stdout(stdout))
            stack.enter_context(redirect_stderr(stderr))
            status = run_program(argv, Session(client, lambda question: secret))
        return Result(status, stdout.text(), stderr.text())

    yield run
