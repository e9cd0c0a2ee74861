"""What the five kinds of external auth configurations share.

Their id is a UUID that the caller chooses, so that a create whose answer is lost is found again by it. A change is a
PATCH, and the vendor never shows a secret: whether one has changed is told by the program's own old value, which the
state keeps encrypted under the same name, and that the vendor took a new one by the time of its last update.
"""

from __future__ import annotations

from typing import Annotated, Required

from pulumi import Input

from ... import say
from ...client.listings import Json
from ...client.pacing import pause
from ...errors import Exists, Refused, UnexpectedAnswer
from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.calls import At
from ...lifecycle.create_notes import Intent
from ...lifecycle.fields import Name, Note, Text, Wire
from ...lifecycle.model import FieldFacts, Values
from .. import client_http_services as http_client
from ..account import RingCXMember
from .http_service_use import named, services_with_auth

_UPDATED = "updatedTime"
_CLOCK_TICK_SECONDS = 1.0
_PATCHES = 2


class AuthConfigArgs(Adoptable, total=False):
    """What every auth configuration has."""

    name: Required[Annotated[Input[Name], Wire("providerName"), means.Label("auth configuration")]]
    """What administrators see; unique in the account. Vendor: ``providerName``."""
    description: Annotated[Input[Note], Wire("description")]
    """For administrators."""
    rotation_trigger: Annotated[Input[Text], means.Aside()]
    """Any text. A new text sends all secrets to the vendor again, changed or not."""


class AuthConfigProvider(RingCXMember):
    """An external auth configuration. A kind adds its fields and its calls."""

    def may_end(self, at: At, live: Json, olds: Values) -> None:
        users = services_with_auth(self.api, self.number(live))
        live_users = [one for one in users if one.get("isEnabled")]
        if live_users:
            raise Refused(
                f"{self.noun} {live.get('providerName')!r} stays: active services sign in with it: "
                f"{named(live_users)}. Deactivate them or give them another one first; nothing was changed."
            )
        if users:
            say.warn(f"{self.vendor}: inactive services still name {self.id_of(at, live)}: {named(users)}.")

    def may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        kind = self.calls.starts_with[http_client.AUTH_TYPE]
        if twin.get(http_client.AUTH_TYPE) != kind:
            raise Exists(
                f"{self.vendor}: the auth config {self.id_of(at, twin)} is named {args['name']!r} already, and is "
                f"{twin.get(http_client.AUTH_TYPE)}, not {kind}. Choose another name; nothing was changed."
            )
        super().may_take_over(at, twin, args, intent)

    def overlaid(self, at: At, live: Json, args: Values) -> Json:
        """Send what differs, what the vendor never shows, and what its contract wants to see in every change."""
        differs = set(self.changed(self.shown(at, live), args))
        body = self.body({name: args[name] for name in args if name in differs or self.model[name].required})
        if not any(self.model[name].wire for name in differs):
            return live
        for _ in range(_PATCHES):
            self.write(at, self.number(live), body)
            now = self.get(at, self.number(live))
            if not now.get(_UPDATED) or now[_UPDATED] != live.get(_UPDATED):
                return now  # not every answer has the time: then the vendor's yes has to do
            # A clock that shows whole seconds may not have moved on since the last change.
            pause(
                _CLOCK_TICK_SECONDS,
                f"{self.vendor}: waiting to see the update time of {self.noun} {args['name']!r} move",
            )
        raise UnexpectedAnswer(
            f"{self.vendor}: {self.noun} {self.id_of(at, live)} was changed, but its update time is still "
            f"{live.get(_UPDATED)}, so whether the vendor took it cannot be told. Run again."
        )

    def is_sent(self, field: FieldFacts) -> bool:
        return super().is_sent(field) or field.name == "rotation_trigger"
