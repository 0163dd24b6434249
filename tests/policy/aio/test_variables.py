"""Variables that differ from those that the agent declares: what is warned about, and where."""

from __future__ import annotations

import pytest

from vocobase import AsyncVocobase, InvalidArgumentError, ValidationFailedError, VariablesWarning

NUMBER = "+919876543210"


async def test_a_difference_warns_with_names_and_no_values_and_is_left_to_the_server(
    async_vocobase: AsyncVocobase,
) -> None:
    voice = (await async_vocobase.voices.find()).id
    agent = await async_vocobase.agents.create("Caller", "Call {{callee}} about {{topic}}.", voice_id=voice)
    await async_vocobase.agents.update(agent.id, variables=["callee", "topic"])
    text = (
        "calls.start: variables declared by the agent but missing, so they become empty strings: callee; "
        "passed but not declared by the agent, so the API may reject them: name."
    )
    with pytest.warns(VariablesWarning) as caught:
        with pytest.raises(ValidationFailedError, match=r"variables\.name"):
            await async_vocobase.calls.start(
                agent.id, NUMBER, provider="twilio", variables={"name": "Asha", "topic": "x"}
            )
    assert [str(warning.message) for warning in caught] == [text]
    assert caught[0].filename == __file__, "the warning points at the caller's line"


async def test_differences_are_described_before_a_call(async_vocobase: AsyncVocobase) -> None:
    voice = (await async_vocobase.voices.find()).id
    created = await async_vocobase.agents.create("Desk", "Hello {{name}}.", voice_id=voice)
    agent = await async_vocobase.agents.update(created.id, variables=["name"])
    assert async_vocobase.agents.check_variables(agent, {"name": "Asha"}) == ""
    assert async_vocobase.agents.check_variables(agent, {"tier": "gold"}) == (
        "declared by the agent but missing, so they become empty strings: name;"
        " passed but not declared by the agent, so the API may reject them: tier"
    )
    for given in (agent.id, {"variables": ["name"]}, None, voice):
        with pytest.raises(InvalidArgumentError, match="check_variables: agent must be an Agent"):
            async_vocobase.agents.check_variables(given, {})  # type: ignore[arg-type]
    for variables in (None, "name", ["name"]):
        with pytest.raises(InvalidArgumentError, match="check_variables: variables must be a mapping"):
            async_vocobase.agents.check_variables(agent, variables)  # type: ignore[arg-type]
