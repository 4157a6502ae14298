"""Asking for privileges: what opens, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from bot.changes.privileges.requests import request_privileges
from bot.rules.context import Context
from bot.rules.people.models import CLI
from bot.rules.privileges.models import LineState
from bot.rules.refusals import Invalid, PrivilegeRefusal, Refused
from bot.store.engine import Database
from bot.store.tables import Card, Deadline
from tests.support.privileges import NEEDS, Clinic, audited, expire, open_clinic, said


@pytest.fixture
def clinic(db: Database, ctx: Context) -> Clinic:
    return open_clinic(db, ctx.policies)


def ask(clinic: Clinic, ctx: Context, *privileges: str, by: str = "Lee") -> object:
    with clinic.db.writing() as session:
        return request_privileges(session, ctx, clinic.people[by], clinic.lee, privileges)


def test_each_privilege_becomes_a_request_of_its_own(clinic: Clinic, ctx: Context) -> None:
    """Two privileges asked for at once make two requests with their own numbers, from R-1001 on."""
    asked = ask(clinic, ctx, "ect", "psychiatry_core", "ect")
    assert isinstance(asked, list)
    assert [(r.number, r.privilege) for r in asked] == [(1001, "ect"), (1002, "psychiatry_core")]


def test_the_first_step_follows_the_route(clinic: Clinic, ctx: Context) -> None:
    """A special privilege starts with the committee: two of it recommend, within five business days."""
    step = clinic.view(ctx, clinic.request(ctx).request_id).step
    assert step
    assert (step.position, step.body, step.mode, step.quorum) == (1, "credentials_committee", "recommend", 2)
    assert step.due_on == date(2026, 11, 30)


def test_an_open_step_waits_with_a_deadline(clinic: Clinic, ctx: Context) -> None:
    """The approvers' deadline is looked at on the morning it is due, not before."""
    asked = clinic.request(ctx)
    with clinic.db.reading() as session:
        deadline = session.exec(select(Deadline).where(Deadline.kind == "step")).one()
    assert (deadline.assignee, deadline.due_on) == ("approvers", date(2026, 11, 30))
    assert deadline.next_at is not None
    assert deadline.next_at.astimezone(ctx.zone).isoformat() == "2026-11-30T09:00:00-05:00"
    assert deadline.subject_id == clinic.view(ctx, asked.request_id).steps[0].id


def test_a_request_is_posted_with_its_evidence_and_shown_to_who_made_it(clinic: Clinic, ctx: Context) -> None:
    """The approvers' channel gets a card and the evidence in its thread, the requester a card by DM."""
    asked = clinic.request(ctx)
    with clinic.db.reading() as session:
        cards = {(c.kind, c.channel): c.id for c in session.exec(select(Card).where(Card.subject == asked.request_id))}
    lee = clinic.people["Lee"].id
    assert set(cards) == {("request", "CAPPROVALS"), ("request_dm", f"person:{lee}")}
    assert [m.after_card for m in said(clinic.db, "evidence")] == [cards["request", "CAPPROVALS"]]
    assert said(clinic.db, "provider_notice") == []


def test_a_provider_hears_of_a_request_that_somebody_else_made(clinic: Clinic, ctx: Context) -> None:
    """A coordinator asks for a provider: the coordinator gets the card, the provider a notice."""
    clinic.request(ctx, by="Cora")
    notices = said(clinic.db, "provider_notice")
    assert [(n.channel, n.facts) for n in notices] == [(f"person:{clinic.people['Lee'].id}", {"kind": "asked"})]


@pytest.mark.parametrize("missing", ["license", "board_certification"])
def test_what_is_missing_blocks(db: Database, ctx: Context, missing: str) -> None:
    """A request is refused, with the criteria that are not met, whether asked daily or at the grant."""
    held = [kind for kind in NEEDS if kind != missing]
    refused = ask(open_clinic(db, ctx.policies, holding=held), ctx, "ect")
    assert isinstance(refused, Refused)
    assert refused.code == "criteria_missing"
    assert [c.credential_type for c in refused.facts["criteria"]] == [missing]


def test_one_blocked_privilege_opens_none(clinic: Clinic, ctx: Context) -> None:
    """Several privileges are asked for together or not at all, so that nothing typed is half done."""
    refused = ask(clinic, ctx, "ect", "psychological_testing")
    assert isinstance(refused, Refused)
    assert (refused.code, refused.facts["privilege"]) == ("not_asked_by", "psychological_testing")
    assert ask(clinic, ctx, "ect") != refused


def test_the_same_privilege_is_asked_for_once(clinic: Clinic, ctx: Context) -> None:
    """While a request is open, another for the same privilege names it instead."""
    first = clinic.request(ctx)
    assert ask(clinic, ctx, "ect") == Refused(
        PrivilegeRefusal.ALREADY_OPEN, {"privilege": "ect", "number": first.number}
    )


def test_a_privilege_that_works_is_not_asked_for_again(clinic: Clinic, ctx: Context) -> None:
    """The answer says until when it is granted."""
    clinic.grant(ctx)
    assert ask(clinic, ctx, "ect") == Refused(
        PrivilegeRefusal.ALREADY_GRANTED, {"privilege": "ect", "ends_on": date(2028, 11, 22)}
    )


def test_a_privilege_may_be_asked_for_again_when_its_term_is_over(clinic: Clinic, ctx: Context) -> None:
    """The day after the last day of the grant, a new request opens."""
    clinic.grant(ctx)
    later = replace(ctx, now=ctx.now.replace(year=2028))
    with clinic.db.writing() as session:
        for kind in ("license", "dea", "malpractice", "board_certification"):
            expire(session, clinic.lee, kind, date(2029, 12, 31))
    assert isinstance(ask(clinic, later, "ect"), list)


def test_without_an_approvals_channel_nothing_is_asked(clinic: Clinic, ctx: Context) -> None:
    """A request that nobody could see is refused."""
    assert ask(clinic, replace(ctx, approvals_channel=None), "ect") == Refused(PrivilegeRefusal.NO_APPROVALS_CHANNEL)


def test_a_stranger_asks_in_vain(clinic: Clinic, ctx: Context) -> None:
    """Only the provider and coordinators ask; somebody else's attempt is recorded."""
    refused = ask(clinic, ctx, "ect", by="Sam")
    assert isinstance(refused, Refused)
    assert refused.code == "stranger"
    assert [(e.actor, e.reason) for e in audited(clinic.db, "refused")] == [("USAM", "stranger")]


@pytest.mark.parametrize(("chosen", "code"), [((), "nothing_chosen"), (("surgery",), "no_such_privilege")])
def test_a_choice_that_means_nothing_is_said_so(
    clinic: Clinic, ctx: Context, chosen: tuple[str, ...], code: str
) -> None:
    """An empty or unknown choice is an error of the form's field."""
    invalid = ask(clinic, ctx, *chosen)
    assert isinstance(invalid, Invalid)
    assert (invalid.field, invalid.code) == ("privileges", code)


def test_the_command_line_asks_without_a_dm(clinic: Clinic, ctx: Context) -> None:
    """A request made outside Slack has no requester to keep informed."""
    with clinic.db.writing() as session:
        asked = request_privileges(session, ctx, CLI, clinic.lee, ["ect"])
    assert isinstance(asked, list)
    view = clinic.view(ctx, asked[0].request_id)
    assert (view.requester_id, view.state) == (0, LineState.OPEN)
    assert said(clinic.db, "request_dm") == []
