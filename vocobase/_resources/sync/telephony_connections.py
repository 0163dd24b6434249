# Derived from vocobase/_resources/aio/telephony_connections.py by scripts/derive_sync.py; edit that instead.
"""Named carrier accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vocobase._base.values import OMIT, Omit, as_list
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase._policy.choices import ProviderValue
    from vocobase_raw.models import TelephonyConnection


class TelephonyConnections(Resource):
    """Named carrier accounts."""

    def create(
        self,
        provider: ProviderValue,
        name: str,
        *,
        account_sid: str | Omit = OMIT,
        auth_id: str | Omit = OMIT,
        auth_token: str | Omit = OMIT,
        api_key: str | Omit = OMIT,
        subdomain: str | Omit = OMIT,
        caller_id: str | Omit = OMIT,
        from_number: str | Omit = OMIT,
        sip_host: str | Omit = OMIT,
        outbound_username: str | Omit = OMIT,
        outbound_password: str | Omit = OMIT,
        source_ips: Sequence[str] | Omit = OMIT,
        did_number: str | Omit = OMIT,
        username: str | Omit = OMIT,
        password: str | Omit = OMIT,
        base_url: str | Omit = OMIT,
        tata_email: str | Omit = OMIT,
        tata_password: str | Omit = OMIT,
        agent_number: str | Omit = OMIT,
        jwt_token: str | Omit = OMIT,
        exe_number: str | Omit = OMIT,
    ) -> TelephonyConnection:
        """Create a named carrier account (credentials and default number); a provider may have several.

        Args:
            provider: Carrier of the connection (one of twilio, exotel, plivo, vobiz, tata_smartflo, sip,
                voicelink, mcube).
            name: Display name (1 to 100 characters).
            account_sid: Account SID of Twilio or Exotel, or auth id of Plivo or Vobiz.
            auth_id: Same as account_sid, for Plivo and Vobiz.
            auth_token: Auth token of the carrier.
            api_key: Exotel API key.
            subdomain: Exotel subdomain.
            caller_id: Exotel caller id.
            from_number: Default outbound number (pattern ``^\\+[1-9]\\d{6,14}$``).
            sip_host: Host of the SIP carrier.
            outbound_username: SIP user for outbound calls.
            outbound_password: SIP password for outbound calls.
            source_ips: IP addresses or CIDR ranges from which the SIP carrier sends inbound calls.
            did_number: Number of a SIP or VoiceLink connection (pattern ``^\\+[1-9]\\d{6,14}$``).
            username: VoiceLink user.
            password: VoiceLink password.
            base_url: API host of VoiceLink or Tata Smartflo, if it is not the standard one.
            tata_email: Panel login of Tata Smartflo; required for tata_smartflo.
            tata_password: Panel password of Tata Smartflo, which is never returned; required for
                tata_smartflo.
            agent_number: Outbound agent leg of Tata Smartflo; pass it only after Vocobase has confirmed it.
            jwt_token: MCube JWT; required for mcube.
            exe_number: MCube line for outbound calls and default number of the connection; required for
                mcube, may be in national format (pattern ``^\\+?\\d{4,15}$``).

        Returns:
            The ``TelephonyConnection``.

        Raises:
            OutcomeUnknownError: no response; check with ``telephony_connections.list`` before you create it
                again.

        Retries: only if the API certainly did not process the request.
        Documentation: Telephony Connections, Create a telephony connection.
        """
        created = self._core.call(
            api.telephony_connections.create.build(
                body=models.TelephonyConnectionsCreateRequest(
                    provider=provider,
                    name=name,
                    account_sid=account_sid,
                    auth_id=auth_id,
                    auth_token=auth_token,
                    api_key=api_key,
                    subdomain=subdomain,
                    caller_id=caller_id,
                    from_number=from_number,
                    sip_host=sip_host,
                    outbound_username=outbound_username,
                    outbound_password=outbound_password,
                    source_ips=as_list(source_ips),
                    did_number=did_number,
                    username=username,
                    password=password,
                    base_url=base_url,
                    tata_email=tata_email,
                    tata_password=tata_password,
                    agent_number=agent_number,
                    jwt_token=jwt_token,
                    exe_number=exe_number,
                )
            ),
            api.telephony_connections.create.parse,
        )
        return created.connection

    def list(self, *, provider: ProviderValue | Omit = OMIT) -> Page[TelephonyConnection]:
        """Return the partner's connections, of all providers or of one.

        Args:
            provider: Only this provider (known values: mcube, twilio, exotel, plivo, vobiz, sip, voicelink,
                tata_smartflo).

        Returns:
            A page of ``TelephonyConnection``.

        Retries: automatic.
        Documentation: Telephony Connections, List connections.
        """
        return self._core.page(
            api.telephony_connections.list_.build(provider=provider),
            "connections",
            models.TelephonyConnection.from_dict,
        )

    def iter(self, *, provider: ProviderValue | Omit = OMIT) -> Iterator[TelephonyConnection]:
        """Iterate over the partner's connections; the API returns them in one response.

        Args:
            provider: Only this provider (known values: mcube, twilio, exotel, plivo, vobiz, sip, voicelink,
                tata_smartflo).

        Returns:
            An iterator of ``TelephonyConnection``.

        Retries: automatic.
        Documentation: Telephony Connections, List connections.
        """
        for item in self.list(provider=provider):
            yield item
