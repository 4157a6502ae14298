"""Whose recredentialing is late or due soon."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from bot.rules.cycle import cycle_of
from bot.rules.policy import Recredentialing
from bot.rules.statuses import status_on
from bot.rules.values import Status
from bot.rules.views import CyclesView
from bot.store.finding import all_providers
from bot.store.statuses import statuses_of

SOON = timedelta(days=180)


def cycles_view(session: Session, policy: Recredentialing, on: date) -> CyclesView:
    """The longest late first; nobody who has ended."""
    everybody = all_providers(session)
    statuses = statuses_of(session, [who.id for who in everybody])
    here = [who for who in everybody if status_on(statuses[who.id], on).status is not Status.ENDED]
    running = [(who, cycle_of(who.last_decision_on, policy)) for who in here]
    due = [(who, cycle) for who, cycle in running if cycle and cycle.due_on <= on + SOON]
    due.sort(key=lambda found: (found[1].due_on, found[0].name))
    return CyclesView(on, tuple(due), undecided=sum(cycle is None for _, cycle in running))
