"""The programs that are measured, each as users of the provider would write it, and each for the plain provider."""

from __future__ import annotations

from typing import Any, Literal

import pulumi

Provider = Literal["voice-routing", "plain"]

FIRST_NUMBER = 13035550000
FIRST_EXTENSION = 200000
_GROUP = "123456/1000"


def destinations(provider: Provider, count: int, changed: int = 0) -> None:
    """So many destinations of one route group, the first of them with another target."""
    targets = _targets(count, changed)
    if provider == "plain":
        from bench import plain

        for place, target in enumerate(targets):
            plain.Destination(f"desk-{place}", name=f"Desk {place}", target=target)
        return
    from pulumi_voice_routing import ringcx

    for place, target in enumerate(targets):
        ringcx.Destination(f"desk-{place}", group_id=_GROUP, name=f"Desk {place}", kind="DID", target=target)


def fleet(_provider: Provider, count: int, changed: int = 0) -> None:
    """The same as the rows of one fleet."""
    from pulumi_voice_routing import ringcx

    rows = [{"name": f"Desk {place}", "phone": target} for place, target in enumerate(_targets(count, changed))]
    ringcx.Destination.fleet("desks", rows=rows, group_id=_GROUP, name="{name}", kind="DID", target="{phone}")


def smallest() -> None:
    """The least that is a dynamic resource."""
    from bench.smallest import Nothing

    Nothing("nothing")


def same_rules(count: int, *, changed: bool) -> None:
    """So many extensions, each with what happens after hours and a rule for one caller: two fleets."""
    from pulumi_voice_routing import ringex

    users = [{"user": str(FIRST_EXTENSION + place)} for place in range(count)]
    rings: dict[str, Any] = {
        "dispatching": "RingInOrder",
        "ring_groups": [
            {"targets": [{"type": "AllMobileRingTarget"}]},
            {"targets": [{"type": "AllDesktopRingTarget"}], "duration_seconds": 25 if changed else 20},
        ],
        "no_answer_target": {"type": "VoiceMailTerminatingTarget"},
    }
    ringex.CallHandlingStateRule.fleet(
        "nights",
        rows=users,
        key="user",
        extension_id="{user}",
        state="after-hours",
        **rings,
    )
    ringex.InteractionRule.fleet(
        "head-office",
        rows=users,
        key="user",
        extension_id="{user}",
        name="Head office",
        callers=[{"caller_id": "+13035550170"}],
        **rings,
    )


def _targets(count: int, changed: int) -> list[str]:
    targets = [f"+1303555{place:04}" for place in range(count)]
    return [target.replace("+1303", "+1720") for target in targets[:changed]] + targets[changed:]


def numbers(provider: Provider, count: int, profile: str) -> None:
    """So many numbers of the pool, all answered by one profile."""
    digits = numbers_on_the_wire(count)
    if provider == "plain":
        from bench import plain

        for one in digits:
            number = plain.Number(one, dnis=one)
            plain.Assignment(f"{one}-answered", one, profile, pulumi.ResourceOptions(depends_on=[number]))
        return
    from pulumi_voice_routing import ringcx

    pool = ringcx.DnisPool("pool", numbers=[{"dnis": f"+{one}"} for one in digits])
    ringcx.DnisAssignments(
        "answered",
        numbers=[f"+{one}" for one in digits],
        profile=f"{_GROUP}/{profile}",
        opts=pulumi.ResourceOptions(depends_on=[pool]),
    )


def numbers_on_the_wire(count: int) -> list[str]:
    """Numbers as the vendor writes them."""
    return [str(FIRST_NUMBER + place) for place in range(count)]
