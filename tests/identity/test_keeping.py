"""What the state says of resources that a run does not show, without an engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing.lifecycle import keeping, plugin, standing
from pulumi_voice_routing.plan.facts import saved_resources
from pulumi_voice_routing.registry import provider_for

ACTIVATION = "ringcx:Activation"
TARGETS = [{"kind": "destination", "id": "123456/1000/1001"}]
(CLAIM,) = provider_for(ACTIVATION).stands_for({"targets": TARGETS})

Asks = Callable[[str], None]


def urn(name: str) -> str:
    return f"urn:pulumi:dev::lines::pulumi-python:dynamic/{ACTIVATION}::{name}"


def saved(name: str, **more: Any) -> dict[str, Any]:
    outs = {"targets": TARGETS, "__managed": ["targets"]}
    return {"urn": urn(name), "type": f"pulumi-python:dynamic/{ACTIVATION}", "id": name, "outputs": outs, **more}


State = list[dict[str, Any]]


@pytest.fixture
def there() -> State:
    """A state with two that keep the same on, and the old copy of a third."""
    return [saved("one"), saved("other"), saved("third", delete=True)]


@pytest.fixture
def asks(there: State, monkeypatch: pytest.MonkeyPatch) -> Asks:
    """Who lets go."""
    standing.forget()
    monkeypatch.setattr(keeping, "_there", None)
    monkeypatch.setattr(keeping, "_early", False)
    monkeypatch.setattr(keeping, "_seen", {})
    state = {"deployment": {"resources": there}}
    monkeypatch.setattr(
        keeping, "_read", lambda _, leaving=False, again=False: list(saved_resources(state, leaving=leaving))
    )
    return lambda name: monkeypatch.setattr(plugin, "urn", lambda: urn(name))


def test_the_last_one_ends_it(asks: Asks) -> None:
    asks("one")
    with standing.ends(urn("one")):
        assert keeping.keepers(CLAIM) == [urn("other")]
        asks("other")
        with standing.ends(urn("other")):
            assert keeping.keepers(CLAIM) == []
            asks("one")
            assert keeping.keepers(CLAIM) == [urn("other")]


def test_what_could_not_end_still_needs_it(asks: Asks) -> None:
    with pytest.raises(ValueError, match="no"), standing.ends(urn("one")):
        raise ValueError("no")
    asks("other")
    assert keeping.keepers(CLAIM) == [urn("one")]


def test_the_words_of_the_program_count_more_than_the_state(asks: Asks) -> None:
    standing.declare(urn("other"), [], {"targets": TARGETS})
    asks("one")
    assert keeping.keepers(CLAIM) == []


def test_an_alias_is_no_other_resource(asks: Asks) -> None:
    standing.declare(urn("renamed"), [], {"targets": TARGETS})
    standing.was(urn("renamed"), "one")
    asks("renamed")
    assert keeping.keepers(CLAIM) == [urn("other")]


def test_the_engine_does_not_show_what_is_tainted_and_the_state_does(asks: Asks) -> None:
    assert keeping.before(urn("one"))["targets"] == TARGETS
    keeping.saw(urn("one"), None)  # a refresh in the same run has found nothing
    assert keeping.before(urn("one")) == {}
    keeping.saw(urn("other"), {"targets": []})
    assert keeping.before(urn("other")) == {"targets": []}


def test_an_old_copy_ends_in_another_process_than_the_one_that_made_the_new_copy(asks: Asks, there: State) -> None:
    there[:] = [saved("one"), saved("one", delete=True)]
    asks("one")
    with standing.ends(urn("one")):
        assert keeping.keepers(CLAIM) == [urn("one")]
    with standing.ends(urn("one")):  # a destroy ends both of them
        assert keeping.keepers(CLAIM) == []


@pytest.mark.parametrize(("props", "earlier"), [({"was": "first"}, False), ({"was": "taken over"}, True)])
def test_the_old_copy_was_there_first_in_whatever_order_they_end(
    props: dict[str, Any], earlier: bool, asks: Asks, there: State
) -> None:
    outs = [{"targets": TARGETS, "was": was} for was in ("taken over", "first")]
    there[:] = [saved("one"), saved("one", delete=True)]
    for entry, out, made in zip(there, outs, ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"), strict=True):
        entry.update(outputs=out, created=made)
    asks("one")
    found: list[bool] = []

    class Ends:
        token = ACTIVATION

        @keeping.ending
        def delete(self, _id: str, props: dict[str, Any]) -> None:
            found.append(keeping.was_there_first(CLAIM))

    Ends().delete("one", {"targets": TARGETS, **props})
    assert found == [earlier]


def test_what_another_process_has_made_meanwhile_is_in_the_state(asks: Asks, there: State) -> None:
    there[:] = [saved("one")]
    asks("new")
    assert keeping.before(urn("new")) == {}
    there[:] = [saved("one"), saved("renamed")]
    asks("one")
    with standing.ends(urn("one")):
        assert keeping.keepers(CLAIM) == [urn("renamed")]


def test_a_state_that_cannot_be_read_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_there", None)
    monkeypatch.setattr(plugin, "in_plugin", lambda: True)
    monkeypatch.setattr(plugin, "urn", lambda: urn("one"))
    monkeypatch.setenv("PATH", "")
    assert keeping.keepers(CLAIM) == []
