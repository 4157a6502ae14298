"""Requests as values: many at once, as cheaply as one."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.rules.context import Context
from bot.rules.privileges.models import LineState, VoteChoice
from bot.store.engine import Database
from bot.store.privileges.requests import claim_step, read_request, read_requests, requests_of
from bot.store.privileges.rounds import rounds_of
from bot.store.tables import EvidenceSnapshot
from tests.support.privileges import Clinic, open_clinic


@pytest.fixture
def clinic(db: Database, ctx: Context) -> Clinic:
    return open_clinic(db, ctx.policies)


def test_many_requests_take_as_many_queries_as_one(clinic: Clinic, ctx: Context) -> None:
    """The number of statements does not grow with the number of requests."""
    ids = [clinic.request(ctx, privilege).request_id for privilege in ("ect", "psychiatry_core", "psychotherapy_core")]
    statements: list[str] = []
    counts = []
    with clinic.db.reading() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
        for wanted in (ids[:1], ids):
            statements.clear()
            assert len(read_requests(session, wanted, ctx.policies, ctx.today)) == len(wanted)
            counts.append(len(statements))
    assert counts[1] <= counts[0]


def test_a_provider_has_the_requests_that_did_not_end(clinic: Clinic, ctx: Context) -> None:
    """Open and returned ones; a granted one is over."""
    clinic.grant(ctx)
    returned = clinic.request(ctx, "psychiatry_core")
    clinic.vote(ctx, returned.request_id, "Ada", VoteChoice.RETURN, reason="Where were you trained?")
    with clinic.db.reading() as session:
        found = requests_of(session, clinic.lee, ctx.policies, ctx.today)
    assert [(r.number, r.state) for r in found] == [(returned.number, LineState.RETURNED)]


def test_two_who_saw_the_same_share_one_snapshot(clinic: Clinic, ctx: Context) -> None:
    """What was seen is kept once per content, and reads back as the value it was."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    clinic.vote(ctx, request_id, "Noa")
    with clinic.db.reading() as session:
        assert len(session.exec(select(EvidenceSnapshot)).all()) == 1
        live = read_request(session, request_id, ctx.policies, ctx.today).eligibility.criteria
        assert [vote.seen for one in rounds_of(session, request_id) for vote in one.votes] == [live, live]


def test_an_unknown_request_is_an_error(clinic: Clinic, ctx: Context) -> None:
    """Nothing is shown for an id that was never given out."""
    with clinic.db.reading() as session, pytest.raises(LookupError):
        read_request(session, 77, ctx.policies, ctx.today)


def test_a_step_is_claimed_only_while_it_is_open(clinic: Clinic, ctx: Context) -> None:
    """Whoever comes after the close gets nothing, whatever they believed before (invariant 2)."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia", VoteChoice.RETURN, reason="Where were you trained?")
    with clinic.db.writing() as session:
        closed = read_request(session, request_id, ctx.policies, ctx.today).steps[0]

        assert claim_step(session, closed.id) is None
