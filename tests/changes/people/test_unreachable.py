"""People whom Slack does not reach: the question after a deactivation, contact made, and refused messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.changes.people.accounts import remember_person
from bot.changes.providers.employment import end_provider
from bot.changes.reminders.answers import prepare
from bot.changes.reminders.contact_log import ContactRecorded, contact_made
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.rules.refusals import Invalid, Refused
from bot.store.engine import Database
from bot.store.people import accounts
from bot.store.people.accounts import Profile
from bot.store.reminders.unreachable import dm_refused, seen_again
from bot.store.tables import Card, Deadline, Nudge, PersonRow, Task
from tests.support.credentials import SOON, TODAY, Office, open_office

LEE = Profile("ULEE", "Lee", "lee@clinic.example")
NEAR = date(2026, 12, 7)


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def hears(office: Office, *, deactivated: bool) -> None:
    """Slack tells of Lee's account."""
    with office.db.writing() as session:
        remember_person(session, office.ctx, replace(LEE, deactivated=deactivated))


def questions(office: Office) -> list[Task]:
    return office.rows(Task, Task.kind == "account_deactivated")


def nudged(office: Office, expires_on: date = SOON) -> Deadline:
    """Lee's license is due, and the sweep has said so."""
    office.license(expires_on, verified=True)
    sweep(office.db, office.ctx)
    [deadline] = office.rows(Deadline, Deadline.kind == "expiry")
    return deadline


def test_a_deactivation_asks_once_and_ends_nobody(office: Office) -> None:
    """However often Slack tells of it; the owner has a card."""
    for _ in range(2):
        hears(office, deactivated=True)

    [question] = questions(office)
    assert (question.done_at, question.facts) == (None, {"deactivated_on": "2026-11-23"})
    assert [card.channel for card in office.rows(Card, Card.kind == "task")] == [f"person:{office.cora.id}"]


def test_every_deactivation_is_a_question_of_its_own(office: Office) -> None:
    """An account that is active again answers the question; the next deactivation asks anew."""
    for deactivated in (True, False, True):
        hears(office, deactivated=deactivated)

    first, second = questions(office)
    assert (first.answer and first.answer["answer"], second.done_at) == ("reactivated", None)


def test_nobody_asks_about_somebody_who_ended(office: Office) -> None:
    """Closing the account is what follows from an end."""
    office.does(end_provider, office.file_id, TODAY, "resigned", "no")

    hears(office, deactivated=True)

    assert questions(office) == []


def test_contact_made_counts_as_an_answer(office: Office) -> None:
    """It stays open: how and when stand on the reminder, the note on record only."""
    deadline = nudged(office)

    done = office.does(contact_made, deadline.id, "phone", TODAY, "She files it.")

    [row] = office.rows(Deadline, Deadline.kind == "expiry")
    [nudge] = [one for one in office.rows(Nudge) if one.answer]
    assert isinstance(done, ContactRecorded)
    assert (row.closed_at, row.answered_at) == (None, office.ctx.now)
    assert nudge.answer is not None
    assert {key: nudge.answer[key] for key in ("answer", "how", "on")} == {
        "answer": "contact",
        "how": "phone",
        "on": "2026-11-23",
    }
    assert office.acts()[-1] == "contact_made"


def to_prepare(office: Office) -> Deadline:
    """Lee's license is good for a year, and half a year before its end its owner will be asked."""
    office.license(TODAY + timedelta(days=365), verified=True)
    [deadline] = office.rows(Deadline, Deadline.kind == "prepare")
    return deadline


def test_contact_about_what_is_to_be_prepared_is_no_answer(office: Office) -> None:
    """Whoever was reached need not be ready: that stays to be said."""
    deadline = to_prepare(office)

    done = office.does(contact_made, deadline.id, "phone", TODAY, None)

    [row] = office.rows(Deadline, Deadline.kind == "prepare")
    assert done == ContactRecorded(row.id, to_prepare=True)
    assert (row.closed_at, row.answered_at) == (None, None)


