"""Objects that are declared twice, that others need, that are replaced or renamed, and secrets in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource, noun_of
from pulumi_voice_routing.safety.rules import (
    DUPLICATES,
    RELEASE_ACTIVE_DNIS,
    REPLACING_LIVE_OBJECTS,
    UNPROTECTED_NUMBER,
)
from tests.rules.every_type import TYPES, of_type
from tests.rules.plans import (
    DENVER,
    GROUP_,
    LINE,
    NUMBER,
    OTHER,
    SUPPORT,
    activation,
    assignment,
    assignments,
    but,
    first_line,
    id_of,
    override,
    overrides,
    pool,
    profile,
    record,
    renamed,
    resource,
    saved,
    service,
    tracking,
)
from tests.rules.used import BACK, CALLS_CRM, CRM, FRONT, KEY, PHONE, RINGS
from tests.tokens import BUILT_IN_RULE, DESTINATION

from .numbers import case
from .saying import Case

__all__ = ["IN_USE", "SECRETS", "TWICE", "TYPES", "said_of_type"]


def said_of_type(token: str) -> str:
    """What the rules on objects say of a type by itself: declared twice, replaced, renamed and ended."""
    return "\n".join(_of_type(token))


def _of_type(token: str) -> Iterator[str]:
    one, again = of_type(token), replace(of_type(token, "again"), id=None)
    for what, before, after, replaced in (
        ("twice", [], [one, again], ()),
        ("replaced", [one], [one], [one.urn]),
        ("renamed", [one], [again], ()),
        ("ends", [one], [], ()),
    ):
        facts = Facts(after, Before(before), preview=True, replaced=replaced)
        for rule in (DUPLICATES, REPLACING_LIVE_OBJECTS, RELEASE_ACTIVE_DNIS, UNPROTECTED_NUMBER):
            for found in rule.judge(facts, {}):
                told = ", told only" if found.advice else ""
                message = found.message.replace(found.object, "{object}").replace(noun_of(token), "{noun}")
                yield f"{what}: {rule.name}{told}: {found.object}: {found.from_} -> {found.to} | {message}"


def _two(what: str, *declared: Resource, before: tuple[Resource, ...] = ()) -> Case:
    return case(what, [*LINE, *before], but(LINE, *declared))


FIRST = first_line()
WEST = resource(GROUP_.type, "west", name="West")
VIP = override("vip", id_of("denver"), NUMBER)

TWICE = [
    _two("a destination", renamed(DENVER, "again")),
    _two("a destination three times", renamed(DENVER, "again"), renamed(DENVER, "too")),
    case("a destination that is still to be made", [], [*FIRST, renamed(FIRST[1], "again")]),
    _two("two of one name that the vendor has", renamed(DENVER, "again", adopt_id="123456/1001/2009")),
    _two("one that takes over the other", renamed(DENVER, "again", adopt_id=id_of("denver"))),
    _two("a number that is given as a name", renamed(DENVER, "again", name=5), renamed(DENVER, "more", name=5)),
    _two("a name in another group", WEST, renamed(DENVER, "again", group_id="123456/1000")),
    _two("two overrides", VIP, overrides("all", id_of("denver"), OTHER, NUMBER)),
    _two("one override twice in a list", overrides("twice", id_of("denver"), NUMBER, NUMBER)),
    _two(
        "two whole lists",
        overrides("all", id_of("denver"), OTHER, replace_all=True),
        overrides("rest", id_of("denver"), NUMBER, replace_all=True),
    ),
    _two("an override beside a whole list", VIP, overrides("all", id_of("denver"), OTHER, replace_all=True)),
    _two(
        "an override beside a list that may be whole",
        VIP,
        overrides("all", id_of("denver"), OTHER, replace_all=UNKNOWN),
    ),
    _two("two activations", activation("too", "support", "denver")),
    _two("an activation with one target twice", activation("too", "sales", "sales"), profile("sales")),
    _two("owners of a number", assignment("a", NUMBER), assignments("b", [OTHER, NUMBER]), tracking("c", NUMBER)),
    _two("records of a number", record("a", NUMBER), pool("b", {"dnis": NUMBER}, {"dnis": NUMBER})),
    _two("records in a file", record("a", NUMBER), pool("b", file=f"dnis\n{NUMBER[1:]}\n")),
    _two("services", CRM, renamed(service("crm"), "again", auth_config_id="key-1")),
    _two("auth configurations", KEY, renamed(replace(KEY, type="ringcx:BasicAuth", id=None), "again")),
    _two("answering rules", RINGS, PHONE, renamed(RINGS, "again"), renamed(PHONE, "second")),
    _two(
        "built-in rules of extensions as ids and as numbers",
        resource(BUILT_IN_RULE, "a", rule="business-hours", extension_id="1/9"),
        resource(BUILT_IN_RULE, "b", rule="business-hours", extension_id="9"),
    ),
    _two("ring groups", FRONT, renamed(FRONT, "again")),
    _two(
        "what cannot be told",
        renamed(DENVER, "a", group_id=UNKNOWN),
        renamed(DENVER, "b", group_id=UNKNOWN),
        assignment("c", UNKNOWN),
    ),
]

INPUTS = resource("ringcx:HttpServiceInputs", "inputs", service="id-of-crm")
_SUPPORT = replace(CALLS_CRM, id=id_of("support"))


def _needs(what: str, before: list[Resource], after: list[Resource], **more: Any) -> Case:
    return case(what, before, after, **more)


UNUSED = {"action": "FORWARD_TO_VOICEMAIL", "number": "8000"}

IN_USE = [
    _needs("a service leaves that a profile calls", [CALLS_CRM, CRM], [CALLS_CRM]),
    _needs(
        "a service leaves that two profiles call",
        [CALLS_CRM, profile("sales", call_end_service="id-of-crm"), CRM],
        [CALLS_CRM, profile("sales", call_end_service="id-of-crm")],
    ),
    _needs("a profile does not say any more which service it calls", [CALLS_CRM, CRM], [profile("support")]),
    _needs("a service becomes another one", [CALLS_CRM, CRM], [CALLS_CRM, renamed(CRM, "crm", kind="SOAP")]),
    _needs(
        "a service would be made again",
        [CALLS_CRM, CRM],
        [CALLS_CRM, renamed(CRM, "crm", group_id=UNKNOWN)],
        replaced=["crm"],
    ),
    _needs("a service is renamed", [CALLS_CRM, CRM], [CALLS_CRM, renamed(CRM, "data")]),
    _needs("a kept service leaves", [CALLS_CRM, replace(saved(CRM), kept=True)], [CALLS_CRM]),
    _needs("inputs of a service leave", [CALLS_CRM, CRM, INPUTS], [CALLS_CRM, CRM]),
    _needs("an auth configuration leaves", [CRM, KEY], [CRM]),
    _needs("a telephone leaves that a rule rings", [RINGS, PHONE], [RINGS]),
    _needs(
        "a telephone becomes another one",
        [RINGS, PHONE],
        [RINGS, replace(PHONE, props={**PHONE.props, "type": "Mobile"})],
    ),
    _needs("a ring group leaves to which another goes on", [BACK, FRONT], [BACK]),
    _needs(
        "a ring group gets another number",
        [BACK, FRONT],
        [BACK, renamed(FRONT, "front", extension_number="8100")],
        replaced=["front"],
    ),
    _needs(
        "a ring group leaves whose number another names and does not use",
        [renamed(BACK, "back", no_answer=UNUSED), FRONT],
        [renamed(BACK, "back", no_answer=UNUSED)],
    ),
    _needs("both leave", [BACK, FRONT], [DENVER]),
    _needs("the state cannot be read", [], [BACK], unreadable="it is no JSON"),
]

SECRET = "Zx81kqPw94"


def _plain(what: str, before: dict[str, Any] | None = None, **props: Any) -> Case:
    return case(what, [] if before is None else [service("crm", **before)], [service("crm", **props)])


IN_URL: dict[str, Any] = {"url": f"https://example.com/x?by=name&api_key={SECRET}&sig={SECRET}"}
HEADERS = [
    {"name": "Accept", "value": "x"},
    {"name": "X-Api-Key", "value": SECRET},
    {"name": "Cookie", "value": SECRET},
]

SECRETS = [
    _plain("a password in an address", url=f"https://me:{SECRET}@example.com/x"),
    _plain("two keys in a query", **IN_URL),
    _plain("the same as before", IN_URL, **IN_URL),
    _plain("another one than before", {"url": "https://example.com/"}, **IN_URL),
    _plain("an address that is none", url="https://[me@example.com", soap_endpoint=f"https://a:{SECRET}@example.com"),
    _plain("headers as a list", headers=HEADERS),
    _plain("headers as a list, as before", {"headers": HEADERS}, headers=HEADERS),
    _plain("headers that the state keeps encrypted", {"headers": UNKNOWN}, headers=HEADERS),
    _plain("headers by name", headers={"X-Api-Key": SECRET, "Token": "${token}", "name": "token"}),
    _plain("rows that are none", headers=["token", {"name": "token"}, {"name": "pwd", "value": 5}, UNKNOWN]),
    _plain(
        "forms and parameters",
        form_data=[{"name": "password", "value": SECRET}],
        query_params=[{"name": "sig", "value": SECRET}],
    ),
    _plain(
        "bodies",
        json_body=f'{{"clientSecret": "{SECRET}"}}',
        xml_body="password: ${password}",
        text_body="Bearer " + SECRET * 2,
    ),
    _plain("words", text_body="AKIA" + "ABCDEFGH" * 2, description="the password is in the vault"),
    _plain("several in one", **IN_URL, headers=HEADERS, description=f"token={SECRET}"),
    case(
        "a description of a destination",
        [],
        [resource(DESTINATION, "denver", name="Denver", description=f"pwd: {SECRET}")],
    ),
    case("a row of texts", [], [SUPPORT, replace(DENVER, props={**DENVER.props, "description": UNKNOWN})]),
]
