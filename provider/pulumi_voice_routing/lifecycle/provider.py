"""The engine's six questions about a resource, answered once for every type.

A type says what it is: its token, its arguments, and how the vendor lists, makes, reads and changes one. What all
types share is here: canonical values, unknowns, drift, partial work, lost answers, and one line for each failure.

Order of calls: preview asks check and diff; up asks check, diff, then create, update or delete; refresh asks read and
diff; destroy asks delete only. Check and diff run one at a time, so that they touch the network for what is new or gets
another name only (:mod:`foreseen`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from pulumi import dynamic
from pulumi.output import Unknown

from .. import registry, say, settings
from ..errors import Missing, Refused, VoiceRoutingError, short_line
from ..telephony.number import as_declared
from . import half_done, keeping, new_copies, plugin, reaching, standing, turns, writes
from .foreseen import foresee, require_there
from .listed import Listed
from .meaning import Existing, Switch
from .model import Failure, FieldFacts, Model, Values, model_of, spelled_alike, unknown
from .reporting import Partly, reported, said_by
from .state_keys import MANAGED, STORED_AS

PROVIDER_KEY = "__provider"
AS_WRITTEN = "__as_written"
"""Output: arguments that only a run can tell the meaning of, such as ``~`` for whoever signs in, as they were given."""
LOOKUP = "lookup"
"""Input of resources that only look at an object (``Type.get``)."""

_UNSET = (None, "", False, 0)


class Lifecycle(Listed, dynamic.ResourceProvider):
    """The provider of one resource type. Holds nothing: the state stores its token alone."""

    serialize_as_secret_always = False

    args: ClassVar[type]
    """What the program may declare."""
    noun: ClassVar[str] = ""
    """What the vendor's administrators call it, for messages."""
    id_form: ClassVar[str] = ""
    """What an id looks like, for people; nothing where the steps of its path tell."""
    delete_before_replace: ClassVar[bool] = False
    whole_lists: ClassVar[frozenset[str]] = frozenset()
    """Arguments whose lists the vendor replaces as a whole: what people did to them since the last look stops a
    write, as in every field that decides who is called, so that their entries are never lost unseen."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.token:
            registry.providers[cls.token] = cls

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return registry.provider_for, (self.token,)

    @property
    def model(self) -> Model:
        """The arguments as a model."""
        return model_of(self.args)

    # What a type answers

    def at_home(self, id_: str) -> None:
        """Raises :class:`SettingsError` when the object belongs to another account than the configured one."""

    def reach(self) -> None:
        """Raises why no call to the vendor can work, by one read that proves the sign-in and the account."""

    def make(self, args: Values) -> tuple[str, Values]:
        """Bring it into being, and return its id and outputs."""
        raise NotImplementedError

    def look(self, id_: str, olds: Values) -> Values | None:
        """Its outputs as they are at the vendor now; nothing when it is gone."""
        raise NotImplementedError

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        """Bring it to the declared values, and return its outputs."""
        raise NotImplementedError

    def remove(self, id_: str, olds: Values) -> None:
        """End it. That it is gone already is success."""
        raise NotImplementedError

    def out_of_reach(self, id_: str, olds: Values) -> str:
        """Why no call can reach the object any more, so that its end is to be forgotten; asked when that fails."""
        return ""

    def may_replace(self, id_: str, olds: Values) -> None:
        """Raises :class:`Refused` when the object must not give way to another one; the network is out of bounds."""

    def unfinished(self, olds: Values, news: Values) -> bool:
        """Whether a run that was cut off has left something to do that no argument shows."""
        return False

    def own_work(self, id_: str, olds: Values, own: Values) -> Values:
        """What the vendor has now where that is what an own update to these arguments has left, all of it or a part.

        Of a secret, which it does not show, nobody can tell: it counts as not written.
        """
        now = self.look(id_, {**olds, **own}) or {}
        shown = (name for name in own.keys() & now.keys() & self.model.keys() if not self.model[name].secret)
        there = {name: now[name] for name in shown}
        return {name: value for name, value in there.items() if self.took_effect(name, value, own[name])}

    def took_effect(self, name: str, there: Any, wanted: Any) -> bool:
        """Whether a field has what was written."""
        return self.shows(self.model[name], there, wanted) or spelled_alike(there, wanted)

    def note_new_copy(self, id_: str, olds: Values) -> None:
        """Note whose the object is, when its resource leaves the state before its new copy is made."""

    def existing(self, args: Values) -> str | None:
        """The id of what a create would take over or write into; nothing when it makes something new."""
        return None

    def speak_first(self, id_: str, olds: Values, args: Values) -> None:
        """Raises what the type itself has to say against an update that is refused, if anything; nothing is sent."""

    def left_by(self, id_: str, olds: Values) -> Values | None:
        """What the vendor shows otherwise when the resource has ended; nothing when the object is gone then."""
        return None

    def may_be_made(self, args: Values) -> None:
        """Raises what :meth:`make` would before it sends anything, as far as a list tells that it looks at as well.
        Unknown values must be passed over."""

    def may_become(self, id_: str, olds: Values, news: Values) -> None:
        """The same before :meth:`change`."""

    def adoptable(self, args: Values) -> str | None:
        """What ``adopt`` finds at the vendor, and what will change about it; nothing when there is nothing."""
        return None

    foresees: ClassVar[bool] = False
    """Whether a preview asks :meth:`foreseen`, by what contains the object."""

    def foreseen(self, args: Values) -> str | None:
        """Why a run would fail, as only the vendor can tell; ``args`` say what contains the object, and no more."""
        return None

    def problems(self, args: Values) -> Iterable[Failure]:
        """What is wrong with values that are each fine by themselves. Unknown values must be passed over."""
        return ()

    def stands_for(self, args: Values) -> Iterable[standing.Claim]:
        """What the vendor has because of these arguments, whatever the type: no resource ends what another one, or
        the new copy of itself, stands for. Unknown values must be passed over."""
        return ()

    def held_by_id(self, id_: str, args: Values) -> Iterable[standing.Claim]:
        """The same, as far as it takes the id to say so."""
        return ()

    def clashes(self, args: Values) -> Iterable[Failure]:
        """What is wrong with values beside those of the run's other resources; asked when nothing else is wrong."""
        return ()

    def canonical(self, args: Values) -> Values:
        """The declared values in the form in which they are stored; network and settings are out of bounds."""
        return args

    def meant(self, args: Values) -> Values:
        """The declared values with what only a run can tell in place of what stands for it."""
        return args

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        """Whether two canonical values of a field mean the same: what is there, and what is wanted."""
        return bool(old == new)

    def secrets(self, values: Values) -> Iterable[Any]:
        """Whatever among the values must stay out of every message and trace."""
        return (values[name] for name, field in self.model.items() if field.secret and name in values)

    # The engine's questions

    @reported
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        plugin.prepare()
        settings.use_stack_config(req.config.get)

    @reported
    def check(self, _olds: Values, news: Values) -> dynamic.CheckResult:
        internal = (PROVIDER_KEY, LOOKUP)
        given = {name: value for name, value in news.items() if name not in internal and value is not None}
        values, failures = self.checked(given)
        # An input must not appear that the program did not write, or disappear: unknowns stay in their place.
        checked = {**given, **values}
        urn = plugin.urn()
        if urn and not failures:
            standing.declare(urn, self.stands_for(values), _olds, checked)
            writes.declares(urn, self.token, values)
            turns.declared(urn)
        shown = [self._failure(failure) for failure in failures or self.clashes(values)]
        if urn and not (shown or _olds or news.get(LOOKUP)):
            reaching.reach(self.vendor, self.reach)
            foresee(self.vendor, lambda: require_there(self.model, values, {}))
            foresee(self.vendor, lambda: self.may_be_made(values))
        return dynamic.CheckResult(checked, shown)

    @reported
    def diff(self, _id: str, _olds: Values, _news: Values) -> dynamic.DiffResult:
        writes.stands_for(plugin.urn(), _id)
        standing.was(plugin.urn(), _id)
        if standing.is_declared(plugin.urn()) and not reaching.offline():  # a refresh has asked already
            self.at_home(_id)
            reaching.reach(self.vendor, self.reach)
        changed = self.changed(_olds, _news)
        replaces = new_copies.replacing(self, [name for name in changed if self.model[name].immutable], _news)
        if any(not unknown(_news[name]) for name in replaces):
            self.may_replace(_id, _olds)
        if changed and not replaces and plugin.urn():
            foresee(self.vendor, lambda: require_there(self.model, _news, _olds))
            foresee(self.vendor, lambda: self.may_become(_id, _olds, _news))
        as_written: Values = _olds.get(AS_WRITTEN) or {}
        rephrased = any(_news.get(name) != written for name, written in as_written.items())
        moved = unknown(_news.get(PROVIDER_KEY)) or _olds.get(PROVIDER_KEY) != _news.get(PROVIDER_KEY)
        forgotten = set(_olds.get(MANAGED) or ()) - set(_news)
        at_first = self.model.all_meant_by(Existing)  # which count at the beginning of a resource, and never again
        left = half_done.is_there(self.token, _id, _olds) or self.unfinished(_olds, _news)
        changes = bool((set(changed) | forgotten) - at_first or moved or rephrased or left)
        if not changes:  # what changes may be replaced, whatever is answered here: the next call tells
            standing.hold(plugin.urn(), self.held_by_id(_id, _news))
            writes.stays(plugin.urn())
            turns.stays(plugin.urn())
        first = self.delete_before_replace
        return dynamic.DiffResult(changes=changes, replaces=replaces, delete_before_replace=first)

    @reported
    @turns.turn
    def create(self, props: Values) -> dynamic.CreateResult:
        self._remember_secrets(props)
        declared = self.declared(props)
        meant = self.meant(declared)
        turns.until_allowed(lambda: self._ask(None, None, meant))
        standing.hold(plugin.urn(), (), instead=True)
        id_, outs = self.make(meant)
        standing.hold(plugin.urn(), self.held_by_id(id_, declared))
        writes.stands_for(plugin.urn(), id_, meant)
        return dynamic.CreateResult(id_, {**outs, **_as_written(declared, meant)})

    @reported
    def read(self, id_: str, props: Values) -> dynamic.ReadResult:
        self._remember_secrets(props)
        try:
            outs = self.look(id_, props)
        except VoiceRoutingError as error:
            given = plugin.inputs()
            if given is None or props.get(LOOKUP) or not reaching.told_by_another(self.vendor, plugin.urn(), error):
                raise
            return dynamic.ReadResult(id_, props, given)  # as it was: the refresh fails by what another one tells
        keeping.saw(plugin.urn(), outs)
        if outs is None:
            if props.get(LOOKUP):
                raise Missing(f"{self.vendor}: there is no {self.noun} {id_}")
            return dynamic.ReadResult("", {})
        as_written: Values = props.get(AS_WRITTEN) or {}
        if as_written:
            outs = {**outs, AS_WRITTEN: as_written}
        inputs = {name: as_written.get(name, outs[name]) for name in outs.get(MANAGED, ()) if name in outs}
        given = plugin.inputs()
        if given is not None:  # what counts at the beginning alone comes to the program and leaves it without a write
            at_first = self.model.all_meant_by(Existing)
            inputs = {name: value for name, value in inputs.items() if name not in at_first}
            inputs |= {name: given[name] for name in at_first if name in given}
        if props.get(LOOKUP):
            outs = {**outs, LOOKUP: True}
            inputs = {LOOKUP: True}
        return dynamic.ReadResult(id_, outs, inputs)

    @reported
    @turns.turn
    def update(self, _id: str, _olds: Values, _news: Values) -> dynamic.UpdateResult:
        self._remember_secrets(_olds, _news)
        declared = self.declared(_news)
        meant = self.meant(declared)
        turns.until_allowed(lambda: self._ask(_id, _olds, meant))
        writes.stands_for(plugin.urn(), _id, meant)
        standing.hold(plugin.urn(), self.held_by_id(_id, declared))
        with half_done.changing(self, _id, _olds, meant) as known:
            return dynamic.UpdateResult({**self.change(_id, known, meant), **_as_written(declared, meant)})

    @reported
    @keeping.ending
    def delete(self, _id: str, _props: Values) -> None:
        self._remember_secrets(_props)
        try:
            if new_copies.begins_anew(self, _props, MANAGED):
                standing.remember(plugin.urn(), {name: _props[name] for name in _props.get(MANAGED) or ()})
                self.note_new_copy(_id, _props)
            else:
                self._ask(_id, _props, None)
            self.remove(_id, _props)
        except VoiceRoutingError:
            why = self.out_of_reach(_id, _props)
            if not why:
                raise
            say.warn(f"{self.vendor}: {self.noun} {_id} leaves the state, and nothing was changed: {why}.")
        finally:
            writes.is_over(self.token, _id)

    def _ask(self, id_: str | None, olds: Values | None, args: Values | None) -> None:
        """Callers get no less by what is about to be written. Raises :class:`Refused`."""
        try:
            writes.ask(writes.Write(self, plugin.urn(), id_, olds, args))
        except Refused:
            if id_ is None and args is not None and self._is_there(args):
                return  # it is taken over as it is, and callers get what they got before
            if id_ is not None and olds is not None and args is not None:
                self.speak_first(id_, olds, args)
            raise

    def _is_there(self, args: Values) -> bool:
        """Whether a create takes over something that is as it is declared already, so that nothing is written."""
        id_ = self.existing(args)
        there = self.look(id_, {}) if id_ is not None else None
        return there is not None and not self.changed(there, args)

    # What types share

    def replaces_itself(self, args: Values) -> bool:
        """Whether this is the new copy of a resource whose old copy stands for the same object."""
        return self.is_still(self.meant(self.declared(keeping.before(plugin.urn()))), args)

    def is_still(self, olds: Values, args: Values) -> bool:
        """Whether old and new arguments of a resource stand for the same object; not so where there are no old ones."""
        fixed = [field for field in self.model.values() if field.immutable]
        return bool(olds) and all(self.means_same(one, olds.get(one.name), args.get(one.name)) for one in fixed)

    @property
    def vendor(self) -> str:
        """The vendor's name, as it starts every line."""
        return self.token.partition(":")[0]

    def checked(self, given: Mapping[str, Any]) -> tuple[Values, list[Failure]]:
        """The canonical values, and everything that is wrong: first each by itself, then together."""
        values, failures = self.model.validate(given)
        # What is wrong by itself says nothing about the rest, just like a value that is not known yet.
        unsaid = Unknown()  # type: ignore[no-untyped-call]
        misspelt = {name: self.model.nearest(name) for name in given if name not in self.model}
        meant = (misspelt.get(name, name) for name in given)
        wrong = {name: unsaid for name in meant if name is not None and name not in values}
        without = self.canonical(values)
        problems = list(self.problems(self.canonical({**values, **wrong})))
        if wrong:  # nor does that it was given: what only follows from it is no mistake of its own
            alone = {one.reason for one in self.problems(without)}
            problems = [one for one in problems if one.reason in alone]
        return without, [*failures, *problems]

    def changed(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
        """The declared fields whose value is not the old one, or not known yet."""
        return [
            name
            for name, field in self.model.items()
            if name in news and (unknown(news[name]) or not self.means_same(field, olds.get(name), news[name]))
        ]

    def outputs(self, args: Values, seen: Mapping[str, Any]) -> Values:
        """What goes to the state: the declared arguments, with the vendor's values where it shows them.

        Raises nothing. What the vendor spells in a way of its own, or does not show, is remembered as such; any other
        value than the declared one is what is there, so that the next preview shows the difference.
        """
        outs: Values = {MANAGED: sorted(args)}
        stored_as: Values = {}
        for name, declared in args.items():
            shown = seen.get(name)
            outs[name] = declared
            if name not in seen or self.shows(self.model[name], shown, declared):
                continue
            if shown is None or spelled_alike(shown, declared):
                stored_as[name] = shown
            else:
                outs[name] = shown
        if stored_as:
            outs[STORED_AS] = stored_as
        return outs

    def refreshed(self, olds: Mapping[str, Any], seen: Mapping[str, Any]) -> Values:
        """The old outputs with what the vendor shows now; its own form of an old value is no drift."""
        # An entry that was put into the state by hand holds nothing yet: whatever is set at the vendor is taken in.
        managed: list[str] = list(
            olds.get(MANAGED) or [name for name, value in seen.items() if self._says(name, value)]
        )
        stored_as = olds.get(STORED_AS) or {}
        outs: Values = {MANAGED: sorted(managed)}
        kept: Values = {}
        for name in managed:
            field = self.model.get(name)
            if field is None or name not in seen:
                outs[name] = olds.get(name)
            elif name in stored_as and self._still_stored_as(field, stored_as[name], seen[name], olds.get(name)):
                outs[name], kept[name] = olds.get(name), seen[name]
            elif name in olds and self.shows(field, seen[name], olds[name]):
                outs[name] = olds[name]  # in the form in which the program wrote it
            else:
                outs[name] = seen[name]
        if kept:
            outs[STORED_AS] = kept
        return outs

    def _says(self, name: str, value: Any) -> bool:
        """Whether a value says more than that nobody has set one."""
        if value is False and name in self.model:  # it may have been set to that, but for a switch that begins off
            return not any(isinstance(mark, Switch) and not mark.first for mark in self.model[name].meanings)
        return value not in _UNSET

    def _still_stored_as(self, field: FieldFacts, stored: Any, shown: Any, value: Any) -> bool:
        return self.means_same(field, stored, shown) and (shown is None or spelled_alike(shown, value))

    def shows(self, field: FieldFacts, shown: Any, value: Any) -> bool:
        """Whether the vendor shows this value; vendors show any blank as null."""
        if (shown is None and not value) or self.means_same(field, shown, value):
            return True
        return field.vendor_word and spelled_alike(shown, value)

    def means_same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        """Whether two values of a field mean the same, in whatever form they are."""
        old, new = self.lenient(field, old), self.lenient(field, new)
        try:
            return self.same(field, old, new)
        except (AttributeError, LookupError, TypeError, ValueError):
            return bool(old == new)  # a vendor, or an old state, may hold what has no form that we know

    def lenient(self, field: FieldFacts, value: Any) -> Any:
        """A value that a vendor or an old state holds, in canonical form where it has one."""
        if value is None:
            return None
        for form in (value, as_declared(value)) if isinstance(value, str) else (value,):
            try:
                return field.canonical(form)
            except ValueError:  # what a vendor holds need not be what we would accept
                continue
        return value

    def declared(self, props: Values) -> Values:
        """The arguments among the properties that the engine hands over, in canonical form."""
        # The engine hands over what check answered, but every number as a float.
        return self.model.validate({name: value for name, value in props.items() if name in self.model})[0]

    def _remember_secrets(self, *bags: Values) -> None:
        for bag in bags:
            _keep_out_of_messages(list(self.secrets(bag)))

    def _failure(self, failure: Failure) -> dynamic.CheckFailure:
        # Named in the text: the engine prints the whole value of a property, secret or not, in a form of its own.
        where = f"{failure.path}: " if failure.path else ""
        return dynamic.CheckFailure("", short_line(where + failure.reason))


def _keep_out_of_messages(secret: Any) -> None:
    if isinstance(secret, str):
        settings.remember_secret(secret)
    elif isinstance(secret, Mapping | list):
        for item in secret.values() if isinstance(secret, Mapping) else secret:
            _keep_out_of_messages(item)


def _as_written(declared: Values, meant: Values) -> Values:
    written = {name: value for name, value in declared.items() if value != meant.get(name)}
    return {AS_WRITTEN: written} if written else {}


__all__ = ["MANAGED", "STORED_AS", "Lifecycle", "Partly", "reported", "said_by"]
