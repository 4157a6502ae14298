"""What a day's message, a single card and a queue show of what waits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

import pytest
from sqlmodel import Session

from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import mark_answer, not_yet, still_waiting
from bot.changes.reminders.help_requests import ask_for_help, help_done
from bot.jobs.reconcile_files import reconcile_day
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.rules.credentials.models import JudgedCredential, ProviderFile
from bot.rules.policy import Policies
from bot.rules.reminders.models import NudgeDayView
from bot.rules.reports import QueueView
from bot.store.engine import Database
from bot.store.privileges import request_views
from bot.store.reminders import task_views
from bot.store.reminders.card_contents import read_help, read_nudge_day, read_queue, read_task
from bot.store.tables import ApprovalStep, CredentialTerm, PrivilegeRequest, RequestLine
from bot.store.tables.column_types import required
from tests.jobs.building import (
    a_credential,
    a_filing,
    a_grant,
    a_license_due,
    a_person,
    a_provider,
    a_term,
    as_person,
    later,
    supersede,
)
from tests.support.statements import statements

At = Callable[[str], datetime]
NEW_YEARS_EVE = date(2026, 12, 31)
LEE = 1


def todays(db: Database, ctx: Context, nudge_day_id: int = 1) -> NudgeDayView:
    with db.reading() as session:
        return read_nudge_day(session, nudge_day_id, ctx)


def queue_of(db: Database, ctx: Context, person_id: int) -> QueueView:
    with db.reading() as session:
        return read_queue(session, as_person(session, ctx, person_id), ctx)


def test_a_provider_sees_what_is_due(db: Database, ctx: Context) -> None:
    """Their own license, with its term, on its day, and Not yet while there is time."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)

    view = todays(db, ctx)
    task = view.tasks[0]
    assert (view.reader and view.reader.name, view.on, view.more) == ("Lee Chen", ctx.today, 0)
    assert (task.kind, task.credential_type, task.credential and task.credential.jurisdiction, task.due_on) == (
        "expiry",
        "license",
        "NY",
        NEW_YEARS_EVE,
    )
    assert (task.own, task.unreachable, task.closed, task.answer, task.may_snooze) == (True, False, False, None, True)
    assert task.term
    assert task.term.number == "A-123456"


def test_an_answered_task_says_who_pressed_what(db: Database, ctx: Context) -> None:
    """After a reported renewal the card is closed and answered."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    with db.writing() as session:
        a_term(session, credential, expires_on=date(2028, 12, 31))
        mark_answer(session, ctx, as_person(session, ctx, LEE), [credential], "renewed")
        reconcile(session, ctx, [1])

    task = todays(db, ctx).tasks[0]
    assert (task.closed, task.answer, task.answered_by) == (True, "renewed", "Lee Chen")
    assert (task.due_on, task.may_snooze) == (NEW_YEARS_EVE, False)


def test_a_card_of_last_terms_ladder_stays_closed(db: Database, ctx: Context) -> None:
    """The deadline goes on at the new expiry; the old message is history."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    with db.writing() as session:
        a_term(session, credential, expires_on=date(2028, 12, 31), verified=True)
        reconcile(session, ctx, [1])

    task = todays(db, ctx).tasks[0]
    assert (task.closed, task.due_on) == (True, NEW_YEARS_EVE)
    assert task.term
    assert task.term.expires_on == NEW_YEARS_EVE


def test_not_yet_shows_until_when(db: Database, ctx: Context) -> None:
    """The task stays open, with the day on which it comes again."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    with db.writing() as session:
        not_yet(session, ctx, as_person(session, ctx, LEE), 1)

    task = todays(db, ctx).tasks[0]
    assert (task.closed, task.answer, task.snoozed_until) == (False, "not_yet", date(2026, 11, 30))


def test_a_renewal_that_has_not_opened_says_when(db: Database, ctx: Context, at: At) -> None:
    """DEA opens sixty days before the expiry."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, "dea", expires_on=NEW_YEARS_EVE)
        reconcile(session, ctx, [lee])
    sweep(db, ctx)

    assert todays(db, ctx).tasks[0].opens_on is None
    early = later(ctx, at("2026-10-30 10:00"))
    assert todays(db, early).tasks[0].opens_on == date(2026, 11, 1)


