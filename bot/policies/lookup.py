"""The entry that is called exactly so."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rules.parsing.names import Named, fold, names_of
from bot.rules.policy import Policies


def credential_named(policies: Policies, words: str) -> str | None:
    """The key of the credential type that is called exactly ``words``, else None."""
    return _named(policies.credentials, words)


def provider_type_named(policies: Policies, words: str) -> str | None:
    """The key of the provider type that is called exactly ``words``, else None."""
    return _named(policies.provider_types, words)


def _named(entries: Mapping[str, Named], words: str) -> str | None:
    wanted = fold(words)
    return next((key for key, entry in entries.items() if wanted in map(fold, names_of(key, entry))), None)
