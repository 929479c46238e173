"""What all tests share: the shipped cleaner, built once, and hypothesis' profiles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from cleaner import Cleaner

settings.register_profile(
    "default", deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("quick", settings.get_profile("default"), max_examples=40)
settings.register_profile("soak", settings.get_profile("default"), max_examples=5_000)
# For mutations: that a test fails counts, not the smallest text on which it does.
settings.register_profile(
    "mutations",
    settings.get_profile("default"),
    max_examples=300,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"


@pytest.fixture(scope="session")
def standard() -> Cleaner:
    """The cleaner of the shipped set ``standard``."""
    return Cleaner("standard")


@pytest.fixture(params=["safe", "standard", "aggressive"], scope="session")
def shipped(request: pytest.FixtureRequest) -> Cleaner:
    """The cleaner of each shipped set."""
    return Cleaner(request.param)
