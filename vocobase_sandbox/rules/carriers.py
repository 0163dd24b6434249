"""Carrier accounts: connections, their numbers, and the choice for a call."""

from __future__ import annotations

from vocobase_sandbox.kernel.messages import Row, forbidden, invalid, not_found
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules.numbers import E164

DEFAULT_PROVIDER = "mcube"
BOUND_NUMBERS = ("plivo", "vobiz", "tata_smartflo", "sip", "voicelink")
"""Carriers that prefer an active number of the agent to the default number of the connection."""


def mask(value: str) -> str:
    """Mask the middle of an identifier: first four characters, asterisks, last four."""
    return value[:4] + "*" * max(4, len(value) - 8) + value[-4:] if len(value) > 8 else "*" * len(value)


def connections(world: World, provider: str | None = None) -> list[Row]:
    """List the active connections, of one carrier if given."""
    return [
        row
        for row in world.store.rows("connections")
        if row["status"] == "ACTIVE" and provider in (None, row["provider"])
    ]


def default_connection(world: World, provider: str) -> Row | None:
    """Return the default connection of a carrier."""
    return next((row for row in connections(world, provider) if row["is_default"]), None)


def choose(world: World, provider: str | None, connection_id: str | None) -> Row:
    """Choose the connection of a call.

    Raises:
        ApiError: 403 if the carrier is not allowed or has no credentials, 404 for an unknown connection,
            400 if the choice is ambiguous or contradictory.
    """
    if connection_id is not None:
        row = world.store.get("connections", connection_id)
        if row is None:
            raise not_found("telephony connection")
        if provider is not None and provider.lower() != row["provider"]:
            raise invalid(f"the connection belongs to {row['provider']}, not to {provider}")
        require_allowed(world, row["provider"])
        return row
    name = (provider or DEFAULT_PROVIDER).lower()
    require_allowed(world, name)
    return only_connection(world, name)


def require_allowed(world: World, provider: str) -> None:
    """Reject a carrier that is not allowed.

    Raises:
        ApiError: 403.
    """
    if provider.lower() not in (allowed.lower() for allowed in world.account["allowed_providers"]):
        raise forbidden(f"{provider} is not in allowed_telephony_providers")


def only_connection(world: World, provider: str) -> Row:
    """Return the only active connection of a carrier.

    Raises:
        ApiError: 403 if there is none, 400 if there are several.
    """
    active = connections(world, provider)
    if not active:
        raise forbidden(f"no credentials are set for {provider}")
    if len(active) > 1:
        raise invalid(f"{provider} has several active connections, so connection_id is required")
    return active[0]


def caller_id(world: World, connection: Row, agent_id: str) -> str:
    """Return the caller ID of a call."""
    if connection["provider"] in BOUND_NUMBERS:
        for number in world.store.rows("numbers"):
            same = number["connection_id"] == connection["id"] and number["agent_id"] == agent_id
            if same and number["status"] == "ACTIVE":
                return str(number["phone_number"])
    return connection["from_number"] or "anonymous"


def create(world: World, provider: str, name: str, secrets: Row, caller: str | None, *, default: bool) -> Row:
    """Store a connection and its default number."""
    row: Row = {
        "id": world.uuid("connection"),
        "provider": provider,
        "name": name,
        "status": "ACTIVE",
        "is_default": default,
        "from_number": caller,
        "secrets": secrets,
        "created_at": world.now,
    }
    world.store.put("connections", row)
    _sync_default_number(world, row)
    return row


def set_default(world: World, provider: str, secrets: Row, caller: str | None) -> Row:
    """Update the default connection of a carrier, or create it."""
    row = default_connection(world, provider)
    if row is None:
        return create(world, provider, "Default", secrets, caller, default=True)
    row = world.store.put("connections", {**row, "secrets": secrets, "from_number": caller})
    _sync_default_number(world, row)
    return row


def _sync_default_number(world: World, connection: Row) -> None:
    for number in world.store.rows("numbers"):
        if number["connection_id"] == connection["id"] and number["is_default"]:
            world.store.put("numbers", {**number, "is_default": False})
    caller = connection["from_number"]
    if caller is not None and E164.fullmatch(caller):
        add_number(world, connection, caller, default=True)


def find_number(world: World, phone_number: str) -> Row | None:
    """Return the active imported number that was dialled."""
    numbers = (row for row in world.store.rows("numbers") if row["phone_number"] == phone_number)
    return next((row for row in numbers if row["status"] == "ACTIVE"), None)


def add_number(world: World, connection: Row, phone_number: str, *, default: bool = False) -> Row:
    """Import a number, or return its existing row."""
    for number in world.store.rows("numbers"):
        if (number["connection_id"], number["phone_number"]) == (connection["id"], phone_number):
            return world.store.put("numbers", {**number, "is_default": default or number["is_default"]})
    row = {
        "id": world.uuid("number"),
        "phone_number": phone_number,
        "provider": connection["provider"],
        "friendly_name": None,
        "status": "ACTIVE",
        "is_default": default,
        "agent_id": None,
        "connection_id": connection["id"],
    }
    return world.store.put("numbers", row)
