"""What is typed at the command line: days, moments, heads and roles, and whom somebody means.

What does not parse ends with status 2; somebody whom nobody knows, with 1.
"""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.session import fail
from bot.rules.dates import EARLIEST, LATEST
from bot.rules.parsing.legible import legible

if TYPE_CHECKING:
    from bot.bot import Bot
    from bot.outbox.slack_values import User as Account
    from bot.rules.people.models import HeldRole, Person
    from bot.rules.providers.models import Provider
    from bot.store.audit import Head


def print_version(wanted: bool) -> None:
    """``--version``, before any command."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"credbot {version('credbot')}")
        raise typer.Exit


def day(words: str, option: str) -> date:
    try:
        return _kept(date.fromisoformat(words))
    except ValueError:
        raise typer.BadParameter(
            f"{words!r} isn't a day I can use; write it as 2026-12-01.", param_hint=option
        ) from None


def moment(words: str, zone: tzinfo) -> datetime:
    """Noon for a bare date; ``zone`` where no offset is given."""
    try:
        if len(words) == len("2026-12-01"):
            at = datetime.combine(date.fromisoformat(words), time(12))
        else:
            at = datetime.fromisoformat(words)
        _kept(at.date())
    except ValueError:
        raise typer.BadParameter(
            f"{words!r} isn't a moment; write it as 2026-12-01 or 2026-12-01T09:00.", param_hint="--at"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _kept(day: date) -> date:
    """The day, where dates may lie; raises ValueError."""
    if not EARLIEST <= day <= LATEST:
        raise ValueError(day)
    return day


def head(words: str) -> Head:
    from bot.store.audit import Head

    try:
        return Head.read(words)
    except ValueError:
        raise typer.BadParameter("Write it as SEQ:HASH, as audit verify prints it.", param_hint="--head") from None


def export_file(file: Path) -> None:
    from bot.cli.export_files import is_writable_kind

    if not is_writable_kind(file):
        raise typer.BadParameter(
            "I write .json and .csv so far: end the file's name in one of them.", param_hint="FILE"
        )


def provider(bot: Bot, words: str) -> Provider:
    from bot.cli.export_files import providers_meant

    found = providers_meant(bot, words)
    if not found:
        fail(f"No provider here is {words}. Write the exact name, NPI, e-mail address or Slack id.")
    if len(found) > 1:
        fail(f"{len(found)} providers here are {words}. Write the NPI or e-mail address of the one you mean.")
    return found[0]


def role(bot: Bot, words: str) -> HeldRole:
    from bot.cards import refusals
    from bot.changes.people.roles import parse_role
    from bot.rules.refusals import Invalid

    held = parse_role(words)
    if isinstance(held, Invalid):
        raise typer.BadParameter(refusals.invalid(held, bot.words), param_hint="ROLE")
    return held


def person(bot: Bot, user: str) -> Person:
    """Slack is asked about somebody new, where a token is set: they have their name at once, and a slip is found."""
    from bot.changes.people.accounts import person_meant, remember_person
    from bot.outbox.slack_values import profile_of
    from bot.rules.refusals import Invalid

    user = legible(user)
    ctx, asks = bot.context(), bool(bot.settings.slack_bot_token)
    met = bot.transact(lambda session: person_meant(session, ctx, user, new=not asks))
    account = _account(bot, user) if asks and isinstance(met, Invalid) else None
    if account:
        profile = profile_of(account)
        return bot.transact(lambda session: remember_person(session, ctx, profile))
    if isinstance(met, Invalid):
        fail(f"Nobody here is {user}. A Slack id stands in the person's profile: More, Copy member ID.")
    return met


def _account(bot: Bot, user: str) -> Account | None:
    """Somebody of this workspace, by id or e-mail address."""
    account = bot.slack.user_by_email(user) if "@" in user else bot.slack.user(user)
    return account if account and not account.outsider else None
