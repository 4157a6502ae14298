"""Which source is meant by what was written, as people and rosters write it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rules.credentials.identity import Identity
from bot.rules.parsing.names import fold
from bot.rules.policy import Policies, Source


def source_named(policies: Policies, one: Identity, said: str) -> Source | None:
    """The source of such a credential that is called so; None: no policy knows it, and it verifies nothing.

    Where the credential has a state, its letters or name may stand before: "NY board", "New York State board".
    """
    sources = policies.credential_type(one.type).sources
    names = {fold(name): source for key, source in sources.items() for name in names_of_source(key, source)}
    return next((names[way] for way in _ways(policies, one.jurisdiction, fold(said)) if way in names), None)


def names_of_source(key: str, source: Source) -> tuple[str, ...]:
    """Every name of a source, as written."""
    return (key, source.label, *source.aliases)


def _ways(policies: Policies, state: str | None, said: str) -> Iterator[str]:
    """What was said, and the same without "the" and without the state before it."""
    said = said.removeprefix("the ")
    yield said
    yield f"the {said}"
    place = policies.jurisdictions.get(state or "")
    for before in (state, place.name if place else None):
        if before and said.startswith(f"{fold(before)} "):
            yield said.removeprefix(f"{fold(before)} ")
