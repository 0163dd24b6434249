"""The receiver of one endpoint: it turns requests into verified events."""

from __future__ import annotations

from vocobase._base.arguments import check_methods, is_number
from vocobase._base.errors import ConfigurationError
from vocobase._base.secrets import Secret, reveal, takes_secrets
from vocobase._base.short_repr import ShortRepr
from vocobase.webhooks._claims import DEFAULT_LEASE_SECONDS, METHODS, Claim
from vocobase.webhooks._dedupe import Dedupe
from vocobase.webhooks._headers import HeadersLike
from vocobase.webhooks._payloads import Event, parse
from vocobase.webhooks._signature import (
    DEFAULT_MAX_BODY_BYTES,
    DEFAULT_TOLERANCE_SECONDS,
    Clock,
    Secrets,
    check_limits,
    check_request,
    encode_secrets,
    source_of,
)


class WebhookReceiver(ShortRepr):
    """Turn requests into verified, typed events. Thread-safe; share it freely.

    Args:
        secrets: Secret of the endpoint as `config.webhooks.create` returned it; several while one is being
            replaced; or a function that returns them, called for each request.
        tolerance: Largest difference in seconds between the time of sending and the clock, either way; None
            accepts any time.
        dedupe: Store of handled events, such as `MemoryDedupe`; without one, duplicates are not detected.
        max_body: Largest body in bytes.
        lease: Seconds after which a claim expires if its process has died.
        clock: Returns seconds since 1970; the wall clock by default.

    Raises:
        ConfigurationError: an argument cannot be used.
    """

    @takes_secrets("secrets")
    def __init__(
        self,
        secrets: Secrets,
        *,
        tolerance: float | None = DEFAULT_TOLERANCE_SECONDS,
        dedupe: Dedupe | None = None,
        max_body: int = DEFAULT_MAX_BODY_BYTES,
        lease: float = DEFAULT_LEASE_SECONDS,
        clock: Clock | None = None,
    ) -> None:
        source = source_of(secrets)
        check_limits(tolerance, clock, max_body)
        if not is_number(lease) or not 0 < lease <= 3600:
            raise ConfigurationError("lease must be a number of seconds above 0, at most 3600.")
        if dedupe is not None:
            check_methods(dedupe, "dedupe", "a store such as MemoryDedupe()", *METHODS)
        if not callable(reveal(secrets)):
            # Read once, so that a mistake shows at the start and not at the first event.
            keys = encode_secrets(secrets)
            source = Secret([key.decode() for key in keys.reveal()]).reveal
        self._secrets = source
        self._tolerance = tolerance
        self._dedupe = dedupe
        self._lease = lease
        self._clock = clock
        self.max_body = max_body

    def _about(self) -> str:
        return f"tolerance={self._tolerance}, dedupe={self._dedupe!r}"

    def receive(self, body: bytes, headers: HeadersLike) -> Event:
        """Verify a request and return its event.

        With a store, the event counts as handled from now on: it is lost if the process dies before the work
        is done. `handling` avoids this.

        Args:
            body: Raw body of the request, before any JSON parsing.
            headers: Headers of the request: a mapping or pairs, any case, str or bytes.

        Returns:
            A `SessionCompleted`, or an `UnknownEvent`, which you should ignore.

        Raises:
            WebhookError: you must not act on the request; ``reason`` says why.
        """
        claim = self.claim(body, headers)
        claim.confirm()
        return claim.event

    def handling(self, body: bytes, headers: HeadersLike) -> Claim:
        """Verify a request and hold its event while you handle it.

            with receiver.handling(body, headers) as event:
                save(event)

        The event counts as handled when the block ends. If the block raises or the process dies, the next
        attempt is accepted.

        Args:
            body: Raw body of the request.
            headers: Headers of the request.

        Returns:
            A context manager whose value is the event.

        Raises:
            WebhookError: raised before the block; ``in-progress`` while another handler holds the event.
        """
        return self.claim(body, headers)

    def claim(self, body: bytes, headers: HeadersLike) -> Claim:
        """Verify a request and claim its event; call ``confirm`` or ``release`` before the lease expires.

        Args:
            body: Raw body of the request.
            headers: Headers of the request.

        Returns:
            The claim with its event.

        Raises:
            WebhookError: you must not act on the request; ``reason`` says why.
        """
        check_request(body, headers, self._secrets, self._tolerance, self._clock, self.max_body)
        claim = Claim(parse(body), self._dedupe, self._lease)
        claim.take()
        return claim
