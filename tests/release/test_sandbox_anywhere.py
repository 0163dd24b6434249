"""The sandbox starts anywhere: from one file, in an image, as an action, and next to an app in a compose file.

No test needs Docker. The files are read, and what they run is run here: the commands of the Dockerfile in a folder
that holds what it copies, and both services of the compose file as processes that know each other by name.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sandbox_zip
from ruamel.yaml import YAML

from tests.ledger.servers import free_port
from tests.release.conftest import ROOT
from tests.stopwatch import Stopwatch

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("VOCOBASE_", "PYTHON"))}


def yaml(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / path).read_text(encoding="utf-8"))
    return loaded


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@contextmanager
def running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Run a sandbox, and give its address once it says that it listens."""
    process = subprocess.Popen(
        command, cwd=folder, env={**CLEAN, **environment}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("seed"):
            line = process.stdout.readline()
            assert line, "the sandbox ended"
            lines.append(line)
        (base,) = re.findall(r"^base URL +(\S+)/api/v2$", "".join(lines), re.MULTILINE)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zip") / "vocobase-sandbox.pyz"
    assert sandbox_zip.main([str(target)]) == 0
    return target


def test_one_file_starts_with_a_bare_python_and_brings_the_dashboard(application: Path) -> None:
    command = [sys.executable, "-I", str(application), "--port", "0"]
    with running(command, application.parent, {}) as base:
        for name in ("", "/style.css", "/app.js", "/views.js", "/icon.svg"):
            assert status(f"{base}/_sandbox/dashboard{name}") == 200, name
        assert status(f"{base}/_sandbox/openapi.json") == 200
        assert status(f"{base}/api/v2/agent/voices") == 401


def test_one_file_loads_nothing_but_the_standard_library(application: Path) -> None:
    """`-I -S` has no site-packages at all."""
    code = "import os; print(os.environ['VOCOBASE_BASE_URL'])"
    command = [sys.executable, "-I", "-S", str(application), "exec", "--", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("http://127.0.0.1:"), done.stderr


def test_one_file_holds_the_sandbox_and_nothing_else(application: Path, tmp_path: Path) -> None:
    names = zipfile.ZipFile(application).namelist()
    assert {name.partition("/")[0] for name in names} == {"__main__.py", "LICENSE", "vocobase_sandbox"}
    static = ROOT / "vocobase_sandbox" / "control" / "static"
    assert {f"vocobase_sandbox/control/static/{path.name}" for path in static.iterdir()} <= set(names)
    assert not [name for name in names if "__pycache__" in name]
    again = tmp_path / "again.pyz"
    sandbox_zip.write(again)
    assert again.read_bytes() == application.read_bytes()


def test_one_file_refuses_an_old_python_in_one_line(application: Path) -> None:
    """The version is checked before any module is loaded that an old Python cannot read."""
    main = zipfile.ZipFile(application).read("__main__.py").decode()
    assert main.index("sys.version_info") < main.index("vocobase_sandbox.__main__")
    code = f"import sys; sys.version_info = (3, 10); exec({main!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("vocobase-sandbox: Python 3.11 or newer is needed")


def test_a_target_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert sandbox_zip.main([str(tmp_path / "file" / "x.pyz")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def instructions(path: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile, without comments, continued lines joined."""
    text = (ROOT / path).read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines.splitlines() if line)
    ]


def one(path: str, word: str) -> str:
    (found,) = [rest for name, rest in instructions(path) if name == word]
    return found


def image(path: str, folder: Path, skip: str = "") -> Path:
    """Do what COPY and RUN of a Dockerfile do, in a folder; `python` is this interpreter.

    Other programs are those of the image: they would write outside the folder.
    """
    for word, rest in instructions(path):
        if word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                place = ROOT / source
                into = folder / target
                if place.is_dir():
                    shutil.copytree(place, into, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(place, into)
        if word == "RUN" and rest.startswith("python "):
            command = [sys.executable if each == "python" else each for each in shlex.split(rest)]
            done = subprocess.run(command, cwd=folder, env=CLEAN, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return folder


def entry(path: str) -> list[str]:
    words: list[str] = json.loads(one(path, "ENTRYPOINT"))
    return [sys.executable, *words[1:]]


def test_the_commands_of_the_dockerfile_give_a_sandbox(tmp_path: Path) -> None:
    folder = image("Dockerfile", tmp_path)
    with running([*entry("Dockerfile"), "--port", "0"], folder, {}) as base:
        here = base.replace("0.0.0.0", "127.0.0.1")
        assert status(f"{here}/_sandbox/dashboard") == 200
        check = json.loads(one("Dockerfile", "HEALTHCHECK").partition("CMD ")[2])
        code = check[2].replace("http://127.0.0.1:8484", here)
        assert subprocess.run([sys.executable, "-c", code], env=CLEAN, check=False).returncode == 0


@pytest.mark.parametrize("path", ["Dockerfile", "examples/compose/Dockerfile"])
def test_an_image_is_not_run_by_root(path: str) -> None:
    words = [word for word, _ in instructions(path)]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", one(path, "USER"))
    assert "USER" in words[max(i for i, word in enumerate(words) if word == "RUN") :]
    assert one(path, "FROM").startswith("python:3.")


def test_a_volume_for_the_state_belongs_to_the_user_of_the_image() -> None:
    """An empty named volume takes the owner of the folder that it covers; without one it belongs to root."""
    user, _, group = one("Dockerfile", "USER").partition(":")
    given = f"install --directory --owner={user} --group={group} /state"
    steps = instructions("Dockerfile")
    assert steps.index(("RUN", given)) < steps.index(("USER", f"{user}:{group}"))
    (shown,) = re.findall(
        r"--volume \w+:(\S+) .* --state (\S+)", (ROOT / "docs/sandbox.md").read_text("utf-8")
    )
    assert shown[1].startswith(f"{shown[0]}/") and given.endswith(f" {shown[0]}")


def test_everything_that_an_image_copies_reaches_the_build() -> None:
    """The list of what a build may see is short, so that no key or history gets into a layer."""
    rules = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
    ]
    assert rules[0] == "*"
    seen = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        source for word, rest in instructions("Dockerfile") if word == "COPY" for source in rest.split()[:-1]
    }
    assert copied <= seen
    # What the wheel of the app is built from.
    assert {"pyproject.toml", "hatch_build.py", "README.md", "CHANGELOG.md", "generated/vocobase_raw"} <= seen
    assert all((ROOT / name).exists() for name in seen)
    assert not [name for name in seen if fnmatch.fnmatch(name, ".*")]


# Lets the processes of a test know each other by the names of their services, as the network of Docker does.
NAMES = """
import os, socket
names = os.environ["TEST_NAMES"].split()
real = socket.getaddrinfo
def getaddrinfo(host, port, *rest, **options):
    host = host.decode() if isinstance(host, bytes) else host
    if host in names:
        host = "127.0.0.1"
    return real(host, port, *rest, **options)
socket.getaddrinfo = getaddrinfo
"""


@pytest.fixture
def names(tmp_path: Path) -> Path:
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NAMES)
    return folder


def test_app_and_sandbox_of_the_compose_file_reach_each_other_by_name(names: Path, tmp_path: Path) -> None:
    services = yaml("examples/compose/compose.yaml")["services"]
    sandbox, app = services["sandbox"], services["app"]
    here, there = free_port(), free_port()
    known = {"TEST_NAMES": "sandbox app"}
    (tmp_path / "image").mkdir()
    folder = image("Dockerfile", tmp_path / "image")
    command = [*entry("Dockerfile"), *sandbox["command"], "--port", str(here)]
    path = os.pathsep.join([str(names), str(ROOT), str(ROOT / "generated")])
    with running(command, folder, {**sandbox["environment"], **known, "PYTHONPATH": str(names)}):
        environment = {**app["environment"], **known, "PYTHONPATH": path}
        # Ports are those of this machine, so that tests can run side by side.
        for name, port in (("VOCOBASE_BASE_URL", here), ("WEBHOOK_URL", there)):
            environment[name] = re.sub(r":\d+/", f":{port}/", environment[name])
        (script,) = [
            json.loads(rest)[1] for word, rest in instructions("examples/compose/Dockerfile") if word == "CMD"
        ]
        done = subprocess.run(
            [sys.executable, str(ROOT / script)],
            env={**CLEAN, **environment},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert "verified webhook" in done.stdout, done.stdout + done.stderr
        assert done.returncode == 0
        base = f"http://127.0.0.1:{here}/_sandbox/state"
        assert status(base, Host="sandbox:8484") == 200
        assert status(base, Host="elsewhere:8484") == 403


def test_the_compose_file_names_each_host_on_both_sides() -> None:
    services = yaml("examples/compose/compose.yaml")["services"]
    sandbox, app = services["sandbox"]["environment"], services["app"]["environment"]
    assert sandbox["VOCOBASE_SANDBOX_ALLOW_HOSTS"] == app["VOCOBASE_ALLOW_HTTP"] == "sandbox"
    assert f"//{sandbox['VOCOBASE_SANDBOX_WEBHOOK_HOSTS']}:" in app["WEBHOOK_URL"]
    assert app["VOCOBASE_API_KEY"] in services["sandbox"]["command"]
    assert set(services) == {"sandbox", "app"}
    # Nothing is reachable from other machines.
    assert not any("ports" in service for service in services.values())
    # `service_healthy` waits for the check of the image.
    assert services["app"]["depends_on"]["sandbox"]["condition"] == "service_healthy"
    assert one("Dockerfile", "HEALTHCHECK")


def act(folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Run the step of the action as a runner does; return what it wrote to the environment and the outputs."""
    action = yaml("action.yml")
    (step,) = action["runs"]["steps"]
    given = {name: inputs.get(name, each["default"]) for name, each in action["inputs"].items()}
    values = {**{f"inputs.{name}": value for name, value in given.items()}, "github.action_path": str(ROOT)}
    environment = {
        name: re.sub(r"\$\{\{ (.+?) \}\}", lambda match: values[match[1]], text)
        for name, text in step["env"].items()
    }
    places = {name: folder / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT")}
    for place in places.values():
        place.touch()
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={
            **CLEAN,
            **environment,
            "RUNNER_TEMP": str(folder),
            **{name: str(each) for name, each in places.items()},
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = "".join(place.read_text() for place in places.values()).splitlines()
    return done, dict(line.split("=", 1) for line in lines)


needs_bash = pytest.mark.skipif(
    shutil.which("bash") is None or sys.platform == "win32", reason="runs the step of the action with bash"
)


@needs_bash
def test_the_action_starts_a_sandbox_for_the_later_steps(tmp_path: Path) -> None:
    done, written = act(
        tmp_path, port="0", arguments="--key rg_live_sandbox_action --strict", python=sys.executable
    )
    try:
        assert done.returncode == 0, done.stdout + done.stderr
        assert written["VOCOBASE_API_KEY"] == "rg_live_sandbox_action"
        assert written["base-url"] == written["VOCOBASE_BASE_URL"]
        key = f"Bearer {written['VOCOBASE_API_KEY']}"
        assert status(f"{written['VOCOBASE_BASE_URL']}/agent/voices", Authorization=key) == 200
        assert status(f"{written['VOCOBASE_SANDBOX_URL']}/_sandbox/dashboard") == 200
    finally:
        if "pid" in written:
            os.kill(int(written["pid"]), signal.SIGTERM)


@needs_bash
def test_the_action_fails_with_the_line_of_the_sandbox(tmp_path: Path) -> None:
    with Stopwatch() as watch:
        done, written = act(tmp_path, port="0", arguments="--speed backwards", python=sys.executable)
    assert done.returncode == 1 and written == {}
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("::error::")]
    assert "backwards" in line
    assert watch.seconds < 15


def test_the_action_names_every_value_that_it_gives() -> None:
    action = yaml("action.yml")
    (step,) = action["runs"]["steps"]
    assert {each["value"] for each in action["outputs"].values()} == {
        f"${{{{ steps.{step['id']}.outputs.{name} }}}}" for name in action["outputs"]
    }
    assert all(f'echo "{name}=' in step["run"] for name in action["outputs"])
