"""An emulator of the Vocobase Partner API: real rules, real uploads and webhooks, no key, no phone call."""

from vocobase_sandbox._sandbox import Sandbox
from vocobase_sandbox.kernel.settings import Settings

__all__ = ["Sandbox", "Settings"]
