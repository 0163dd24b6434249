"""An emulated account for the examples of docs/cli.md: its data, its files, and a local server.

All of it is the same on every machine and at every run: identifiers come from a seed, waiting moves the clock
of the sandbox, the home is a folder called ``~``, and the server that receives webhooks is shown as
http://localhost:3000.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Generator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from spec_tools.config import ROOT
from vocobase import Vocobase
from vocobase.cli.app import run
from vocobase.cli.session import Session
from vocobase.testing._time import sandbox_time
from vocobase.webhooks import sign
from vocobase_sandbox import Sandbox

Execute = Callable[[str], str]
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SECRET = "whsec_local_0123456789abcdef0123456789abcdef"  # noqa: S105 - signs examples
SENT_AT = "2026-01-05T09:00:02.000Z"
BODY = json.dumps({"event": "session.completed", "timestamp": SENT_AT, "data": {"session_id": "s-1"}})
FILES = {
    "people.csv": "Mobile,name\n+12025550100,Asha\n+12025550101,Ravi\n12025,Mei\n+12025550100,Asha\n",
    "scrub.csv": "number\n+12025550102\n+12025550199\n",
    "faq/hours.md": "# Hours\n\nThe clinic is open from 9 to 18.\n",
    "faq/prices.md": "# Prices\n\nA first visit is free.\n",
    "brochure.md": "# Clinic\n\nWe are in Pune.\n",
    "drugs.txt": "metformin\natorvastatin\n",
    "body.json": BODY,
    "clinic.json": '{"projects": [{"name": "Clinic"}]}',
}
# Commands whose output comes from another process, or is bytes.
PROCESSES = (["sandbox", "exec"], ["sandbox", "serve"], ["completion"])
# The address that is shown for the server that receives webhooks.
SHOWN_URL = "http://localhost:3000"
# As many digits as that has, so that lines break at the same words.
PORTS = range(3000, 10_000)
SERVED_URL = "http://127.0.0.1:8484"
# Texts that differ between machines, and their replacements.
STYLE = r"(?:\x1b\[[\d;]*m)*"
VERSIONS = re.compile(rf"^({STYLE}versions.*?)ok: .*?(?=^{STYLE}profile{STYLE} )", re.MULTILINE | re.DOTALL)
SHOWN_VERSIONS = (
    "ok: vocobase 0.1.0, Python 3.12.8, httpx 0.28.1, OpenSSL 3.0.17 1\n               Jul 2025.\n"
)
LOCAL_SECRET = re.compile(r"whsec_local_\w{32}")
FOREIGN = re.compile("^(https?|all|no)_proxy$|^SSL_CERT_|^VOCOBASE_|^NO_COLOR$", re.IGNORECASE)


class Screen(io.StringIO):
    """A stream that is, or is not, a terminal."""

    def __init__(self, terminal: bool, content: str = "") -> None:
        super().__init__(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._terminal


@contextmanager
def account(term: str) -> Generator[Execute]:
    """Fill a sandbox; yield a function that runs a command line and returns what it writes.

    Args:
        term: The kind of the terminal, as in TERM.
    """
    with (
        Sandbox(seed=1, clock="manual", start=START, rate_limits=False) as sandbox,
        TemporaryDirectory() as folder,
        chdir(folder),
        sandbox_time(sandbox),
        _receiver() as url,
        _environment(
            VOCOBASE_API_KEY=sandbox.api_key,
            VOCOBASE_BASE_URL=sandbox.base_url,
            VOCOBASE_WEBHOOK_SECRET=SECRET,
            XDG_CONFIG_HOME="~/.config",
            XDG_STATE_HOME="~/.local/state",
            PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            TERM=term,
            TZ="UTC",
            COLUMNS="80",
            LINES="24",
        ),
    ):
        _write_files()
        names = _fill(sandbox, url)
        yield lambda line: _execute(sandbox, names, url, line)


@contextmanager
def _environment(**variables: str) -> Generator[None]:
    before = dict(os.environ)
    for name in filter(FOREIGN.search, before):
        del os.environ[name]
    os.environ.update(variables)
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()


@contextmanager
def _receiver() -> Generator[str]:
    """Run a server that accepts every delivery; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with _bound(Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _bound(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    for port in PORTS:
        try:
            return ThreadingHTTPServer(("localhost", port), handler)
        except OSError:
            continue
    raise OSError("no port is free")


def _write_files() -> None:
    for name, content in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")
    with wave.open("hold.wav", "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    published = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))
    published["paths"]["/campaigns/{id}/cancel"] = published["paths"].pop("/campaigns/{id}/stop")
    Path("published.json").write_text(json.dumps(published), encoding="utf-8")
    state = Path("~/.local/state")  # the folder of that name here, not the home
    state.mkdir(parents=True)


def _fill(sandbox: Sandbox, url: str) -> dict[str, Callable[[], str]]:
    """Create agents and calls; return functions for the words that examples replace."""
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as client:
        voice = client.voices.list()[0].id
        agent = client.agents.create("Front desk", "Remind of the appointment.", voice_id=voice)
        client.agents.update(agent.id, enable_recording=True)
        client.projects.create("Client A")
        client.config.webhooks.create("crm", f"{url}/hook")
        calls: list[str] = []
        for last in ("00", "01", "02"):
            calls.append(client.calls.start(agent.id, f"+120255501{last}", provider="twilio").call_id)
            sandbox.clock.advance(120)
    headers = sign(BODY.encode(), SECRET, SENT_AT)
    return {
        "AGENT": lambda: agent.id,
        "CALL": lambda: calls[0],
        "SIGNATURE": lambda: headers["X-Webhook-Signature"],
        "TIMESTAMP": lambda: SENT_AT,
        "CAMPAIGN": lambda: _newest(sandbox, "campaigns", "list", "--quiet"),
        "FAULT": lambda: _newest(sandbox, "sandbox", "faults", "--quiet"),
    }


def _newest(sandbox: Sandbox, *words: str) -> str:
    shown = Screen(False)
    with redirect_stdout(shown):
        run(words, Session({"transport": sandbox.transport()}))
    return shown.getvalue().split()[0]


def _execute(sandbox: Sandbox, names: Mapping[str, Callable[[], str]], url: str, line: str) -> str:
    """Run the words after ``vocobase``; ``| cat`` and ``| head -N`` make its output a pipe."""
    command, _, pipe = line.partition(" | ")
    words = [
        re.sub(r"\$(\w+)", lambda found: names[found[1]](), word).replace(SHOWN_URL, url)
        for word in shlex.split(command)
    ]
    if words[:2] in PROCESSES or words[:1] in PROCESSES:
        text = _process(words)
    else:
        text = _in_process(sandbox, words, terminal=not pipe)
    text = VERSIONS.sub(lambda found: found[1] + SHOWN_VERSIONS, text.replace(url, SHOWN_URL))
    text = LOCAL_SECRET.sub(SECRET, text)
    lines = [each.rstrip() for each in text.splitlines()]
    if pipe.startswith("head -"):
        del lines[int(pipe.removeprefix("head -")) :]
    return "".join(f"{each}\n" for each in lines)


def _in_process(sandbox: Sandbox, words: list[str], *, terminal: bool) -> str:
    screen = Screen(terminal)
    session = Session({"transport": sandbox.transport()}, lambda question: sandbox.api_key)
    stdin, sys.stdin = sys.stdin, Screen(terminal)
    try:
        with redirect_stdout(screen), redirect_stderr(screen):
            run(words, session)
    finally:
        sys.stdin = stdin
    return screen.getvalue()


def _process(words: list[str]) -> str:
    """Run a command as a process; a server is interrupted as soon as it has printed its address."""
    serves = words[:2] == ["sandbox", "serve"]
    with subprocess.Popen(
        [sys.executable, "-m", "vocobase.cli", *words, *(("--port", "0") if serves else ())],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        text = ""
        for each in process.stdout or ():
            text += each
            if serves and each.startswith("seed"):
                process.send_signal(signal.SIGTERM)
                break
    return re.sub(r"http://127\.0\.0\.1:\d+", SERVED_URL, text)