def test_contact_about_what_is_ready_comes_too_late(office: Office) -> None:
    """Somebody has said so while the form was open."""
    deadline = to_prepare(office)
    office.does(prepare, deadline.id, ready=True)

    answer = office.does(contact_made, deadline.id, "phone", TODAY, None)

    assert isinstance(answer, Refused)
    assert (answer.code, office.acts().count("contact_made")) == ("already_done", 0)


@pytest.mark.parametrize(
    ("how", "on", "code"),
    [
        (None, TODAY, "contact_how_missing"),
        ("pigeon", TODAY, "contact_how_missing"),
        ("email", NEAR, "contact_in_future"),
    ],
)
def test_contact_needs_how_and_when(office: Office, how: str | None, on: date, code: str) -> None:
    """Nothing is recorded otherwise."""
    answer = office.does(contact_made, nudged(office).id, how, on, None)

    assert isinstance(answer, Invalid)
    assert (answer.code, office.acts().count("contact_made")) == (code, 0)


def test_the_provider_makes_no_contact_with_themselves(office: Office) -> None:
    """Only a coordinator says so."""
    answer = office.does(contact_made, nudged(office).id, "email", TODAY, None, by=office.lee)

    assert isinstance(answer, Refused)
    assert answer.code == "not_yours"


def test_a_refused_message_is_said_to_the_owner(office: Office) -> None:
    """The same rung, by the next sweep; what was refused counts as not said."""
    deadline = nudged(office)

    with office.db.writing() as session:
        turned = dm_refused(session, f"person:{office.lee.id}", "user_disabled", office.ctx.now)
    sweep(office.db, replace(office.ctx, now=office.ctx.now + timedelta(minutes=1)))

    said = [
        (one.rung, one.recipient, one.refused_at is None)
        for one in office.rows(Nudge, Nudge.deadline_id == deadline.id)
    ]
    told = [one for one in said if one[0] == said[-1][0]]
    assert turned
    assert [(recipient, good) for _, recipient, good in told] == [
        (f"person:{office.lee.id}", False),
        (f"person:{office.cora.id}", True),
    ]
    assert office.acts()[-1] == "dm_refused"


def test_a_message_that_arrived_stays_said(office: Office) -> None:
    """Refusing today's update takes back nothing that Slack has shown."""
    nudged(office)
    with office.db.writing() as session:
        [card] = [card for card in office.rows(Card) if card.kind == "nudge_day"]
        session.get_one(Card, card.id).ts = "1.1"

    with office.db.writing() as session:
        dm_refused(session, f"person:{office.lee.id}", "user_disabled", office.ctx.now)

    assert [one for one in office.rows(Nudge) if one.refused_at] == []


@pytest.mark.parametrize(
    ("conversation", "reason"),
    [("CTEAM", "channel_not_found"), ("person:1", "messages_tab_disabled"), ("person:99", "user_disabled")],
)
def test_what_is_no_persons_refusal_turns_nothing(office: Office, conversation: str, reason: str) -> None:
    """A channel, a fault of the app, nobody we know: an admin mends these."""
    with office.db.writing() as session:
        assert not dm_refused(session, conversation, reason, office.ctx.now)

    assert [one for one in office.rows(PersonRow) if one.dm_refused_at] == []


def test_who_comes_can_be_written_to_again(office: Office) -> None:
    """Once recorded, and once taken back."""
    with office.db.writing() as session:
        dm_refused(session, f"person:{office.lee.id}", "cannot_dm_bot", office.ctx.now)
    for _ in range(2):
        with office.db.writing() as session:
            seen_again(session, office.lee.id)

    with office.db.reading() as session:
        lee = accounts.person(session, office.lee.id, on=TODAY)
    assert lee is not None
    assert accounts.reachable(lee)
    assert office.acts() == ["dm_refused", "dm_possible_again"]
