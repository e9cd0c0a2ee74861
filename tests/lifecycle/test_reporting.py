"""A request that fails is answered once, in one line, however many verbs of a type call one another."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi import dynamic

from pulumi_voice_routing import settings
from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.lifecycle import reaching, standing
from pulumi_voice_routing.lifecycle.fleet import FleetProvider
from pulumi_voice_routing.registry import provider_for, providers


class Context:
    """The end of the line that the SDK gives to a request."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    def abort_with_status(self, status: Any) -> None:
        self.answers.append(status.details)
        raise Exception


def answers_of(verb: Callable[[], Any]) -> list[str]:
    """What a request is answered that fails; its variables have the names that the SDK gives them."""
    request, context = SimpleNamespace(urn=""), Context()
    with pytest.raises(Exception):  # noqa: B017, PT011  # it is what the library raises
        verb()
    assert request.urn == ""
    return context.answers


@pytest.mark.parametrize("token", sorted(providers))
def test_a_vendor_out_of_reach(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_reach(*_: Any) -> None:
        raise reaching.NoVendor("nobody there")

    monkeypatch.setattr(reaching, "reach", out_of_reach)
    monkeypatch.setattr(standing, "is_declared", lambda urn: True)
    monkeypatch.setattr(type(provider_for(token)), "at_home", lambda *_: None)
    provider: dynamic.ResourceProvider = provider_for(token)
    vendor = token.partition(":")[0]
    assert answers_of(lambda: provider.diff("1", {}, {})) == [f"{vendor}: nobody there"]


@pytest.mark.parametrize("token", sorted(providers))
@pytest.mark.parametrize("fleet", [False, True])
def test_settings_that_will_not_do(token: str, fleet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: Any) -> None:
        raise SettingsError("retries: -1 is too small")

    monkeypatch.setattr(settings, "use_stack_config", wrong)
    provider = provider_for(token)
    asked = FleetProvider(provider) if fleet else provider
    config = dynamic.ConfigureRequest(dynamic.Config({}, "lines"))
    vendor = token.partition(":")[0]
    assert answers_of(lambda: asked.configure(config)) == [f"{vendor}: retries: -1 is too small"]
