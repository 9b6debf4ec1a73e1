"""What all tests share."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes examples slow, which says nothing of what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def _level_of_the_log() -> Iterator[None]:
    """Robot Framework leaves the level that it logged at, where other tests look into the log."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
