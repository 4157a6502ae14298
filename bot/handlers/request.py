"""Asking for privileges, and what the requester may do until it is decided."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.bot import Bot
from bot.cards import forms_review, notices
from bot.cards.markup import stacked
from bot.cards.message import View
from bot.cards.names import privilege_name, review_name
from bot.changes.request import Changed, Requested, answer_return, reopen, request_privileges, withdraw
from bot.handlers.coming import Coming
from bot.handlers.filling import fresh, said_again
from bot.handlers.guard import Answer, once
from bot.handlers.renew import choose_whose
from bot.handlers.whom import whom
from bot.rules.criteria import eligible_for
from bot.rules.permissions import Act, may
from bot.rules.values import Invalid, LineState, Person, Provider, Refused, ReviewView, Role
from bot.store import finding
from bot.store.files import read_file
from bot.store.reviews import read_review

UNFINISHED = (LineState.OPEN, LineState.RETURNED, LineState.REFERRED)


def start(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred request [@user]``: which privileges, each criterion met, missing or expiring."""
    who = whom(bot, me, it.text, Act.REQUEST)
    if isinstance(who, Refused):
        return choose_whose(bot, "request") if not it.text and me.has(Role.COORDINATOR) else who
    return _form(bot, who, **fresh(p=who.id))


def start_for(bot: Bot, me: Person, it: Coming) -> Answer:
    """The button **Request privileges** of a status, or a provider chosen from the list."""
    provider_id = int(it.value or it.values.get("provider") or 0)
    with bot.reading() as session:
        who = finding.provider(session, provider_id)
    if who is None:
        return Refused("no_such_provider")
    return may(me, Act.REQUEST, who) or _form(bot, who, **fresh(p=who.id))


def send(bot: Bot, me: Person, it: Coming) -> Answer:
    provider_id, chosen = int(it.meta["p"]), it.values.get("privileges") or []
    reason = it.typed("reason")
    result = once(
        bot, it, lambda session, ctx: request_privileges(session, ctx, me, provider_id, chosen, reason=reason)
    )
    if isinstance(result, list):
        return _sent(bot, result)
    if isinstance(result, Invalid):
        with bot.reading() as session:
            who = finding.provider(session, provider_id)
        return said_again(it, result, bot.words, lambda **filled: _form(bot, who, **filled)) if who else None
    return result  # type: ignore[no-any-return]


def ask_withdraw(bot: Bot, me: Person, it: Coming) -> Answer:
    """**Withdraw**: asks once more before the request ends."""
    view = _review(bot, int(it.value))
    meta = fresh(r=view.id)["meta"]
    refused = may(me, Act.REQUEST, view.provider) or _unless(view, UNFINISHED, "request_ended")
    return refused or forms_review.withdraw(view, bot.policies, bot.words, meta=meta)


def save_withdraw(bot: Bot, me: Person, it: Coming) -> Answer:
    result = once(bot, it, lambda session, ctx: withdraw(session, ctx, me, int(it.meta["r"])))
    return _changed(bot, "withdrawn", result)


def ask_answer(bot: Bot, me: Person, it: Coming) -> Answer:
    """**Answer**: what the approvers returned the request for."""
    view = _review(bot, int(it.value))
    refused = may(me, Act.REQUEST, view.provider) or _unless(view, (LineState.RETURNED,), "not_returned")
    return refused or forms_review.answer(view, bot.policies, bot.words, **fresh(r=view.id))


def save_answer(bot: Bot, me: Person, it: Coming) -> Answer:
    review_id, text = int(it.meta["r"]), it.typed("answer") or ""
    result = once(bot, it, lambda session, ctx: answer_return(session, ctx, me, review_id, text))
    if isinstance(result, Invalid):
        view = _review(bot, review_id)
        return said_again(it, result, bot.words, lambda **f: forms_review.answer(view, bot.policies, bot.words, **f))
    return _changed(bot, "answered", result)


def ask_reopen(bot: Bot, me: Person, it: Coming) -> Answer:
    """**Reopen**: after the meeting."""
    view = _review(bot, int(it.value))
    refused = may(me, Act.REQUEST, view.provider) or _unless(view, (LineState.REFERRED,), "not_referred")
    return refused or _reopen_form(bot, view, **fresh(r=view.id))


def save_reopen(bot: Bot, me: Person, it: Coming) -> Answer:
    review_id, on, note = int(it.meta["r"]), it.day("on"), it.typed("note") or ""
    result = once(bot, it, lambda session, ctx: reopen(session, ctx, me, review_id, on=on or ctx.today, note=note))
    if isinstance(result, Invalid):
        view = _review(bot, review_id)
        return said_again(it, result, bot.words, lambda **filled: _reopen_form(bot, view, **filled))
    return _changed(bot, "reopened", result)


def _unless(view: ReviewView, states: Collection[LineState], code: str) -> Refused | None:
    """Said before anything is typed: a card may be older than the request's state."""
    return None if view.state in states else Refused(code, {"number": view.number, "state": view.state})


def _reopen_form(bot: Bot, view: ReviewView, **filled: Any) -> View:
    return forms_review.reopen(view, bot.policies, bot.words, today=bot.clock.today(), **filled)


def _form(bot: Bot, who: Provider, **filled: Any) -> View:
    today = bot.clock.today()
    with bot.reading() as session:
        file = read_file(session, who.id, today)
    return forms_review.request(who, eligible_for(file, bot.policies), today, bot.policies, bot.words, **filled)


def _sent(bot: Bot, sent: list[Requested]) -> Answer:
    lines = [
        bot.words.line(
            "notices",
            "requested",
            number=review_name(one.number),
            privilege=privilege_name(bot.policies, one.privilege),
        )
        for one in sent
    ]
    return notices.said(stacked(*lines))


def _changed(bot: Bot, piece: str, result: Changed | Refused) -> Answer:
    if isinstance(result, Refused):
        return result
    return notices.done(piece, bot.words, number=review_name(result.number))


def _review(bot: Bot, review_id: int) -> ReviewView:
    with bot.reading() as session:
        return read_review(session, review_id, bot.policies, bot.clock.today())
