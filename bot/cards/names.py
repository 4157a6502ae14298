"""What people call the things that policies name by keys. A key that is no longer in force is shown as words."""

from __future__ import annotations

from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import Credential
from bot.rules.policy import Policies, in_words
from bot.rules.reminders.models import TaskView


def credential_name(policies: Policies, key: str) -> str:
    """As in "State license"."""
    return policies.credential_type(key).label


def identity_name(policies: Policies, one: Identity) -> str:
    """As in "State license: RN (NY)", "DEA registration (NY), Clinic B"; a type's usual kind goes without saying."""
    return policies.name_of(one)


def name_of(policies: Policies, credential: Credential) -> str:
    """As in "State license (NY)"."""
    return identity_name(policies, credential.identity)


def task_credential(policies: Policies, task: TaskView) -> str:
    """What a reminder is about, as in "State license (NY)"."""
    return identity_name(policies, task.credential or Identity(""))


def privilege_name(policies: Policies, key: str) -> str:
    """As in "Electroconvulsive therapy (ECT)"."""
    policy = policies.privileges.get(key)
    return policy.label if policy else in_words(key)


def provider_type_name(policies: Policies, key: str) -> str:
    """As in "Psychiatrist"."""
    policy = policies.provider_types.get(key)
    return policy.label if policy else in_words(key)


def body_name(key: str) -> str:
    """As in "credentials committee"."""
    return in_words(key)


def request_name(number: int) -> str:
    """As in "R-1042"."""
    return f"R-{number}"


def reason_words(reason: str | None, words: Words) -> str | None:
    """Why a provider ended, as in "contract ended"; None where it was not said."""
    return words.plain(f"reason_class_{reason}").lower() if reason else None
