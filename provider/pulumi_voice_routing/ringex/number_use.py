"""Which forwarding numbers an extension can have, and which have to stay."""

from __future__ import annotations

from collections.abc import Iterable

from ..client.listings import Json
from ..errors import Refused
from ..lifecycle.calls import At
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..python_text import quoted
from ..telephony.number import same_number
from ..telephony.outside_numbers import allowed_countries, why_number_not_allowed
from .member import ExtensionMember
from .rule_facts import why_number_used, why_numbers_full
from .rule_form import rule_facts


class ForwardingPhone(ExtensionMember):
    """A telephone of an extension."""

    def always_there(self, id_: str) -> str:
        *at, number = self.below(id_)
        live = self.find(tuple(at), number) or {}
        labels = [one.get("label") for one in self.everything(tuple(at))]
        if not live.get("device") or labels.count(live.get("label")) != 1:
            return ""
        return f"ringex.get_forwarding_number({{extension_id}}, label={quoted(live['label'])})"

    def no_object(self, outs: Values) -> str:
        try:
            self.model["type"].canonical(outs.get("type"))
        except ValueError:
            return f"a {outs.get('type')} is the vendor's own"
        return ""

    def problems(self, args: Values) -> Iterable[Failure]:
        type_ = args.get("type")
        if type_ is None or unknown(type_):
            return
        if type_ == "Other" and "label" not in args:
            yield Failure("", "label is missing: numbers of type Other are told apart by it")
        if type_ != "Other" and "label" in args:
            yield Failure("label", f"the vendor names numbers of type {type_} itself; leave it out")

    def same(self, field: FieldFacts, old: object, new: object) -> bool:
        if field.name == "phone_number" and isinstance(old, str) and isinstance(new, str):
            return same_number(old, new)
        return super().same(field, old, new)

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        changed = [name for name in self.changed(self.shown(at, live), args) if name != "type"]
        body = self.body({name: args[name] for name in changed})
        if "flipNumber" in body:
            body["flipNumber"] = str(body["flipNumber"])  # a number when it is made, and a text ever after
        return body

    def may_be_created(self, at: At, args: Values) -> None:
        self.may_create(at, self.new_body(args))

    def may_create(self, at: At, body: Json) -> None:
        self._refuse(why_number_not_allowed(body["phoneNumber"], allowed_countries()))
        self._refuse(why_numbers_full(body["type"], [str(one.get("type")) for one in self.everything(at)]))

    def may_write(self, at: At, number: str, body: Json) -> None:
        if "phoneNumber" in body:
            self._refuse(why_number_not_allowed(body["phoneNumber"], allowed_countries()))

    def may_end(self, at: At, live: Json, olds: Values) -> None:
        rules = [rule_facts(one) for one in self.api.whole_rules(at[0])]
        self._refuse(why_number_used(str(live.get("phoneNumber")), self.number(live), rules))

    def _refuse(self, why: Iterable[str]) -> None:
        said = "; ".join(why)
        if said:
            raise Refused(f"{self.vendor}: {said}; nothing was changed.")
