# Derived from vocobase/_client/aio/client.py by scripts/derive_sync.py; edit that instead.
"""The synchronous client."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from vocobase._base.arguments import check_callback, check_function, check_whole
from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._base.runtime import Runtime, current_runtime
from vocobase._base.secrets import Secret, conceal, takes_secrets
from vocobase._client.pacing import pacer_of
from vocobase._core.sync.core import Core, Options
from vocobase._policy.options import (
    MAX_RETRIES,
    ApiKey,
    Timeout,
    check_headers,
    resolve_base_url,
    resolve_http_hosts,
    resolve_key,
    resolve_timeout,
    with_host_of,
)
from vocobase._policy.overrides import RoutesOption, resolve_routes
from vocobase._policy.pacers import Pacer
from vocobase._transport import HttpClient, Transport
from vocobase._transport.pool import Pool

if TYPE_CHECKING:
    from vocobase._policy.hooks import ClientEvent, Notifier, ResponseInfo
    from vocobase._resources.sync.agents import Agents
    from vocobase._resources.sync.background_audio import BackgroundAudios
    from vocobase._resources.sync.calls import Calls
    from vocobase._resources.sync.campaigns import Campaigns
    from vocobase._resources.sync.config import Config
    from vocobase._resources.sync.dictionaries import Dictionaries
    from vocobase._resources.sync.document_folders import DocumentFolders
    from vocobase._resources.sync.documents import Documents
    from vocobase._resources.sync.events import Events
    from vocobase._resources.sync.functions import Functions
    from vocobase._resources.sync.phone_numbers import PhoneNumbers
    from vocobase._resources.sync.projects import Projects
    from vocobase._resources.sync.sessions import Sessions
    from vocobase._resources.sync.telephony_connections import TelephonyConnections
    from vocobase._resources.sync.voicelink import VoiceLink
    from vocobase._resources.sync.voices import Voices
    from vocobase_raw.client import Client


class Vocobase:
    """A client of the Vocobase Partner API.

    Args:
        api_key: The API key, or a function that returns it (called for every request);
            VOCOBASE_API_KEY by default.
        base_url: Address of the API with its version; by default VOCOBASE_BASE_URL, else the public API.
        timeout: Seconds for a whole call, retries included, or a ``Timeout``; by default 30 s, and 60 s
            for operations that may take longer. Transfers of files have the 15 minutes of a presigned URL.
        max_retries: How often a request is retried, if that is safe (0 to 20).
        headers: Additional headers for every request.
        pace: True waits instead of exceeding 60 requests per minute (10 under /calls/) in this process. A
            file (a path, or a text that ends with ``.sqlite``) shares the budgets between the processes of a
            machine; ``redis://...`` or ``postgresql://...`` between machines; an object that has
            ``try_acquire()`` is your own ``Pacer``. The wait does not count against the timeout.
        on_response: Called with a ``ResponseInfo`` for every response: status, headers, request id.
        on_event: Called when a retry is scheduled (``RetryScheduled``), after a wait for a permit
            (``PermitWaited``), and when the outcome of a request is unknown (``OutcomeUnknown``).
            An error that it raises does not affect the request; the first one is logged.
        transport: An httpx transport instead of the network, for tests; closed with the client.
        http_client: Your own httpx client; never closed. Its headers and cookies are not used. httpx logs the
            addresses of its requests at level INFO, presigned ones without their query.
        proxy: Address of a proxy; by default that of the environment.
        ssl_context: TLS settings, such as ``ssl.create_default_context(cafile=...)`` for the certificates of
            a company; by default, the certificates of SSL_CERT_FILE or SSL_CERT_DIR, else those of certifi.
        allow_http: Hosts other than this machine to which the client may send the key over plain HTTP, such
            as ``"sandbox"`` in Docker Compose; VOCOBASE_ALLOW_HTTP by default, else none. Anyone who can read
            that network can read the key: name only hosts in networks that you control.
        routes: Other routes for operations, such as ``{"campaigns.stop": "POST /campaigns/{id}/cancel"}``,
            or the path of a JSON file with such an object; by default the file that VOCOBASE_ROUTES names.
        runtime: Clock and sleep of the client, for tests; see ``vocobase.testing``.

    Raises:
        ConfigurationError: an option is missing or cannot be used; the message says which, and what to do.
    """

    @takes_secrets("api_key", "base_url", "headers", "pace", "proxy")
    def __init__(
        self,
        api_key: ApiKey | None = None,
        *,
        base_url: str | None = None,
        timeout: float | Timeout | None = None,
        max_retries: int = 2,
        headers: Mapping[str, str] | None = None,
        pace: bool | str | os.PathLike[str] | Pacer | None = None,
        on_response: Callable[[ResponseInfo], None] | None = None,
        on_event: Callable[[ClientEvent], object] | None = None,
        transport: Transport | None = None,
        http_client: HttpClient | None = None,
        proxy: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        allow_http: str | Iterable[str] | None = None,
        routes: RoutesOption | None = None,
        runtime: Runtime | None = None,
    ) -> None:
        key = resolve_key(conceal(api_key))
        if sum(given is not None for given in (transport, http_client, proxy)) > 1:
            raise ConfigurationError("Pass only one of transport, http_client and proxy.")
        if not isinstance(cast(object, runtime), Runtime | None):
            raise InvalidArgumentError("runtime must be a runtime of the SDK.")
        runtime = runtime or current_runtime()
        http_hosts = resolve_http_hosts(allow_http)
        address = resolve_base_url(conceal(base_url), http_hosts)
        self._core = Core(
            base_url=address,
            key=key,
            options=Options(
                timeout=None if timeout is None else resolve_timeout(timeout),
                max_retries=check_whole(max_retries, "max_retries", 0, MAX_RETRIES),
                headers=check_headers(conceal(headers)),
                pacer=pacer_of(pace, runtime.clock),
                on_response=check_callback(on_response, "on_response"),
                on_event=_notifier(on_event),
                routes=resolve_routes(routes, address),
            ),
            pool=Pool(
                transport=transport,
                http_client=http_client,
                proxy=conceal(proxy),
                ssl_context=ssl_context,
                http_hosts=with_host_of(address, http_hosts),
                address=address,
            ),
            runtime=runtime,
        )

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return self._core.base_url

    @takes_secrets("headers", "pace")
    def with_options(
        self,
        *,
        timeout: float | Timeout | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        pace: bool | str | os.PathLike[str] | Pacer | None = None,
        on_response: Callable[[ResponseInfo], None] | None = None,
        on_event: Callable[[ClientEvent], object] | None = None,
    ) -> Self:
        """Return a view with other options over the same connections; this client stays unchanged.

        Args:
            timeout: Seconds for a whole call, or a ``Timeout``.
            max_retries: How often a request is retried, if that is safe (0 to 20).
            headers: Headers in addition to those of the client.
            pace: As in the constructor; False ends pacing.
            on_response: Called with a ``ResponseInfo`` for every response.
            on_event: Called for retries, waits and unknown outcomes, as in the constructor.
        """
        changes: dict[str, Any] = {}
        if timeout is not None:
            changes["timeout"] = resolve_timeout(timeout)
        if max_retries is not None:
            changes["max_retries"] = check_whole(max_retries, "max_retries", 0, MAX_RETRIES)
        if headers is not None:
            more = check_headers(conceal(headers))
            changes["headers"] = Secret({**self._core.options.headers.reveal(), **more.reveal()})
        if pace is not None:
            changes["pacer"] = pacer_of(pace, self._core.runtime.clock)
        if on_response is not None:
            changes["on_response"] = check_callback(on_response, "on_response")
        if on_event is not None:
            changes["on_event"] = _notifier(on_event)
        view = type(self).__new__(type(self))
        view._core = self._core.view(**changes)
        return view

    @cached_property
    def raw(self) -> Client:
        """The generated client over the same connections and policies, for ``vocobase_raw.api``."""
        from vocobase._transport.raw_client import raw_client

        return raw_client(self.base_url, self._core.send_raw)

    @takes_secrets("params", "json")
    def request(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None
    ) -> Any:
        """Send a request to a route that has no method here, under the same policies.

        Args:
            method: HTTP method, such as ``GET``.
            path: Path below the base URL, beginning with a slash, without query.
            params: Query parameters.
            json: Body; none if it is None.

        Returns:
            The payload inside the envelope, None for HEAD.

        Raises:
            InvalidArgumentError: the path or the body cannot be sent; nothing was sent.

        Retries: automatic for GET and HEAD; for other methods only if the API certainly did not process the
            request.
        """
        # Loaded by the few programs that need it.
        from vocobase._policy.custom_requests import custom_request

        return self._core.call(custom_request(method, path, params, json), lambda data: data)

    def close(self) -> None:
        """Close the connections, including those of all views; your own ``http_client`` stays open."""
        self._core.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        # A client whose constructor failed has no core, and tools that show tracebacks call repr().
        core = getattr(self, "_core", None)
        return f"<{type(self).__name__} {core.base_url if core else '(not created)'}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError(
            f"{type(self).__name__} cannot be pickled: it has connections and a key; create one per process."
        )

    @cached_property
    def agents(self) -> Agents:
        """Voice agents: prompt, voice and behaviour."""
        from vocobase._resources.sync.agents import Agents

        return Agents(self._core)

    @cached_property
    def background_audio(self) -> BackgroundAudios:
        """Tracks that play under the voice of an agent."""
        from vocobase._resources.sync.background_audio import BackgroundAudios

        return BackgroundAudios(self._core)

    @cached_property
    def calls(self) -> Calls:
        """Outbound phone calls."""
        from vocobase._resources.sync.calls import Calls

        return Calls(self._core)

    @cached_property
    def campaigns(self) -> Campaigns:
        """Outbound calling campaigns."""
        from vocobase._resources.sync.campaigns import Campaigns

        return Campaigns(self._core)

    @cached_property
    def config(self) -> Config:
        """Your account: settings, webhook endpoints, carrier credentials."""
        from vocobase._resources.sync.config import Config

        return Config(self._core)

    @cached_property
    def dictionaries(self) -> Dictionaries:
        """Term lists that bias speech recognition."""
        from vocobase._resources.sync.dictionaries import Dictionaries

        return Dictionaries(self._core)

    @cached_property
    def document_folders(self) -> DocumentFolders:
        """Groups of documents."""
        from vocobase._resources.sync.document_folders import DocumentFolders

        return DocumentFolders(self._core)

    @cached_property
    def documents(self) -> Documents:
        """Files and web links for knowledge bases."""
        from vocobase._resources.sync.documents import Documents

        return Documents(self._core)

    @cached_property
    def events(self) -> Events:
        """The events of webhooks, by polling."""
        from vocobase._resources.sync.events import Events

        return Events(self._core)

    @cached_property
    def functions(self) -> Functions:
        """HTTP functions that an agent may call during a conversation."""
        from vocobase._resources.sync.functions import Functions

        return Functions(self._core)

    @cached_property
    def phone_numbers(self) -> PhoneNumbers:
        """Imported Plivo and Vobiz numbers."""
        from vocobase._resources.sync.phone_numbers import PhoneNumbers

        return PhoneNumbers(self._core)

    @cached_property
    def projects(self) -> Projects:
        """Groups of agents."""
        from vocobase._resources.sync.projects import Projects

        return Projects(self._core)

    @cached_property
    def sessions(self) -> Sessions:
        """Browser sessions, and the record of every session."""
        from vocobase._resources.sync.sessions import Sessions

        return Sessions(self._core)

    @cached_property
    def telephony_connections(self) -> TelephonyConnections:
        """Named carrier accounts."""
        from vocobase._resources.sync.telephony_connections import TelephonyConnections

        return TelephonyConnections(self._core)

    @cached_property
    def voicelink(self) -> VoiceLink:
        """Pass-through management of VoiceLink."""
        from vocobase._resources.sync.voicelink import VoiceLink

        return VoiceLink(self._core)

    @cached_property
    def voices(self) -> Voices:
        """The voice catalog."""
        from vocobase._resources.sync.voices import Voices

        return Voices(self._core)


def _notifier(hook: Callable[[ClientEvent], object] | None) -> Notifier | None:
    """Return the caller of a hook, imported late: few clients have one."""
    if hook is None:
        return None
    from vocobase._policy.hooks import Notifier

    return Notifier(check_function(hook, "on_event"))
