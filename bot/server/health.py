"""What an operator reads of the bot's own health: what ``credbot status`` prints and ``/healthz`` answers.

``/healthz`` needs no token: it tells instants and these words, never a name, a count or an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlmodel import Session

from bot.rules.workspace.health import Health, Trouble
from bot.rules.workspace.quarantine import FileJob, SetAside
from bot.rules.workspace.undeliverable import UndeliverableMessage
from bot.store.outbox.undeliverable import stuck_messages
from bot.store.workspace.health import read_health
from bot.store.workspace.quarantine import read_quarantine

MEND: Mapping[Trouble, str] = {
    Trouble.NO_SWEEP: "Reminders have stopped: nothing is checking for what is due. Start credbot worker (or credbot "
    "run); if one is running, its log says why under job_failed or database_unavailable.",
    Trouble.UNDELIVERED: "A message is not going out. Run credbot doctor to see whether Slack takes the tokens; if it "
    "does, start credbot worker (or credbot run), or read its log for message_not_sent.",
    Trouble.OTHERS: "When credbot run last connected, Slack counted another Socket Mode connection of this app; it "
    "gets part of what people type. End the other process (a laptop, an old deployment), or revoke the "
    "app-level token and set a new one; then restart credbot run. After a crash it may have been the lost connection: "
    "restart credbot run once.",
    Trouble.SET_ASIDE: "A job failed with the files named above, and goes on without them. Its log says "
    "why under the reference; a file is tried again when it or the policies change, or Credbot is restarted.",
    Trouble.STUCK: "Fix what is behind each message above (credbot doctor helps), then run one of its commands.",
}
NO_DATABASE = "The database does not answer. Check DATABASE_URL and that its server runs."
NO_SLACK: Mapping[str, str] = {
    "no_answer": "Slack does not answer. Check the network and SLACK_API_URL; what waits goes out when it is back.",
    "locked_out": "Slack does not take the bot token. Run credbot doctor: it says what to do.",
}
SETTLES: Mapping[str, tuple[str, ...]] = {"asked": ("arrived", "retry", "drop"), "failed": ("retry", "drop")}
"""The commands that settle a message in each state."""
_LEFT_OUT = {FileJob.RECONCILE: "not brought up to date", FileJob.REMIND: "no new reminders"}
UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The bot's health, with every message that waits for a person and the files that jobs leave out.

    ``zone`` is the organization's.
    """

    health: Health
    stuck: tuple[UndeliverableMessage, ...]
    set_aside: tuple[SetAside, ...]
    zone: tzinfo

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        health = self.health
        yield f"Queue       {_messages(health.waiting)}"
        if health.oldest_since:
            yield f"Oldest      waits since {self._moment(health.oldest_since)}"
        yield f"Last sweep  {self._moment(health.swept_at) if health.swept_at else 'never'}{self._as_of()}"
        yield f"For you     {_messages(health.stuck)}"
        for message in self.stuck:
            yield from _asking(message)
        if health.stuck > len(self.stuck):
            yield f"  and {health.stuck - len(self.stuck)} more, which follow here as these are settled"
        if self.set_aside:
            yield f"Set aside   {_files(health.set_aside)}"
            yield from (f"  {left_out(one, self.zone)}" for one in self.set_aside)
        if health.set_aside > len(self.set_aside):
            yield f"  and {health.set_aside - len(self.set_aside)} more"
        if health.troubles:
            yield "To fix"
            yield from (f"  {MEND[trouble]}" for trouble in health.troubles)
        else:
            yield "All is well."

    def _moment(self, instant: datetime) -> str:
        local = instant.astimezone(self.zone)
        return f"{local:%Y-%m-%d %H:%M %Z}, {_ago(self.health.at - instant)}"

    def _as_of(self) -> str:
        """Business time, where it is another: after ``nudges run --at``, or with a clock that is off."""
        swept_at, as_of = self.health.swept_at, self.health.swept_as_of
        if not swept_at or not as_of or abs(as_of - swept_at) < timedelta(minutes=2):
            return ""
        return f"; it went by {as_of.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"


def read_status(session: Session, zone: tzinfo) -> HealthReport:
    """Everything that ``credbot status`` prints."""
    return HealthReport(read_health(session), tuple(stuck_messages(session)), read_quarantine(session)[0], zone)


def left_out(one: SetAside, zone: tzinfo) -> str:
    """Who, from which job, since when, and the reference of the log."""
    since = f"{one.since.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    return f"{one.name}: {_LEFT_OUT[one.job]} since {since}, log {one.reference}"


def as_answered(pulse: Health | None, slack: str | None) -> dict[str, object]:
    """The answer of ``/healthz``. ``pulse`` is None without a database; ``slack`` is the trouble of its newest call."""
    mend = [NO_DATABASE] if pulse is None else [MEND[trouble] for trouble in pulse.troubles]
    return {
        "well": not mend and slack is None,
        "database": "no_answer" if pulse is None else "ok",
        "last_sweep": _iso(pulse.swept_at if pulse else None),
        "oldest_undelivered": _iso(pulse.oldest_since if pulse else None),
        "slack": slack or "ok",
        "mend": mend + ([NO_SLACK[slack]] if slack else []),
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def _asking(message: UndeliverableMessage) -> Iterator[str]:
    what = "nobody knows whether it arrived" if message.state == "asked" else "failed"
    yield f"  {message.id}  {message.kind} to {message.where}: {what} ({message.error or 'no reason known'})"
    yield from (f"      credbot messages {command} {message.id}" for command in SETTLES[message.state])


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def _ago(age: timedelta) -> str:
    for name, unit in UNITS:
        if age >= unit:
            count = age // unit
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"
