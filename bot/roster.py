"""A roster file on its way in: read, tried or imported, and told in lines for a terminal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from bot.bot import Bot
from bot.changes.roster.columns import RosterRejected, RosterRow
from bot.changes.roster.importer import ImportReport, import_rows
from bot.changes.roster.reader import read_rows
from bot.jobs.refresh_people import refresh_people, takes
from bot.store.workspace.maintenance import unreached

MINUTE = timedelta(minutes=1)
LONG = 1.5 * MINUTE
NO_NEED = "The bot asks by itself every day, too: Ctrl-C ends this, and loses nothing."
WHY = {
    "no_account": "{account} is nobody's in Slack yet, so {name}'s reminders go to the responsible coordinator.",
    "unknown": "Slack knows nobody by {account}. Copy {name}'s id from their profile: More, Copy member ID.",
    "deactivated": "{account} is deactivated in Slack, so {name}'s reminders go to the responsible coordinator.",
    "bot": "{account} is a bot, so {name}'s reminders go to the responsible coordinator.",
}


@dataclass(frozen=True, slots=True)
class RosterOutcome:
    """What became of a file. Not ``accepted``: nothing of it was taken, and the lines name every bad cell."""

    accepted: bool
    lines: tuple[str, ...]
    provider_ids: tuple[int, ...] = ()
    """Whose accounts Slack may be asked for; nobody's after a dry run."""


class _TriedError(Exception):
    """Ends a dry run's transaction, so that nothing of it stays."""

    def __init__(self, report: ImportReport | RosterRejected) -> None:
        super().__init__()
        self.report = report


def bring_in(bot: Bot, file: Path, *, dry_run: bool) -> RosterOutcome:
    """Imports all of the file or nothing. Raises OSError where the file cannot be read."""
    rows = read_rows(file, bot.policies, bot.clock.today())
    report = rows if isinstance(rows, RosterRejected) else _imported(bot, rows, file.name, dry_run=dry_run)
    if isinstance(report, RosterRejected):
        lines = [str(problem) for problem in report.problems]
        return RosterOutcome(
            accepted=False, lines=(*lines, "Nothing was imported: mend these cells, then import again.")
        )
    if dry_run:
        return RosterOutcome(accepted=True, lines=(*report.lines, "Tried only: nothing was changed."))
    return RosterOutcome(accepted=True, lines=report.lines, provider_ids=tuple(report.provider_ids))


def find_accounts(bot: Bot, told: RosterOutcome, say: Callable[[str], object]) -> None:
    """Asks Slack whose the file's accounts and addresses are, if there is a token, and says whose lead nowhere.

    Before a long wait says how long: Slack is asked at the pace it allows.
    """
    if not bot.settings.slack_bot_token or not told.provider_ids:
        return
    if (wait := takes(bot.db)) >= LONG:
        say(f"Asking Slack whose these accounts are: about {round(wait / MINUTE)} minutes. {NO_NEED}")
    refresh_people(bot.db, bot.slack, bot.context(), threading.Event())
    with bot.reading() as session:
        found = unreached(session, told.provider_ids)
    for one in found:
        say(f"Note: {WHY[one.why].format(name=one.name, account=one.account)}")


def _imported(bot: Bot, rows: list[RosterRow], name: str, *, dry_run: bool) -> ImportReport | RosterRejected:
    def change(session: Session) -> ImportReport | RosterRejected:
        report = import_rows(session, bot.context(), rows, name)
        if dry_run:
            raise _TriedError(report)
        return report

    try:
        return bot.transact(change)
    except _TriedError as tried:
        return tried.report
