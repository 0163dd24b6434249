"""One module per tag; importing this package fills the table of handlers."""

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

for _name in MODULES:
    import_module(f"{__name__}.{_name}")
