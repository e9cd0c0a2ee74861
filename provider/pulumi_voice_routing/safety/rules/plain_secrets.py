"""Secrets in places that are not made for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ...lifecycle import meaning as means
from ...masking import masked
from ...plan.facts import UNKNOWN, Facts, Resource, noun_of
from ..rule import Rule, Settings, Violation, Words

_NAME, _VALUE = "name", "value"
_CREDENTIAL = re.compile(
    r"(?i)(?:.*[-_.])?(?:proxy-)?(?:authorization|api[-_]?key|access[-_]?key|auth[-_]?key|[a-z]*[-_]?token"
    r"|[a-z]*[-_]?secret|passw(?:or)?d|passphrase|pwd|cookie|signature|sig)"
)
"""Names of parameters that hold a credential."""
_SAYS_NOTHING = re.compile(r"(?i)none|null|\*+|<.*>|\$\{.*\}|\{\{.*\}\}|[$#%].*|\[secret\]|")
"""Placeholders that are filled in later, and values that are none."""
_ASSIGNED = re.compile(
    r"(?i)(?:api[_-]?key|access[_-]?key|secret|passw(?:or)?d|pwd|token)[\"']?\s*[:=]\s*[\"']?([^\s\"',;&<]{6,})"
)
_LOOKS_LIKE_A_KEY = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|sk[-_][A-Za-z0-9_-]{16,}|xox[abprs]-[A-Za-z0-9-]{10,})"
)


def plain_secrets(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Fields that are shown to everybody and hold a credential. No message shows the credential."""
    for one in facts.declared:
        for field, why in _found(one):
            if _kept_secret(facts, one, field):
                continue
            saved = facts.saved_as(facts.thing(one))
            yield Violation(
                f"{field} of {one.name!r} {why}: it is plain text in the state, in previews and in the portal, and "
                "whoever reads it can speak for you; take it out, rotate it, and use an auth configuration "
                "(auth_config_id) or a field that is kept secret.",
                one,
                f"{noun_of(one.type)} {one.name!r}",
                "no secret",
                f"a secret in {field}",
                advice=saved is not None and _same(saved, one, field),
            )


def _same(saved: Resource, one: Resource, field: str) -> bool:
    """Whether the state holds the same in a field, or in the list that it is in."""
    name = field.partition("[")[0]
    return bool(saved.get(name) == one.get(name))


def _kept_secret(facts: Facts, one: Resource, field: str) -> bool:
    """Whether the state keeps the field encrypted, because the program gives it as a secret."""
    saved = facts.saved_as(facts.thing(one))
    return saved is not None and saved.get(field) is UNKNOWN


def _found(one: Resource) -> Iterator[tuple[str, str]]:
    for address in one.values(means.Address):
        why = _in_url(address.value)
        if why:
            yield address.where, why
    for parameter in one.values(means.Parameters):
        in_a_list = parameter.where != parameter.place.field
        for named, given in [_parameter(parameter.value)] if in_a_list else _by_name(parameter.value):
            if _credential(named, given):
                yield parameter.place.field, f"have a credential, {named!r}"
    for words in one.values(means.FreeText):
        if _in_text(words.value):
            yield words.where, "looks as if it had a key or a password in it"


def _parameter(row: Any) -> tuple[Any, Any]:
    """Name and value, as the vendor's examples have them."""
    return (row.get(_NAME), row.get(_VALUE)) if isinstance(row, Mapping) else (None, None)


def _by_name(values: Any) -> list[tuple[Any, Any]]:
    return list(values.items()) if isinstance(values, Mapping) else []


def _in_url(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    try:
        parts = urlsplit(value)
        password = parts.password
    except ValueError:
        return ""
    if password:
        return "has a password in its address"
    query: Mapping[str, str] = dict(parse_qsl(parts.query))
    named = [name for name, given in query.items() if _credential(name, given)]
    return f"has a credential in its query, {named[0]!r}" if named else ""


def _credential(name: Any, value: Any) -> bool:
    if not (isinstance(name, str) and isinstance(value, str)):
        return False
    return bool(_CREDENTIAL.fullmatch(name)) and not _SAYS_NOTHING.fullmatch(value)


def _in_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    assigned = [found for found in _ASSIGNED.findall(value) if not _SAYS_NOTHING.fullmatch(found)]
    return bool(assigned or _LOOKS_LIKE_A_KEY.search(value)) or masked(value) != value


PLAIN_SECRETS = Rule(
    name="plain-secrets",
    title="Credentials are kept only in fields made for secrets.",
    triggers="The address of an HTTP service has a password, or a credential in its query; a header, query parameter "
    "or form field of the service is named like a key, token, password or cookie, and has a value; or a name, "
    "description or body looks as if it holds a key, token or password. Placeholders (`${...}`, `{{...}}`, `<...>`) "
    "pass, and so do fields that the state keeps encrypted. **Not seen:** whether a value was given as a Pulumi "
    "secret, because policies get both in plain text, so that a header is stopped the first time even then; the "
    "fields made for secrets (`api_key`, `password`, `secret`, ...), which the state keeps encrypted either way; the "
    "stack configuration; secrets that look like ordinary words.",
    matters="Anybody who reads a key in a state, a preview or the portal can use it in your name.",
    example="""ringcx.HttpService("crm", group_id=group.id, name="CRM", kind="HTTP", url="https://example.com/?api_key=Xk29")
# stopped: make an ApiKeyAuth and say auth_config_id=auth.id""",
    unknowns="A text that is not known yet passes.",
    words=Words("the type and the resource's name: `http service 'crm'`", "`no secret`", "`a secret in url`"),
    judge=plain_secrets,
    about=(means.FreeText, means.Address, means.Parameters),
    one_by_one=lambda roles: roles.has(means.FreeText, means.Address, means.Parameters),
)
