"""Delivery's alarms reach the admins: a list with buttons, or a note, in each admin's DM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.clock import Clock
from bot.outbox.alarm import OnAlarm
from bot.store.outbox.undeliverable import LIST, ask_about
from bot.store.workspace.processed_events import open_for_admins, tell_admins

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
        open_for_admins(session, admins, on, LIST, day)

    return on_alarm
