"""What the tests of the pipeline share."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec_tools.surface import Surface, surface
from tests.pipeline.environment import interpreter_like_this
from tests.pipeline.generator import Generator
from tests.pipeline.variants import ROOT
from tests.shared import folder_of_this_run


@pytest.fixture(scope="session")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    return Generator(tmp_path_factory.mktemp("clients"))


@pytest.fixture(scope="session")
def kept_clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the generator keeps what it wrote in this run of the tests, on all of its workers."""
    place = folder_of_this_run(tmp_path_factory) / "kept-clients"
    place.mkdir(exist_ok=True)
    return place


@pytest.fixture(scope="session")
def interpreter(tmp_path_factory: pytest.TempPathFactory, kept_clients: Path) -> Path:
    """An interpreter in whose environment the generator runs once for each input."""
    return interpreter_like_this(tmp_path_factory.mktemp("environment") / ".venv", kept_clients)


@pytest.fixture(scope="session")
def committed() -> Path:
    """The raw client of the repository."""
    return ROOT / "generated" / "vocobase_raw"


@pytest.fixture(scope="session")
def names(committed: Path) -> Surface:
    """The public names of the raw client of the repository."""
    return surface(committed)
