"""How one worker claims the jobs of a list."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass

from vocobase._policy.cadence import LEASE_MARGIN_SECONDS


@dataclass(frozen=True)
class Claims:
    """The claims of one worker.

    Attributes:
        owner: Owner of the jobs that it dials.
        takeover_owner: Owner of the jobs that it verifies, because another worker may have dialled them.
        limit: Seconds that a start may take.
        lease: Seconds after which other workers may take over a job.
        only: Key of the one job that it dials, None for all jobs.
    """

    owner: str
    takeover_owner: str
    limit: float
    lease: float
    only: str | None

    @classmethod
    def of_new_worker(cls, limit: float, only: str | None) -> Claims:
        """Return the claims of a worker with a name that no other has."""
        owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        return cls(owner, f"{owner}:takeover", limit, limit + LEASE_MARGIN_SECONDS, only)
