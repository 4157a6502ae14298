"""Who stands in for somebody who is away: their delegate, or the delegate of a delegate who is away as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping


def present(person_id: int, away: Mapping[int, int | None], usable: Callable[[int], bool]) -> int | None:
    """The person, or who is there in their place; None where nobody is.

    ``away``: everybody who is away on the day, with their delegate. ``usable``: whether somebody may do it.
    """
    if person_id not in away:
        return person_id
    there = next((one for one in _delegates(person_id, away) if one not in away), None)
    return there if there is not None and usable(there) else None


def _delegates(person_id: int, away: Mapping[int, int | None]) -> Iterator[int]:
    """The chain of delegates, each once: two who name each other leave nobody."""
    seen = {person_id}
    while (following := away.get(person_id)) is not None and following not in seen:
        seen.add(following)
        yield following
        person_id = following
