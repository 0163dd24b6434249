"""A scripted call goes as its script says."""

from __future__ import annotations

from typing import Any

from tests.sandbox.support import Api
from vocobase_sandbox import Conversation

NUMBER = "+12025550150"


def finish(api: Api, agent_id: str, number: str = NUMBER, seconds: float = 5000) -> Any:
    call = api.call(agent_id, number)
    api.advance(seconds)
    return api.ok("GET", f"/calls/{call['call_id']}")


def test_outcomes_come_in_order_and_the_last_one_repeats(api: Api) -> None:
    agent = api.agent()["id"]
    api.sandbox.script(NUMBER, "busy", "busy", Conversation(turns=[("bot", "Hello"), ("user", "Hi")]))
    shown = [finish(api, agent) for _ in range(4)]
    assert [call["disposition"] for call in shown] == ["busy", "busy", "completed", "completed"]
    assert [turn["content"] for turn in shown[3]["session"]["transcript"]] == ["Hello", "Hi"]
