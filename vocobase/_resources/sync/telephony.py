# Derived from vocobase/_resources/aio/telephony.py by scripts/derive_sync.py; edit that instead.
"""Carrier credentials of the default connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vocobase._base.values import OMIT, Omit
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import (
        ExotelCredentials,
        McubeCredentials,
        PlivoCredentials,
        TataSmartfloCredentials,
        TwilioCredentials,
        VobizCredentials,
        VoiceLinkCredentials,
    )


class TelephonyCredentials(Resource):
    """Carrier credentials of the default connections."""

    def set_exotel(
        self,
        account_sid: str,
        api_key: str,
        *,
        api_token: str,
        subdomain: str,
        caller_id: str,
        applet_id: str,
    ) -> ExotelCredentials:
        """Save the Exotel account of the default Exotel connection.

        Args:
            account_sid: Exotel account SID.
            api_key: Exotel API key.
            api_token: Exotel API token; ``telephony_connections.create`` has no field of this name.
            subdomain: Regional API host, usually api.exotel.com or api.in.exotel.com; not an enum.
            caller_id: Exotel number shown as caller, in E.164 form; must be provisioned for the account.
            applet_id: Id of the Exotel applet (flow) that handles the call; a string of digits.

        Returns:
            The ``ExotelCredentials``.

        Retries: automatic.
        Documentation: Config, Set or update Exotel credentials.
        """
        return self._core.call(
            api.config_telephony.set_exotel.build(
                body=models.ConfigTelephonySetExotelRequest(
                    account_sid=account_sid,
                    api_key=api_key,
                    api_token=api_token,
                    subdomain=subdomain,
                    caller_id=caller_id,
                    applet_id=applet_id,
                )
            ),
            api.config_telephony.set_exotel.parse,
        )

    def set_mcube(self, jwt_token: str, exe_number: str) -> McubeCredentials:
        """Save the MCube token and line of the default MCube connection.

        Args:
            jwt_token: MCube JWT; the name is that of telephony_connections.create.
            exe_number: MCube line for outbound calls; may be in national format. Name and pattern are those
                of telephony_connections.create (pattern ``^\\+?\\d{4,15}$``).

        Returns:
            The ``McubeCredentials``.

        Retries: automatic.
        Documentation: Config, Set or update MCube credentials.
        """
        return self._core.call(
            api.config_telephony.set_mcube.build(
                body=models.ConfigTelephonySetMcubeRequest(jwt_token=jwt_token, exe_number=exe_number)
            ),
            api.config_telephony.set_mcube.parse,
        )

    def set_plivo(self, auth_id: str, auth_token: str, *, from_number: str) -> PlivoCredentials:
        """Save the Plivo account of the default Plivo connection.

        Args:
            auth_id: Auth id of 20 characters; begins with MA for an account, with SA for a subaccount.
            auth_token: Auth token of 40 alphanumeric characters.
            from_number: Caller id in E.164 form; a voice-enabled number that Plivo provisioned for the
                account.

        Returns:
            The ``PlivoCredentials``.

        Retries: automatic.
        Documentation: Config, Set or update Plivo credentials.
        """
        return self._core.call(
            api.config_telephony.set_plivo.build(
                body=models.ConfigTelephonySetPlivoRequest(
                    auth_id=auth_id, auth_token=auth_token, from_number=from_number
                )
            ),
            api.config_telephony.set_plivo.parse,
        )

    def set_twilio(self, account_sid: str, auth_token: str, *, from_number: str) -> TwilioCredentials:
        """Save the Twilio account of the default Twilio connection.

        Args:
            account_sid: Twilio account SID.
            auth_token: Twilio auth token.
            from_number: Default caller id, in E.164 form.

        Returns:
            The ``TwilioCredentials``.

        Retries: automatic.
        Documentation: Config, Set or update Twilio credentials.
        """
        return self._core.call(
            api.config_telephony.set_twilio.build(
                body=models.ConfigTelephonySetTwilioRequest(
                    account_sid=account_sid, auth_token=auth_token, from_number=from_number
                )
            ),
            api.config_telephony.set_twilio.parse,
        )

    def set_vobiz(self, auth_id: str, auth_token: str, *, from_number: str) -> VobizCredentials:
        """Save the Vobiz account of the default Vobiz connection.

        Args:
            auth_id: Auth id; begins with MA_.
            auth_token: Auth token; alphanumeric.
            from_number: Caller id in E.164 form; a number that Vobiz provisioned for the account, enabled
                for outbound voice.

        Returns:
            The ``VobizCredentials``.

        Retries: automatic.
        Documentation: Config, Set or update Vobiz credentials.
        """
        return self._core.call(
            api.config_telephony.set_vobiz.build(
                body=models.ConfigTelephonySetVobizRequest(
                    auth_id=auth_id, auth_token=auth_token, from_number=from_number
                )
            ),
            api.config_telephony.set_vobiz.parse,
        )

    def set_tata_smartflo(
        self,
        email: str,
        password: str,
        *,
        from_number: str,
        base_url: str | Omit = OMIT,
        agent_number: str | Omit = OMIT,
    ) -> TataSmartfloCredentials:
        """Save the login of a Tata Smartflo panel, for inbound and outbound calls.

        Args:
            email: Panel login; ``telephony_connections.create`` calls it tata_email.
            password: Panel password, which is never returned; ``telephony_connections.create`` calls it
                tata_password.
            from_number: Caller id in E.164 form and default outbound number; one of the numbers that
                Smartflo lists under GET /v1/my_number.
            base_url: Smartflo API host; by default the standard host.
            agent_number: Number of the outbound agent leg; pass it only after Vocobase has confirmed it.

        Returns:
            The ``TataSmartfloCredentials``.

        Retries: automatic.
        Documentation: Config, Set or update Tata Smartflo credentials.
        """
        return self._core.call(
            api.config_telephony.set_tata_smartflo.build(
                body=models.ConfigTelephonySetTataSmartfloRequest(
                    email=email,
                    password=password,
                    from_number=from_number,
                    base_url=base_url,
                    agent_number=agent_number,
                )
            ),
            api.config_telephony.set_tata_smartflo.parse,
        )

    def set_voicelink(
        self, username: str, password: str, *, did_number: str | Omit = OMIT, base_url: str | Omit = OMIT
    ) -> VoiceLinkCredentials:
        """Save the VoiceLink account of the default VoiceLink connection.

        Args:
            username: VoiceLink user name.
            password: VoiceLink password.
            did_number: Default number, in E.164 form.
            base_url: API host, if it is not the standard one.

        Returns:
            The ``VoiceLinkCredentials``.

        Retries: automatic.
        Documentation: Config, Set or update VoiceLink credentials.
        """
        return self._core.call(
            api.config_telephony.set_voicelink.build(
                body=models.ConfigTelephonySetVoicelinkRequest(
                    username=username, password=password, did_number=did_number, base_url=base_url
                )
            ),
            api.config_telephony.set_voicelink.parse,
        )
