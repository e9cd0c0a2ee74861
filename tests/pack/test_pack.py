"""The pack as it is put together: what the engine hears of it, and what it hears from the engine."""

from __future__ import annotations

import copy
import json
import runpy
import stat
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pulumi_policy
import pytest
from pulumi_policy import policy as sdk
from pulumi_policy import proxy

from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Before, Facts, Resource, plain, saved_resources
from pulumi_voice_routing.plan.sources import PlanError, present
from pulumi_voice_routing.registry import FLEET
from pulumi_voice_routing.safety import describe
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.rule import Settings, Violation
from pulumi_voice_routing.safety.rules import (
    DUPLICATES,
    OVERRIDE_WIPE,
    PLAIN_SECRETS,
    REASSIGN_ACTIVE_DNIS,
    RELEASE_ACTIVE_DNIS,
    RULES,
    TAKES_SETTINGS,
)
from pulumi_voice_routing.safety.run import Run, Unreadable, exported, listen
from tests.rules.plans import DENVER, LINE, NUMBER, OTHER, approval, assignments, id_of, overrides, saved, service
from tests.tokens import DESTINATION, DNIS_OVERRIDES

from .conftest import PACK

OPTIONS = pulumi_policy.PolicyResourceOptions(
    False, [], None, [], pulumi_policy.PolicyCustomTimeouts(0, 0, 0), [], None
)


CONFIG = {"voice-routing:approvals": "ours.toml"}


def policies(run: Run | None = None) -> dict[str, pulumi_policy.Policy]:
    return {policy.name: policy for policy in pack_policies(run=run or Run())}


