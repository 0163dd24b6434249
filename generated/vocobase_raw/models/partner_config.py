from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.default_webhook_state import DefaultWebhookState
from ..models.partner_status import PartnerStatus
from ..models.telephony_provider_states import TelephonyProviderStates
from ..models.webhook_endpoint import WebhookEndpoint
from ..types import Load, Model, Unset, load_enum, load_list, load_model


@define(kw_only=True, repr=False)
class PartnerConfig(Model):
    """Payload of config.get.

    Attributes:
        name (str): Slug of the partner.
        display_name (str): Display name.
        agent_limit (int): Maximum number of agents of the partner.
        current_agent_count (int): Agents that exist now.
        allowed_voices (list[str]): Voice ids.
        allowed_languages (list[str]): Language codes such as en, hi, es.
        allowed_telephony_providers (list[str]): Carriers with which the account may call; lower case
            here, while the start-call documentation writes SIP in upper case.
        status (PartnerStatus):
        webhook (DefaultWebhookState): State of the legacy single webhook.
        webhooks (list[WebhookEndpoint]): Webhook endpoints; the item shape is inferred from
            config.webhooks.create without secret and message.
        telephony (TelephonyProviderStates): Map with one member per carrier; which carriers appear
            differs between guides.
        credits (float | None): Balance in rupees. The guide says that the balance can be read here; its
            name is inferred from the billing guide.
    """

    name: str
    display_name: str
    agent_limit: int
    current_agent_count: int
    allowed_voices: list[str]
    allowed_languages: list[str]
    allowed_telephony_providers: list[str]
    status: PartnerStatus
    webhook: DefaultWebhookState
    webhooks: list[WebhookEndpoint]
    telephony: TelephonyProviderStates
    credits: float | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("display_name", "display_name", None, None),
        ("agent_limit", "agent_limit", None, None),
        ("current_agent_count", "current_agent_count", None, None),
        ("allowed_voices", "allowed_voices", None, None),
        ("allowed_languages", "allowed_languages", None, None),
        ("allowed_telephony_providers", "allowed_telephony_providers", None, None),
        ("status", "status", load_enum(PartnerStatus), None),
        ("webhook", "webhook", load_model(DefaultWebhookState), None),
        ("webhooks", "webhooks", load_list(load_model(WebhookEndpoint)), None),
        ("telephony", "telephony", load_model(TelephonyProviderStates), None),
        ("credits", "credits", None, None),
    )
