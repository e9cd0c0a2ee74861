"""``voice-routing doctor``: whether this machine, these settings and this stack can do what a run will need.

Everything is asked by reads. Nothing is written, neither at a vendor nor in a stack.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple, TypeAlias

from .. import __version__, settings
from ..client.answers import part
from ..client.http import ApiClient
from ..errors import Forbidden, SettingsError, Unauthorized, Unreachable, VoiceRoutingError, one_line, some_of
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..permission.approvals import APPROVALS_FILE, Approval, Approvals
from ..plan import pulumi_cli as engine
from ..plan.facts import Resource, saved_resources
from ..plan.rows import saved_outputs
from ..portsip.client import portsip_client
from ..registry import provider_for
from ..ringcx.client import ringcx_client
from ..ringex.client import ringex_client
from ..safety.emergency import in_vain, switched_off
from ..text_files import UnreadableText, read_text
from .compare.sides import declared_in
from .declared_rights import refusals
from .local_time import last_day
from .terminal import Told, nothing
from .wrong_settings import wrong_settings

Level: TypeAlias = Literal["ok", "warning", "error"]

_PACKAGE = "pulumi-voice-routing"
_PACK = "PulumiPolicy.yaml"
_OLDEST_ENGINE = [3, 259]
_LANGUAGE_HOST = "pulumi-language-python"
_SECRETS = {
    "passphrase": {"salt": "encryptionsalt"},
    "cloud": {"url": "secretsprovider", "encryptedkey": "encryptedkey"},
}
"""What a state says of how its secrets are kept, and what a stack's settings file calls the same."""
_SECRETS_ADVICE = "Set PULUMI_CONFIG_PASSPHRASE, or what the stack's secrets provider needs."
_NOT_SET_UP = "not set up, and nothing in the stack needs it"
_MOST_EXTENSIONS = 10
"""The vendor answers forty such questions in a minute."""
_MOST_SECONDS_OFF = 60
"""Tokens are valid for minutes, so that a clock that is further off makes them look expired, or not valid yet."""


@dataclass(frozen=True)
class Finding:
    """What one check has found."""

    level: Level
    about: str
    """What was looked at, in a word or two."""
    said: str
    advice: str = ""
    """What to do about it."""


class Stack(NamedTuple):
    """The stack in a folder, as far as it can be read."""

    resources: Sequence[Resource]
    saved: Mapping[str, Mapping[str, Any]]
    """What the state holds of each of them, by URN, as the engine hands it to providers."""
    folder: Path
    declared: frozenset[str] = frozenset()
    """The types that the program declares and the state does not have."""

    def needs(self, vendor: str) -> bool:
        """Whether it has or declares anything of a vendor."""
        return bool(self.of(vendor)) or any(token.startswith(f"{vendor}:") for token in self.declared)

    def of(self, vendor: str) -> list[Resource]:
        """Its resources of one vendor."""
        return [one for one in self.resources if one.type.startswith(f"{vendor}:")]


class _Vendor(NamedTuple):
    name: str
    client: Callable[[], ApiClient]
    ask: Callable[[Any], str]
    """One harmless read, which needs a valid sign-in and the right account; answers whom it has met."""


def _ringcx(api: Any) -> str:
    return f"account {api.account_id}, {_counted(len(api.list_groups()), 'route group')}"


def _ringex(api: Any) -> str:
    account, extension = api.whoami()
    return f"account {account}, signed in as extension {extension}"


def _portsip(api: Any) -> str:
    return f"tenant {api.tenant}, {_counted(len(api.list_groups()), 'ring group')}"


_VENDORS = (
    _Vendor("ringcx", ringcx_client, _ringcx),
    _Vendor("ringex", ringex_client, _ringex),
    _Vendor("portsip", portsip_client, _portsip),
)


_PARTS = ("versions", "stack", *(one.name for one in _VENDORS), "approvals", "policy pack", "protection")