def test_the_pack_holds_every_rule_and_all_but_two_are_mandatory(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {}
    monkeypatch.setattr(sdk._PolicyAnalyzerServicer, "ConfigureStack", sdk._PolicyAnalyzerServicer.ConfigureStack)
    monkeypatch.setattr(pulumi_policy, "PolicyPack", lambda name, **given: made.update(name=name, **given))

    runpy.run_path(str(PACK))

    assert made["name"] == "number-safety"
    levels = {policy.name: policy.enforcement_level for policy in reversed(made["policies"])}
    assert levels.pop("approvals") is pulumi_policy.EnforcementLevel.ADVISORY
    for former in TAKES_SETTINGS:
        assert levels.pop(former) is pulumi_policy.EnforcementLevel.ADVISORY
    assert set(levels) == {rule.name for rule in RULES}
    for advisory in ("calls-go-elsewhere", "left-switched-on"):
        assert levels.pop(advisory) is pulumi_policy.EnforcementLevel.ADVISORY
    assert set(levels.values()) == {pulumi_policy.EnforcementLevel.MANDATORY}


def test_rules_are_judged_as_early_as_they_can_be() -> None:
    kinds = (pulumi_policy.ResourceValidationPolicy, pulumi_policy.StackValidationPolicy)
    made = pack_policies(run=Run())
    early, whole = ({policy.name for policy in made if isinstance(policy, kind)} for kind in kinds)
    numbers = {"reassign-active-dnis", "release-active-dnis", "take-foreign-dnis"}
    assert early == numbers | {"unprotected-number", "plain-secrets", "approvals"}
    assert early & whole == numbers | {"approvals"}
    assert early | whole == {rule.name for rule in RULES} | {"approvals", *TAKES_SETTINGS}
    assert made[-1].name == "approvals"


def test_a_team_puts_some_rules_into_a_pack_of_its_own() -> None:
    assert {policy.name for policy in pack_policies([DUPLICATES], Run())} == {"duplicates", "approvals"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_setting_is_optional_and_has_schema_default_and_description(rule) -> None:
    policy = policies()[rule.name]
    assert policy.config_schema is not None
    assert not policy.config_schema.required
    assert set(policy.config_schema.properties) == set(rule.settings)
    for schema in rule.settings.values():
        assert {"type", "default", "description"} <= set(schema)


def test_the_schema_of_the_policy_config_is_what_the_rules_take() -> None:
    schema = json.loads((PACK / "config.schema.json").read_text())
    assert schema == describe.config_schema(), "write it anew with describe"
    check = jsonschema.Draft202012Validator(schema)
    check.check_schema(schema)
    good: list[dict[str, Any]] = [
        {},
        {"all": "disabled", "plain-secrets": "advisory"},
        {"mass-change": {"enforcementLevel": "mandatory", "least": 5, "sharePercent": 50}},  # a rule no longer
        {"calls-unanswered": {"allowUnreadableState": True}},
    ]
    bad: list[dict[str, Any]] = [
        {"no-such-rule": "advisory"},
        {"plain-secrets": "sometimes"},
        {"critical-number-unanswered": {"critical": [5]}},
        {"calls-unanswered": {"retiring": ["Support"]}},
    ]
    assert [one for one in good if not check.is_valid(one)] == []
    assert [one for one in bad if check.is_valid(one)] == []


def test_the_readme_says_everything_about_every_rule() -> None:
    page = (PACK / "README.md").read_text()
    assert page == describe.rewritten(page), "write it anew with describe.rewritten"
    for rule in RULES:
        words = (rule.words.object, rule.words.from_, rule.words.to)
        said = (rule.name, rule.title, rule.triggers, rule.matters, rule.example, rule.unknowns)
        for part in (*said, *words, *rule.settings):
            assert part
            assert part in page


def judged_one(run: Run, type_: str, props: dict[str, Any], **config: Any) -> list[tuple[str, str | None]]:
    """What override-wipe reports of one resource that arrives as the engine sends it."""
    said: list[tuple[str, str | None]] = []
    args = pulumi_policy.ResourceValidationArgs(
        type_, proxy.unknown_checking_proxy(props), "urn:all", "all", OPTIONS, None, config
    )
    for policy in pack_policies([OVERRIDE_WIPE], run):
        if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
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
    run.approvals = Approvals([approval(OVERRIDE_WIPE, NUMBER, "destination 2001", "no override")])
    assert judged_one(run, PREFIX + DNIS_OVERRIDES, props) == []
    assert judged_one(run, "random:index:Thing", props) == []


def test_a_rule_sees_all_that_the_engine_tells_of_a_resource() -> None:
    seen: list[Resource] = []

    def see(facts: Facts, settings: Settings) -> list[Violation]:
        seen.extend(facts.declared)
        return []

    opts = copy.copy(OPTIONS)
    opts.protect, opts.aliases = True, ["urn:before"]
    group = pulumi_policy.PolicyResource("t", {}, "urn:group", "g", OPTIONS, None, None, [], {})
    one = pulumi_policy.PolicyResource(
        PREFIX + DESTINATION, {"name": "D"}, DENVER.urn, "denver", opts, None, None, [], {"group_id": [group]}
    )
    for policy in pack_policies([replace(DUPLICATES, judge=see)], Run()):
        if isinstance(policy, pulumi_policy.StackValidationPolicy):
            policy.validate(pulumi_policy.StackValidationArgs([one], {}), lambda message, urn=None: None)
    behind = {"group_id": frozenset(["urn:group"])}
    aliases = frozenset(["urn:before"])
    assert seen == [
        Resource(DESTINATION, "denver", DENVER.urn, {"name": "D"}, behind=behind, aliases=aliases, protected=True)
    ]


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


@pytest.mark.parametrize(
    "wrong",
    [{"id": 7}, {"urn": 7}, {"type": ["x"]}, {"inputs": ["x"]}, {"outputs": "x"}, {"propertyDependencies": 7}],
    ids=str,
)
def test_a_state_with_other_types_in_it_is_one_line(wrong: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"deployment": {"resources": [{**ENTRY, **wrong}]}}))
    with pytest.raises(PlanError, match="it is not what `pulumi stack export` prints"):
        present(state=path)


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

    request = SimpleNamespace(
        stack="dev", project="line", organization="organization", dry_run=True, tags={}, config=CONFIG
    )
    assert sdk._PolicyAnalyzerServicer.ConfigureStack(None, request, None) == "answered"

    assert run.before is not None
    assert [one.name for one in run.before.resources] == ["denver"]
    assert (run.preview, run.project, run.config) == (True, "line", CONFIG)
    assert (tmp_path / "calls").read_text() == "stack export --stack organization/line/dev --non-interactive\n"


