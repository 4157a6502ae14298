"""``/cred``: the words, the conversation each starts, and the closest one to what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.bot import Bot
from bot.cards import commands
from bot.cards.actions import Form
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
from bot.handlers.permit_rules import allowed, anybody, coordinators, members, stands_in
from bot.rules.permissions import Act
from bot.rules.values import Person, Refused
from bot.rules.words_in import closest
from bot.store import people

__all__ = ["SUBCOMMANDS", "choose", "credential_chosen", "provider_chosen", "show_status_of"]

Chosen = tuple[Listener, Coming]
MOST = 1_900
"""Characters of a command; a button that says it again carries 2,000."""

SUBCOMMANDS: dict[str, Listener] = {
    "status": Listener(look.show_status, reads=True, permit=members),
    "add": Listener(record.add, form=record.opens, permit=members),
    "update": Listener(renew.update, form=Form.UPDATE, reads=True, permit=members),
    "verify": Listener(verify.choose, form=Form.VERIFY, reads=True, permit=allowed(Act.VERIFY)),
    "expiring": Listener(look.expiring, reads=True, permit=allowed(Act.EXPIRING)),
    "request": Listener(request.start, form=Form.REQUEST, reads=True, permit=members),
    "privileges": Listener(look.privileges, reads=True, permit=members),
    "eligible": Listener(look.eligible, reads=True, permit=members),
    "queue": Listener(look.queue, reads=True, permit=members),
    "provider": Listener(provider.show, form=Form.PROVIDER, permit=coordinators("provider")),
    "recred": Listener(recred.show, reads=True, permit=members),
    "leave": Listener(leave.leave, form=leave.opens, permit=allowed(Act.CHANGE_STATUS)),
    "end": Listener(ending.end, form=Form.END, permit=allowed(Act.CHANGE_STATUS)),
    "return": Listener(returning.come_back, form=Form.RETURN, reads=True, permit=allowed(Act.CHANGE_STATUS)),
    "assign": Listener(assign.give, form=assign.opens, permit=coordinators("assign")),
    "away": Listener(away.leave, form=away.opens, permit=stands_in),
}
FORM_ONLY: dict[str, Listener] = {
    "add": Listener(record.add_form, form=Form.ADD, reads=True, permit=members),
    "leave": Listener(leave.form, form=Form.LEAVE, reads=True, permit=allowed(Act.CHANGE_STATUS)),
    "assign": Listener(assign.form, form=Form.ASSIGN, reads=True, permit=coordinators("assign")),
    "away": Listener(away.form, form=Form.AWAY, reads=True, permit=stands_in),
}
"""What **Open the form** starts where the words alone would be tried as a line again."""


def choose(_: Bot, body: Mapping[str, Any]) -> Chosen:
    """What a command's words start; decided without a database."""
    return _chosen(coming.command(body))


def choose_by_message(bot: Bot, body: Mapping[str, Any]) -> Chosen:
    """The same words in a direct message, or beside a mention."""
    return _chosen(coming.message(body, bot.slack.who_am_i().user_id))


def try_again(_: Bot, it: Coming) -> Chosen:
    """**Try again**: the words that the button kept."""
    return _chosen(replace(it, text=it.value, retry=it.value))


def open_form(bot: Bot, it: Coming) -> Chosen:
    """**Open the form**: the same, but for words that would be tried as a line again."""
    listening, said = try_again(bot, it)
    return FORM_ONLY.get(it.value.partition(" ")[0].lower(), listening), said


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


def _chosen(it: Coming) -> Chosen:
    if units(it.text) > MOST:
        return Listener(_too_long, reads=True, permit=anybody), it
    word, rest = (*it.text.split(maxsplit=1), "", "")[:2]
    subcommand = SUBCOMMANDS.get(word.lower())
    if subcommand is None:
        answer = _help if word.lower() in ("", "help") else _unknown
        return Listener(answer, reads=True, permit=anybody), it
    return subcommand, replace(it, text=rest)


def _help(bot: Bot, _: Person, __: Coming) -> Answer:
    return commands.help_card(["help", *SUBCOMMANDS], bot.words)


def _too_long(_: Bot, __: Person, ___: Coming) -> Answer:
    return Refused("too_long", {"most": MOST})


def _unknown(bot: Bot, _: Person, it: Coming) -> Answer:
    word, rest = (*it.text.split(maxsplit=1), "")[:2]
    near = closest(word, [*SUBCOMMANDS, "help"])
    return commands.unknown(word, near, rest, _by_name(bot, rest), bot.words)


def _by_name(bot: Bot, words: str) -> str:
    """The words with everybody whom we know already by name: a slip of the keyboard is no reason to ask Slack."""
    with bot.reading() as session:
        names = people.names_of(session, coming.MENTION.findall(words))
    return coming.MENTION.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], words)
