"""What a provider is on a day: the status that began last. Without any they are active."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.rules.values import ProviderFile, ProviderStatus, Status

ACTIVE = ProviderStatus(Status.ACTIVE)
WORKING = frozenset({Status.APPLICANT, Status.ACTIVE, Status.REHIRED})
"""Statuses in which people are reminded of their own credentials."""


def status_on(statuses: Iterable[ProviderStatus], on: date) -> ProviderStatus:
    """The one in force on a day. ``statuses`` stand in the order of their days."""
    begun = [one for one in statuses if one.since is None or one.since <= on]
    return begun[-1] if begun else ACTIVE


def status_of(file: ProviderFile) -> ProviderStatus:
    """What the provider is on the file's day."""
    return status_on(file.statuses, file.on)
