"""Changes made by chance: pack, gate and guard() refuse exactly those that hurt callers, as each minute decides."""

from __future__ import annotations

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.chance import TIMES
from tests.outcomes.layers import gate, guard, pack
from tests.outcomes.table import ELSEWHERE, FORBIDDEN, MOVED, UNANSWERED, UNKNOWN_END, Case

from .brute import Harm, harms, lost_in_use, may_be_incomplete, moved, reached, twice, written_down
from .changes import CHANGES, as_resources, changed, line

RULES = {"fewer answered": UNANSWERED, "less certain": UNKNOWN_END, "forbidden": FORBIDDEN}
REPLACING, IN_USE = "replacing-live-objects", "in-use-elsewhere"
SEEDS = st.integers(0, 1_000_000)
CHOSEN = st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=3)


def agree(seed: int, chosen: list[str]) -> set[Harm]:
    """What the change does to callers, when pack and gate agree with it."""
    before = after = line(seed)
    for place, change in enumerate(chosen):
        after = changed(after, change, seed + place)
    hurt = harms(before, after)
    case = Case(f"{chosen} in line {seed}", as_resources(before), as_resources(after))

    verdict, said = gate(case), pack(case)

    refused = {one.rule.name for one in verdict.refused}
    going_live = [one for one in verdict.refused if one.from_ == "inactive"]
    about_calls = {one.rule.name for one in verdict.refused if one not in going_live} & {*RULES.values()}
    expected = {RULES[one.what] for one in hurt}
    if written_down(after) - written_down(before):
        expected.add(FORBIDDEN)
    why = case.what, hurt, [one.message for one in verdict.refused]
    assert bool(about_calls) is bool(expected), why
    assert refused == {*said} - {ELSEWHERE}, why
    if "duplicates" not in refused:  # of two that say one thing, guard() takes what it comes to last
        assert bool(guard(case)) is bool(hurt), why
    others = refused - {*RULES.values()}
    assert others <= {"duplicates", MOVED, REPLACING, IN_USE}, why
    assert ("duplicates" in others) <= twice(after), why
    assert bool(going_live) <= may_be_incomplete(before, after), why
    assert (MOVED in others) is moved(before, after), why
    assert (IN_USE in others) is lost_in_use(before, after), why
    if not moved(before, after):
        assert (REPLACING in others) is (False in after.renamed.values() and reached(before, after)), why
    told = {(change.number, what) for change in verdict.calls for what in change.verdicts}
    assert {one.number for one in hurt} <= {number for number, what in told if what in RULES}, why
    return hurt


_KEPT = settings(phases=[Phase.explicit, Phase.generate, Phase.shrink])


@settings(_KEPT, max_examples=5)
@given(SEEDS, CHOSEN)
def test_a_few_changes(seed: int, chosen: list[str]) -> None:
    agree(seed, chosen)


@pytest.mark.whole_run
@settings(_KEPT, max_examples=150 * TIMES)
@given(SEEDS, CHOSEN)
@example(700176, ["an answering rule", "how a profile chooses"])
def test_three_hundred_changes(seed: int, chosen: list[str]) -> None:
    agree(seed, chosen)
