"""No secret is readable anywhere, in the whole life of a stack whose program forgot to mark them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.conftest import NewStack
from tests.emulated import Emulated
from tests.stacks import Program, Run, Stack

CANARY = "canary-"
"""What every secret of these tests begins with."""


def secrets(turn: str) -> Program:
    """A program with every kind of secret in plain text; another turn is another value of each."""

    def secret(name: str) -> str:
        return f"{CANARY}{name}-{turn}"

    def program() -> None:
        group = ringcx.HttpServiceGroup("group", name="CRM")
        auth = ringcx.ApiKeyAuth("key", name="Key", api_key=secret("key"))
        ringcx.BasicAuth("basic", name="Basic", username="crm", password=secret("password"))
        ringcx.OAuthAuth(
            "oauth",
            name="OAuth",
            client_id="crm",
            secret=secret("client-secret"),
            token_url="https://crm.example.com/token",
            grant_type="PASSWORD",
            username="crm",
            password=secret("user-password"),
            assertion=secret("assertion"),
            other_parameters=[{"name": "audience", "value": secret("parameter")}],
        )
        ringcx.JwtAuth(
            "jwt",
            name="JWT",
            algorithm="RS256",
            payload="{}",
            add_token_to="REQUEST_HEADER",
            secret=secret("jwt-secret"),
            private_key=secret("private-key"),
        )
        ringcx.CustomAuth("custom", name="Custom", input_params=[{"name": "key", "value": secret("input")}])
        ringcx.HttpService(
            "service",
            group_id=group.id,
            name="CRM",
            kind="HTTP",
            url="https://crm.example.com",
            auth_config_id=auth,
            http_username="crm",
            http_password=secret("http-password"),
            # What the package cannot know to be a secret, the program marks.
            headers=[{"name": "X-Api-Key", "value": pulumi.Output.secret(secret("header"))}],
        )
        ringcx.HttpService(
            "by-name",
            group_id="123456/1000",
            name="By name",
            kind="HTTP",
            url="https://crm.example.com",
            headers={"X-Api-Key": pulumi.Output.secret(secret("named-header"))},
        )

    return program


@pytest.fixture
def traced(new_stack: NewStack, tmp_path: Path) -> tuple[Stack, Path]:
    trace = tmp_path / "trace.jsonl"
    return new_stack(VOICE_ROUTING_TRACE_FILE=str(trace)), trace


def test_no_secret_is_readable_anywhere(
    traced: tuple[Stack, Path], emulator: Emulated, capfd: pytest.CaptureFixture[str]
) -> None:
    stack, trace = traced
    runs: list[Run] = [stack.preview(secrets("one")), stack.up(secrets("one")), stack.refresh()]
    runs.append(stack.up(secrets("one"), quiet=False))
    for kind, ending in {"key": "apiKey", "basic": "basic"}.items():
        id_ = stack.state()[kind]["id"].rpartition("/")[2]
        emulator.change_record("ExternalAuthConfig", "authConfigId", id_, description=f"by hand: {ending}")
    runs += [stack.refresh(), stack.preview(secrets("two"))]
    # A vendor that repeats in its refusal what it was sent
    echo = {"generalMessage": f"no: {CANARY}key-two", "details": f'{{"apiKey": "{CANARY}key-two"}}'}
    emulator.faults({"match": {"operation": "HTb-08"}, "fault": "status", "code": 400, "body": echo})
    failed = stack.fails(secrets("two"))
    assert "HTb-08" in failed.console
    runs += [failed, stack.up(secrets("two")), stack.refresh(), stack.destroy()]

    held = str([call for call in emulator.journal() if call["fault"] is None])
    assert "HT-19" in held
    assert CANARY not in held
    assert trace.stat().st_size > 0
    for file in (trace, *stack.files()):
        assert CANARY.encode() not in file.read_bytes(), file
    for run in runs:
        assert CANARY not in repr(run)
    said = capfd.readouterr()
    assert CANARY not in said.out + said.err


def test_the_vendor_gets_every_secret(stack: Stack, emulator: Emulated) -> None:
    stack.up(secrets("one"), quiet=False)

    held = str(emulator.state())
    names = ["key", "password", "client-secret", "user-password", "assertion", "parameter", "jwt-secret", "private-key"]
    for name in [*names, "input", "http-password", "header", "named-header"]:
        assert f"{CANARY}{name}-one" in held


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: ringcx.ApiKeyAuth("key", name="Key", api_key=[f"{CANARY}key"]), "api_key"),  # type: ignore[arg-type]
        (
            lambda: ringcx.CustomAuth("custom", name="Custom", input_params=[{"key": [f"{CANARY}key"]}]),  # type: ignore[dict-item]
            "input_params",
        ),
    ],
)
def test_a_wrong_secret_is_named_and_not_shown(wrong: Callable[[], Any], said: str, stack: Stack) -> None:
    run = stack.preview_fails(lambda: (wrong(), None)[1])

    assert said in run.console
    assert CANARY not in repr(run)


def test_a_secret_header_is_not_readable_when_the_vendor_keeps_it_in_a_form_of_its_own(
    stack: Stack, emulator: Emulated
) -> None:
    old = {"url": "https://crm.example.com", "headers": [{"name": "X-Api-Key", "value": f"{CANARY}old"}]}
    service = emulator.http_service("CRM", httpServiceConfig=json.dumps(old))
    kept = {"url": "https://crm.example.com", "headers": [{"name": "X-Api-Key", "value": f"{CANARY}new", "at": "1"}]}
    answer = {"serviceId": int(service), "httpServiceConfig": json.dumps(kept)}
    emulator.faults({"match": {"operation": "HT-09"}, "fault": "status", "code": 200, "body": answer})

    def program() -> None:
        ringcx.HttpService(
            "service",
            group_id="123456/1000",
            name="CRM",
            kind="HTTP",
            url="https://crm.example.com",
            headers=[{"name": "X-Api-Key", "value": pulumi.Output.secret(f"{CANARY}new")}],
            adopt=True,
        )

    runs = [stack.preview(program), stack.up(program, quiet=False)]

    assert "__stored_as" in stack.state()["service"]["outputs"]
    assert any("X-Api-Key" in line for line in runs[1].said)
    for run in runs:
        assert CANARY not in repr(run)
    for file in stack.files():
        assert CANARY.encode() not in file.read_bytes(), file


def test_a_secret_is_not_readable_after_a_failure_half_way(stack: Stack, emulator: Emulated) -> None:
    def program() -> None:
        ringcx.HttpService(
            "service",
            group_id="123456/1000",
            name="CRM",
            kind="HTTP",
            url="https://crm.example.com",
            http_password=f"{CANARY}http-password",
            headers=[{"name": "X-Api-Key", "value": pulumi.Output.secret(f"{CANARY}header")}],
            active=True,
        )

    emulator.faults({"match": {"operation": "HT-11"}, "fault": "status", "code": 400})

    run = stack.fails(program)

    assert "HT-11" in run.error
    assert stack.state()["service"]["id"]
    assert CANARY not in repr(run)
    for file in stack.files():
        assert CANARY.encode() not in file.read_bytes(), file
    stack.up(program)
