"""A stranger who copies the blocks of the home page, in their order, gets a verified webhook."""

from __future__ import annotations

import re
from pathlib import Path

from tests.examples.services import run_commands

HOME = (Path(__file__).parents[2] / "docs" / "index.md").read_text(encoding="utf-8")


def test_the_blocks_of_the_home_page_lead_to_a_verified_webhook_in_a_fastapi_app(tmp_path: Path) -> None:
    prepared, alone, together = re.findall(r"^```sh\n(.*?)^```", HOME, re.DOTALL | re.MULTILINE)
    assert re.findall(r"^\S+ \S+", prepared, re.MULTILINE) == ["make demo", ". .venv/bin/activate"]
    assert alone == "python -m vocobase_sandbox exec -- python ten_lines.py\n"
    blocks = re.findall(r"[Ss]ave \w+ as `(\w+\.py)`.*?^```python\n(.*?)^```", HOME, re.DOTALL | re.MULTILINE)
    assert [name for name, _ in blocks] == ["ten_lines.py", "app.py"]
    for name, code in blocks:
        (tmp_path / name).write_text(code, encoding="utf-8")
    *conversation, forged = run_commands(together, tmp_path)
    assert conversation[0].startswith("bot: ") and forged == '{"detail":"refused"}'
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "verified: +12025550100 completed\n" in log
    assert '"POST /vocobase HTTP/1.1" 400' in log
