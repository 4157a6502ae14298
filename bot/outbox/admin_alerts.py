"""Delivery's alarms reach the admins: a list with buttons, or a note, in each admin's DM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.clock import Clock
from bot.outbox.alerts import OnAlarm
from bot.rules.people.models import Role
from bot.store.outbox.messages import open_card
from bot.store.outbox.undeliverable import LIST, ask_about
from bot.store.people import accounts
from bot.store.workspace.processed_events import tell_admins

ASKED = ("not_delivered", "uncertain")


def alarm_for(clock: Clock, admins: tuple[str, ...]) -> OnAlarm:
    """What delivery calls, in the transaction that makes a message stuck."""

    def on_alarm(session: Session, code: str, facts: Mapping[str, Any]) -> None:
        on = clock.today()
        if code not in ASKED:
            tell_admins(session, admins, on, code, f"{facts['kind']}:{on}", facts)
            return
        day, said_at = ask_about(session, facts["message"], on)
        if said_at is not None:  # an edited list notifies nobody; what was sent again together is told together
            tell_admins(session, admins, on, "stuck_again", said_at, facts)
        for admin in accounts.holding(session, Role.ADMIN, on=on, admins=admins):
            if accounts.reachable(admin):
                open_card(session, LIST, day, f"person:{admin.id}")

    return on_alarm
