"""Every type's arguments: what a program, the engine or an old state may hand over."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown

from pulumi_voice_routing import registry, ringcx
from pulumi_voice_routing.lifecycle.model import unknown
from pulumi_voice_routing.lifecycle.provider import MANAGED, STORED_AS
from tests.fuzz.conftest import TYPES, VENDORS, fine_arguments
from tests.fuzz.hostile import CANARY, clean, inputs, nested, program_values, replaced, spoilt, value_or_lines

Values = dict[str, Any]


def _arguments(token: str) -> st.SearchStrategy[Values]:
    fields = list(registry.provider_for(token).model)
    names = st.sampled_from([*fields, "adoptid", "", "\ud800", "__managed", "id", "urn"])
    anything = program_values(names | st.text(max_size=5))
    fine = fine_arguments(token)
    few = spoilt(fine, anything).filter(lambda args: isinstance(args, dict))
    return few | st.dictionaries(names, anything, max_size=6) | st.just(fine)


def _with_secrets_to_find(token: str, args: Values) -> Values:
    """Texts in secret fields hold what no line may show."""
    secret = {name for name, field in registry.provider_for(token).model.items() if field.secret}
    return {name: _marked(value) if name in secret else value for name, value in args.items()}


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return f"{value[:50]}{CANARY}"
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("token", TYPES)
def test_check_and_diff(token: str) -> None:
    provider = registry.provider_for(token)

    @inputs(12)
    @given(args=_arguments(token), olds=_arguments(token))
    def check_and_diff(args: Values, olds: Values) -> None:
        args = _with_secrets_to_find(token, args)
        checked = value_or_lines(lambda: provider.check({}, args), provider.vendor)
        assert checked is not None, "a check says what is wrong by failures"
        for failure in checked.failures:
            clean(failure.reason)
            assert failure.property == "", "the engine shows the value of a property, whatever it is"
        if not checked.failures:
            olds = {**olds, MANAGED: sorted(olds), STORED_AS: {}}
            value_or_lines(lambda: provider.diff("123456/1", olds, checked.inputs), provider.vendor)

    check_and_diff()


@pytest.mark.parametrize("token", TYPES)
def test_what_a_check_made_is_a_fixed_point(token: str) -> None:
    provider = registry.provider_for(token)

    @inputs(4)
    @given(args=_arguments(token))
    def once_and_again(args: Values) -> None:
        checked = provider.check({}, args)
        if not checked.failures and not unknown(checked.inputs):
            again = provider.check({}, checked.inputs)
            assert again.failures == []
            assert again.inputs == checked.inputs
            olds = {MANAGED: sorted(checked.inputs), **checked.inputs}
            assert not provider.diff("123456/1", olds, again.inputs).replaces

    once_and_again()


@pytest.mark.parametrize("token", TYPES)
def test_a_value_that_is_not_known_is_no_mistake(token: str) -> None:
    provider = registry.provider_for(token)
    fine = fine_arguments(token)
    for name in fine:
        args = replaced(fine, (name,), Unknown())  # type: ignore[no-untyped-call]
        assert provider.check({}, args).failures == [], name
        assert provider.diff("123456/1", fine, args).changes


@pytest.mark.parametrize("token", TYPES)
def test_the_programs_own_line(token: str) -> None:
    vendor, _, name = token.partition(":")
    kind = getattr(VENDORS[vendor], name)
    provider = registry.provider_for(token)

    @inputs(6)
    @given(args=_arguments(token))
    def declare(args: Values) -> None:
        args = _with_secrets_to_find(token, args)
        _, failures = provider.checked({name: value for name, value in args.items() if value is not None})
        if failures:
            # Without an engine a resource that is fine cannot be made.
            with pytest.raises(pulumi.RunError) as raised:
                kind("name", **{name: value for name, value in args.items() if name not in ("resource_name", "opts")})
            for line in str(raised.value).splitlines():
                clean(line)

    declare()


def test_arguments_that_are_nested_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value in (nested(100_000), endless):
        with pytest.raises(pulumi.RunError, match="are nested too deeply"):
            ringcx.RouteGroup("x", name=value)  # type: ignore[arg-type]
