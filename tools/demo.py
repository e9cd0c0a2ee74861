"""The main example from nothing to nothing: up, checked, protected, down. `make demo` runs it.

Everything is real but the vendor, which is the local emulator. Each step is verified; the first that does not do what
it says ends the demo with one line and exit code 1. All files are in one folder under `build/`. It is removed at the
end and all processes are stopped, however the demo ends.
"""
# ruff: noqa: S603 - every command is one of this file's own

from __future__ import annotations

import contextlib
import difflib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import httpx

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "programs" / "contact_center"
PACK = Path("policies") / "number_safety"

NUMBERS = ["+18005550100", "+18005550111"]
"""What callers dial."""

WHOLE = "targets=[denver, dublin, answering_service, business_hours, overflow]"
WITHOUT_DUBLIN = WHOLE.replace("dublin, ", "")
WITHOUT_GUARD = ("pulumi_voice_routing.guard()\n", "")
ANSWERED = """numbers=numbers,
        profile=business_hours,"""
ANSWERED_BY_OVERFLOW = ANSWERED.replace("business_hours", "overflow")

LOOKS = {"CR-17", "NM-02"}
"""Calls that are no GET and change nothing: the export of hours, the search of numbers."""

FOREIGN = ("PULUMI_", "RINGCX_", "RINGEX_", "PORTSIP_", "VOICE_ROUTING_")
"""Settings of the user's own account, which must not reach the demo."""

BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() and "NO_COLOR" not in os.environ else ("", "")


class Failed(Exception):
    """A step did not do what it says."""


def main() -> int:
    sys.stdout.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts it in the background ignores it
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    started = time.monotonic()
    try:
        with contextlib.ExitStack() as cleanup:
            run_demo(cleanup)
    except Failed as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("demo: interrupted; everything it started is stopped", file=sys.stderr)
        return 130
    seconds = time.monotonic() - started
    print(f"\n{BOLD}Done{PLAIN} in {seconds:.0f} s. Nothing it started is running, and its files are removed.")
    return 0


def run_demo(cleanup: contextlib.ExitStack) -> None:
    if shutil.which("pulumi") is None:
        raise Failed("there is no pulumi on PATH; run it as `make demo`")
    folder = cleanup.enter_context(scratch_folder())

    heading(1, "Start the emulator of the vendor's API")
    vendor = Vendor(cleanup.enter_context(emulator()), cleanup.enter_context(httpx.Client(trust_env=False)))
    stack = Stack(f"demo-{folder.name.rpartition('-')[2]}", environment(folder, vendor.url))
    cleanup.callback(stack.settings_file.unlink, missing_ok=True)
    say(f"RingCX is {vendor.url} from here on, with account 123456")

    heading(2, "Bring the support line up, with the policy pack watching")
    stack.pulumi("stack", "init", stack.name, quiet=True)
    stack.pulumi("config", "set", "numbers", json.dumps(NUMBERS))
    stack.pulumi("up", "--yes", "--policy-pack", str(PACK))
    expect(set(vendor.names()) == set(vendor.names(active=True)), "everything is active")
    business_hours = f"profile {vendor.profile('Support business hours')}"
    expect(vendor.owners() == dict.fromkeys(NUMBERS, business_hours), f"{business_hours} answers the numbers")
    expect(vendor.shares("Support business hours") == [70, 30], "the calls are split 70 to 30")

    heading(3, "Look at what the vendor has now")
    for name, value in json.loads(stack.pulumi("stack", "output", "--json")).items():
        say(f"output {name}: {json.dumps(value)}")
    vendor.show()

    heading(4, "Look again: a second preview and a refresh find nothing to do")
    written = vendor.writes()
    stack.pulumi("preview", "--expect-no-changes")
    stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-outputs")
    expect(vendor.writes() == written, "nothing was written to the vendor")

    heading(5, "Try to take Dublin out while the live profile sends it 30 % of the calls")
    pull_request = changed_program(folder / "without-dublin", stack, WHOLE, WITHOUT_DUBLIN)
    said = stack.pulumi("preview", "--policy-pack", str(ROOT / PACK), folder=pull_request, refused=True)
    stopped = "[mandatory]  calls-unknown" in said and NUMBERS[0] in said
    expect(stopped, "the mandatory policy calls-unknown stopped it in the preview")
    say("The same change once more, without the policy pack and without guard() in the program:")
    say("the provider itself looks before it switches anything off.")
    pull_request = changed_program(folder / "without-guard", stack, *WITHOUT_GUARD, of=pull_request)
    said = stack.pulumi("up", "--yes", "--skip-preview", folder=pull_request, refused=True)
    expect("error: ringcx: calls to" in said, "the provider refused")
    expect("Support Dublin" in vendor.names(active=True), "Dublin still takes its calls")
    expect(vendor.writes() == written, "nothing was written to the vendor")

    heading(6, "Try to move the numbers that callers dial to the overflow profile")
    pull_request = changed_program(folder / "numbers-moved", stack, ANSWERED, ANSWERED_BY_OVERFLOW)
    said = stack.pulumi("preview", "--policy-pack", str(ROOT / PACK), folder=pull_request, refused=True)
    expect(
        "[mandatory]  reassign-active-dnis" in said and NUMBERS[0] in said,
        "the mandatory policy reassign-active-dnis stopped it in the preview",
    )
    say("The same change once more, without the policy pack: guard() at the top of the program judges it.")
    said = stack.pulumi("up", "--yes", "--skip-preview", folder=pull_request, refused=True)
    expect("numbers would change hands" in said, "the program refused")
    expect(vendor.owners() == dict.fromkeys(NUMBERS, business_hours), "the numbers are where they were")
    expect(vendor.writes() == written, "nothing was written to the vendor")

    heading(7, "Tear everything down, with an approval that lets the numbers go")
    stack.pulumi("destroy", "--yes", "--skip-preview", refused=True)
    expect(vendor.owners() == dict.fromkeys(NUMBERS, business_hours), "a plain destroy takes no number away")
    stack.env["VOICE_ROUTING_APPROVALS"] = str(approval(folder / "approvals.toml", business_hours))
    stack.pulumi("up", "--yes", "--skip-preview")
    stack.pulumi("destroy", "--yes", "--skip-preview", "--run-program")
    expect(not stack.resources(), "the stack is empty")
    expect(not vendor.names(active=True) and not vendor.owners(), "nothing takes calls any more")
    say("What is left is inactive, because the vendor has no call that deletes it; adopt=True takes it up again:")
    vendor.show()
    stack.pulumi("stack", "rm", "--yes", quiet=True)


