"""The table of handlers, complete: importing a module of handlers registers what is in it."""

from __future__ import annotations

from vocobase_sandbox.handlers import (
    agent_documents,
    agents,
    background_audio,
    calls,
    campaigns,
    config,
    dictionaries,
    document_folders,
    documents,
    functions,
    phone_numbers,
    projects,
    sessions,
    telephony_connections,
    voicelink,
    webhook_endpoints,
)
from vocobase_sandbox.handlers.context import HANDLERS

__all__ = ["HANDLERS", "MODULES"]

MODULES = (
    agent_documents,
    agents,
    background_audio,
    calls,
    campaigns,
    config,
    dictionaries,
    document_folders,
    documents,
    functions,
    phone_numbers,
    projects,
    sessions,
    telephony_connections,
    voicelink,
    webhook_endpoints,
)