def test_where_no_stack_is_named_there_is_no_state_to_read(engine_that: Callable[[str], None]) -> None:
    engine_that("echo 'error: no stack selected' >&2; exit 255")
    run = listen()
    request = SimpleNamespace(stack="", project="", organization="", dry_run=False, tags={}, config={})
    sdk._PolicyAnalyzerServicer.ConfigureStack(SimpleNamespace(), request, None)
    assert (run.before, run.unreadable) == (None, "")


@pytest.mark.parametrize(
    ("named", "stack", "preview"),
    [
        ({"ORGANIZATION": "home", "DRY_RUN": "false"}, "home/line/dev", False),
        ({"DRY_RUN": "true"}, "organization/line/dev", True),
    ],
)
def test_older_engines_name_the_stack_in_the_environment(
    named: dict[str, str],
    stack: str,
    preview: bool,
    engine_that: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine_that(f'test "$4" = {stack} && echo "{{}}"')
    monkeypatch.delenv("PULUMI_ORGANIZATION", raising=False)
    for name, value in {"STACK": "dev", "PROJECT": "line", "CONFIG": json.dumps(CONFIG), **named}.items():
        monkeypatch.setenv(f"PULUMI_{name}", value)
    run = listen()
    assert run.before is not None
    assert (run.before.resources, run.unreadable, run.preview, run.config) == ([], "", preview, CONFIG)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo 'error: no stack named' >&2; exit 255", "error: no stack named"),
        ("exit 1", "`pulumi stack export --stack organization/line/dev --non-interactive` fails"),
        ("echo hello", "prints something else"),
        ("echo []", "prints something else"),
        (f"echo '{json.dumps({'deployment': {'resources': [{**ENTRY, 'outputs': 'x'}]}})}'", "outputs are no object"),
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

    run.preview = False  # in a preview the whole stack is judged
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
    assert {rule.name for rule in RULES if "allowUnreadableState" not in rule.settings} == {
        "forbidden-target",
        "duplicates",
        "left-switched-on",
        "plain-secrets",
    }


# Approvals


@pytest.fixture
def program_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project, which the environment of the pack names as the shell's own."""
    folder = tmp_path / "line"
    (folder / "src").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: line  # the project\nruntime: python\nmain: src/\n")
    monkeypatch.setenv("PWD", str(folder))
    for name in ("VOICE_ROUTING_APPROVALS", "PULUMI_DRY_RUN"):
        monkeypatch.delenv(name, raising=False)
    return folder


def entry(number: str = NUMBER, *, to: str = "nobody", until: str = "2036-12-31") -> str:
    return (
        f'[[approval]]\nrule = "release-active-dnis"\nobject = "{number}"\nfrom = "profile 3001"\nto = "{to}"\n'
        f'reason = "it moves"\nticket = "OPS-1"\nuntil = {until}\n'
    )


def read(run: Run) -> list[str]:
    return [number for one in run.approvals.entries for number in one.objects]


def test_approvals_are_read_where_the_program_is_run(program_folder: Path) -> None:
    assert read(Run(project="line")) == []
    (program_folder / "src" / "approvals.toml").write_text(entry())
    assert read(Run(project="line")) == [NUMBER]
    assert read(Run(project="another")) == []


def test_another_run_reads_approvals_anew(program_folder: Path) -> None:
    run = Run()
    for numbers in ([], [NUMBER], ["+13035550111"]):
        (program_folder / "src" / "approvals.toml").write_text("".join(map(entry, numbers)))
        run.starts("", "line", "organization", preview=True)
        assert read(run) == numbers


def test_a_project_that_names_no_main_runs_in_its_own_folder(program_folder: Path) -> None:
    (program_folder / "Pulumi.yaml").write_text("name: line\nruntime: python\n")
    (program_folder / "approvals.toml").write_text(entry())
    (program_folder / "src" / "approvals.toml").write_text(entry("+13035550111"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PWD", str(program_folder / "src"))
        assert read(Run(project="line")) == [NUMBER]


def test_environment_and_configuration_name_another_file(
    program_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (program_folder / "src" / "approvals.toml").write_text(entry())
    (program_folder / "src" / "ours.toml").write_text(entry("+13035550111"))
    (tmp_path / "all.toml").write_text(entry("+13035550112"))
    run = Run(project="line", config={"voice-routing:approvals": "ours.toml"})
    assert read(run) == ["+13035550111"]
    monkeypatch.setenv("VOICE_ROUTING_APPROVALS", str(tmp_path / "all.toml"))
    assert read(Run(project="line", config=run.config)) == ["+13035550112"]


def test_a_file_that_is_named_and_cannot_be_read_stops_every_rule(
    program_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_APPROVALS", "missing.toml")
    for name, policy in policies(Run(project="line", before=Before())).items():
        if name in TAKES_SETTINGS:
            continue  # it judges nothing
        if isinstance(policy, pulumi_policy.StackValidationPolicy):
            args = pulumi_policy.StackValidationArgs([], {})
            with pytest.raises(SettingsError, match=r"missing\.toml cannot be read"):
                policy.validate(args, lambda message, urn=None: None)
        else:
            assert name in {"unprotected-number", "plain-secrets"}, name


@pytest.mark.parametrize("until", ["2036-12-31T23:59:59", "2036-12-31T08:00:00-12:00", "08:00:00", "'2036-12-31'"])
def test_the_last_day_of_an_approval_has_no_time(until: str, program_folder: Path) -> None:
    (program_folder / "src" / "approvals.toml").write_text(entry(until=until))
    with pytest.raises(SettingsError, match="entry 1: until must be a day without a time, such as 2026-12-31"):
        read(Run(project="line"))


def test_what_is_approved_is_no_violation_and_what_is_of_no_use_is_said(
    program_folder: Path,
) -> None:
    (program_folder / "src" / "approvals.toml").write_text(
        entry() + entry("+13035550111") + entry("+13035550112", until="2020-01-01")
    )
    run = Run(project="line", before=Before([saved(assignments("numbers", [NUMBER, OTHER]))]), preview=True)
    said: dict[str, list[str]] = {}
    for policy in pack_policies([RELEASE_ACTIVE_DNIS, DUPLICATES], run):
        if isinstance(policy, pulumi_policy.StackValidationPolicy):
            heard = said.setdefault(policy.name, [])
            args = pulumi_policy.StackValidationArgs([], {})
            policy.validate(args, lambda message, urn=None, heard=heard: heard.append(message))
    (violation,) = said["release-active-dnis"]
    assert violation.startswith(f"{OTHER} of profile 3001 would be released")
    line, *below = violation.splitlines()
    assert line.endswith(" (release-active-dnis: it is not approved)")
    assert below[:2] == ["To allow it, fill in reason and ticket, and add to approvals.toml:", ""]
    (pasted,) = tomllib.loads("\n".join(below[1:]))["approval"]
    wanted = {"rule": "release-active-dnis", "objects": [OTHER], "from": "profile 3001", "to": "nobody"}
    assert wanted.items() <= pasted.items()
    approved, no_use, expired = said["approvals"]
    assert approved.startswith(f"approved by OPS-1 until 2036-12-31 (UTC): {NUMBER} from profile 3001 to nobody")
    assert (
        no_use == "the approval of release-active-dnis for +13035550111 (OPS-1) permits nothing that would happen now."
    )
    assert "+13035550112 (OPS-1) expired on 2020-01-01 (UTC); take it out of the file" in expired


def test_numbers_that_share_a_change_are_one_entry() -> None:
    many = [f"+1303555{place:04}" for place in range(100)]
    run = Run(before=Before([saved(assignments("numbers", many))]), preview=True)
    run.approvals = Approvals()
    policy = policies(run)["release-active-dnis"]
    said: list[str] = []
    assert isinstance(policy, pulumi_policy.StackValidationPolicy)
    policy.validate(pulumi_policy.StackValidationArgs([], {}), lambda message, urn=None: said.append(message))
    (line,) = said
    assert line.startswith(f"{many[0]} of profile 3001 would be released")
    assert f"The same holds for {many[1]}, {many[2]}, {many[3]} and 96 more." in line


def test_a_move_is_judged_in_an_update_before_the_resource_is_touched() -> None:
    held = assignments("numbers", [NUMBER, OTHER])
    moved = assignments("numbers", [NUMBER], "sales")
    args = pulumi_policy.ResourceValidationArgs(
        PREFIX + moved.type, proxy.unknown_checking_proxy(dict(moved.props)), moved.urn, "numbers", OPTIONS, None, {}
    )
    for preview, lines in ((False, 1), (True, 0)):
        run = Run(before=Before([saved(held)]), preview=preview)
        run.approvals = Approvals()
        said: list[str] = []
        for policy in pack_policies([REASSIGN_ACTIVE_DNIS, RELEASE_ACTIVE_DNIS], run):
            if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
                policy.validate(args, lambda message, urn=None, said=said: said.append(message))
        assert len(said) == lines


def stack_says(*there: Resource) -> pulumi_policy.StackValidationArgs:
    """What the engine tells the rules on a whole stack."""
    return pulumi_policy.StackValidationArgs(
        [
            pulumi_policy.PolicyResource(
                PREFIX + one.type, dict(one.props), one.urn, one.name, OPTIONS, None, None, [], {}
            )
            for one in there
        ],
        {},
    )


def test_what_the_program_says_counts_and_not_what_the_vendor_has() -> None:
    """The engine tells of a resource that does not change as the vendor has it; the first that was heard is right."""
    held, moved = assignments("numbers", [NUMBER]), assignments("numbers", [NUMBER], "sales")
    run = Run(before=Before([saved(held)]), preview=True)
    run.approvals = Approvals()
    made = pack_policies([REASSIGN_ACTIVE_DNIS], run)
    for told in (moved, held):
        args = pulumi_policy.ResourceValidationArgs(
            PREFIX + told.type, proxy.unknown_checking_proxy(dict(told.props)), told.urn, told.name, OPTIONS, None, {}
        )
        for policy in made:
            if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
                policy.validate(args, lambda message, urn=None: None)
    (whole,) = [one for one in made if isinstance(one, pulumi_policy.StackValidationPolicy) and one.name != "approvals"]
    said: list[tuple[str, str | None]] = []
    whole.validate(stack_says(held), lambda message, urn=None: said.append((message, urn)))
    ((line, urn),) = said
    assert line.startswith(f"{NUMBER} would go from profile 3001 to profile 3002")
    assert urn == held.urn


def test_an_alias_tells_what_a_resource_was_called() -> None:
    """A key that the state shows already, under the former name, is told by another policy and refuses nothing."""
    was, now = (service(name, url="https://example.com/?api_key=Xk29kqPw94") for name in ("crm", "customers"))
    for aliases, lines in (([was.urn], 0), ([], 1)):
        run = Run(before=Before([saved(was)]))
        run.approvals = Approvals()
        options = pulumi_policy.PolicyResourceOptions(
            False, [], None, aliases, pulumi_policy.PolicyCustomTimeouts(0, 0, 0), [], None
        )
        args = pulumi_policy.ResourceValidationArgs(
            PREFIX + now.type, proxy.unknown_checking_proxy(dict(now.props)), now.urn, now.name, options, None, {}
        )
        said: list[str] = []
        for policy in pack_policies([PLAIN_SECRETS], run):
            if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
                policy.validate(args, lambda message, urn=None, said=said: said.append(message))
        assert len(said) == lines


def test_a_row_of_a_fleet_is_named_and_the_fleet_is_what_the_engine_knows() -> None:
    fleet = service("services", rows={"crm": {"group_id": "123456/100", "name": "CRM", "kind": "HTTP"}})
    fleet.props["rows"]["crm"]["url"] = "https://example.com/?api_key=Xk29kqPw94"
    run = Run(before=Before())
    run.approvals = Approvals()
    args = pulumi_policy.ResourceValidationArgs(
        PREFIX + fleet.type + FLEET,
        proxy.unknown_checking_proxy(dict(fleet.props)),
        fleet.urn.replace(fleet.type, fleet.type + FLEET),
        fleet.name,
        OPTIONS,
        None,
        {},
    )
    said: list[tuple[str, str | None]] = []
    for policy in pack_policies([PLAIN_SECRETS], run):
        if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
            policy.validate(args, lambda message, urn=None: said.append((message, urn)))
    ((line, urn),) = said
    assert line.startswith('services["crm"]: url of ')
    assert urn == args.urn
