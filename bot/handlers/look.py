"""Looking: status, what expires, the queue, privileges and eligibility. Nothing is changed here."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.bot import Bot
from bot.cards import look, status
from bot.handlers.coming import MENTION, Coming
from bot.handlers.guard import Answer
from bot.handlers.whom import whom, whose
from bot.policies import credential_named, privilege_named
from bot.rules.dates import Ambiguous, read_date
from bot.rules.identifiers import STATES
from bot.rules.permissions import Act
from bot.rules.values import Invalid, Person, Provider, Refused, Role
from bot.rules.words_in import closest
from bot.store import glances
from bot.store.nudge_days import read_queue

WITHIN = 60
ON = re.compile(r"^(.*?)\s*\bon\s+(\S.*)$", re.IGNORECASE)
DAYS = re.compile(r"^(\d{1,4})d?$", re.IGNORECASE)


def show_status(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred status [@user] [on DATE]``."""
    words, day = it.text, bot.clock.today()
    if dated := ON.match(words):
        read = read_date(dated[2], day, "on")
        if isinstance(read, Invalid):
            return read
        if isinstance(read, Ambiguous):
            return Invalid("on", "ambiguous_date", {"typed": read.text, "choices": read.choices})
        words, day = dated[1], read
    who = whom(bot, me, words, Act.SEE_DATES)
    if isinstance(who, Refused):
        looks_at_others = any(map(me.has, (Role.COORDINATOR, Role.SUPERVISOR, Role.AUDITOR)))
        return Refused("whose_file") if looks_at_others and not words.strip() else who
    return _status(bot, me, who, day)


def show_status_of(bot: Bot, me: Person, it: Coming) -> Answer:
    """The button **Show status**; its value is the provider's id."""
    who = whose(bot, me, it.id, Act.SEE_DATES)
    return who if isinstance(who, Refused) else _status(bot, me, who, bot.clock.today())


def expiring(bot: Bot, _: Person, it: Coming) -> Answer:
    """``/cred expiring [30d] [type] [state]``, in any order."""
    within, type_, state, left = WITHIN, None, None, []
    for word in it.text.split():
        if days := DAYS.match(word):
            within = int(days[1])
        elif word.upper() in STATES and credential_named(bot.policies, word) is None:
            state = word.upper()
        else:
            left.append(word)
    if left:
        type_ = credential_named(bot.policies, " ".join(left))
        if type_ is None:
            near = closest(" ".join(left), [c.label for c in bot.policies.credentials.values()])
            return Invalid("type", "unknown_filter", {"typed": " ".join(left), "closest": near})
    with bot.reading() as session:
        view = glances.expiring_view(session, bot.policies, bot.clock.today(), within, type_, state)
    return look.expiring(view, bot.policies, bot.words)


def queue(bot: Bot, me: Person, _: Coming) -> Answer:
    """``/cred queue``: what waits for me."""
    with bot.reading() as session:
        view = read_queue(session, me, bot.context())
    return look.queue(view, bot.policies, bot.words)


def privileges(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred privileges [@user]``: any full member sees active or not."""
    who = whom(bot, me, it.text, Act.SEE_ACTIVE)
    if isinstance(who, Refused):
        return who
    with bot.reading() as session:
        view = glances.privileges_view(session, me, who, bot.clock.today())
    return look.privileges(view, bot.policies, bot.words)


def eligible(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred eligible PRIVILEGE [@user]``; the privilege is the longest match over keys and labels."""
    privilege, person = _privilege_in(bot, it.text)
    if privilege is None:
        return _which_privilege(bot, MENTION.sub("", it.text).strip())
    who = whom(bot, me, person, Act.SEE_FILE)
    if isinstance(who, Refused):
        return who
    with bot.reading() as session:
        view = glances.eligible_view(session, me, who, privilege, bot.policies, bot.clock.today())
    return look.eligible(view, bot.policies, bot.words)


def _which_privilege(bot: Bot, typed: str) -> Refused:
    labels = [p.label for p in bot.policies.privileges.values()]
    return Refused("unknown_privilege", {"typed": typed, "closest": closest(typed, labels), "known": labels})


def _privilege_in(bot: Bot, text: str) -> tuple[str | None, str]:
    words = text.split()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            named = privilege_named(bot.policies, " ".join(words[start : start + length]))
            if named:
                return named, " ".join([*words[:start], *words[start + length :]])
    return None, ""


def _status(bot: Bot, me: Person, provider: Provider, day: date) -> Answer:
    ctx = bot.context()
    with bot.reading() as session:
        view = glances.status_view(session, me, provider, bot.policies, day, ctx.admins)
    return status.status(replace(view, another_day=day != bot.clock.today()), bot.policies, bot.words)
