"""Routes: recommendation first, and the last step grants."""

from __future__ import annotations

from datetime import date

from bot.rules.policy import Route, Step
from bot.rules.privileges.routes import next_step, steps_of

COMMITTEE = Step(body="credentials_committee", mode="recommend", quorum=2)
DIRECTOR = Step(body="medical_director", mode="grant", quorum=1)
SPECIAL = Route(source="our bylaws", in_force_from=date(2026, 1, 1), steps=(COMMITTEE, DIRECTOR))


def test_a_request_follows_its_route_to_the_step_that_grants() -> None:
    """The committee recommends, the medical director grants, and nothing comes after."""
    steps = steps_of("request", SPECIAL)

    assert [next_step(steps, position) for position in (0, 1, 2)] == [COMMITTEE, DIRECTOR, None]
    assert [step.mode for step in steps] == ["recommend", "grant"]


def test_a_reinstatement_goes_to_the_medical_director_alone() -> None:
    """One step that grants, whatever the privilege's own route."""
    steps = steps_of("reinstatement", SPECIAL)

    assert [(s.body, s.mode, s.quorum) for s in steps] == [("medical_director", "grant", 1)]
