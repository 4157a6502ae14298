"""``/cred``: the words, the conversation each starts, and the closest one to what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.bot import Bot
from bot.cards.actions import Form
from bot.cards.block_kit.limits import units
from bot.cards.workspace import command_help
from bot.handlers import credentialing, reports
from bot.handlers.credentials import recording, renewals, verification
from bot.handlers.dispatch import interaction
from bot.handlers.dispatch.interaction import Interaction
from bot.handlers.dispatch.listeners import Answer, Listener
from bot.handlers.dispatch.permit_rules import allowed, anybody, coordinators, members, stands_in
from bot.handlers.people import absences, assignments
from bot.handlers.privileges import requests
from bot.handlers.providers import back, end, leave, profiles
from bot.handlers.reports import show_status_of
from bot.rules.parsing.add import closest
from bot.rules.parsing.mentions import MENTION
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.refusals import CommonRefusal, Refused
from bot.store.people import accounts

__all__ = ["SUBCOMMANDS", "choose", "credential_chosen", "provider_chosen", "show_status_of"]

Chosen = tuple[Listener, Interaction]
MOST = 1_900
"""Characters of a command; a button that says it again carries 2,000."""

SUBCOMMANDS: dict[str, Listener] = {
    "status": Listener(reports.show_status, reads=True, permit=members),
    "add": Listener(recording.add, form=recording.opens, permit=members),
    "update": Listener(renewals.update, form=Form.UPDATE, reads=True, permit=members),
    "verify": Listener(verification.choose, form=Form.VERIFY, reads=True, permit=allowed(Permission.VERIFY)),
    "expiring": Listener(reports.expiring, reads=True, permit=allowed(Permission.EXPIRING)),
    "request": Listener(requests.start, form=Form.REQUEST, reads=True, permit=members),
    "privileges": Listener(reports.privileges, reads=True, permit=members),
    "eligible": Listener(reports.eligible, reads=True, permit=members),
    "queue": Listener(reports.queue, reads=True, permit=members),
    "provider": Listener(profiles.show, form=Form.PROVIDER, permit=coordinators("provider")),
    "recred": Listener(credentialing.show, reads=True, permit=members),
    "leave": Listener(leave.leave, form=leave.opens, permit=allowed(Permission.CHANGE_STATUS)),
    "end": Listener(end.end, form=Form.END, permit=allowed(Permission.CHANGE_STATUS)),
    "return": Listener(back.come_back, form=Form.RETURN, reads=True, permit=allowed(Permission.CHANGE_STATUS)),
    "assign": Listener(assignments.give, form=assignments.opens, permit=coordinators("assign")),
    "away": Listener(absences.leave, form=absences.opens, permit=stands_in),
}
FORM_ONLY: dict[str, Listener] = {
    "add": Listener(recording.add_form, form=Form.ADD, reads=True, permit=members),
    "leave": Listener(leave.form, form=Form.LEAVE, reads=True, permit=allowed(Permission.CHANGE_STATUS)),
    "assign": Listener(assignments.form, form=Form.ASSIGN, reads=True, permit=coordinators("assign")),
    "away": Listener(absences.form, form=Form.AWAY, reads=True, permit=stands_in),
}
"""What **Open the form** starts where the words alone would be tried as a line again."""


def choose(_: Bot, body: Mapping[str, Any]) -> Chosen:
    """What a command's words start; decided without a database."""
    return _chosen(interaction.command(body))


def choose_by_message(bot: Bot, body: Mapping[str, Any]) -> Chosen:
    """The same words in a direct message, or beside a mention."""
    return _chosen(interaction.message(body, bot.slack.who_am_i().user_id))


def try_again(_: Bot, event: Interaction) -> Chosen:
    """**Try again**: the words that the button kept."""
    return _chosen(replace(event, text=event.value, retry=event.value))


def open_form(bot: Bot, event: Interaction) -> Chosen:
    """**Open the form**: the same, but for words that would be tried as a line again."""
    listening, said = try_again(bot, event)
    return FORM_ONLY.get(event.value.partition(" ")[0].lower(), listening), said


def provider_chosen(bot: Bot, me: Person, event: Interaction) -> Answer:
    """Whose file: ``next`` in the form's metadata says what for."""
    following = {
        "verify": verification.of_provider,
        "request": requests.start_for,
        "update": renewals.of_provider,
        "return": back.chosen,
    }
    return following[str(event.meta["next"])](bot, me, event)


def credential_chosen(bot: Bot, me: Person, event: Interaction) -> Answer:
    following = {"verify": verification.chosen, "update": renewals.chosen}
    return following[str(event.meta["next"])](bot, me, event)


def _chosen(event: Interaction) -> Chosen:
    if units(event.text) > MOST:
        return Listener(_too_long, reads=True, permit=anybody), event
    word, rest = (*event.text.split(maxsplit=1), "", "")[:2]
    subcommand = SUBCOMMANDS.get(word.lower())
    if subcommand is None:
        answer = _help if word.lower() in ("", "help") else _unknown
        return Listener(answer, reads=True, permit=anybody), event
    return subcommand, replace(event, text=rest)


def _help(bot: Bot, _: Person, __: Interaction) -> Answer:
    return command_help.help_card(["help", *SUBCOMMANDS], bot.words)


def _too_long(_: Bot, __: Person, ___: Interaction) -> Answer:
    return Refused(CommonRefusal.TOO_LONG, {"most": MOST})


def _unknown(bot: Bot, _: Person, event: Interaction) -> Answer:
    word, rest = (*event.text.split(maxsplit=1), "")[:2]
    near = closest(word, [*SUBCOMMANDS, "help"])
    return command_help.unknown(word, near, rest, _by_name(bot, rest), bot.words)


def _by_name(bot: Bot, words: str) -> str:
    """The words with everybody whom we know already by name: a slip of the keyboard is no reason to ask Slack."""
    with bot.reading() as session:
        names = accounts.names_of(session, MENTION.findall(words))
    return MENTION.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], words)
