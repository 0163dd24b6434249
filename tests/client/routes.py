"""An override, and a campaign of a sandbox that needs it."""

from __future__ import annotations

from vocobase import Vocobase

MOVED = {"campaigns.stop": "POST /campaigns/{id}/cancel"}


def started(vb: Vocobase) -> str:
    agent = vb.agents.ensure("Desk", "Be kind.", voice_id=vb.voices.find().id)
    campaign = vb.campaigns.create("Reminder", agent.id, provider="twilio")
    vb.campaigns.add_contacts(campaign.campaign_id, [{"phone": "+919876543210"}])
    return vb.campaigns.start(campaign.campaign_id).campaign_id
