"""A number is read in one way wherever it stands: in an argument, a list, a file, and an approval."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.errors import SettingsError, VoiceRoutingError
from pulumi_voice_routing.permission.approvals import Approvals, Change
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx.numbers.lookups import search_dnis
from pulumi_voice_routing.telephony.number import NotANumber, Number, as_declared, same_number
from pulumi_voice_routing.telephony.wire import FORMS, Form, on_the_wire
from tests.numbers.written import NUMBER, READ, REFUSED

OTHER = "+13035550199"


def checked(token: str, **args: Any) -> tuple[dict[str, Any], list[str]]:
    values, failures = provider_for(token).checked(args)
    return values, [f"{one.path}: {one.reason}" for one in failures]


def assignment(written: Any) -> tuple[Any, list[str]]:
    values, said = checked("ringcx:DnisAssignment", dnis=written, queue_id="1000")
    return values.get("dnis"), said


def in_a_list(written: Any) -> tuple[Any, list[str]]:
    values, said = checked("ringcx:DnisAssignments", numbers=[OTHER, written], queue_id="1000")
    return (values.get("numbers") or ["", ""])[1], said


def in_a_pool(written: Any) -> tuple[Any, list[str]]:
    values, said = checked("ringcx:DnisPool", numbers=[{"dnis": OTHER}, {"dnis": written}])
    return (values.get("numbers") or [{}, {}])[1].get("dnis"), said


def target(written: Any) -> tuple[Any, list[str]]:
    values, said = checked("ringcx:Destination", group_id="123456/1000", name="x", kind="DID", target=written)
    return values.get("target"), said


def override(written: Any) -> tuple[Any, list[str]]:
    values, said = checked("ringcx:DnisOverride", destination="123456/1000/1001", dnis=written, target="1000")
    return values.get("dnis"), said


def forwarding_number(written: Any) -> tuple[Any, list[str]]:
    values, said = checked("ringex:ForwardingNumber", extension_id="~", phone_number=written, type="Home")
    return values.get("phone_number"), said


def called_number(written: Any) -> tuple[Any, list[str]]:
    values, said = checked("ringex:AnsweringRule", extension_id="~", name="x", called_numbers=[OTHER, written])
    return (values.get("called_numbers") or ["", ""])[1], said


ARGUMENTS: dict[str, tuple[Callable[[Any], tuple[Any, list[str]]], str]] = {
    "an assignment": (assignment, "dnis: "),
    "a list": (in_a_list, "numbers[1]: "),
    "a pool": (in_a_pool, "numbers[1].dnis: "),
    "a destination": (target, "target: "),
    "an override": (override, "dnis: "),
    "a forwarding number": (forwarding_number, "phone_number: "),
    "a rule": (called_number, "called_numbers[1]: "),
}
everywhere = pytest.mark.parametrize("where", ARGUMENTS)


@everywhere
@pytest.mark.parametrize(("written", "number"), READ.items())
def test_read(where: str, written: str, number: str) -> None:
    declare, _ = ARGUMENTS[where]
    assert declare(written) == (number, [])


@everywhere
@pytest.mark.parametrize(("written", "why"), REFUSED.items())
def test_refused(where: str, written: str, why: str) -> None:
    declare, place = ARGUMENTS[where]
    _, said = declare(written)
    (line,) = said
    assert line.startswith(place)
    assert why in line
    assert repr(written.strip()) in line


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0\t"], ids=ascii)
@pytest.mark.parametrize("token", ["ringcx:Dnis", "ringcx:DnisAssignment", "ringcx:TrackingNumber"])
def test_a_blank_is_no_number(token: str, blank: str) -> None:
    _, said = checked(token, dnis=blank)
    assert any(line.startswith("dnis: ") and "it is empty" in line for line in said)


@everywhere
@pytest.mark.parametrize("quantity", [13035550100, 4930901820.0])
def test_a_number_that_is_no_text(where: str, quantity: float) -> None:
    declare, place = ARGUMENTS[where]
    _, said = declare(quantity)
    (line,) = said
    assert line.startswith(place)
    assert "is a quantity; write a telephone number as text, in quotes" in line


@pytest.mark.parametrize(("written", "number"), READ.items())
def test_read_in_a_file(written: str, number: str) -> None:
    values, said = checked("ringcx:DnisPool", file=f'dnis,dnisDescription\n{OTHER},x\n"{written}",y\n')
    assert said == []
    provider = provider_for("ringcx:DnisPool")
    assert [there for _, there in provider.numbers(values)] == [OTHER, number]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("written", "why"), REFUSED.items())
def test_refused_in_a_file(written: str, why: str) -> None:
    cell = written.replace('"', '""')
    _, said = checked("ringcx:DnisPool", file=f'dnis,dnisDescription\n{OTHER},x\n"{cell}",y\n')
    (line,) = said
    assert line.startswith("file: line 3: ")
    assert why in line


def approvals(folder: Path, written: str | float) -> Approvals:
    file = folder / "approvals.toml"
    shown = f"'''{written}'''" if isinstance(written, str) else str(written)
    file.write_text(
        f"""[[approval]]
