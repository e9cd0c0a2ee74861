"""A run whose vendor cannot be asked says so in one line, in a preview too, and even where nothing would change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pulumi_voice_routing import portsip, ringcx, ringex
from pulumi_voice_routing.lifecycle.provider import Lifecycle
from pulumi_voice_routing.registry import providers
from tests.conftest import NewStack
from tests.emulated import Emulated, operations
from tests.examples import ref
from tests.stacks import Stack

NOWHERE = "http://127.0.0.1:9"
WAY_OUT = "To preview without {}, set VOICE_ROUTING_OFFLINE_PREVIEW=1."


def desks() -> None:
    for name in ("Denver", "Vail", "Aspen"):
        ringcx.Destination(name, group_id=ref("1000"), name=name, kind="DID", target="+13035550100")


def blocked() -> None:
    for last in range(3):
        portsip.BlockedNumber(f"caller-{last}", number=f"+1303555010{last}")


def phones() -> None:
    for last in range(3):
        ringex.ForwardingNumber(
            f"phone-{last}", extension_id="~", type="Other", label=f"Phone {last}", phone_number=f"+1720555010{last}"
        )


@dataclass(frozen=True)
class Vendor:
    program: Callable[[], None]
    asks: str
    """What the first resource asks."""
    wrong_account: str
    """The setting of it, and what is said."""
    said: str


VENDORS = {
    "ringcx": Vendor(
        desks, "AUTH-accounts", "RINGCX_ACCOUNT_ID", "belongs to account 123456, but account 777 is configured"
    ),
    "ringex": Vendor(phones, "EXb-02", "RINGEX_ACCOUNT_ID", "account 777 is configured, but the sign-in belongs to"),
    "portsip": Vendor(blocked, "RG-01", "PORTSIP_DOMAIN", "belongs to another tenant than 127.0.0.1/777"),
}


@pytest.fixture
def stranger() -> Iterator[str]:
    """A server that knows nothing of phones."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = b"<html>Not here</html>"
            self.send_response(404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=VENDORS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def brought_up(name: str, new_stack: NewStack) -> Stack:
    """A stack in which nothing is to be done any more."""
    stack = new_stack(VOICE_ROUTING_MAX_WAIT_SECONDS="0.1")
    stack.up(VENDORS[name].program, quiet=False)
    return stack


def ids_and_values(stack: Stack) -> dict[str, tuple[Any, ...]]:
    """What the state knows of its resources."""
    return {name: (one["id"], one["inputs"], one["outputs"]) for name, one in stack.state().items()}


def test_a_preview_that_changes_nothing_asks_once(name: str, brought_up: Stack, emulator: Emulated) -> None:
    with emulator.recording() as calls:
        assert brought_up.preview(VENDORS[name].program).changes == {}
    assert operations(calls) == [VENDORS[name].asks]


def test_a_preview_that_cannot_work_ends_in_one_line(
    name: str, brought_up: Stack, emulator: Emulated, stranger: str
) -> None:
    vendor, base, token = VENDORS[name], f"{name.upper()}_BASE_URL", f"{name.upper()}_ACCESS_TOKEN"
    wrong: list[tuple[dict[str, str], str]] = [
        ({base: NOWHERE}, "cannot connect to 127.0.0.1:9 "),
        ({base: stranger}, "404"),
        ({token: "", "RINGEX_ACCESS_TOKEN": ""}, "no way to sign in is set"),
        ({token: "a-wrong-token"}, "401"),
        ({vendor.wrong_account: "777"}, vendor.said),
    ]
    right = dict(brought_up.env)
    for settings, said in wrong:
        brought_up.env |= settings
        error = brought_up.preview_fails(vendor.program).error
        assert error.startswith(f"{name}: ")
        assert said in error
        assert error.endswith(WAY_OUT.format(name)) or "belongs to a" in error
        brought_up.env = dict(right)
    assert brought_up.preview(vendor.program).changes == {}


def test_an_offline_preview_is_one_that_is_meant(name: str, brought_up: Stack, emulator: Emulated) -> None:
    brought_up.env |= {f"{name.upper()}_BASE_URL": NOWHERE, "VOICE_ROUTING_OFFLINE_PREVIEW": "1"}
    assert brought_up.preview(VENDORS[name].program).changes == {}


def test_what_is_new_is_previewed_offline(new_stack: NewStack) -> None:
    stack = new_stack(RINGCX_BASE_URL=NOWHERE, VOICE_ROUTING_OFFLINE_PREVIEW="1")
    run = stack.preview(desks)
    assert set(run.changes.values()) == {"create"}
    assert not [line for line in run.said if "not looked at" in line]


def test_a_dead_host_is_one_error_of_a_refresh_and_leaves_the_state_as_it_is(name: str, brought_up: Stack) -> None:
    before = ids_and_values(brought_up)
    brought_up.env[f"{name.upper()}_BASE_URL"] = NOWHERE
    errors = brought_up.refresh_fails().errors
    assert len(errors) == 1, errors
    (error,) = errors
    assert f"{name}: " in error
    assert "cannot connect to 127.0.0.1:9 " in error
    assert ids_and_values(brought_up) == before


def test_a_dead_host_is_explained_once_by_a_destroy(name: str, brought_up: Stack) -> None:
    before = ids_and_values(brought_up)
    brought_up.env[f"{name.upper()}_BASE_URL"] = NOWHERE
    errors = brought_up.destroy_fails().errors
    others = {f"{name}: not done, for the reason that another resource of {name} tells."}
    assert sum("cannot connect to" in error for error in errors) == 1, errors
    assert {error for error in errors if "cannot connect to" not in error} <= others
    assert ids_and_values(brought_up) == before


def test_an_up_that_cannot_work_ends_in_one_line(name: str, brought_up: Stack) -> None:
    brought_up.env[f"{name.upper()}_BASE_URL"] = NOWHERE
    assert "cannot connect to 127.0.0.1:9 " in brought_up.fails(VENDORS[name].program).error


@pytest.mark.parametrize("token", sorted(providers))
def test_every_type_says_how_its_vendor_is_reached(token: str) -> None:
    provider: Any = providers[token]
    assert provider.reach is not Lifecycle.reach