def test_the_owner_sees_whom_slack_cannot_reach(db: Database, ctx: Context) -> None:
    """The same task, said to be somebody else's."""
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
    a_license_due(db, ctx, NEW_YEARS_EVE, slack_id=None)
    sweep(db, ctx)

    task = todays(db, ctx).tasks[0]
    assert (task.own, task.unreachable, task.provider.name) == (False, True, "Lee Chen")


def test_a_warning_lists_what_would_become_inactive(db: Database, ctx: Context, at: At) -> None:
    """Seven days before: the privileges that rest on the license."""
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        lee = a_provider(session)
        a_credential(session, lee, expires_on=NEW_YEARS_EVE)
        a_credential(session, lee, "malpractice", state="", expires_on=date(2027, 12, 31))
        a_grant(session, lee, "psychotherapy_core", starts_on=date(2026, 1, 5), ends_on=date(2028, 1, 4))
        reconcile(session, ctx, [lee])
    sweep(db, later(ctx, at("2026-12-24 10:00")))

    tasks = [task for day in (1, 2) for task in todays(db, ctx, day).tasks if task.kind == "lapse_warning"]
    assert [(task.own, task.privileges_at_risk) for task in tasks] == [(False, ("psychotherapy_core",))]


def test_a_superseded_term_is_still_shown_as_it_was_stated(db: Database, ctx: Context) -> None:
    """Sent back to the provider: the owner's card closes and keeps what had been reported."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        reported = a_term(session, credential, expires_on=date(2028, 12, 31))
        reconcile(session, ctx, [1])
    sweep(db, ctx)
    with db.writing() as session:
        supersede(session, session.get_one(CredentialTerm, reported))
        mark_answer(session, ctx, as_person(session, ctx, cora), [credential], "sent_back")
        reconcile(session, ctx, [1])

    task = todays(db, ctx).tasks[0]
    assert (task.kind, task.closed, task.answer, task.answered_by) == ("verify", True, "sent_back", "Cora Diaz")
    assert task.term
    assert task.term.expires_on == date(2028, 12, 31)


def test_a_long_day_shows_twelve_and_counts_the_rest(db: Database, ctx: Context) -> None:
    """Fifteen unverified credentials: one message, twelve tasks, three more."""
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        for number in range(15):
            lee = a_provider(session, f"Lee {number}", slack_id=f"ULEE{number}")
            a_credential(session, lee, "residency", state="", expires_on=None, verified=False)
        reconcile(session, ctx, range(1, 16))
    sweep(db, ctx)

    view = todays(db, ctx)
    assert (len(view.tasks), view.more) == (12, 3)


def test_a_call_for_help_carries_its_words(db: Database, ctx: Context) -> None:
    """The owner's card says who asks what about; once done, by whom."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        cora = as_person(session, ctx, a_person(session, "UCORA", "Cora Diaz", role="coordinator"))
        asked = ask_for_help(session, ctx, as_person(session, ctx, LEE), 1, "The board's site is down.")
        task = read_help(session, asked.nudge_id, None, ctx)  # type: ignore[union-attr]
        assert (task.kind, task.credential_type, task.help_text) == ("help", "license", "The board's site is down.")
        help_done(session, ctx, cora, task.deadline_id)
        done = read_help(session, asked.nudge_id, None, ctx)  # type: ignore[union-attr]
    assert (done.closed, done.answer, done.answered_by) == (True, "done", "Cora Diaz")


def test_a_channel_sees_a_task_of_nobody_in_particular(db: Database, ctx: Context) -> None:
    """What the team hears of silence: whose, what, when."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.reading() as session:
        task = read_task(session, 1, ctx)

    assert (task.provider.name, task.credential_type, task.due_on, task.own) == (
        "Lee Chen",
        "license",
        NEW_YEARS_EVE,
        False,
    )


def test_a_queue_holds_what_has_begun(db: Database, ctx: Context) -> None:
    """The license due soon waits for its provider; the one due next year does not yet."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, expires_on=NEW_YEARS_EVE)
        a_credential(session, lee, expires_on=date(2027, 12, 31), state="NJ")
        reconcile(session, ctx, [lee])

    assert [(task.credential and task.credential.jurisdiction, task.own) for task in queue_of(db, ctx, LEE).tasks] == [
        ("NY", True)
    ]


