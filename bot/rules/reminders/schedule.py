"""What a sweep does with one deadline: what to say now, when to look again, and whether the team should hear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.rules.calendar import Days
from bot.rules.policy import OnLapse
from bot.rules.reminders.catalog import REMINDERS, Asked, DeadlineKind, Silence
from bot.rules.reminders.ladder import LadderPlan, first_day, instant, plan, send_window, silence_on
from bot.rules.reminders.models import Rung


@dataclass(frozen=True, slots=True)
class OpenReminder:
    """A deadline as far as its reminders go."""

    kind: DeadlineKind
    due_on: date
    ladder: tuple[int, ...]
    on_lapse: OnLapse | None
    snoozed_until: date | None = None
    answered_at: datetime | None = None
    """When somebody last answered without ending it: asked for help, or is ready for the renewal."""
    escalated_at: datetime | None = None
    """When the team heard of the silence about this due date."""
    opened_on: date | None = None
    """The organization's day on which it began, for this due date."""


@dataclass(frozen=True, slots=True)
class RungReached:
    """A rung that was reached. ``told`` is False where a newer one took its place."""

    rung: str
    at: datetime
    told: bool = True
    recipient: str | None = None
    """``person:12`` or ``team``."""


def next_word(
    waiting: OpenReminder, said: Sequence[RungReached], now: datetime, reader: tzinfo, holidays: Days
) -> LadderPlan:
    """The rung to say now in the reader's zone, or when there will be one."""
    if waiting.kind is DeadlineKind.PREPARE and waiting.answered_at:
        return LadderPlan(None, (), None)
    rungs = rungs_of_reminder(waiting, first_day(now, reader), holidays)
    return plan(rungs, now=now, zone=reader, done=[one.rung for one in said], holidays=holidays)


def rungs_of_reminder(waiting: OpenReminder, from_day: date, holidays: Days) -> Iterator[Rung]:
    """Its ladder. ``from_day``: the first day on which a message can still leave."""
    asked = Asked(
        waiting.due_on,
        waiting.ladder,
        waiting.on_lapse,
        from_day=from_day,
        opened_on=waiting.opened_on,
        snoozed_until=waiting.snoozed_until,
        holidays=holidays,
    )
    return REMINDERS[waiting.kind].rungs(asked)


def speaks_up_at(
    waiting: OpenReminder, said: Iterable[RungReached], now: datetime, organization: tzinfo, holidays: Days
) -> datetime | None:
    """When the team's channel hears of the silence, aware UTC and in working hours; None while it need not."""
    if REMINDERS[waiting.kind].silence is not Silence.TEAM or waiting.escalated_at:
        return None
    day = silence_on(_unanswered(waiting, said, organization), holidays)
    return send_window(max(now, instant(day, organization)), organization, holidays) if day else None


def _unanswered(waiting: OpenReminder, said: Iterable[RungReached], organization: tzinfo) -> Iterator[tuple[int, date]]:
    for one in said:
        if one.told and (waiting.answered_at is None or one.at > waiting.answered_at):
            yield _days(one.rung, waiting.due_on), one.at.astimezone(organization).date()


def _days(rung: str, due_on: date) -> int:
    """A rung's days relative to the due date, from its key."""
    _, colon, day = rung.partition(":")
    return (date.fromisoformat(day) - due_on) // timedelta(days=1) if colon else int(rung)
