"""An emulator of the Vocobase Partner API: real rules, real uploads and webhooks, no key, no phone call.

`sandbox` composes one emulated account and is the way in: `Sandbox(...)`, then `transport()` for httpx
clients in this process, `serve()` for a server on a socket, `asgi.application(sandbox)` for other
servers, or `python -m vocobase_sandbox` from the command line. A request takes this way: `front` reads,
checks and routes it, a handler in `handlers` carries it out by the `rules` of the platform, which change
the rows and the schedule in `kernel`. `control` is the operator's side. Imports point down: kernel,
rules, handlers, front, control, sandbox. The client shares no code with it.
"""

from vocobase_sandbox.kernel.settings import Settings
from vocobase_sandbox.sandbox import Sandbox

__all__ = ["Sandbox", "Settings"]
