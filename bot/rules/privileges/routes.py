"""A request's way through its bodies: committees recommend, the last step grants (42 CFR 482.12, .22)."""

from __future__ import annotations

from bot.rules.policy import Route, Step

REINSTATEMENT = "reinstatement"

_REINSTATEMENT_STEPS = (Step(body="medical_director", mode="grant", quorum=1),)


def steps_of(kind: str, route: Route) -> tuple[Step, ...]:
    """The steps of a request, in order: the privilege's route, or the medical director alone.

    ``kind`` is ``request``, or ``reinstatement`` where a verified renewal came too late to count by itself.
    """
    return _REINSTATEMENT_STEPS if kind == REINSTATEMENT else route.steps


def next_step(steps: tuple[Step, ...], position: int) -> Step | None:
    """The step after ``position`` (the first is 1, so 0 gives the first); None after the one that grants."""
    return steps[position] if position < len(steps) else None
