"""Asking for privileges, and what the requester may do until it is decided."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.markup import stacked
from bot.cards.block_kit.message import View
from bot.cards.names import privilege_name, request_name
from bot.cards.privileges import forms
from bot.changes.privileges.requests import (
    RequestChanged,
    Requested,
    RequestTurn,
    answer_return,
    at_hand,
    reopen,
    request_privileges,
    withdraw,
)
from bot.handlers.credentials.renewals import choose_whose
from bot.handlers.dispatch.interaction import Interaction, meta, whole
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh, in_its_form, said_again
from bot.handlers.lookup import recorded, whom, whose
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission
from bot.rules.privileges.criteria import eligible_for
from bot.rules.privileges.models import RequestView
from bot.rules.providers.models import Provider
from bot.rules.refusals import Invalid, PrivilegeRefusal, Refused
from bot.store.credentials.files import read_file
from bot.store.privileges.requests import asked_already, read_request

ABOUT_ONE = frozenset(
    {
        PrivilegeRefusal.ALREADY_OPEN,
        PrivilegeRefusal.ALREADY_GRANTED,
        PrivilegeRefusal.CRITERIA_MISSING,
        PrivilegeRefusal.NOT_ASKED_BY,
    }
)
"""Refusals of one privilege of those that were chosen: the form comes back with the others."""


def start(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred request [@user]``: which privileges, each criterion met, missing or expiring."""
    who = whom(bot, me, event.text, Permission.REQUEST)
    if isinstance(who, Refused):
        return choose_whose(bot, "request") if not event.text and me.has(Role.COORDINATOR) else who
    return _form(bot, who, **fresh(p=who.id))


def start_for(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Request …** (``PROVIDER`` or ``PROVIDER:PRIVILEGE``), or a provider chosen from the list."""
    about, _, privilege = event.value.partition(":")
    who = whose(bot, me, whole(about or event.values.get("provider")), Permission.REQUEST)
    if isinstance(who, Refused):
        return who
    chosen = {"values": {"privileges": [privilege]}} if privilege else {}
    return _form(bot, who, **fresh(p=who.id) | chosen)


def send(bot: Bot, me: Person, event: Interaction) -> Answer:
    provider_id, chosen = event.about("p"), event.values.get("privileges") or []
    reason = event.typed("reason")
    sent = run_once(
        bot,
        event,
        lambda session, ctx: request_privileges(session, ctx, me, provider_id, chosen, reason=reason),
        partial(_choose_again, bot, event, provider_id),
    )
    return _sent(bot, sent)


def ask_withdraw(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Withdraw**: asks once more before the request ends."""
    view = _at_hand(bot, me, event.id, RequestTurn.WITHDRAW)
    if isinstance(view, Refused):
        return view
    return forms.withdraw(view, bot.policies, bot.words, meta=meta(r=view.id))


def save_withdraw(bot: Bot, me: Person, event: Interaction) -> Answer:
    request_id = event.about("r")
    return _changed(
        bot, "withdrawal_recorded", run_once(bot, event, lambda session, ctx: withdraw(session, ctx, me, request_id))
    )


def ask_answer(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Answer**: what the approvers returned the request for."""
    view = _at_hand(bot, me, event.id, RequestTurn.ANSWER)
    return view if isinstance(view, Refused) else _answer_form(bot, view, **fresh(r=view.id))


def save_answer(bot: Bot, me: Person, event: Interaction) -> Answer:
    request_id, text = event.about("r"), event.typed("answer") or ""
    done = run_once(
        bot,
        event,
        lambda session, ctx: answer_return(session, ctx, me, request_id, text),
        in_its_form(bot, event, lambda **filled: _answer_form(bot, _request(bot, request_id), **filled)),
    )
    return _changed(bot, "answer_recorded", done)


def ask_reopen(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Reopen**: after the meeting."""
    view = _at_hand(bot, me, event.id, RequestTurn.REOPEN)
    return view if isinstance(view, Refused) else _reopen_form(bot, view, **fresh(r=view.id))


def save_reopen(bot: Bot, me: Person, event: Interaction) -> Answer:
    request_id, on, note = event.about("r"), event.day("on"), event.typed("note") or ""
    done = run_once(
        bot,
        event,
        lambda session, ctx: reopen(session, ctx, me, request_id, on=on or ctx.today, note=note),
        in_its_form(bot, event, lambda **filled: _reopen_form(bot, _request(bot, request_id), **filled)),
    )
    return _changed(bot, "reopening_recorded", done)


def _at_hand(bot: Bot, me: Person, request_id: int, turn: RequestTurn) -> RequestView | Refused:
    """Asked before anything is typed: a card may be older than the request's state."""
    return bot.transact(lambda session: at_hand(session, bot.context(), me, request_id, turn))


def _answer_form(bot: Bot, view: RequestView, **filled: Any) -> View:
    return forms.answer(view, bot.policies, bot.words, **filled)


def _reopen_form(bot: Bot, view: RequestView, **filled: Any) -> View:
    return forms.reopen(view, bot.policies, bot.words, today=bot.clock.today(), **filled)


def _form(bot: Bot, who: Provider, **filled: Any) -> View:
    today = bot.clock.today()
    with bot.reading() as session:
        file = read_file(session, who.id, today)
        taken = asked_already(session, who.id, bot.policies, today)
    eligible = eligible_for(file, bot.policies)
    return forms.request(who, eligible, taken, today, bot.policies, bot.words, **filled)


def _choose_again(bot: Bot, event: Interaction, provider_id: int, problem: Refused | Invalid) -> Answer:
    """The form with everything typed and why not; the words alone where nothing is left to choose in it."""
    if isinstance(problem, Refused) and problem.code not in ABOUT_ONE:
        return problem
    at_field = Invalid("privileges", problem.code, problem.facts)
    who = recorded(bot, provider_id)
    view = said_again(bot, event, at_field, lambda **filled: _form(bot, who, **filled)) if who else {}
    return view if view.get("submit") else problem


def _sent(bot: Bot, sent: list[Requested]) -> Answer:
    lines = [
        bot.words.line(
            "request_sent",
            number=request_name(one.number),
            privilege=privilege_name(bot.policies, one.privilege),
        )
        for one in sent
    ]
    return notices.said(stacked(*lines))


def _changed(bot: Bot, piece: str, done: RequestChanged) -> Answer:
    return notices.done(piece, bot.words, number=request_name(done.number))


def _request(bot: Bot, request_id: int) -> RequestView:
    with bot.reading() as session:
        return read_request(session, request_id, bot.policies, bot.clock.today())
