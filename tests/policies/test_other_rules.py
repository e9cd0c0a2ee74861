"""Mass changes, ends of what is in use, secrets in plain text, and the types that other vendors add to older rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import (
    ANSWERING_RULE,
    BUILT_IN_RULE,
    FORWARDING_NUMBER,
    HTTP_SERVICE,
    PROFILE,
    RING_GROUP,
    UNKNOWN,
    Resource,
)
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety.rules import (
    DUPLICATES,
    E164_NUMBERS,
    IN_USE_ELSEWHERE,
    MASS_CHANGE,
    PLAIN_SECRETS,
    RULES,
    SHADOWED_RULES,
)
from pulumi_voice_routing.safety.rules.in_use import _FIXED

from .plans import (
    LINE,
    NUMBER,
    OTHER,
    approval,
    assignment,
    assignments,
    but,
    changes,
    destination,
    found,
    id_of,
    judged,
    pool,
    profile,
    record,
    renamed,
    resource,
    saved,
    service,
    tracking,
)

# mass-change


def many(count: int, **props: Any) -> list[Resource]:
    return [resource(PROFILE, f"p{n}", group_id=id_of("g"), name=f"P{n}", **props) for n in range(count)]


def numbers(*places: int) -> list[str]:
    return [f"+1303555{place:04}" for place in places]


def counts(*lines: Iterable[Resource], **more: Any) -> list[tuple[str, str, str]]:
    """What it finds, without which objects they are."""
    return [(kind, there, to.partition(" (")[0]) for kind, there, to in changes(MASS_CHANGE, *lines, **more)]


def test_mass_change_fails_if_more_than_the_share_and_at_least_ten_change() -> None:
    before = many(30)
    now = [*many(10, description="x"), *before[10:]]
    assert counts(now, before) == [("ringcx:Profile", "30", "10 changed")]
    assert counts(before[10:], before) == [("ringcx:Profile", "30", "10 changed")]
    assert counts(many(30, description=UNKNOWN), before) == [("ringcx:Profile", "30", "30 changed")]
    moved = [replace(one, props={**one.props, "group_id": "123456/1000"}) for one in before[:10]]
    assert counts([*moved, *before[10:]], before) == [("ringcx:Profile", "30", "10 changed")]


def test_mass_change_passes_if_fewer_change_or_they_are_a_small_share_or_new() -> None:
    before = many(30)
    assert found(MASS_CHANGE, [*many(9, description="x"), *before[9:]], before) == []
    assert found(MASS_CHANGE, [*many(10, description="x"), *many(40)[10:]], many(40)) == []
    assert found(MASS_CHANGE, many(30), []) == []
    assert found(MASS_CHANGE, many(30), None) == []
    assert found(MASS_CHANGE, before[20:], [saved(one, kept=True) for one in before]) == []
    aliased = [renamed(one, f"new-{one.name}", alias=True) for one in before]
    assert found(MASS_CHANGE, aliased, before) == []


def test_mass_change_takes_share_and_least_from_its_settings() -> None:
    before, now = many(30), [*many(9, description="x"), *many(30)[9:]]
    assert found(MASS_CHANGE, now, before, least=9, sharePercent=29) != []
    assert found(MASS_CHANGE, now, before, least=9, sharePercent=30) == []


def test_mass_change_counts_numbers_one_by_one_over_lists() -> None:
    before = [assignments("list", numbers(*range(20))), assignment("one", NUMBER)]
    now = [assignments("list", numbers(*range(10))), assignment("one", NUMBER)]
    assert counts(now, before) == [("numbers", "21", "10 changed")]
    elsewhere = [assignments("other", numbers(*range(20))), assignment("one", NUMBER)]
    assert found(MASS_CHANGE, elsewhere, before) == []

    records = [pool("p", *({"dnis": number} for number in numbers(*range(20))))]
    off = [pool("p", *({"dnis": number, "active": False} for number in numbers(*range(20))))]
    assert counts(off, records) == [("number records", "20", "20 changed")]
    assert found(MASS_CHANGE, [], records) == []


def test_mass_change_believes_the_engine_where_it_says_what_changes() -> None:
    before = many(30)
    assert found(MASS_CHANGE, many(30, description=UNKNOWN), before, changed=[]) == []
    assert counts(before, before, changed=[one.urn for one in before[:10]]) == [("ringcx:Profile", "30", "10 changed")]


def test_mass_change_compares_by_meaning() -> None:
    rows = [{"destination": id_of("denver"), "allocation_percent": share} for share in (1, 2)]
    before = [resource(PROFILE, f"p{n}", rows=rows, of=id_of("support"), secret=UNKNOWN) for n in range(10)]
    now = [resource(PROFILE, f"p{n}", rows=rows[::-1], of="3001", secret="x") for n in range(10)]
    assert found(MASS_CHANGE, now, before) == []
    assert found(MASS_CHANGE, [replace(one, props={"rows": rows[:1]}) for one in now], before) != []


def test_mass_change_is_approved_for_those_objects_and_for_no_others() -> None:
    before = many(30)
    ((kind, there, to),) = changes(MASS_CHANGE, before[10:], before)
    given = approval(MASS_CHANGE, kind, there, to)
    for now, permitted in ((before[10:], True), (before[11:], False), (before[:20], False)):
        (one,) = judged(MASS_CHANGE, now, before, given)
        assert (one.approval is given) is permitted
    described = [*many(10, description="x"), *before[10:]]
    assert judged(MASS_CHANGE, described, before, given)[0].approval is given


# in-use-elsewhere

CRM = service("crm", auth_config_id="key-1")
KEY = replace(resource("ringcx:ApiKeyAuth", "key", name="Key"), id="key-1")
PHONE = replace(resource(FORWARDING_NUMBER, "phone", extension_id="9", phone_number=NUMBER, type="Home"), id="9/77")
RINGS = resource(
    ANSWERING_RULE, "vip", extension_id="9", name="VIP", forward_to=[{"numbers": ["9/77"]}], called_numbers=[OTHER]
)
FRONT = resource(RING_GROUP, "front", name="Front", extension_number="8000", members=[{"extension_number": "1"}])
BACK = resource(
    RING_GROUP,
    "back",
    name="Back",
    extension_number="8001",
    members=[{"extension_number": "2"}],
    no_answer={"action": "FORWARD_TO_NUMBER", "number": "8000"},
)
CALLS_CRM = profile("support", call_start_service="id-of-crm")


@pytest.mark.parametrize(
    ("user", "used", "change"),
    [
        (CALLS_CRM, CRM, ("http service id-of-crm", "used by profile 3001", "ended")),
        (CRM, KEY, ("api key auth key-1", "used by http service id-of-crm", "ended")),
        (RINGS, PHONE, ("forwarding number 77", "used by answering rule id-of-vip", "ended")),
        (
            replace(RINGS, type=BUILT_IN_RULE, urn=RINGS.urn + "2"),
            PHONE,
            ("forwarding number 77", "used by built in answering rule id-of-vip", "ended"),
        ),
        (BACK, FRONT, ("ring group id-of-front", "used by ring group id-of-back", "ended")),
    ],
    ids=lambda one: one.type if isinstance(one, Resource) else "",
)
def test_in_use_elsewhere_fails_while_something_names_what_leaves(
    user: Resource, used: Resource, change: tuple[str, str, str]
) -> None:
    assert changes(IN_USE_ELSEWHERE, [user], [user, used]) == [change]
    assert found(IN_USE_ELSEWHERE, [user, used], [user, used]) == []
    assert found(IN_USE_ELSEWHERE, [], [user, used]) == []
    assert (
        found(IN_USE_ELSEWHERE, [user], [user, saved(used, kept=True) if used.id is None else replace(used, kept=True)])
        == []
    )


@pytest.mark.parametrize(
    ("user", "used", "field", "values"),
    [
        (CALLS_CRM, CRM, "group_id", ("123456/101", UNKNOWN)),
        (CALLS_CRM, CRM, "kind", ("SOAP", UNKNOWN)),
        (RINGS, PHONE, "type", ("Mobile", UNKNOWN)),
        (RINGS, PHONE, "extension_id", ("10",)),
        (BACK, FRONT, "extension_number", ("8100", UNKNOWN)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_in_use_elsewhere_fails_while_something_names_what_becomes_another(
    user: Resource, used: Resource, field: str, values: tuple[Any, ...]
) -> None:
    for value in values:
        now = replace(used, id=None, props={**used.props, field: value})
        (message,) = found(IN_USE_ELSEWHERE, [user, now], [user, used])
        assert "is replaced, and" in message
    same = replace(used, id=None, props={**used.props, "name": "New", "extension_id": "~"})
    assert found(IN_USE_ELSEWHERE, [user, same], [user, used]) == []


def test_in_use_elsewhere_passes_if_the_user_goes_along() -> None:
    group = resource("ringcx:HttpServiceGroup", "g", name="G")
    moved = replace(CRM, props={**CRM.props, "group_id": UNKNOWN}, behind={"group_id": frozenset({group.urn})})
    follows = profile("support", call_start_service=UNKNOWN)
    assert found(IN_USE_ELSEWHERE, [group, moved, follows], [CRM, CALLS_CRM]) == []
    there = replace(group, id="123456/100")
    assert found(IN_USE_ELSEWHERE, [there, moved, CALLS_CRM], [there, CRM, CALLS_CRM]) == []


def test_the_fields_that_make_another_object_are_those_of_the_types() -> None:
    parents = {HTTP_SERVICE: {"group_id"}}
    for type_, fields in _FIXED.items():
        model = provider_for(type_).model
        fixed = {name for name, field in model.items() if field.immutable}
        assert {*fields, *parents.get(type_, ())} == fixed


def test_in_use_elsewhere_fails_if_the_state_alone_names_it() -> None:
    silent = profile("support")
    assert found(IN_USE_ELSEWHERE, [silent], [CALLS_CRM, CRM]) != []
    assert found(IN_USE_ELSEWHERE, [profile("support", call_start_service="")], [CALLS_CRM, CRM]) == []
    assert found(IN_USE_ELSEWHERE, [profile("support", call_start_service="other")], [CALLS_CRM, CRM]) == []
    assert found(IN_USE_ELSEWHERE, [profile("support", call_start_service=UNKNOWN)], [CALLS_CRM, CRM]) == []


def test_in_use_elsewhere_fails_closed_if_the_state_cannot_be_read() -> None:
    assert "cannot be read" in found(IN_USE_ELSEWHERE, [CRM], None, unreadable="locked")[0]
    assert found(IN_USE_ELSEWHERE, [CRM], None) == []


# shadowed-answering-rules


def answering(extension: str, name: str, **props: Any) -> Resource:
    given = {"extension_id": f"1/{extension}", "name": name, "callers": [{"caller_id": OTHER}], **props}
    return resource(ANSWERING_RULE, f"{name}-{extension}", **given)


def test_shadowed_rules_are_approved_for_their_extension_only() -> None:
    rules = [answering(extension, name) for extension in ("100", "911") for name in ("Owner", "VIP")]
    given = approval(
        SHADOWED_RULES, "answering rules 'Owner' and 'VIP' of extension 100", "different calls", "the same calls"
    )
    permitted = {one.change.object[-3:]: one.approval is given for one in judged(SHADOWED_RULES, rules, [], given)}
    assert permitted == {"100": True, "911": False}


def weekly(*hours: str, days: Iterable[str] = ("monday", "tuesday")) -> dict[str, Any]:
    rows = [dict(zip(("from", "to"), one.split("-"), strict=True)) for one in hours]
    return {"weekly": dict.fromkeys(days, rows)}


def period(begin: str, end: str) -> dict[str, Any]:
    return {"ranges": [{"from": begin, "to": end}]}


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (weekly("09:00-17:00"), weekly("09:00-17:00", days=("tuesday", "monday")), True),
        (weekly("09:00-17:00"), weekly("16:59-18:00", days=("tuesday",)), True),
        (weekly("20:00-24:00"), weekly("08:00-09:00", "23:00-24:00"), True),
        (weekly("09:00-17:00"), weekly("17:00-18:00"), False),
        (weekly("09:00-17:00"), weekly("09:00-17:00", days=("friday",)), False),
        (weekly("09:00-17:00"), {"ref": "BusinessHours"}, False),
        (weekly("09:00-17:00"), period("2030-12-24T00:00", "2030-12-25T00:00"), False),
        (period("2030-12-24T00:00", "2030-12-26T00:00"), period("2030-12-25T12:00", "2030-12-27T00:00"), True),
        (period("2030-12-24T00:00Z", "2030-12-25T00:00Z"), period("2030-12-25T00:30+01:00", "2030-12-26T00:00Z"), True),
        (period("2030-12-24T00:00", "2030-12-25T00:00"), period("2030-12-25T00:00", "2030-12-26T00:00"), False),
        (period("2030-12-24T00:00", "2030-12-25T00:00"), period("2030-12-24T00:00Z", "2030-12-25T00:00Z"), False),
        ({"ref": "BusinessHours"}, {"ref": "AfterHours"}, False),
        (None, weekly("09:00-17:00"), True),
        (weekly("09:00-17:00"), {"weekly": {"monday": [1]}}, False),
    ],
)
def test_shadowed_rules_are_those_whose_hours_certainly_meet(one: Any, other: Any, meet: bool) -> None:
    for first, second in ((one, other), (other, one)):
        rules = [answering("100", "Owner", schedule=first), answering("100", "VIP", schedule=second)]
        assert (found(SHADOWED_RULES, rules) != []) is meet
        apart = [rules[0], answering("100", "VIP", schedule=second, callers=[{"caller_id": NUMBER}])]
        assert found(SHADOWED_RULES, apart) == []


# plain-secrets

SECRET = "Zx81kqPw94"


@pytest.mark.parametrize(
    ("props", "field"),
    [
        ({"url": f"https://me:{SECRET}@example.com/x"}, "url"),
        ({"url": f"https://example.com/x?api_key={SECRET}"}, "url"),
        ({"soap_endpoint": f"https://example.com/x?access_token={SECRET}"}, "soap_endpoint"),
        ({"headers": [{"name": "Authorization", "value": f"Bearer {SECRET}"}]}, "headers"),
        ({"headers": [{"name": "X-Api-Key", "value": SECRET}]}, "headers"),
        ({"form_data": [{"name": "password", "value": SECRET}]}, "form_data"),
        ({"json_body": f'{{"clientSecret": "{SECRET}"}}'}, "json_body"),
        ({"description": f"password: {SECRET}"}, "description"),
        ({"description": f"AKIA{'ABCDEFGH' * 2}"}, "description"),
        ({"text_body": f"Bearer {SECRET}{SECRET}"}, "text_body"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_plain_secrets_fails_and_does_not_repeat_them(props: dict[str, Any], field: str) -> None:
    one = service("crm", **props)
    ((object_, from_, to),) = changes(PLAIN_SECRETS, [one], [])
    assert (object_, from_, to) == ("http service 'crm'", "no secret", f"a secret in {field}")
    (message,) = found(PLAIN_SECRETS, [one], [])
    assert message.startswith(f"{field} of 'crm' ")
    assert SECRET not in message
    assert "AKIAAB" not in message


@pytest.mark.parametrize(
    "props",
    [
        {"url": "https://example.com/tokens?key=denver&sort=name"},
        {"url": "https://example.com/x?token=${token}"},
        {"url": "https://me@example.com/"},
        {"url": UNKNOWN, "headers": UNKNOWN, "description": UNKNOWN},
        {"headers": [{"name": "Authorization", "value": "{{auth}}"}, {"name": "Accept", "value": "text/plain"}]},
        {"headers": [{"name": "X-Keyboard", "value": "qwerty-12345"}]},
        {"headers": [{"name": "Authorization", "value": UNKNOWN}]},
        {"headers": "[secret]"},
        {"json_body": '{"caller": "${ani}", "password": "${password}"}'},
        {"description": "Asks for the password before it goes on; the token is in the auth configuration"},
        {"api_key": SECRET, "password": SECRET, "http_password": SECRET},
    ],
    ids=str,
)
def test_plain_secrets_passes_what_is_none(props: dict[str, Any]) -> None:
    assert found(PLAIN_SECRETS, [service("crm", **props)], []) == []


def test_plain_secrets_passes_what_the_state_keeps_encrypted() -> None:
    now = service("crm", headers=[{"name": "X-Api-Key", "value": SECRET}])
    assert found(PLAIN_SECRETS, [now], [service("crm", headers=UNKNOWN)]) == []
    assert found(PLAIN_SECRETS, [now], [service("crm", headers=[])]) != []


# e164


@pytest.mark.parametrize(
    ("one", "path"),
    [
        (record("it", "303-555-1234"), "dnis"),
        (assignment("it", "303-555-1234"), "dnis"),
        (tracking("it", "303-555-1234"), "dnis"),
        (assignments("it", [NUMBER, "303-555-1234"]), "numbers[1]"),
        (pool("it", {"dnis": "303-555-1234"}), "numbers[0].dnis"),
        (resource(FORWARDING_NUMBER, "it", phone_number="303-555-1234"), "phone_number"),
        (resource(ANSWERING_RULE, "it", callers=[{"caller_id": "303-555-1234"}]), "callers[0].caller_id"),
        (resource(ANSWERING_RULE, "it", called_numbers=["303-555-1234"]), "called_numbers[0]"),
        (resource(RING_GROUP, "it", no_answer={"number": "+303-555-1234"}), "no_answer.number"),
    ],
    ids=lambda one: one.type if isinstance(one, Resource) else one,
)
def test_e164_fails_for_every_field_that_holds_a_number(one: Resource, path: str) -> None:
    (message,) = found(E164_NUMBERS, [one])
    assert message.startswith(f"{path} of 'it' is ")


def test_e164_passes_internal_numbers_extensions_and_what_is_not_known() -> None:
    for one in (
        record("it", "1234", internal=True),
        assignments("it", ["1234"], internal=True),
        assignment("it", "1234", internal=UNKNOWN),
        assignments("it", UNKNOWN),
        pool("it", {"dnis": UNKNOWN}),
        resource(RING_GROUP, "it", no_answer={"number": "8001"}),
        resource(RING_GROUP, "it", no_answer=UNKNOWN),
        resource(ANSWERING_RULE, "it", callers=UNKNOWN, called_numbers=UNKNOWN),
    ):
        assert found(E164_NUMBERS, [one]) == []


# duplicates

EXT = {"extension_id": "9"}


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (assignment("a", NUMBER), assignments("b", [OTHER, NUMBER]), f"the owner of {NUMBER}"),
        (assignment("a", NUMBER), tracking("b", NUMBER), f"the owner of {NUMBER}"),
        (record("a", NUMBER), pool("b", {"dnis": NUMBER}), f"the record of {NUMBER}"),
        (record("a", NUMBER), pool("b", file=f"dnis\n{NUMBER[1:]}\n"), f"the record of {NUMBER}"),
        (service("crm"), renamed(service("crm"), "again"), "http service 'CRM'"),
        (KEY, renamed(replace(KEY, type="ringcx:BasicAuth"), "again"), "auth configuration 'Key'"),
        (RINGS, renamed(RINGS, "again"), "answering rule 'VIP' of extension 9"),
        (
            resource(BUILT_IN_RULE, "a", rule="business-hours", **EXT),
            resource(BUILT_IN_RULE, "b", rule="business-hours", **EXT),
            "the rule business-hours of extension 9",
        ),
        (PHONE, renamed(PHONE, "again"), f"forwarding number {NUMBER} of extension 9"),
        (FRONT, renamed(FRONT, "again"), "ring group 8000"),
    ],
    ids=lambda one: one.type if isinstance(one, Resource) else "",
)
def test_duplicates_fails_for_each_type(one: Resource, other: Resource, what: str) -> None:
    (message,) = found(DUPLICATES, [one, other])
    assert message.startswith(f"{what} is declared by ")


def test_duplicates_passes_a_record_beside_its_owner_and_others_that_differ() -> None:
    assert found(DUPLICATES, [record("a", NUMBER), assignment("b", NUMBER), assignment("c", OTHER)]) == []
    assert found(DUPLICATES, [RINGS, renamed(RINGS, "again", extension_id="10")]) == []
    assert found(DUPLICATES, [FRONT, BACK, PHONE, renamed(PHONE, "again", phone_number=UNKNOWN)]) == []
    assert found(DUPLICATES, [assignment("a", UNKNOWN), assignment("b", UNKNOWN)]) == []


# Lists that are not known yet


def test_no_rule_trips_over_a_list_that_is_not_known() -> None:
    gone = [replace(PHONE, id="9/78", name="gone", urn=f"{PHONE.urn}-gone"), KEY, CRM, FRONT]
    for one in (
        RINGS,
        replace(RINGS, type=BUILT_IN_RULE),
        BACK,
        assignments("list", [OTHER]),
        pool("p", {"dnis": OTHER}),
    ):
        for name, value in one.props.items():
            rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            for instead in [UNKNOWN, [UNKNOWN], *([{**row, key: UNKNOWN}] for row in rows for key in row)]:
                for rule in RULES:
                    found(rule, [replace(one, props={**one.props, name: instead})], [one, *gone], critical=[OTHER])


# All rules


def everything() -> Iterable[Resource]:
    yield from but(LINE, destination("reno", active=True))
    yield from (CRM, KEY, PHONE, RINGS, FRONT, BACK, record("r", NUMBER), pool("p", {"dnis": OTHER}))
    yield from (assignment("a", NUMBER), assignments("list", [OTHER]), tracking("t", "+13035550111"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_finding_says_what_an_approval_has_to_name(rule) -> None:
    """Whatever a rule finds after everything has been turned upside down."""
    there = list(everything())
    now = [renamed(one, f"{one.name}-2", target="1", profile=UNKNOWN, url="https://a:b1234567@c.de") for one in there]
    for declared in (now, there[1:], [*there, *now]):
        for one in judged(rule, declared, there):
            assert one.change.object
            assert one.change.from_
            assert one.change.to
            assert "\n" not in "".join((one.violation.message, one.change.object, one.change.from_, one.change.to))
            given = approval(rule, one.change.object, one.change.from_, one.change.to)
            assert (
                any(it.approval is given for it in judged(rule, declared, there, given)) or "not known" in one.missing
            )
