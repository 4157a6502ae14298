"""Playing a story in the clinic, and telling it: who did what, who saw what, in lines that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from textwrap import indent
from zoneinfo import ZoneInfo

import typer

from bot.demo.wire import ZONE, Clinic
from bot.sandbox.actor import Actor

PATIENCE = 20.0
"""Seconds to wait for something to be seen: a message may wait for Slack's pace."""
WHO, SAID = 7, 12


class Tale:
    """One telling. Everything raises AssertionError where it does not happen."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._count = 0
        self.scene = ""

    def begins(self, scene: str) -> None:
        """The next scene, with the clinic's time."""
        self._count += 1
        self.scene = scene
        now = self._clinic.calendar.now().astimezone(ZoneInfo(ZONE))
        typer.echo(f"\n{self._count}. {scene}\n   {now:%A, %-d %B %Y, %H:%M}")

    def types(self, who: str, words: str) -> None:
        """Types a command or a message to the bot."""
        self._tell(who, "types", words)
        self._actor(who).types(words)

    def clicks(self, who: str, button: str, near: str | None = None, in_: str | None = None) -> None:
        """Presses a button; ``near`` is text of its row or message."""
        self._tell(who, "clicks", f"[{button}]")
        self._actor(who).clicks(button, near, in_)

    def fills(self, who: str, title: str, values: Mapping[str, object]) -> None:
        """Fills in the form with that title, and submits it."""
        self._actor(who).sees(title, PATIENCE)
        for label, value in values.items():
            self._tell(who, "fills in", f"{label}: {', '.join(value) if isinstance(value, list) else value}")
        self._actor(who).fills(dict(values))
        self._tell(who, "submits", f"[{self._submit(who)}]")
        self._actor(who).submits()

    def sees(self, who: str, text: str, in_: str | None = None) -> None:
        """Waits until they can read it, and tells the whole message."""
        found = self._actor(who).sees(text, PATIENCE, in_)
        self._tell(who, f"sees in {in_}" if in_ else "sees", "")
        typer.echo(indent(found.strip(), " " * 6 + "| "))

    def closes(self, who: str) -> None:
        """Closes the window in front of them."""
        self._actor(who).closes()

    def until(self, moment: datetime) -> None:
        """Lets the clinic's time pass; every hour's jobs run in order."""
        self._clinic.calendar.jump(moment)

    def holds(self, what: str, check: Callable[[], bool]) -> None:
        """Something that must be true, told in words."""
        if not check():
            raise AssertionError(what)
        typer.echo(f"   {what}")

    def _submit(self, who: str) -> str:
        modal = self._actor(who).modal
        return modal.submit if modal and modal.submit else "Submit"

    def _tell(self, who: str, does: str, what: str) -> None:
        typer.echo(f"   {who.capitalize():<{WHO}}{does:<{SAID}}{what}".rstrip())

    def _actor(self, handle: str) -> Actor:
        return self._clinic.slack.as_(handle)
