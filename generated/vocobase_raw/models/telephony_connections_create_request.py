from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class TelephonyConnectionsCreateRequest(Model):
    """Request body of telephony_connections.create.

    Attributes:
        provider (str): Carrier of the connection. Known values: twilio, exotel, plivo, vobiz,
            tata_smartflo, sip, voicelink, mcube.
        name (str): Label for people. (minLength 1, maxLength 100)
        account_sid (str | Unset): Account SID of Twilio or Exotel, or auth id of Plivo or Vobiz.
        auth_id (str | Unset): Other name of account_sid for Plivo and Vobiz.
        auth_token (str | Unset): Carrier auth token.
        api_key (str | Unset): Exotel.
        subdomain (str | Unset): Exotel.
        caller_id (str | Unset): Exotel.
        from_number (str | Unset): Default outbound number. (pattern ^\\+[1-9]\\d{6,14}$)
        sip_host (str | Unset): SIP carrier host.
        outbound_username (str | Unset): SIP user for outbound.
        outbound_password (str | Unset): SIP password for outbound.
        source_ips (list[str] | Unset): IPs or CIDR ranges from which the SIP carrier sends inbound calls.
        did_number (str | Unset): Number of SIP and VoiceLink connections. (pattern ^\\+[1-9]\\d{6,14}$)
        username (str | Unset): VoiceLink user.
        password (str | Unset): VoiceLink password.
        base_url (str | Unset): Other API host for VoiceLink or Tata Smartflo.
        tata_email (str | Unset): Required when provider is tata_smartflo.
        tata_password (str | Unset): Required when provider is tata_smartflo; never returned.
        agent_number (str | Unset): Smartflo outbound agent leg; only after Vocobase has confirmed a
            value.
        jwt_token (str | Unset): Required when provider is mcube.
        exe_number (str | Unset): Required when provider is mcube; MCube line for outbound, national
            format allowed; becomes the default number of the connection. (pattern ^\\+?\\d{4,15}$)
    """

    provider: str
    name: str
    account_sid: str | Unset = UNSET
    auth_id: str | Unset = UNSET
    auth_token: str | Unset = UNSET
    api_key: str | Unset = UNSET
    subdomain: str | Unset = UNSET
    caller_id: str | Unset = UNSET
    from_number: str | Unset = UNSET
    sip_host: str | Unset = UNSET
    outbound_username: str | Unset = UNSET
    outbound_password: str | Unset = UNSET
    source_ips: list[str] | Unset = UNSET
    did_number: str | Unset = UNSET
    username: str | Unset = UNSET
    password: str | Unset = UNSET
    base_url: str | Unset = UNSET
    tata_email: str | Unset = UNSET
    tata_password: str | Unset = UNSET
    agent_number: str | Unset = UNSET
    jwt_token: str | Unset = UNSET
    exe_number: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("provider", "provider", None, None),
        ("name", "name", None, None),
        ("account_sid", "account_sid", None, UNSET),
        ("auth_id", "auth_id", None, UNSET),
        ("auth_token", "auth_token", None, UNSET),
        ("api_key", "api_key", None, UNSET),
        ("subdomain", "subdomain", None, UNSET),
        ("caller_id", "caller_id", None, UNSET),
        ("from_number", "from_number", None, UNSET),
        ("sip_host", "sip_host", None, UNSET),
        ("outbound_username", "outbound_username", None, UNSET),
        ("outbound_password", "outbound_password", None, UNSET),
        ("source_ips", "source_ips", None, UNSET),
        ("did_number", "did_number", None, UNSET),
        ("username", "username", None, UNSET),
        ("password", "password", None, UNSET),
        ("base_url", "base_url", None, UNSET),
        ("tata_email", "tata_email", None, UNSET),
        ("tata_password", "tata_password", None, UNSET),
        ("agent_number", "agent_number", None, UNSET),
        ("jwt_token", "jwt_token", None, UNSET),
        ("exe_number", "exe_number", None, UNSET),
    )
