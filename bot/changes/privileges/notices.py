"""Who is told of a request, and where: the approvers' thread, the requester's DM, the provider, the owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import Session, col, select

from bot.rules.context import Context
from bot.rules.people.models import AbsenceView
from bot.rules.people.recipients import to_person
from bot.rules.privileges.models import LineState, RequestView, StepView
from bot.rules.privileges.routes import REINSTATEMENT
from bot.rules.privileges.votes import may_vote
from bot.rules.providers.models import Provider
from bot.store.outbox import messages
from bot.store.people.absences import away_on
from bot.store.people.accounts import owners_of, people
from bot.store.privileges.requests import voted_elsewhere
from bot.store.tables import Card


def announce(session: Session, ctx: Context, request: RequestView, seen: int, told: str | None) -> None:
    """Posts a new request to the approvers with its evidence, and its state to ``told``'s DM.

    ``seen`` is the snapshot of the criteria: each set of findings is told once.
    """
    if ctx.approvals_channel:
        messages.open_card(session, "request", request.id, ctx.approvals_channel)
    show_evidence(session, request.id, seen)
    tell_who_is_away(session, ctx, request)
    if told:
        messages.open_card(session, "request_dm", request.id, told)
    if request.provider.person_id != request.requester_id:
        _notify_provider(session, request, "asked", key=f"provider_notice:{request.id}:asked")


def show_evidence(session: Session, request_id: int, seen: int) -> None:
    _reply(session, request_id, "evidence", request_id, key=f"evidence:{request_id}:{seen}")


def show_change(session: Session, request_id: int) -> None:
    """Brings every card of the request in line with its state."""
    for kind in ("request", "request_dm", "referred_dm"):
        messages.refresh(session, kind, request_id)


def tell_vote(session: Session, request_id: int, vote_id: int) -> None:
    _reply(session, request_id, "vote", vote_id, key=f"vote:{vote_id}")


def tell_round(session: Session, request_id: int, step: StepView, after: str) -> None:
    """Says that a step votes again, ``after`` an answer or a meeting."""
    key, facts = f"round:{step.id}:{step.round}", {"after": after}
    _reply(session, request_id, "round_reopened", step.id, key=key, facts=facts)


def tell_passed(session: Session, request_id: int, step_id: int) -> None:
    """Says that a step passed, and whose turn it is now."""
    _reply(session, request_id, "step_passed", step_id, key=f"step_passed:{step_id}")


def tell_away(session: Session, request: RequestView, absence: AbsenceView) -> None:
    """Says in the thread that somebody who may vote is away; once for each step that waits for them."""
    if request.step:
        key = f"approver_away:{absence.id}:{request.step.id}"
        _reply(session, request.id, "approver_away", absence.id, key=key)


def tell_who_is_away(session: Session, ctx: Context, request: RequestView) -> None:
    """The same for a step that has just opened, of everybody who may vote and is away today."""
    away = away_on(session, ctx.today)
    absent = people(session, list(away), on=ctx.today, admins=ctx.admins) if away and request.step else {}
    for person_id, person in sorted(absent.items()):
        if (
            request.step
            and may_vote(person, request.step, request, voted_elsewhere(person, request.step, request)) is None
        ):
            tell_away(session, request, away[person_id])


def tell_outcome(session: Session, ctx: Context, request: RequestView, occasion: str) -> None:
    """Says what became of the line. ``occasion`` makes it once: the vote, or the withdrawal, that decided it.

    Under the requester's own card too: an edited message alone notifies nobody.
    """
    for card in ("request", "request_dm"):
        key, facts = f"outcome:{occasion}:{card}", {"state": request.state.value}
        _reply(session, request.id, "outcome", request.id, key=key, card=card, facts=facts)
    if request.state is LineState.REFERRED and (owner := owner_channel(session, ctx, request.provider.id)):
        messages.open_card(session, "referred_dm", request.id, owner)
    active_again = request.kind == REINSTATEMENT and request.state is LineState.GRANTED
    if request.provider.person_id != request.requester_id and not active_again:
        _notify_provider(session, request, request.state.value, key=f"provider_notice:{occasion}")


def owner_channel(session: Session, ctx: Context, provider_id: int) -> str | None:
    """Where the responsible coordinator hears of things: a DM, else the team's channel."""
    return owner_channels(session, ctx, [provider_id])[provider_id]


def owner_channels(session: Session, ctx: Context, provider_ids: Collection[int]) -> dict[int, str | None]:
    """The same for many providers."""
    owners = owners_of(session, provider_ids, on=ctx.today, admins=ctx.admins)
    return {key: to_person(owner.id) if owner else ctx.team_channel for key, owner in owners.items()}


def provider_channel(provider: Provider) -> str | None:
    """The provider's DM; None without a linked Slack account."""
    return to_person(provider.person_id) if provider.person_id and provider.slack_user_id else None


def _notify_provider(session: Session, request: RequestView, kind: str, *, key: str) -> None:
    channel = provider_channel(request.provider)
    if channel:
        messages.say(session, "provider_notice", request.id, channel, key=key, facts={"kind": kind})


def _reply(
    session: Session,
    request_id: int,
    kind: str,
    subject: int,
    *,
    key: str,
    card: str = "request",
    facts: Mapping[str, Any] | None = None,
) -> None:
    found = select(Card).where(Card.kind == card, Card.subject == request_id).order_by(col(Card.id).desc())
    thread = session.exec(found).first()
    if thread:
        messages.say(session, kind, subject, thread.channel, key=key, facts=facts, after_card=thread.id)
