"""The complete table of handlers: each module registers its handlers when it is imported."""

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
