"""Whose recredentialing is late or due soon."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from bot.rules.credentialing import CyclesView, cycle_of
from bot.rules.policy import Recredentialing
from bot.store.providers.employment import still_here
from bot.store.providers.profiles import all_providers

SOON = timedelta(days=180)


def cycles_view(session: Session, policy: Recredentialing, on: date) -> CyclesView:
    """The longest late first; nobody who has ended."""
    here = still_here(session, all_providers(session), on)
    running = [(who, cycle_of(who.last_decision_on, policy)) for who in here]
    due = [(who, cycle) for who, cycle in running if cycle and cycle.due_on <= on + SOON]
    due.sort(key=lambda found: (found[1].due_on, found[0].name))
    return CyclesView(on, tuple(due), undecided=sum(cycle is None for _, cycle in running))
