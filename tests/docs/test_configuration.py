"""The code of docs/configuration.md runs, and the variables of the pages are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import trustme

from vocobase._policy.options import HTTP_VARIABLE, KEY_VARIABLE, URL_VARIABLE
from vocobase._policy.overrides import ROUTES_VARIABLE
from vocobase_sandbox.__main__ import ALLOWED_VARIABLE, WEBHOOK_VARIABLE
from vocobase_sandbox.control import commands

PAGE = Path("docs/configuration.md").read_text(encoding="utf-8")
SANDBOX = Path("docs/sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_python_of_the_page_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "company-ca.pem"))
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    exec(compile(code, "page", "exec"), space)
    assert repr(space["vb"]) == "<Vocobase https://api.vocobase.com/api/v2>"


def test_the_variables_of_the_pages_are_those_of_the_code() -> None:
    client = {KEY_VARIABLE, URL_VARIABLE, HTTP_VARIABLE, ROUTES_VARIABLE}
    sandbox = {ALLOWED_VARIABLE, WEBHOOK_VARIABLE, commands.URL_VARIABLE}
    assert set(re.findall(r"VOCOBASE_\w+", PAGE)) == client
    assert set(re.findall(r"VOCOBASE_\w+", SANDBOX)) == client | sandbox
