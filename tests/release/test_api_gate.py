"""A breaking change of the public API fails the release unless CHANGELOG.md names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import api_gate
import api_page
import pytest

Write = Callable[..., Path]

FACADE = """
TYPE_CHECKING = False
if TYPE_CHECKING:
    from vocobase._windows import Window
__all__ = ["Window"]
"""
WINDOW = """
class Window:
    def __init__(self, opens: str, closes: str = "18:00") -> None: ...
    def contains(self, hour: int) -> bool: ...
"""
CALLS = """
class Calls:
    def start(self, agent_id: str, *, provider: str | None = None) -> str: ...
    def _sign(self) -> str: ...
class _Hidden:
    def run(self) -> None: ...
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Write:
    """Return a function that writes a small checkout; a file can be replaced by keyword."""

    def write(name: str, *, facade: str = FACADE, window: str = WINDOW, calls: str = CALLS) -> Path:
        root = tmp_path / name
        files = {
            "vocobase/__init__.py": facade,
            "vocobase/_windows.py": window,
            "vocobase/_resources/__init__.py": "",
            "vocobase/_resources/sync/__init__.py": "",
            "vocobase/_resources/sync/calls.py": calls,
            "generated/vocobase_raw/__init__.py": "",
        }
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return root

    return write


def found(checkout: Write, **new: str) -> list[api_gate.Break]:
    return list(api_gate.breaks(api_gate.load(checkout("old")), api_gate.load(checkout("new", **new))))


def test_equal_packages_have_no_breaking_change(checkout: Write) -> None:
    assert found(checkout) == []


@pytest.mark.parametrize(
    ("new", "name", "words"),
    [
        ({"facade": "__all__ = []"}, "Window", "removed"),
        ({"window": WINDOW.replace("contains", "has")}, "Window.contains", "removed"),
        ({"window": WINDOW.replace('"18:00"', '"17:00"')}, "Window", "default"),
        (
            {"calls": CALLS.replace("agent_id: str,", "agent_id: str, number: str,")},
            "Calls.start",
            "required",
        ),
        (
            {"calls": CALLS.replace("provider: str | None = None", "carrier: str = ''")},
            "Calls.start",
            "removed",
        ),
    ],
)
def test_a_breaking_change_is_one_line(checkout: Write, new: dict[str, str], name: str, words: str) -> None:
    first = found(checkout, **new)[0]
    assert first.name == name
    assert words in first.text and "\n" not in first.text and "\x1b" not in first.text


@pytest.mark.parametrize(
    "new",
    [
        {"calls": CALLS.replace("_sign", "_seal")},
        {"calls": CALLS.replace("def run(self)", "def run(self, now: bool)")},
        {"calls": CALLS + "    def wait(self) -> None: ...\n"},
        {"window": WINDOW.replace("hour: int", "hour: int, minute: int = 0")},
    ],
)
def test_private_parts_and_additions_break_nothing(checkout: Write, new: dict[str, str]) -> None:
    assert found(checkout, **new) == []


@pytest.mark.parametrize(
    ("name", "line", "is_recorded"),
    [
        ("Calls.start", "- `calls.start` needs a number.", True),
        ("AsyncCalls.start", "- `calls.start` needs a number.", True),
        ("Calls.start", "- Calls start sooner.", False),
        ("Window", "- `Window` closes at five.", True),
        ("Window", "- `WindowError` has a new word.", False),
        ("Window.contains", "- `contains` is named `has`.", True),
    ],
)
def test_a_change_is_recorded_if_a_new_line_names_it(name: str, line: str, is_recorded: bool) -> None:
    assert api_gate.recorded(api_gate.Break(name, ""), line) is is_recorded


def test_an_unknown_commit_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert api_gate.main(["--against", "no-such-commit"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_gate_covers_the_packages_of_the_api_page() -> None:
    assert set(api_gate.PACKAGES) == set(api_page.PACKAGES)


def test_the_public_api_of_this_checkout_is_read() -> None:
    names = {path for path, _ in api_gate.public(api_gate.load(api_gate.ROOT))}
    expected = {"vocobase.Vocobase", "vocobase.records.Records", "vocobase.types.VoiceLinkState"}
    assert expected <= names
    assert {"vocobase._resources.sync.Calls", "vocobase._resources.aio.AsyncCalls"} <= names
