"""What would be sent if nobody acted: the sweep's own rules, run ahead without writing anything."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.credentials.identity import Identity
from bot.rules.people.recipients import APPROVALS, TEAM, Recipient, person_in, to_person
from bot.rules.policy import OnLapse
from bot.rules.providers.employment import status_on
from bot.rules.providers.models import EmploymentStatus
from bot.rules.reminders.catalog import OWNER, PROVIDER, REMINDERS, DeadlineKind, Silence
from bot.rules.reminders.escalation import concerns_others, words_beside
from bot.rules.reminders.ladder import next_slot
from bot.rules.reminders.schedule import RungReached, next_word, speaks_up_at
from bot.store.bulk import among, table
from bot.store.people.absences import turning_days
from bot.store.providers.employment import statuses_of
from bot.store.reminders import sweep
from bot.store.reminders.daily_messages import messages_of
from bot.store.reminders.escalation_contacts import escalation_contacts
from bot.store.reminders.recipients import readers_of
from bot.store.reminders.sweep import DueDeadline
from bot.store.reminders.task_views import credential_of, subjects
from bot.store.tables import PersonRow

SILENCE = "silence"
"""Stands where the rung does when the team's channel hears that nobody answers."""


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One reminder: ``2026-12-01 09:00 America/New_York  Lee Chen <U123>  license NY  -30  due 2026-12-31``."""

    at: datetime
    """In the reader's zone."""
    zone: str
    reader: str
    what: str
    rung: str
    due_on: date
    kind: DeadlineKind
    provider_id: int
    about: Identity | None
    """Where it is about a credential."""
    held: bool = False
    message: tuple[Any, ...] | None = None
    """Lines of the same message share it; None: it is not sent, being held or having no reader."""

    def __str__(self) -> str:
        line = f"{self.at:%Y-%m-%d %H:%M} {self.zone}  {self.reader}  {self.what}  {self.rung}  due {self.due_on}"
        return f"{line}  held" if self.held else line


@dataclass(frozen=True, slots=True)
class MessageCount:
    """The last line: how many messages the lines make, one a person a day."""

    messages: int

    def __str__(self) -> str:
        return f"{self.messages} messages"


def preview(session: Session, ctx: Context, from_day: date, days: int) -> list[PreviewLine | MessageCount]:
    """Every reminder of those days in the readers' zones, sorted; then how many messages they make."""
    start = ctx.now if from_day >= ctx.today else _midnight(from_day, ctx)
    last = from_day + timedelta(days=days - 1)
    lines = [line for line in _Foresight(session, ctx, start, last).lines() if from_day <= line.at.date() <= last]
    lines.sort(key=str)
    return [*lines, MessageCount(len({line.message for line in lines if line.message}))]


