"""What a user gets wrong: a line that says so, an exit code, and nothing that the next up does not put right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.conftest import NewStack
from tests.emulated import Emulated, operations
from tests.stacks import Program, Stack

GROUP = "123456/1000"


def line(
    *,
    group_id: str = GROUP,
    kind: Any = "DID",
    target: str = "+13035551234",
    shares: tuple[int, int] = (70, 30),
    dnis: str = "+13035550101",
    late: bool = False,
    **more: Any,
) -> Program:
    """A program for a small line. With ``late`` its values come out of outputs, so that only the provider sees them."""

    def program() -> None:
        def given(value: Any) -> Any:
            return pulumi.Output.from_input(value) if late else value

        denver = ringcx.Destination(
            "denver", group_id=group_id, name="Denver", kind=given(kind), target=given(target), **more
        )
        boulder = ringcx.Destination(
            "boulder", group_id=denver.group_id, name="Boulder", kind="DID", target="+13035551235"
        )
        support = ringcx.Profile(
            "support",
            group_id=denver.group_id,
            name="Support",
            routing_type="PERCENT_ALLOCATION",
            percent_alloc_type="DAILY",
        )
        ringcx.ProfileDestinations(
            "split",
            profile=support,
            destinations=[
                {"destination": denver, "allocation_percent": given(shares[0])},
                {"destination": boulder, "allocation_percent": given(shares[1])},
            ],
        )
        ringcx.DnisOverride("own", destination=denver, dnis=given(dnis), target="+13035550177")

    return program


def is_up(emulator: Emulated) -> None:
    """The small line is there, once."""
    assert sorted(one["destinationName"] for one in emulator.records("CloudRouteDestination")) == ["Boulder", "Denver"]
    (profile,) = emulator.records("CloudRouteProfile")
    assert sorted(one["allocationPercent"] for one in emulator.assigned(str(profile["cloudProfileId"]))) == [30, 70]
    assert [one["dnis"] for one in emulator.records("CloudRouteDestinationOverride")] == ["13035550101"]


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a kind that does not exist": ({"kind": "PHONE"}, ["'denver'", "kind", "'DID'", "PHONE"]),
    "a share of 101 percent": ({"shares": (101, 0)}, ["'split'", "destinations[0].allocation_percent", "100"]),
    "shares that do not make 100": ({"shares": (70, 20)}, ["'split'", "destinations", "90 percent, not 100"]),
    "an override for something that is no number": (
        {"dnis": "reception"},
        ["'own'", "dnis", "'reception'", "+1303555"],
    ),
    "a target that is no number": ({"target": "12"}, ["'denver'", "target", "12"]),
}


def test_a_wrong_literal_is_a_line_that_names_the_argument_and_the_place(emulator: Emulated, stack: Stack) -> None:
    for what, (values, words) in WRONG.items():
        error = stack.fails(line(**values)).lines[0]
        assert [word for word in [*words, "test_bad_input.py:"] if word not in error] == [], f"{what}: {error}"

    stack.up(line())
    is_up(emulator)


def test_a_misspelt_argument_is_one_line_that_knows_the_right_one(emulator: Emulated, stack: Stack) -> None:
    error = stack.fails(line(descripton="Front desk")).error

    assert "'denver': descripton is not an argument of this resource; did you mean description?" in error
    assert emulator.journal() == []


def test_a_wrong_value_that_is_known_late_is_a_line_on_its_property(emulator: Emulated, stack: Stack) -> None:
    for what, (values, words) in WRONG.items():
        error = stack.fails(line(**values, late=True)).lines[0]
        assert [word for word in words if word not in error] == [], f"{what}: {error}"

    stack.up(line())
    is_up(emulator)


def test_a_group_that_does_not_exist_is_named(emulator: Emulated, stack: Stack) -> None:
    error = stack.fails(line(group_id="123456/4242")).error

    assert "4242" in error
    assert "404" in error
    stack.up(line())
    is_up(emulator)


def test_another_account_than_that_of_the_state_is_refused_before_anything_is_sent(
    emulator: Emulated, stack: Stack
) -> None:
    stack.up(line())
    stack.env["RINGCX_ACCOUNT_ID"] = "777"

    with emulator.recording() as calls:
        for run in (stack.fails(line(target="+13035550000")), stack.refresh_fails(), stack.destroy_fails()):
            assert any("belongs to account 123456, but account 777 is configured" in error for error in run.errors)
            assert "Traceback" not in run.console

    assert calls == []
    stack.env["RINGCX_ACCOUNT_ID"] = "123456"
    stack.up(line(target="+13035550000"))
    is_up(emulator)


Settings = Callable[[Path], dict[str, str]]


def _bad_authorities(folder: Path) -> dict[str, str]:
    file = folder / "authorities.pem"
    file.write_text("this is no certificate")
    return {"VOICE_ROUTING_CA_FILE": str(file)}


UNUSABLE: dict[str, tuple[Settings, list[str]]] = {
    "wrong account": (lambda _: {"RINGCX_ACCOUNT_ID": "777"}, ["account", "777"]),
    "an account of somebody else": (
        lambda _: {"RINGCX_ACCOUNT_ID": "654321"},
        ["654321", "is not one that this token may administer"],
    ),
    "an account that is a name": (lambda _: {"RINGCX_ACCOUNT_ID": "ours"}, ["RINGCX_ACCOUNT_ID", "'ours'", "digits"]),
    "no account": (
        lambda _: {"RINGCX_ACCOUNT_ID": ""},
        ["RINGCX_ACCOUNT_ID", "pulumi config set voice-routing:ringcxAccountId"],
    ),
    "no token": (
        lambda _: {"RINGCX_ACCESS_TOKEN": "", "RINGEX_ACCESS_TOKEN": ""},
        ["RINGCX_ACCESS_TOKEN", "pulumi config set --secret voice-routing:ringcxAccessToken"],
    ),
    "a token that is not good": (
        lambda _: {"RINGCX_ACCESS_TOKEN": "canary-of-a-token"},
        ["401", "Check the access token"],
    ),
    "a host that cannot be reached": (
        lambda _: {"RINGCX_BASE_URL": "http://127.0.0.1:1", "VOICE_ROUTING_MAX_WAIT_SECONDS": "0.1"},
        ["cannot connect to 127.0.0.1", "nothing was sent"],
    ),
    "a base URL with a path": (
        lambda _: {"RINGCX_BASE_URL": "https://ringcx.example.com/voice"},
        ["RINGCX_BASE_URL", "scheme, host and port only"],
    ),
    "a bad CA file": (_bad_authorities, ["VOICE_ROUTING_CA_FILE", "authorities.pem", "no usable certificates"]),
    "a CA file that is not there": (
        lambda folder: {"VOICE_ROUTING_CA_FILE": str(folder / "nowhere.pem")},
        ["VOICE_ROUTING_CA_FILE", "nowhere.pem"],
    ),
}


def test_a_setting_that_cannot_be_used_is_one_line_that_names_it(
    emulator: Emulated, stack: Stack, tmp_path: Path
) -> None:
    good = dict(stack.env)

    for what, (settings, words) in UNUSABLE.items():
        stack.env = {**good, **settings(tmp_path)}
        error = stack.fails(_one_group).error
        assert [word for word in words if word not in error] == [], f"{what}: {error}"
        assert "canary" not in error

    assert len(emulator.records("CloudRouteGroup")) == 2, "one for each account, and none of ours"
    stack.env = good
    stack.up(_one_group)


def _one_group() -> None:
    ringcx.RouteGroup("denver", name="Denver")


def test_html_instead_of_json_is_one_line_that_suspects_a_proxy(emulator: Emulated, stack: Stack) -> None:
    stack.env["VOICE_ROUTING_MAX_WAIT_SECONDS"] = "0.1"
    for code in (200, 502):
        emulator.faults({"fault": "html", "code": code, "times": 100})
        error = stack.fails(_one_group).error
        emulator.clear()
        assert "proxy" in error

    stack.up(_one_group)


@pytest.fixture
def signing_in(emulator: Emulated, new_stack: NewStack) -> Stack:
    """A stack that has no ready token, but signs in."""
    return new_stack(
        RINGCX_ACCESS_TOKEN="",
        RINGEX_BASE_URL=emulator.url,
        RINGEX_ACCESS_TOKEN="",
        RINGEX_CLIENT_ID="canary-client",
        RINGEX_CLIENT_SECRET="canary-secret",
        RINGEX_JWT="canary-jwt",
    )


def test_a_token_that_expires_in_the_middle_is_renewed_and_nobody_notices(
    emulator: Emulated, signing_in: Stack
) -> None:
    emulator.faults({"match": {"operation": "CR-04"}, "fault": "unauthorized"})

    with emulator.recording() as calls:
        signing_in.up(line(), quiet=False)

    assert [one for one in operations(calls) if one.startswith("AUTH-") and one != "AUTH-accounts"] == [
        "AUTH-token",
        "AUTH-exchange",
        "AUTH-refresh",
    ]
    is_up(emulator)
    signing_in.is_quiet(line())


def test_a_token_that_expires_and_cannot_be_renewed_is_one_line(emulator: Emulated, signing_in: Stack) -> None:
    emulator.faults(
        {"match": {"operation": "CRb-01"}, "fault": "unauthorized", "times": 100},
        {"match": {"operation": "AUTH-refresh"}, "fault": "status", "code": 401, "times": 100},
        {"match": {"operation": "AUTH-exchange"}, "fault": "status", "code": 401, "times": 100, "after": 1},
    )

    error = signing_in.fails(_one_group).error

    assert "401" in error
    assert "canary" not in error
    emulator.clear()
    signing_in.up(_one_group)
