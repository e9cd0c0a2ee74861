"""The pack as it is put together: what the engine hears of it, and what it hears from the engine."""

from __future__ import annotations

import json
import runpy
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi_policy
import pytest
from pulumi_policy import policy as sdk
from pulumi_policy import proxy

from pulumi_voice_routing.safety import describe
from pulumi_voice_routing.safety.facts import (
    DESTINATION,
    DNIS_OVERRIDES,
    PREFIX,
    UNKNOWN,
    Before,
    plain,
    saved_resources,
)
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.rules import DUPLICATES, OVERRIDE_WIPE, RULES
from pulumi_voice_routing.safety.state import Run, Unreadable, exported, listen

from .conftest import PACK
from .plans import DENVER, LINE, id_of, overrides, saved

NUMBER = "+13035550100"
OPTIONS = pulumi_policy.PolicyResourceOptions(
    False, [], None, [], pulumi_policy.PolicyCustomTimeouts(0, 0, 0), [], None
)


def policies(run: Run | None = None) -> dict[str, pulumi_policy.Policy]:
    return {policy.name: policy for policy in pack_policies(run=run or Run())}


def test_the_pack_holds_every_rule_and_each_is_mandatory(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {}
    monkeypatch.setattr(sdk._PolicyAnalyzerServicer, "ConfigureStack", sdk._PolicyAnalyzerServicer.ConfigureStack)
    monkeypatch.setattr(pulumi_policy, "PolicyPack", lambda name, **given: made.update(name=name, **given))

    runpy.run_path(str(PACK))

    assert made["name"] == "number-safety"
    assert [policy.name for policy in made["policies"]] == [rule.name for rule in RULES]
    assert {policy.enforcement_level for policy in made["policies"]} == {pulumi_policy.EnforcementLevel.MANDATORY}


def test_rules_that_need_one_resource_only_are_judged_before_it_is_touched() -> None:
    kinds = {name: type(policy) for name, policy in policies().items()}
    early = {name for name, kind in kinds.items() if kind is pulumi_policy.ResourceValidationPolicy}
    assert early == {"percent-totals", "override-wipe"}
    assert set(kinds.values()) == {pulumi_policy.ResourceValidationPolicy, pulumi_policy.StackValidationPolicy}


def test_a_team_puts_some_rules_into_a_pack_of_its_own() -> None:
    assert [policy.name for policy in pack_policies([DUPLICATES], Run())] == ["duplicates"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_setting_is_optional_and_has_schema_default_and_description(rule) -> None:
    policy = policies()[rule.name]
    assert policy.config_schema is not None
    assert not policy.config_schema.required
    assert set(policy.config_schema.properties) == set(rule.settings)
    for schema in rule.settings.values():
        assert {"type", "default", "description"} <= set(schema)


def test_the_readme_says_everything_about_every_rule() -> None:
    page = (PACK / "README.md").read_text()
    assert page == describe.rewritten(page), "write it anew with describe.rewritten"
    for rule in RULES:
        for part in (rule.name, rule.title, rule.triggers, rule.matters, rule.example, rule.unknowns, *rule.settings):
            assert part
            assert part in page


def judged_one(run: Run, type_: str, props: dict[str, Any], **config: Any) -> list[tuple[str, str | None]]:
    """What override-wipe reports of one resource that arrives as the engine sends it."""
    said: list[tuple[str, str | None]] = []
    args = pulumi_policy.ResourceValidationArgs(
        type_, proxy.unknown_checking_proxy(props), "urn:all", "all", OPTIONS, None, config
    )
    policy = policies(run)["override-wipe"]
    assert isinstance(policy, pulumi_policy.ResourceValidationPolicy)
    policy.validate(args, lambda message, urn=None: said.append((message, urn)))
    return said


def test_an_unknown_value_does_not_turn_a_mandatory_rule_into_advice() -> None:
    run = Run(before=Before(saved(one) for one in [*LINE, overrides("all", id_of("denver"), NUMBER, replace_all=True)]))
    props = {
        "destination": id_of("denver"),
        "replace_all": True,
        "overrides": [{"dnis": proxy.UNKNOWN_STRING_VALUE, "target": "+13035559999"}],
    }
    ((message, where),) = judged_one(run, PREFIX + DNIS_OVERRIDES, props)
    assert NUMBER in message
    assert where == "urn:all"
    assert judged_one(run, PREFIX + DNIS_OVERRIDES, props, approvedWipes=["Denver"]) == []
    assert judged_one(run, "random:index:Thing", props) == []


def test_values_are_plain_whatever_the_engine_sends() -> None:
    given = {"n": 5.0, "half": 0.5, "text": "a", "none": None, "yes": True, "rows": [{"a": 1.0}]}
    unknown = {"u": proxy.UNKNOWN_STRING_VALUE, "in": [proxy.UNKNOWN_NUMBER_VALUE, 1.0], "asset": object()}
    seen = plain(proxy.unknown_checking_proxy({**given, **unknown}))
    assert seen == {
        "n": 5,
        "half": 0.5,
        "text": "a",
        "none": None,
        "yes": True,
        "rows": [{"a": 1}],
        "u": UNKNOWN,
        "in": [UNKNOWN, 1],
        "asset": UNKNOWN,
    }
    assert type(seen["n"]) is int
    assert plain({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}) is UNKNOWN


# The state

ENTRY = {"urn": DENVER.urn, "type": PREFIX + DESTINATION, "id": id_of("denver"), "outputs": {"name": "Denver"}}


def test_the_state_holds_what_ends_when_it_leaves_the_stack() -> None:
    entries = [
        ENTRY,
        {**ENTRY, "urn": "u::gone", "delete": True},
        {**ENTRY, "urn": "u::seen", "external": True},
        {**ENTRY, "urn": "u::kept", "retainOnDelete": True},
        {"urn": "u::stack", "type": "pulumi:pulumi:Stack"},
    ]
    found = list(saved_resources({"deployment": {"resources": entries}}))
    assert [(one.name, one.kept) for one in found] == [("denver", False), ("kept", True)]
    assert (found[0].id, found[0].get("name")) == (id_of("denver"), "Denver")
    assert list(saved_resources({"deployment": {}})) == []


@pytest.fixture
def engine_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in the place of the engine."""

    def put(script: str) -> None:
        pulumi = tmp_path / "pulumi"
        pulumi.write_text(f"#!/bin/sh\n{script}\n")
        pulumi.chmod(pulumi.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return put


def test_the_state_is_exported_once_from_the_stack_that_the_engine_names(
    engine_that: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state.json").write_text(json.dumps({"deployment": {"resources": [ENTRY]}}))
    engine_that(f'echo "$@" >>{tmp_path}/calls; cat {tmp_path}/state.json')
    monkeypatch.setattr(sdk._PolicyAnalyzerServicer, "ConfigureStack", lambda self, request, context: "answered")
    run = listen()
    assert (run.before, run.unreadable) == (None, "")

    request = SimpleNamespace(stack="dev", project="line", organization="organization", dry_run=True, tags={})
    assert sdk._PolicyAnalyzerServicer.ConfigureStack(None, request, None) == "answered"

    assert run.before is not None
    assert [one.name for one in run.before.resources] == ["denver"]
    assert run.preview is True
    assert (tmp_path / "calls").read_text() == "stack export --stack organization/line/dev --non-interactive\n"


def test_older_engines_name_the_stack_in_the_environment(
    engine_that: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_that('test "$4" = home/line/dev && echo "{}"')
    for name, value in {"STACK": "dev", "PROJECT": "line", "ORGANIZATION": "home", "DRY_RUN": "false"}.items():
        monkeypatch.setenv(f"PULUMI_{name}", value)
    run = listen()
    assert run.before is not None
    assert (run.before.resources, run.unreadable, run.preview) == ([], "", False)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo 'error: no stack named' >&2; exit 255", "error: no stack named"),
        ("exit 1", "`pulumi stack export --stack organization/line/dev --non-interactive` fails"),
        ("echo hello", "prints something else"),
        ("echo []", "prints something else"),
    ],
)
def test_a_state_that_cannot_be_read_is_said_in_one_line(
    engine_that: Callable[[str], None], script: str, why: str
) -> None:
    engine_that(script)
    run = Run()
    run.starts("dev", "line", "organization", preview=True)
    assert run.before is None
    assert why in run.unreadable
    assert "\n" not in run.unreadable

    props = {"destination": id_of("denver"), "replace_all": True, "overrides": []}
    ((message, _),) = judged_one(run, PREFIX + DNIS_OVERRIDES, props)
    assert "cannot be read" in message
    assert judged_one(run, PREFIX + DNIS_OVERRIDES, props, allowUnreadableState=True) == []


def test_no_engine_on_path_is_a_state_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match="pulumi"):
        exported("organization/line/dev")


def test_an_sdk_that_does_not_name_the_stack_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sdk, "_PolicyAnalyzerServicer")
    assert "does not say which stack" in listen().unreadable


def test_rules_that_compare_with_the_state_can_be_told_to_do_without() -> None:
    assert [rule.name for rule in RULES if "allowUnreadableState" in rule.settings] == [
        "deactivating-in-use",
        OVERRIDE_WIPE.name,
    ]
