"""The documented values of arguments, for the completion of editors: any other string is accepted too."""

from __future__ import annotations

from typing import Literal

AgentTypeValue = Literal["inbound", "outbound"] | str
CallStatusValue = (
    Literal["pending", "ringing", "in_progress", "completed", "failed", "no_answer", "busy", "canceled"] | str
)
ProviderValue = (
    Literal["mcube", "twilio", "exotel", "plivo", "vobiz", "sip", "voicelink", "tata_smartflo"] | str
)
CampaignProviderValue = Literal["mcube", "twilio", "exotel"] | str
NumberProviderValue = Literal["plivo", "vobiz"] | str
NumberStatusValue = Literal["ACTIVE", "INACTIVE"] | str
DocumentTypeValue = (
    Literal[
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/plain",
        "text/markdown",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
    ]
    | str
)
AudioTypeValue = Literal["audio/wav"] | str
