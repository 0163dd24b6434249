"""Operations that were moved, and what answers at their documented routes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from vocobase_sandbox import Sandbox
from vocobase_sandbox.__main__ import main

STOP = "POST /campaigns/{id}/cancel"
ID = "5b0c0de0-0000-4000-8000-000000000abc"


def send(sandbox: Sandbox, method: str, path: str) -> httpx.Response:
    with httpx.Client(transport=sandbox.transport()) as client:
        headers = {"authorization": f"Bearer {sandbox.api_key}"}
        return client.request(method, sandbox.base_url + path, headers=headers)


def test_a_moved_operation_is_served_at_its_new_route_only() -> None:
    with Sandbox(routes={"campaigns.stop": STOP}) as sandbox:
        there = send(sandbox, "POST", f"/campaigns/{ID}/cancel")
        assert (there.status_code, there.json()["error"]["message"]) == (404, "campaign not found")
        gone = send(sandbox, "POST", f"/campaigns/{ID}/stop")
        assert (gone.status_code, gone.text, gone.headers["content-type"]) == (
            404,
            "no such route",
            "text/plain",
        )
        for path in (f"/campaigns/{ID}/stop/x", "/nothing"):
            assert send(sandbox, "POST", path).json()["error"]["code"] == "NOT_FOUND"
        newest = sandbox.requests.newest(4)
        assert [row["operation"] is not None for row in newest] == [False, False, False, True]


def test_a_moved_method_answers_405_without_an_envelope() -> None:
    with Sandbox(routes={"documents.update": "PATCH /documents/{id}"}) as sandbox:
        gone = send(sandbox, "PUT", f"/documents/{ID}")
        assert (gone.status_code, gone.text) == (405, "no such route")
        assert send(sandbox, "POST", f"/documents/{ID}").json()["error"]["code"] == "METHOD_NOT_ALLOWED"


def test_an_operation_without_placeholders_moves_too() -> None:
    with Sandbox(routes={"calls.dismiss_stale": "DELETE /calls/stale"}) as sandbox:
        assert send(sandbox, "DELETE", "/calls/stale").status_code == 200
        assert send(sandbox, "POST", "/calls/dismiss-stale").text == "no such route"


WRONG: dict[str, tuple[Any, str]] = {
    "unknown": ({"campaigns.halt": STOP}, "'campaigns.halt' is not an operation"),
    "no route": ({"campaigns.stop": "/campaigns/{id}"}, "is not a route"),
    "other placeholders": ({"campaigns.stop": "POST /campaigns/{campaign}"}, "must have the placeholders"),
    "no mapping": ([], "routes must be a mapping"),
    "no text": ({"campaigns.stop": None}, "routes must be a mapping"),
}


@pytest.mark.parametrize(("routes", "said"), WRONG.values(), ids=WRONG)
def test_a_move_that_cannot_be_is_refused_before_a_state_file_is_opened(
    routes: Any, said: str, tmp_path: Path
) -> None:
    state = tmp_path / "state.db"
    with pytest.raises(ValueError, match=said):
        Sandbox(routes=routes, state=state)
    assert not state.exists()


@pytest.mark.parametrize("content", ["", "[1]", json.dumps({"campaigns.stop": "x"})])
def test_the_command_line_refuses_a_file_that_cannot_be_used(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "routes.json"
    file.write_text(content)
    assert main(["--port", "0", "--routes", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_exec_serves_the_routes_that_its_client_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file, in the environment, is for the client and for the sandbox."""
    file = tmp_path / "routes.json"
    file.write_text(json.dumps({"voices.list": "GET /voices"}))
    monkeypatch.setenv("VOCOBASE_ROUTES", str(file))
    program = "import vocobase; vb = vocobase.Vocobase(); assert vb.voices.list(); vb.close()"
    assert main(["exec", "--", sys.executable, "-c", program]) == 0
