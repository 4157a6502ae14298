"""Leave, end and return as changes: rows, audit events, and what they do to reminders and privileges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.changes.privileges.approval_steps import open_next_step
from bot.changes.privileges.requests import request_privileges
from bot.changes.providers.employment import StatusChanged, end_provider, go_on_leave, return_provider
from bot.changes.providers.offboarding import withdraw_held
from bot.changes.reconcile import reconcile
from bot.changes.reminders.help_requests import ask_for_help
from bot.jobs import run_as_if as run_as_if_module
from bot.jobs.reconcile_files import reconcile_day
from bot.jobs.run_as_if import run_as_if
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.rules.privileges.models import LineState
from bot.rules.providers.models import EmploymentStatus
from bot.rules.refusals import Invalid, Refused
from bot.rules.reminders.models import TaskView
from bot.store import audit
from bot.store.engine import Database
from bot.store.people import accounts
from bot.store.privileges.grants import read_privileges
from bot.store.privileges.requests import read_request
from bot.store.reminders.card_contents import read_task
from bot.store.reminders.deadlines import of_files
from bot.store.reminders.recipients import readers_of
from bot.store.reminders.sweep import due_now
from bot.store.tables import (
    AuditEvent,
    Deadline,
    OutboxMessage,
    PrivilegeGrant,
    PrivilegeRequest,
    ProviderRow,
    ProviderStatusRow,
    RequestLine,
    Task,
)
from tests.support.credentials import SOON, TODAY, Office, a_person, open_office

DECEMBER = date(2026, 12, 1)


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def open_kinds(office: Office) -> list[str]:
    """The deadlines of Lee's file that are open."""
    with office.db.reading() as session:
        return [row.kind.value for row in of_files(session, [office.file_id]) if row.is_open]


def open_tasks(office: Office) -> list[str]:
    return [task.kind for task in office.rows(Task) if task.done_at is None]


def grant(office: Office) -> None:
    """Lee holds a privilege since the first of the month, for two years."""
    with office.db.writing() as session:
        session.add(
            PrivilegeRequest(
                id=1, number=1001, provider_id=office.file_id, asked_on=TODAY, policy_hash="", state="closed"
            )
        )
        session.flush()
        session.add(RequestLine(id=1, request_id=1, privilege="psychotherapy_core", state="granted"))
        session.flush()
        term = {"starts_on": date(2026, 11, 1), "ends_on": date(2028, 10, 31)}
        session.add(PrivilegeGrant(line_id=1, provider_id=office.file_id, privilege="psychotherapy_core", **term))


def ends(office: Office, since: date = TODAY, investigation: str = "no") -> StatusChanged:
    done = office.does(end_provider, office.file_id, since, "resigned", investigation)
    assert isinstance(done, StatusChanged), done
    return done


def asked_for(office: Office) -> int:
    """A request that is open, whatever its criteria: it was asked for while they were met."""
    with office.db.writing() as session:
        session.add(PrivilegeRequest(id=2, number=1002, provider_id=office.file_id, asked_on=TODAY, policy_hash=""))
        session.flush()
        session.add(RequestLine(id=2, request_id=2, privilege="psychotherapy_core"))
        session.flush()
        open_next_step(session, office.ctx, session.get_one(PrivilegeRequest, 2), session.get_one(RequestLine, 2), 0)
    return 2


def test_a_leave_closes_the_providers_reminders_and_a_return_opens_them(office: Office) -> None:
    """What was said for a date is not said twice; each change is one event of its own."""
    office.license(SOON, verified=True)

    gone = office.does(go_on_leave, office.file_id, TODAY, None)
    away = open_kinds(office)
    back = office.does(return_provider, office.file_id)

    assert isinstance(gone, StatusChanged)
    assert isinstance(back, StatusChanged)
    assert (away, open_kinds(office)) == ([], ["expiry"])
    assert office.acts()[-2:] == ["provider_on_leave", "provider_returned"]
    assert [row.status for row in office.rows(ProviderStatusRow)] == ["leave", "active"]


