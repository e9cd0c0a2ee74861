"""The arguments of ring groups as attributes, for what is peculiar to how they ring."""

from __future__ import annotations

from ..lifecycle.view import Number, Part, Rows, Text, Texts, View


class MemberView(View):
    """An extension that rings."""

    extension_number = Text()
    skill_level = Number()


class NoAnswerView(View):
    """What happens to a call that nobody takes."""

    action = Text()
    number = Text()


class RingGroupView(View):
    """A ring group."""

    token = "portsip:RingGroup"  # noqa: S105
    extension_number = Text()
    strategy = Text()
    members = Rows(MemberView)
    no_answer = Part(NoAnswerView)
    inbound_numbers = Texts()
    allow = Texts()