def examined(cwd: Path, stack: str | None = None, told: Told = nothing) -> Iterator[Finding]:
    """Every finding, as soon as it is made; a folder without a stack is looked at as far as it goes."""

    def begins(part: str) -> None:
        told(_PARTS.index(part), len(_PARTS), part)

    begins("versions")
    yield from _versions(cwd)
    begins("stack")
    there = Stack([], {}, cwd)
    if (cwd / "Pulumi.yaml").is_file():
        try:
            document = engine.exported(stack, cwd)
            settings.use_stack_config(_configuration(stack, cwd).get)
            saved = {"deployment": document["deployment"]}  # what has none is no state
            there = there._replace(resources=list(saved_resources(saved)), saved=saved_outputs(saved))
            yield Finding("ok", "stack", f"{_counted(len(there.resources), 'resource')} of this package")
            yield from _secrets(document["deployment"].get("secrets_providers"), stack, cwd)
        except (VoiceRoutingError, AttributeError, LookupError, TypeError, ValueError) as error:
            level: Level = "warning" if stack is None else "error"
            advice = (
                "Select a stack, or give --stack." if "no stack" in str(error) else "`pulumi stack` has to work here."
            )
            yield Finding(level, "stack", f"it cannot be read: {error}", advice)
        there, said = _with_program(there)
        yield from said
    elif not cwd.is_dir() or stack is not None:
        where = f"there is no Pulumi program in {cwd}" if cwd.is_dir() else f"there is no folder {cwd}"
        yield Finding("error", "stack", where, "Correct --cwd.")
    else:
        yield Finding("ok", "stack", f"there is no Pulumi program in {cwd.resolve()}; only settings are looked at")
    yield from (Finding("error", "settings", said, "Correct it.") for said in wrong_settings())
    for vendor in _VENDORS:
        begins(vendor.name)
        yield from _met(vendor, there)
    begins("approvals")
    yield from _approvals(there)
    yield from _emergency()
    begins("policy pack")
    yield from _packs(cwd)
    begins("protection")
    yield from _protection(there)


def _with_program(stack: Stack) -> tuple[Stack, list[Finding]]:
    """The stack with what its program declares beyond it, where that can be told without an engine."""
    if not (stack.folder / "__main__.py").is_file():
        return stack, []
    try:
        declared = {one.type for one in declared_in(stack.folder)}
    except VoiceRoutingError as error:
        return stack, [Finding("ok", "program", f"what it declares is not told before it is previewed: {error}")]
    new = frozenset(declared - {one.type for one in stack.resources})
    return stack._replace(declared=new), []


# The machine


def _versions(cwd: Path) -> Iterator[Finding]:
    sdk = version("pulumi")
    yield Finding("ok", "package", f"{_PACKAGE} {__version__}, pulumi SDK {sdk}")
    try:
        said = engine.pulumi("version", cwd=cwd if cwd.is_dir() else None).strip().removeprefix("v")
    except engine.EngineError as error:
        yield Finding("error", "engine", str(error), "Install the Pulumi CLI and put it on PATH.")
        return
    numbers = [int(one) for one in re.findall(r"\d+", said)[:2]]
    major = sdk.partition(".")[0]
    if said.partition(".")[0] != major:
        yield Finding(
            "error",
            "engine",
            f"pulumi says that its version is {one_line(said)[:100]!r}, and the SDK is {sdk}",
            f"Install a Pulumi CLI of version {major}.",
        )
    elif numbers < _OLDEST_ENGINE:
        oldest = ".".join(map(str, _OLDEST_ENGINE))
        yield Finding(
            "warning",
            "engine",
            f"pulumi {one_line(said)[:100]} is older than {oldest}, the oldest that this package was tried with",
            "Install a newer Pulumi CLI.",
        )
    else:
        yield Finding("ok", "engine", f"pulumi {one_line(said)[:100]}")
    if not _finds_language_host():
        yield Finding(
            "warning",
            "engine",
            f"{_LANGUAGE_HOST} is neither beside pulumi nor on PATH",
            "Install the whole Pulumi CLI: it runs programs in Python with that.",
        )


def _finds_language_host() -> bool:
    beside = Path(shutil.which("pulumi") or "pulumi").resolve().with_name(_LANGUAGE_HOST)
    return bool(shutil.which(_LANGUAGE_HOST)) or beside.is_file()


def _secrets(kept: Any, stack: str | None, cwd: Path) -> Iterator[Finding]:
    """Whether a run will get at the stack's secrets, which an export does not need: one is encrypted for a file that
    is thrown away."""
    kind, said = part(kept).get("type"), part(part(kept).get("state"))
    if kind not in _SECRETS or not said:
        return
    lines = [f"{name}: {json.dumps(said.get(key))}" for key, name in _SECRETS[kind].items()]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "Pulumi.secrets.yaml"
        file.write_text("\n".join([*lines, ""]), encoding="utf-8")
        words = ["config", "set", "--secret", "voice-routing:doctor", "-", "--config-file", str(file)]
        try:
            engine.pulumi(*words, *(("--stack", stack) if stack else ()), cwd=cwd)
        except engine.EngineError as error:
            why = str(error).replace(str(file), file.name)
            yield Finding("error", "secrets", f"a run cannot get at the stack's secrets: {why}", _SECRETS_ADVICE)
        else:
            yield Finding("ok", "secrets", f"a run can get at the stack's secrets ({kind})")


