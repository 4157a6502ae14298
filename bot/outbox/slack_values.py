"""People and channels as Slack describes them, reduced to what decides something here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.rules.legible import legible
from bot.store.people import Profile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who our token is: the bot's user in a workspace. ``scopes`` are what it was granted, where Slack says so."""

    team_id: str
    team: str
    user_id: str
    bot_id: str | None
    url: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class User:
    """An account. ``time_zone`` is an IANA name; ``guest`` covers single- and multi-channel guests."""

    id: str
    team_id: str
    name: str
    email: str | None
    time_zone: str | None
    guest: bool
    bot: bool
    deactivated: bool
    outsider: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation. ``shared``: with another organization or workspace, in any of Slack's ways."""

    id: str
    name: str
    private: bool
    shared: bool
    archived: bool
    member: bool

    @property
    def objection(self) -> str | None:
        """Why pointers to people's files must not be posted here, or None: archived, public, shared, not_member."""
        reasons = {
            "archived": self.archived,
            "public": not self.private,
            "shared": self.shared,
            "not_member": not self.member,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)


def as_user(answer: Mapping[str, Any], home: str) -> User:
    """From a ``user`` object; ``home`` is our own team's id."""
    profile = answer.get("profile") or {}
    names = (profile.get("real_name"), answer.get("real_name"), profile.get("display_name"), answer.get("name"))
    return User(
        id=str(answer["id"]),
        team_id=str(answer.get("team_id", home)),
        name=next((str(name) for name in names if name), str(answer["id"])),
        email=profile.get("email") or None,
        time_zone=answer.get("tz") or None,
        guest=bool(answer.get("is_restricted") or answer.get("is_ultra_restricted")),
        bot=bool(answer.get("is_bot")) or answer["id"] == "USLACKBOT",
        deactivated=bool(answer.get("deleted")),
        outsider=bool(answer.get("is_stranger")) or answer.get("team_id", home) != home,
    )


def profile_of(user: User) -> Profile:
    """What of an account is kept; its name on one line, since people choose it themselves."""
    name = " ".join(legible(user.name).split()) or user.id
    return Profile(
        user.id, name, user.email, user.time_zone, guest=user.guest, bot=user.bot, deactivated=user.deactivated
    )


def as_channel(answer: Mapping[str, Any]) -> Channel:
    """From a ``channel`` object."""
    private = bool(answer.get("is_private") or answer.get("is_im") or answer.get("is_mpim"))
    return Channel(
        id=str(answer["id"]),
        name=str(answer.get("name", "")),
        private=private,
        shared=any(answer.get(flag) for flag in ("is_shared", "is_ext_shared", "is_org_shared")),
        archived=bool(answer.get("is_archived")),
        # Slack answers about a private channel to its members only, and not always with the flag.
        member=bool(answer.get("is_member", private) or answer.get("is_im")),
    )


class Remembered(Generic[T]):
    """Answers that are good for some seconds, so that asking again costs no call."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[str, tuple[float, T]] = {}
        self._lock = threading.Lock()

    def get(self, key: str, ask: Callable[[], T]) -> T:
        with self._lock:
            at, value = self._known.get(key, (0.0, None))
        if value is not None and time.monotonic() - at < self._seconds:
            return value
        fresh = ask()
        with self._lock:
            self._known[key] = (time.monotonic(), fresh)
        return fresh

    def forget(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)
