"""``/cred away``: who is away, from when to when, and who stands in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import refusals
from bot.cards.actions import Form
from bot.cards.block_kit.message import Message, View
from bot.cards.people import absences as cards
from bot.changes.people.absences import AbsenceRecorded, come_back, go_away
from bot.handlers.dispatch.identity import identified
from bot.handlers.dispatch.interaction import Interaction, meta
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh, in_its_form, in_words, with_form
from bot.handlers.people.assignments import staff
from bot.rules.parsing.date_range import DateRange, read_range, unread
from bot.rules.parsing.mentions import MENTION
from bot.rules.people.models import Person, Role
from bot.rules.refusals import Invalid, PeopleRefusal
from bot.store.people import absences

DAYS = ("from_on", "until")


@dataclass(frozen=True, slots=True)
class _Said:
    """A line as understood: the dates, and who was mentioned."""

    dates: DateRange
    mention: str | None

    @property
    def complete(self) -> bool:
        """Whether it says everything; an approver needs nobody to stand in, which the change knows."""
        return len(self.dates.days) == len(DAYS) and not self.dates.problems


def opens(bot: Bot, event: Interaction) -> Form | None:
    """The form, where the words say something and not all."""
    return Form.AWAY if event.text and not _said(bot, event).complete else None


def leave(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred away FROM TO @delegate``; alone, what is planned, with **Cancel**."""
    if not event.text:
        return _mine(bot, me)
    said = _said(bot, event)
    if not said.complete:
        return form(bot, me, event)
    delegate = _delegate(bot, said)
    if isinstance(delegate, Invalid):
        return with_form(bot, event, delegate)
    first, last = (said.dates.days[name] for name in DAYS)
    done = run_once(
        bot,
        event,
        lambda session, ctx: go_away(session, ctx, me, first, last, delegate.id if delegate else None),
        in_words(bot, event),
    )
    return _planned(bot, done)


def form(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The form, with what was understood of the words and what was not."""
    said = _said(bot, event)
    values = {name: day.isoformat() for name, day in said.dates.days.items()}
    delegate = _delegate(bot, said)
    if isinstance(delegate, Person):
        values["delegate"] = str(delegate.id)
    problems = [*said.dates.problems, *([delegate] if isinstance(delegate, Invalid) else [])]
    return _form(bot, me, values=values, errors=refusals.errors(problems, bot.words), meta=meta())


def plan(bot: Bot, me: Person, _: Interaction) -> Answer:
    """The button **Plan an absence**."""
    return _form(bot, me, **fresh())


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    delegate_id = event.chosen_or_none("delegate")
    from_on, until = event.day("from_on"), event.day("until")
    done = run_once(
        bot,
        event,
        lambda session, ctx: go_away(session, ctx, me, from_on, until, delegate_id),
        in_its_form(bot, event, partial(_form, bot, me)),
    )
    return _planned(bot, done)


def cancel(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Cancel**, beside an absence of one's own."""
    done = run_once(bot, event, lambda session, ctx: come_back(session, ctx, me, event.id))
    return cards.notice("absence_canceled", done.absence, bot.words)


def _said(bot: Bot, event: Interaction) -> _Said:
    mentions = MENTION.findall(event.text)
    return _Said(_dates(MENTION.sub(" ", event.text), bot.clock.today()), mentions[-1] if mentions else None)


def _dates(text: str, today: date) -> DateRange:
    """A name alone says nothing here: what is no date was meant as the first."""
    said = read_range(text, DAYS, today)
    understood = {*said.days, *(problem.field for problem in said.problems)}
    if not said.name or DAYS[0] in understood:
        return said
    return replace(said, name="", problems=(*unread(said.name, DAYS), *said.problems))


def _delegate(bot: Bot, said: _Said) -> Person | Invalid | None:
    """Who was mentioned, or is called so among those who may stand in."""
    if said.mention:
        return identified(bot, said.mention) or Invalid("delegate", PeopleRefusal.UNKNOWN_PERSON)
    name = said.dates.name.strip("@ ")
    if not name:
        return None
    with bot.reading() as session:
        called = [one for one in staff(session, bot) if one.name.casefold() == name.casefold()]
    return called[0] if called else Invalid("delegate", PeopleRefusal.UNKNOWN_PERSON, {"typed": name})


def _mine(bot: Bot, me: Person) -> Message:
    today = bot.clock.today()
    with bot.reading() as session:
        own = absences.absences_of(session, [me.id], today)
        others = absences.stood_in_for(session, me.id, today)
    return cards.mine(own, others, bot.words)


def _planned(bot: Bot, done: AbsenceRecorded) -> Message:
    return cards.planned(done.absence, done.replaced, done.delegate_away, bot.words, votes=done.votes)


def _form(bot: Bot, me: Person, **filled: Any) -> View:
    return cards.plan(delegates(bot, me), bot.words, **filled)


def delegates(bot: Bot, me: Person) -> list[Person]:
    """Who may stand in; nobody for somebody who only approves."""
    with bot.reading() as session:
        return [one for one in staff(session, bot) if one.id != me.id] if me.has(Role.COORDINATOR) else []
