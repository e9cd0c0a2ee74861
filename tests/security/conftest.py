"""Nothing of whoever runs the tests takes part in them."""

from __future__ import annotations

from tests.fuzz.conftest import no_settings_of_ours

__all__ = ["no_settings_of_ours"]
