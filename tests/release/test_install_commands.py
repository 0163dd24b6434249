"""One variable says whether the package is published; the documentation follows it."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path

import install_commands
import pytest

from spec_tools.config import ROOT
from vocobase._base.extras import EXTRAS, needs
from vocobase.cli import NEEDS_PACKAGES

FORMS = [
    ("pip install vocobase", "pip install ."),
    ("pip install 'vocobase[cli]'", "pip install '.[cli]'"),
    ("uv add 'vocobase[contacts,redis]'", "uv add '.[contacts,redis]'"),
    ("uvx --from 'vocobase[cli]' vocobase", "uvx --from '.[cli]' vocobase"),
]


@pytest.mark.parametrize(("published", "unpublished"), FORMS)
def test_a_command_names_the_package_only_if_it_is_published(published: str, unpublished: str) -> None:
    for text in (published, unpublished):
        assert install_commands.rewrite(f"Run `{text}` now.", True) == f"Run `{published}` now."
        assert install_commands.rewrite(f"Run `{text}` now.", False) == f"Run `{unpublished}` now."


def test_extras_without_quotes_get_them() -> None:
    assert install_commands.rewrite("pip install vocobase[export]", False) == "pip install '.[export]'"


@pytest.mark.parametrize("text", ["pip install vocobase-tools", "pip install ./other", "pip install -e .[x]"])
def test_other_commands_stay(text: str) -> None:
    assert install_commands.rewrite(text, True) == text == install_commands.rewrite(text, False)


def test_running_it_by_name_is_reported_until_it_is_published() -> None:
    assert install_commands.problems("Run `uvx vocobase --help`.", False) == ["Run `uvx vocobase --help`."]
    assert install_commands.problems("Run `uvx vocobase --help`.", True) == []


@pytest.mark.parametrize(
    "text",
    [
        "pip install vocobase",
        "pip install 'vocobase[cli]'",
        "needs Redis; install vocobase[redis].",
        "Install ``vocobase[redis]`` first.",
        'uv add "vocobase[otel]"',
    ],
)
def test_a_message_that_installs_it_by_name_is_reported(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vocobase").mkdir()
    (tmp_path / "vocobase" / "a.py").write_text(f"# {text}\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.vocobase]\npublished = false\n", encoding="utf-8")
    assert install_commands.run(tmp_path, check=False) == 1
    line = f"vocobase/a.py: installs a package that is not published: # {text}\n"
    assert capsys.readouterr().out == line
    (tmp_path / "pyproject.toml").write_text("[tool.vocobase]\npublished = true\n", encoding="utf-8")
    assert install_commands.run(tmp_path, check=True) == 0


@pytest.mark.parametrize(
    "text", ["make install vocobase/a.py", "pip install vocobase-tools", "pip install 'redis>=5'"]
)
def test_a_message_that_installs_something_else_is_not(text: str) -> None:
    assert install_commands.problems(text, False) == []


def test_messages_name_the_packages_of_the_extras() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = document["project"]["optional-dependencies"]
    assert {extra: shlex.split(packages) for extra, packages in EXTRAS.items()} == declared
    assert needs("vocobase: the command line", "cli") == NEEDS_PACKAGES
    assert needs("ledger: Redis", "redis") == (
        "ledger: Redis needs more packages: run pip install 'redis>=5' (the extra redis of vocobase)"
    )


def test_the_pages_and_programs_of_this_checkout_follow_the_variable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert install_commands.main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(("value", "expected"), [("true", "vocobase"), ("false", ".")])
def test_the_variable_is_the_only_place(value: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "start.md"
    page.write_text("pip install 'vocobase[cli]' or pip install '.[redis]'", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(f"[tool.vocobase]\npublished = {value}\n", encoding="utf-8")
    assert install_commands.run(tmp_path, check=True) == 1
    assert install_commands.run(tmp_path, check=False) == 1
    text = page.read_text(encoding="utf-8")
    assert text == f"pip install '{expected}[cli]' or pip install '{expected}[redis]'"
    assert install_commands.run(tmp_path, check=True) == 0


def test_the_variable_is_true_or_false(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.vocobase]\npublished = "no"\n', encoding="utf-8")
    with pytest.raises(SystemExit, match="must be true or false"):
        install_commands.is_published(tmp_path)
