"""docs/security.md names the tests that show what it promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEXT = Path("docs/security.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^- (.*?)(?=^- |^#|\Z)", TEXT, re.DOTALL | re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT)))


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_exists_and_tests_something(name: str) -> None:
    assert re.search(r"^(async )?(    )?def test_", Path(name).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_promise_names_a_test_or_says_what_is_not_promised() -> None:
    bare = [promise for promise in PROMISES if "`tests/" not in promise]
    assert [promise[:40] for promise in bare] == ["A store of handled events that was empti"]