def test_a_license_counts_after_a_leave_once_it_was_looked_at_anew(office: Office, ctx: Context) -> None:
    """A look before the return is history: the owner has it to verify."""
    office.license(date(2028, 12, 31), verified=True)
    office.does(go_on_leave, office.file_id, TODAY, None)
    later = replace(office, ctx=replace(ctx, now=ctx.now + timedelta(days=7)))

    later.does(return_provider, later.file_id)

    assert open_kinds(later) == ["expiry", "prepare", "verify"]


def test_an_end_leaves_no_deadline_of_the_file_open(office: Office) -> None:
    """Three tasks for the owner are all that is left."""
    office.license(SOON)

    ends(office)

    assert open_kinds(office) == []
    assert open_tasks(office) == ["payer_terminations", "agreements", "tail_cover"]


def test_an_end_ends_privileges_from_its_day_on(office: Office) -> None:
    """The day before is the last one; after a mistake it never ended."""
    grant(office)
    ends(office, DECEMBER)

    def active(on: date) -> bool:
        with office.db.reading() as session:
            [one] = read_privileges(session, office.file_id)
        return one.runs(on)

    assert (active(date(2026, 11, 30)), active(DECEMBER)) == (True, False)
    with office.db.reading() as session:
        assert read_privileges(session, office.file_id)[0].last_day == date(2026, 11, 30)
    office.does(return_provider, office.file_id)
    assert active(DECEMBER)


def test_a_return_after_an_end_brings_no_privilege_back(office: Office) -> None:
    """Rehired: what ended stays ended."""
    grant(office)
    ends(office)

    back = office.does(return_provider, office.file_id)

    assert isinstance(back, StatusChanged)
    with office.db.reading() as session:
        [one] = read_privileges(session, office.file_id)
    assert (back.status.status, one.active(TODAY), one.ended_on) == (EmploymentStatus.REHIRED, False, TODAY)


def test_an_end_to_come_is_carried_out_by_the_turn_of_its_day(office: Office, ctx: Context) -> None:
    """Once, however often the day is reconciled."""
    office.license(SOON)
    reconcile_day(office.db, ctx)
    ends(office, DECEMBER)
    before = (open_kinds(office), open_tasks(office))

    for _ in range(2):
        reconcile_day(office.db, replace(ctx, now=ctx.now + timedelta(days=8)))

    assert before == (["expiry", "verify"], [])
    assert (open_kinds(office), open_tasks(office)) == ([], ["payer_terminations", "agreements", "tail_cover"])
    assert office.acts().count("end_carried_out") == 1


def test_a_corrected_end_asks_nothing_twice(office: Office) -> None:
    """Another reason or an earlier day supersedes the row; a later day undoes what it asked for too early."""
    ends(office)
    office.does(end_provider, office.file_id, date(2026, 11, 20), "retired", "no")
    corrected = open_tasks(office)

    ends(office, DECEMBER)

    assert corrected == ["payer_terminations", "agreements", "tail_cover"]
    assert open_tasks(office) == []
    assert [row.superseded_at is None for row in office.rows(ProviderStatusRow)] == [False, False, True]


def test_an_end_withdraws_what_is_asked_for(office: Office) -> None:
    """With one event for each request, and why."""
    request = asked_for(office)

    done = ends(office)

    with office.db.reading() as session:
        view = read_request(session, request, office.ctx.policies, TODAY)
    assert (done.followed.withdrawn, view.state) == ((1002,), LineState.WITHDRAWN)
    assert office.acts().count("request_withdrawn") == 1


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_an_investigation_holds_the_withdrawal(office: Office, answer: str) -> None:
    """The medical director gets the task, and only they may let go."""
    request = asked_for(office)
    with office.db.writing() as session:
        ruth = a_person(session, "Ruth", role="approver", body="medical_director")

    done = ends(office, investigation=answer)
    [deadline] = office.rows(Deadline, Deadline.assignee == "medical_director")
    refused = office.does(withdraw_held, deadline.id)
    with office.db.writing() as session:
        told = readers_of(session, office.ctx, due_now(session, office.ctx.now, 50, office.ctx.policies.hash))
        director = accounts.person(session, ruth, on=TODAY)

    assert (done.followed.held, told[deadline.id or 0].name) == ((1002,), f"person:{ruth}")
    assert isinstance(refused, Refused)
    assert refused.code == "not_yours"
    assert office.does(withdraw_held, deadline.id, by=director) == (1002,)
    with office.db.reading() as session:
        assert read_request(session, request, office.ctx.policies, TODAY).state is LineState.WITHDRAWN


