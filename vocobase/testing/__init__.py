"""Test your own code against the sandbox: no key, no network, no phone call.

Installing the package gives pytest three fixtures:

    vocobase_sandbox    an emulated account for each test; its clock stands still until the test moves it
    vocobase            a client of that account
    async_vocobase      the asynchronous client of that account

    def test_we_call_back(vocobase, vocobase_sandbox):
        agent = vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id)
        call = vocobase.calls.start(agent.id, "+919876543210", provider="twilio")
        vocobase_sandbox.clock.advance(60)
        assert vocobase.calls.get(call.call_id).status == "completed"

``@pytest.mark.vocobase(balance=5, rate_limits=True)`` changes the account; the arguments are those of
``vocobase_sandbox.Sandbox``. Rate limits are off unless a test asks for them, as time stands still.
"""

from __future__ import annotations

from vocobase.testing.plugin import async_vocobase, vocobase, vocobase_sandbox

__all__ = ["async_vocobase", "vocobase", "vocobase_sandbox"]
