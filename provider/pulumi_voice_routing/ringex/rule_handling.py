"""What custom and built-in answering rules share: what happens to a call, and how a rule is read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, ClassVar, Required, cast

from pulumi import Input
from pydantic import Field
from typing_extensions import TypedDict

from ..client.answers import part, parts
from ..client.listings import Json
from ..errors import DeclarationError, Refused
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.calls import At
from ..lifecycle.fields import Decisive, Id, Reference, Wire
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.wire import merged
from ..telephony.outside_numbers import allowed_countries, why_number_not_allowed
from . import rule_form
from .fields import EXTENSION, Action, ForwardingTarget, Greeting, RingingMode, Screening
from .forwarding_number import ForwardingNumber
from .member import ExtensionMember
from .rule_calls import RULES
from .rule_facts import FORWARD, RuleFacts, why_loop, why_silent
from .shapes import AnsweringRule

_BLOCKS = {
    "forward_all_to": "UnconditionalForwarding",
    "transfer_to": "TransferToExtension",
    "forward_to": FORWARD,
    "ringing_mode": FORWARD,
    "notify_soft_phones": FORWARD,
    "notify_admin_soft_phones": FORWARD,
    "soft_phones_ring_count": FORWARD,
}
"""Arguments that count for one action alone."""
_NEEDED = {"UnconditionalForwarding": "forward_all_to", "TransferToExtension": "transfer_to"}


class ForwardingStep(TypedDict, total=False):
    """Numbers that ring together, as one step of a forwarding list."""

    numbers: Required[
        Annotated[Sequence[ForwardingNumber | Input[Reference]], means.Needs(("ringex:ForwardingNumber",))]
    ]
    """Forwarding numbers of the same extension, or their ids. Vendor: ``forwardingNumbers[].id``."""
    index: Annotated[Input[Annotated[int, Field(ge=1)]], means.Order()]
    """Its place in the list, from 1. Default: as the steps are written."""
    ring_count: Annotated[Input[Annotated[int, Field(ge=1)]], means.Decides()]
    """How often it rings; one ring is about five seconds. Default: 4. Vendor: ``ringCount``."""
    enabled: Annotated[Input[bool], means.Switch()]
    """Whether it is tried. Default: true."""


class CallHandling(TypedDict, total=False):
    """What happens to a call. Fields that are not given are left as the vendor has them."""

    enabled: Annotated[Input[bool], Wire("enabled"), Decisive(), means.Switch()]
    """Whether the rule counts; disabling it is the way to take it out that can be undone. A new one is enabled."""
    action: Annotated[Input[Action], Wire("callHandlingAction"), Decisive(), means.Kind()]
    """What happens to a call; a new rule forwards calls. Vendor: ``callHandlingAction``."""
    forward_to: Annotated[Input[Sequence[ForwardingStep]], Wire("forwarding.rules"), Decisive(), means.Entries()]
    """With ``ForwardCalls``: what rings, step by step, the whole list. What somebody else added to it since the last
    refresh stops a change. Vendor: ``forwarding.rules``."""
    ringing_mode: Annotated[Input[RingingMode], Wire("forwarding.ringingMode"), means.Decides()]
    """With ``ForwardCalls``: whether the steps ring one after another or all at once. Vendor: ``ringingMode``."""
    notify_soft_phones: Annotated[Input[bool], Wire("forwarding.notifyMySoftPhones"), means.Decides()]
    """With ``ForwardCalls``: whether the extension's own apps ring too. Vendor: ``notifyMySoftPhones``."""
    notify_admin_soft_phones: Annotated[Input[bool], Wire("forwarding.notifyAdminSoftPhones"), means.Decides()]
    """With ``ForwardCalls``: whether the administrator's apps ring too. Vendor: ``notifyAdminSoftPhones``."""
    soft_phones_ring_count: Annotated[
        Input[Annotated[int, Field(ge=1)]], Wire("forwarding.softPhonesRingCount"), means.Decides()
    ]
    """How often these ring before the first step. Vendor: ``softPhonesRingCount``."""
    forward_all_to: Annotated[
        Input[ForwardingTarget], Wire("unconditionalForwarding.phoneNumber"), Decisive(), means.Target(reads="dialled")
    ]
    """With ``UnconditionalForwarding``: where every call goes. Vendor: ``unconditionalForwarding.phoneNumber``."""
    transfer_to: Annotated[
        Input[Reference], Wire("transfer.extension.id"), Decisive(), means.Target(reads="extension"), EXTENSION
    ]
    """With ``TransferToExtension``: the extension that takes the call, ``ACCOUNT/EXTENSION`` or its bare number.
    Vendor: ``transfer.extension.id``."""
    voicemail_enabled: Annotated[Input[bool], Wire("voicemail.enabled"), means.Decides()]
    """Whether a call that nobody takes goes to voicemail. Vendor: ``enabled``."""
    voicemail_recipient_id: Annotated[
        Input[Id], Wire("voicemail.recipient.id"), means.Target(reads="voicemail"), EXTENSION
    ]
    """The extension whose voicemail it is: its bare number. Vendor: ``voicemail.recipient.id``."""
    greetings: Annotated[Input[Sequence[Greeting]], Wire("greetings"), means.Entries()]
    """What callers hear, by type. Types that are left out stay as they are."""
    screening: Annotated[Input[Screening], Wire("screening"), means.Decides()]
    """Which callers are asked for their name."""


