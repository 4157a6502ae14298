"""A roster file on its way in: read, tried or imported, and told in lines for a terminal."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from bot.bot import Bot
from bot.changes.roster import ImportReport, import_rows
from bot.changes.roster_rows import read_rows
from bot.changes.roster_values import Rejected, RosterRow
from bot.jobs.refresh_people import refresh_people


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a file. Not ``accepted``: nothing of it was taken, and the lines name every bad cell."""

    accepted: bool
    lines: tuple[str, ...]


class _TriedError(Exception):
    """Ends a dry run's transaction, so that nothing of it stays."""

    def __init__(self, report: ImportReport | Rejected) -> None:
        super().__init__()
        self.report = report


def bring_in(bot: Bot, file: Path, *, dry_run: bool) -> Told:
    """Imports all of the file or nothing; then asks Slack whose the e-mail addresses are, if there is a token.

    Raises OSError where the file cannot be read.
    """
    rows = read_rows(file, bot.policies, bot.clock.today())
    report = rows if isinstance(rows, Rejected) else _imported(bot, rows, file.name, dry_run=dry_run)
    if isinstance(report, Rejected):
        lines = [str(problem) for problem in report.problems]
        return Told(accepted=False, lines=(*lines, "Nothing was imported: mend these cells, then import again."))
    if not dry_run and bot.settings.slack_bot_token:
        refresh_people(bot.db, bot.slack, bot.context(), threading.Event())
    return Told(accepted=True, lines=(*report.lines, *(["Tried only: nothing was changed."] if dry_run else [])))


def _imported(bot: Bot, rows: list[RosterRow], name: str, *, dry_run: bool) -> ImportReport | Rejected:
    def change(session: Session) -> ImportReport | Rejected:
        report = import_rows(session, bot.context(), rows, name)
        if dry_run:
            raise _TriedError(report)
        return report

    try:
        return bot.transact(change)
    except _TriedError as tried:
        return tried.report
