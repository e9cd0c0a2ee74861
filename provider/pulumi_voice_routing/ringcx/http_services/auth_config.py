"""What the five kinds of external auth configurations share.

Their id is a UUID that the caller chooses, so that a create whose answer is lost is found again by it. A change is a
PATCH, and the vendor never shows a secret: whether one has changed is told by the program's own old value, which the
state keeps encrypted under the same name, and that the vendor took a new one by the time of its last update.
"""

from __future__ import annotations

import uuid
from typing import Annotated, ClassVar, Required

import pulumi
from pulumi import Input

from ...client.listings import Json
from ...client.pacing import pause
from ...errors import Exists, NotFound, Refused, UnexpectedAnswer, VoiceRoutingError
from ...lifecycle import meaning as means
from ...lifecycle.create_notes import Intent
from ...lifecycle.fields import Name, Note, Text, Wire
from ...lifecycle.member import Adoptable, At
from ...lifecycle.model import FieldFacts, Values
from .. import client_http_services as http_client
from ..member import CloudRoutingMember
from .http_service_use import named, services_with_auth

_UPDATED = "updatedTime"
_CLOCK_TICK_SECONDS = 1.0
_PATCHES = 2


class AuthConfigArgs(Adoptable, total=False):
    """What every auth configuration has."""

    name: Required[Annotated[Input[Name], Wire("providerName"), means.Label(among="auth configuration")]]
    """What administrators see; unique in the account. Vendor: ``providerName``."""
    description: Annotated[Input[Note], Wire("description")]
    """For administrators."""
    rotation_trigger: Annotated[Input[Text], means.Aside()]
    """Any text. Another one sends all secrets to the vendor again, changed or not."""


class AuthConfigProvider(CloudRoutingMember):
    """An external auth configuration. A kind adds its fields and its two calls."""

    auth_type: ClassVar[str]
    """The vendor's word for the kind."""
    id_field = http_client.AUTH_CONFIG_ID
    path = ("auth config",)

    def post_as(self, id_: str, body: Json) -> Json | None:
        """Create one with this id; it may be sent twice."""
        raise NotImplementedError

    def patch(self, id_: str, body: Json) -> None:
        """Change what the body names."""
        raise NotImplementedError

    def everything(self, at: At) -> list[Json]:
        return self.api.list_auth_configs()

    def get(self, at: At, id_: str) -> Json:
        return self.api.get_auth_config(id_)

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        users = services_with_auth(self.api, id_)
        live_users = [one for one in users if one.get("isEnabled")]
        if live_users:
            raise Refused(
                f"{self.noun} {live.get('providerName')!r} stays: active services sign in with it: "
                f"{named(live_users)}. Deactivate them or give them another one first; nothing was changed."
            )
        if users:
            pulumi.log.warn(f"{self.vendor}: inactive services still name {self._id(at, live)}: {named(users)}.")
        self.api.delete_auth_config(id_)

    # Steps that differ from other members'

    def _created(self, at: At, args: Values, intent: Intent) -> Json:
        id_ = intent.id = str(uuid.uuid4())
        intent.note()  # before the call: whatever becomes of its answer, the object is found by this id
        try:
            made = self.post_as(id_, {**self.body(args), "authType": self.auth_type})
            return made or self.get(at, id_)
        except VoiceRoutingError as error:
            try:
                return self.get(at, id_)
            except NotFound:
                intent.forget()
            except VoiceRoutingError:
                pass  # the vendor cannot be asked now: the note leads the next run to it
            raise error from None

    def _may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        if twin.get("authType") != self.auth_type:
            raise Exists(
                f"{self.vendor}: the auth config {self._id(at, twin)} is named {args['name']!r} already, and is "
                f"{twin.get('authType')}, not {self.auth_type}. Choose another name; nothing was changed."
            )
        super()._may_take_over(at, twin, args, intent)

    def _overlaid(self, at: At, live: Json, args: Values) -> Json:
        """Send what differs, what the vendor never shows, and what its contract wants to see in every change."""
        differs = set(self.changed(self.shown(at, live), args))
        body = self.body({name: args[name] for name in args if name in differs or self.model[name].required})
        if not any(self.model[name].wire for name in differs):
            return live
        for _ in range(_PATCHES):
            self.patch(self._number(live), body)
            now = self.get(at, self._number(live))
            if now.get(_UPDATED) is None or now[_UPDATED] != live.get(_UPDATED):
                return now  # not every answer has the time: then the vendor's yes has to do
            # A clock that shows whole seconds may not have moved on since the last change.
            pause(
                _CLOCK_TICK_SECONDS,
                f"{self.vendor}: waiting to see the update time of {self.noun} {args['name']!r} move",
            )
        raise UnexpectedAnswer(
            f"{self.vendor}: {self.noun} {self._id(at, live)} was changed, but its update time is still "
            f"{live.get(_UPDATED)}, so whether the vendor took it cannot be told. Run again."
        )

    def _travels(self, field: FieldFacts) -> bool:
        return super()._travels(field) or field.name == "rotation_trigger"
