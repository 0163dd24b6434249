"""What the workers of one run of the tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def folder_of_this_run(factory: pytest.TempPathFactory) -> Path:
    """Return a temporary folder that all workers of this run see, and no other run."""
    place = factory.getbasetemp()
    return place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
