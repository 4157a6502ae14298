"""``/cred``: the words, the conversation each starts, and the closest one to what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.bot import Bot
from bot.cards import commands
from bot.cards.fit import units
from bot.handlers import (
    assign,
    away,
    coming,
    ending,
    leave,
    look,
    provider,
    record,
    recred,
    renew,
    request,
    returning,
    verify,
)
from bot.handlers.coming import Coming
from bot.handlers.guard import Answer, Listener
from bot.handlers.look import show_status_of
from bot.rules.values import Person, Refused
from bot.rules.words_in import closest
from bot.store import people

__all__ = ["SUBCOMMANDS", "choose", "credential_chosen", "provider_chosen", "show_status_of"]

Title = Callable[[Bot, Coming], str | None]
Chosen = tuple[Listener, str | None, Coming]
MOST = 1_900
"""Characters of a command; a button that says it again carries 2,000."""


def _no_form(_: Bot, __: Coming) -> None:
    return None


def _always(form: str) -> Title:
    return lambda bot, _: record.forms_title(bot, form)


@dataclass(frozen=True, slots=True)
class Subcommand:
    """``title``: of the form that its words open; None where it answers with a message."""

    starts: Listener
    title: Title = _no_form


SUBCOMMANDS: dict[str, Subcommand] = {
    "status": Subcommand(Listener(look.show_status, reads=True)),
    "add": Subcommand(Listener(record.add), record.add_form_title),
    "update": Subcommand(Listener(renew.update, reads=True), _always("update")),
    "verify": Subcommand(Listener(verify.choose, reads=True), _always("verify")),
    "expiring": Subcommand(Listener(look.expiring, reads=True)),
    "request": Subcommand(Listener(request.start, reads=True), _always("request")),
    "privileges": Subcommand(Listener(look.privileges, reads=True)),
    "eligible": Subcommand(Listener(look.eligible, reads=True)),
    "queue": Subcommand(Listener(look.queue, reads=True)),
    "provider": Subcommand(Listener(provider.show), _always("provider")),
    "recred": Subcommand(Listener(recred.show, reads=True)),
    "leave": Subcommand(Listener(leave.leave), leave.complete),
    "end": Subcommand(Listener(ending.end), _always("end")),
    "return": Subcommand(Listener(returning.come_back, reads=True), _always("return")),
    "assign": Subcommand(Listener(assign.give), assign.complete),
    "away": Subcommand(Listener(away.leave), away.complete),
}
FORM_ONLY: dict[str, Listener] = {
    "add": Listener(record.add_form, reads=True),
    "leave": Listener(leave.form, reads=True),
    "assign": Listener(assign.form, reads=True),
    "away": Listener(away.form, reads=True),
}
"""What **Open the form** starts where the words alone would be tried as a line again."""


def choose(bot: Bot, body: Mapping[str, Any]) -> Chosen:
    """The conversation that a command's words start, and its form's title; decided without a database."""
    return _chosen(bot, coming.command(body))


def choose_by_message(bot: Bot, body: Mapping[str, Any]) -> Chosen:
    """The same words in a direct message, or beside a mention."""
    return _chosen(bot, coming.message(body, bot.slack.who_am_i().user_id))


def try_again(bot: Bot, it: Coming) -> Chosen:
    """**Try again**: the words that the button kept."""
    return _chosen(bot, replace(it, text=it.value, retry=it.value))


def open_form(bot: Bot, it: Coming) -> Chosen:
    """**Open the form**: the same, but for words that would be tried as a line again."""
    listening, title, said = try_again(bot, it)
    word = it.value.partition(" ")[0].lower()
    return (FORM_ONLY[word], record.forms_title(bot, word), said) if word in FORM_ONLY else (listening, title, said)


def provider_chosen(bot: Bot, me: Person, it: Coming) -> Answer:
    """Whose file: ``next`` in the form's metadata says what for."""
    following = {
        "verify": verify.of_provider,
        "request": request.start_for,
        "update": renew.of_provider,
        "return": returning.chosen,
    }
    return following[str(it.meta["next"])](bot, me, it)


def credential_chosen(bot: Bot, me: Person, it: Coming) -> Answer:
    following = {"verify": verify.chosen, "update": renew.chosen}
    return following[str(it.meta["next"])](bot, me, it)


def _chosen(bot: Bot, it: Coming) -> Chosen:
    word, rest = (*it.text.split(maxsplit=1), "", "")[:2]
    if units(it.text) > MOST:
        return Listener(_too_long, reads=True), None, it
    subcommand = SUBCOMMANDS.get(word.lower())
    if subcommand is None:
        return Listener(_help if word.lower() in ("", "help") else _unknown, reads=True), None, it
    said = replace(it, text=rest)
    return subcommand.starts, subcommand.title(bot, said), said


def _help(bot: Bot, _: Person, __: Coming) -> Answer:
    return commands.help_card(["help", *SUBCOMMANDS], bot.words)


def _too_long(_: Bot, __: Person, ___: Coming) -> Answer:
    return Refused("too_long", {"most": MOST})


def _unknown(bot: Bot, _: Person, it: Coming) -> Answer:
    word, rest = (*it.text.split(maxsplit=1), "")[:2]
    near = closest(word, [*SUBCOMMANDS, "help"])
    return commands.unknown(word, near, rest, _by_name(bot, rest), bot.words)


def _by_name(bot: Bot, words: str) -> str:
    """The words with those who are on file by name; Slack is asked about nobody for words that say nothing."""
    with bot.reading() as session:
        names = people.names_of(session, coming.MENTION.findall(words))
    return coming.MENTION.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], words)
