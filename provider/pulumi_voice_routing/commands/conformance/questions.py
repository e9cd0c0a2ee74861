"""What no document says, asked of the vendor; and what the emulator has to do to be like it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ...errors import ApiError, NotFound, VoiceRoutingError, one_line
from ...lifecycle import references
from ...portsip.client import portsip_client
from ...ringcx.client import RingCX, ringcx_client
from ...telephony.number import digits_of
from .recording import Exchange, Recorder
from .specimens import DESTINATION, Subjects

_LONGEST_WAIT_SECONDS = 10.0
_STEP_SECONDS = 0.5
_PLUS = "+12025550144"


@dataclass
class Answer:
    """A question, and what was seen."""

    question: str
    answer: str
    like: dict[str, Any] = field(default_factory=dict)
    """The switches of the emulator that make it do the same."""


Ask = Callable[[Subjects, Recorder], Answer | None]

NOT_ASKED = "not asked"


def asked(vendor: str, subjects: Subjects, recorder: Recorder, *, active_flag: bool) -> list[Answer]:
    """Every question about a vendor. The resources of the lives are there."""
    questions = [*_QUESTIONS[vendor], *([_active_flag] if active_flag and vendor == "ringcx" else ())]
    answers = []
    for ask in questions:
        question = (ask.__doc__ or "").strip()
        try:
            answer = ask(subjects, recorder)
            answers.append(answer or Answer(question, NOT_ASKED))
        except VoiceRoutingError as error:
            answers.append(Answer(question, f"{NOT_ASKED}: {one_line(str(error))}"))
    if vendor == "ringcx" and not active_flag:
        answers.append(Answer((_active_flag.__doc__ or "").strip(), f"{NOT_ASKED}: --active-flag lets it be asked"))
    return answers


def of_answers(vendor: str, recorder: Recorder) -> Iterator[Answer]:
    """What the answers to everything else tell by the way."""
    created = {one.status for one in recorder.of("CRb-01", "CR-04", "EXb-01", "EV-08", "RG-02", "PI-49")}
    if created:
        like = {"created_status": 201} if vendor == "ringcx" and created == {201} else {}
        yield Answer("What status has a create?", " or ".join(map(str, sorted(created))), like)
    limits = sorted({f"{name}: {value}" for one in recorder.exchanges for name, value in _rates(one)})
    yield Answer("Which rates do answers tell?", "; ".join(limits) or "none")
    refused = [one for one in recorder.exchanges if one.status == 429]
    waits = sorted({one.headers.get("retry-after", "no Retry-After") for one in refused})
    said = f"{len(refused)} times: {', '.join(waits)}" if refused else "never"
    like = {"retry_after": True} if refused and "no Retry-After" not in waits else {}
    yield Answer("How often were calls refused for their rate, and what do refusals say?", said, like)
    unsure = [one for one in recorder.exchanges if one.status >= 400 and one.status != 429]
    forms = sorted({f"{one.status} {', '.join(sorted(one.shape))[:120]}" for one in unsure})
    yield Answer("What do refusals look like?", "; ".join(forms) or "there were none")


def _rates(one: Exchange) -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in one.headers.items() if name.startswith("x-rate-limit"))


# RingCX


def _destination(subjects: Subjects) -> tuple[RingCX, str, str]:
    client = ringcx_client()
    made = subjects.made.get(DESTINATION)
    if made is None:
        raise VoiceRoutingError("no destination could be made")
    return client, references.last(references.parent(made)), references.last(made)


def _plus(subjects: Subjects, _recorder: Recorder) -> Answer:
    """Does a target keep its plus sign?"""
    client, group, number = _destination(subjects)
    before = dict(client.get_destination(group, number))
    client.update_destination(group, number, {**before, "routeDestination": _PLUS})
    client.listings.clear()
    seen = str(client.get_destination(group, number).get("routeDestination"))
    client.update_destination(group, number, before)
    kept = seen.startswith("+")
    like = {} if kept else {"plus_in_targets": "stripped"}
    return Answer(_plus.__doc__ or "", "yes" if kept else f"no: {_PLUS} comes back as {seen}", like)


def _omitted(subjects: Subjects, _recorder: Recorder) -> Answer:
    """What becomes of a field that an update leaves out?"""
    client, group, number = _destination(subjects)
    before = dict(client.get_destination(group, number))
    named = {"destinationDesc": "is it kept?"}
    client.update_destination(group, number, {**before, **named})
    client.update_destination(group, number, {name: one for name, one in before.items() if name not in named})
    client.listings.clear()
    kept = client.get_destination(group, number).get("destinationDesc") == named["destinationDesc"]
    client.update_destination(group, number, before)
    like = {"put": "merge" if kept else "replace"}
    return Answer(_omitted.__doc__ or "", "it is kept" if kept else "it is cleared", like)


def _active_flag(subjects: Subjects, _recorder: Recorder) -> Answer:
    """Does an update of the whole object change its active flag?"""
    client, group, number = _destination(subjects)
    before = dict(client.get_destination(group, number))
    try:
        client.update_destination(group, number, {**before, "isActive": True})
        client.listings.clear()
        changed = client.get_destination(group, number).get("isActive") is True
    finally:
        client.set_destination_active(group, number, False)
    return Answer(_active_flag.__doc__ or "", "yes" if changed else "no", {"put_sets_active": changed})


def _late(subjects: Subjects, _recorder: Recorder) -> Answer:
    """How late do lists show what was made?"""
    client = ringcx_client()
    made = client.create_group({"groupName": f"{subjects.mark} list"})
    began = time.monotonic()
    name = f"{subjects.mark} list"
    found: list[Any] = []
    waited = 0.0
    try:
        while True:
            client.listings.clear()
            found = [dict(one) for one in client.list_groups() if one.get("groupName") == name]
            waited = time.monotonic() - began
            if found or waited > _LONGEST_WAIT_SECONDS:
                break
            time.sleep(_STEP_SECONDS)
    finally:
        ids = [made] if made else found
        for one in ids:
            with suppress(NotFound):
                client.delete_group(str(one["cloudGroupId"]))
    if not found:
        return Answer(_late.__doc__ or "", f"later than {_LONGEST_WAIT_SECONDS:g} s")
    late = waited >= _STEP_SECONDS
    like = {"lists_late_seconds": round(waited, 1)} if late else {}
    return Answer(_late.__doc__ or "", f"after {waited:.1f} s" if late else "at once", like)


def _twins(subjects: Subjects, _recorder: Recorder) -> Answer:
    """May two groups have one name?"""
    client = ringcx_client()
    made: list[Any] = []
    try:
        made.append(client.create_group({"groupName": f"{subjects.mark} twin"}))
        made.append(client.create_group({"groupName": f"{subjects.mark} twin"}))
        said = "yes"
    except ApiError as error:
        said = f"no: {error.status}"
    finally:
        client.listings.clear()
        for one in client.list_groups():
            if one.get("groupName") == f"{subjects.mark} twin":
                client.delete_group(str(one["cloudGroupId"]))
    return Answer(_twins.__doc__ or "", said)


def _search(subjects: Subjects, recorder: Recorder) -> Answer:
    """In which form does a search of numbers answer?"""
    number = digits_of((subjects.numbers or ["+12025550145"])[0])
    ringcx_client().pool.fresh([number])
    found = [one for one in recorder.of("NM-02", "NM-01", "NMb-12") if isinstance(one.body, dict | list)]
    if not found:
        return Answer(_search.__doc__ or "", "no search was answered")
    body = found[-1].body
    if isinstance(body, list):
        form = "array"
    else:
        form = next((name for name in ("records", "content", "entries") if name in body), ", ".join(sorted(body)))
    like = {"search_form": form} if form in ("records", "content", "array") else {}
    beside = " with a plus sign" if any(one.body and '"+' in str(one.body) for one in found) else ""
    return Answer(_search.__doc__ or "", f"{form}{beside}", like)


def _search_plus(subjects: Subjects, _recorder: Recorder) -> Answer | None:
    """Does a search find a number that is written with its plus sign?"""
    if not subjects.numbers:
        return None
    client = ringcx_client()
    plain = len(client.pool.search({"dnis": [digits_of(subjects.numbers[0])]}))
    plus = len(client.pool.search({"dnis": [f"+{digits_of(subjects.numbers[0])}"]}))
    said = "yes" if plus and plus == plain else "no" if plain else "the number is found in neither form"
    return Answer(_search_plus.__doc__ or "", said)


# RingEX and PortSIP


def _features(_subjects: Subjects, recorder: Recorder) -> Answer:
    """How does an extension tell which call handling it has?"""
    found = recorder.of("EV-17")
    if not found:
        return Answer(_features.__doc__ or "", "it was not asked, because it is known from elsewhere")
    body = found[-1].body
    rows = body.get("records") if isinstance(body, dict) and "records" in body else [body]
    if not rows:
        return Answer(_features.__doc__ or "", "it does not", {"ringex_features": "absent"})
    if not any(row.get("params") for row in rows if isinstance(row, dict)):
        return Answer(_features.__doc__ or "", "without a parameter", {"ringex_features": "no_parameter"})
    way = "told" if isinstance(body, dict) and "records" in body else "unwrapped"
    return Answer(_features.__doc__ or "", "in a list" if way == "told" else "by itself", {"ringex_features": way})


def _version(_subjects: Subjects, recorder: Recorder) -> Answer:
    """Which fields does a list of ring groups show?"""
    portsip_client().listings.clear()
    portsip_client().list_groups()
    shown = {path for one in recorder.of("RG-01") for path in one.shape if path.startswith("items[].")}
    if not shown:
        return Answer(_version.__doc__ or "", "there is no ring group")
    newer = "items[].night_mode_forward_rule" in shown
    like = {"portsip_version": "22.2" if newer else "22.1"}
    fields = ", ".join(sorted(path.removeprefix("items[].") for path in shown if path.count(".") == 1))
    return Answer(_version.__doc__ or "", fields, like)


_QUESTIONS: dict[str, tuple[Ask, ...]] = {
    "ringcx": (_search, _search_plus, _plus, _omitted, _late, _twins),
    "ringex": (_features,),
    "portsip": (_version,),
}

__all__ = ["Answer", "asked", "of_answers"]
