"""What people call a thing: its key, its label, its aliases, in any case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.rules.policy import CredentialType, Policies, Privilege, ProviderType

Named = CredentialType | ProviderType | Privilege


def fold(words: str) -> str:
    """The same for all ways to write the same name: ``Board_Certification`` and ``board  certification``."""
    return " ".join(words.replace("_", " ").split()).casefold()


def names_of(key: str, entry: Named) -> Iterable[str]:
    """Every name of an entry, as written."""
    return (key, entry.label, *getattr(entry, "aliases", ()))


def credential_named(policies: Policies, words: str) -> str | None:
    """The key of the credential type that is called exactly ``words``, else None."""
    return _named(policies.credentials, words)


def provider_type_named(policies: Policies, words: str) -> str | None:
    """The key of the provider type that is called exactly ``words``, else None."""
    return _named(policies.provider_types, words)


def privilege_named(policies: Policies, words: str) -> str | None:
    """The key of the privilege that is called exactly ``words``, else None."""
    return _named(policies.privileges, words)


def _named(entries: Mapping[str, Named], words: str) -> str | None:
    wanted = fold(words)
    return next((key for key, entry in entries.items() if wanted in map(fold, names_of(key, entry))), None)
