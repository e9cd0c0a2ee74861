"""The commonest shape: an object in a collection, which the vendor numbers when it is created.

A create looks for a twin first (:mod:`adoption`). An update reads the object, lays the declared fields over it and
writes the whole (:mod:`wire`). What the program does not declare stays as it is. The vendor's calls are facts of the
type (:mod:`calls`, :mod:`collection`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from .. import say
from ..client.listings import Json
from ..errors import ApiError, Missing, NotFound, UnexpectedAnswer
from ..masking import masked_data
from . import keeping, plugin, standing, writes
from .adoption import Adopting, one_at_a_time, ours
from .calls import At
from .collection import is_404
from .half_done import UNSURE
from .model import Values, spelled_alike
from .new_copies import known_before
from .portal_edits import Edit, refuse_unseen
from .provider import MANAGED, STORED_AS, Partly

OWED = "__owed"
"""Output: where the switch was before a write turned it over and turning it back failed; the next run does that."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Member(Adopting):
    """An object in a collection. A type adds the vendor's calls, and what is peculiar about it."""

    # What a type may say otherwise

    def completed(self, at: At, live: Json, args: Values) -> Json:
        """The object after the calls that it needs beside its own; a failure in here keeps its id in the state."""
        return live

    def overlaid(self, at: At, live: Json, args: Values) -> Json:
        """The object after the declared fields were laid over it; nothing is sent when it has them already."""
        wanted = self.rewritten(at, live, args)
        if not wanted:
            return live
        now = {**live, **wanted, **self.write(at, self.number(live), wanted)}
        return self._unflipped(at, live, now, args)

    # The lifecycle

    def make(self, args: Values) -> tuple[str, Values]:
        self.may_make(args)
        at = self.at(args)
        intent = self.intent(at, args)
        if args.get("adopt_id"):
            live = self.adopted(at, args)
            self.taken(at, live, {**args, "adopt": True}, intent)
            return self.take_over(at, live, args)
        with one_at_a_time(intent):
            twin = self.twin(at, args)
            if twin is not None:
                self.taken(at, twin, args, intent)
            live = twin or self.created(at, args, intent)
        if twin is not None:
            return self.take_over(at, twin, args)
        with self.kept(at, live, args):
            if args.get("clone_of"):
                live = self._without_switch(at, live)
                live = self.overlaid(at, live, args)
            live = self.completed(at, self._switched(at, live, args), args)
        return self.id_of(at, live), self._settled(at, live, args)

    def look(self, id_: str, olds: Values) -> Values | None:
        *at, number = self.below(id_)
        live = self.find(tuple(at), number)
        if live is None:
            return None
        outs = self.refreshed(olds, self.seen(tuple(at), live))
        still_owed = OWED in olds and live.get(self.switch or "") != olds[OWED]
        return {**outs, OWED: olds[OWED]} if still_owed else outs

    def unfinished(self, olds: Values, news: Values) -> bool:
        return OWED in olds

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        *steps, number = self.below(id_)
        at = tuple(steps)
        self.intent(at, olds).forget()
        # A field that the program no longer declares, and one that is read at creation only, change nothing there.
        if OWED not in olds and not any(self.is_sent(self.model[name]) for name in self.changed(olds, args)):
            return {**self.outputs(args, {}), **_noted(olds, args)}
        try:
            live = self.get(at, number)
        except NotFound as error:
            raise Missing(
                f"{self.vendor}: {self.noun} {id_} is gone: run `pulumi refresh`, then `pulumi up` makes a new one. "
                f"({error})"
            ) from None
        left = self._left_to_others(at, live, olds, args)
        wanted = self._without(args, left)
        if self._switch_among(wanted) is None:
            live = self._turned_back(at, live, olds)
        return self._brought(at, live, args, wanted=wanted, left=left)

    def remove(self, id_: str, olds: Values) -> None:
        *steps, number = self.below(id_)
        at = tuple(steps)
        intent = self.intent(at, olds)
        if goes_on := self.goes_on_under(id_, olds):
            say.info(f"{self.vendor}: {self.noun} {id_} goes on under {goes_on}")
            return
        intent.forget()
        live = self.find(at, number)
        if live is None:
            return
        self._tell_of_edits(at, live, olds)
        try:
            self.end(at, number, live, olds)
        except ApiError as error:
            self.forget_list(at)
            if not is_404(error) or self.find(at, number) is not None:
                raise  # which may have been about something else

    def note_new_copy(self, id_: str, olds: Values) -> None:
        *at, number = self.below(id_)
        intent = self.intent(tuple(at), olds)
        intent.note()
        intent.answered(number)

    def speak_first(self, id_: str, olds: Values, args: Values) -> None:
        *steps, number = self.below(id_)
        at = tuple(steps)
        live = self.get(at, number)
        self.rewritten(at, live, self._without(args, self._left_to_others(at, live, olds, args)))

    def take_over(self, at: At, live: Json, args: Values, *, fresh: bool = False) -> tuple[str, Values]:
        """Bring an object that exists already to the declared fields; ``fresh`` says that it was not read in a list,
        which may show less than there is."""
        self.intent(at, args).answered(self.number(live))
        live = live if fresh else self.get(at, self.number(live))
        say.info(f"{self.vendor}: taking over {self.described(at, live, args)}")
        left = self._left_to_others(at, live, self._old_copy(at, live, args), args)
        outs = self._brought(at, live, args, wanted=self._without(args, left), left=left)
        return self.id_of(at, live), outs

    @contextmanager
    def kept(self, at: At, live: Json, args: Values) -> Iterator[None]:
        """What fails in here fails after the vendor said yes, so that the id goes to the state all the same."""
        try:
            yield
        except Partly:
            raise
        except BaseException as error:
            now, unsure = self._now(at, live)
            raise Partly(self.id_of(at, live), {**self._outputs_so_far(at, now, args), **unsure}, error) from error

    # Steps

    def goes_on_under(self, id_: str, olds: Values) -> str:
        """Under which name the object goes on when this copy of the resource ends; empty when it does not.

        Renamed or replaced in the program: another resource, or the new copy, has taken the object over.
        """
        by_id = keeping.keepers((self.token, id_))
        if by_id or (self.token, id_) in ours:
            return f"the resource name {standing.name(by_id[0])!r}" if by_id else "its new resource name"
        if self._comes_back(olds):
            return f"the resource name {standing.name(plugin.urn())!r}, whose new copy comes after this one"
        lists = (keeping.keepers(claim[1:]) for claim in Adopting.stands_for(self, olds))
        other = next((urn for urns in lists for urn in urns), "")
        return f"the resource name {standing.name(other)!r}" if other else ""

    def _comes_back(self, olds: Values) -> bool:
        """Whether the program declares just this object, and the new copy of the resource is to be made yet.

        So it is where the program says that old copies end before new ones begin (``delete_before_replace``).
        """
        me, key = plugin.urn(), self.model[self.key]
        args = dict(writes.declared_as(me))
        again = self.is_still(olds, args) and self.means_same(key, olds.get(self.key), args.get(self.key))
        return bool(args) and again and not standing.held(me)

    def _brought(
        self, at: At, live: Json, args: Values, *, wanted: Values | None = None, left: Mapping[str, Any] = NOTHING
    ) -> Values:
        wanted = args if wanted is None else wanted
        live = self.overlaid(at, live, wanted)
        with self.kept(at, live, args):
            live = self.completed(at, self._switched(at, live, wanted), wanted)
        return self._settled(at, live, args, left)

    def _left_to_others(self, at: At, live: Json, olds: Values, args: Values) -> Values:
        """What others changed since the last look and stays as they have it, as the vendor shows it.

        Raises :class:`Refused` when such a change decides who is called, and the program does not leave the field to
        others.
        """
        seen, changed, ignored = self.seen(at, live), set(self.changed(olds, args)), plugin.ignored()
        left: Values = {}
        edits: list[Edit] = []
        for name in sorted(args.keys() & olds.keys() & seen.keys()):
            field = self.model[name]
            if not self.is_sent(field) or field.immutable or field.create_only:
                continue
            now, last = seen[name], (olds.get(STORED_AS) or {}).get(name)
            as_before = self.shows(field, now, olds[name]) or (last is not None and self.means_same(field, now, last))
            if self.shows(field, now, args[name]) or (as_before and name not in ignored):
                continue
            if name in ignored:
                left[name] = now
            elif field.decides or name in self.whole_lists:
                edits.append(Edit(name, now, args[name]))
            elif name not in changed:
                left[name] = now
        refuse_unseen(self.vendor, self.noun, self.id_of(at, live), edits)
        return left

    def _tell_of_edits(self, at: At, live: Json, olds: Values) -> None:
        """Say what the program did not know of an object that ends."""
        seen, stored_as = self.seen(at, live), olds.get(STORED_AS) or {}
        for name in sorted(seen.keys() & olds.keys() - stored_as.keys()):
            field = self.model[name]
            if field.decides and not field.immutable and not self.shows(field, seen[name], olds[name]):
                say.warn(
                    f"{self.vendor}: {self.noun} {self.id_of(at, live)} ends, and its {name} was changed by somebody "
                    f"since the last look: {masked_data(seen[name])!r} there, {masked_data(olds[name])!r} in the state."
                )

    def _now(self, at: At, live: Json) -> tuple[Json, Values]:
        """What there is after a failure, and what the state is to say when nobody could look."""
        try:
            return self.get(at, self.number(live)), {}
        except Exception:
            return live, {UNSURE: True}

    def _old_copy(self, at: At, live: Json, args: Values) -> Values:
        """What the state knew of the object; nothing when the program says of the same resource only now that it is
        to be adopted."""
        seen = self.seen(at, live)
        if not self.changed(seen, args):
            return {}
        olds = self.meant(known_before(self, self.id_of(at, live), args))
        says_so = any(args.get(name) and not olds.get(name) for name in ("adopt", "adopt_id"))
        if says_so and self.replaces_itself(args):
            return {}
        # How the vendor spells a value is for the state's outputs to say, which nobody shows to a new copy.
        return {name: value for name, value in olds.items() if not spelled_alike(seen.get(name), value)}

    def _without(self, args: Values, left: Mapping[str, Any]) -> Values:
        """What is to be written when others have the last word about some of it."""
        plain = {name: value for name, value in args.items() if name not in left}
        return {**plain, **{name: value for name, value in left.items() if value is not None}}

    def _settled(self, at: At, live: Json, args: Values, left: Mapping[str, Any] = NOTHING) -> Values:
        ignored = plugin.ignored() & left.keys()
        seen = {name: value for name, value in self.seen(at, live).items() if name not in ignored}
        outs = self.outputs(args, seen)
        for name in sorted(args.keys() & seen.keys()):
            if self.shows(self.model[name], seen[name], args[name]):
                continue
            there, sent = masked_data(seen[name]), masked_data(args[name])
            said = f"{self.vendor}: {self.noun} {self.id_of(at, live)}: {name} is {there!r} there, not {sent!r}"
            if name in left:
                say.warn(f"{said}: somebody changed it, and it stays; the next preview shows the difference.")
                outs = {**outs, name: seen[name]}
                continue
            if self.model[name].decisive:
                outs = {**outs, name: seen[name]}
                raise Partly(self.id_of(at, live), outs, UnexpectedAnswer(f"{said} as it was sent."))
            own_way = name in outs.get(STORED_AS, {})
            meant = "taken for the vendor's way to write it" if own_way else "the next preview shows the difference"
            say.warn(f"{said}; {meant}.")
        return outs

    def _outputs_so_far(self, at: At, live: Json, args: Values) -> Values:
        return self.refreshed({**args, MANAGED: sorted(args)}, self.seen(at, live))

    # The switch

    def _switch_among(self, args: Values) -> str | None:
        return next((name for name in args if self.switch and self.model[name].wire == self.switch), None)

    def _switched(self, at: At, live: Json, args: Values) -> Json:
        name = self._switch_among(args)
        if name is None or self.switch is None or live.get(self.switch) == args[name]:
            return live
        if args[name]:
            self.may_switch_on(at, live)
        else:
            self.may_switch_off(at, live)
        self.set_switch(at, self.number(live), args[name])
        if not args[name]:
            self.was_switched_off(at, self.number(live))
        return {**live, self.switch: args[name]}

    def _without_switch(self, at: At, live: Json) -> Json:
        if self.switch is None or self.get(at, self.number(live)).get(self.switch) is False:
            return live
        self.set_switch(at, self.number(live), False)
        return {**live, self.switch: False}

    def _unflipped(self, at: At, before: Json, now: Json, args: Values) -> Json:
        if self.switch is None or before.get(self.switch) is None or now.get(self.switch) == before.get(self.switch):
            return now
        # Whole-object writes are not to touch traffic, whatever the vendor makes of the flag in them.
        owed = {OWED: bool(before[self.switch])}
        try:
            return self._turned_back(at, now, owed)
        except BaseException as error:
            raise Partly(self.id_of(at, now), {**self._outputs_so_far(at, now, args), **owed}, error) from error

    def _turned_back(self, at: At, live: Json, olds: Values) -> Json:
        if self.switch is None or OWED not in olds or live.get(self.switch) == olds[OWED]:
            return live
        self.set_switch(at, self.number(live), olds[OWED])
        return {**live, self.switch: olds[OWED]}


def _noted(olds: Values, args: Values) -> Values:
    kept = {name: value for name, value in (olds.get(STORED_AS) or {}).items() if name in args}
    return {STORED_AS: kept} if kept else {}
