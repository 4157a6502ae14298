"""The people of the workspace, as `users.info` describes them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass
class Person:
    """A Slack account; `tz` is an IANA zone, people from outside have another `team_id`.

    So may members of an Enterprise Grid organization: `team_id` is their own workspace, `teams` are all they are in.
    """

    id: str
    handle: str
    name: str
    email: str
    tz: str
    team_id: str
    admin: bool = False
    guest: bool = False
    bot: bool = False
    deactivated: bool = False
    stranger: bool = False
    enterprise_id: str | None = None
    teams: tuple[str, ...] = ()


class People:
    """Everyone who has, or had, an account here."""

    def __init__(self) -> None:
        self._by_id: dict[str, Person] = {}

    def add(self, person: Person) -> None:
        """Add an account; a handle is taken once."""
        if self.with_handle(person.handle) is not None:
            raise ValueError(f"There is already somebody called @{person.handle}.")
        self._by_id[person.id] = person

    def get(self, user_id: str) -> Person | None:
        """The account with this id."""
        return self._by_id.get(user_id)

    def with_handle(self, handle: str) -> Person | None:
        """The account that people mention as @handle."""
        return next((p for p in self._by_id.values() if p.handle == handle), None)

    def with_email(self, email: str) -> Person | None:
        """The active account with this e-mail, in any case; Slack finds no deactivated ones."""
        wanted = email.casefold()
        return next(
            (p for p in self._by_id.values() if p.email.casefold() == wanted and not p.deactivated),
            None,
        )

    def all(self) -> list[Person]:
        """Everybody, in the order they joined."""
        return list(self._by_id.values())


def as_user(person: Person, *, with_email: bool) -> dict[str, Any]:
    """A `user` object; the e-mail is there only for apps with `users:read.email`."""
    profile = {"real_name": person.name, "display_name": person.handle}
    if with_email and not person.bot:
        profile["email"] = person.email
    user: dict[str, Any] = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.handle,
        "deleted": person.deactivated,
        "is_bot": person.bot,
        "profile": profile,
    }
    if person.enterprise_id is not None:
        user["enterprise_user"] = {
            "id": person.id,
            "enterprise_id": person.enterprise_id,
            "enterprise_name": person.enterprise_id,
            "is_admin": False,
            "is_owner": False,
            "teams": list(person.teams),
        }
    if person.deactivated:
        return user
    offset = datetime.now(UTC).astimezone(ZoneInfo(person.tz)).utcoffset()
    return user | {
        "real_name": person.name,
        "tz": person.tz,
        "tz_label": person.tz.rsplit("/", 1)[-1].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_stranger": person.stranger,
        "is_app_user": False,
        "updated": 0,
    }
