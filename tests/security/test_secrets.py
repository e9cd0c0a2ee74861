"""No secret in a line, a message, a trace, a note, or an output that is not marked: every type, every way to fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.lifecycle.provider import Partly, said_by
from tests.fuzz.conftest import EXAMPLES, TYPES
from tests.fuzz.world import ENVIRONMENT, World, provider_process

CANARY = "canary-5e1f"
SECRET_FIELDS = {
    token: names
    for token in TYPES
    if (names := {name for name, field in registry.provider_for(token).model.items() if field.secret})
}


def _marked(value: Any, place: str) -> Any:
    if isinstance(value, str):
        return f"{CANARY}-{place}"
    if isinstance(value, dict):
        return {name: item if name == "name" else _marked(item, f"{place}-{name}") for name, item in value.items()}
    return [_marked(item, f"{place}-{n}") for n, item in enumerate(value)] if isinstance(value, list) else value


def _echo_json(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    text = request.content.decode("utf-8", "replace")
    said = {"errorCode": "x", "generalMessage": f"not {text}", "message": text, "details": text}
    problems = [{"attributeName": text, "message": text}]
    return httpx.Response(400, json={**said, "validationErrors": problems}, headers={"x-request-id": _in_header(text)})


def _echo_text(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return httpx.Response(500, content=b"<p>" + request.content, headers={"Content-Type": "text/plain"})


def _echo_nonsense(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return httpx.Response(200, content=b"{" + request.content, headers={"Content-Type": _in_header(str(answer.text))})


def _lost(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    raise httpx.ReadError(f"lost while sending {request.content!r}")


def _in_header(text: str) -> str:
    return "".join(character for character in text if " " <= character <= "~")[:2000]


ECHOES: dict[str, Callable[[httpx.Request, httpx.Response], httpx.Response]] = {
    "a refusal that repeats the request": _echo_json,
    "an error in text that repeats the request": _echo_text,
    "an answer that is no JSON": _echo_nonsense,
    "a connection that is lost": _lost,
}


def test_there_are_types_with_secrets() -> None:
    assert len(SECRET_FIELDS) >= 6


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
@pytest.mark.parametrize("token", SECRET_FIELDS)
def test_a_failure_shows_none(
    token: str,
    echo: Callable[[httpx.Request, httpx.Response], httpx.Response],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    world = World()
    instance = EXAMPLES[token].instances(world)["made"]
    args = {**instance.args, **instance.updates}
    args |= {name: _marked(args[name], name) for name in SECRET_FIELDS[token]}
    provider = registry.provider_for(token)
    cache, trace = tmp_path / "cache", tmp_path / "trace.jsonl"
    lines: list[str] = []

    def attempt(work: Callable[[], Any]) -> None:
        try:
            lines.append(repr(work()))
        except Partly as part:
            lines.append(said_by(provider.vendor, part.cause))
        except Exception as error:
            lines.append(said_by(provider.vendor, error))

    def writes_only(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        return answer if request.method == "GET" or CANARY.encode() not in request.content else echo(request, answer)

    with provider_process(world.line, cache, VOICE_ROUTING_TRACE_FILE=str(trace)) as told:
        checked = provider.check({}, args)
        assert checked.failures == []
        with world.changing(writes_only):
            attempt(lambda: provider.create(checked.inputs))
    with provider_process(world.line, cache, VOICE_ROUTING_TRACE_FILE=str(trace)) as more:
        made = provider.create({**checked.inputs, **({"adopt": True} if "adopt" in provider.model else {})})
        with world.changing(writes_only):
            changed = {**checked.inputs, **{name: _marked(args[name], "new") for name in SECRET_FIELDS[token]}}
            attempt(lambda: provider.update(made.id, made.outs, changed))
            lines.append(repr(provider.read(made.id, made.outs).id))
    world.stop()

    assert CANARY in str([request.content for request in world.line.requests]), "the vendor gets it"
    said = capfd.readouterr()
    for text in (*lines, *told, *more, said.out, said.err, trace.read_text(encoding="utf-8"), *_texts(cache)):
        assert CANARY not in text
    plain = {name: value for name, value in made.outs.items() if name not in SECRET_FIELDS[token]}
    assert CANARY not in json.dumps(plain), "outputs that nothing marks as secret"


SETTINGS = {
    "RINGEX_CLIENT_SECRET": "ringcx:RouteGroup",
    "RINGEX_JWT": "ringcx:RouteGroup",
    "RINGCX_ACCESS_TOKEN": "ringcx:RouteGroup",
    "RINGEX_ACCESS_TOKEN": "ringex:ForwardingNumber",
    "PORTSIP_ACCESS_TOKEN": "portsip:RingGroup",
    "PORTSIP_PASSWORD": "portsip:RingGroup",
}
PASSWORDS = ("RINGEX_CLIENT_SECRET", "RINGEX_JWT", "PORTSIP_PASSWORD")
BESIDE = {"RINGEX_CLIENT_ID": "app", "PORTSIP_USERNAME": "admin", "PORTSIP_DOMAIN": "acme.example.com"}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_sign_in_that_fails_shows_none(setting: str, tmp_path: Path) -> None:
    """The vendor repeats whatever it was sent: headers, form and all."""

    def echo(request: httpx.Request) -> httpx.Response:
        text = f"{request.headers} {request.content.decode()} {request.url}"
        said = {"errorCode": "x", "error_description": text, "message": text, "generalMessage": text}
        return httpx.Response(401, json={**said, "errors": [{"code": "x", "message": text}]})

    heard: list[httpx.Request] = []

    def vendor(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return echo(request)

    world = World()
    args = EXAMPLES[SETTINGS[setting]].instances(world)["made"].args
    provider = registry.provider_for(SETTINGS[setting])
    trace = tmp_path / "trace.jsonl"
    settings = {name: "" for name in ENVIRONMENT if name.endswith("_ACCESS_TOKEN")}
    settings |= {name: f"{CANARY}-{name}" for name in (*PASSWORDS, setting)}
    settings |= {**BESIDE, "VOICE_ROUTING_TRACE_FILE": str(trace)}
    with provider_process(httpx.MockTransport(vendor), tmp_path / "cache", **settings) as told:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is, it is shown in this form
            provider.create(args)
        line = said_by(provider.vendor, raised.value)
    world.stop()

    assert "401" in line
    assert heard
    for text in (line, *told, trace.read_text(encoding="utf-8"), *_texts(tmp_path / "cache")):
        assert CANARY not in text


def _texts(folder: Path) -> list[str]:
    return [f"{file.name} {file.read_text(encoding='utf-8')}" for file in folder.rglob("*") if file.is_file()]