rule = "reassign-active-dnis"
objects = [{shown}]
from = "queue 1000"
to = "queue 1001"
reason = "r"
ticket = "t"
until = 2999-12-31
""",
        encoding="utf-8",
    )
    return Approvals.read(file)


@pytest.mark.parametrize("quantity", [13035550100, 4930901820.0])
def test_an_approval_of_a_quantity(quantity: float, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is a quantity; write a telephone number as text, in quotes"):
        approvals(tmp_path, quantity)


@pytest.mark.parametrize(("written", "number"), READ.items())
def test_read_in_an_approval(written: str, number: str, tmp_path: Path) -> None:
    there = approvals(tmp_path, written)
    assert there.allow(Change("reassign-active-dnis", number, "queue 1000", "queue 1001"))
    assert not there.allow(Change("reassign-active-dnis", OTHER, "queue 1000", "queue 1001"))


NAMES_NOTHING = {written for written in REFUSED if written.isascii() and written.isdigit()}
"""Digits may be an internal number, of which an approval says nothing."""


@pytest.mark.parametrize(("written", "why"), REFUSED.items())
def test_refused_in_an_approval(written: str, why: str, tmp_path: Path) -> None:
    if written in NAMES_NOTHING:
        there = approvals(tmp_path, written)
        (entry,) = there.entries
        assert entry.objects in ({written}, {as_declared(written)})
        return
    with pytest.raises(SettingsError, match=re.escape(why)) as refused:
        approvals(tmp_path, written)
    assert str(refused.value).startswith(f"approvals: {tmp_path / 'approvals.toml'}, entry 1: ")


def test_what_is_no_number_can_be_approved_by_other_rules(tmp_path: Path) -> None:
    file = tmp_path / "approvals.toml"
    text = """[[approval]]
