"""``/cred recred``: the recredentialing clock, and the decision that starts it anew."""

from __future__ import annotations

from typing import Any

from bot.bot import Bot
from bot.cards import credentialing as cards_credentialing
from bot.cards import notices
from bot.cards.block_kit.message import View
from bot.changes.credentialing import AGAIN, BODIES, INITIAL, KINDS, Decided, record_decision
from bot.handlers.dispatch.interaction import Interaction
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh, in_its_form
from bot.handlers.lookup import whom, whose
from bot.rules.credentialing import CycleView, cycle_of
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, may
from bot.rules.providers.models import Provider
from bot.rules.refusals import Refused
from bot.store import credentialing as store_credentialing
from bot.store.providers import profiles


def show(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred recred [@user]``: one file's clock, or, for who looks after many, all that are late or due."""
    policy, today = bot.policies.recredentialing, bot.clock.today()
    if not event.text and me.has(Role.COORDINATOR, Role.AUDITOR):
        with bot.reading() as session:
            return cards_credentialing.many(store_credentialing.cycles_view(session, policy, today), policy, bot.words)
    who = whom(bot, me, event.text, Permission.SEE_DATES)
    if isinstance(who, Refused):
        return who
    running = cycle_of(who.last_decision_on, policy)
    view = CycleView(who, running, today, may_decide=may(me, Permission.DECIDE_FILE, who) is None)
    return cards_credentialing.one(view, policy, bot.words)


def ask(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Record a decision**; its value is the provider's id."""
    who = whose(bot, me, event.id, Permission.DECIDE_FILE)
    if isinstance(who, Refused):
        return who
    filled = fresh(p=who.id) | {"values": {"decision": AGAIN if who.last_decision_on else INITIAL}}
    return _form(bot, who, **filled)


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    provider_id = event.about("p")
    decided = Decided(
        decided_on=event.day("decided_on") or bot.clock.today(),
        kind=event.typed("decision") or INITIAL,
        body=event.typed("body") or BODIES[0],
        reference=event.typed("minutes") or "",
        corrects="yes" in (event.values.get("corrects") or ()),
    )
    done = run_once(
        bot,
        event,
        lambda session, ctx: record_decision(session, ctx, me, provider_id, decided),
        in_its_form(bot, event, lambda **filled: _form(bot, _provider(bot, provider_id), **filled)),
    )
    facts = {"name": done.provider.name, "decided_on": decided.decided_on, "due_on": done.due_on}
    return notices.said(bot.words.line("decision_recorded", **facts))


def _form(bot: Bot, who: Provider, **filled: Any) -> View:
    running = cycle_of(who.last_decision_on, bot.policies.recredentialing)
    return cards_credentialing.decision_form(who, running, KINDS, BODIES, bot.words, **filled)


def _provider(bot: Bot, provider_id: int) -> Provider:
    """Whoever has a file keeps it: the permit found it."""
    with bot.reading() as session:
        return profiles.providers(session, [provider_id])[provider_id]
