"""What is asked of new targets, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.lifecycle.writes import Write
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety.new_targets import require_allowed

DESK = {"group_id": "1", "name": "Denver", "kind": "DID", "target": "+13035551001"}


def ask(args: Mapping[str, Any]) -> None:
    provider = provider_for("ringcx:Destination")
    require_allowed(Write(provider, "", "1/1", DESK, args), Approvals.here())


def test_the_allowed_countries_are_read_for_new_targets_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", "not codes")
    ask({**DESK, "name": "Boulder"})
    with pytest.raises(SettingsError):
        ask({**DESK, "target": "+13035551002"})
