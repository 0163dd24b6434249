"""The settings of agents: keyword arguments that are declared once, in the raw client."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from tests.signatures import arguments_of, settings_of
from vocobase import Vocobase, types


@pytest.mark.parametrize("verb", ["create", "update", "ensure"])
def test_an_argument_that_is_no_setting_is_a_type_error_that_names_the_method(verb: str) -> None:
    with Vocobase("rg_live_x", base_url="http://localhost:1") as vb:
        method = getattr(vb.agents, verb)
        names = {"update": ["agent_id"]}.get(verb, ["agent_name", "prompt", "voice_id"])
        for unknown in ("greeting", "additional_properties", "absent"):
            text = rf"^agents\.{verb}\(\) got an unexpected keyword argument '{unknown}'$"
            with pytest.raises(TypeError, match=text):
                method(**dict.fromkeys(names, "x"), **{unknown: 1})


def test_update_and_ensure_take_the_same_settings_and_create_a_part_of_them() -> None:
    agents = Vocobase("rg_live_x").agents
    assert settings_of(agents.update) is settings_of(agents.ensure) is types.AgentSettings
    assert set(arguments_of(agents.create)) <= set(arguments_of(agents.ensure))


@pytest.mark.parametrize("name", ["AgentSettings", "AgentCreateSettings"])
def test_the_types_of_settings_can_be_read_at_run_time(name: str) -> None:
    declared: Any = getattr(types, name)
    assert typing.get_type_hints(declared).keys() == declared.__optional_keys__