def _configuration(stack: str | None, cwd: Path) -> Mapping[str, str]:
    """The stack's settings by their full keys, secrets included, as a run would see them."""
    words = ["config", "--json", "--show-secrets", *(("--stack", stack) if stack else ())]
    return engine.settings_in(json.loads(engine.pulumi(*words, cwd=cwd)))


# The vendors


def _met(vendor: _Vendor, stack: Stack) -> Iterator[Finding]:
    used = stack.needs(vendor.name)
    try:
        api = vendor.client()
    except SettingsError as error:
        if used or _begun(vendor.name):
            yield Finding("error" if used else "warning", vendor.name, str(error))
        else:
            yield Finding("ok", vendor.name, _NOT_SET_UP)
        return
    try:
        yield Finding("ok", vendor.name, vendor.ask(api))
    except SettingsError as error:
        if used or _begun(vendor.name):
            yield Finding("error" if used else "warning", vendor.name, str(error))
        else:
            yield Finding("ok", vendor.name, _NOT_SET_UP)
        return
    except (Unauthorized, Forbidden, Unreachable) as error:
        yield Finding("error", vendor.name, str(error))
        return
    except VoiceRoutingError as error:
        yield Finding("error", vendor.name, str(error), "Check the base URL and the account.")
        return
    yield from _clock(vendor.name, api)
    yield from _rates(vendor.name, api)
    if vendor.name == "ringex":
        yield from _call_handling(api, stack.of("ringex"))
    yield from _rights(vendor.name, stack)


def _begun(vendor: str) -> bool:
    """Whether somebody has set anything for a vendor."""
    return any(name.startswith(f"{vendor.upper()}_") and value.strip() for name, value in os.environ.items())


def _clock(vendor: str, api: ApiClient) -> Iterator[Finding]:
    off = api.clock_ahead
    if off is not None and abs(off) <= _MOST_SECONDS_OFF:
        yield Finding("ok", f"{vendor} clock", f"within {_MOST_SECONDS_OFF} s of the vendor's")
    elif off is not None:
        way = "ahead of" if off > 0 else "behind"
        yield Finding(
            "warning",
            f"{vendor} clock",
            f"this machine's clock is {abs(off):.0f} s {way} the vendor's",
            "Set it right: sign-ins and the ends of approvals depend on it.",
        )


def _rates(vendor: str, api: ApiClient) -> Iterator[Finding]:
    told = [f"{one.name}: {one.left} of {one.limit}" for one in api.budgets() if one.limit > 0]
    if told:
        yield Finding("ok", f"{vendor} rate", f"calls left in this minute: {', '.join(told)}")


def _call_handling(api: Any, used: Sequence[Resource]) -> Iterator[Finding]:
    """Which of the two kinds of call handling have whoever signs in and the extensions that the stack is about."""
    named = {references.last(at) for one in used if isinstance(at := one.role(means.Inside), str)} - {"~"}
    own = api.whoami()[1]
    asked = [own, *sorted(named - {own})]
    kinds: dict[bool, list[str]] = {False: [], True: []}
    try:
        for extension in asked[:_MOST_EXTENSIONS]:
            kinds[api.has_new_call_handling(extension)].append(extension)
    except VoiceRoutingError as error:
        yield Finding("warning", "ringex call handling", str(error))
        return
    words = {False: "answering rules", True: "states and interaction rules"}
    said = [f"{words[new]}: extension {', '.join(those)}" for new, those in kinds.items() if those]
    more = f"; {len(asked) - _MOST_EXTENSIONS} more were not asked about" if len(asked) > _MOST_EXTENSIONS else ""
    yield Finding("ok", "ringex call handling", f"{'; '.join(said)}{more}")


def _rights(vendor: str, stack: Stack) -> Iterator[Finding]:
    """Whether whoever signs in may read each type that the stack has: one object of each is read. Of types that the
    program declares, and that the stack does not have yet, it is a list."""
    used, saved = stack.of(vendor), stack.saved
    one_of_each = {one.type: one for one in reversed(used) if one.id and not one.lookup}
    may: list[str] = []
    for token in sorted(one_of_each):
        one, kind = one_of_each[token], token.partition(":")[2]
        try:
            there = provider_for(token).look(str(one.id), dict(saved[one.urn]))
        except VoiceRoutingError as error:
            yield Finding("error", f"{vendor} {kind}", f"{one.name} cannot be read: {error}")
            continue
        if there is None:
            yield Finding(
                "warning",
                f"{vendor} {kind}",
                f"{one.name} ({one.id}) is in the state, but not at the vendor",
                "Run `pulumi refresh` and look at what it finds.",
            )
        else:
            may.append(kind)
    listed, refused = refusals(sorted(token for token in stack.declared if token.startswith(f"{vendor}:")))
    for token, why in refused.items():
        said = f"the program declares it, and it cannot be listed: {why}"
        yield Finding("error", f"{vendor} {token.partition(':')[2]}", said)
    may += [kind for token in listed if (kind := token.partition(":")[2]) not in may]
    if may:
        yield Finding("ok", f"{vendor} rights", f"may read {', '.join(may)}")