rule = "deleting-live-objects"
object = "destination 4930901820.0"
from = "active"
to = "deleted"
reason = "r"
ticket = "t"
until = 2999-12-31
"""
    file.write_text(text, encoding="utf-8")
    change = Change("deleting-live-objects", "destination 4930901820.0", "active", "deleted")
    assert Approvals.read(file).allow(change)


@pytest.mark.parametrize(("written", "why"), REFUSED.items())
def test_refused_in_a_look_up(written: str, why: str) -> None:
    if _internal(written):
        return  # asked for as what it may be
    hidden = re.search(r"an invisible character \((.*)\)", why)
    with pytest.raises(VoiceRoutingError, match=re.escape(hidden[1] if hidden else why)):
        search_dnis(written)


def _internal(written: str) -> bool:
    try:
        return bool(Number.parse(written, internal=True))
    except NotANumber:
        return False


# Internal numbers


@pytest.mark.parametrize(
    "written", ["9990001", "+9990001", "999-0001", "999 0001", "123456789012345", "30355501001234"]
)
def test_internal_numbers(written: str) -> None:
    values, said = checked("ringcx:Dnis", dnis=written, internal=True)
    assert said == []
    assert values["dnis"] == "".join(filter(str.isdigit, written))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("123456", "is not an internal number: 7 to 15 digits"),
        ("1234567890123456", "it has 16 digits, and no number has more than 15"),
        ("9990001.0", "a number with a decimal point"),
        ("999000\uff11", "FULLWIDTH DIGIT ONE"),
        ("support", "it holds letters"),
    ],
)
def test_what_is_no_internal_number(written: str, why: str) -> None:
    _, said = checked("ringcx:Dnis", dnis=written, internal=True)
    (line,) = said
    assert line.startswith("dnis: ")
    assert why in line


@pytest.mark.parametrize("written", [*REFUSED, "123456", "+13035550100123", "13035550100123"])
def test_what_is_advised_is_taken(written: str) -> None:
    """Nobody is told to say ``internal=True`` for a number that would be refused all the same."""
    _, said = checked("ringcx:Dnis", dnis=written)
    _, then = checked("ringcx:Dnis", dnis=written, internal=True)
    assert said
    assert ("say internal=True" in said[0]) == (not then)


# The one form, and those of the vendors


@pytest.mark.parametrize(("written", "number"), READ.items())
def test_one_number_is_equal_to_itself(written: str, number: str) -> None:
    one = Number.parse(written)
    assert one == number
    assert hash(one) == hash(number)
    assert {one: 1}[number] == 1
    assert one.digits == number[1:]
    assert not one.internal
    assert same_number(written, number)
    assert same_number(number, one.digits)
    assert not same_number(written, OTHER)


@pytest.mark.parametrize(("field", "form"), FORMS.items(), ids=str)
def test_each_vendor_has_one_form_for_a_field(field: tuple[Any, str], form: Form) -> None:
    sent = on_the_wire(*field, NUMBER)
    assert sent == {Form.DIGITS: "13035550100", Form.PLUS: NUMBER, Form.AS_DECLARED: NUMBER}[form]
    assert as_declared(sent) == NUMBER
    for other in ("1000", "sip:line@pbx.example", "9990001"):
        assert on_the_wire(*field, other) == other


@pytest.mark.parametrize("said", ["4930901820.0", "sip:a@b", "1000", "", "support", "10.0.0.7"])
def test_what_a_vendor_says_beside_numbers_stays_as_it_is(said: str) -> None:
    assert as_declared(said) == said
    assert not same_number(said, "+49309018200")


# Where numbers stand beside other things


TEXTS: list[tuple[str, str, dict[str, Any]]] = [
    ("ringcx:DnisOverride", "target", {"destination": "123456/1000/1001", "dnis": NUMBER}),
    ("ringcx:Destination", "target", {"group_id": "123456/1000", "name": "x", "kind": "STANDARD"}),
    ("ringcx:TrackingRoutingRule", "destination", {"tracking_number": "1/2/3", "rank": 1, "kind": "STANDARD"}),
    ("ringcx:Profile", "outbound_caller_id", {"group_id": "123456/1000", "name": "x", "routing_type": "X"}),
]


@pytest.mark.parametrize(("token", "field", "args"), TEXTS)
@pytest.mark.parametrize(
    "spoilt",
    [
        "4930901820.0",
        "1001.0",
        "1.3035550100e10",
        "1.303e9",
        "'13035550100",
        "+13035550100 x12",
        "+13035550100#",
        "+1303\u200b5550100\u200b0",
        "\ufeff13035550100",
        "\uff11\uff13\uff10\uff13\uff15\uff15\uff15\uff10\uff11\uff10\uff10",
        "13.035.550.100",
        "1-800-FLOWERS",
        "tel:+13035550100",
        "<13035550100>",
        "13035550100 (mobile)",
    ],
)
def test_a_text_that_was_a_number_once(token: str, field: str, args: dict[str, Any], spoilt: str) -> None:
    _, said = checked(token, **args, **{field: spoilt})
    (line,) = said
    assert line.startswith(f"{field}: ")
    assert "is not a telephone number: " in line


FINE = [
    *("1000", "sip:line@pbx.example", "13035550100@10.0.0.7", "10.0.0.7:5060", "[2001:db8::1]:5060"),
    *(NUMBER, "13035550100", "3035550100.pbx.example", "64f1c0a2b39d48211b7156d9", "Main menu"),
    "550e8400-0000-4000-8000-446655440000",
]


def test_what_nobody_sees_in_an_address() -> None:
    (line,) = checked("ringcx:DnisOverride", **TEXTS[0][2], target="sip:8000@pbx\u200b.example")[1]
    assert line.endswith("holds an invisible character (ZERO WIDTH SPACE), as copied text does; type it anew")


@pytest.mark.parametrize(("token", "field", "args"), TEXTS)
@pytest.mark.parametrize("fine", FINE)
def test_other_texts(token: str, field: str, args: dict[str, Any], fine: str) -> None:
    values, said = checked(token, **args, **{field: fine})
    assert said == []
    assert values[field] == fine
