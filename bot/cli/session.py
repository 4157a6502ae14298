"""What the commands share at the command line: the settings they need, a bot ready for use, and how they answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from bot.bot import Bot
    from bot.clock import Clock
    from bot.rules.refusals import Invalid, Refused
    from bot.settings import Settings

T = TypeVar("T")


def settings_with(*needed: str) -> Settings:
    from bot.settings import read_settings

    settings = read_settings()
    settings.need(*needed)
    return settings


def opened(settings: Settings, clock: Clock | None = None) -> Bot:
    from bot.handlers.dispatch.identity import meet_the_admins
    from bot.store.schema import pin_the_key

    bot = opened_to_read(settings, clock)
    pin_the_key(bot.db)
    meet_the_admins(bot)
    return bot


def opened_to_read(settings: Settings, clock: Clock | None = None) -> Bot:
    """As ``opened``, and nothing is recorded."""
    from bot.app import build
    from bot.store.schema import make_ready

    bot = build(settings, clock)
    make_ready(bot.db)
    return bot


def only_on_postgresql(settings: Settings) -> None:
    from bot.settings import SettingsError

    if not settings.on_postgresql:
        raise SettingsError(
            "web and worker share one database between processes: set DATABASE_URL to a postgresql:// address, "
            "or use credbot run."
        )


def accepted(bot: Bot, answer: T | Refused | Invalid) -> T:
    """The answer, where it is no refusal; a refusal is said, in the words that Slack would show."""
    from bot.cards import refusals
    from bot.rules.refusals import Invalid, Refused

    if isinstance(answer, Refused | Invalid):
        fail(refusals.invalid(answer, bot.words))
    return answer


def say(text: str, *, err: bool = False) -> None:
    """Prints it without what would steer a terminal: names and addresses were typed by others."""
    from bot.rules.parsing.legible import legible

    typer.echo(legible(text), err=err)


def fail(text: str) -> NoReturn:
    say(text, err=True)
    sys.exit(1)