# The stack's safety


def _approvals(stack: Stack) -> Iterator[Finding]:
    try:
        approvals = Approvals.of(APPROVALS_FILE.get(), stack.folder)
    except SettingsError as error:
        yield Finding("error", "approvals", str(error), "No approval counts until the file can be read.")
        return
    if not approvals.entries:
        yield Finding("ok", "approvals", "nothing is approved")
    today = datetime.now(UTC).date()
    expired = [_name(one) for one in approvals.entries if one.expired(today)]
    unused = [_name(one) for one in approvals.entries if not one.expired(today) and _names_nothing(one, stack)]
    if expired:
        yield Finding("warning", "approvals", f"expired: {some_of(expired)}", "Take them out of the file.")
    if unused:
        yield Finding(
            "warning", "approvals", f"about nothing in this stack: {some_of(unused)}", "Correct them, or take them out."
        )
    if approvals.entries and not expired and not unused:
        yield Finding("ok", "approvals", f"{_counted(len(approvals.entries), 'entry', 'entries')}, all in force")


def _name(one: Approval) -> str:
    objects = sorted(one.objects)
    return f"{one.rule} for {some_of(objects, 2)} until {last_day(one.until)}"


def _names_nothing(one: Approval, stack: Stack) -> bool:
    """Whether a number that it is for is nowhere in the stack. What is no number may be any resource's name."""
    if not stack.resources:
        return False
    numbers = [digits for name in one.objects if (digits := _digits(name))]
    if not numbers:
        return False
    text = " ".join(str(dict(resource.props)) for resource in stack.resources)
    return not any(digits in text for digits in numbers)


def _digits(name: str) -> str:
    found = re.match(r"\+?([0-9]{2,15})\b", name)
    return found[1] if found else ""


def _emergency() -> Iterator[Finding]:
    if off := switched_off():
        said = f"VOICE_ROUTING_BREAK_GLASS switches off {', '.join(off)}"
        yield Finding("warning", "emergency", said, "Unset it when the emergency is over.")
    if said := in_vain():
        yield Finding("warning", "emergency", said, "Correct the name, or unset the variable.")


def _packs(cwd: Path) -> Iterator[Finding]:
    folders = [cwd.resolve(), *list(cwd.resolve().parents)[:3]]
    files = [file for folder in folders for file in sorted((folder / "policies").glob(f"*/{_PACK}"))]
    if not files:
        yield Finding("ok", "policy pack", "none in policies, here or up to three folders above")
    for file in files[:1]:
        try:
            found = re.search(r"^version:[ \t]*[\"']?([^\s\"']+)", read_text(file), re.MULTILINE)
        except (OSError, UnreadableText) as error:
            yield Finding("warning", "policy pack", f"{file} cannot be read: {error}")
            continue
        if found is not None and found[1] != __version__:
            yield Finding(
                "warning",
                "policy pack",
                f"{file.parent} is of version {found[1]}, the package of {__version__}",
                "Take the pack that belongs to the package.",
            )
        else:
            yield Finding("ok", "policy pack", f"{file.parent.name}{f' {found[1]}' if found else ''}")


def _protection(stack: Stack) -> Iterator[Finding]:
    answering = [one for one in stack.resources if one.roles.answers and not one.lookup and one.switch() is not False]
    if not answering:
        yield Finding("ok", "protection", "the stack has nothing that callers reach by a number")
        return
    bare = [one.name for one in answering if not one.protected and not one.kept]
    if bare:
        yield Finding(
            "warning",
            "protection",
            f"callers reach {some_of(bare)}, which nothing protects",
            "Call guard() at the start of the program and run `pulumi up`.",
        )
    else:
        yield Finding(
            "ok", "protection", f"{_counted(len(answering), 'resource')} that numbers depend on, all protected"
        )


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"


# What is printed


def as_text(finding: Finding) -> str:
    """A line: ok, warning or error, about what, and what to do."""
    said = finding.said.rstrip(".") + (f". {finding.advice}" if finding.advice else "")
    return f"{finding.level:<8} {finding.about:<18} {said}"


def as_json(findings: Iterable[Finding]) -> dict[str, object]:
    """All of them as plain values, with how many there are of each level."""
    those = list(findings)
    counts = {level: sum(one.level == level for one in those) for level in ("ok", "warning", "error")}
    return {"counts": counts, "findings": [asdict(one) for one in those]}


__all__ = ["Finding", "as_json", "as_text", "examined"]
