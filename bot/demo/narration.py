"""Playing a story in the clinic, and telling it: who did what, who saw what, in lines that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from textwrap import indent
from zoneinfo import ZoneInfo

import typer

from bot.demo.wiring import ZONE, Clinic
from slack_sandbox.person.actor import Actor

PATIENCE = 20.0
"""Seconds to wait for something to be seen: a message may wait for Slack's pace."""
WHO, SAID = 7, 12
LINE = "\n"


class Tale:
    """One telling. Everything raises AssertionError where it does not happen."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._count = 0
        self.scene = ""

    def begins(self, scene: str, at: datetime | None = None) -> None:
        """The next scene; the clinic's time goes on to ``at`` first, and every crossed hour's jobs run in order."""
        self.scene = scene
        if at:
            self._clinic.calendar.jump(at)
        self._count += 1
        now = self._clinic.calendar.now().astimezone(ZoneInfo(ZONE))
        typer.echo(f"\n{self._count}. {scene}\n   {now:%A, %B %-d, %Y, %-I:%M %p}")

    def types(self, who: str, words: str) -> None:
        """Types a command or a message to the bot."""
        self._tell(who, "types", words)
        self._actor(who).types(words)

    def clicks(self, who: str, button: str, near: str | None = None, in_: str | None = None) -> None:
        """Presses a button; ``near`` is text of its row or message."""
        self._tell(who, "clicks", f"[{button}]")
        self._actor(who).clicks(button, near, in_)

    def fills(self, who: str, values: Mapping[str, object]) -> None:
        """Fills in the form in front of them, as soon as it has these inputs, and submits it."""
        actor = self._actor(who)
        actor.fills(dict(values))
        modal = actor.modal
        if modal is None:
            raise AssertionError("The form was closed.")
        self._tell(who, "opens", f"{modal.title}: {modal.text.partition(LINE)[0]}")
        for label, value in values.items():
            self._tell(who, "fills in", f"{label}: {', '.join(value) if isinstance(value, list) else value}")
        self._tell(who, "submits", f"[{modal.submit}]")
        actor.submits()

    def goes_on(self, who: str, about: str) -> None:
        """Submits the form in front of them with what is chosen in it already; ``about`` is text of it."""
        actor = self._actor(who)
        actor.sees(about, PATIENCE)
        self._tell(who, "submits", "what is chosen already")
        actor.submits()

    def sees(self, who: str, text: str, in_: str | None = None) -> None:
        """Waits until they can read it, and tells the whole message."""
        found = self._actor(who).sees(text, PATIENCE, in_)
        self._tell(who, "sees", f"in {in_}" if in_ and in_ != "dm" else "")
        typer.echo(indent(found.strip(), " " * 6 + "| "))

    def closes(self, who: str) -> None:
        """Closes the window in front of them."""
        self._actor(who).closes()

    def holds(self, what: str, check: Callable[[], bool]) -> None:
        """Something that must be true, told in words."""
        if not check():
            raise AssertionError(what)
        typer.echo(f"   {what}")

    def _tell(self, who: str, does: str, what: str) -> None:
        typer.echo(f"   {who.capitalize():<{WHO}}{does:<{SAID}}{what}".rstrip())

    def _actor(self, handle: str) -> Actor:
        return self._clinic.slack.as_(handle)
