"""Creating an object once, and taking over one that exists already.

A create looks for a twin first, so that a lost answer, a crash or a second resource never makes a duplicate. A twin is
taken over when the program says so, or when the note of a run that was cut off claims it.
"""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Annotated, Any

from pulumi import Input
from typing_extensions import TypedDict

from ..client.listings import Json
from ..errors import (
    Ambiguous,
    DeclarationError,
    Exists,
    Missing,
    NotFound,
    UnexpectedAnswer,
    VoiceRoutingError,
    with_article,
)
from ..masking import masked_data
from . import keeping, plugin, references, standing, writes
from . import meaning as means
from .calls import At
from .collection import Collected
from .create_notes import Intent
from .fields import CreateOnly, Reference
from .foreseen import given_up, stood_for
from .lost_answers import Looks, create_once
from .model import Values, unknown
from .wire import get_at

ours: set[tuple[str, str]] = set()
"""What this process created or took over, by token and id: the engine runs one process for one operation."""
_taking = threading.Lock()
_keys: defaultdict[tuple[str, ...], threading.Lock] = defaultdict(threading.Lock)


class Adoptable(TypedDict, total=False):
    """Arguments of every type that can take over an object which exists already."""

    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Take over an object with the same name instead of failing; without one, create it. Default: false."""
    adopt_id: Annotated[Input[Reference], CreateOnly(), means.Existing(itself=True)]
    """Take over the object with this id. It is an error when there is none."""


@contextmanager
def one_at_a_time(intent: Intent) -> Iterator[None]:
    """Two resources with one name must not both find that there is none."""
    with _keys[(intent.token, *intent.key)]:
        yield


class Adopting(Collected):
    """An object that is created once, or taken over."""

    # What a type may say otherwise

    def may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        """Raises :class:`Exists` when the program has not said that it wants this object."""
        id_ = self.id_of(at, twin)
        if (self.token, id_) in ours:
            raise self._declared_twice(args, id_)
        self._require_permission(at, twin, args, intent)

    def stands_for(self, args: Values) -> Iterator[standing.Claim]:
        parent, key = args.get(self.model.meant_by(means.Inside) or ""), args.get(self.key)
        if isinstance(parent, str) and isinstance(key, str):
            yield (standing.ONE, *self.path, references.last(parent), key)

    def held_by_id(self, id_: str, args: Values) -> Iterator[standing.Claim]:
        yield (self.token, id_)
        if any(
            value is True and self.model[name].wire == self.switch
            for name, value in args.items()
            if self.switch and name in self.model
        ):
            yield (standing.ON, *self.path, references.last(id_))

    def may_be_made(self, args: Values) -> None:
        needed = {
            self.key,
            self.parent or self.key,
            "adopt_id",
            *(name for name, field in self.model.items() if field.immutable),
        }
        if any(unknown(args.get(name)) for name in needed):
            return
        if not unknown(args):
            self.may_make(args)
        self._refuse_twice(args)
        free = self._is_given_up(args)
        args = self.meant(args)
        at = self.at(args)
        if args.get("adopt_id"):
            self.adopted(at, args, self.find)
            return
        twin = self.twin(at, args)
        if twin is None:
            if self.calls.makes_none:
                raise self._cannot_be_made(at, args)
            if not unknown(args):
                self.may_be_created(at, args)
        elif not free:
            self.may_take_over(at, twin, args, self.intent(at, args))

    def may_become(self, id_: str, olds: Values, news: Values) -> None:
        name = self.lenient(self.model[self.key], news.get(self.key))
        if not self.unique or unknown(name) or self.means_same(self.model[self.key], olds.get(self.key), name):
            return
        *steps, number = self.below(id_)
        self._refuse_twice(news)
        twin = self.twin(tuple(steps), news)
        if twin is not None and self.number(twin) != number and not self._is_given_up(news):
            raise Exists(
                f"{self.vendor}: {self.noun} {id_} cannot get the {self.key} {name!r}, which the {self.noun} "
                f"{self.id_of(tuple(steps), twin)} has. Choose another one, or give that one another one "
                "first; nothing was changed."
            )

    # Steps

    def taken(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        """Note that the object is this resource's. Raises :class:`Exists` when it must not be."""
        with _taking:
            self.may_take_over(at, twin, args, intent)
            ours.add((self.token, self.id_of(at, twin)))

    def intent(self, at: At, args: Mapping[str, Any]) -> Intent:
        """The note of the object's creation."""
        return Intent(self.token, (self.account, *at, str(args.get(self.key))))

    def twin(self, at: At, args: Values) -> Json | None:
        """The object with the declared name. Raises :class:`Ambiguous` when there are two."""
        field = self.model[self.key]
        twins = [
            one
            for one in self.alike(at, args[self.key])
            if self.means_same(field, get_at(one, field.wire or self.key), args[self.key])
            and not one.get("isDeleted")
            and one.get(self.calls.id_field)
        ]
        if len(twins) > 1:
            ids = ", ".join(self.id_of(at, one) for one in twins)
            raise Ambiguous(
                f"{self.vendor}: more than one {self.noun} is named {args[self.key]!r}: {ids}. "
                "Name the one that is meant with adopt_id, or choose another name."
            )
        return self.whole(at, twins[0]) if twins else None

    def adopted(self, at: At, args: Values, look: Callable[[At, str], Json | None] | None = None) -> Json:
        """The object that ``adopt_id`` names, fresh or as ``look`` finds it."""
        *steps, number = self.below(args["adopt_id"])
        if tuple(steps) != at:
            raise DeclarationError(
                f"{self.vendor}: adopt_id {args['adopt_id']} does not lie in {references.join(self.account, *at)}, "
                "where it is declared."
            )
        live = None
        with suppress(NotFound):
            live = (look or self.get)(at, number)
        if live is None:
            raise Missing(f"{self.vendor}: there is no {self.noun} {args['adopt_id']} to take over.")
        return live

    def adoptable(self, args: Values) -> str | None:
        args = self.meant(self.declared(args))
        at = self.at(args)
        if args.get("adopt_id"):
            return self.described(at, self.adopted(at, args), args)
        twin = self.twin(at, args)
        if twin is None:
            return None
        return self.described(at, self.get(at, self.number(twin)) if self.summaries else twin, args)

    def existing(self, args: Values) -> str | None:
        if args.get("adopt_id"):
            return references.join(self.account, *self.below(args["adopt_id"]))
        at = self.at(args)
        twin = self.twin(at, args) if args.get("adopt") else None
        return None if twin is None else self.id_of(at, twin)

    def described(self, at: At, live: Json, args: Values) -> str:
        """What is taken over, and what will change about it."""
        seen = self.shown(at, live)
        changes = [
            f"{name} {masked_data(seen.get(name))!r} becomes {masked_data(args[name])!r}"
            for name in self.changed(seen, args)
            if self.is_sent(self.model[name]) and not self.model[name].secret
        ]
        what = f"{self.noun} {self.id_of(at, live)} {seen.get(self.key)!r}"
        return f"{what}: {'; '.join(changes)}" if changes else f"{what} as it is"

    def created(self, at: At, args: Values, intent: Intent) -> Json:
        """A new object, after whatever it takes to know that there is one and not two."""
        made = self._created_as(at, args, intent) if self.calls.create_as else self._created(at, args, intent)
        ours.add((self.token, self.id_of(at, made)))
        writes.made(self.token, self.id_of(at, made))
        return made

    def _created(self, at: At, args: Values, intent: Intent) -> Json:
        intent.note()
        looks = Looks(
            lambda: self.twin(at, args),
            said=f"{self.vendor}: looking for the {self.noun} {args[self.key]!r} whose creation had no answer",
            before_another=lambda: self.forget_list(at),
        )
        live = create_once(lambda: self._posted(at, args), looks, when_refused=intent.forget)
        live = live or self.twin(at, args) or looks.later()
        if live is None:
            raise UnexpectedAnswer(
                f"{self.vendor}: the {self.noun} {args[self.key]!r} was created, but is not in the list. Run again."
            )
        intent.answered(self.number(live))
        return live

    def _posted(self, at: At, args: Values) -> Json | None:
        source = args.get("clone_of")
        if source is None:
            if self.calls.create is None:
                raise self._cannot_be_made(at, args)
            return self.create_new(at, self.new_body(args))
        *source_at, number = self.below(source)
        if tuple(source_at) != at:
            raise DeclarationError(
                f"{self.vendor}: a clone is made in the {self.path[-2]} of its source, which is "
                f"{references.parent(source)}; declare that one, or do without clone_of."
            )
        return self.clone(at, number, args[self.key])

    def _cannot_be_made(self, at: At, args: Values) -> Missing:
        wire = self.model[self.key].wire or self.key
        there = ", ".join(repr(one.get(wire)) for one in self.everything(at)) or "none"
        return Missing(
            f"{self.vendor}: there is no {self.noun} named {args[self.key]!r}, and the vendor has no call that makes "
            f"one. Make it in the portal, or name one of those that there are: {there}."
        )

    def _created_as(self, at: At, args: Values, intent: Intent) -> Json:
        number = intent.id = str(uuid.uuid4())
        intent.note()  # before the call: whatever becomes of its answer, the object is found by this id
        try:
            made = self.create_as(at, number, self.new_body(args))
            return made or self.get(at, number)
        except VoiceRoutingError as error:
            try:
                return self.get(at, number)
            except NotFound:
                intent.forget()
            except VoiceRoutingError:
                pass  # the vendor cannot be asked now: the note leads the next run to it
            raise error from None

    def _declared_twice(self, args: Values, which: str) -> DeclarationError:
        return DeclarationError(
            f"{self.vendor}: two resources of this program stand for the {self.noun} {args[self.key]!r} ({which}). "
            "Keep one of them."
        )

    def _refuse_twice(self, args: Values) -> None:
        me = plugin.urn()
        for claim in Adopting.stands_for(self, args):
            others = [urn for urn in standing.holders(claim) if urn != me]
            if others:
                raise self._declared_twice(
                    args, " and ".join(sorted(repr(standing.name(urn)) for urn in (others[0], me)))
                )

    def _is_given_up(self, args: Values) -> bool:
        claims = set(Adopting.stands_for(self, args))
        ends_first = self.delete_before_replace and claims & stood_for(plugin.urn())
        return bool(ends_first) or any(map(given_up, claims))

    def _is_the_old_copys(self, args: Values) -> bool:
        olds = self.declared(keeping.before(plugin.urn()))
        same_key = self.means_same(self.model[self.key], olds.get(self.key), args.get(self.key))
        return same_key and self.replaces_itself(args)

    def _require_permission(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        id_, seen = self.id_of(at, twin), self.shown(at, twin)
        # The object that a replacement is for has the same name, and a note that nothing has taken away yet.
        another = any(name in seen and self.model[name].immutable for name in self.changed(seen, args))
        meant = args.get("adopt") or self.calls.makes_none or self._is_the_old_copys(args)
        if not (meant or (intent.claims(self.number(twin)) and not another)):
            renamed = "leave the row's key as it was" if plugin.is_row() else "give the resource an alias"
            raise Exists(
                f"{self.vendor}: {with_article(self.noun)} named {args[self.key]!r} exists already, with the id {id_}. "
                f"Say adopt=True to take it over, {renamed} if it was renamed in the program, "
                "or choose another name; nothing was changed."
            )
