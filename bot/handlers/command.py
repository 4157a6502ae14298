"""``/cred``: the words, the conversation each starts, and the closest one to what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.bot import Bot
from bot.cards import status
from bot.handlers import decide, look, record, request, verify
from bot.handlers.coming import Coming
from bot.handlers.guard import Answer, Conversation
from bot.rules.values import Person, Refused
from bot.rules.words_in import closest


@dataclass(frozen=True, slots=True)
class Subcommand:
    """``form``: the title of the form it opens, from its words; None where it answers with a message."""

    run: Conversation
    form: Callable[[Bot, Coming], str | None] = lambda _bot, _it: None


def _always(title: str) -> Callable[[Bot, Coming], str | None]:
    return lambda _bot, _it: title


SUBCOMMANDS: dict[str, Subcommand] = {
    "status": Subcommand(look.show_status),
    "add": Subcommand(record.add, record.add_form_title),
    "update": Subcommand(record.update, _always("Update a credential")),
    "verify": Subcommand(verify.choose, _always("Verify")),
    "expiring": Subcommand(look.expiring),
    "request": Subcommand(request.start, _always("Request privileges")),
    "privileges": Subcommand(look.privileges),
    "eligible": Subcommand(look.eligible),
    "queue": Subcommand(look.queue),
    "provider": Subcommand(record.provider, _always("Provider")),
}


def choose(bot: Bot, it: Coming) -> tuple[Conversation, str | None, Coming]:
    """The conversation that the words start, with the rest of the words; decided without a database."""
    word, _, rest = it.text.partition(" ")
    word = word.lower()
    if word in ("", "help"):
        return _help, None, it
    subcommand = SUBCOMMANDS.get(word)
    if subcommand is None:
        return _unknown, None, it
    said = replace(it, text=rest.strip())
    return subcommand.run, subcommand.form(bot, said), said


def _help(bot: Bot, me: Person, _: Coming) -> Answer:
    return status.help_card(tuple(SUBCOMMANDS), me, bot.words)


def _unknown(bot: Bot, me: Person, it: Coming) -> Answer:
    word = it.text.split()[0]
    near = closest(word.lower(), [*SUBCOMMANDS, "help"])
    rest = it.text.removeprefix(word).strip()
    return Refused("unknown_command", {"typed": word, "closest": near or "", "rest": rest})
