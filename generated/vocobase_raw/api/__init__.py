"""All operations by resource, each loaded when it is first used: ``api.calls.start.build(...)``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import (
        agents,
        agents_dictionaries,
        agents_documents,
        background_audio,
        calls,
        campaigns,
        config,
        config_telephony,
        config_webhooks,
        dictionaries,
        document_folders,
        documents,
        functions,
        phone_numbers,
        projects,
        sessions,
        telephony_connections,
        voicelink_bots,
        voicelink_call_routing,
        voicelink_clients,
        voicelink_dids,
        voicelink_state,
        voices,
    )

__all__ = (
    "agents",
    "agents_dictionaries",
    "agents_documents",
    "background_audio",
    "calls",
    "campaigns",
    "config",
    "config_telephony",
    "config_webhooks",
    "dictionaries",
    "document_folders",
    "documents",
    "functions",
    "phone_numbers",
    "projects",
    "sessions",
    "telephony_connections",
    "voicelink_bots",
    "voicelink_call_routing",
    "voicelink_clients",
    "voicelink_dids",
    "voicelink_state",
    "voices",
)


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f".{name}", __name__)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
