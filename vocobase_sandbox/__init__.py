"""An emulator of the Vocobase Partner API: real rules, real uploads and webhooks, no key, no phone call."""

from vocobase_sandbox.kernel.settings import Settings
from vocobase_sandbox.sandbox import Sandbox

__all__ = ["Sandbox", "Settings"]
