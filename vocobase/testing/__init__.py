"""Test your own code against the sandbox: no key, no network, no phone call.

Installing the package gives pytest three fixtures:

    vocobase_sandbox    an emulated account for each test; its clock moves when a client waits
    vocobase            a client of that account
    async_vocobase      the asynchronous client of that account

    def test_we_call_back(vocobase, vocobase_sandbox):
        agent = vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id)
        call = vocobase.calls.start(agent.id, "+12025550100", provider="twilio")
        assert vocobase.calls.wait(call.call_id).status == "completed"

No wait takes real time: whenever a client sleeps, the clock of the sandbox moves forward by that much, and
everything that became due has happened. `sandbox_time` does the same for a sandbox of your own.

``@pytest.mark.vocobase(balance=5, rate_limits=True)`` changes the account; the arguments are those of
``vocobase_sandbox.Sandbox``. Rate limits are off unless a test asks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vocobase.testing.plugin import async_vocobase, vocobase, vocobase_sandbox

__all__ = ["async_vocobase", "sandbox_time", "vocobase", "vocobase_sandbox"]

if TYPE_CHECKING:
    from vocobase.testing._time import sandbox_time


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        # pytest loads this package in every run, and must not pay for asyncio if no test asks for a fixture.
        if name != "sandbox_time":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from vocobase.testing._time import sandbox_time

        return sandbox_time