def test_admins_hear_where_nobody_is_medical_director(office: Office) -> None:
    """Once, whoever of them is there; the owner is reminded of it, as of everything that is nobody else's."""
    asked_for(office)
    with office.db.writing() as session:
        ada, gone = a_person(session, "Ada", role="admin"), a_person(session, "Gone", role="admin", bot=True)

    ends(office, investigation="yes")

    with office.db.writing() as session:
        told = readers_of(session, office.ctx, due_now(session, office.ctx.now, 50, office.ctx.policies.hash))
    [deadline] = office.rows(Deadline, Deadline.assignee == "medical_director")
    assert gone
    assert [row.channel for row in office.rows(OutboxMessage, OutboxMessage.kind == "alarm")] == [f"person:{ada}"]
    assert told[deadline.id or 0].name == f"person:{office.cora.id}"


def test_the_owner_learns_who_decides(office: Office) -> None:
    """While nobody can, there is nothing to press; once somebody does, it is theirs."""
    asked_for(office)
    ends(office, investigation="yes")
    [deadline] = office.rows(Deadline, Deadline.assignee == "medical_director")

    def seen() -> TaskView:
        with office.db.reading() as session:
            return read_task(session, deadline.id or 0, office.ctx, office.cora)

    before = seen()
    with office.db.writing() as session:
        a_person(session, "Ruth", role="approver", body="medical_director")

    assert (before.vacant, before.now_with) == (True, None)
    assert (seen().vacant, seen().now_with) == (False, "Ruth")


def test_a_call_for_help_ends_with_the_provider(office: Office) -> None:
    """It does not follow from the file, and is closed all the same."""
    office.license(SOON, verified=True)
    sweep(office.db, office.ctx)
    [expiry] = office.rows(Deadline, Deadline.kind == "expiry")
    office.does(ask_for_help, expiry.id, "Where?", by=office.lee)

    ends(office)

    [call] = office.rows(Deadline, Deadline.kind == "help")
    assert call.closed_at is not None


def test_the_owners_of_the_supervised_have_a_task(office: Office) -> None:
    """One for each, on the same day; who has ended needs no supervisor."""
    with office.db.writing() as session:
        session.add(ProviderRow(name="Maya", type="pmhnp", supervisor_id=office.lee.id))
        session.add(ProviderRow(name="Noor", type="lcsw", supervisor_id=office.lee.id))
    [noor] = office.rows(ProviderRow, ProviderRow.name == "Noor")
    office.does(end_provider, noor.id, TODAY, "other", "no")

    done = ends(office)

    [task] = office.rows(Task, Task.kind == "supervisor_left")
    assert (done.followed.supervised, task.facts["supervisor"]) == (("Maya",), "Lee Chen")


@pytest.mark.parametrize(
    ("reason", "investigation", "code"),
    [
        (None, "no", "reason_class_missing"),
        ("fired for cause", "no", "reason_class_missing"),
        ("other", None, "investigation_missing"),
    ],
)
def test_an_end_needs_its_answers(office: Office, reason: str | None, investigation: str | None, code: str) -> None:
    """A reason is one of five classes, whatever was sent."""
    answer = office.does(end_provider, office.file_id, TODAY, reason, investigation)

    assert isinstance(answer, Invalid)
    assert (answer.code, office.rows(ProviderStatusRow)) == (code, [])


def test_nobody_who_ended_asks_for_privileges(office: Office) -> None:
    """Nor can anybody for them."""
    ends(office)

    answer = office.does(request_privileges, office.file_id, ["psychiatry_core"])

    assert isinstance(answer, Refused)
    assert answer.code == "has_ended"


