"""A secret stands in plain text."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN
from pulumi_voice_routing.safety.rules import PLAIN_SECRETS
from tests.rules.plans import changes, found, resource, service, violations

SECRET = "Zx81kqPw94"


@pytest.mark.parametrize(
    ("props", "field"),
    [
        ({"url": f"https://me:{SECRET}@example.com/x"}, "url"),
        ({"url": f"https://example.com/x?api_key={SECRET}"}, "url"),
        ({"soap_endpoint": f"https://example.com/x?access_token={SECRET}"}, "soap_endpoint"),
        ({"headers": [{"name": "Authorization", "value": f"Bearer {SECRET}"}]}, "headers"),
        ({"headers": [{"name": "X-Api-Key", "value": SECRET}]}, "headers"),
        ({"headers": {"X-Api-Key": SECRET}}, "headers"),
        ({"form_data": [{"name": "password", "value": SECRET}]}, "form_data"),
        ({"json_body": f'{{"clientSecret": "{SECRET}"}}'}, "json_body"),
        ({"xml_body": f"password: {SECRET}"}, "xml_body"),
        ({"xml_body": f"AKIA{'ABCDEFGH' * 2}"}, "xml_body"),
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


def test_plain_secrets_fails_in_names_and_descriptions_of_every_type() -> None:
    for field in ("name", "description"):
        one = resource("ringcx:Destination", "denver", **{field: f"password: {SECRET}"})
        assert [to for _, _, to in changes(PLAIN_SECRETS, [one], [])] == [f"a secret in {field}"]


@pytest.mark.parametrize(
    "props",
    [
        {"url": "https://example.com/tokens?key=denver&sort=name"},
        {"url": "https://example.com/x?token=${token}"},
        {"url": "https://me@example.com/"},
        {"url": UNKNOWN, "headers": UNKNOWN, "description": UNKNOWN},
        {"headers": [{"name": "Authorization", "value": "{{auth}}"}, {"name": "Accept", "value": "text/plain"}]},
        {"headers": [{"name": "X-Keyboard", "value": "qwerty-12345"}]},
        {"headers": {"X-Keyboard": "qwerty-12345", "Authorization": "{{auth}}", "name": "value"}},
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


@pytest.mark.parametrize(
    ("was", "advice"),
    [
        ({"url": f"https://example.com/x?api_key={SECRET}"}, True),
        ({"url": "https://example.com/x?api_key=${key}"}, False),
        ({"url": "https://example.com/"}, False),
        (None, False),
    ],
)
def test_what_the_state_shows_already_is_told_and_refuses_nothing(was: dict[str, Any] | None, advice: bool) -> None:
    now = service("crm", url=f"https://example.com/x?api_key={SECRET}")
    (one,) = violations(PLAIN_SECRETS, [now], [] if was is None else [service("crm", **was)])
    assert (one.advice, one.resource) == (advice, now)


HOLD_A_CREDENTIAL = [
    "authorization",
    "Proxy-Authorization",
    "api_key",
    "X-API-KEY",
    "apikey",
    "access-key",
    "x-auth-key",
    "token",
    "access_token",
    "x.csrf-token",
    "secret",
    "client_secret",
    "password",
    "PASSWD",
    "passphrase",
    "pwd",
    "Set-Cookie",
    "cookie",
    "signature",
    "sig",
    "X-Signature",
]
HOLD_NONE = [
    "sign",
    "design",
    "key",
    "keys",
    "monkey",
    "tokens",
    "cookies",
    "secretary",
    "passwords",
    "pwds",
    "keyboard",
    "x-token-id",
    "authority",
]
PLACEHOLDERS = ["none", "NULL", "***", "<token>", "${token}", "{{token}}", "$TOKEN", "#token", "%TOKEN%", "[secret]"]


def header(name: str, value: str) -> list[str]:
    return found(PLAIN_SECRETS, [service("crm", headers=[{"name": name, "value": value}])], [])


def test_names_of_what_holds_a_credential() -> None:
    assert [name for name in HOLD_A_CREDENTIAL if not header(name, SECRET)] == []
    assert [name for name in HOLD_NONE if header(name, SECRET)] == []


def test_values_that_say_nothing() -> None:
    assert [value for value in ("", *PLACEHOLDERS) if header("X-Api-Key", value)] == []
    assert [value for value in ("nonesuch1", "x<token>", "a${token}", "x") if not header("X-Api-Key", value)] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ghp_" + "a1" * 10, True),
        ("sk-" + "a1" * 8, True),
        ("xoxb-" + "1" * 10, True),
        ("pwd = 'abcdef'", True),
        ("api-key: abcdef", True),
        ("access_key=abcdef", True),
        ("pwd=abcde", False),
        ("password: ${password}", False),
        ("task-" + "a1" * 8, False),
        ("a key for the door", False),
    ],
)
def test_words_that_look_like_a_key(text: str, told: bool) -> None:
    assert bool(found(PLAIN_SECRETS, [service("crm", text_body=text)], [])) is told


def test_plain_secrets_fails_for_one_field_though_the_state_keeps_another_one_encrypted() -> None:
    given = {"url": f"https://me:{SECRET}@example.com/x", "headers": {"X-Api-Key": SECRET}}
    said = changes(PLAIN_SECRETS, [service("crm", **given)], [service("crm", url=UNKNOWN)])
    assert said == [("http service 'crm'", "no secret", "a secret in headers")]
