"""Changes by what they do to callers: all who see previews say the same of each, and say it in callers' words."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.commands.gate.phrases import callers
from tests.rules.plans import approval

from .layers import gate, guard, pack
from .table import ELSEWHERE, HARMLESS, HARMS, MOVED, Case


def ids(case: Case) -> str:
    return case.what


@pytest.fixture(autouse=True)
def countries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    case = request.node.callspec.params["case"]
    if case.countries:
        monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", case.countries)


@pytest.mark.parametrize("case", HARMS, ids=ids)
def test_what_hurts_callers_is_said_by_pack_and_gate(case: Case) -> None:
    verdict = gate(case)
    refused = {one.rule.name for one in verdict.refused}
    said = pack(case)

    assert case.refuses <= refused
    assert case.refuses <= said.keys()
    assert refused & said.keys() == said.keys() - {ELSEWHERE}
    assert (ELSEWHERE in said) is (ELSEWHERE in {one.rule.name for one in verdict.advice})
    assert (ELSEWHERE in said) >= case.warns
    assert verdict.passes is not bool(case.refuses)
    assert callers(verdict)


@pytest.mark.parametrize("case", [case for case in HARMS if case.refuses and MOVED not in case.refuses], ids=ids)
def test_what_the_gate_prints_as_approvals_permits_it(case: Case) -> None:
    given = [approval(one.rule, one.object, one.from_, one.to) for one in gate(case).refused]
    assert gate(case, given).passes
    assert not gate(case, given[1:]).passes


@pytest.mark.parametrize("case", [*HARMS, *HARMLESS], ids=ids)
def test_guard_refuses_the_same(case: Case) -> None:
    """An owner that is not known yet is refused by what guard() says of owners."""
    if MOVED not in case.refuses:
        assert bool(guard(case)) is bool(case.refuses)


@pytest.mark.parametrize("case", HARMLESS, ids=ids)
def test_what_hurts_nobody_passes_without_a_word(case: Case) -> None:
    assert pack(case) == {}
    verdict = gate(case)
    assert [(one.rule.name, one.message) for one in verdict.findings] == []
