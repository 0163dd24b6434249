"""The outside world of a sandbox, for tests: callers, the outcomes of calls, events and their receiver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vocobase_sandbox.kernel.engine import Engine, SandboxClock
from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import calls, scripts, triggers
from vocobase_sandbox.rules.scripts import Conversation


class Operator:
    """The methods of a sandbox that play the outside world."""

    world: World
    clock: SandboxClock
    _engine: Engine

    def script(self, target: str, *outcomes: Conversation | str) -> None:
        """Set the outcomes of the next calls of a number or an agent.

        The first call gets the first outcome, and so on; the last one repeats. A number's script has
        precedence over that of its agent, and both over magic numbers. Calls that have started keep their
        outcome. A new script replaces the old one.

        Args:
            target: The number of the other party, whether it is called or calls; or the id of an agent, whose
                browser sessions follow the script as well.
            outcomes: Conversations, or dispositions such as `"busy"`; none removes the script.

        Raises:
            ValueError: if the agent does not exist, or an outcome is invalid.
        """
        with self._engine.lock:
            scripts.put(self.world, target, outcomes)
            self._engine.commit()

    @property
    def scripts(self) -> list[Row]:
        """The scripts with their outcomes and with the number of calls that have used them, oldest first."""
        with self._engine.lock:
            return list(self.world.store.rows("scripts"))

    def trigger(self, event: str, **overrides: Any) -> Row:
        """Deliver a signed webhook for a made-up session, and return the event.

        The session is not stored: `sessions.get` does not find it. Under a manual clock, the webhook is
        delivered before this returns.

        Args:
            event: Name of the event, `session.completed`.
            overrides: Fields of the data, such as `agent_id=` or `duration_seconds=`. `call={...}` changes
                fields of the made-up call, whose disposition decides the rest; `call=None` removes it.

        Raises:
            ValueError: if the event or a field does not exist, or no endpoint is registered.
        """
        with self._engine.lock:
            payload = triggers.trigger(self.world, event, overrides)
            self._engine.commit()
        self.clock.advance(0)
        return payload

    def receive_call(
        self,
        from_number: str,
        *,
        to_number: str | None = None,
        agent_id: str | None = None,
        provider: str = "twilio",
    ) -> str:
        """Simulate an inbound call to an agent, and return the id of the call.

        Args:
            from_number: Number of the caller; magic numbers choose the outcome.
            to_number: A number of the account, whose agent answers.
            agent_id: The agent that answers, if no number is passed.
            provider: The carrier, if no number is passed.

        Raises:
            ApiError: 400 if no agent answers or a number is malformed.
        """
        with self._engine.lock:
            call = calls.receive(self.world, from_number, to_number, agent_id, provider)
            self._engine.commit()
            return str(call["id"])

    def deliver_to(self, app: Callable[..., Any] | None) -> None:
        """Deliver all webhooks to an application in this process, whatever the host of their address.

        The path of the address chooses the route. The signature carries the time that a receiver in this
        process reads: the sandbox's under `sandbox_time` and the pytest fixtures, else the machine's. Each
        delivery to an ASGI application has its own event loop, and no lifespan is run.

        Args:
            app: An ASGI or a WSGI application; None delivers over HTTP again.

        Raises:
            TypeError: it is neither.
        """
        from vocobase_sandbox.front.applications import sender_to  # imports asyncio, which few sandboxes need

        self.world.app = None if app is None else sender_to(app)
