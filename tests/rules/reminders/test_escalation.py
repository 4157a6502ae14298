"""Who is asked beside the owner, on which day, and when nobody need be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.calendar import Days, calendar
from bot.rules.dates import is_business_day
from bot.rules.people.recipients import Recipient
from bot.rules.policy import OnLapse
from bot.rules.reminders.catalog import APPROVERS, OWNER, PROVIDER, DeadlineKind
from bot.rules.reminders.escalation import EscalationLevel, concerns_others, words_beside
from bot.rules.reminders.ladder import LadderPlan
from bot.rules.reminders.schedule import OpenReminder, RungReached

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 23)
THURSDAY = date(2026, 11, 26)
BEN, ADA, ANN, RUTH, SUE = (Recipient(f"person:{n}", NEW_YORK) for n in range(2, 7))
EVERYBODY = {
    EscalationLevel.BACKUP: (BEN,),
    EscalationLevel.MANAGER: (ADA, ANN),
    EscalationLevel.MEDICAL_DIRECTOR: (RUTH,),
    EscalationLevel.SUPERVISOR: (SUE,),
}
OWNERS = "person:1"
FEDERAL = calendar("US", None, (), ())


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), NEW_YORK).astimezone(UTC)


def waiting(
    kind: DeadlineKind = DeadlineKind.VERIFY, due_on: date = THURSDAY, answered: datetime | None = None
) -> OpenReminder:
    return OpenReminder(kind, due_on, (), OnLapse.INACTIVATE, answered_at=answered)


def asked(day: date = MONDAY, rung: str = "-3", who: str = OWNERS) -> RungReached:
    return RungReached(rung, at(day), recipient=who)


def words(
    it: OpenReminder,
    said: list[RungReached],
    now: datetime,
    readers: dict[EscalationLevel, tuple[Recipient, ...]] | None = None,
    holidays: Days = frozenset(),
) -> list[tuple[str, LadderPlan]]:
    found = words_beside(it, said, readers or EVERYBODY, now, NEW_YORK, holidays)
    return [(str(reader.name), word) for _, reader, word in found]


def days(it: OpenReminder, said: list[RungReached], **facts: object) -> dict[str, date]:
    """When each would be asked, looking ahead from Monday."""
    found = words(it, said, at(MONDAY), **facts)  # type: ignore[arg-type]
    return {who: word.next_at.astimezone(NEW_YORK).date() for who, word in found if word.next_at}


@pytest.mark.parametrize("kind", [DeadlineKind.VERIFY, DeadlineKind.DISCREPANCY, DeadlineKind.HELP, DeadlineKind.TASK])
def test_an_owners_task_goes_up_every_two_business_days(kind: DeadlineKind) -> None:
    """Due on Thursday: the backup on Monday, the admins on Wednesday, the medical director on Friday."""
    assert days(waiting(kind), [asked()]) == {
        "person:2": date(2026, 11, 30),
        "person:3": date(2026, 12, 2),
        "person:4": date(2026, 12, 2),
        "person:5": date(2026, 12, 4),
    }


def test_holidays_are_no_business_days() -> None:
    """Due on the Wednesday before Thanksgiving: the backup on Monday, not on Friday."""
    due = waiting(due_on=date(2026, 11, 25))
    assert days(due, [asked()], holidays=FEDERAL)["person:2"] == date(2026, 11, 30)


@pytest.mark.parametrize("kind", [DeadlineKind.ISSUER, DeadlineKind.LAPSED])
def test_what_is_due_before_the_owner_was_asked_counts_from_the_asking(kind: DeadlineKind) -> None:
    """An expiry three weeks ago, first asked on Monday: the backup hears on Wednesday."""
    found = days(waiting(kind, due_on=date(2026, 11, 2)), [asked(MONDAY, "monday:2026-11-23")])
    assert found["person:2"] == date(2026, 11, 25)


def test_nobody_is_asked_while_the_owner_was_not() -> None:
    """Neither before the first word, nor for what a newer one took the place of."""
    assert words(waiting(), [], at(THURSDAY)) == []
    assert words(waiting(), [RungReached("-3", at(MONDAY), told=False, recipient=OWNERS)], at(THURSDAY)) == []


def test_an_answer_stops_it_until_the_owner_is_asked_again() -> None:
    """Still waiting on Tuesday; asked again the Monday after, which begins the count anew."""
    issuer = waiting(DeadlineKind.ISSUER, due_on=MONDAY, answered=at(date(2026, 11, 24)))
    first = asked(MONDAY, "w:2026-11-23")
    assert words(issuer, [first], at(date(2026, 11, 27))) == []
    again = [first, asked(date(2026, 11, 30), "w:2026-11-30")]
    assert days(issuer, again)["person:2"] == date(2026, 12, 2)


def test_a_level_hears_once_per_due_date() -> None:
    """The backup was asked: only the admins are next. Both admins were: only the director."""
    said = [asked(), asked(date(2026, 11, 30), "backup", "person:2")]
    assert list(days(waiting(), said)) == ["person:3", "person:4", "person:5"]
    said += [asked(date(2026, 12, 2), "manager", who) for who in ("person:3", "person:4")]
    assert list(days(waiting(), said)) == ["person:5"]


def test_another_backup_is_not_asked_again() -> None:
    """The level was asked for this date, whoever was the backup then."""
    said = [asked(), asked(date(2026, 11, 30), "backup", "person:9")]
    assert "person:2" not in days(waiting(), said)


def test_whoever_was_asked_already_is_passed_over() -> None:
    """An admin who is the backup as well hears once."""
    both = {**EVERYBODY, EscalationLevel.BACKUP: (ADA,)}
    assert days(waiting(), [asked()], readers=both) == {
        "person:3": date(2026, 11, 30),
        "person:4": date(2026, 12, 2),
        "person:5": date(2026, 12, 4),
    }


def test_after_a_long_pause_levels_are_still_two_days_apart() -> None:
    """Nothing ran for a month: the backup now, the admins two business days later, never all at once."""
    late = at(date(2026, 12, 28), 10)
    now, *later = words(waiting(), [asked()], late)
    assert (now[0], now[1].due is not None) == ("person:2", True)
    assert [word.due for _, word in later] == [None, None, None]
    assert later[0][1].next_at == at(date(2026, 12, 30))


def test_a_warning_reaches_backup_and_supervisor_with_the_owner() -> None:
    """Seven days before; the admins and the medical director hear nothing."""
    warning = waiting(DeadlineKind.LAPSE_WARNING, due_on=date(2026, 12, 7))
    assert days(warning, []) == {"person:2": date(2026, 11, 30), "person:6": date(2026, 11, 30)}
    both = (("backup", "person:2"), ("supervisor", "person:6"))
    told = [asked(date(2026, 11, 30), level, who) for level, who in both]
    assert words(warning, told, at(date(2026, 12, 1))) == []


@pytest.mark.parametrize(
    ("kind", "assignee", "does"),
    [
        (DeadlineKind.VERIFY, OWNER, True),
        (DeadlineKind.LAPSE_WARNING, OWNER, True),
        (DeadlineKind.EXPIRY, PROVIDER, False),
        (DeadlineKind.EXPIRY, OWNER, False),
        (DeadlineKind.TASK, "medical_director", False),
        (DeadlineKind.STEP, APPROVERS, False),
        (DeadlineKind.PREPARE, PROVIDER, False),
        (DeadlineKind.RECREDENTIALING, OWNER, False),
    ],
)
def test_only_an_owners_tasks_concern_others(kind: DeadlineKind, assignee: str, does: bool) -> None:
    """What the provider has to do is said to the team's channel, as ever."""
    assert concerns_others(kind, assignee) is does


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(2026, 1, 1), date(2036, 12, 31)),
    st.integers(0, 40),
    st.integers(0, 23),
    st.sampled_from([frozenset(), FEDERAL]),
)
def test_each_is_asked_once_in_working_hours_and_in_order(due_on: date, late: int, hour: int, holidays: Days) -> None:
    """Over ten years, whenever the sweep looks: nobody twice, no two levels on one day, never on a day off."""
    it, said = waiting(due_on=due_on), [asked(due_on)]
    now, told = at(due_on + timedelta(days=late), hour), []
    for _ in range(30):
        found = words(it, said, now, holidays=holidays)
        for who, word in found:
            if word.due:
                said.append(RungReached(word.due.key, now, recipient=who))
                told.append((word.due.key, who, now.astimezone(NEW_YORK)))
        again = [word.next_at for _, word in words(it, said, now, holidays=holidays) if word.next_at]
        if not again:
            break
        assert min(again) > now
        now = min(again)
    assert [who for _, who, _ in told] == ["person:2", "person:3", "person:4", "person:5"]
    assert len({when.date() for level, _, when in told}) == 3
    assert all(is_business_day(when.date(), holidays) and time(9) <= when.time() < time(18) for _, _, when in told)
