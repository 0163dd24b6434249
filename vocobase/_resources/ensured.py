"""What ``ensure`` returns: the resource as it is now, and the change that was made. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, TypeVar

from attrs import define

from vocobase_raw.models.agent import Agent
from vocobase_raw.models.background_audio import BackgroundAudio
from vocobase_raw.models.created_webhook_endpoint import CreatedWebhookEndpoint
from vocobase_raw.models.dictionary import Dictionary
from vocobase_raw.models.project import Project
from vocobase_raw.models.webhook_endpoint import WebhookEndpoint
from vocobase_raw.types import Model

Change = Literal["created", "changed", "unchanged"]


@define(kw_only=True, repr=False)
class EnsuredAgent(Agent):
    """An agent that exists with the wanted settings.

    Attributes:
        change: Whether it was created, changed, or already as wanted.
    """

    change: Change


@define(kw_only=True, repr=False)
class EnsuredAudio(BackgroundAudio):
    """A background-audio asset that exists.

    Attributes:
        change: Whether it was created or already there.
    """

    change: Change


@define(kw_only=True, repr=False)
class EnsuredDictionary(Dictionary):
    """A dictionary that exists with the wanted terms.

    Attributes:
        change: Whether it was created, changed, or already as wanted.
    """

    change: Change


@define(kw_only=True, repr=False)
class EnsuredProject(Project):
    """A project that exists with the wanted description.

    Attributes:
        change: Whether it was created, changed, or already as wanted.
    """

    change: Change


@define(kw_only=True, repr=False)
class EnsuredWebhookEndpoint(WebhookEndpoint):
    """A webhook endpoint that exists with the wanted address.

    Attributes:
        change: Whether it was created, changed, or already as wanted.
        secret: Signing secret of a new endpoint; None for one that existed, whose secret the API does not
            show again.
    """

    change: Change
    secret: str | None

    @classmethod
    def of(cls, found: WebhookEndpoint | CreatedWebhookEndpoint, change: Change) -> EnsuredWebhookEndpoint:
        """Return an endpoint with the change that was made."""
        result = ensured(cls, found, change)
        result.secret = found.secret if isinstance(found, CreatedWebhookEndpoint) else None
        return result


M = TypeVar("M", bound=Model)
AsyncFind = Callable[[], Awaitable[M | None]]
Find = Callable[[], M | None]
AsyncCreate = Callable[[], Awaitable[Model]]
Create = Callable[[], Model]
AsyncUpdate = Callable[[M], Awaitable[Model]]
Update = Callable[[M], Model]
E = TypeVar("E", EnsuredAgent, EnsuredAudio, EnsuredDictionary, EnsuredProject, EnsuredWebhookEndpoint)


def ensured(kind: type[E], found: Model, change: Change) -> E:
    """Return a resource with the change that was made."""
    result = kind.from_dict(found.to_dict())
    result.change = change
    return result


def is_as_wanted(found: Model, wanted: Mapping[str, Any]) -> bool:
    """Return whether a resource has all wanted members; one that the API does not show differs."""
    members = found.to_dict()
    return all(name in members and members[name] == value for name, value in wanted.items())


def change_between(before: Model, after: Model) -> Change:
    """Return whether an update changed anything but the time of the last change."""
    old, new = ({**model.to_dict(), "updated_at": None} for model in (before, after))
    return "unchanged" if old == new else "changed"