class _Foresight:
    """All that waits, run from ``start`` to the end of the last day."""

    def __init__(self, session: Session, ctx: Context, start: datetime, last: date) -> None:
        self._ctx, self._start = ctx, start
        self._end = _midnight(last + timedelta(days=2), ctx)
        found = sweep.due_before(session, self._end)
        self._held = {one.id for one, held in found if held}
        self._waits = [one for one, _ in found]
        self._about = subjects(session, [one.id for one in self._waits])
        self._waits += list(_lapses_to_come(self._waits, self._about))
        self._statuses = statuses_of(session, {one.provider_id for one in self._waits})
        self._said = sweep.said_of(session, [one.id for one in self._waits])
        first = start.astimezone(ctx.zone).date()
        self._days = [first, *(day for day in turning_days(session, first) if day <= last)]
        self._readers = [readers_of(session, ctx, self._waits, on=day) for day in self._days]
        everybody = {reader for readers in self._readers for reader in readers.values()}
        today = {(r.name, start.astimezone(r.zone).date()) for r in everybody if r.name}
        self._gone = {day for day, message in messages_of(session, today).items() if message.gone}
        concerned = {one.provider_id for one in self._waits if concerns_others(one.waiting.kind, one.assignee)}
        self._besides = escalation_contacts(session, ctx, concerned)
        everybody |= {r for levels in self._besides.values() for those in levels.values() for r in those}
        self._names = _names(session, ctx, everybody)
        self._requests = sweep.requests_of_steps(session, [one.step_id for one in self._waits if one.step_id])

    def lines(self) -> Iterator[PreviewLine]:
        for one in self._waits:
            held = one.id in self._held
            for line in self._of(one, held):
                yield line
                if held:
                    break

    def _of(self, one: DueDeadline, held: bool) -> Iterator[PreviewLine]:
        waiting, at = one.waiting, self._start
        said, holidays = list(self._said.get(one.id, ())), self._ctx.holidays
        while at < self._end and not self._stops(one, at):
            reader = self._reader(one, at)
            word = next_word(waiting, said, at, reader.zone, holidays)
            if word.due and (reader.name, at.astimezone(reader.zone).date()) in self._gone:
                at = next_slot(at, reader.zone, holidays)
            elif word.due:
                yield self._line(one, reader, at, word.due.key, held)
                told = RungReached(word.due.key, at, recipient=reader.name)
                said += [*(RungReached(rung.key, at, told=False) for rung in word.superseded), told]
            else:
                upcoming = word.next_at or self._end
                silent_at = speaks_up_at(waiting, said, at, self._ctx.zone, holidays)
                if silent_at and silent_at < upcoming and self._ctx.team_channel:
                    yield self._line(one, Recipient(TEAM, self._ctx.zone), silent_at, SILENCE, held)
                    waiting = replace(waiting, escalated_at=silent_at)
                at = upcoming
        if not held and concerns_others(waiting.kind, one.assignee):
            yield from self._beside_the_owner(one, said)

    def _beside_the_owner(self, one: DueDeadline, said: list[RungReached]) -> Iterator[PreviewLine]:
        """Who else would hear of it, if nobody acts."""
        holidays, readers = self._ctx.holidays, self._besides[one.provider_id]
        if REMINDERS[one.waiting.kind].silence is Silence.TOGETHER:
            yield from self._together(one, said)
            return
        for level, reader, word in words_beside(one.waiting, said, readers, self._start, self._ctx.zone, holidays):
            at = word.next_at or self._start
            if (reader.name, at.astimezone(reader.zone).date()) in self._gone:
                at = next_slot(at, reader.zone, holidays)
            if at < self._end and not self._stops(one, at):
                yield self._line(one, reader, at, level.value, held=False)

    def _together(self, one: DueDeadline, said: list[RungReached]) -> Iterator[PreviewLine]:
        """Each of their rungs, one after the other."""
        at, readers = self._start, self._besides[one.provider_id]
        while at < self._end:
            upcoming = self._end
            for _, reader, word in words_beside(one.waiting, said, readers, at, self._ctx.zone, self._ctx.holidays):
                upcoming = min(upcoming, word.next_at or upcoming)
                if word.due:
                    gone = (reader.name, at.astimezone(reader.zone).date()) in self._gone
                    leaves = next_slot(at, reader.zone, self._ctx.holidays) if gone else at
                    said += [RungReached(rung.key, at, recipient=reader.name) for rung in (*word.superseded, word.due)]
                    if not self._stops(one, leaves):
                        yield self._line(one, reader, leaves, word.due.key, held=False)
            at = upcoming

    def _stops(self, one: DueDeadline, at: datetime) -> bool:
        """Whether an end or a leave that is planned will have stopped it by then."""
        status = status_on(self._statuses[one.provider_id], at.astimezone(self._ctx.zone).date()).status
        of_the_file = one.waiting.kind not in (DeadlineKind.TASK, DeadlineKind.STEP)
        return of_the_file and (
            status is EmploymentStatus.ENDED or (status is EmploymentStatus.LEAVE and one.assignee == PROVIDER)
        )

    def _reader(self, one: DueDeadline, at: datetime) -> Recipient:
        """Who is told on that day: somebody may be away by then, or back."""
        return self._readers[bisect(self._days, at.astimezone(self._ctx.zone).date()) - 1][one.id]

    def _line(self, one: DueDeadline, reader: Recipient, at: datetime, rung: str, held: bool) -> PreviewLine:
        local = at.astimezone(reader.zone)
        alone = one.waiting.due_on if rung == SILENCE else one.step_id
        return PreviewLine(
            at=local,
            zone=reader.zone.key,
            reader=self._names[reader.name],
            what=self._what(one),
            rung=rung,
            due_on=one.waiting.due_on,
            kind=one.waiting.kind,
            provider_id=one.provider_id,
            about=self._credential(one),
            held=held,
            message=(reader.name, local.date(), alone) if reader.name and not held else None,
        )

    def _credential(self, one: DueDeadline) -> Identity | None:
        about = None if one.step_id else self._about[abs(one.id)]
        return credential_of(about) if about else None

    def _what(self, one: DueDeadline) -> str:
        if one.step_id:
            return self._requests[one.step_id]
        if one.waiting.kind is DeadlineKind.RECREDENTIALING:
            return one.waiting.kind.value
        about = self._about[abs(one.id)]
        if about.task_kind:
            return f"task {about.task_kind.replace('_', ' ')}"
        credential = " ".join(filter(None, (about.type, about.jurisdiction, about.kind_held, about.label)))
        kind = one.waiting.kind
        return credential if kind is DeadlineKind.EXPIRY else f"{kind.replace('_', ' ')} {credential}"


def _lapses_to_come(waits: Iterable[DueDeadline], about: Mapping[int, Any]) -> Iterator[DueDeadline]:
    """The owner's Mondays that reconcile will open once a date has passed; their id is the expiry's, negative."""
    known = list(waits)
    open_already = {about[one.id].credential_id for one in known if one.waiting.kind is DeadlineKind.LAPSED}
    for one in known:
        inactivates = one.waiting.kind is DeadlineKind.EXPIRY and one.waiting.on_lapse is OnLapse.INACTIVATE
        if inactivates and about[one.id].credential_id not in open_already:
            yield replace(one, id=-one.id, assignee=OWNER, waiting=replace(one.waiting, kind=DeadlineKind.LAPSED))


def _names(session: Session, ctx: Context, readers: Iterable[Recipient]) -> dict[str | None, str]:
    person = table(PersonRow)
    ids = {found for r in readers if r.name and (found := person_in(r.name))}
    query = select(person.c.id, person.c.name, person.c.slack_user_id).where(among(session, person.c.id, ids))
    named: dict[str | None, str] = {
        to_person(row.id): f"{row.name} <{row.slack_user_id}>" for row in session.connection().execute(query)
    }
    return {
        **named,
        TEAM: f"the team's channel <{ctx.team_channel}>",
        APPROVALS: f"the approvals channel <{ctx.approvals_channel}>",
        None: "nobody yet",
    }


def _midnight(day: date, ctx: Context) -> datetime:
    return datetime.combine(day, time(), ctx.zone).astimezone(UTC)
