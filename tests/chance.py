"""Inputs made by chance, the same in every run, so that nobody meets the failure of what somebody else has changed.

``VOICE_ROUTING_FUZZ_TIMES`` tries many times as many, and others in each run.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

TIMES = int(os.environ.get("VOICE_ROUTING_FUZZ_TIMES", "1"))
"""How many times as many inputs as in ``make test``, where they are the same in every run."""


def same_in_every_run() -> None:
    """What holds for all tests that say nothing else. How long an input takes is the machine's, and no failure."""
    settings.register_profile(
        "same in every run",
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.function_scoped_fixture,
            HealthCheck.large_base_example,
            HealthCheck.too_slow,
        ],
    )
    settings.load_profile("same in every run")
    if TIMES == 1:
        # Numbers and texts of the modules that are loaded would be among the inputs: these depend on the tests before.
        nothing = Constants()
        providers._get_local_constants = lambda: nothing
