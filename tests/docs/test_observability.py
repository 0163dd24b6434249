"""docs/observability.md: the recipe for Sentry keeps keys, numbers and transcripts at home; the hook runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_readme import run_here

BLOCKS = re.findall(
    r"```python\n(.*?)```", Path("docs/observability.md").read_text(encoding="utf-8"), re.DOTALL
)
HOOK = next(code for code in BLOCKS if "on_event" in code)
RECIPE = next(code for code in BLOCKS if "sentry_sdk.init" in code)
PLAIN = "import os, sentry_sdk\nsentry_sdk.init(dsn=os.environ['SENTRY_DSN'])\n"
KEY = "rg_live_kanarie7f3a"
NUMBER = "+12025550100"
TRANSCRIPT = "my-card-is-lost"
# A dial that the API refuses, quoting the number; a reading of a transcript that the program then stumbles over.
PROGRAM = f"""
import json, logging, sys
import httpx
from sentry_sdk.transport import Transport
from vocobase import Vocobase

class Recording(Transport):
    def __init__(self):
        super().__init__()
        self.items = []
    def capture_envelope(self, envelope):
        self.items += [item.payload.json for item in envelope.items if item.type == "event"]

recording = sentry_sdk.get_client().transport = Recording()

def respond(request):
    if request.method == "POST":
        said = {{"code": "VALIDATION_ERROR", "message": "{NUMBER} cannot be called"}}
        return httpx.Response(400, json={{"success": False, "error": said}}, headers={{"x-request-id": "req_1"}})
    data = {{"session_id": "s", "transcript": [{{"role": "user", "content": "{TRANSCRIPT}"}}]}}
    return httpx.Response(200, json={{"success": True, "data": data}})

def dial(vb, number):
    vb.calls.start("a", number)

def read(vb, number):
    session = vb.sessions.get("s")
    said = session.to_dict()["transcript"][0]["content"]
    raise KeyError(said)

for options in ({{"transport": httpx.MockTransport(respond)}}, {{"http_client": httpx.Client(transport=httpx.MockTransport(respond))}}):
    for work in (dial, read):
        with Vocobase("{KEY}", **options) as vb:
            logging.getLogger("mine").warning("about to call %s", "{NUMBER}")
            try:
                work(vb, "{NUMBER}")
            except Exception:
                sentry_sdk.capture_exception()
print(json.dumps(recording.items))
"""


@cache
def recorded(recipe: str) -> str:
    """Return the events that Sentry would send, as JSON."""
    # In a process of its own: Sentry patches the logging, the threads and the imports of a whole process.
    done = subprocess.run(
        [sys.executable, "-c", f"{recipe}\n{PROGRAM}", "--to", NUMBER],
        env={**os.environ, "SENTRY_DSN": "https://key@sentry.invalid/1", "PYTHONPATH": "generated"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def events(recipe: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(recorded(recipe))
    return found


def test_sentry_receives_no_key_number_or_transcript() -> None:
    found = events(RECIPE)
    shown = json.dumps(found)
    assert [len(found), KEY in shown, NUMBER in shown, TRANSCRIPT in shown] == [4, False, False, False]
    dial = found[0]
    assert dial["exception"]["values"][-1]["type"] == "ValidationFailedError"
    assert dial["tags"] == {
        "vocobase.operation": "calls.start",
        "vocobase.status": "400",
        "vocobase.request_id": "req_1",
    }


@pytest.mark.parametrize("secret", [NUMBER, TRANSCRIPT])
def test_without_the_recipe_sentry_would_receive_them(secret: str) -> None:
    assert secret in json.dumps(events(PLAIN))


def test_not_even_without_the_recipe_does_sentry_receive_the_key() -> None:
    shown = json.dumps([event["exception"] for event in events(PLAIN)])
    assert KEY not in shown


def test_the_hook_of_the_page_runs(tmp_path: Path) -> None:
    run_here(HOOK, tmp_path)
