"""``credbot demo``: the clinic, a page to be anybody on, and what to try first."""

from __future__ import annotations

import errno
import webbrowser
from contextlib import ExitStack
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import typer

from bot import log
from bot import policies as policy_files
from bot.demo.clinic import POLICIES
from bot.demo.wiring import NAME, ZONE, Clinic, open_clinic
from bot.rules.dates import next_business_day
from bot.server import lifecycle
from bot.settings import SettingsError

WHAT_TO_TRY = f"""
{NAME} is open: an invented clinic in a Slack workspace on this machine, with the real bot in it.
Switch between people at the top of the page, and move the clock. Some things to try:

  as Cora, coordinator     /cred add @lee license NY 245871 Dec 31, 2028   then   /cred verify
  as Lee, psychiatrist     /cred status   ·   /cred request   ·   after "next morning": the reminders in the DM
  as Ruth, Ines, Mo, Vera  #privilege-requests: decide what waits there
  as anybody               /cred help

Ctrl-C closes it, and nothing is kept.
"""


def run(port: int, *, open_browser: bool) -> None:
    """Keeps the clinic open until Ctrl-C or SIGTERM. Raises SettingsError where the port is taken."""
    log.configure("ERROR")
    wait = lifecycle.hear_the_end()
    typer.echo("Opening the clinic; this takes a few seconds.")
    with ExitStack() as stack:
        clinic = _opened(stack, port)
        typer.echo(WHAT_TO_TRY)
        typer.echo(clinic.url)
        if open_browser:
            webbrowser.open(clinic.url)
        wait()
    typer.echo("Closed.")


def _opened(stack: ExitStack, port: int) -> Clinic:
    try:
        return stack.enter_context(open_clinic(this_morning(datetime.now(UTC)), port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SettingsError(f"Port {port} is taken. Let the demo choose one: credbot demo --port 0") from error


def this_morning(now: datetime) -> datetime:
    """Ten o'clock at the clinic, today or on the next working day: an hour at which reminders leave."""
    zone = ZoneInfo(ZONE)
    day = next_business_day(now.astimezone(zone).date(), policy_files.load(POLICIES).holidays)
    return datetime.combine(day, time(10), zone)
