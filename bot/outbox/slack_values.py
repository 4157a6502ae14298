"""People and channels as Slack describes them, reduced to what decides something here."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.rules.parsing.legible import legible
from bot.store.people.accounts import Profile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who our token is: the bot's user in a workspace. ``scopes`` are what it was granted, where Slack says so.

    ``enterprise_id`` is the Enterprise Grid organization that the workspace is part of; None where there is none.
    """

    team_id: str
    team: str
    user_id: str
    bot_id: str | None
    url: str
    scopes: frozenset[str]
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An account. ``time_zone`` is an IANA name; ``guest`` covers single- and multi-channel guests.

    ``outsider``: neither the workspace nor the organization that it is part of is theirs.
    """

    id: str
    name: str
    email: str | None
    time_zone: str | None
    guest: bool
    bot: bool
    deactivated: bool
    outsider: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation. ``shared``: with people outside; ``org_shared``: with other workspaces of our organization."""

    id: str
    name: str
    private: bool
    shared: bool
    org_shared: bool
    archived: bool
    member: bool

    @property
    def objection(self) -> str | None:
        """Why pointers to people's files must not be posted here, or None.

        One of ``archived``, ``public``, ``shared``, ``not_member``, and ``org_shared`` where it is the only one.
        """
        reasons = {
            "archived": self.archived,
            "public": not self.private,
            "shared": self.shared,
            "not_member": not self.member,
            "org_shared": self.org_shared,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)


def as_user(answer: Mapping[str, Any], home: Identity) -> User:
    """From a ``user`` object, as ``users.info`` answers it or ``user_change`` carries it, seen from ``home``."""
    profile = answer.get("profile") or {}
    names = (profile.get("real_name"), answer.get("real_name"), profile.get("display_name"), answer.get("name"))
    return User(
        id=str(answer["id"]),
        name=next((str(name) for name in names if name), str(answer["id"])),
        email=profile.get("email") or None,
        time_zone=answer.get("tz") or None,
        guest=bool(answer.get("is_restricted") or answer.get("is_ultra_restricted")),
        bot=bool(answer.get("is_bot")) or answer["id"] == "USLACKBOT",
        deactivated=bool(answer.get("deleted")),
        outsider=not _belongs(answer, home),
    )


def _belongs(answer: Mapping[str, Any], home: Identity) -> bool:
    """On Enterprise Grid ``team_id`` names the member's own workspace, which need not be the one they act in."""
    if answer.get("is_stranger"):
        return False
    grid = answer.get("enterprise_user") or {}
    ours = home.enterprise_id is not None and grid.get("enterprise_id") == home.enterprise_id
    return ours or answer.get("team_id", home.team_id) == home.team_id or home.team_id in (grid.get("teams") or ())


def profile_of(user: User) -> Profile:
    """What of an account is kept; its name on one line, since people choose it themselves."""
    name = " ".join(legible(user.name).split()) or user.id
    return Profile(
        user.id, name, user.email, user.time_zone, guest=user.guest, bot=user.bot, deactivated=user.deactivated
    )


def as_channel(answer: Mapping[str, Any]) -> Channel:
    """From a ``channel`` object."""
    private = bool(answer.get("is_private") or answer.get("is_im") or answer.get("is_mpim"))
    inside = bool(answer.get("is_org_shared"))
    return Channel(
        id=str(answer["id"]),
        name=str(answer.get("name", "")),
        private=private,
        # ``is_shared`` is said of both kinds.
        shared=bool(answer.get("is_ext_shared") or (answer.get("is_shared") and not inside)),
        org_shared=inside,
        archived=bool(answer.get("is_archived")),
        # Slack answers about a private channel to its members only, and not always with the flag.
        member=bool(answer.get("is_member", private) or answer.get("is_im")),
    )


class ExpiringCache(Generic[T]):
    """Answers that are good for some seconds, so that asking again costs no call; the newest ``most`` of them."""

    def __init__(self, seconds: float, most: int = 10_000) -> None:
        self._seconds, self._most = seconds, most
        self._known: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, ask: Callable[[], T]) -> T:
        with self._lock:
            known = self._known.get(key)
        if known is not None and time.monotonic() - known[0] < self._seconds:
            return known[1]
        fresh = ask()
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = (time.monotonic(), fresh)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return fresh

    def forget(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)