class RuleMember(ExtensionMember):
    """An answering rule of an extension."""

    noun = "answering rule"
    calls = RULES
    summaries = True
    foresees = True
    whole_lists: ClassVar[frozenset[str]] = frozenset({"forward_to"})

    def problems(self, args: Values) -> Iterable[Failure]:
        action = args.get("action")
        if action is not None and not unknown(action):
            for name, only in _BLOCKS.items():
                if name in args and action != only:
                    yield Failure(name, f"counts only with the action {only}, and this rule's is {action}")
            needed = _NEEDED.get(action)
            if needed is not None and needed not in args:
                yield Failure("", f"{needed} is missing: the action {action} needs it")
        yield from _step_problems(args.get("forward_to"))
        yield from _greeting_problems(args.get("greetings"))

    def ids(self, home: str) -> Iterator[str]:
        self.api.check_call_handling(references.last(home))
        yield from super().ids(home)

    def foreseen(self, args: Values) -> str | None:
        args = self.meant(args)
        try:
            self.api.check_call_handling(self.at(args)[0])
        except DeclarationError as error:
            return str(error)
        return None

    def may_become(self, id_: str, olds: Values, news: Values) -> None:
        super().may_become(id_, olds, news)
        args = self.declared(news)
        if not unknown(args) and any(self.model[name].decides for name in self.changed(olds, args)):
            self.speak_first(id_, olds, self.meant(args))

    def out_of_reach(self, id_: str, olds: Values) -> str:
        extension = self.below(id_)[0]
        if not self.api.has_new_call_handling(extension):
            return ""
        return f"extension {extension} was moved to the vendor's new call handling, where what came of it goes on"

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        return rule_form.alike(field.name, old, new) or super().same(field, old, new)

    def sent(self, name: str, value: Any) -> Any:
        return rule_form.sent(name, value)

    def shown(self, at: At, live: Json) -> Values:
        return super().shown(at, rule_form.readable(live, references.join(self.account, *at)))

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        """The blocks that change, each as a whole, and nothing else."""
        changed = self.changed(self.shown(at, live), args)
        body = self.body({name: args[name] for name in changed})
        if "greetings" in body:
            body["greetings"] = _with_other_greetings(body["greetings"], live)
        for block in ("forwarding", "voicemail"):
            if block in body:
                body[block] = merged(part(live.get(block)), body[block])
        self.refuse(at, {**live, **body}, body)
        return dict(rule_form.without_echoes(body))

    def refuse(self, at: At, whole: Json, body: Json) -> None:
        """Raises :class:`Refused` when the rule as a whole would hurt callers after this body is written."""
        facts = rule_form.rule_facts(cast(AnsweringRule, whole))
        target = (body.get("unconditionalForwarding") or {}).get("phoneNumber", "")
        said = "; ".join([*why_harmful(facts, at[0]), *why_number_not_allowed(target, allowed_countries())])
        if said:
            raise Refused(f"{self.vendor}: {said}; nothing was changed.")


def why_harmful(rule: RuleFacts, extension: str) -> Iterable[str]:
    """Why callers of a rule would reach nobody, or come back to it."""
    yield from why_silent(rule)
    yield from why_loop(rule, extension)


def _with_other_greetings(wanted: list[Json], live: Json) -> list[Json]:
    types = [one["type"] for one in wanted]
    others = [one for one in parts(live.get("greetings")) if one.get("type") not in types]
    return [*others, *wanted]


def _step_problems(steps: Any) -> Iterable[Failure]:
    if not isinstance(steps, list) or unknown(steps):
        return
    indexes = [int(step.get("index", place)) for place, step in enumerate(steps, 1)]
    if sorted(indexes) != list(range(1, len(steps) + 1)):
        yield Failure("forward_to", f"the indexes must count from 1, each once; these are {indexes}")
    for place, step in enumerate(steps):
        numbers = [references.last(number) for number in step["numbers"]]
        if not numbers:
            yield Failure(f"forward_to[{place}].numbers", "a step without numbers rings nothing")
        if len(set(numbers)) < len(numbers):
            yield Failure(f"forward_to[{place}].numbers", "a number is there twice")


def _greeting_problems(greetings: Any) -> Iterable[Failure]:
    if not isinstance(greetings, list) or unknown(greetings):
        return
    types = [greeting["type"] for greeting in greetings]
    for place, greeting in enumerate(greetings):
        if ("preset_id" in greeting) == ("custom_id" in greeting):
            yield Failure(f"greetings[{place}]", "give either preset_id or custom_id")
        if types.index(greeting["type"]) < place:
            yield Failure(f"greetings[{place}].type", f"{greeting['type']} is there twice")
