"""An emulator of the Vocobase Partner API: real rules, real uploads and webhooks, no key, no phone call.

`sandbox` composes one emulated account: create a `Sandbox(...)`, then connect through `transport()` (httpx
in the same process), `serve()` (a server on a socket), `asgi.application(sandbox)` (other servers), or run
`python -m vocobase_sandbox`.
A request: `front` reads, checks and routes it; a handler in `handlers` executes it by the `rules` of the
platform, which change the rows and the schedule in `kernel`. `control` is the operator's side.
Imports point down: sandbox, control, front, handlers, rules, kernel. The client shares no code with it.
"""

from vocobase_sandbox.kernel.settings import Settings
from vocobase_sandbox.rules.scripts import Conversation
from vocobase_sandbox.sandbox import Sandbox

__all__ = ["Conversation", "Sandbox", "Settings"]
