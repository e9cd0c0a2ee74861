"""Faults on demand: `POST /_emulator/faults`.

The body is one JSON object; all members are optional.

    {"clear": true,                              first drop all rules and put all switches back to their start values
     "rules": [RULE, ...],                       rules to add
     "switches": {"rate_limits": false, ...}}    switches to set

A rule says which requests it hits, what happens to them and how often:

    {"match": {"operation": "CR-04", "method": "POST", "path_contains": "/clone"},    all optional; null matches all
     "fault": "status", "code": 503,
     "times": 1,                                 how many requests it hits (default 1)
     "after": 0}                                 how many matching requests it lets pass first (default 0)

The first rule that matches a request and is not used up decides. Faults, and the members they read:

    lost_answer     the call takes effect, then the connection is closed without an answer
    reset           the connection is reset before the call is looked at
    status          `code`, optional `body` (JSON or text), `headers`: this answer, and the call does not take effect
    html            `code` (default 502): an HTML error page, and the call does not take effect
    unauthorized    401 as for an expired token, and the call does not take effect
    rate_limit      429, optional `retry_after` (seconds or a date, as it stands), and the call does not take effect
    delay_seconds   `seconds`: the call takes effect, the answer comes that much later
    truncate        the call takes effect, the connection is closed in the middle of the answer's body
    created_201     the call takes effect; an answer of 200 becomes 201
    flip_is_active  the update takes effect and turns `isActive` over
    not_applied     the call is answered as if it took effect, and does not
    control         `control`, `body`: a control call of a vendor, such as `ringex/move`, happens before the call

Switches: `rate_limits` (boolean), `retry_after` (boolean: RingCX answers 429 with Retry-After), `latency_seconds`
(every answer comes that much later), `put` ("replace" or "merge": what happens to fields that an update omits),
`token_lifetime_seconds` (of RingCX access tokens given out from now on), `portsip_version` ("22.1" or "22.2"),
`portsip_token_seconds` (of PortSIP access tokens), `ringex_features` (how the features call tells the call handling of
an extension: "told", "unwrapped", "no_parameter", "absent" or, for other extensions than the signed-in one alone,
"foreign_absent"), `queue_rules_blocked` (rules of call queues are refused as those of moved users),
`interaction_rules_by_reference` (lists of interaction rules leave the dispatching out), `daily_for_equal_days` (seven
days with equal hours come back as one), `created_status` (200 or 201: what RingCX answers a create with),
`plus_in_targets` ("kept" or "stripped": what becomes of the plus sign of a RingCX target), `put_sets_active` (an update
of a whole RingCX object changes its active flag as well), `search_form` ("records", "content" or "array": what a search
of numbers is wrapped in), `lists_late_seconds` (lists show what was made that much later).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .routing import Switches
from .schema import Check, flag, flags, many, real, text, thing, whole

FAULTS = (
    "lost_answer",
    "reset",
    "status",
    "html",
    "unauthorized",
    "rate_limit",
    "delay_seconds",
    "truncate",
    "created_201",
    "flip_is_active",
    "not_applied",
    "control",
)

_MATCH = ("operation", "method", "path_contains")
_ANYTHING = ("body", "retry_after")
_RULE = (
    thing("match"),
    text("fault", required=True, enum=FAULTS),
    text("control"),
    whole("code", minimum=100, maximum=599),
    thing("headers"),
    real("seconds", minimum=0),
    whole("times", minimum=1),
    whole("after", minimum=0),
)
_SWITCHES = (
    flag("rate_limits"),
    flag("retry_after"),
    real("latency_seconds", minimum=0),
    text("put", enum=("replace", "merge")),
    real("token_lifetime_seconds", minimum=0),
    text("portsip_version", enum=("22.1", "22.2")),
    real("portsip_token_seconds", minimum=1),
    text("ringex_features", enum=("told", "unwrapped", "no_parameter", "absent", "foreign_absent")),
    *flags("queue_rules_blocked", "interaction_rules_by_reference", "daily_for_equal_days", "put_sets_active"),
    whole("created_status", minimum=200, maximum=201),
    text("plus_in_targets", enum=("kept", "stripped")),
    text("search_form", enum=("records", "content", "array")),
    real("lists_late_seconds", minimum=0),
)
_BODY = (flag("clear"), many("rules"), thing("switches"))


@dataclass
class Rule:
    """One fault in force. `seen` counts matching requests, `hits` those that the fault happened to."""

    fault: str
    match: dict[str, str | None] = field(default_factory=dict)
    control: str = ""
    code: int = 502
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    retry_after: str | int | None = None
    times: int = 1
    after: int = 0
    seen: int = 0
    hits: int = 0

    def matches(self, operation: str | None, method: str, path: str) -> bool:
        return (
            self.match.get("operation") in (None, operation)
            and self.match.get("method") in (None, method)
            and (self.match.get("path_contains") or "") in path
        )

    def hits_next(self) -> bool:
        """Counts one matching request; says whether the fault happens to it."""
        if self.hits >= self.times:
            return False
        self.seen += 1
        if self.seen <= self.after:
            return False
        self.hits += 1
        return True


class Faults:
    """The rules in force, and the switches."""

    def __init__(self, switches: Switches, controls: Collection[str]) -> None:
        self.switches = switches
        self._controls = controls
        self._start = asdict(switches)
        self.rules: list[Rule] = []

    def stay(self) -> None:
        """The switches as they are now are those that `clear` goes back to."""
        self._start = asdict(self.switches)

    def next(self, operation: str | None, method: str, path: str) -> Rule | None:
        """The fault that happens to this request, if any."""
        for rule in self.rules:
            if rule.matches(operation, method, path) and rule.hits_next():
                return rule
        return None

    def change(self, body: Any) -> None:
        """Applies one body of `POST /_emulator/faults`, or refuses it as a whole."""
        check = Check()
        accepted = check.object(_BODY, body, needs="create")
        check.done()
        switches = check.object(_SWITCHES, accepted.get("switches", {}), needs="create", where="switches")
        rules = [self._rule(check, rule, f"rules[{n}]") for n, rule in enumerate(accepted.get("rules", []))]
        check.done()
        if accepted.get("clear"):
            self.rules = []
            self._set(self._start)
        self.rules += [Rule(**rule) for rule in rules]
        self._set(switches)

    def shown(self) -> dict[str, Any]:
        """The faults in force, as the control call answers them."""
        return {"rules": [asdict(rule) for rule in self.rules], "switches": asdict(self.switches)}

    def _set(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(self.switches, name, value)

    def _rule(self, check: Check, sent: Any, where: str) -> dict[str, Any]:
        if not isinstance(sent, dict):
            check.refuse(where, "must be an object", sent)
            return {}
        strict = {name: value for name, value in sent.items() if name not in _ANYTHING}
        rule = check.object(_RULE, strict, needs="create", where=where)
        rule |= {name: sent[name] for name in _ANYTHING if name in sent}
        for name, value in (rule.get("match") or {}).items():
            if name not in _MATCH or not isinstance(value, str | None):
                check.refuse(f"{where}.match.{name}", f"must be one of {', '.join(_MATCH)}, as a string or null", value)
        if rule.get("fault") == "status" and "code" not in rule:
            check.refuse(f"{where}.code", "is required")
        if rule.get("fault") == "control" and rule.get("control") not in self._controls:
            check.refuse(f"{where}.control", f"must be one of {', '.join(self._controls)}", rule.get("control"))
        if rule.get("fault") == "delay_seconds" and "seconds" not in rule:
            check.refuse(f"{where}.seconds", "is required")
        return rule
