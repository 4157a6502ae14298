"""The whole job, database and all, over years of days: what is said is what the ladder wants, until it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot.changes.people.accounts import remember_person
from bot.changes.reconcile import reconcile
from bot.jobs.schedule import run_due
from bot.rules.context import Context
from bot.rules.policy import OnLapse
from bot.store.engine import Database
from bot.store.people.accounts import Profile
from bot.store.tables import Deadline, Nudge, NudgeDay
from tests.jobs.building import a_credential, a_person, a_provider, a_term, gone_out, later
from tests.jobs.building import told as reminders
from tests.rules.reminders.test_ladder_over_years import Life, lives, told

At = Callable[[str], datetime]
NUMBERS = count(1)


class Case:
    """A provider whose license is due, lived through sweep by sweep."""

    def __init__(self, db: Database, ctx: Context, life: Life) -> None:
        self._db, self._ctx, self._who = db, ctx, f"ULEE{next(NUMBERS)}"
        with db.writing() as session:
            zone = life.stays[0][1].key
            self._provider = a_provider(session, self._who, slack_id=self._who, zone=zone)
            self._credential = a_credential(session, self._provider, expires_on=life.waiting.due_on)
        self._reconcile(life.sweeps[0])
        self.life = self._as_the_policy_has_it(life)
        self._moves = list(life.stays[1:])

    def sweeps(self, now: datetime) -> None:
        """Looks where something is to be looked at; whoever moved meanwhile was heard of at once."""
        while self._moves and self._moves[0][0] <= now:
            self._hear(*self._moves.pop(0))
        if self._next_look is not None and self._next_look <= now:
            run_due(self._db, lambda: later(self._ctx, now))
            gone_out(self._db)
            self._next_look = self._planned()

    def reports(self, now: datetime) -> None:
        """The renewal is reported: the provider's part is done."""
        with self._db.writing() as session:
            a_term(session, self._credential, expires_on=self.life.waiting.due_on + timedelta(days=1_000))
        self._reconcile(now)

    def ends(self, now: datetime) -> None:
        """Nothing of it is left for the next example."""
        with self._db.writing() as session:
            for one in self._open(session):
                one.closed_at, one.next_at = now, None

    def said(self) -> list[tuple[datetime, str]]:
        """When, in the zone where the provider read then, and which rung; each in that day's message."""
        with self._db.reading() as session:
            query = (
                select(Nudge, NudgeDay)
                .join(NudgeDay, col(NudgeDay.id) == Nudge.nudge_day_id)
                .join(Deadline, col(Deadline.id) == Nudge.deadline_id)
                .where(Deadline.provider_id == self._provider, Deadline.kind == "expiry")
                .where(Nudge.due_on == self.life.waiting.due_on)
            )
            rows = session.exec(query.order_by(col(Nudge.id))).all()
        sent = [(nudge.at.astimezone(self.life.zone(nudge.at)), nudge.rung) for nudge, _ in rows]
        assert [day.local_date for _, day in rows] == [at.date() for at, _ in sent]
        return sent

    def _as_the_policy_has_it(self, life: Life) -> Life:
        with self._db.reading() as session:
            (stored,) = [one for one in self._open(session) if one.kind == "expiry"]
        waiting = replace(life.waiting, ladder=tuple(stored.ladder), on_lapse=OnLapse(stored.on_lapse))
        return replace(life, waiting=waiting, holidays=frozenset())

    def _hear(self, since: datetime, zone) -> None:
        profile = Profile(self._who, self._who, None, zone.key)
        with self._db.writing() as session:
            remember_person(session, later(self._ctx, since), profile)
        self._next_look = self._planned()

    def _reconcile(self, now: datetime) -> None:
        with self._db.writing() as session:
            reconcile(session, later(self._ctx, now), [self._provider])
        self._next_look = self._planned()

    def _planned(self) -> datetime | None:
        with self._db.reading() as session:
            return min((one.next_at for one in self._open(session) if one.next_at), default=None)

    def _open(self, session: Session) -> list[Deadline]:
        mine = select(Deadline).where(Deadline.provider_id == self._provider, col(Deadline.closed_at).is_(None))
        return list(session.exec(mine).all())


# A life is too long to shrink: the pure property in tests/rules finds the small one.
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(life=lives(moves=3, away=2), done=st.floats(0.3, 1))
def test_what_is_said_is_what_the_ladder_wants_until_it_is_done(
    sqlite_db: Database, ctx: Context, life: Life, done: float
) -> None:
    """Sweeps at random minutes, a reader who moves, days without a sweep: each rung as by looking all the time."""
    case = Case(sqlite_db, ctx, life)
    last = life.sweeps[int(done * (len(life.sweeps) - 1))]
    for now in life.sweeps:
        case.sweeps(now)
        if now == last:
            case.reports(now)
    case.ends(life.sweeps[-1])

    wanted = told(replace(case.life, sweeps=tuple(now for now in life.sweeps if now <= last)))
    assert case.said() == wanted


@pytest.mark.parametrize("who", ["ULEE", "UCORA"])
def test_the_day_begins_where_the_reader_is_now(db: Database, ctx: Context, at: At, who: str) -> None:
    """Planned for nine in Honolulu, which is too late in Kathmandu: whoever moves is told on the day, not after it."""
    with db.writing() as session:
        owner = a_person(session, "UCORA", "Cora Diaz", role="coordinator", zone="Pacific/Honolulu")
        account = {"slack_id": "ULEE"} if who == "ULEE" else {"slack_id": None}
        provider = a_provider(session, zone="Pacific/Honolulu", owner=owner, **account)
        a_credential(session, provider, expires_on=date(2026, 12, 31))
        reconcile(session, ctx, [provider])
    run_due(db, lambda: later(ctx, at("2026-11-23 16:00")))
    with db.writing() as session:
        remember_person(session, later(ctx, at("2026-11-30 12:00")), Profile(who, who, None, "Asia/Kathmandu"))

    nine_there = datetime(2026, 12, 1, 9, 5, tzinfo=ZoneInfo("Asia/Kathmandu"))
    run_due(db, lambda: later(ctx, nine_there.astimezone(UTC)))

    assert [(rung, day) for _, rung, day in reminders(db) if rung == "-30"] == [("-30", date(2026, 12, 1))]
