"""The stock command line of schemathesis, with all of its default checks, finds nothing but refusals that need state.

The other tests with schemathesis know an account with one row of every kind. Here the document alone must be enough.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis.configuration import storage_directory

from vocobase_sandbox import Sandbox
from vocobase_sandbox.front.server import RunningServer
from vocobase_sandbox.kernel.messages import Request, Response

pytest.importorskip("schemathesis", reason="schemathesis is not installed (make setup)")

DOCUMENT = Path(__file__).parents[3] / "openapi.json"
COMMAND = Path(sys.executable).parent / "schemathesis"
TIMEOUT = 300
ALLOWED = {
    "POST /agent": r"voice_id|project_id|background_audio_id",
    "DELETE /phone-numbers/{id}": "a default number cannot be deleted",
    "DELETE /projects/{id}": "default project cannot be deleted|still has agents",
    "POST /agent/background-audio/{id}/finalize": "no file was uploaded",
    "POST /documents/{id}/confirm": "no file was uploaded",
    "POST /document-folders/{id}/documents": r"document \S+ not found",
}
"""Operations that refuse a valid request for what the account holds, with the words of the refusal."""


class Forgetful:
    """A sandbox that begins each request with the same account, so that no request depends on the ones before."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._start = sandbox.snapshot()

    def handle(self, request: Request, *, guarded: bool) -> Response:
        self._sandbox.restore(self._start)
        return self._sandbox.handle(request, guarded=guarded)


def findings(report: Path) -> Iterator[str]:
    """Yield a line for each check that failed and for each error: operation, code, title, and the response."""
    for line in report.read_text(encoding="utf-8").splitlines():
        for kind, event in json.loads(line).items():
            if "Error" in kind:
                yield f"{kind}: {event}"
            recorder: dict[str, Any] = event.get("recorder", {}) if kind == "ScenarioFinished" else {}
            for case_id, checks in recorder.get("checks", {}).items():
                failures = (
                    check["failure_info"]["failure"] for check in checks if check["status"] != "success"
                )
                yield from (describe(recorder, case_id, failure) for failure in failures)


def describe(recorder: dict[str, Any], case_id: str, failure: dict[str, Any]) -> str:
    case = recorder["cases"][case_id]["value"]
    response = recorder["interactions"][case_id]["response"]
    text = base64.b64decode(response["content"]["$base64"]).decode()
    return f"{case['method']} {case['path']}: {failure['code']} {failure['title']}: {response['status_code']} {text}"


def is_allowed(finding: str) -> bool:
    """Whether a finding is a refusal that needs state."""
    operation, _, rest = finding.partition(": ")
    refusal = rest.startswith(("ST202 ", "ST302 "))
    return refusal and operation in ALLOWED and re.search(ALLOWED[operation], rest) is not None


@pytest.mark.parametrize("phases", ["examples,coverage,fuzzing", "stateful"])
def test_the_stock_run_finds_nothing_but_refusals_that_need_state(
    phases: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "vocobase_sandbox")  # each undocumented field would be a line
    with Sandbox(seed=1, clock="manual", rate_limits=False, concurrency=0, balance=1e6) as sandbox:
        server = RunningServer(sandbox if phases == "stateful" else Forgetful(sandbox), "127.0.0.1", 0)
        try:
            report = run(server.base_url, sandbox.api_key, phases, tmp_path)
        finally:
            server.close()
    assert [finding for finding in findings(report) if not is_allowed(finding)] == []


def run(base_url: str, api_key: str, phases: str, folder: Path) -> Path:
    report = folder / "report.ndjson"
    options = ["--url", base_url, "--header", f"Authorization: Bearer {api_key}", "--phases", phases]
    options += ["--seed", "1", "--max-examples", "5", "--no-color", "--warnings", "off"]
    options += ["--generation-database", "none"]
    options += ["--report", "ndjson", "--report-ndjson-path", str(report)]
    # Hypothesis keeps its tables of Unicode there; each new folder would cost seconds to compute them.
    tables = str(storage_directory().path)
    done = subprocess.run(
        [str(COMMAND), "run", str(DOCUMENT), *options],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": "0", "HYPOTHESIS_STORAGE_DIRECTORY": tables},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert re.search(r"Selected: 89/89\s+Tested: 89|Stateful", done.stdout), done.stdout
    return report


def test_few_operations_are_allowed_to_refuse_a_valid_request() -> None:
    known = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    assert len(ALLOWED) <= 6
    for operation in ALLOWED:
        method, path = operation.split(" ")
        assert method.lower() in known[path]
