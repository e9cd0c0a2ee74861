"""What is known of a ring group before the run."""

from __future__ import annotations

from pulumi.output import Unknown

from pulumi_voice_routing.portsip.ring_group import RingGroupProvider


def test_what_is_not_known_yet_is_left_to_the_run() -> None:
    provider = RingGroupProvider()
    declared = {"name": "Support", "extension_number": "8000", "strategy": "PAGING_INTERCOM", "members": []}
    failures = list(provider.problems({**declared, "allow": []}))
    assert {failure.path for failure in failures} == {"strategy", "members"}
    assert list(provider.problems({**declared, "allow": Unknown()})) == []
    assert (
        list(provider.problems({**declared, "strategy": Unknown(), "members": Unknown(), "no_answer": Unknown()})) == []
    )
