"""Members whose vendor answers late, in part, or not as documented; the vendor is a few lines of this file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from pulumi import Input
from typing_extensions import TypedDict

from pulumi_voice_routing.client.listings import Json
from pulumi_voice_routing.client.pacing import cancelled
from pulumi_voice_routing.errors import (
    ApiError,
    BadRequest,
    Conflict,
    NotFound,
    OutcomeUnknown,
    ServerError,
    UnexpectedAnswer,
    VoiceRoutingError,
)
from pulumi_voice_routing.lifecycle import adoption, plugin
from pulumi_voice_routing.lifecycle.calls import At, Calls
from pulumi_voice_routing.lifecycle.fields import Immutable, Wire
from pulumi_voice_routing.lifecycle.member import OWED, Member
from pulumi_voice_routing.lifecycle.model import Values
from pulumi_voice_routing.lifecycle.provider import MANAGED, STORED_AS, Partly

THING = {"id": 7, "name": "Denver", "on": True, "city": "Denver"}
ARGS: Values = {"name": "Denver", "city": "Denver"}


class ThingArgs(TypedDict, total=False):
    """What a thing is."""

    name: Annotated[Input[str], Wire("name")]
    kind: Annotated[Input[str], Wire("kind"), Immutable()]
    city: Annotated[Input[str], Wire("city")]
    tags: Annotated[Input[list[str]], Wire("more.tags")]
    on: Annotated[Input[bool], Wire("on")]


class Things(Member):
    """Things of a vendor that answers as each test says."""

    args = ThingArgs
    account = "1"

    def __init__(self, *things: Json) -> None:
        self.things = [dict(one) for one in things]
        self.turned: list[bool] = []
        self.fails: dict[str, list[VoiceRoutingError | Callable[[], None] | None]] = {}

    def _maybe_fail(self, call: str) -> None:
        failure = self.fails[call].pop(0) if self.fails.get(call) else None
        if isinstance(failure, VoiceRoutingError):
            raise failure
        if failure is not None:
            failure()

    def listed(self) -> list[Json]:
        self._maybe_fail("everything")
        return [dict(one) for one in self.things]

    def one(self, id_: str) -> Json:
        self._maybe_fail("get")
        for one in self.things:
            if str(one["id"]) == id_:
                return dict(one)
        raise missing()

    def posted(self, body: Json) -> Json | None:
        self._maybe_fail("post")
        self.things.append({**body, "id": 7})
        return self.things[-1]

    def put(self, id_: str, body: Json) -> Json:
        self._maybe_fail("put")
        self.things[0].update(body)
        self._maybe_fail("after put")
        return dict(self.things[0])

    def turn(self, id_: str, on: bool) -> None:
        self._maybe_fail("turn")
        self.turned.append(on)
        self.things[0]["on"] = on

    def delete_one(self, id_: str) -> None:
        self._maybe_fail("end")
        self.things.clear()

    @property
    def api(self) -> Things:
        return self

    def forget_list(self, at: At) -> None: ...

    calls = Calls(
        path=("thing",),
        id_field="id",
        list=listed,
        get=one,
        create=posted,
        update=put,
        switch=turn,
        switch_field="on",
        delete=delete_one,
    )


def missing(status: int = 404) -> NotFound:
    return NotFound("fake", "GET thing", status)


def elsewhere() -> ApiError:
    return ApiError("fake", "GET thing", 404)


def outputs(**args: Any) -> Values:
    return {**args, MANAGED: sorted(args)}


@pytest.fixture(autouse=True)
def a_run_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(plugin, "urn", lambda: "urn:thing")
    monkeypatch.setattr(cancelled, "wait", lambda seconds: False)
    adoption.ours.clear()
    yield
    adoption.ours.clear()


class TestGone:
    def test_two_calls_say_so(self) -> None:
        assert Things().look("1/7", outputs(**ARGS)) is None

    def test_the_vendor_says_so_of_the_list_and_of_the_object(self) -> None:
        things = Things()
        things.fails["everything"] = [missing()]
        assert things.look("1/7", outputs(**ARGS)) is None

    def test_a_list_that_works_is_enough_beside_any_404(self) -> None:
        things = Things()
        things.fails["get"] = [elsewhere()]
        assert things.look("1/7", outputs(**ARGS)) is None

    @pytest.mark.parametrize("first", [elsewhere(), missing()])
    def test_a_gateway_says_nothing(self, first: ApiError) -> None:
        things = Things(THING)
        things.fails = {"everything": [first], "get": [elsewhere()]}
        for ask in (things.look, things.remove):
            things.fails = {"everything": [first], "get": [elsewhere()]}
            with pytest.raises(ApiError):
                ask("1/7", outputs(**ARGS))
        assert things.things == [THING]

    def test_a_destroy_that_finds_something_else_missing_fails(self) -> None:
        things = Things(THING)
        for failure in (missing(), elsewhere()):
            things.fails["end"] = [failure]
            with pytest.raises(ApiError):
                things.remove("1/7", outputs(**ARGS))

    @pytest.mark.parametrize("failure", [missing(), elsewhere()])
    def test_a_destroy_that_somebody_else_did_first_succeeds(self, failure: ApiError) -> None:
        things = Things(THING)

        def somebody_else() -> None:
            things.things.clear()
            raise failure

        things.fails["end"] = [somebody_else]
        things.remove("1/7", outputs(**ARGS))


class TestLostAnswers:
    def lost_and_late(self, things: Things, then: VoiceRoutingError) -> None:
        """The first answer is lost, the second is a refusal, and only then the list shows the object."""

        def late() -> None:
            things.things.append(dict(THING))
            raise then

        things.fails["post"] = [OutcomeUnknown("504"), late]

    @pytest.mark.parametrize("kind", [Conflict, BadRequest])
    def test_what_is_in_the_way_may_be_the_object_itself(self, kind: type[ApiError]) -> None:
        things = Things()
        self.lost_and_late(things, kind("fake", "POST things", kind.status))
        assert things.make(ARGS)[0] == "1/7"

    def test_an_object_that_comes_later_still_is_found_by_the_next_run(self) -> None:
        things = Things()
        things.fails["post"] = [OutcomeUnknown("504"), Conflict("fake", "POST things", 409)]
        with pytest.raises(Conflict):
            things.make(ARGS)
        things.things.append(dict(THING))
        assert things.make(ARGS)[0] == "1/7"

    def test_an_answer_that_cannot_be_used_is_no_reason_to_forget(self) -> None:
        things = Things()

        def made() -> None:
            things.things.append(dict(THING))
            raise UnexpectedAnswer("201 without an object")

        things.fails["post"] = [made]
        with pytest.raises(UnexpectedAnswer):
            things.make(ARGS)
        assert things.make(ARGS)[0] == "1/7"

    def test_what_a_replacement_is_for_is_not_the_replacement(self) -> None:
        things = Things()
        things.make({**ARGS, "kind": "red"})
        adoption.ours.clear()
        with pytest.raises(VoiceRoutingError, match="exists already"):
            things.make({**ARGS, "kind": "blue"})

    def test_what_somebody_makes_after_a_refusal_is_theirs(self) -> None:
        things = Things()
        things.fails["post"] = [Conflict("fake", "POST things", 409)]
        with pytest.raises(Conflict):
            things.make(ARGS)
        things.things.append(dict(THING))
        with pytest.raises(VoiceRoutingError, match="exists already"):
            things.make(ARGS)


class TestTheSwitch:
    def turned_over(self, things: Things) -> Partly:
        """A write turns the switch over, and turning it back fails."""

        def flip() -> None:
            things.things[0]["on"] = not things.things[0]["on"]

        things.fails = {"after put": [flip], "turn": [ServerError("fake", "PUT on", 500)]}
        with pytest.raises(Partly) as raised:
            things.change("1/7", outputs(**ARGS), {**ARGS, "city": "Boulder"})
        return raised.value

    @pytest.mark.parametrize("on", [True, False])
    def test_the_next_run_turns_it_back(self, on: bool) -> None:
        things = Things({**THING, "on": on})
        outs = self.turned_over(things).outs
        assert things.things[0]["on"] is not on
        seen = things.look("1/7", outs)
        assert seen is not None
        for olds in (outs, seen):
            assert things.unfinished(olds, {})
        after = things.change("1/7", seen, {**ARGS, "city": "Boulder"})
        assert things.things[0]["on"] is on
        assert OWED not in after

    def test_what_somebody_has_turned_back_is_not_owed_any_more(self) -> None:
        things = Things(THING)
        outs = self.turned_over(things).outs
        things.things[0]["on"] = True
        seen = things.look("1/7", outs)
        assert seen is not None
        assert OWED not in seen

    def test_the_program_has_the_last_word(self) -> None:
        things = Things(THING)
        outs = self.turned_over(things).outs
        things.change("1/7", outs, {**ARGS, "city": "Boulder", "on": False})
        assert things.turned == []
        assert things.things[0]["on"] is False


class TestBlanks:
    def refreshed(self, args: Values, **live: Any) -> Values:
        seen = Things({**THING, **live}).look("1/7", outputs(**args))
        assert seen is not None
        return seen

    def test_a_field_that_was_cleared_is_drift(self) -> None:
        assert self.refreshed({**ARGS, "tags": ["a"]}, city=None, more={"tags": None}) == {
            "name": "Denver", "city": None, "tags": None, MANAGED: ["city", "name", "tags"]
        }  # fmt: skip

    def test_so_is_one_in_a_block_that_was_cleared(self) -> None:
        assert self.refreshed({"tags": ["a"]}, more=None)["tags"] is None

    @pytest.mark.parametrize("more", [{}, "odd"])
    def test_a_field_that_is_not_shown_is_not_known(self, more: Any) -> None:
        assert self.refreshed({"tags": ["a"]}, more=more)["tags"] == ["a"]

    def test_a_blank_that_the_program_declares_is_no_drift(self) -> None:
        args = {"name": "Denver", "city": "", "tags": []}
        assert self.refreshed(args, city=None, more=None) == outputs(**args)

    def test_a_vendor_that_never_shows_a_field_makes_no_drift(self) -> None:
        things = Things(THING)

        def hides() -> None:
            things.things[0]["city"] = None

        things.fails["after put"] = [hides]
        outs = things.change("1/7", outputs(**ARGS), {**ARGS, "city": "Boulder"})
        assert outs[STORED_AS] == {"city": None}
        seen = things.look("1/7", outs)
        assert seen is not None
        assert seen["city"] == "Boulder"