def test_an_imported_end_is_history(office: Office) -> None:
    """What was carried over with its day needs nothing carried out when the file is reconciled."""
    with office.db.writing() as session:
        at = office.ctx.now
        session.add(
            ProviderStatusRow(
                provider_id=office.file_id, status="ended", valid_from=TODAY, recorded_at=at, carried_out_at=at
            )
        )
    with office.db.writing() as session:
        reconcile(session, office.ctx, [office.file_id])

    assert open_tasks(office) == []


def test_nobody_ends_or_pauses_their_own_file(office: Office) -> None:
    """Lee is a coordinator too: leave, end and return are a colleague's."""
    lee = replace(office.lee, roles=office.cora.roles)
    tried = [
        office.does(go_on_leave, office.file_id, DECEMBER, None, by=lee),
        office.does(end_provider, office.file_id, DECEMBER, "resigned", "no", by=lee),
        office.does(return_provider, office.file_id, by=lee),
    ]

    assert [one.code for one in tried if isinstance(one, Refused)] == ["never_own_status"] * 3
    assert office.rows(ProviderStatusRow) == []


def test_a_run_ahead_of_the_day_carries_no_end_out(office: Office) -> None:
    """``nudges run --at`` lists it; what is for good waits, and follows on its real day."""
    asked = asked_for(office)
    ends(office, DECEMBER)
    january = replace(office.ctx, now=office.ctx.now + timedelta(days=60))
    _, listed = run_as_if(office.db, lambda: january, TODAY)

    assert [str(one) for one in listed] == ["would end: Lee Chen on 2026-12-01; still open: R-1002"]
    with office.db.reading() as session:
        assert read_request(session, asked, office.ctx.policies, TODAY).state is LineState.OPEN
    assert open_tasks(office) == []
    [event] = [row for row in office.rows(AuditEvent) if row.act == "ran_as_if"]
    assert event.after == {"at": str(january.now), "really": "2026-11-23"}

    reconcile_day(office.db, replace(office.ctx, now=office.ctx.now + timedelta(days=8)))
    with office.db.reading() as session:
        assert read_request(session, asked, office.ctx.policies, TODAY).state is LineState.WITHDRAWN


def test_what_a_run_as_if_it_were_another_moment_writes_says_so(office: Office) -> None:
    """Each of its events names the moment; those before and after it do not."""
    january = replace(office.ctx, now=office.ctx.now + timedelta(days=60))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_as_if_module, "run_due", lambda db, context: lapse(db, context()))
        run_as_if(office.db, lambda: january, TODAY)
    lapse(office.db, office.ctx)

    first, second = [row for row in office.rows(AuditEvent) if row.act == "lapsed"]
    assert (first.after, second.after) == ({"on": "2027-01-22", "as_if": str(january.now)}, {"on": "2026-11-23"})


def lapse(db: Database, ctx: Context) -> None:
    db.transact(lambda session: audit.record(session, "credbot", "lapsed", "grant:1", after={"on": ctx.today}))


def test_after_a_run_ahead_by_a_day_the_end_still_follows(office: Office) -> None:
    """Reconciled for tomorrow already, tomorrow does it all the same."""
    asked = asked_for(office)
    ends(office, TODAY + timedelta(days=1))
    tomorrow = replace(office.ctx, now=office.ctx.now + timedelta(days=1))
    run_as_if(office.db, lambda: tomorrow, TODAY)
    reconcile_day(office.db, tomorrow)

    with office.db.reading() as session:
        assert read_request(session, asked, office.ctx.policies, TODAY).state is LineState.WITHDRAWN


def test_a_run_as_if_it_were_a_day_gone_by_holds_nothing_back(office: Office) -> None:
    """Only what lies in the future is left alone."""
    ends(office, TODAY + timedelta(days=1))
    tomorrow = replace(office.ctx, now=office.ctx.now + timedelta(days=1))

    assert run_as_if(office.db, lambda: tomorrow, DECEMBER)[1] == []
    assert open_tasks(office) == ["payer_terminations", "agreements", "tail_cover"]
