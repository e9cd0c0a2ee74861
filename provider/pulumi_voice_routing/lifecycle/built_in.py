"""An object that the vendor made and nobody can delete: it is taken over, changed, and in the end given back.

Its values before the first change stay in the state. A destroy puts them back, or leaves everything as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pulumi import Input
from typing_extensions import TypedDict

from .. import say
from ..client.listings import Json
from ..errors import Incomplete, Missing, NotFound
from ..masking import masked_data
from . import keeping, references, way_back
from . import meaning as means
from .calls import At
from .member import Member
from .model import Values, unknown
from .provider import Partly

BEFORE = "__before"
"""Output: the vendor's fields as they were before this package changed them first, as JSON text: the engine would turn
whole numbers into floats."""


class GivenBack(TypedDict, total=False):
    """Arguments of every type that is taken over and given back."""

    on_delete: Annotated[Input[Literal["restore", "forget"]], means.AtEnd(given_back=True)]
    """What a destroy does: ``restore`` puts the values back that were there before, ``forget`` leaves everything as it
    is. Default: ``restore``."""


class Fixture(Member):
    """A type of such objects. A type adds where its object is, and what is peculiar about it."""

    summaries = True

    def fixed_number(self, args: Values) -> str:
        """The vendor's fixed id of the object."""
        raise NotImplementedError

    def own_id(self, args: Mapping[str, Any]) -> str | None:
        known = all(isinstance(args.get(name), str) for name, field in self.model.items() if field.required)
        return self.fixed_number(dict(args)) if known else ""

    def why_absent(self, args: Values) -> str:
        """What to tell when the object is not there."""
        raise NotImplementedError

    def make(self, args: Values) -> tuple[str, Values]:
        at = self.at(args)
        live = self._there(at, args)
        self.taken(at, live, {**args, "adopt": True}, self.intent(at, args))
        before = {BEFORE: json.dumps(self.kept_back(live, args))}
        try:
            id_, outs = self.take_over(at, live, args, fresh=True)
        except Partly as part:
            raise Partly(part.id, {**part.outs, **before}, part.cause) from part
        return id_, {**outs, **before}

    def existing(self, args: Values) -> str | None:
        return references.join(self.account, *self.at(args), self.fixed_number(args))

    def may_be_made(self, args: Values) -> None:
        if not any(unknown(args.get(name)) for name, field in self.model.items() if field.immutable):
            args = self.meant(args)
            at = self.at(args)
            if self.find(at, self.fixed_number(args)) is None:  # a list tells of all that one owner has
                self._there(at, args)

    def _there(self, at: At, args: Values) -> Json:
        try:
            return self.get(at, self.fixed_number(args))
        except NotFound as error:
            raise Missing(f"{self.vendor}: {self.why_absent(args)} ({error})") from None

    def adoptable(self, args: Values) -> str | None:
        args = self.meant(self.declared(args))
        at = self.at(args)
        return self.described(at, self.get(at, self.fixed_number(args)), args)

    def look(self, id_: str, olds: Values) -> Values | None:
        outs = super().look(id_, olds)
        return None if outs is None else {**outs, BEFORE: olds.get(BEFORE) or "{}"}

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        *at, number = self.below(id_)
        kept = self._before(id_, olds)
        if not self.body(args).keys() <= kept.keys():
            kept = {**self.kept_back(self.get(tuple(at), number), args), **kept}
        before = {BEFORE: json.dumps(kept)}
        try:
            return {**super().change(id_, olds, args), **before}
        except Partly as part:
            raise Partly(part.id, {**part.outs, **before}, part.cause) from part

    def remove(self, id_: str, olds: Values) -> None:
        before, goes_on = self._before(id_, olds), self.goes_on_under(id_, olds)
        knows_better = bool(goes_on) and keeping.was_there_first((self.token, id_))
        if goes_on and before and olds.get("on_delete") != "forget" and not knows_better:
            kept = way_back.leave(self.token, id_, json.dumps(before))
            say.warn(
                f"{self.vendor}: {self.noun} {id_}: the values from before this stack changed it first left the state "
                f"with this copy of the resource: {masked_data(before)}. They are kept in {kept}, and a destroy on "
                "this machine gives them back"
            )
        super().remove(id_, olds)
        if not goes_on:
            way_back.forget(self.token, id_)

    def end(self, at: At, number: str, live: Json, olds: Values) -> None:
        before = self._before(self.id_of(at, live), olds)
        what = f"{self.vendor}: {self.noun} {self.id_of(at, live)}"
        if olds.get("on_delete") == "forget" or not before:
            say.info(f"{what} was left as it is: the vendor cannot delete it")
            return
        try:
            self.write(at, number, before)
        except NotFound as error:
            raise Incomplete(
                f"{error} The values that were there before name something that is gone. Let go of them with "
                'on_delete="forget".'
            ) from error
        say.info(f"{what} has the values again that it had before this stack changed them")

    def kept_back(self, live: Json, args: Values) -> Json:
        """What a destroy will write: the vendor's present fields where the program declares one."""
        return {name: live[name] for name in self.body(args) if name in live}

    def readable(self, live: Json, inside: str) -> Json:
        """The vendor's fields, with those of a form of their own as the arguments show them; ``inside`` is the
        reference of what contains the object."""
        return live

    def _before(self, id_: str, olds: Values) -> Json:
        kept: Json = json.loads(olds.get(BEFORE) or "{}")
        earlier: Json = json.loads(way_back.left(self.token, id_) or "{}")
        return {**kept, **earlier}
