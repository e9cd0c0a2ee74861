"""Switches of extensions that somebody may have forgotten: they come before every rule."""

from __future__ import annotations

from collections.abc import Iterable

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...plan.facts import Facts, Resource
from ...ringex.views import CallHandlingStateView
from ..rule import Rule, Settings, Violation, Words

_CALLED = {"forward-all-calls": "forward-all-calls", "dnd": "do not disturb"}


def left_on(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """What was on before, and stays on; a change of it is judged by where calls end."""
    for saved in facts.before.resources if facts.before is not None else ():
        if not _is_on(saved):
            continue
        present = facts.successor(saved)
        if present is not None and _is_on(present):
            yield _advice(saved, present, "is on and stays on")
        elif present is None and (saved.kept or CallHandlingStateView(saved).on_delete == "forget"):
            yield _advice(saved, None, "leaves the stack, and stays on")


def _is_on(one: Resource) -> bool:
    state = CallHandlingStateView(one)
    return one.type == CallHandlingStateView.token and state.state in _CALLED and state.enabled is True


def _advice(saved: Resource, present: Resource | None, what: str) -> Violation:
    state = CallHandlingStateView(saved)
    extension = f"extension {references.last(str(state.extension_id))}"
    return Violation(
        f"{_CALLED[str(state.state)]} of {extension} {what}: no other rule of the extension counts, and call queues "
        "pass over it; look whether that is still meant.",
        present,
        f"{extension} {state.state}",
        "on",
        "on",
        advice=True,
    )


LEFT_ON = Rule(
    name="left-switched-on",
    title="No extension is forwarded, or undisturbed, by oversight.",
    triggers="Forward-all-calls or do-not-disturb of a RingEX extension was on before this run, and stays on, be it "
    "declared or left behind with `on_delete` set to `forget`. Switching it on is covered by the rules on where calls "
    "end.",
    matters="Both come before every other rule of the extension, and stay on until somebody remembers.",
    example="""ringex.CallHandlingState("away", extension_id="~", state="dnd", enabled=True)
# a warning in every run after the first""",
    unknowns="A switch that is not known yet, or that the program leaves to the portal, passes.",
    words=Words("`extension 102 dnd`, or `extension 102 forward-all-calls`", "`on`", "`on`"),
    judge=left_on,
    about=(means.Decides,),
    level="advisory",
)
