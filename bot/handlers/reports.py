"""Looking: status, what expires, the queue, privileges and eligibility. Nothing is changed here."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot import log
from bot.bot import Bot
from bot.cards.reports import lists, status
from bot.handlers.dispatch.interaction import Interaction
from bot.handlers.dispatch.listeners import Answer
from bot.handlers.lookup import whom, whose
from bot.policies import credential_named
from bot.rules.dates import Ambiguous, read_date
from bot.rules.parsing.add import closest, words_of
from bot.rules.parsing.identifiers import STATES
from bot.rules.parsing.mentions import MENTION
from bot.rules.parsing.names import fold, longest_name, names_of
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, Invalid, PrivilegeRefusal, ProviderRefusal, Refused, ReportRefusal
from bot.store.reminders.card_contents import read_queue
from bot.store.reports import status_and_lists

WITHIN = 60
DAYS = re.compile(r"([0-9]{1,4})d?", re.IGNORECASE)

logger = log.get(__name__)


def show_status(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred status [@user] [on DATE]``."""
    (words, on), day = _dated(event.text), bot.clock.today()
    if on:
        read = read_date(on, day, "on")
        if isinstance(read, Invalid):
            return read
        if isinstance(read, Ambiguous):
            return Invalid("on", CommonRefusal.AMBIGUOUS_DATE, {"typed": read.text, "choices": read.choices})
        day = read
    who = whom(bot, me, words, Permission.SEE_DATES)
    if isinstance(who, Refused):
        looks_at_others = any(map(me.has, (Role.COORDINATOR, Role.SUPERVISOR, Role.AUDITOR)))
        return Refused(ProviderRefusal.WHOSE_FILE) if looks_at_others and not words.strip() else who
    return _status(bot, me, who, day)


def show_status_of(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Show status**; its value is the provider's id."""
    who = whose(bot, me, event.id, Permission.SEE_DATES)
    return who if isinstance(who, Refused) else _status(bot, me, who, bot.clock.today())


def expiring(bot: Bot, _: Person, event: Interaction) -> Answer:
    """``/cred expiring [30d] [type] [state]``, in any order."""
    within, type_, state, left = WITHIN, None, None, []
    types = {fold(name) for key, type_ in bot.policies.credentials.items() for name in names_of(key, type_)}
    for word in event.text.split():
        if days := DAYS.fullmatch(word):
            within = int(days[1])
        elif word.upper() in STATES and fold(word) not in types:
            state = word.upper()
        else:
            left.append(word)
    if left:
        type_ = credential_named(bot.policies, " ".join(left))
        if type_ is None:
            near = closest(" ".join(left), [c.label for c in bot.policies.credentials.values()])
            return Invalid("type", ReportRefusal.UNKNOWN_FILTER, {"typed": " ".join(left), "closest": near})
    with bot.reading() as session:
        view = status_and_lists.expiring_view(session, bot.policies, bot.clock.today(), within, type_, state)
    return lists.expiring(view, bot.policies, bot.words)


def queue(bot: Bot, me: Person, _: Interaction) -> Answer:
    """``/cred queue``: what waits for me."""
    broken: list[Exception] = []
    with bot.reading() as session:
        view = read_queue(session, me, bot.context(), broken)
    answer = lists.queue(view, bot.policies, bot.words, broken)
    for error in broken:
        logger.error("task_not_shown", exc_info=error)
    return answer


def privileges(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred privileges [@user]``: any full member sees active or not."""
    who = whom(bot, me, event.text, Permission.SEE_ACTIVE)
    if isinstance(who, Refused):
        return who
    with bot.reading() as session:
        view = status_and_lists.privileges_view(session, me, who, bot.clock.today())
    return lists.privileges(view, bot.policies, bot.words)


def eligible(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred eligible PRIVILEGE [@user]``; the privilege is the longest match over keys and labels."""
    privilege, person = _privilege_in(bot, event.text)
    if privilege is None:
        return _which_privilege(bot, MENTION.sub("", event.text).strip())
    who = whom(bot, me, person, Permission.SEE_FILE)
    if isinstance(who, Refused):
        return who
    with bot.reading() as session:
        view = status_and_lists.eligible_view(session, me, who, privilege, bot.policies, bot.clock.today())
    return lists.eligible(view, bot.policies, bot.words)


def _which_privilege(bot: Bot, typed: str) -> Refused:
    labels = [p.label for p in bot.policies.privileges.values()]
    return Refused(
        PrivilegeRefusal.UNKNOWN_PRIVILEGE, {"typed": typed, "closest": closest(typed, labels), "known": labels}
    )


def _privilege_in(bot: Bot, text: str) -> tuple[str | None, str]:
    words = words_of(text)
    found = longest_name(words, bot.policies.privileges)
    return (found.key, " ".join([*words[: found.start], *words[found.end :]])) if found else (None, "")


def _dated(text: str) -> tuple[str, str]:
    """The words before the last "on", and the day after it."""
    words = words_of(text)
    at = max((n for n, word in enumerate(words[:-1]) if word.lower() == "on"), default=len(words))
    return " ".join(words[:at]), " ".join(words[at + 1 :])


def _status(bot: Bot, me: Person, provider: Provider, day: date) -> Answer:
    ctx = bot.context()
    with bot.reading() as session:
        view = status_and_lists.status_view(session, me, provider, bot.policies, day, ctx.admins)
    return status.status(replace(view, another_day=day != bot.clock.today()), bot.policies, bot.words)
