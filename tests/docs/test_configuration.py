"""The code of docs/configuration.md runs, and the variables of the pages are those of the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import trustme

from vocobase import Vocobase
from vocobase._policy.options import DEFAULT_BASE_URL, HTTP_VARIABLE, KEY_VARIABLE, URL_VARIABLE
from vocobase._policy.overrides import ROUTES_VARIABLE
from vocobase_sandbox.__main__ import ALLOWED_VARIABLE, WEBHOOK_VARIABLE
from vocobase_sandbox.control import commands

PAGE = Path("docs/configuration.md").read_text(encoding="utf-8")
SANDBOX = Path("docs/sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_python_of_the_page_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "company-ca.pem"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY_VARIABLE, "rg_live_test")
    space: dict[str, object] = {}
    exec(compile(code, "page", "exec"), space)
    assert repr(space["vb"]) == "<Vocobase https://api.vocobase.com/api/v2>"


@pytest.mark.parametrize("page", ["README.md", "docs/configuration.md"])
def test_a_table_has_every_option_and_the_default_address(page: str) -> None:
    text = Path(page).read_text(encoding="utf-8")
    table = re.findall(r"^\| .*`\w+=`.*\|$", text, re.MULTILINE)
    options = {option for row in table for option in re.findall(r"`(\w+)=`", row)}
    missing = set(inspect.signature(Vocobase).parameters) - options
    assert missing <= {"runtime"}, "clock and sleep, for tests only"
    assert f"`{DEFAULT_BASE_URL}`" in text


def test_the_variables_of_the_pages_are_those_of_the_code() -> None:
    client = {KEY_VARIABLE, URL_VARIABLE, HTTP_VARIABLE, ROUTES_VARIABLE}
    sandbox = {ALLOWED_VARIABLE, WEBHOOK_VARIABLE, commands.URL_VARIABLE}
    assert set(re.findall(r"VOCOBASE_\w+", PAGE)) == client
    assert set(re.findall(r"VOCOBASE_\w+", SANDBOX)) == client | sandbox
