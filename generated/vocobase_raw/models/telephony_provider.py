from ..types import OpenEnum


class TelephonyProvider(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    EXOTEL = "exotel"
    MCUBE = "mcube"
    PLIVO = "plivo"
    SIP = "sip"
    TATA_SMARTFLO = "tata_smartflo"
    TWILIO = "twilio"
    VOBIZ = "vobiz"
    VOICELINK = "voicelink"
