"""What the page is told by whoever opens it: the app's commands, and what the app will do as time goes on."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Command:
    """A command to complete. `usage` is all of it, such as "/cred status [@user]"; `about` a few words."""

    usage: str
    about: str


@dataclass(frozen=True, slots=True)
class UpcomingJob:
    """Something that will happen if nobody acts.

    `at` is an aware instant; with `all_day` only its day counts. `who` will be told, `about` stands behind it.
    `held` waits for somebody to release it.
    """

    at: datetime
    who: str
    title: str
    about: str
    all_day: bool = False
    held: bool = False
