"""Who hears what of a request, and where."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.changes.privileges.requests import withdraw
from bot.rules.context import Context
from bot.rules.privileges.models import VoteChoice
from bot.store.engine import Database
from bot.store.tables import Card
from tests.support.privileges import Clinic, open_clinic, said


@pytest.fixture
def clinic(db: Database, ctx: Context) -> Clinic:
    return open_clinic(db, ctx.policies)


def test_every_vote_and_the_outcome_are_said_in_the_thread(clinic: Clinic, ctx: Context) -> None:
    """Three votes, three replies; the step that passed and the grant, the grant also under the requester's card."""
    clinic.grant(ctx)
    lee = f"person:{clinic.people['Lee'].id}"
    assert len(said(clinic.db, "vote")) == 3
    assert len(said(clinic.db, "step_passed")) == 1
    assert [m.channel for m in said(clinic.db, "outcome")] == ["CAPPROVALS", lee]


def test_each_vote_brings_every_card_in_line(clinic: Clinic, ctx: Context) -> None:
    """The approvers' card and the requester's are wanted in a newer version after a vote."""
    asked = clinic.request(ctx)
    clinic.vote(ctx, asked.request_id, "Mia")
    with clinic.db.reading() as session:
        cards = session.exec(select(Card).where(Card.subject == asked.request_id)).all()
    assert {card.kind: card.wanted_version for card in cards} == {"request": 2, "request_dm": 2}


def test_a_requester_who_is_not_the_provider_hears_the_outcome_too(clinic: Clinic, ctx: Context) -> None:
    """The outcome is said under the requester's own card, and the provider gets a notice of it."""
    asked = clinic.request(ctx, by="Cora")
    clinic.vote(ctx, asked.request_id, "Mia", VoteChoice.RETURN, reason="Where were the cases?")
    assert [m.channel for m in said(clinic.db, "outcome")] == ["CAPPROVALS", f"person:{clinic.people['Cora'].id}"]
    assert [n.facts["kind"] for n in said(clinic.db, "provider_notice")] == ["asked", "returned"]


def test_a_withdrawal_is_said_once(clinic: Clinic, ctx: Context) -> None:
    """Thread and requester hear of it, and the second try says nothing more."""
    asked = clinic.request(ctx)
    for _ in range(2):
        with clinic.db.writing() as session:
            withdraw(session, ctx, clinic.people["Lee"], asked.request_id)
    assert len(said(clinic.db, "outcome")) == 2
