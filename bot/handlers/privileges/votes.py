"""Deciding: **Approve**, **Deny** with its reason, and **Details** for the reviewers of a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.message import View
from bot.cards.names import request_name
from bot.cards.privileges import forms
from bot.changes.privileges.votes import barred_from_vote, cast_vote, opened_details
from bot.handlers.dispatch.interaction import Interaction, meta, whole
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import in_its_form
from bot.rules.people.models import Person
from bot.rules.privileges.models import RequestView, VoteChoice
from bot.rules.refusals import Refused
from bot.store.privileges.requests import read_request, request_of_step


def approve(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Approve**; the value is ``STEP:ROUND``."""
    step_id, of_round = _step(event)
    run_once(
        bot,
        event,
        lambda session, ctx: cast_vote(session, ctx, me, step_id, VoteChoice.APPROVE, of_round=of_round),
    )
    return _voted(bot, step_id)


def ask_deny(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Deny**: why, in a form; whoever may not vote learns it before typing."""
    step_id, of_round = _step(event)
    refused = bot.transact(lambda session: barred_from_vote(session, bot.context(), me, step_id, of_round))
    if refused:
        return refused
    return _form(bot, _request_of(bot, step_id), values={}, errors={}, meta=meta(s=step_id, r=of_round))


def check_deny(event: Interaction, bot: Bot) -> Mapping[str, str]:
    """A criterion that is not met has to be named."""
    if event.typed("outcome") == VoteChoice.NOT_ELIGIBLE and not event.typed("criterion"):
        return {"criterion": bot.words.plain("refused_criterion_missing")}
    return {}


def save_deny(bot: Bot, me: Person, event: Interaction) -> Answer:
    step_id, of_round = event.about("s"), event.about("r")
    choice = VoteChoice(event.typed("outcome") or VoteChoice.RETURN)
    criterion = event.typed("criterion") if choice is VoteChoice.NOT_ELIGIBLE else None
    run_once(
        bot,
        event,
        lambda session, ctx: cast_vote(
            session, ctx, me, step_id, choice, reason=event.typed("reason"), criterion=criterion, of_round=of_round
        ),
        in_its_form(bot, event, lambda **filled: _form(bot, _request_of(bot, step_id), **filled)),
    )
    return _voted(bot, step_id)


def details(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Details**: numbers, reasons and what each voter saw; each opening is recorded."""
    request_id = event.id
    votes = bot.transact(lambda session: opened_details(session, bot.context(), me, request_id))
    if isinstance(votes, Refused):
        return votes
    with bot.reading() as session:
        view = read_request(session, request_id, bot.policies, bot.clock.today())
    return forms.details(view, votes, bot.policies, bot.words)


def _form(bot: Bot, view: RequestView, **filled: Any) -> View:
    return forms.deny(view, bot.policies, bot.words, **filled)


def _voted(bot: Bot, step_id: int) -> Answer:
    return notices.done("vote_recorded", bot.words, number=request_name(_request_of(bot, step_id).number))


def _request_of(bot: Bot, step_id: int) -> RequestView:
    """Of a step that is there: the permit found it."""
    with bot.reading() as session:
        return read_request(session, request_of_step(session, step_id) or 0, bot.policies, bot.clock.today())


def _step(event: Interaction) -> tuple[int, int]:
    step_id, _, of_round = event.value.partition(":")
    return whole(step_id), whole(of_round or 1)
