"""The commonest shape: an object in a collection, which the vendor numbers when it is created.

A create looks for a twin first, so that a lost answer, a crash or a second resource never makes a duplicate. An
update reads the object, lays the declared fields over it and writes the whole. What the program does not declare
stays as it is.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar

import pulumi
from pulumi import Input
from typing_extensions import TypedDict

from ..client.listings import Json
from ..client.pacing import pause
from ..errors import (
    Ambiguous,
    ApiError,
    DeclarationError,
    Exists,
    Missing,
    NotFound,
    OutcomeUnknown,
    Refused,
    UnexpectedAnswer,
    VoiceRoutingError,
)
from ..masking import masked_data
from . import meaning as means
from . import references
from .create_notes import Intent
from .fields import CreateOnly, Reference
from .model import FieldFacts, Values
from .provider import MANAGED, STORED_AS, Lifecycle, Partly

At = tuple[str, ...]
"""The vendor's numbers of what holds an object, outermost first, without the account."""

_LOOKS_AFTER_A_LOST_ANSWER = (0.5, 2.0)
_MOST_TRIES = 3
_ABSENT = object()

OWED = "__owed"
"""Output: where the switch was before a write turned it over and turning it back failed; the next run does that."""

_ours: set[tuple[str, str]] = set()
"""What this process created or took over: the engine runs one process for one operation."""
_taking = threading.Lock()
_keys: defaultdict[tuple[str, ...], threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def _one_at_a_time(intent: Intent) -> Iterator[None]:
    """Two resources with one name must not both find that there is none."""
    with _keys[(intent.token, *intent.key)]:
        yield


class Adoptable(TypedDict, total=False):
    """Arguments of every type that can take over an object which exists already."""

    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Take over an object with the same name instead of failing; without one, create it. Default: false."""
    adopt_id: Annotated[Input[Reference], CreateOnly(), means.Existing()]
    """Take over the object with this id. It is an error when there is none."""


class Member(Lifecycle):
    """An object in a collection. A type adds the calls, and what is peculiar about it."""

    id_field: ClassVar[str]
    """The vendor's field for the object's number."""
    parent: ClassVar[str | None] = None
    """The argument that holds the parent's id; the account itself when there is none."""
    path: ClassVar[tuple[str, ...]]
    """What each step of the id is, without the account: ``("group", "destination")``."""
    key: ClassVar[str] = "name"
    """The argument that tells objects of one parent apart."""
    switch: ClassVar[str | None] = None
    """The vendor's field that only :meth:`turn` can change; objects start with it off."""
    server_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that the vendor sets and that are not sent back to it."""
    summaries: ClassVar[bool] = False
    """Whether the vendor's list shows less than the objects themselves."""
    whole_lists: ClassVar[frozenset[str]] = frozenset()
    """Arguments whose lists the vendor replaces as a whole: what people did to them since the last look stops a
    write, so that their entries are never lost unseen."""

    # What a type answers

    def everything(self, at: At) -> list[Json]:
        """Everything in the collection."""
        raise NotImplementedError

    def get(self, at: At, id_: str) -> Json:
        """One object, fresh. Raises :class:`NotFound`."""
        raise NotImplementedError

    def post(self, at: At, body: Json) -> Json | None:
        """Create one; nothing when the vendor said yes without showing it."""
        raise NotImplementedError

    def put(self, at: At, id_: str, body: Json) -> Json:
        """Write one as a whole."""
        raise NotImplementedError

    def turn(self, at: At, id_: str, on: bool) -> None:
        """Set the switch."""
        raise NotImplementedError

    def may_turn_on(self, at: At, live: Json) -> None:
        """Raises :class:`Refused` when callers would reach nobody through it."""

    def may_turn_off(self, at: At, live: Json) -> None:
        """Raises :class:`Refused` when callers who reach somebody through it no longer would."""

    def completed(self, at: At, live: Json, args: Values) -> Json:
        """The object after the calls that it needs beside its own; a failure in here keeps its id in the state."""
        return live

    def clone(self, at: At, source: str, name: str) -> Json | None:
        """Copy the object with the vendor's own call."""
        raise NotImplementedError

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        """Remove it, or what comes closest."""
        raise NotImplementedError

    @property
    def account(self) -> str:
        """The configured account."""
        raise NotImplementedError

    # The lifecycle

    def make(self, args: Values) -> tuple[str, Values]:
        at = self._at(args)
        if args.get("adopt_id"):
            live = self._adopted(at, args)
            self._may_take_over(at, live, {**args, "adopt": True}, self._intent(at, args))
            return self._take_over(at, live, args)
        intent = self._intent(at, args)
        with _one_at_a_time(intent):
            twin = self._twin(at, args)
            if twin is not None:
                self._may_take_over(at, twin, args, intent)
                live = twin
            else:
                live = self._created(at, args, intent)
                _ours.add((self.token, self._id(at, live)))
        if twin is not None:
            return self._take_over(at, twin, args)
        with self._kept(at, live, args):
            if args.get("clone_of"):
                live = self._without_switch(at, live)
                live = self._overlaid(at, live, args)
            live = self.completed(at, self._switched(at, live, args), args)
        return self._id(at, live), self._settled(at, live, args)

    def adoptable(self, args: Values) -> str | None:
        args = self.meant(self._declared(args))
        at = self._at(args)
        live = self._adopted(at, args) if args.get("adopt_id") else self._twin(at, args)
        return None if live is None else self._described(at, live, args)

    def look(self, id_: str, olds: Values) -> Values | None:
        *at, number = self.below(id_)
        live = self._listed(tuple(at), number)
        if live is None:
            return None
        outs = self.refreshed(olds, self._seen(tuple(at), live))
        still_owed = OWED in olds and live.get(self.switch or "") != olds[OWED]
        return {**outs, OWED: olds[OWED]} if still_owed else outs

    def unfinished(self, olds: Values, news: Values) -> bool:
        return OWED in olds

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        *steps, number = self.below(id_)
        at = tuple(steps)
        self._forget_intent(at, olds)
        # A field that the program no longer declares, and one that is read at creation only, change nothing there.
        if OWED not in olds and not any(self._travels(self.model[name]) for name in self.changed(olds, args)):
            return {**self.outputs(args, {}), **_noted(olds, args)}
        try:
            live = self.get(at, number)
        except NotFound as error:
            raise Missing(
                f"{self.vendor}: {self.noun} {id_} is gone: run `pulumi refresh`, then `pulumi up` makes a new one. "
                f"({error})"
            ) from None
        self._refuse_unseen(at, live, olds, args)
        if self._switch_among(args) is None:
            live = self._turned_back(at, live, olds)
        live = self._overlaid(at, live, args)
        with self._kept(at, live, args):
            live = self.completed(at, self._switched(at, live, args), args)
        return self._settled(at, live, args)

    def remove(self, id_: str, olds: Values) -> None:
        *steps, number = self.below(id_)
        at = tuple(steps)
        if (self.token, id_) in _ours:
            # Renamed in the program: the new resource has taken the object over in this very run.
            pulumi.log.info(f"{self.vendor}: {self.noun} {id_} goes on under its new resource name")
            return
        self._forget_intent(at, olds)
        live = self._listed(at, number)
        if live is None:
            return
        try:
            self.end(at, number, live, olds)
        except ApiError as error:
            self.forget_list(at)
            if not _is_404(error) or self._listed(at, number) is not None:
                raise  # which may have been about something else

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == self.parent or field.name == "adopt_id":
            return references.same(old, new)
        return super().same(field, old, new)

    # Between the program's fields and the vendor's

    def body(self, args: Values) -> Json:
        """The declared fields as the vendor's object."""
        body: Json = {}
        for name, value in args.items():
            wire = self.model[name].wire
            if wire is not None and wire != self.switch:
                _set(body, wire, self.sent(name, value))
        return body

    def shown(self, at: At, live: Json) -> Values:
        """The vendor's object as the program's fields, as far as the vendor shows them."""
        seen: Values = {}
        for name, field in self.model.items():
            if field.wire is None or field.secret:
                continue
            value = _get(live, field.wire)
            if value is not None:
                seen[name] = self._lenient(field, value)
        if self.parent is not None:
            seen[self.parent] = references.join(self.account, *at)
        return seen

    def _seen(self, at: At, live: Json) -> Values:
        """The same, and nothing for fields that the vendor shows as null; what it leaves out is not known."""
        blank = [
            name
            for name, field in self.model.items()
            if field.wire is not None and not field.secret and _get(live, field.wire, _ABSENT) is None
        ]
        return {**dict.fromkeys(blank), **self.shown(at, live)}

    def sent(self, name: str, value: Any) -> Any:
        """The value of a field in the form in which the vendor takes it."""
        return value

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        """What an update sends to bring the object to the declared fields; empty when it has them already."""
        present = {name: value for name, value in live.items() if name not in self.server_fields}
        whole = merged(present, self.body(args))
        return {} if whole == present else whole

    def below(self, reference: str) -> tuple[str, ...]:
        """The vendor's numbers along an id, without the account."""
        return references.below(reference, self.account, self.path)

    # Steps

    def _at(self, args: Values) -> At:
        if self.parent is None:
            return ()
        return references.below(args[self.parent], self.account, self.path[:-1])

    def _number(self, live: Json) -> str:
        return str(live[self.id_field])

    def _id(self, at: At, live: Json) -> str:
        return references.join(self.account, *at, self._number(live))

    def _intent(self, at: At, args: Mapping[str, Any]) -> Intent:
        return Intent(self.token, (self.account, *at, str(args.get(self.key))))

    def _forget_intent(self, at: At, olds: Values) -> None:
        self._intent(at, olds).forget()

    def _twins(self, at: At, args: Values) -> list[Json]:
        field = self.model[self.key]
        return [
            one
            for one in self.everything(at)
            if self._same(field, _get(one, field.wire or self.key), args[self.key])
            and not one.get("isDeleted")
            and one.get(self.id_field)
        ]

    def _twin(self, at: At, args: Values) -> Json | None:
        twins = self._twins(at, args)
        if len(twins) > 1:
            ids = ", ".join(self._id(at, one) for one in twins)
            raise Ambiguous(
                f"{self.vendor}: more than one {self.noun} is named {args[self.key]!r}: {ids}. "
                "Name the one that is meant with adopt_id, or choose another name."
            )
        return twins[0] if twins else None

    def _listed(self, at: At, number: str) -> Json | None:
        """The object; nothing when it is gone, which two calls must say: a list that works, or the vendor's own word
        about the list, and then about the object itself."""
        missed = False
        try:
            for one in () if self.summaries else self.everything(at):
                if str(one.get(self.id_field)) == number:
                    return None if one.get("isDeleted") else one
            missed = not self.summaries
        except NotFound:
            pass  # the parent is gone, or the list is not to be had: the object itself has the last word
        try:
            live = self.get(at, number)
        except ApiError as error:
            if isinstance(error, NotFound) or (missed and _is_404(error)):
                return None
            raise
        return None if live.get("isDeleted") else live

    def _created(self, at: At, args: Values, intent: Intent) -> Json:
        """Post it, once: after a lost answer it is looked for before anything is sent again."""
        intent.note()
        lost = False
        for tries_left in reversed(range(_MOST_TRIES)):
            try:
                live = self._posted(at, args)
            except OutcomeUnknown as error:
                lost = True
                live = self._found_after_all(at, args)
                if live is None and not tries_left:
                    raise
                if live is None:
                    pulumi.log.info(f"{error} It did not; trying again.")
                    continue
            except UnexpectedAnswer:
                raise  # the vendor may have said yes, so that the note stays
            except VoiceRoutingError:
                # After a lost answer, what is in the way may be the object itself, which the list shows late.
                live = self._found_after_all(at, args) if lost else None
                if live is None:
                    if not lost:
                        intent.forget()
                    raise
            live = live or self._twin(at, args)
            if live is None:
                raise UnexpectedAnswer(
                    f"{self.vendor}: the {self.noun} {args[self.key]!r} was created, but is not in the list. Run again."
                )
            intent.answered(self._number(live))
            return live
        raise AssertionError("the last try returns or raises")

    def _posted(self, at: At, args: Values) -> Json | None:
        source = args.get("clone_of")
        if source is None:
            start_off: Json = {} if self.switch is None else {self.switch: False}
            return self.post(at, {**self.body(args), **start_off})
        *source_at, number = self.below(source)
        if tuple(source_at) != at:
            raise DeclarationError(
                f"{self.vendor}: a clone is made in the {self.path[-2]} of its source, which is "
                f"{references.parent(source)}; declare that one, or do without clone_of."
            )
        return self.clone(at, number, args[self.key])

    def _found_after_all(self, at: At, args: Values) -> Json | None:
        # A vendor that lost the answer may still be at work on the request.
        for seconds in _LOOKS_AFTER_A_LOST_ANSWER:
            pause(
                seconds, f"{self.vendor}: looking for the {self.noun} {args[self.key]!r} whose creation had no answer"
            )
            twin = self._twin(at, args)
            if twin is not None:
                return twin
            self.forget_list(at)
        return None

    def forget_list(self, at: At) -> None:
        """Make the next :meth:`everything` ask the vendor."""

    def _may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        id_ = self._id(at, twin)
        with _taking:
            if (self.token, id_) in _ours:
                raise DeclarationError(
                    f"{self.vendor}: two resources of this program stand for the {self.noun} {args[self.key]!r} "
                    f"({id_}). Keep one of them."
                )
            self._require_permission(at, twin, args, intent)
            _ours.add((self.token, id_))

    def _require_permission(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        id_, seen = self._id(at, twin), self.shown(at, twin)
        # The object that a replacement is for has the same name, and a note that nothing has taken away yet.
        another = any(name in seen and self.model[name].immutable for name in self.changed(seen, args))
        if not (args.get("adopt") or (intent.claims(self._number(twin)) and not another)):
            raise Exists(
                f"{self.vendor}: a {self.noun} named {args[self.key]!r} exists already, with the id {id_}. "
                "Say adopt=True to take it over, give the resource an alias if it was renamed in the program, "
                "or choose another name; nothing was changed."
            )

    def _adopted(self, at: At, args: Values) -> Json:
        *steps, number = self.below(args["adopt_id"])
        if tuple(steps) != at:
            raise DeclarationError(
                f"{self.vendor}: adopt_id {args['adopt_id']} does not lie in {references.join(self.account, *at)}, "
                "where it is declared."
            )
        try:
            return self.get(at, number)
        except NotFound:
            raise Missing(f"{self.vendor}: there is no {self.noun} {args['adopt_id']} to take over.") from None

    def _take_over(self, at: At, live: Json, args: Values) -> tuple[str, Values]:
        pulumi.log.info(f"{self.vendor}: taking over {self._described(at, live, args)}")
        intent = self._intent(at, args)
        intent.answered(self._number(live))
        live = self._overlaid(at, self.get(at, self._number(live)), args)
        with self._kept(at, live, args):
            live = self.completed(at, self._switched(at, live, args), args)
        return self._id(at, live), self._settled(at, live, args)

    def _described(self, at: At, live: Json, args: Values) -> str:
        """What is taken over, and what will change about it."""
        seen = self.shown(at, live)
        changes = [
            f"{name} {masked_data(seen.get(name))!r} becomes {masked_data(args[name])!r}"
            for name in self.changed(seen, args)
            if self._travels(self.model[name]) and not self.model[name].secret
        ]
        what = f"{self.noun} {self._id(at, live)} {seen.get(self.key)!r}"
        return f"{what}: {'; '.join(changes)}" if changes else f"{what} as it is"

    def _overlaid(self, at: At, live: Json, args: Values) -> Json:
        wanted = self.rewritten(at, live, args)
        if not wanted:
            return live
        number = self._number(live)
        now = {**live, **wanted, **self.put(at, number, wanted)}
        return self._unflipped(at, live, now, args)

    def _refuse_unseen(self, at: At, live: Json, olds: Values, args: Values) -> None:
        seen = self.shown(at, live)
        for name in sorted(self.whole_lists & args.keys() & olds.keys()):
            field, now = self.model[name], seen.get(name)
            if not self._same(field, now, olds[name]) and not self._same(field, now, args[name]):
                raise Refused(
                    f"{self.vendor}: {name} of {self.noun} {self._id(at, live)} was changed by somebody since the last "
                    "look, and this change would undo that. Run `pulumi refresh` to see it, then declare it or let "
                    "`pulumi up` take it out; nothing was changed."
                )

    def _unflipped(self, at: At, before: Json, now: Json, args: Values) -> Json:
        if self.switch is None or before.get(self.switch) is None or now.get(self.switch) == before.get(self.switch):
            return now
        # Whole-object writes are not to touch traffic, whatever the vendor makes of the flag in them.
        owed = {OWED: bool(before[self.switch])}
        try:
            return self._turned_back(at, now, owed)
        except BaseException as error:
            raise Partly(self._id(at, now), {**self._outputs_so_far(at, now, args), **owed}, error) from error

    def _turned_back(self, at: At, live: Json, olds: Values) -> Json:
        if self.switch is None or OWED not in olds or live.get(self.switch) == olds[OWED]:
            return live
        self.turn(at, self._number(live), olds[OWED])
        return {**live, self.switch: olds[OWED]}

    def _without_switch(self, at: At, live: Json) -> Json:
        if self.switch is None or self.get(at, self._number(live)).get(self.switch) is False:
            return live
        self.turn(at, self._number(live), False)
        return {**live, self.switch: False}

    def _switched(self, at: At, live: Json, args: Values) -> Json:
        name = self._switch_among(args)
        if name is None or self.switch is None or live.get(self.switch) == args[name]:
            return live
        if args[name]:
            self.may_turn_on(at, live)
        else:
            self.may_turn_off(at, live)
        self.turn(at, self._number(live), args[name])
        return {**live, self.switch: args[name]}

    def _switch_among(self, args: Values) -> str | None:
        return next((name for name in args if self.switch and self.model[name].wire == self.switch), None)

    def _travels(self, field: FieldFacts) -> bool:
        return field.wire is not None

    def _settled(self, at: At, live: Json, args: Values) -> Values:
        outs = self.outputs(args, self._seen(at, live))
        for name, stored in outs.get(STORED_AS, {}).items():
            there, sent = masked_data(stored), masked_data(args[name])
            said = f"{self.vendor}: {self.noun} {self._id(at, live)}: {name} is {there!r} there, not {sent!r}"
            if self.model[name].decisive:
                raise Partly(self._id(at, live), {**outs, name: stored}, UnexpectedAnswer(f"{said} as it was sent."))
            pulumi.log.warn(f"{said}; taken for the vendor's way to write it.")
        return outs

    @contextmanager
    def _kept(self, at: At, live: Json, args: Values) -> Iterator[None]:
        """What fails in here fails after the vendor said yes, so that the id goes to the state all the same."""
        try:
            yield
        except Partly:
            raise
        except BaseException as error:
            raise Partly(self._id(at, live), self._outputs_so_far(at, live, args), error) from error

    def _outputs_so_far(self, at: At, live: Json, args: Values) -> Values:
        return self.refreshed({**args, MANAGED: sorted(args)}, self._seen(at, live))


def _is_404(error: ApiError) -> bool:
    return isinstance(error, NotFound) or error.status == NotFound.status


def _noted(olds: Values, args: Values) -> Values:
    kept = {name: value for name, value in (olds.get(STORED_AS) or {}).items() if name in args}
    return {STORED_AS: kept} if kept else {}


def _get(body: Json, wire: str, absent: Any = None) -> Any:
    value: Any = body
    for step in wire.split("."):
        if value is None:
            return None
        if not isinstance(value, dict) or step not in value:
            return absent
        value = value[step]
    return value


def _set(body: Json, wire: str, value: Any) -> None:
    *outer, name = wire.split(".")
    for step in outer:
        body = body.setdefault(step, {})
    body[name] = value


def merged(live: Json, wanted: Json) -> Json:
    """The vendor's object with the wanted fields laid over it, objects inside it too; lists are replaced."""
    whole = dict(live)
    for name, value in wanted.items():
        there = whole.get(name)
        whole[name] = merged(there, value) if isinstance(there, dict) and isinstance(value, dict) else value
    return whole
