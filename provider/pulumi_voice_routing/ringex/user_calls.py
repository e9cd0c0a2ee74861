"""The newer user call handling of RingEX, one method for each operation (EV-01 to EV-21).

States, state rules and interaction rules of users. One list of an extension's state rules or states serves the whole
process. Every object that a PATCH holds replaces the vendor's as a whole.

Reference: https://developers.ringcentral.com/guide/voice/call-routing
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..client.answers import an_object, objects, part, parts
from ..client.http import ApiClient, Shape, below
from ..client.listings import Json
from ..errors import DeclarationError, NotFound
from ..lifecycle.calls import Calls
from .shapes_user_calls import (
    CallFlipNumber,
    CommForwardingTarget,
    CommInteractionRule,
    CommState,
    CommStateBasedRule,
    CustomUserGreeting,
    DictionaryGreeting,
    Feature,
    RemovedTarget,
)

ID = "id"
_LENT = "work-hours"
"""The state whose rule another one may borrow from."""
GROUPS: Mapping[str, str] = {
    **{f"EV-{number:02}": "medium" for number in range(1, 22)},
    "EV-15": "light",
    "EV-20": "heavy",
}
"""The documented limit group of each operation. Reads of one rule are no lighter than others."""


class UserCalls(ApiClient):
    """The operations on users with the newer call handling."""

    # What the client adds

    @property
    def account_id(self) -> str:
        """The signed-in account."""
        raise NotImplementedError

    def has_new_call_handling(self, extension: str) -> bool:
        """Whether the extension has this call handling."""
        raise NotImplementedError

    def _pages(self, operation: str, path: str, id_field: str | None = ID, **query: Any) -> list[Any]:
        raise NotImplementedError

    # States

    def list_states(self, extension: str) -> list[CommState]:
        """EV-01 ``GET comm-handling/states``."""
        return self._of_new("EV-01", extension, self._states(extension))

    def get_state(self, extension: str, state: str) -> CommState:
        """EV-02 ``GET comm-handling/states/{stateId}``; not of ``after-hours``."""
        return self._one_of_new("EV-02", extension, below(self._states(extension), state))

    def update_state(self, extension: str, state: str, body: Json) -> CommState:
        """EV-03 ``PATCH comm-handling/states/{stateId}``. What rules there are depends on the hours of work."""
        with self._read_anew(self._state_rules(extension), self._states(extension)):
            return self._patched("EV-03", self._states(extension), state, body)

    # State rules

    def list_state_rules(self, extension: str) -> list[CommStateBasedRule]:
        """EV-04 ``GET comm-handling/voice/state-rules``, each as a whole."""
        return self._of_new("EV-04", extension, self._state_rules(extension))

    def get_state_rule(self, extension: str, state: str) -> CommStateBasedRule:
        """EV-05 ``GET comm-handling/voice/state-rules/{stateId}``."""
        return self._one_of_new("EV-05", extension, below(self._state_rules(extension), state))

    def update_state_rule(self, extension: str, state: str, body: Json) -> CommStateBasedRule:
        """EV-06 ``PATCH comm-handling/voice/state-rules/{stateId}``: the whole ``dispatching``.

        The agent's rule may borrow that of the work hours, so that the list is read anew after those.
        """
        rules = self._state_rules(extension)
        try:
            now: CommStateBasedRule = self._patched("EV-06", rules, state, body)
        except BaseException:
            self.listings.drop(rules)
            raise
        if state == _LENT:
            self.listings.drop(rules)
        return now

    # Interaction rules

    def list_interaction_rules(self, extension: str) -> list[CommInteractionRule]:
        """EV-07 ``GET comm-handling/voice/interaction-rules``; some servers leave out what happens to the call."""
        return self._of_new("EV-07", extension, self._interaction_rules(extension))

    def create_interaction_rule(self, extension: str, body: Json) -> CommInteractionRule | None:
        """EV-08 ``POST comm-handling/voice/interaction-rules``."""
        return self._create("EV-08", self._interaction_rules(extension), ID, body)

    def get_interaction_rule(self, extension: str, rule: str) -> CommInteractionRule:
        """EV-09 ``GET comm-handling/voice/interaction-rules/{ruleId}``."""
        return self._one_of_new("EV-09", extension, below(self._interaction_rules(extension), rule))

    def update_interaction_rule(self, extension: str, rule: str, body: Json) -> CommInteractionRule:
        """EV-10 ``PATCH comm-handling/voice/interaction-rules/{ruleId}``."""
        return self._patched("EV-10", self._interaction_rules(extension), rule, body)

    def delete_interaction_rule(self, extension: str, rule: str) -> None:
        """EV-11 ``DELETE comm-handling/voice/interaction-rules/{ruleId}``."""
        self._delete("EV-11", self._interaction_rules(extension), rule, ID)

    # Forwarding targets

    def list_forwarding_targets(self, extension: str, *, without_own: bool = False) -> list[CommForwardingTarget]:
        """EV-12 ``GET comm-handling/voice/forwarding-targets``: what any rule of the extension rings."""
        query = {"excludeOwnTargets": "true"} if without_own else {}
        return self._pages("EV-12", self._targets(extension), None, **query)

    def remove_forwarding_targets(self, extension: str, targets: Sequence[Json]) -> list[RemovedTarget]:
        """EV-13 ``DELETE comm-handling/voice/forwarding-targets``: out of every rule, those made by people too.

        What became of each target is in the answer, which is a success whatever that is.
        """
        path, voice = self._targets(extension), f"{self._calls(extension)}/voice"
        answer = self._written(voice, "EV-13", "DELETE", path, json={"records": list(targets)})
        self.listings.drop(voice)
        return objects(an_object(answer, self.vendor, "EV-13").get("records") or [], self.vendor, "EV-13")

    def list_device_users(self, extension: str, device: str) -> list[str]:
        """EV-14 ``GET .../forwarding-targets/devices/{deviceId}/extensions``: the extensions that ring a device."""
        path = f"{below(self._targets(extension), 'devices', device)}/extensions"
        answer: Json = self._get("EV-14", path)
        return [str(one.get(ID)) for one in parts(answer.get("referencedExtensions"))]

    # Call flip

    def list_call_flip_numbers(self, extension: str) -> list[CallFlipNumber]:
        """EV-15 ``GET call-flip-numbers``."""
        answer: Json = self._get("EV-15", f"{self._user(extension)}/call-flip-numbers")
        return objects(answer.get("records") or [], self.vendor, "EV-15")

    def replace_call_flip_numbers(self, extension: str, numbers: Sequence[Json]) -> list[CallFlipNumber]:
        """EV-16 ``PUT call-flip-numbers``: the whole list, the system's own entries as they are."""
        path = f"{self._user(extension)}/call-flip-numbers"
        answer = self.request("EV-16", "PUT", path, json={"records": list(numbers)})
        return objects(an_object(answer, self.vendor, "EV-16").get("records") or [], self.vendor, "EV-16")

    # Features and greetings

    def get_features(self, extension: str, feature: str) -> list[Feature]:
        """EV-17 ``GET .../features?featureId=``; of other extensions the vendor tells only some."""
        path = f"{self._classic(extension)}/features"
        answer = part(self.request("EV-17", "GET", path, params={"featureId": feature}))
        # Some servers leave out the list around it.
        return cast(list[Feature], parts(answer.get("records")) if "records" in answer else [answer])

    def list_standard_greetings(self, type_: str = "") -> list[DictionaryGreeting]:
        """EV-18 ``GET /dictionary/greeting``: the vendor's recordings for rules of users."""
        query = {"usageType": "UserExtensionAnsweringRule", **({"type": type_} if type_ else {})}
        return self._pages("EV-18", _DICTIONARY, **query)

    def get_standard_greeting(self, greeting: str) -> DictionaryGreeting:
        """EV-19 ``GET /dictionary/greeting/{greetingId}``."""
        return self._get("EV-19", below(_DICTIONARY, greeting), ID)

    def create_greeting(
        self, extension: str, type_: str, name: str, sound: bytes, *, put_on: Mapping[str, str] | None = None
    ) -> CustomUserGreeting:
        """EV-20 ``POST .../greeting``: a recording of the user's own. ``name`` ends in ``.mp3`` or ``.wav``.

        ``put_on`` names the rule that plays it (``stateId`` or ``interactionRuleId``). Without one it is on no rule,
        and nothing lists it: whoever loses its id cannot find it again.
        """
        with self._read_anew(*([] if put_on is None else [f"{self._calls(extension)}/voice"])):
            answer = self.request(
                "EV-20",
                "POST",
                f"{self._classic(extension)}/greeting",
                params={"apply": "false" if put_on is None else "true"},
                data={"type": type_, **(put_on or {})},
                files={"binary": (name, sound, "audio/wav" if name.lower().endswith(".wav") else "audio/mpeg")},
            )
        return self._one(answer, "EV-20", ID)

    def get_greeting(self, extension: str, greeting: str) -> CustomUserGreeting:
        """EV-21 ``GET .../greeting/{greetingId}``."""
        return self._get("EV-21", below(self._classic(extension), "greeting", greeting), ID)

    # Whether the extension has all this

    def check_new_call_handling(self, extension: str) -> None:
        """Before something is taken for gone. Raises :class:`DeclarationError`."""
        if not self.has_new_call_handling(extension):
            raise DeclarationError(
                f"ringex: extension {extension} has the vendor's older call handling still, without states and "
                "interaction rules. Declare ringex.BuiltInAnsweringRule and ringex.AnsweringRule for it until it is "
                "moved; ringex.call_handling() tells a program which one it has. Nothing was changed."
            )

    def _of_new(self, operation: str, extension: str, path: str) -> list[Any]:
        try:
            return self._pages(operation, path)
        except NotFound:
            self.check_new_call_handling(extension)
            raise

    def _one_of_new(self, operation: str, extension: str, path: str) -> Shape:  # type: ignore[type-var]
        try:
            found: Shape = self._get(operation, path, ID)
            return found
        except NotFound:
            self.check_new_call_handling(extension)
            raise

    def _patched(self, operation: str, collection: str, number: str, body: Json) -> Shape:  # type: ignore[type-var]
        """What a change is answered with; what was sent where the vendor shows no more than that it took it."""
        answer = self._written(collection, operation, "PATCH", below(collection, number), json=body)
        if isinstance(answer, dict) and answer.keys() > {ID} and self._entered(collection, ID, answer):
            return cast(Shape, answer)
        self.listings.drop(collection)
        return cast(Shape, {ID: number, **body})

    # Paths

    def _user(self, extension: str) -> str:
        return below("/restapi/v2", "accounts", self.account_id, "extensions", extension)

    def _classic(self, extension: str) -> str:
        return below("/restapi/v1.0", "account", self.account_id, "extension", extension)

    def _calls(self, extension: str) -> str:
        return f"{self._user(extension)}/comm-handling"

    def _states(self, extension: str) -> str:
        return f"{self._calls(extension)}/states"

    def _state_rules(self, extension: str) -> str:
        return f"{self._calls(extension)}/voice/state-rules"

    def _interaction_rules(self, extension: str) -> str:
        return f"{self._calls(extension)}/voice/interaction-rules"

    def _targets(self, extension: str) -> str:
        return f"{self._calls(extension)}/voice/forwarding-targets"


_DICTIONARY = "/restapi/v1.0/dictionary/greeting"

STATES = Calls(
    path=("extension", "state"),
    id_field=ID,
    list=UserCalls.list_states,
    get=UserCalls.get_state,
    update=UserCalls.update_state,
)
STATE_RULES = Calls(
    path=("extension", "state rule"),
    id_field=ID,
    list=UserCalls.list_state_rules,
    get=UserCalls.get_state_rule,
    update=UserCalls.update_state_rule,
)
INTERACTION_RULES = Calls(
    path=("extension", "interaction rule"),
    id_field=ID,
    list=UserCalls.list_interaction_rules,
    get=UserCalls.get_interaction_rule,
    create=UserCalls.create_interaction_rule,
    update=UserCalls.update_interaction_rule,
    delete=UserCalls.delete_interaction_rule,
)
