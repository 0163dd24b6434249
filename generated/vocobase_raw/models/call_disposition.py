from ..types import OpenEnum


class CallDisposition(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    BLOCKED = "blocked"
    BUSY = "busy"
    CANCELED = "canceled"
    COMPLETED = "completed"
    FAILED = "failed"
    NO_ANSWER = "no_answer"
    USER_HANGUP_NO_SPEECH = "user_hangup_no_speech"
    VOICEMAIL = "voicemail"
