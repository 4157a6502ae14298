"""The rows that a payload names: in a button's value, a form's metadata, in what was chosen. None of it is trusted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.handlers.dispatch.interaction import Interaction, Outdated, whole
from bot.rules.providers.models import Provider
from bot.rules.reminders.catalog import DeadlineKind
from bot.store import lookups
from bot.store.providers import profiles

NOTHING = (None, "", 0, "0")
"""What stands where no row is named."""
NamedIds = Callable[[Interaction], Sequence[int]]
"""The ids that came. Raises Outdated where something came that is none."""
Whose = Callable[[Session, Collection[int]], Mapping[int, int]]
"""The provider of each of these rows; what does not exist is left out."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind, called by it in the audit trail, and whose file each is in."""

    kind: str
    named: NamedIds
    whose: Whose

    def owners(self, session: Session, event: Interaction) -> dict[str, Provider | None]:
        """Whose each named row is, by subject; None where there is no such row of this kind."""
        ids = self.named(event)
        of = self.whose(session, ids) if ids else {}
        known = profiles.providers(session, set(of.values())) if of else {}
        return {f"{self.kind}:{row_id}": known.get(of.get(row_id, 0)) for row_id in ids}


def pressed(event: Interaction) -> Sequence[int]:
    """The first part of a button's value."""
    return _ids([event.value.partition(":")[0]])


def all_pressed(event: Interaction) -> Sequence[int]:
    """A button's value that names the first and the last of many: ``12-15``."""
    return _ids(event.value.split("-"))


def opened_for(name: str) -> NamedIds:
    """One or many that a form's metadata names."""
    return lambda event: _ids(_many(event.meta.get(name)))


def chosen(*names: str) -> NamedIds:
    """One or many that were chosen in a form's fields."""
    return lambda event: _ids([one for name in names for one in _many(event.values.get(name))])


def providers(*named: NamedIds) -> Rows:
    return Rows(
        "provider", _together(named), lambda session, ids: {row: row for row in profiles.providers(session, ids)}
    )


def credentials(*named: NamedIds) -> Rows:
    return Rows("credential", _together(named), lookups.providers_of_credentials)


def terms(*named: NamedIds) -> Rows:
    return Rows("term", _together(named), lookups.providers_of_terms)


def verifications(*named: NamedIds) -> Rows:
    return Rows("verification", _together(named), lookups.providers_of_verifications)


def requests(*named: NamedIds) -> Rows:
    return Rows("request", _together(named), lookups.providers_of_requests)


def deadlines(*kinds: DeadlineKind, tasks: Collection[str] = ()) -> Rows:
    """The deadline that a button names, of these kinds; a task of one of ``tasks``, where any are named."""

    def whose(session: Session, ids: Collection[int]) -> Mapping[int, int]:
        found = waiting(session, ids, kinds, tasks)
        return {row: wait.provider_id for row, wait in found.items()}

    return Rows("deadline", pressed, whose)


def waiting(
    session: Session, ids: Collection[int], kinds: Collection[DeadlineKind], tasks: Collection[str] = ()
) -> dict[int, lookups.DeadlineFacts]:
    """Those of these deadlines that are of one of the kinds."""
    found = lookups.waits(session, ids)
    return {row: wait for row, wait in found.items() if wait.kind in kinds and (not tasks or wait.task_kind in tasks)}


def _together(named: Sequence[NamedIds]) -> NamedIds:
    return lambda event: [row_id for one in named for row_id in one(event)]


def _many(said: Any) -> Sequence[Any]:
    return said if isinstance(said, list) else [said]


def _ids(said: Sequence[Any]) -> Sequence[int]:
    ids = [whole(one) for one in said if one not in NOTHING]
    if any(row_id > lookups.LARGEST for row_id in ids):
        raise Outdated
    return ids