# The parts


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for all that the demo writes, removed at the end."""
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="demo-", dir=ROOT / "build", ignore_cleanup_errors=True) as name:
        for part in ("state", "home", "cache", "tmp"):
            (Path(name) / part).mkdir()
        yield Path(name)


@contextlib.contextmanager
def emulator() -> Iterator[str]:
    """The address of a fresh emulator on a free port of the loopback interface."""
    command = [sys.executable, "-m", "pulumi_voice_routing.emulator", "--port", "0", "--no-rate-limits", "--until-eof"]
    with running(command, os.environ, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101
        said = process.stdout.readline().strip()
        url = said.removeprefix("listening on ")
        if url == said:
            raise Failed(f"the emulator did not start: {said}")
        yield url


@contextlib.contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], cwd: Path = ROOT, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[str]]:
    """A process of our own, which does not outlive the block.

    It leads a session of its own, so that a Ctrl-C in the terminal reaches it once, from here.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            for end in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
                if process.poll() is not None:
                    break
                process.send_signal(end)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=20)


def environment(folder: Path, vendor_url: str) -> dict[str, str]:
    """Settings that keep the demo to itself and to the emulator."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    no_proxy = ",".join(filter(None, [own.get("NO_PROXY") or own.get("no_proxy"), "127.0.0.1"]))
    return own | {
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "demo",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "RINGCX_BASE_URL": vendor_url,
        "RINGCX_ACCOUNT_ID": "123456",
        "RINGCX_ACCESS_TOKEN": "emulator-token",
        "RINGCX_REQUESTS_PER_MINUTE": "0",
        "VOICE_ROUTING_CACHE_DIR": str(folder / "cache"),
        "VOICE_ROUTING_GUARD_PREVIEW": "tell",  # or guard() would stop previews before the policy pack has its say
        "TMPDIR": str(folder / "tmp"),
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
    }


def changed_program(copy: Path, stack: Stack, before: str, after: str, of: Path = PROGRAM) -> Path:
    """A copy of the program with one line changed, as a pull request would have it; the change is shown."""
    program = (of / "__main__.py").read_text(encoding="utf-8")
    if program.count(before) != 1:
        raise Failed(f"the program does not have the lines that the demo changes: {before}")
    changed = program.replace(before, after)
    for line in list(difflib.unified_diff(program.splitlines(), changed.splitlines(), "before", "after", n=0))[3:]:
        say(line)
    copy.mkdir()
    (copy / "__main__.py").write_text(changed, encoding="utf-8")
    shutil.copy(stack.settings_file, copy)
    # The engine reads YAML, of which JSON is a part.
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (copy / "Pulumi.yaml").write_text(json.dumps({"name": "contact-center", "runtime": runtime}), encoding="utf-8")
    return copy


def approval(file: Path, owner: str) -> Path:
    """Write down who lets the numbers go, why, and until when; the file is shown."""
    lines = [
        "[[approval]]",
        'rule = "release-active-dnis"',
        f"objects = {json.dumps(NUMBERS)}",
        f'from = "{owner}"',
        'to = "nobody"',
        'reason = "The demo is over"',
        'ticket = "DEMO-1"',
        f"until = {datetime.now(UTC).date() + timedelta(days=1)}",
    ]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    for line in lines:
        say(line)
    return file


@dataclass
class Stack:
    """The stack of the main example, worked with as a user would: through `pulumi`."""

    name: str
    env: dict[str, str]

    @property
    def settings_file(self) -> Path:
        """What `pulumi stack init` writes beside the project."""
        return ROOT / f"Pulumi.{self.name}.yaml"

    def pulumi(self, *arguments: str, folder: Path = ROOT, refused: bool = False, quiet: bool = False) -> str:
        """Run it and return what it said. Raises `Failed` when it does not end as it should."""
        command = ["pulumi", *arguments]
        own = ["--non-interactive", "--color", "never", *(() if arguments[0] == "stack" else ("--stack", self.name))]
        quiet = quiet or "--json" in arguments
        if not quiet:
            print(f"\n  $ {shlex.join(command)}")
        lines: list[str] = []
        with running([*command, *own], self.env, folder) as process:
            assert process.stdout is not None  # noqa: S101
            for line in process.stdout:
                lines.append(line)
                if not quiet and line.strip():
                    print(f"  | {line.rstrip()}")
            status = process.wait()
        if refused == (status == 0):
            how = "was not refused" if refused else f"failed with exit code {status}"
            raise Failed(f"`{shlex.join(command)}` {how}: {lines[-1].strip() if lines else 'it said nothing'}")
        return "".join(lines)

    def resources(self) -> list[Any]:
        """What the state holds."""
        exported = json.loads(self.pulumi("stack", "export", quiet=True))
        return list(exported["deployment"].get("resources") or [])


@dataclass
class Vendor:
    """What the emulator holds and was asked, seen from outside of the package under show."""

    url: str
    http: httpx.Client

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """The objects of one kind that the demo made."""
        state = self.http.get(f"{self.url}/_emulator/state").raise_for_status().json()
        return [one for one in state["objects"].get(kind, []) if not one.get("isDefault")]

    def names(self, active: bool | None = None) -> list[str]:
        """The destinations and profiles, by name."""
        both = [*self.objects("CloudRouteDestination"), *self.objects("CloudRouteProfile")]
        return [_name(one) for one in both if active is None or one["isActive"] is active]

    def shares(self, profile: str) -> list[int]:
        """The shares of a profile's destinations, in order of rank."""
        number = self.profile(profile)
        assigned = [one for one in self.objects("CloudRouteAssignedDestination") if one["cloudProfileId"] == number]
        return [one["allocationPercent"] for one in sorted(assigned, key=lambda one: int(one["rank"]))]

    def profile(self, name: str) -> int:
        """The number of a profile."""
        (number,) = (one["cloudProfileId"] for one in self.objects("CloudRouteProfile") if _name(one) == name)
        return int(number)

    def owners(self) -> dict[str, str]:
        """Who answers each number."""
        return {f"+{one['dnis']}": f"profile {one['cloudProfileId']}" for one in self.objects("AssignedDnis")}

    def show(self) -> None:
        """Say what there is."""
        for group in self.objects("CloudRouteGroup"):
            say(f"route group  {group['groupName']}")
        for kind, called in (("CloudRouteDestination", "destination"), ("CloudRouteProfile", "profile")):
            for one in self.objects(kind):
                state = "ACTIVE" if one["isActive"] else "inactive"
                what = one.get("routeDestination") or " / ".join(f"{share} %" for share in self.shares(_name(one)))
                say(f"{called:<12} {_name(one):<28} {state:<9} {what}")
        for number, owner in sorted(self.owners().items()):
            say(f"number       {number:<28} answered by {owner}")

    def writes(self) -> int:
        """How many requests were no mere look."""
        journal = self.http.get(f"{self.url}/_emulator/journal").raise_for_status().json()
        return sum(entry["method"] != "GET" and entry["operation"] not in LOOKS for entry in journal)


def _name(live: Mapping[str, Any]) -> str:
    return str(live.get("destinationName") or live.get("profileName"))


def heading(number: int, text: str) -> None:
    print(f"\n{BOLD}{number}. {text}{PLAIN}")


def say(text: str) -> None:
    print(f"  {text}")


def expect(holds: bool, what: str) -> None:
    """Say what was verified. Raises `Failed` when it does not hold."""
    if not holds:
        raise Failed(f"this should be so, and is not: {what}")
    say(f"ok: {what}")


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
