"""The one place that connects to PostgreSQL; the caller imports psycopg, which few programs need."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

# Seconds for a connection, and for others who hold a lock.
PATIENCE_SECONDS = 15
# A network that drops all packets would otherwise block a worker for hours.
NETWORK: dict[str, Any] = {
    "connect_timeout": PATIENCE_SECONDS,
    "tcp_user_timeout": PATIENCE_SECONDS * 1000,
    "keepalives_idle": PATIENCE_SECONDS,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Link:
    """The connection of one process, for one of its threads at a time."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.connection: Any = None

    def drop_unfit(self, psycopg: Any) -> None:
        """Close a connection that broke, or that an interrupt left in an open transaction."""
        connection, idle = self.connection, psycopg.pq.TransactionStatus.IDLE
        if connection is not None and connection.info.transaction_status != idle:
            self.connection = None
            connection.close()


def connect(psycopg: Any, settings: Mapping[str, Any]) -> Any:
    """Open a connection that waits for locks no longer than `PATIENCE_SECONDS`."""
    connection = psycopg.connect(
        **settings,
        autocommit=True,
        # Prepared statements do not go through poolers.
        prepare_threshold=None,
    )
    try:
        connection.execute(f"SET lock_timeout = '{PATIENCE_SECONDS}s'")
    except BaseException:
        connection.close()
        raise
    return connection


def place_of(settings: Mapping[str, Any]) -> str:
    """Return the place of a database without its password, for messages."""
    host, port = settings.get("host", "localhost"), settings.get("port", 5432)
    return f"{host}:{port}/{settings.get('dbname', '')}"