def test_a_queue_holds_the_tasks_of_the_files_somebody_answers_for(db: Database, ctx: Context) -> None:
    """Mo owns Ana's file; Cora, granted first, answers for the rest."""
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        mo = a_person(session, "UMO", "Mo Okafor", role="coordinator")
        lee, ana = a_provider(session), a_provider(session, "Ana Ruiz", slack_id="UANA", owner=mo)
        for provider in (lee, ana):
            a_credential(session, provider, "residency", state="", expires_on=None, verified=False)
        reconcile(session, ctx, [lee, ana])

    assert [task.provider.name for task in queue_of(db, ctx, cora).tasks] == ["Lee Chen"]
    assert [task.provider.name for task in queue_of(db, ctx, mo).tasks] == ["Ana Ruiz"]


def test_a_queue_leaves_out_what_waits_for_others(db: Database, ctx: Context, at: At) -> None:
    """Still waiting: the issuer's turn, until the question comes again."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        a_filing(session, credential, filed_on=ctx.today)
        reconcile(session, ctx, [1])
    sweep(db, ctx)
    with db.writing() as session:
        still_waiting(session, ctx, as_person(session, ctx, cora), 3)

    assert queue_of(db, ctx, cora).tasks == ()
    sweep(db, later(ctx, at("2026-11-30 10:00")))
    assert [task.kind for task in queue_of(db, ctx, cora).tasks] == ["issuer"]


def test_a_strangers_queue_is_empty(db: Database, ctx: Context) -> None:
    """Somebody without a file or a role."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        stranger = a_person(session, "USTRANGER", "Sam Stone")

    assert queue_of(db, ctx, stranger).tasks == ()


def test_a_file_that_cannot_be_read_leaves_the_rest_of_a_message(
    db: Database, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two people's tasks in one message and one queue, the other's is there; why the first is not is handed on."""
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        for name in ("Ana Ruiz", "Ben Ito"):
            provider = a_provider(session, name, slack_id=None, owner=cora)
            a_credential(session, provider, expires_on=NEW_YEARS_EVE)
    reconcile_day(db, ctx)
    sweep(db, ctx)

    judge = task_views.judge_file

    def broken_judge(file: ProviderFile, policies: Policies) -> Sequence[JudgedCredential]:
        if file.provider.name == "Ana Ruiz":
            raise KeyError("a bug")
        return judge(file, policies)

    monkeypatch.setattr(task_views, "judge_file", broken_judge)
    broken: list[Exception] = []
    with db.reading() as session:
        day = read_nudge_day(session, 1, ctx, broken)
        queue = read_queue(session, as_person(session, ctx, cora), ctx, broken)

    assert [task.provider.name for task in (*day.tasks, *queue.tasks)] == ["Ben Ito", "Ben Ito"]
    assert (day.unread, day.more, queue.unread, queue.more) == (1, 0, 1, 0)
    assert [type(error) for error in broken] == [KeyError, KeyError]


def some_requests(session: Session, how_many: int) -> None:
    """Open at the credentials committee, each about somebody else."""
    for number in range(how_many):
        provider = a_provider(session, f"Provider {number}", slack_id=None)
        request = PrivilegeRequest(
            provider_id=provider, number=provider, privilege="ect", asked_on=NEW_YEARS_EVE, policy_hash=""
        )
        session.add(request)
        session.flush()
        line = RequestLine(request_id=required(request.id), privilege="ect")
        session.add(line)
        session.flush()
        session.add(
            ApprovalStep(
                line_id=required(line.id), position=1, body="credentials_committee", mode="recommend", quorum=2,
                due_at=NEW_YEARS_EVE,
            )
        )  # fmt: skip


def test_a_queue_reads_the_files_of_what_it_shows(db: Database, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 33 requests that wait for a vote twenty files are read, in as many statements as for three."""
    read: list[int] = []
    whole = request_views.read_files

    def counting(session: Session, provider_ids: Collection[int], on: date) -> dict[int, ProviderFile]:
        read.append(len(provider_ids))
        return whole(session, provider_ids, on)

    monkeypatch.setattr(request_views, "read_files", counting)
    with db.writing() as session:
        omar = a_person(session, "UOMAR", "Omar Haddad", role="approver")
    asked, views = [], []
    for more in (3, 30):
        with db.writing() as session:
            some_requests(session, more)
        with db.reading() as session:
            me = as_person(session, ctx, omar)
            with statements(session) as seen:
                views.append(read_queue(session, me, ctx))
            asked.append(len(seen))

    assert read == [3, 20]
    assert asked[0] == asked[1]
    assert [(len(view.tasks), view.more) for view in views] == [(3, 0), (20, 13)]
