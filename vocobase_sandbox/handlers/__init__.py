"""The handlers of the operations, one module per tag."""

from importlib import import_module

MODULES = (
    "agent_documents",
    "agents",
    "background_audio",
    "calls",
    "campaigns",
    "config",
    "dictionaries",
    "document_folders",
    "documents",
    "functions",
    "phone_numbers",
    "projects",
    "sessions",
    "telephony_connections",
    "voicelink",
    "webhook_endpoints",
)


def register() -> None:
    """Import every module, which fills the table of handlers."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")
